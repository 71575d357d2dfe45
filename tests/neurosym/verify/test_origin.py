"""Where an error was made: here, or said before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.verify.base import StepReport
from neurosym.verify.origin import origin, undecided
from neurosym.verify.pipeline import verify
from neurosym.verify.records import Record
from provers.z3 import Z3Prover


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    made = Z3Prover()
    yield made
    made.close()


def steps(prover: Z3Prover, *texts: str) -> tuple[StepReport, ...]:
    return verify(Record(id="r", steps=list(texts)), prover).steps


@pytest.mark.parametrize(
    ("before", "step", "where"),
    [
        ("There are 8 rows of 9 seats.", "So there are 8 * 9 = 71 seats.", "here"),
        ("There are 8 rows of 9 seats, 71 in all.", "So 8 * 9 = 71.", "carried"),
        ("It is \\frac{3}{7} of them.", "So 1/7 + 1/7 = 3/7.", "carried"),
        ("It is \\frac{3}{8} of them.", "So 1/7 + 1/7 = 3/7.", "here"),
        # Small whole numbers are in every text.
        ("There are 3 boxes and 2 pens.", "So 9 - 7 = 3.", "here"),
        ("The result is 71.", "So 8 * 9 = -71.", "carried"),
        ("The result is 71.", "So 8 * 9 = 72.", "unclear"),
        ("The result is 71.", "So 8 * 9 < 71.", "unclear"),
    ],
)
def test_where_an_error_was_made(prover: Z3Prover, before: str, step: str, where: str) -> None:
    (report,) = steps(prover, step)
    assert origin(report, [before]) == where


def test_a_step_with_one_value_that_was_said_carries_it(prover: Z3Prover) -> None:
    (report,) = steps(prover, "So 8 * 9 = 71. So 8 * 7 = 55.")
    assert origin(report, []) == "here"
    assert origin(report, ["there were 55"]) == "carried"


def test_steps_that_are_not_decided_are_counted(prover: Z3Prover) -> None:
    done = steps(prover, "Let's think.", "2 + 2 = 4.", "Blorp it as you like.", "2 + 2 = 5.")
    verdicts = ["no_claim", "proved", "untranslated", "refuted"]
    assert [str(step.verdict) for step in done] == verdicts
    assert [undecided(done[:n]) for n in range(5)] == [0, 0, 0, 1, 2]
