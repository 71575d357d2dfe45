"""Tactic candidates by the shape of the goal."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from provers.base import LeanProblem, LeanProof, Limits, Outcome
from provers.lean import candidates
from provers.lean.base import Checker, Header
from provers.lean.candidates import Group
from provers.lean.context import Context
from provers.lean.goals import Hypothesis
from provers.lean.hunt import Hunt
from provers.lean.prover import LeanProver


def context(*hypotheses: tuple[str, str], goal: str = "a = b", introduced: int = 0) -> Context:
    return Context(tuple(Hypothesis(n, t) for n, t in hypotheses), goal, introduced)


NAMES = ["Nat.add_comm", "List.length_append", "f.eq_1"]


def groups(given: Context) -> list[Group]:
    return [
        candidates.quick(("f",)),
        candidates.usual(given, ("f",)),
        candidates.inductions(given, ("f",)),
        candidates.case_splits(given),
        candidates.products(given),
        candidates.search(given),
        candidates.kernel(),
        candidates.negations(),
        *candidates.with_premises(given, NAMES),
    ]


def test_every_candidate_once() -> None:
    given = context(("n", "Nat"), ("p", "Prop"), ("x", "Int"), ("y", "Int"), ("h", "x > 0"))
    for group in groups(given):
        assert len(set(group.proofs)) == len(group.proofs)
        assert group.heartbeats > 0


def test_nothing_that_a_judge_would_refuse() -> None:
    given = context(("n", "Nat"), ("b", "Bool"), ("x", "Rat"), ("h", "x > 0"), goal="∃ x, x = 1")
    for group in groups(given):
        for proof in group.proofs:
            assert not any(w in proof for w in ("sorry", "admit", "native_decide", "unsafe"))


def test_induction_on_numbers_and_lists_alone() -> None:
    proofs = candidates.inductions(context(("x", "Int"), ("n", "Nat"), ("xs", "List α"))).proofs
    assert any(p.startswith("induction n <;>") for p in proofs)
    assert any(p.startswith("induction xs generalizing x n") for p in proofs)
    assert not any("induction x " in p for p in proofs)
    assert candidates.inductions(context(("x", "Int"))).proofs == ()


def test_quantified_variables_are_introduced_by_name() -> None:
    given = context(("x", "Int"), ("n✝", "Nat"), ("a✝", "n✝ > 3"), introduced=2)
    assert all(p.startswith("intro n a\n") for p in candidates.inductions(given).proofs)


def test_witnesses_where_something_exists() -> None:
    proofs = candidates.usual(context(("y", "Nat"), goal="∃ x, x > y")).proofs
    assert any(p.startswith("exact ⟨y, by") for p in proofs)
    assert any(p.startswith("exact ⟨7, by") for p in proofs)
    assert not any("⟨" in p for p in candidates.usual(context(("y", "Nat"))).proofs)


def test_all_values_of_finite_types() -> None:
    proofs = candidates.usual(context(("a", "Bool"), ("i", "Fin 3"), ("n", "Nat"))).proofs
    assert "revert a i\ndecide" in proofs


def test_products_of_what_has_a_sign() -> None:
    given = context(("x", "Rat"), ("y", "Rat"), ("h", "x > 0"), ("k", "0 < y"), ("l", "x ≤ y"))
    proofs = candidates.products(given).proofs
    assert any("Rat.mul_pos h k" in p for p in proofs)
    assert not any(" l" in p for p in proofs)
    assert candidates.products(context(("n", "Nat"))).proofs == ()


def test_cases_on_propositions_and_hypotheses() -> None:
    proofs = candidates.case_splits(context(("p", "Prop"), ("q", "Prop"), ("h", "p ∨ q"))).proofs
    assert "by_cases p <;> by_cases q <;> simp_all" in proofs
    assert "cases h <;> simp_all" in proofs


# --- premises --------------------------------------------------------------------------------


def test_no_premise_is_no_candidate() -> None:
    assert candidates.with_premises(context(("n", "Nat")), ()) == ()


def test_what_is_over_at_once_comes_first() -> None:
    names = [f"lemma_{i}" for i in range(32)]
    given = context(("n✝", "Nat"), ("h✝", "0 < n✝"), introduced=2)
    alone, together, hinted = candidates.with_premises(given, names)
    assert alone.proofs[:2] == ("exact lemma_0", "exact lemma_1")
    assert [f"exact {name}" for name in names] == list(alone.proofs[:32])
    applied = [proof for proof in alone.proofs if "apply lemma_31 <;>" in proof]
    assert applied == ["intro n h\napply lemma_31 <;> first | assumption | exact h.1"]
    assert alone.heartbeats < hinted.heartbeats < together.heartbeats
    assert any("grind [lemma_0, lemma_1, lemma_2, lemma_3]" in p for p in together.proofs)


def test_of_what_is_for_all_and_assumes_nothing_exact_is_enough() -> None:
    given = context(("n✝", "Nat"), goal="n ≤ n", introduced=1)
    (alone, *_) = candidates.with_premises(given, ["lemma"])
    assert alone.proofs == ("exact lemma", "intro n\nrw [lemma]")
    (alone, *_) = candidates.with_premises(context(("n", "Nat"), goal="n = n"), ["lemma"])
    assert alone.proofs == ("apply lemma <;> assumption", "rw [lemma]", "exact (lemma ..).symm")


# --- premises that may help ------------------------------------------------------------------


def test_no_premises_no_candidates() -> None:
    assert candidates.with_premises(context(("n", "Nat")), []) == ()


@pytest.mark.parametrize("facts", [(), (("h", "n > 3"),)])
def test_every_premise_is_tried_alone_before_any_together(facts: tuple[tuple[str, str]]) -> None:
    names = [f"Some.lemma_{i}" for i in range(40)]
    first, *rest = candidates.with_premises(context(("n", "Nat"), *facts), names)
    named = [set(re.findall(r"Some\.lemma_\d+", proof)) for proof in first.proofs]
    assert all(len(some) == 1 for some in named)
    assert set().union(*named) == set(names)
    assert any("," in proof for group in rest for proof in group.proofs)
    tried = [proof for proof in first.proofs if proof.startswith("apply ")]
    assert len(tried) == len(names)


def test_the_most_likely_premises_get_the_most_tries() -> None:
    names = [f"Some.lemma_{i:02}" for i in range(40)]
    proofs = [p for g in candidates.with_premises(context(("n", "Nat")), names) for p in g.proofs]
    tries = [sum(name in proof for proof in proofs) for name in names]
    assert tries == sorted(tries, reverse=True)
    assert tries[0] > 3 * tries[-1] > 0


def test_premises_are_tried_with_few_heartbeats() -> None:
    given = context(("n", "Nat"), ("h", "n > 3"))
    groups = candidates.with_premises(given, NAMES)
    assert all(0 < group.heartbeats <= 10_000 for group in groups)
    assert groups[0].heartbeats == min(group.heartbeats for group in groups)
    assert all(group.heartbeats < candidates.kernel().heartbeats for group in groups)


def test_what_applies_is_closed_by_a_hypothesis_or_a_part_of_one() -> None:
    given = context(("n", "Nat"), ("i✝", "Inhabited Nat"), ("h", "n > 3 ∧ n < 5"))
    first = candidates.with_premises(given, ["p"])[0]
    assert "apply p <;> first | assumption | exact h.1" in first.proofs


def test_quantified_variables_are_introduced_before_a_premise_is_used() -> None:
    given = context(("x", "Int"), ("n✝", "Nat"), ("a✝", "n✝ > 3"), introduced=2)
    for group in candidates.with_premises(given, NAMES):
        assert all(p.startswith(("intro n a\n", "exact ")) for p in group.proofs)


@pytest.mark.parametrize(("goal", "turned"), [("a = b", True), ("p ↔ q", True), ("a < b", False)])
def test_equations_are_turned_round(goal: str, turned: bool) -> None:
    proofs = candidates.with_premises(context(("n", "Nat"), goal=goal), ["p"])[0].proofs
    assert ("exact (p ..).symm" in proofs) is turned


# --- by a real Lean --------------------------------------------------------------------------

PERM = "theorem t (xs ys : List Nat) (h : xs.Perm ys) : xs.length = ys.length"
GCD = "theorem t (k m n : Nat) : Nat.gcd k (m * n) ∣ Nat.gcd k m * Nat.gcd k n"
EVERY = "theorem t : ∀ xs ys : List Nat, xs.Perm ys → xs.length = ys.length"


@pytest.mark.parametrize(
    ("statement", "needed"),
    [
        (PERM, "List.Perm.length_eq"),
        (EVERY, "List.Perm.length_eq"),
        (GCD, "Nat.gcd_mul_right_dvd_mul_gcd"),
    ],
)
def test_a_premise_that_was_named_is_what_the_proof_names(
    lean_checker: Checker, statement: str, needed: str
) -> None:
    asked: list[tuple[str, Header]] = []

    def premises(goal: str, header: Header) -> Sequence[str]:
        asked.append((goal, header))
        return ["Nat.add_comm", "No.such_lemma", needed]

    prover = LeanProver(lean_checker, premises=premises)
    result = prover.prove(LeanProblem("", statement), Limits(120.0))
    assert result.outcome is Outcome.PROVED
    assert isinstance(result.evidence, LeanProof)
    assert needed in result.evidence.code and "No.such_lemma" not in result.evidence.code
    ((goal, header),) = asked
    assert "⊢" in goal and header == ("Init",)


FILL = [
    *("Nat.add_comm", "Nat.mul_comm", "Nat.add_assoc", "Nat.mul_assoc", "Nat.zero_le"),
    *("Nat.le_refl", "Nat.lt_irrefl", "Nat.succ_le_of_lt", "Nat.le_of_lt", "Nat.le_trans"),
    *("Nat.lt_trans", "Nat.add_zero", "Nat.zero_add", "Nat.mul_one", "Nat.one_mul"),
    *("Nat.sub_self", "Nat.sub_zero", "Nat.pow_zero", "Nat.pow_succ", "Nat.le_of_eq"),
]


@pytest.mark.parametrize("statement", [GCD, GCD.replace("(k m n : Nat) :", ": ∀ k m n : Nat,")])
def test_a_premise_is_applied_wherever_the_variables_are_bound(
    lean_checker: Checker, statement: str
) -> None:
    names = [*FILL, "Nat.gcd_mul_right_dvd_mul_gcd"]
    hunt = Hunt(
        lean_checker, statement, Limits(120.0), negate=False, premises=lambda goal, header: names
    )
    assert hunt.run().outcome is Outcome.PROVED
    tried = [what for what, _, _ in hunt.tried]
    assert any(what.startswith("premises: ") for what in tried)
    assert not any(what.startswith("library") for what in tried)  # where Lean searches itself
