"""What says the same is found, and what does not is kept."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.export.dedupe import Duplicate, dedupe, dedupe_mutants, normal_form
from neurosym.augment.export.minhash import MinHash, shingles
from neurosym.translate import arithmetic, english
from provers.base import Outcome
from provers.errors import InputError
from provers.logic.syntax import And, Apply, Exists, Forall, Formula, Number, Pred, Var
from tests.neurosym.augment.made import example, mutant


def told(id: str, *texts: str, seed: str = "", label: Outcome = Outcome.PROVED) -> Example:
    """An example of what the rules read the texts as; the last is the claim."""
    read = arithmetic if "=" in texts[-1] else english
    *premises, claim = (Statement(text, read.translate(text).formulas[0]) for text in texts)
    return example(id=id, seed=seed or id, premises=tuple(premises), claim=claim, label=label)


def claim(formula: Formula) -> Example:
    return example(premises=(), claim=Statement("x", formula))


RULES = told("a", "Every dog is an animal.", "Rex is a dog.", "Rex is an animal.")


@pytest.mark.parametrize(
    "texts",
    [
        ("Every cat is a pet.", "Tom is a cat.", "Tom is a pet."),  # other names
        ("Rex is a dog.", "Every dog is an animal.", "Rex is an animal."),  # another order
        ("Tom is a cat.", "Every cat is a pet.", "Tom is a pet."),  # both
    ],
)
def test_the_same_under_other_names(texts: tuple[str, ...]) -> None:
    other = told("b", *texts)
    assert normal_form(other) == normal_form(RULES)
    found = dedupe([RULES, other], None)
    assert found.kept == (RULES,)
    assert found.dropped == (Duplicate("b", "a", "normal form"),)


@pytest.mark.parametrize(
    "texts",
    [
        ("Every dog is an animal.", "Rex is a dog.", "Rex is a dog."),
        ("Every dog is an animal.", "Rex is an animal.", "Rex is a dog."),
        ("No dog is an animal.", "Rex is a dog.", "Rex is an animal."),
        ("Every dog is an animal.", "Tom is a dog.", "Rex is an animal."),
        ("Every dog is an animal.", "Rex is a dog.", "Rex is a dog.", "Rex is an animal."),
    ],
)
def test_what_says_something_else(texts: tuple[str, ...]) -> None:
    assert normal_form(told("b", *texts)) != normal_form(RULES)
    assert len(dedupe([RULES, told("b", *texts)], None).kept) == 2


def test_another_label_is_another_example() -> None:
    assert len(dedupe([RULES, replace(RULES, id="b", label=Outcome.REFUTED)]).kept) == 2


def test_numbers_are_no_names() -> None:
    sums = [told(f"s{n}", f"2 + 3 = {n}") for n in (5, 6)]
    assert len(dedupe([*sums, told("again", "2 + 3 = 5")], None).kept) == 2


def test_the_story_counts() -> None:
    one = told("a", "2 * 3 = 6")
    pens, hens = (replace(one, id=word, context=f"Two {word} at $3.") for word in ("pens", "hens"))
    assert len(dedupe([pens, hens], None).kept) == 2
    assert len(dedupe([pens, replace(pens, id="b", context="Two  pens at $3.")], None).kept) == 1


def test_names_may_count() -> None:
    other = told("b", "Every cat is a pet.", "Tom is a cat.", "Tom is a pet.")
    assert len(dedupe([RULES, other], None, renaming=False).kept) == 2
    assert len(dedupe([RULES, replace(RULES, id="b")], None, renaming=False).kept) == 1


def test_alpha_renaming_and_the_order_of_a_conjunction() -> None:
    x, y = Var("x"), Var("y")

    def some(one: Var, other: Var, swapped: bool) -> Formula:
        parts = (Pred("P", (one,)), Pred("Q", (one, other)))
        return Forall((one,), Exists((other,), And(parts[::-1] if swapped else parts)))

    forms = {normal_form(claim(some(a, b, c))) for a, b in ((x, y), (y, x)) for c in (True, False)}
    assert len(forms) == 1
    swapped = Forall((x,), Exists((y,), And((Pred("P", (x,)), Pred("Q", (y, x))))))
    assert normal_form(claim(swapped)) not in forms


def test_the_order_of_parts_is_not_that_of_their_names() -> None:
    def both(one: str, other: str) -> Formula:
        return And((Pred(one, (Apply("a"),)), Pred(other, (Apply("a"), Apply("b")))))

    assert normal_form(claim(both("apple", "zebra"))) == normal_form(claim(both("zebra", "apple")))


def test_names_cannot_be_forged() -> None:
    forms = [
        normal_form(claim(formula), renaming=renaming)
        for renaming in (True, False)
        for formula in (
            Pred("P", (Apply("a"), Apply("b"))),
            Pred("P", (Apply("a"), Apply("a"))),
            Pred("P", (Apply("a', ) (f'b'"),)),
            Pred("P", (Number(Fraction(1)), Apply("b"))),
        )
    ]
    assert len(set(forms)) == 8


# --- texts ---------------------------------------------------------------------------------

LONG = (
    "Zoë went to the market on Monday and bought twelve apples, five pears and a melon for her "
    "grandmother, who lives in a small white house at the end of the village by the river."
)


def test_texts_of_other_seeds_that_are_nearly_the_same() -> None:
    one = told("a", "Rex is a dog.", "Rex is big.")
    near = replace(told("b", "Rex is a dog.", "Tom is big."), context=LONG.replace("small ", ""))
    kin = replace(near, id="c", lineage=Lineage("a"), claim=Statement("x", Pred("P", ())))
    one = replace(one, context=LONG)
    assert dedupe([one, near], 0.7).dropped == (Duplicate("b", "a", "text"),)
    assert dedupe([one, near], 0.95).dropped == ()
    assert dedupe([one, kin], 0.7).dropped == ()  # its own kin
    other = replace(near, label=Outcome.INDEPENDENT)
    assert dedupe([one, other], 0.7).dropped == ()


def test_the_first_is_kept_and_nothing_is_lost() -> None:
    given = [told(f"e{n}", f"Rex is a dog{'.' if n % 2 else ' .'}") for n in range(10)]
    found = dedupe(given, 0.9)
    assert [one.id for one in found.kept] == ["e0"]
    assert {one.of for one in found.dropped} == {"e0"}
    assert len(found.kept) + len(found.dropped) == 10
    assert dedupe([]).kept == ()


def jaccard(one: str, other: str) -> float:
    a, b = shingles(one), shingles(other)
    return len(a & b) / len(a | b)


def test_signatures_estimate_similarity() -> None:
    words = LONG.split()
    families = [MinHash(seed=seed) for seed in range(10)]
    for cut in (2, 6, 12, 20):
        other = " ".join(words[cut:])
        agree = [(near.signature(LONG) == near.signature(other)).mean() for near in families]
        # Four standard deviations of 1280 throws.
        assert abs(sum(agree) / 10 - jaccard(LONG, other)) < 4 * 0.5 / 1280**0.5


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 0.95])
def test_what_is_alike_is_found_and_nothing_else(threshold: float) -> None:
    random_ = random.Random(7)
    near = MinHash(threshold)
    texts = {}
    for n in range(60):
        words = [f"w{random_.randrange(10_000)}" for _ in range(80)]
        texts[f"t{n}"] = " ".join(words)
        near.keep(f"t{n}", texts[f"t{n}"])
    missed = wrong = alike = 0
    for name, text in texts.items():
        for cut in range(0, 70, 3):
            other = text.split()[: 80 - cut]
            similar = jaccard(text, " ".join(other)) >= threshold
            found = list(near.find(" ".join(other)))
            alike += similar
            missed += similar and name not in found
            wrong += name in found and not similar
            assert set(found) <= {name}
    assert alike and wrong == 0
    assert missed <= 0.01 * alike


def test_texts_of_all_kinds() -> None:
    near = MinHash(0.8)
    huge = "die Größe ist 5. " * 100_000
    texts = ["", "x", "∀x ∃y", "\ud800", "日本語のテキスト", huge]
    for n, text in enumerate(texts):
        near.keep(str(n), text)
    assert [next(near.find(text)) for text in texts] == ["0", "1", "2", "3", "4", "5"]
    assert list(near.find("y")) == []


@pytest.mark.parametrize("threshold", [0.0, 0.2, 1.1, float("nan")])
def test_thresholds_that_are_none(threshold: float) -> None:
    with pytest.raises(InputError, match="not between"):
        dedupe([RULES], threshold)
    with pytest.raises(InputError, match="not between"):
        dedupe_mutants([], threshold)


def test_numpy_is_not_imported_before_it_is_needed() -> None:
    told = "import sys\nimport neurosym.augment.export.minhash\nassert 'numpy' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# --- Lean ----------------------------------------------------------------------------------


def test_mutants_under_other_names() -> None:
    given = [
        mutant("m1", "∀ {n m : Nat}, n ≤ m → n ≤ m + 1"),
        mutant("m2", "∀ {a b : Nat}, a ≤ b → a ≤ b + 1"),
        mutant("m3", "∀ {n m : Nat}, n ≤ m → m ≤ n + 1"),
        mutant("m4", "∀ {n m : Nat}, n ≤ m → n ≤ m + 1", prelude="def x := 1\n"),
    ]
    found = dedupe_mutants(given)
    assert [one.name for one in found.kept] == ["m1", "m3", "m4"]
    assert found.dropped == (Duplicate("m2", "m1", "normal form"),)
    near = [mutant(f"m{n}", f"∀ (n : Nat), {'n + ' * 20}{n} = n", seed=f"s{n}") for n in (1, 2)]
    assert len(dedupe_mutants(near).kept) == 2
    assert dedupe_mutants(near, 0.5).dropped == (Duplicate("m2", "m1", "text"),)
