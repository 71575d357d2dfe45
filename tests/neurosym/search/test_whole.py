"""Whole proofs: found at once, found by mending, the shortest of several, and never by a trick."""

from __future__ import annotations

from neurosym.search import TOKEN_BUDGET, Found, Premise, find, write_found
from provers import recheck
from provers.base import Attempts, LeanProblem, LeanProof, Limits, Outcome
from provers.lean.base import Header
from provers.lean.pool import Pool
from provers.records import read_result
from tests.neurosym.search.models import Writer
from tests.neurosym.search.test_answers import REFUSED

AMPLE = Limits(120)
SWAP = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p"
TOTAL = """import Init.Data.List

def total : List Nat → Nat
  | [] => 0
  | x :: xs => x + total xs

theorem total_append (xs ys : List Nat) :
    total (xs ++ ys) = total xs + total ys"""
INDUCTION = """```lean
theorem total_append (xs ys : List Nat) :
    total (xs ++ ys) = total xs + total ys := by
  induction xs with
  | nil => simp [total]
  | cons x xs ih =>
    simp [total, ih]
    omega
```"""


def answers(found: Found) -> list[tuple[int, str]]:
    return [(attempt.round, attempt.answer.partition(":")[0]) for attempt in found.attempts]


def test_found_at_the_first_sample(lean_checker: Pool) -> None:
    model = Writer([[f"{SWAP} := by\n  exact ⟨h.2, h.1⟩"]])
    found = find(SWAP, checker=lean_checker, model=model, samples=8, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED, found
    assert found.proof == "exact ⟨h.2, h.1⟩"
    assert (found.requests, found.tokens, found.prompt_tokens) == (1, 10, 100)
    assert answers(found) == [(0, "proved")]
    evidence = found.result.evidence
    assert isinstance(evidence, LeanProof) and evidence.statement == SWAP
    assert SWAP in model.asked[0].messages[-1].content
    again = recheck.recheck(
        LeanProblem("", SWAP), read_result(write_found(found)), AMPLE, checker=lean_checker
    )
    assert again.ok


def test_found_with_imports_and_definitions(lean_checker: Pool) -> None:
    model = Writer([[INDUCTION]])
    found = find(TOTAL, checker=lean_checker, model=model, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED, found
    assert found.proof.startswith("induction xs with\n| nil")


def test_found_once_lean_has_complained(lean_checker: Pool) -> None:
    wrong = "constructor\n· exact nonsense\n· exact h.1"
    model = Writer([[wrong], ["sorry"], ["exact ⟨h.2, h.1⟩"]])
    found = find(SWAP, checker=lean_checker, model=model, samples=1, rounds=2, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED, found
    assert answers(found) == [(0, "error"), (1, "refused"), (2, "proved")]
    *_, draft, complaint = model.asked[1].messages
    assert (draft.role, draft.content) == ("assistant", wrong)
    assert "line 2: Unknown identifier `nonsense`" in complaint.content
    assert "h : p ∧ q\n⊢ q" in complaint.content
    assert "`sorry` proves nothing" in model.asked[2].messages[-1].content


def test_not_found_without_the_rounds(lean_checker: Pool) -> None:
    model = Writer([["rfl"], ["exact ⟨h.2, h.1⟩"]])
    found = find(SWAP, checker=lean_checker, model=model, samples=1, rounds=0, limits=AMPLE)
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete")
    assert TOKEN_BUDGET not in found.result.flags
    assert isinstance(found.result.evidence, Attempts)
    assert found.result.evidence.tried[0][0] == "rfl"
    assert "⊢ q ∧ p" in found.attempts[0].answer
    assert len(model.asked) == 1 and found.proof == ""


def test_the_shortest_of_several_and_none_twice(lean_checker: Pool) -> None:
    several = ["constructor\n· exact h.2\n· exact h.1", "rfl", "rfl  \n\n", "exact h.symm"]
    found = find(SWAP, checker=lean_checker, model=Writer([several]), samples=4, limits=AMPLE)
    assert found.proof == "exact h.symm"
    assert answers(found) == [(0, "repeated"), (0, "error"), (0, "proved")]


def test_one_that_breaks_off_does_not_harm_the_next(lean_checker: Pool) -> None:
    several = ["exact", "exact And.intro h.2 h.1", "have x : p :=", "intro"]
    found = find(SWAP, checker=lean_checker, model=Writer([several]), samples=4, limits=AMPLE)
    assert found.proof == "exact And.intro h.2 h.1", found


def test_samples_are_drawn_until_one_is_right(lean_checker: Pool) -> None:
    model = Writer([["rfl", "simp", "omega", "decide"], ["exact h.symm"]])
    found = find(SWAP, checker=lean_checker, model=model, samples=12, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED
    assert [request.n for request in model.asked] == [4, 4]


def test_the_likeliest_answer_is_drawn_once(lean_checker: Pool) -> None:
    model = Writer([["rfl"]])
    find(SWAP, checker=lean_checker, model=model, samples=9, rounds=0, temperature=0, limits=AMPLE)
    assert [request.n for request in model.asked] == [1]


def test_a_proof_from_a_contradiction_is_flagged(lean_checker: Pool) -> None:
    statement = "theorem t (x : Int) (h : x > 3) (k : x < 2) : x = 100"
    found = find(statement, checker=lean_checker, model=Writer([["omega"]]), limits=AMPLE)
    assert (found.result.outcome, found.result.flags) == (Outcome.PROVED, ("vacuous",))


def test_premises_are_in_the_prompt(lean_checker: Pool) -> None:
    seen = []

    def select(text: str, header: Header) -> list[Premise]:
        seen.append((text, header))
        return [Premise("And.comm", "∀ {a b : Prop}, a ∧ b ↔ b ∧ a"), Premise("bad name; sorry")]

    model = Writer([["exact And.comm.mp h"]])
    found = find(SWAP, checker=lean_checker, model=model, premises=select, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED
    assert seen == [(SWAP, ("Init",))]
    asked = model.asked[0].messages[-1].content
    assert "And.comm : ∀ {a b : Prop}, a ∧ b ↔ b ∧ a" in asked
    assert "bad name" not in asked


# --- what is no proof ----------------------------------------------------------------------

# Lean sees these, and none of them proves anything.
SEEN = [
    "exact absurd rfl (by decide)",
    "exact Classical.choice ⟨rfl⟩",
    "simp_all",
    "exact t",
    "exact (by exact (by exact (by trivial)))",
    "let rec f : 1 = 2 := f\nexact f",
    "exact id (α := 1 = 2) (by first | done | exact rfl)",
    "repeat skip",
    "letI : OfNat Nat 2 := ⟨1⟩\nexact (rfl : (1 : Nat) = 2)",
]


def test_no_trick_proves_what_is_false(lean_checker: Pool) -> None:
    restarts = lean_checker.status()[0]["restarts"]
    tricks = [*(answer for answer, _ in REFUSED.values()), *SEEN]
    model = Writer([tricks[i : i + 4] for i in range(0, len(tricks), 4)])
    found = find(
        "theorem t : 1 = 2",
        checker=lean_checker,
        model=model,
        samples=len(tricks),
        rounds=0,
        negate=False,
        limits=AMPLE,
    )
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete"), found
    kinds = [kind for _, kind in answers(found)]
    assert len(kinds) == len(tricks)
    assert kinds.count("refused") == len(REFUSED)
    assert set(kinds) <= {"refused", "error", "not accepted"}
    assert max(len(attempt.proof) for attempt in found.attempts) < 20_000
    # No program has run, and no server had to be replaced.
    assert lean_checker.status()[0]["restarts"] == restarts


# --- budgets -------------------------------------------------------------------------------


def test_the_budget_of_tokens_has_a_name(lean_checker: Pool) -> None:
    model = Writer([["rfl", "simp", "omega", "decide"]], tokens=400)
    found = find(SWAP, checker=lean_checker, model=model, samples=8, tokens=900, limits=AMPLE)
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete")
    assert found.result.flags == (TOKEN_BUDGET,)
    assert "budget of tokens" in found.result.messages[0].text
    assert found.tokens == 1200 and len(model.asked) == 3  # it says more than it may


def test_a_budget_that_is_enough_has_none(lean_checker: Pool) -> None:
    model = Writer([["exact h.symm"]])
    found = find(SWAP, checker=lean_checker, model=model, tokens=20, limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED
    assert model.asked[0].max_tokens <= 20
