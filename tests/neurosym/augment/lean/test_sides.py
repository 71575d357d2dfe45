"""The parts of statements, and which theorems may be invoked on others."""

from __future__ import annotations

import pytest

from neurosym.augment.lean.sides import Shape, shape_of


@pytest.mark.parametrize(
    ("statement", "shape"),
    [
        ("∀ {n m : Nat}, m ≤ n → n - m + m = n", Shape(("m ≤ n",), "n - m + m", "n")),
        ("∀ (a b : Nat), a + b = b + a", Shape((), "a + b", "b + a", 2)),
        ("∀ {a : Nat} (b c : Nat), b = c → ∀ (d : Nat), a = d", Shape(("b = c",), "a", "d", 2)),
        ("∀ (f : (n : Nat) → Fin n), f = f → True", Shape(("f = f",), "True", given=1)),
        ("∀ {p q : Prop}, (p → q) → p → q", Shape(("(p → q)", "p"), "q")),
        ("∀ {a : Nat}, a = 0 ↔ a ≤ 0", Shape((), "a = 0", "a ≤ 0")),
        ("∀ {a : Nat}, (a = 0) = (a ≤ 0)", Shape((), "(a = 0)", "(a ≤ 0)")),
        ("∃ n, n = 0", Shape((), "∃ n, n = 0")),
        ("∀ {n : Nat}, n = 0 → ∀ (m : Nat), n ≤ m", Shape(("n = 0",), "n ≤ m")),
        ("True", Shape((), "True")),
    ],
)
def test_the_parts_of_a_statement(statement: str, shape: Shape) -> None:
    assert shape_of(statement) == shape
