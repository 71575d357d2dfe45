"""A formula one change away from what its text says, and no guess where two would do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.translate.mending import mend
from neurosym.translate.model import Prove
from neurosym.verify.fidelity import compare
from provers.base import Limits
from provers.logic.formats import parse, write
from provers.z3 import Z3Prover


@pytest.fixture(scope="module")
def prove() -> Iterator[Prove]:
    prover = Z3Prover()
    yield lambda problem: prover.prove(problem, Limits(5))
    prover.close()


@pytest.mark.parametrize(
    ("text", "wrong", "right", "change"),
    [
        ("Max is not cold.", "cold(max)", "¬cold(max)", "denied cold"),
        ("Max happens to be cold.", "¬cold(max)", "cold(max)", "took the denial off cold"),
        (
            "No dog can be cold.",
            "∀x (dog(x) → cold(x))",
            "∀x (dog(x) → ¬cold(x))",
            "denied cold",
        ),
        (
            "There is no dog that is not cold.",
            "∀x (dog(x) → ¬cold(x))",
            "∀x (dog(x) → cold(x))",
            "took the denial off cold",
        ),
        (
            "Every dog is cold.",
            "∀x (cold(x) → dog(x))",
            "∀x (dog(x) → cold(x))",
            "turned the rule round",
        ),
        (
            "Chasing the dog is something that the cat does.",
            "∀x (chase(x, the_dog) → chase(the_cat, the_dog))",
            "chase(the_cat, the_dog)",
            "kept the consequence alone",
        ),
        (
            "No dog can be cold.",
            "¬∀x (dog(x) → cold(x))",
            "∀x (dog(x) → ¬cold(x))",
            "took the denial off the whole rule and denied cold",
        ),
    ],
)
def test_one_change(prove: Prove, text: str, wrong: str, right: str, change: str) -> None:
    def check(formula: object) -> str:
        return "; ".join(m.message for m in compare(text, formula))  # type: ignore[arg-type]

    mended = mend(parse(wrong, "unicode"), check, prove)
    assert mended is not None
    assert (write(mended.formula, "unicode"), mended.change) == (right, change)


def test_two_that_pass_are_no_answer(prove: Prove) -> None:
    wrong = parse("∀x (dog(x) → cold(x))", "unicode")
    taken = [wrong]

    def check(formula: object) -> str:
        return "wrong" if formula in taken else ""

    assert mend(wrong, check, prove) is None


def test_none_that_passes_is_no_answer(prove: Prove) -> None:
    assert mend(parse("cold(max)", "unicode"), lambda formula: "wrong", prove) is None
    assert mend(parse("∃x cold(x)", "unicode"), lambda formula: "", prove) is None
