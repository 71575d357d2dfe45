"""Tactic candidates by the shape of the goal."""

from __future__ import annotations

from provers.lean import candidates
from provers.lean.candidates import Group
from provers.lean.context import Context
from provers.lean.goals import Hypothesis


def context(*hypotheses: tuple[str, str], goal: str = "a = b", introduced: int = 0) -> Context:
    return Context(tuple(Hypothesis(n, t) for n, t in hypotheses), goal, introduced)


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
