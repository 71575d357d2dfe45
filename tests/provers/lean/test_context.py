"""What a search reads off the states that Lean prints."""

from __future__ import annotations

import pytest

from provers.lean.context import Context, is_accessible, is_instance, read_context

BEFORE = "α : Type u\ninst✝ : BEq α\nx y : Nat\nh : x > 3\n⊢ ∀ (x m : Nat), m > x → ∃ k, x = k"
AFTER = (
    "α : Type u\ninst✝ : BEq α\nx y : Nat\nh : x > 3\nx✝ m✝ : Nat\na✝ : m✝ > x✝\n⊢ ∃ k,\n    x✝ = k"
)


def test_states() -> None:
    context = read_context(BEFORE, AFTER)
    assert [h.name for h in context.hypotheses] == [
        *("α", "inst✝", "x", "y", "h", "x✝", "m✝", "a✝")
    ]
    assert context.introduced == 3
    assert context.goal == "∃ k, x✝ = k"
    assert context.fresh_names == ("x2", "m", "a")
    assert [h.name for h in context.named][5:] == ["x2", "m", "a"]
    assert [is_instance(h) for h in context.hypotheses].count(True) == 1
    assert not is_accessible(context.hypotheses[-1])


def test_number_types_have_their_own_names() -> None:
    state = "n : ℕ\nf : ℤ → List ℚ\n⊢ ∃ x : ℕ, x = n"
    context = read_context(state, state)
    assert [h.type for h in context.hypotheses] == ["Nat", "Int → List Rat"]


def test_no_hypotheses() -> None:
    assert read_context("⊢ 1 = 1", "⊢ 1 = 1") == Context((), "1 = 1", 0)


def test_no_state() -> None:
    with pytest.raises(ValueError, match="goal"):
        read_context("nothing", "nothing")
