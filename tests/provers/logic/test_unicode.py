"""FOLIO's notation: precedence, quantifier scope, names, numbers, errors, caps, round trips."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings

from provers.errors import InputError, ParseError
from provers.logic.formats import parse
from provers.logic.formats.unicode import parse_formula, write_formula
from provers.logic.syntax import (
    INDIVIDUAL,
    INT,
    REAL,
    TRUE,
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
    Or,
    Pred,
    Var,
    Xor,
    free_variables,
)
from tests.provers.logic.strategies import UNICODE, formulas

P, Q, R, S = (Pred(name) for name in "PQRS")
x, y, z = Var("x"), Var("y"), Var("z")
Px, Qx = Pred("P", (x,)), Pred("Q", (x,))


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("P → Q → R", Implies(P, Implies(Q, R))),
        ("P ↔ Q → R", Iff(P, Implies(Q, R))),
        ("P ∧ Q ∨ R ∧ S", Or((And((P, Q)), And((R, S))))),
        ("P ⊕ Q ⊕ R", Xor(Xor(P, Q), R)),
        ("P ∨ Q ⊕ R ∨ S", Or((Xor(Or((P, Q)), R), S))),
        ("P ∧ Q ⊕ R → S", Implies(Xor(And((P, Q)), R), S)),
        ("¬P ∧ Q", And((Not(P), Q))),
        ("P & Q | R -> S <-> S", Iff(Implies(Or((And((P, Q)), R)), S), S)),
        ("P —> ~Q ^ R", Implies(P, And((Not(Q), R)))),
        ("∀x (P(x) → Q(x))", Forall((x,), Implies(Px, Qx))),
        ("∀x(P(x))", Forall((x,), Px)),
        ("∀x P(x) → Q(x)", Implies(Forall((x,), Px), Qx)),
        ("∀x (P(x)) → Q(x)", Implies(Forall((x,), Px), Qx)),
        ("∀x. P(x)", Forall((x,), Px)),
        ("∀x: (P(x))", Forall((x,), Px)),
        ("∀x∃y (P(x) ∧ Q(y))", Forall((x,), Exists((y,), And((Px, Pred("Q", (y,))))))),
        ("∀x, y P(x, y)", Forall((x, y), Pred("P", (x, y)))),
        ("∀x y (P(x, y))", Forall((x, y), Pred("P", (x, y)))),
        ("∀x y x = y", Forall((x, y), Eq(x, y))),
        ("∀x P", Forall((x,), P)),
        ("∀x p ∧ q", And((Forall((x,), Pred("p")), Pred("q")))),
        ("∃ x ¬P(x)", Exists((x,), Not(Px))),
        ("∃x x = y", Exists((x,), Eq(x, y))),
        ("∀person P(person)", Forall((Var("person"),), Pred("P", (Var("person"),)))),
        ("¬(x=y)", Not(Eq(x, y))),
        ("¬x = y", Not(Eq(x, y))),
        ("(x≠y)", Not(Eq(x, y))),
        ("P(a).", Pred("P", (Apply("a"),))),
        ("⊤ → P", Implies(TRUE, P)),
        ("P(ann, 12)", Pred("P", (Apply("ann"), Apply("12")))),
        ("P(New York)", Pred("P", (Apply("New_York"),))),
    ],
)
def test_reads(text: str, formula: Formula) -> None:
    assert parse_formula(text) == formula


def test_which_names_are_variables() -> None:
    formula = parse_formula("P(x, y1, a, usa, y1950, X)")
    assert free_variables(formula) == {x, Var("y1")}


@pytest.mark.parametrize("name", ["pSOJ318.5-22", "c++", "b+", "nica'sMarket", "k-12", "1972Games"])
def test_names_as_folio_has_them(name: str) -> None:
    assert parse_formula(f"P({name}, a)") == Pred("P", (Apply(name), Apply("a")))


def test_numbers_beside_an_order_are_real() -> None:
    age = Apply("age", (Apply("bob"),), REAL)
    assert parse_formula("age(bob) > 17.5 ∧ age(bob) = 18") == And(
        (Compare(">", age, Number(Fraction(35, 2))), Eq(age, Number(Fraction(18))))
    )
    assert parse_formula("age(bob) = 18") == Eq(Apply("age", (Apply("bob"),)), Apply("18"))
    real = Var("y", REAL)
    assert parse_formula("∃y (Rating(bob, y) ∧ y ≥ 9)") == Exists(
        (real,),
        And((Pred("Rating", (Apply("bob"), real)), Compare(">=", real, Number(Fraction(9))))),
    )


def test_equations_carry_numbers_on_but_numerals_do_not() -> None:
    formula = parse_formula("a = b ∧ b = c ∧ c < 3 ∧ d = 3")
    assert isinstance(formula, And)
    assert formula.args[0] == Eq(Apply("a", (), REAL), Apply("b", (), REAL))
    assert formula.args[3] == Eq(Apply("d", (), INDIVIDUAL), Apply("3", (), INDIVIDUAL))


def test_arithmetic() -> None:
    a, b = Apply("a", (), REAL), Apply("b", (), REAL)
    two = Number(Fraction(2))
    assert parse_formula("a + 2 * b - 2 < -b") == Compare(
        "<",
        Arith("-", (Arith("+", (a, Arith("*", (two, b)))), two)),
        Arith("-", (b,)),
    )


@pytest.mark.parametrize(
    ("text", "column", "offending"),
    [
        ("∀x (P(x) → Q(x)", 16, ""),
        ("P(a) ∧ Q(b))", 12, ")"),
        ("∃(P(x))", 1, "∃"),
        ("P(a) Q(b)", 6, "Q"),
        ("P(Q ∧ R)", 5, "∧"),
        ("P((Q ∧ R))", 4, "Q"),
        ("∀x (x ∧ P)", 5, "x"),
        ("∀x (P(x-1))", 7, "x-1"),
        ("y(a)", 1, "y"),
        ("a < b < c", 7, "<"),
        ("y ∈ x", 3, "∈"),
        ("x > " + "9" * 2000, 5, "9" * 40),
        ("  ", 1, ""),
    ],
)
def test_errors_say_where(text: str, column: int, offending: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_formula(text)
    assert (caught.value.column, caught.value.text) == (column, offending)


NESTED = {
    "parentheses": "(" * 201 + "P" + ")" * 201,
    "negations": "¬" * 201 + "P",
    "quantifiers": "∀x " * 201 + "P(x)",
    "implications": "P → " * 201 + "P",
    "exclusive": "P ⊕ " * 201 + "P",
    "functions": "P(" + "f(" * 201 + "a" + ")" * 202,
    "signs": "a < " + "-" * 201 + "b",
    "subtractions": "a < " + "b - " * 201 + "b",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="deeper than 120"):
        parse_formula(text)


GARBAGE = {
    "parentheses": "(" * 10**6,
    "negations": "¬" * 10**6,
    "quantifiers": "∀x " * 350_000,
    "variables": "∀x" + " y" * 500_000,
    "conjunctions": "P ∧ " * 250_000,
    "dashes": "a-" * 500_000,
    "bytes": "".join(chr(i * 7919 % 0x2FFF + 1) for i in range(10**6)),
}


@pytest.mark.parametrize("length", [10**6, 65_536])
@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_fails_fast(kind: str, length: int) -> None:
    started = time.process_time()
    with pytest.raises(ParseError):
        parse_formula(GARBAGE[kind][:length])
    assert time.process_time() - started < 40


@given(formulas(UNICODE))
@settings(max_examples=200, deadline=None)
def test_round_trip(formula: Formula) -> None:
    assert parse_formula(write_formula(formula)) == formula


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        (Pred("P", (Apply("x"),)), "'x'"),
        (Pred("P", (Var("rex"),)), "'rex'"),
        (Pred("it's (odd)"), "it's (odd)"),
        (Forall((x, Var("x", REAL)), P), "'x'"),
        (Pred("P", (Apply("n", (), INT),)), "'n'"),
        (Eq(Apply("a", (), REAL), Number(Fraction(1, 3))), "'1/3'"),
    ],
)
def test_what_cannot_be_written_is_named(formula: Formula, named: str) -> None:
    with pytest.raises(InputError) as caught:
        write_formula(formula)
    assert named in str(caught.value)


@pytest.mark.parametrize("notation", ["unicode", "auto"])
@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("∀x (P(x) → Q(x)) ::: All x that are P are Q.", "∀x (P(x) → Q(x))"),
        ("P(a):::It is P, (isn't it?", "P(a)"),
        ("Q(a) ::: all x. P(x) ::: twice", "Q(a)"),
    ],
)
def test_comment_tails_are_left_out(text: str, formula: str, notation: str) -> None:
    assert parse(text, notation) == parse_formula(formula)


def test_a_name_that_looks_like_a_comment_is_not_written() -> None:
    with pytest.raises(InputError):
        write_formula(Pred("a:::b"))
    with pytest.raises(ParseError):
        parse_formula(" ::: nothing but a comment")
