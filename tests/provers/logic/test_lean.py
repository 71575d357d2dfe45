"""Lean statements: golden texts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from provers.errors import InputError
from provers.logic.formats.lean import state, write_theorem
from provers.logic.syntax import (
    FALSE,
    INT,
    REAL,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Pred,
    Sort,
    Var,
    Xor,
)

X, Y = Var("x"), Var("y")
REX = Apply("rex")


def test_syllogism() -> None:
    every = Forall((X,), Implies(Pred("Dog", (X,)), Pred("Animal", (X,))))
    assert write_theorem([every, Pred("Dog", (REX,))], Pred("Animal", (REX,))) == (
        "theorem t\n"
        "    (Individual : Type) [Nonempty Individual]\n"
        "    (Dog : Individual → Prop)\n"
        "    (Animal : Individual → Prop)\n"
        "    (rex : Individual)\n"
        "    (h0 : ∀ x : Individual, (Dog x) → (Animal x))\n"
        "    (h1 : Dog rex) :\n"
        "    Animal rex"
    )


def test_connectives() -> None:
    a, b = Pred("A"), Pred("B")
    premises: list[Formula] = [Xor(a, b), Not(And((a, b, Iff(a, b))))]
    assert write_theorem(premises, FALSE, name="no way") == (
        "theorem «no way»\n"
        "    (A : Prop)\n"
        "    (B : Prop)\n"
        "    (h0 : ¬(A ↔ B))\n"
        "    (h1 : ¬(A ∧ B ∧ (A ↔ B))) :\n"
        "    False"
    )


def test_numbers_and_sorts() -> None:
    n, city = Var("n", INT), Sort("City")
    size = Apply("size", (Apply("paris", (), city),), REAL)
    half = Number(Fraction(1, 2))
    premises: list[Formula] = [
        Forall((n, X), Compare("<=", Arith("-", (n,), INT), Apply("age", (X,), INT))),
        Eq(size, Arith("/", (Arith("+", (size, half)), Number(Fraction(2))))),
    ]
    assert write_theorem(premises, Not(Eq(size, Number(Fraction(-3))))) == (
        "theorem t\n"
        "    (Individual : Type) [Nonempty Individual]\n"
        "    (City : Type) [Nonempty City]\n"
        "    (age : Individual → Int)\n"
        "    (size : City → Rat)\n"
        "    (paris : City)\n"
        "    (h0 : ∀ (n : Int) (x : Individual), (-n) ≤ age x)\n"
        "    (h1 : size paris = (((size paris) + (1 / 2 : Rat)) / (2 : Rat))) :\n"
        "    size paris ≠ (-3 : Rat)"
    )


def test_names_are_escaped_and_told_apart() -> None:
    premises: list[Formula] = [
        Pred("Dog", (Apply("Dog"),)),
        Pred("Dog", (Apply("fun"), Apply("the «big» dog"))),
        Exists((Var("Dog"),), Pred("Individual", (Var("Dog"),))),
        Pred("h0"),
    ]
    assert write_theorem(premises, Pred("Int")) == (
        "theorem t\n"
        "    (Individual : Type) [Nonempty Individual]\n"
        "    (Dog : Individual → Prop)\n"
        "    (Dog_1 : Individual)\n"
        "    (Dog_2 : Individual → Individual → Prop)\n"
        "    («fun» : Individual)\n"
        "    («the _big_ dog» : Individual)\n"
        "    (Individual_1 : Individual → Prop)\n"
        "    (h0 : Prop)\n"
        "    (Int_1 : Prop)\n"
        "    (h0_1 : Dog Dog_1)\n"
        "    (h1 : Dog_2 «fun» «the _big_ dog»)\n"
        "    (h2 : ∃ Dog_3 : Individual, Individual_1 Dog_3)\n"
        "    (h3 : h0) :\n"
        "    Int_1"
    )


def test_quotients_that_may_be_by_zero_are_refused() -> None:
    a = Apply("a", (), REAL)
    for divisor in (a, Number(Fraction(0))):
        with pytest.raises(InputError, match="quotient by zero"):
            write_theorem([], Eq(a, Arith("/", (a, divisor))))


def test_numbers_that_are_computed_may_divide() -> None:
    two, eighth = Number(Fraction(2)), Arith("/", (Number(Fraction(1)), Number(Fraction(8))))
    assert "(2 : Rat) / ((1 : Rat) / (8 : Rat))" in write_theorem(
        [], Eq(Arith("/", (two, eighth)), two)
    )
    zero = Arith("-", (two, Arith("+", (two, Number(Fraction(0))))))
    for divisor in (zero, Arith("*", (two, zero)), Arith("/", (two, zero)), Arith("-", (zero,))):
        with pytest.raises(InputError, match="quotient by zero"):
            write_theorem([], Eq(two, Arith("/", (two, divisor))))


def test_the_reals_as_any_ordered_field() -> None:
    a = Apply("Real", (), REAL)
    theorem = state([Eq(a, Number(Fraction(1, 2)))], Eq(a, a), reals="field")
    assert theorem.text == (
        "theorem t\n"
        "    (Real : Type) [Lean.Grind.Field Real] [LE Real] [LT Real] [Std.LawfulOrderLT Real] "
        "[Std.IsLinearOrder Real] [Lean.Grind.OrderedRing Real]\n"
        "    (Real_1 : Real)\n"
        "    (h0 : Real_1 = (1 / 2 : Real)) :\n"
        "    Real_1 = Real_1"
    )
    assert (theorem.hypotheses, theorem.term(a), theorem.sort(REAL)) == (("h0",), "Real_1", "Real")
    with pytest.raises(ValueError, match="not in the statement"):
        theorem.term(Apply("b", (), REAL))


def test_open_and_deep_formulas_are_refused() -> None:
    with pytest.raises(ValueError, match="closed"):
        write_theorem([], Pred("P", (X,)))
    deep: Formula = Pred("A")
    for _ in range(300):
        deep = Not(deep)
    with pytest.raises(InputError, match="deeper"):
        write_theorem([], deep)
