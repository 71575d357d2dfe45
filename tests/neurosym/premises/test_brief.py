"""Statements without the binders of types and instances."""

import time

import pytest

from neurosym.premises.brief import brief


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


def test_of_a_goal_too() -> None:
    goal = "α : Type u_1\ninst✝ : BEq α\nxs ys : List α\nf : α → Type\n⊢ xs = ys"
    assert brief(goal) == "xs ys : List α\nf : α → Type\n⊢ xs = ys"


def test_a_hostile_text_takes_no_time() -> None:
    start = time.process_time()
    for text in ("∀ " + "(" * 60_000, "∀ {a : Type} " * 5_000, "⊢" + "a : Type" * 8_000):
        brief(text)
    assert time.process_time() - start < 20
