"""The negation test: which statements are rejected, and that every rejection is a proof."""

from __future__ import annotations

import dataclasses

import pytest

from neurosym.translate import negation
from neurosym.translate.negation import Reason, StatementTest, Verdict, peel
from provers.base import Attempts, LeanProof, Limits
from provers.lean.base import Checker
from provers.lean.binders import read_statement

HEADER = "import NeuroSym.Compat\n\n"
LIMITS = Limits(30.0)


def run(statement: str, checker: Checker) -> StatementTest:
    return negation.test_statement(f"{HEADER}theorem t {statement}", checker, LIMITS)


@pytest.mark.parametrize(
    ("statement", "verdict", "reason"),
    [
        (": 2 + 2 = 5", "rejected", "negation_proved"),
        ("(p q : Prop) (h : p → q) (k : q) : p", "rejected", "negation_proved"),
        (": ∀ n : ℕ, n < 10 → n * n < 60", "rejected", "negation_proved"),
        # No small value shows it, but what is assumed refutes what is claimed.
        ("(x : ℚ) (h : 31 * x = 17) : x = 5", "rejected", "contrary_proved"),
        ("(x : ℕ) (h : x < 0) : x = 5", "rejected", "hypotheses_contradict"),
        ("(x : ℚ) (h : x > 3) (k : 2 * x < 5) : x = x * x", "rejected", "hypotheses_contradict"),
        (": ∀ x : ℕ, x > 3 → x < 2 → x = 7", "rejected", "hypotheses_contradict"),
        ("(p : Prop) (h : p ∧ ¬p) : 1 = 2", "rejected", "hypotheses_contradict"),
        ("(x : ℕ) (h : x = 5) : x = 5", "rejected", "trivial"),
        ("(x : ℕ) (h : x = 5) : 5 = x", "rejected", "trivial"),
        ("(x : ℕ) : x + 1 = x + 1", "rejected", "trivial"),
        (": True", "rejected", "trivial"),
        (": 2 + 2 = 4", "kept", "proved"),
        ("(x : ℕ) (h : x = 3 + 4) : x = 7", "kept", "proved"),
        ("(x y : ℤ) (h : x + y = 7) (k : x - y = 3) : x = 5", "kept", "proved"),
        # What is to be shown is that the hypotheses contradict each other.
        ("(x : ℕ) (h : x > 3) (k : x < 2) : False", "kept", "proved"),
        ("(x : ℝ) : x * x ≥ 0", "ill_formed", ""),
        ("(x : ℕ) : x = ", "ill_formed", ""),
    ],
)
def test_statements(
    statement: str, verdict: Verdict, reason: Reason, lean_checker: Checker
) -> None:
    found = run(statement, lean_checker)
    assert (found.verdict, found.reason) == (verdict, reason)
    if verdict == "ill_formed":
        assert found.messages
        return
    assert isinstance(found.evidence, LeanProof)
    again = negation.recheck(found, lean_checker)
    assert again.ok, again.detail


def test_what_is_not_decided_is_kept_and_says_what_was_tried(lean_checker: Checker) -> None:
    open_ = "(f : ℕ → ℕ) (h : ∀ n : ℕ, f (f n) < f (n + 1)) : ∀ n : ℕ, f n = n"
    found = negation.test_statement(f"{HEADER}theorem t {open_}", lean_checker, Limits(3.0))
    assert found.verdict == "kept" and found.reason in ("consistent", "untested")
    assert isinstance(found.evidence, Attempts)
    tried = [what for what, _, _ in found.evidence.tried]
    assert tried[0].startswith("False: intros; omega") and "statement" in tried


def test_consistency_is_proved_where_values_are_found(lean_checker: Checker) -> None:
    found = run("(x y : ℤ) (h : x + y = 7) (k : x - y = 3) : x = 5", lean_checker)
    assert found.consistency is not None and found.consistency.claim == "negation"


def test_evidence_for_another_statement_is_not_accepted(lean_checker: Checker) -> None:
    found = run("(x : ℕ) (h : x < 0) : x = 5", lean_checker)
    for changed in ("(x : ℕ) (h : x < 1) : x = 5", "(x : ℤ) (h : x < 0) : x = 5"):
        forged = dataclasses.replace(found, statement=f"{HEADER}theorem t {changed}")
        assert not negation.recheck(forged, lean_checker).ok
    false = run(": 2 + 2 = 5", lean_checker)
    forged = dataclasses.replace(false, statement=f"{HEADER}theorem t : 2 + 2 = 4")
    assert not negation.recheck(forged, lean_checker).ok
    true = run(": 2 + 2 = 4", lean_checker)
    forged = dataclasses.replace(true, verdict="rejected", reason="trivial")
    assert not negation.recheck(forged, lean_checker).ok


def test_a_rejection_without_a_proof_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs a proof"):
        StatementTest("theorem t : 1 = 2", "rejected", "negation_proved", Attempts(()))


@pytest.mark.parametrize(
    ("conclusion", "binders", "rest"),
    [
        ("∀ x y : ℕ, x < y → x ≠ y", "(x y : ℕ) (assumed_1 : x < y)", "x ≠ y"),
        ("(∀ (x : ℕ) (h : x < 3), x < 4)", "(x : ℕ) (h : x < 3)", "x < 4"),
        ("p ∧ q → r → s", "(assumed_0 : p ∧ q) (assumed_1 : r)", "s"),
        ("(p → q) → r", "(assumed_0 : (p → q))", "r"),
        # What cannot be taken apart as text is left as it is.
        ("∀ x > 0, x ≠ 0", "", "∀ x > 0, x ≠ 0"),
        ("p → q ↔ r", "", "p → q ↔ r"),
        ("p ∧ ∀ x : ℕ, x = x → q", "", "p ∧ ∀ x : ℕ, x = x → q"),
        ("(x : ℕ) → x = x", "", "(x : ℕ) → x = x"),
        ("∃ x : ℕ, x = 1 → p", "", "∃ x : ℕ, x = 1 → p"),
    ],
)
def test_peeling(conclusion: str, binders: str, rest: str) -> None:
    read = read_statement(f"theorem t : {conclusion}")
    assert read is not None
    peeled = peel(read)
    assert (peeled.binders, peeled.conclusion) == (binders, rest)
