"""The status table against the ontology's meanings, and statuses taken out of output."""

from __future__ import annotations

import pytest

from provers import szs
from provers.base import CONCLUSIVE, SZS, SZS_UNKNOWN, Outcome
from provers.errors import BrokenToolError

NOTHING_SETTLED = (
    "Success",
    "Satisfiable",
    "CounterSatisfiable",
    "FinitelyCounterSatisfiable",
    "EquiSatisfiable",
    "GaveUp",
    "Unknown",
    "Open",
    "Assumed",
    "Timeout",
    "ResourceOut",
    "Inappropriate",
    "User",
)


@pytest.mark.parametrize("status", NOTHING_SETTLED)
def test_what_settles_nothing_about_a_goal_is_unknown(status: str) -> None:
    read = szs.meaning(status, conjecture=True)
    assert read.outcome is Outcome.UNKNOWN
    assert read.reason in SZS_UNKNOWN


def test_the_outcomes_own_statuses_mean_those_outcomes() -> None:
    for outcome, status in SZS.items():
        with_goal = outcome is not Outcome.SATISFIABLE
        expected = {Outcome.ILL_FORMED, Outcome.FAILED, outcome}
        assert szs.meaning(status, conjecture=with_goal).outcome in expected
    for reason, status in SZS_UNKNOWN.items():
        read = szs.meaning(status, conjecture=True)
        assert (read.outcome, read.reason) == (Outcome.UNKNOWN, reason)


def test_every_kind_of_theorem_counter_theorem_and_contradiction() -> None:
    for status in szs.STATUSES:
        outcome = szs.meaning(status, conjecture=True).outcome
        if status.endswith("ContradictoryAxioms"):
            assert outcome is Outcome.INCONSISTENT
        elif status.endswith("CounterTheorem"):
            assert outcome is Outcome.REFUTED
        elif status.endswith("Theorem"):
            assert outcome is Outcome.PROVED


def test_without_a_conjecture_only_the_axioms_are_spoken_of() -> None:
    for status in szs.STATUSES:
        outcome = szs.meaning(status, conjecture=False).outcome
        assert outcome not in (Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT)
        if outcome is Outcome.INCONSISTENT:
            assert status == "Unsatisfiable" or status.endswith("ContradictoryAxioms")
        if outcome is Outcome.SATISFIABLE:
            assert status in ("Satisfiable", "FinitelySatisfiable", "Tautology")


def test_no_finite_model_is_not_no_model() -> None:
    for conjecture in (True, False):
        assert szs.meaning("FinitelyUnsatisfiable", conjecture=conjecture).outcome not in CONCLUSIVE


def test_an_unknown_word_is_a_failure() -> None:
    assert szs.meaning("Theorm", conjecture=True).outcome is Outcome.FAILED
    assert not szs.is_success("Timeout") and szs.is_success("CounterSatisfiable")


OUTPUT = """% Proof found!
% SZS status Theorem for problem
% SZS output start CNFRefutation for problem
fof(a, axiom, p, file('x', a)).
% SZS output end CNFRefutation for problem
"""


def test_status_and_derivation_are_taken_from_output() -> None:
    assert szs.status(OUTPUT) == "Theorem"
    assert szs.derivation(OUTPUT) == "fof(a, axiom, p, file('x', a)).\n"
    assert szs.status("# SZS status: Timeout") == "Timeout"
    assert szs.status("") == "" and szs.derivation("") == ""


def test_a_derivation_that_was_cut_off_is_none() -> None:
    assert szs.derivation(OUTPUT.partition("% SZS output end")[0]) == ""


def test_a_saturation_is_no_derivation() -> None:
    text = "% SZS output start Saturation\ncnf(a, axiom, p).\n% SZS output end Saturation\n"
    assert szs.outputs(text) == (("Saturation", "cnf(a, axiom, p).\n"),)
    assert szs.derivation(text) == ""


def test_a_success_counts_before_failures_of_other_strategies() -> None:
    assert (
        szs.status("% SZS status GaveUp\n% SZS status Theorem\n% SZS status Timeout") == "Theorem"
    )
    assert szs.status("% SZS status GaveUp\n% SZS status Timeout") == "Timeout"


def test_two_different_successes_are_a_broken_tool() -> None:
    with pytest.raises(BrokenToolError, match="CounterSatisfiable and Theorem"):
        szs.status("% SZS status Theorem\n% SZS status CounterSatisfiable")


def test_a_status_inside_a_formula_is_not_one() -> None:
    assert szs.status("fof('% SZS status Theorem', axiom, p).") == ""
