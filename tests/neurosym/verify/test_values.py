"""Numbers in formal claims, and canonical forms."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.verify.vacuity import canonical
from neurosym.verify.values import closed_value, is_computation, is_linear, operands, results
from provers.logic.formats import parse
from provers.logic.syntax import REAL, And, Apply, Arith, Eq, Number, Pred, Term


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


def test_is_computation() -> None:
    assert is_computation(Eq(num("2"), num("3")))
    assert not is_computation(Eq(X, num("3")))
    assert not is_computation(Pred("p"))


def test_is_linear() -> None:
    assert is_linear(Eq(Arith("*", (num("2"), X)), Arith("/", (Y, num("3")))))
    assert not is_linear(Eq(Arith("*", (X, X)), num("1")))
    assert not is_linear(Eq(Arith("/", (num("1"), X)), num("1")))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("all x. (P(x) -> Q(x))", "all y. (P(y) -> Q(y))", True),
        ("all x. exists y. R(x,y)", "all y. exists x. R(y,x)", True),
        ("all x. exists y. R(x,y)", "all x. exists y. R(y,x)", False),
        ("P(a) & Q(a)", "Q(a) & P(a)", True),
        ("--P(a)", "P(a)", True),
        ("P(a)", "P(b)", False),
        ("all x. P(x)", "exists x. P(x)", False),
    ],
)
def test_canonical(left: str, right: str, same: bool) -> None:
    assert (canonical(parse(left, "nltk")) == canonical(parse(right, "nltk"))) is same
