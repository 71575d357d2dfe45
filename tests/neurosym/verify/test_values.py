"""Numbers in formal claims."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.verify.base import Claim
from neurosym.verify.vacuity import says_nothing
from neurosym.verify.values import (
    closed_value,
    is_computation,
    is_linear,
    letters,
    operands,
    results,
    rounding,
    stated,
)
from provers.logic.syntax import (
    REAL,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Formula,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Term,
)


def num(value: str) -> Number:
    return Number(Fraction(value), REAL)


X = Apply("x", (), REAL)
Y = Apply("y", (), REAL)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (num("3"), "3"),
        (Arith("+", (num("1"), num("2"), num("3"))), "6"),
        (Arith("-", (num("1"), num("2"))), "-1"),
        (Arith("-", (num("2"),)), "-2"),
        (Arith("*", (num("2"), num("1/4"))), "1/2"),
        (Arith("/", (num("1"), num("4"))), "1/4"),
    ],
)
def test_closed_value(term: Term, value: str) -> None:
    assert closed_value(term) == Fraction(value)


def test_what_has_no_value() -> None:
    assert closed_value(Arith("/", (num("1"), num("0")))) is None
    assert closed_value(Arith("+", (X, num("1")))) is None


def test_operands_and_results() -> None:
    claim = Eq(Arith("*", (num("4"), num("12"))), num("48"))
    assert operands(claim) == (Fraction(4), Fraction(12))
    assert results(And((claim, Eq(X, num("5"))))) == (Fraction(48), Fraction(5))


def near(exact: Term, shown: Term, width: str) -> Formula:
    return And(
        (
            Compare("<=", Arith("-", (exact, shown)), num(width)),
            Compare("<=", Arith("-", (shown, exact)), num(width)),
        )
    )


def test_a_rounded_value_arrives_at_what_is_shown() -> None:
    third = Arith("/", (num("10"), num("3")))
    claim = near(third, num("3.33"), "0.005")
    assert rounding(claim) == (third, num("3.33"))
    assert results(claim) == stated(claim) == (Fraction("3.33"),)
    assert operands(claim) == (Fraction(10), Fraction(3))
    assert rounding(near(num("3.33"), third, "0.005")) == (third, num("3.33"))
    assert results(And((claim, Eq(X, num("5"))))) == (Fraction("3.33"), Fraction(5))


@pytest.mark.parametrize(
    "formula",
    [
        Not(Eq(num("7"), num("8"))),
        Implies(Eq(X, num("9")), Eq(Arith("*", (num("2"), X)), num("18"))),
        Compare("<=", num("3"), num("5")),
        Or((Eq(X, num("1")), Eq(X, num("2")))),
        And((Eq(X, num("1")), Compare("<=", X, num("5")))),
    ],
)
def test_what_arrives_nowhere(formula: Formula) -> None:
    assert results(formula) == ()


@pytest.mark.parametrize(
    ("formula", "text", "expected"),
    [
        (Eq(num("42"), num("42")), "42 = 42", True),
        (Eq(num("42"), num("42")), "$42 = 42.00", True),
        (Eq(num("42"), num("42")), "42 = forty-two", True),
        (Eq(num("42"), num("42")), "With 3 bags, 42 = 42", True),
        (Eq(num("5"), num("5")), "500 cents = 5 dollars", False),
        (Eq(num("7200"), num("7200")), "120 minutes = 2 hours", False),
        (Eq(Arith("+", (num("40"), num("2"))), num("42")), "40 + 2 = 42", False),
        (Eq(X, X), "x = x", True),
    ],
)
def test_what_says_nothing(formula: Formula, text: str, expected: bool) -> None:
    assert says_nothing(Claim(formula, "arithmetic", text)) is expected


def test_letters() -> None:
    assert letters(Eq(Arith("+", (X, Y)), Apply("total", (), REAL))) == {"x", "y"}


def test_is_computation() -> None:
    assert is_computation(Eq(num("2"), num("3")))
    assert not is_computation(Eq(X, num("3")))
    assert not is_computation(Pred("p"))


def test_is_linear() -> None:
    assert is_linear(Eq(Arith("*", (num("2"), X)), Arith("/", (Y, num("3")))))
    assert not is_linear(Eq(Arith("*", (X, X)), num("1")))
    assert not is_linear(Eq(Arith("/", (num("1"), X)), num("1")))
