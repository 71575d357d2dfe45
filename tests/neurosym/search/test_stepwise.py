"""Best-first search: what a model suggests is tried first, and weighs what it should."""

from __future__ import annotations

import math

import pytest

from neurosym.llm.base import Completion
from neurosym.search import TOKEN_BUDGET, Plan, Premise, Searcher, find, premises
from neurosym.search.stepwise import blend, weigh
from provers.base import LeanProof, Limits, Outcome
from provers.lean.pool import Pool
from tests.neurosym.search.models import Adviser, Writer

AMPLE = Limits(120)
# Core tactics alone do not see that a witness is to be built.
CUBES = """def cube (n : Nat) : Nat := n * n * n
theorem t (h : ∃ n, 9 < n ∧ ∃ m, n = 2 * m + 1) : ∃ n m, 20 < n ∧ n = cube (2 * m + 1)"""
STEPS = {
    "h : ∃ n, 9 < n": "obtain ⟨n, big, m, odd⟩ := h",
    "odd : n = 2 * m + 1\n⊢ ∃": "refine ⟨cube (2 * m + 1), m, ?_, rfl⟩",
    "⊢ 20 < cube": "exact Nat.lt_of_lt_of_le (by decide : 20 < 9 * 9 * 9) "
    "(Nat.mul_le_mul (Nat.mul_le_mul (by omega) (by omega)) (by omega))",
}


def guide(asked: str) -> list[tuple[str, float | None]]:
    state = asked.rpartition("Left to prove:")[2]
    right = [tactic for part, tactic in STEPS.items() if part in state]
    return [*((f"```lean\n{tactic}\n```", -0.5) for tactic in right[-1:]), ("sorry", -0.1)]


def test_steps_of_the_model_make_a_proof(lean_checker: Pool) -> None:
    plan = Plan("best-first", samples=3, expansions=4)
    found = Searcher(lean_checker, Adviser([], advise=guide), plan).find(CUBES, AMPLE)
    assert found.result.outcome is Outcome.PROVED, found
    assert isinstance(found.result.evidence, LeanProof)
    assert found.proof == "\n".join(STEPS.values())
    assert found.proof.split("\n")[-1] in found.result.evidence.code
    assert found.attempts[-1].answer == "proved"
    assert found.requests == 3


def test_without_them_there_is_none(lean_checker: Pool) -> None:
    plan = Plan("best-first", samples=3, expansions=2, negate=False)
    found = Searcher(lean_checker, Writer([["junk"]]), plan).find(CUBES, AMPLE)
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete"), found
    assert "2 states were expanded" in found.result.messages[0].text
    assert {"junk"} < {attempt.proof for attempt in found.attempts}


def test_a_premise_closes_the_goal(lean_checker: Pool) -> None:
    statement = """theorem key (f : Nat → Nat) : f = fun x => f x := rfl
def odd (n : Nat) : Prop := ∃ m, n = 2 * m + 1
theorem odd_mul (a b : Nat) (h : odd a) (k : odd b) : odd (a * b) := by
  obtain ⟨m, rfl⟩ := h
  obtain ⟨n, rfl⟩ := k
  exact ⟨2 * m * n + m + n, by grind⟩
theorem t (a b c : Nat) (h : odd a) (k : odd b) (l : odd c) : odd (a * b * c)"""
    lemmas = [Premise("odd_mul"), Premise("key")]
    found = find(
        statement,
        checker=lean_checker,
        model=Writer([["junk"]]),
        mode="best-first",
        premises=lemmas,
        negate=False,
        limits=AMPLE,
    )
    assert found.result.outcome is Outcome.PROVED, found
    assert "odd_mul" in found.proof


def test_the_budget_of_tokens_ends_it(lean_checker: Pool) -> None:
    found = find(
        CUBES,
        checker=lean_checker,
        model=Writer([["intro"]], tokens=30),
        mode="best-first",
        tokens=50,
        limits=AMPLE,
    )
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete"), found
    assert found.result.flags == (TOKEN_BUDGET,)


# --- without Lean --------------------------------------------------------------------------


def sample(text: str, logprob: float | None) -> Completion:
    return Completion(text, "stop", 5, logprob)


def test_likelihoods_come_from_the_engine_where_it_gives_them() -> None:
    found = weigh([sample("rfl", -1.0), sample("by rfl", -1.5), sample("simp", 0.1)])
    assert found == [("rfl", -1.0), ("simp", 0.0)]


@pytest.mark.parametrize("unknown", [None, math.nan, -math.inf])
def test_likelihoods_are_counted_where_it_does_not(unknown: float | None) -> None:
    texts = ["rfl", "simp", "rfl", "rfl"]
    found = dict(weigh([*(sample(t, -1.0) for t in texts[:3]), sample("rfl", unknown)]))
    assert found == pytest.approx({"rfl": math.log(3 / 4), "simp": math.log(1 / 4)})


def test_what_lean_may_not_see_weighs_nothing() -> None:
    assert weigh([sample("sorry", -0.1), sample("#eval 1", -0.1), sample("", -0.1)]) == []


def test_sources_are_shares_of_one() -> None:
    found = blend(
        (math.log(0.75), [("a", -1.0), ("b", -1.0)]), (math.log(0.25), [("b", -7.0)]), (-1.0, [])
    )
    assert [tactic for tactic, _ in found] == ["b", "a"]
    assert [math.exp(weight) for _, weight in found] == pytest.approx([0.625, 0.375])
    assert blend((0.0, [("a", -5.0)])) == [("a", 0.0)]
    assert blend((0.0, [])) == []


def test_premises_become_tactics() -> None:
    given = [Premise("A.b"), Premise("x; sorry"), Premise("A.b", "again"), Premise("c'")]
    usable = premises.usable(given)
    assert [premise.name for premise in usable] == ["A.b", "c'"]
    found = [tactic for tactic, _ in premises.tactics(usable)]
    assert {"simp [A.b, c']", "grind [A.b, c']", "exact A.b ..", "apply c'"} <= set(found)
    assert premises.tactics(()) == [] and premises.listed(()) == "none"
