"""Names are a text's own words in their base form."""

from __future__ import annotations

import pytest

from neurosym.translate.naming import MAX_WORDS, lemma, names_in


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("chases", "chase"), ("chased", "chase"), ("chasing", "chase"), ("wumpuses", "wumpus"),
        ("cold", "cold"), ("white-coloured", "white_coloured"), ("carries", "carry"),
        ("cat's", "cat"),
    ],
)  # fmt: skip
def test_lemma(word: str, base: str) -> None:
    assert lemma(word) == base


@pytest.mark.parametrize(
    ("text", "constants"),
    [
        ("Charlie happens to be cold.", ("charlie",)),
        ("One of the tumpuses is Sally.", ("sally",)),
        ("Impuses are, one and all, numpuses.", ()),
        ("Smart is what all cold things are.", ()),
        ("Young is what Anne is.", ("anne",)),
        ("The bald eagle gets chased by the cat.", ("the_bald_eagle", "the_cat")),
        ("Harry Potter trusts the old.", ("harry_potter",)),
    ],
)
def test_constants_are_single_things(text: str, constants: tuple[str, ...]) -> None:
    assert names_in(text).constants[: len(constants)] == constants


def test_a_person_is_no_property() -> None:
    assert "charlie" not in names_in("Charlie happens to be cold.").predicates
    assert "sally" not in names_in("One of the tumpuses is Sally.").predicates


def test_words_in_a_row_make_one_name() -> None:
    names = names_in("Computer scientists fond of cats drop in on the cow.")
    assert {"fond_of", "computer_scientist", "drop_in_on"} <= set(names.predicates)


def test_no_name_is_a_variable_and_no_text_is_too_much() -> None:
    assert names_in("x is y.").predicates == ()
    names = names_in("cold " * 10_000 + "warm")
    assert names.predicates[0] == "cold" and "warm" not in names.predicates
    assert len(names.predicates) <= 3 * MAX_WORDS


def test_words_of_plain_english() -> None:
    words = names_in("The cow drops in on Harry Potter and is fond of the cat.").words
    assert "the cow" in words.things and "Harry Potter" in words.things
    assert "fond of" in words.qualities
    assert "drop in on" in words.actions and "drop" not in words.actions


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("The mouse makes a meal of the cow.", "make_a_meal_of"),
        ("Nothing can set eyes on the rabbit.", "set_eyes_on"),
        ("What the bear runs after is the dog.", "run_after"),
        ("The rabbit gets run after by the bear.", "run_after"),
        ("Dropping in on Tom is what the cow does.", "drop_in_on"),
    ],
)
def test_a_verb_of_several_words_is_one_name(text: str, verb: str) -> None:
    names = names_in(text)
    assert verb in names.relations
    assert not {"meal", "meal_of", "eye", "eyes_on", "run", "drop", "drop_in"} & {*names.predicates}


def test_what_a_thing_does_is_no_part_of_its_name() -> None:
    names = names_in("That the cow requires the rabbit is enough for the bear to chase Tom.")
    assert "cow_require" not in names.predicates and {"require", "chase"} <= names.relations


def test_a_verb_with_and_without_object_is_no_relation() -> None:
    assert "eat" not in names_in("The cow eats if the dog eats the rabbit.").relations
    assert "work" in names_in("Tom works in the city.").predicates
