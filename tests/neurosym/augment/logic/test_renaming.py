"""The same sentence and formula, with other words."""

from __future__ import annotations

from neurosym.augment.logic.renaming import renamed
from neurosym.translate.english import translate
from provers.logic.formats import write

RULE = "Every wumpus is red.\nblue dumpus red wumpus"
FORMULA = "∀x (wumpus(x) → red(x))"


def test_other_words_in_the_sentence_the_list_and_the_formula() -> None:
    found = renamed(RULE, FORMULA, 5)
    assert len(found) == 5
    for text, formula in found:
        sentence, words = text.split("\n")
        kind, quality = formula.removeprefix("∀x (").removesuffix("(x))").split("(x) → ")
        assert sentence == f"Every {kind} is {quality}."
        assert words == f"blue dumpus {quality} {kind}"
        assert {kind, quality}.isdisjoint({"blue", "dumpus", "red", "wumpus"})


def test_what_is_made_means_what_its_sentence_says() -> None:
    made = renamed("Anne is not young.", "¬young(anne)", 20)
    assert len(made) > 10
    for text, formula in made:
        (read,) = translate(text).formulas
        assert write(read, "unicode") == formula


def test_plurals() -> None:
    ((text, formula),) = renamed("Wumpuses are loud.", "∀x (wumpus(x) → loud(x))", 1)
    kind, quality = formula.removeprefix("∀x (").removesuffix("(x))").split("(x) → ")
    assert text == f"{kind.capitalize()}es are {quality}."


def test_a_and_an_stay_right() -> None:
    for text, formula in renamed("Bob is an impus, not a dumpus.", "impus(bob)", 9):
        assert formula.startswith("impus(")  # no other of these kinds begins with a vowel
        assert text.endswith(" is an impus, not a dumpus.")


def test_what_is_said_in_other_words_stays() -> None:
    assert renamed("It is of great size.\nbig red", "big(it)", 5) == []
    assert renamed("2 + 2 = 4", "2 + 2 = 4", 5) == []


def test_the_same_pair_gives_the_same() -> None:
    assert renamed(RULE, FORMULA, 3) == renamed(RULE, FORMULA, 3)


def test_capitals_stay_where_they_were() -> None:
    ((text, formula),) = renamed("Green is what Bob is.", "green(bob)", 1)
    quality, name = formula.removesuffix(")").split("(")
    assert text == f"{quality.capitalize()} is what {name.capitalize()} is."
