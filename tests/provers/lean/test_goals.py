"""Goals as Lean prints them."""

from __future__ import annotations

import pytest

from provers.lean.goals import Goal, Hypothesis, parse_goals, statement_of


def test_names_that_share_a_type_are_told_apart() -> None:
    (goal,) = parse_goals("a b : Nat\nh : a = b\n⊢ b = a")
    assert goal == Goal(
        (Hypothesis("a", "Nat"), Hypothesis("b", "Nat"), Hypothesis("h", "a = b")), "b = a"
    )


def test_goals_are_parted_by_an_empty_line_and_keep_their_case() -> None:
    goals = parse_goals("case left\na : Nat\n⊢ a = a\n\ncase right\n⊢ True")
    assert [(g.case, g.conclusion) for g in goals] == [("left", "a = a"), ("right", "True")]
    assert goals[1].hypotheses == ()


def test_long_lines_are_carried_on_where_they_are_indented() -> None:
    (goal,) = parse_goals("h :\n  p ∧\n    q\n⊢ q ∧\n    p")
    assert goal.hypotheses == (Hypothesis("h", "p ∧\n    q"),)
    assert goal.conclusion == "q ∧\n    p"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("z : Nat := a + 1", Hypothesis("z", "Nat", "a + 1")),
        ("f : (x : Nat := 3) → x = x", Hypothesis("f", "(x : Nat := 3) → x = x")),
        ("h : let y := 1; y = 1", Hypothesis("h", "let y := 1; y = 1")),
        ("h : let y := 1; y = 1 := foo", Hypothesis("h", "let y := 1; y = 1", "foo")),
        ("inst✝ : Decidable p", Hypothesis("inst✝", "Decidable p")),
        ("«a b» : Nat", Hypothesis("«a b»", "Nat")),
    ],
)
def test_values_and_odd_names(line: str, expected: Hypothesis) -> None:
    (goal,) = parse_goals(f"{line}\n⊢ True")
    assert goal.hypotheses == (expected,)


@pytest.mark.parametrize("text", ["", "a : Nat", "no goals", "⊢", "a\n⊢ True"])
def test_what_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"goal|hypothesis"):
        parse_goals(text)


def test_a_goal_is_a_theorem_of_its_own() -> None:
    goal = "case x\nα : Type u_1\ninst✝ : BEq α\nx✝ y : α\nh : x✝ = y ∧\n  y = y\n⊢ y = x✝"
    assert statement_of(goal) == (
        "theorem goal (α : Type u_1) [BEq α] (x_1 : α) (y : α) (h : x_1 = y ∧ y = y) : y = x_1"
    )
    assert statement_of("⊢ True", "t") == "theorem t : True"
    with pytest.raises(ValueError, match="abbreviates a value"):
        statement_of("n : Nat := 3\n⊢ n = 3")
    with pytest.raises(ValueError, match="does not end in its conclusion"):
        statement_of("nonsense")
