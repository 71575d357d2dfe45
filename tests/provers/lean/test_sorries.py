"""Which places Lean's servers name as not proved, and with which goals."""

from __future__ import annotations

from typing import Any

import pytest

from provers.base import Limits
from provers.lean.base import INIT, Checker


def check(checker: Checker, code: str) -> dict[str, Any]:
    request = {"op": "check", "code": code, "sorries": True}
    reply = checker.ask(INIT, request, Limits(60.0))
    assert reply.body is not None
    return reply.body


CASES = {
    "tactic": (
        "theorem t (a : Nat) (h : a = 2) : a + 0 = a := by\n  sorry",
        [((2, 2), (2, 7), "a : Nat\nh : a = 2\n⊢ a + 0 = a")],
    ),
    "term": (
        "theorem t (p q : Prop) (hp : p) : p ∧ q := ⟨hp, sorry⟩",
        [((1, 48), (1, 53), "p q : Prop\nhp : p\n⊢ q")],
    ),
    "one for each": (
        "example (p q : Prop) : p ∧ q := by\n  constructor\n  · sorry\n  · exact sorry",
        [
            ((3, 4), (3, 9), "case left\np q : Prop\n⊢ p"),
            ((4, 10), (4, 15), "p q : Prop\n⊢ q"),
        ],
    ),
    "the first of several goals": (
        "example (p q : Prop) : p ∧ q := by\n  constructor\n  sorry\n  sorry",
        [
            ((3, 2), (3, 7), "case left\np q : Prop\n⊢ p"),
            ((4, 2), (4, 7), "case right\np q : Prop\n⊢ q"),
        ],
    ),
    "under another name, without a warning": (
        'macro "cheat" : tactic => `(tactic| sorry)\nset_option warn.sorry false\n'
        "theorem t : 1 = 2 := by cheat",
        [((3, 24), (3, 29), "⊢ 1 = 2")],
    ),
    "admit": ("theorem t : 1 = 2 := by admit", [((1, 24), (1, 29), "⊢ 1 = 2")]),
    "a definition": ("def f : Nat := sorry", [((1, 15), (1, 20), "⊢ Nat")]),
    "letters beyond ASCII": (
        "theorem «𝔭é» (α : Nat) (h : α ≤ 1) : α = 2 := by sorry",
        [((1, 49), (1, 54), "α : Nat\nh : α ≤ 1\n⊢ α = 2")],
    ),
    "none": ("theorem t (a : Nat) : a + 0 = a := by omega", []),
    "the word alone": ('-- sorry\ndef s := "sorry"\ndef sorry\' := 1', []),
    "an error": ("theorem t : 1 = 2 := by rfl", []),
    "empty": ("", []),
}


@pytest.mark.parametrize("name", CASES)
def test_sorries(lean_checker: Checker, name: str) -> None:
    code, expected = CASES[name]
    body = check(lean_checker, code)
    found = [
        (
            (s["pos"]["line"], s["pos"]["column"]),
            (s["end"]["line"], s["end"]["column"]),
            s["goal"].strip("\n"),
        )
        for s in body["sorries"]
    ]
    assert found == expected
    if not body["errors"] and "example" not in code:  # which leaves no declaration behind
        assert body["unproved"] == bool(expected)


def test_what_is_declared_with_sorry_is_seen_in_the_environment(lean_checker: Checker) -> None:
    """Also where no tree shows it."""
    code = "set_option warn.sorry false\ntheorem t : 1 = 2 := sorryAx _ false"
    body = check(lean_checker, code)
    assert (body["sorries"], body["unproved"], body["errors"]) == ([], True, False)


def test_the_first_200_are_named(lean_checker: Checker) -> None:
    code = "\n".join(f"theorem t{i} : {i} = 0 := sorry" for i in range(260))
    body = check(lean_checker, code)
    assert [s["pos"]["line"] for s in body["sorries"]] == list(range(1, 201))


def test_they_are_told_only_if_they_are_asked_for(lean_checker: Checker) -> None:
    request = {"op": "check", "code": "example : 1 = 2 := sorry"}
    reply = lean_checker.ask(INIT, request, Limits(60.0))
    assert reply.body is not None
    assert "sorries" not in reply.body and "unproved" not in reply.body
