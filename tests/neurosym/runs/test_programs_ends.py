"""Conditions that count from the wrong end, told from their sentences."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from neurosym.runs.programs import assignments
from neurosym.runs.programs.constraints import Cell, Constant, Operation
from neurosym.runs.programs.ends import ends
from neurosym.runs.programs.sections import Line
from provers.z3 import Z3Prover

RACE = """Domain:
1: first
3: last
Variables:
Ira [IN] [1, 2, 3]
Lou [IN] [1, 2, 3]
Max [IN] [1, 2, 3]
Constraints:
Ira > Lou ::: Ira finished above Lou.
Max == 2 ::: Max finished second.
AllDifferentConstraint([Ira, Lou, Max]) ::: Nobody finished together.
Query:
A) Ira == 1 ::: Ira finished first.
B) Lou == 1 ::: Lou finished first.
C) Max == 1 ::: Max finished first.
"""


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    made = Z3Prover()
    yield made
    made.close()


def test_a_comparison_from_the_wrong_end_is_turned_and_it_is_said(prover: Z3Prover) -> None:
    reply = assignments.solve(RACE, prover.prove)
    assert reply.answer == "A" and [one.kind for one in reply.mended] == ["end"]
    written = assignments.solve(RACE, prover.prove, meaning=False)
    assert written.answer == "B" and not written.mended


@pytest.mark.parametrize(
    ("labels", "value", "sentence", "meant"),
    [
        ("oldest newest", 2, "The bus is the second-newest.", 4),
        ("newest oldest", 2, "The bus is the second-newest.", 2),
        ("oldest newest", 1, "The bus is the newest.", 5),
        ("leftmost rightmost", 2, "The bus is the second from the right.", 4),
        ("leftmost rightmost", 3, "The bus is the third from the left.", 3),
        ("first last", 2, "The bus finished second-to-last.", 4),
        ("first last", 4, "The bus finished second.", 2),
        ("cheapest most_expensive", 3, "The pears are the fourth-most expensive.", 2),
        # Nothing is mended where the sentence does not name one place on this row.
        ("first last", 2, "The bus is red.", 2),
        ("first last", 2, "The bus is the second-newest.", 2),
        ("first last", 2, "The bus finished ninth.", 2),
        ("oldest newest", 2, "The bus is the second-oldest or the second-newest.", 2),
        ("oldest newest", 2, "The bus is older than the newest van.", 2),
    ],
)
def test_places(labels: str, value: int, sentence: str, meant: int) -> None:
    least, greatest = labels.replace("_", " ").split(" ", 1)
    row = ends((Line(f"1: {least}", ""), Line(f"5: {greatest}", "")))
    assert row is not None

    def place(number: int) -> Operation:
        return Operation("==", (Cell("bus"), Constant(Fraction(number))))

    assert row.mended(place(value), sentence) == place(meant)


@pytest.mark.parametrize(
    ("sentence", "operator"),
    [
        ("The bus is older than the van.", "<"),
        ("The bus is newer than the van.", ">"),
        ("The van is newer than the bus.", "<"),
        ("The bus is not red like the van.", ">"),
        ("The bus is to the left of the van.", ">"),
        ("The bus is older than the cab.", ">"),
        ("The bus is older than the van and newer than the cab.", ">"),
    ],
)
def test_comparisons(sentence: str, operator: str) -> None:
    row = ends((Line("1: oldest", ""), Line("5: newest", "")))
    assert row is not None
    written = Operation(">", (Cell("bus"), Cell("van")))
    meant = row.mended(written, sentence)
    assert isinstance(meant, Operation) and meant.operator == operator


@pytest.mark.parametrize(
    "labels", [(), ("1: first",), ("1: red", "5: blue"), ("1: first", "5: newest"), ("x: first",)]
)
def test_rows_without_two_ends_mend_nothing(labels: tuple[str, ...]) -> None:
    assert ends(tuple(Line(label, "") for label in labels)) is None
