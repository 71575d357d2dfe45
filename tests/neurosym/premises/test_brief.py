"""Statements without the binders of types and instances."""

import time

import pytest

from neurosym.premises.brief import brief, stated


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "∀ {α : Type u_1} [inst : BEq α] {xs ys : List α}, xs ++ ys = ys",
            "∀ {xs ys : List α}, xs ++ ys = ys",
        ),
        ("∀ {α : Sort u} [BEq α], p", "p"),
        (
            "∀ {α : Type u} (f : α → Type v) {x : α} [I x], ∀ (y : f x), q",
            "∀ (f : α → Type v) {x : α}, ∀ (y : f x), q",
        ),
        ("∀ (n m : Nat), n + m = m + n", "∀ (n m : Nat), n + m = m + n"),
        ("∀ {p : Prop}, (∀ {α : Type}, p) → p", "∀ {p : Prop}, (∀ {α : Type}, p) → p"),
        ("∀ x, p x", "∀ x, p x"),
        ("∀ n (m : Nat), p", "∀ n (m : Nat), p"),
        ("1 + 1 = 2", "1 + 1 = 2"),
        ("sums over lists, for all (of them", "sums over lists, for all (of them"),
        ("∀ {α : Type", "∀ {α : Type"),
        ("∀ ((((", "∀ (((("),
    ],
)
def test_of_a_statement_is_left_what_tells_it_apart(text: str, left: str) -> None:
    assert brief(text) == left


@pytest.mark.parametrize(
    ("goal", "statement", "left"),
    [
        (
            "case nil\nα✝ : Type u_1\ninst✝ : BEq α✝\nxs ys : List α✝\nh : xs =\n  ys\n"
            "⊢ ys =\n  xs\n\n⊢ p",
            "∀ {α : Type u_1} [BEq α] {xs ys : List α}, xs = ys → ys = xs",
            "∀ {xs ys : List α}, xs = ys → ys = xs",
        ),
        ("n : Nat\nih : ∀ (k : Nat), p k\n⊢ p n", "∀ {n : Nat}, (∀ (k : Nat), p k) → p n", ""),
        ("x✝¹ x✝ : Nat\n⊢ x✝¹ = x✝", "∀ {x¹ x : Nat}, x¹ = x", ""),
        ("⊢ 1 = 1", "1 = 1", ""),
        ("a sum of two lists", "a sum of two lists", ""),
    ],
)
def test_a_goal_is_the_statement_that_it_is(goal: str, statement: str, left: str) -> None:
    assert stated(goal) == statement
    assert brief(goal) == (left or statement)


def test_a_hostile_text_takes_no_time() -> None:
    start = time.process_time()
    for text in (
        "∀ " + "(" * 60_000,
        "∀ {a : Type} " * 5_000,
        "a : b\n" * 9_000 + "⊢ a",
        "⊢" * 60_000,
    ):
        brief(text)
    assert time.process_time() - start < 20
