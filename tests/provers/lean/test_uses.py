"""What proofs rest on, as a real Lean tells."""

from __future__ import annotations

import pytest

from provers.base import Limits
from provers.lean.base import INIT, Checker
from provers.lean.uses import uses


def used(checker: Checker, code: str) -> set[str] | None:
    found = uses(checker, INIT, code, Limits(120.0))
    return None if found is None else set(found)


RESTS_ON = {
    "a term": (
        "theorem t (a b : Nat) : a + b = b + a := Nat.add_comm a b",
        "Nat Nat.add_comm",
    ),
    "a chain": (
        "theorem t (a b c : Nat) (h : a ≤ b) (k : b ≤ c) : a ≤ c + 1 :=\n"
        "  Nat.le_succ_of_le (Nat.le_trans h k)",
        "Nat.le_succ_of_le Nat.le_trans",
    ),
    "what simp used": (
        "theorem t (xs : List Nat) : xs ++ [] = xs := by simp",
        "List.append_nil",
    ),
    "what simp was given": (
        "theorem t (a b c : Nat) : a * b + c = c + b * a := by rw [Nat.mul_comm, Nat.add_comm]",
        "Nat.mul_comm Nat.add_comm",
    ),
    "what grind used": (
        "theorem t (xs ys : List Nat) : (xs ++ ys).length = ys.length + xs.length := by grind",
        "List.length_append",
    ),
    "what omega makes its terms of": (
        "theorem t (a b : Nat) (h : a < b) : a < b + 1 := by omega",
        "Lean.Omega.LinearCombo.add_eval",
    ),
    "another theorem of the text": (
        "theorem aux (a b : Nat) : a + b = b + a := Nat.add_comm a b\n"
        "theorem t (a b : Nat) : a + b = b + a := aux a b",
        "Nat.add_comm",
    ),
    "a private one": (
        "namespace N\nprivate theorem aux (a b : Nat) : a * b = b * a := Nat.mul_comm a b\n"
        "theorem t (a b : Nat) : a * b = b * a := aux a b\nend N",
        "Nat.mul_comm",
    ),
    "what Lean makes a theorem of its own of": (
        "def f (n m : Nat) (h : 0 < n) : Fin (n + m) := ⟨0, by exact Nat.lt_add_right m h⟩",
        "Nat.lt_add_right Fin.mk",
    ),
    "a definition of the text": (
        "def f (a b : Nat) : a + b = b + a ∧ a * b = b * a := ⟨Nat.add_comm a b, Nat.mul_comm a b⟩",
        "Nat.add_comm Nat.mul_comm And.intro",
    ),
}


@pytest.mark.parametrize("name", RESTS_ON)
def test_a_proof_names_what_it_rests_on(lean_checker: Checker, name: str) -> None:
    code, wanted = RESTS_ON[name]
    found = used(lean_checker, code)
    assert found is not None and found >= set(wanted.split())


@pytest.mark.parametrize("name", RESTS_ON)
def test_only_what_is_imported_is_named(lean_checker: Checker, name: str) -> None:
    found = used(lean_checker, RESTS_ON[name][0])
    assert found is not None and all(found)
    assert not {one for one in found if one in ("t", "f", "aux", "N.aux") or "_proof_" in one}


def test_a_short_proof_names_nothing_else(lean_checker: Checker) -> None:
    assert used(lean_checker, RESTS_ON["a term"][0]) == {"Nat", "Nat.add_comm"}


@pytest.mark.parametrize(
    "code",
    [
        "theorem t : 1 = 2 := sorry",
        "theorem t : 1 = 2 := by admit",
        "theorem t : 1 = 2 := sorryAx _ false",
        "theorem aux : 1 = 2 := sorry\ntheorem t : 1 = 2 := aux",
        "set_option warn.sorry false\ntheorem t : 1 = 2 := sorry",
        "theorem t : 1 = 2 := rfl",
        "theorem t : 1 = 1 := by nonsense",
        "theorem t : 1 = ",
        "theorem good : 1 = 1 := rfl\ntheorem t : 1 = 2 := rfl",
    ],
)
def test_what_is_no_proof_rests_on_nothing(lean_checker: Checker, code: str) -> None:
    assert used(lean_checker, code) is None


@pytest.mark.parametrize("code", ["", "#check Nat", "example (a : Nat) : a + 0 = a := rfl"])
def test_what_declares_nothing_names_nothing(lean_checker: Checker, code: str) -> None:
    assert used(lean_checker, code) == set()


def test_a_proof_that_takes_too_long(lean_checker: Checker) -> None:
    code = "theorem t : 2 ^ 64 % 7 = 2 ∧ ∀ x : Fin 200, x.val < 200 := by decide"
    assert uses(lean_checker, INIT, code, Limits(120.0), heartbeats=20) is None


def test_no_such_import(lean_checker: Checker) -> None:
    assert uses(lean_checker, ("No.Such",), "theorem t : 1 = 1 := rfl", Limits(120.0)) is None
