"""Reading a theorem's header as text: brackets, comments, names, and what comes before it."""

from __future__ import annotations

import pytest

from provers.lean.binders import Statement, read_statement, tokens


def read(text: str) -> Statement:
    found = read_statement(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "name", "binders", "conclusion"),
    [
        ("theorem t : True", "t", "", "True"),
        ("theorem t : True := by sorry", "t", "", "True"),
        ("theorem t (x : Nat) : x = x := sorry", "t", "(x : Nat)", "x = x"),
        ("theorem t x y : x + y = 3", "t", "x y", "x + y = 3"),
        ("lemma a.b' {α : Type} [BEq α] : True", "a.b'", "{α : Type} [BEq α]", "True"),
        ("theorem «a : b» (h : p) : q", "«a : b»", "(h : p)", "q"),
        (
            "theorem t (f : {x : Nat // x > 3} → Nat) : a",
            "t",
            "(f : {x : Nat // x > 3} → Nat)",
            "a",
        ),
        ("theorem t ⦃x : Nat⦄ : x :: [] = [x]", "t", "⦃x : Nat⦄", "x :: [] = [x]"),
        ("theorem t (xs : List Nat) : xs = 1 :: ys", "t", "(xs : List Nat)", "xs = 1 :: ys"),
        ('theorem t (s : String := ":") : s = ":"', "t", '(s : String := ":")', 's = ":"'),
        ("theorem t (c : Char) : c = ':'", "t", "(c : Char)", "c = ':'"),
        ("theorem t (x' : Nat) : x' = x'", "t", "(x' : Nat)", "x' = x'"),
        ("theorem t (x : Nat) /- : (( -/ : x = x", "t", "(x : Nat) /- : (( -/", "x = x"),
        ("theorem t (x : Nat) -- : a\n : x = x", "t", "(x : Nat) -- : a", "x = x"),
        ("theorem t : ∀ x : Nat, x = x", "t", "", "∀ x : Nat, x = x"),
        ("theorem t : let x := 3; x = 3", "t", "", "let x := 3; x = 3"),
        ("theorem t (a₁ x_2 : ℕ) : a₁ = x_2", "t", "(a₁ x_2 : ℕ)", "a₁ = x_2"),
        ('theorem t : r#"a : " (("# = s', "t", "", 'r#"a : " (("# = s'),
        ("/- /- nested -/ theorem u : False -/ theorem t : True", "t", "", "True"),
    ],
)
def test_parts(text: str, name: str, binders: str, conclusion: str) -> None:
    found = read(text)
    assert (found.name, found.binders, found.conclusion) == (name, binders, conclusion)


@pytest.mark.parametrize(
    "text",
    ["", "theorem", "theorem t", "theorem t :", "example : 1 = 1", "theorem t (x : Nat)", "((("],
)
def test_what_is_no_theorem(text: str) -> None:
    assert read_statement(text) is None


def test_preamble_scope_and_modifiers() -> None:
    preamble = "import Lean\n/-- theorem x : a -/\ndef d (n : Nat) : Nat := n\nabbrev e := 3\n"
    scope = "open Nat in\nset_option maxHeartbeats 400 in\n"
    found = read(
        f"{preamble}{scope}/-- doc -/ @[simp, grind =] private theorem t.{{u, v}} : d e = 3"
    )
    assert found.preamble == preamble
    assert found.scope == scope
    assert found.universes == ".{u, v}"
    assert found.definitions == ("d", "e")


def test_the_last_theorem_counts() -> None:
    found = read("theorem a : 1 = 1 := rfl\ntheorem b : 2 = 2")
    assert found.name == "b"
    assert found.preamble == "theorem a : 1 = 1 := rfl\n"


def test_declare_stays_in_the_namespace() -> None:
    text = read("theorem A.«b c».t (x : Nat) : x = x -- end").declare("again", "rfl")
    assert text.startswith("theorem A.«b c».again (x : Nat)")
    assert text.endswith("-- end\n  := by\n    rfl")


def test_negation_quantifies_the_binders() -> None:
    words = read("theorem t (x : Nat) (h : x > 3) : x < 20").negation().split()
    assert " ".join(words) == "¬ (∀ (x : Nat) (h : x > 3) , x < 20 )"
    assert read("theorem t : 1 = 2").negation().split() == ["¬", "(1", "=", "2", ")"]


def test_fresh_names_are_not_in_the_text() -> None:
    assert read("theorem t : refutation = 1").fresh("refutation") == "refutation2"
    assert read("theorem t : 1 = 1").fresh("refutation") == "refutation"


def test_tokens_of_unfinished_text_end() -> None:
    for text in ("/- a", '"abc', 'r#"abc', "«abc", "'", "((((", "))))"):
        assert "".join(t.text for t in tokens(text)) in (text, "")
