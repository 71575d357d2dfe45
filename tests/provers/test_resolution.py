"""Steps of resolution: what is accepted follows, and hostile terms do no harm."""

from __future__ import annotations

import time

import pytest

from provers.logic.formats.tptp import parse_formula
from provers.logic.syntax import Formula, closure
from provers.resolution import resolves


def f(text: str) -> Formula:
    return closure(parse_formula(text))


@pytest.mark.parametrize(
    ("parents", "conclusion"),
    [
        (("~p(X) | q(X)", "p(a)"), "q(a)"),
        (("~p(X) | q(X)", "p(f(Y))"), "q(f(Z))"),
        (("p(X) | q(X,Y)",), "q(a,b) | p(a)"),
        (("p(X) | p(Y)",), "p(Z)"),
        (("![X]: (p(X) & (q(X) | r))",), "r | q(a)"),
        (("p", "~p"), "$false"),
        (("~p(X,X) | q", "p(Y,Z)"), "q"),
        (("a = b",), "b = a"),
        (("a != b | p", "b = a"), "p"),
        # condensed detachment: hard for quantifier instantiation
        (
            ("t(Y) | ~t(i(X,Y)) | ~t(X)", "t(i(i(X,Y),i(i(Y,Z),i(X,Z))))"),
            "t(i(i(Y,Z),i(X,Z))) | ~t(i(X,Y))",
        ),
    ],
)
def test_steps_that_follow(parents: tuple[str, ...], conclusion: str) -> None:
    assert resolves([f(text) for text in parents], f(conclusion))


@pytest.mark.parametrize(
    ("parents", "conclusion"),
    [
        (("~p(X) | q(X)", "p(a)"), "q(b)"),
        (("~p(a) | q", "p(b)"), "q"),
        (("p(X,f(X))",), "p(Y,Y)"),
        (("~p(X,X) | q", "p(Y,f(Y))"), "q"),  # needs the occurs check
        (("q(a,b) | p(a)",), "q(X,Y) | p(X)"),
        (("p(a)",), "p(X)"),
        (("?[X]: p(X)",), "p(a)"),
        (("p | q",), "p"),
        (("p | q", "~p | ~q"), "$false"),
        (("p(a)",), "~p(a)"),
        (("a = b",), "a = c"),
        (("p => q", "p"), "r"),
        ((), "p | ~p"),
        ((), "$false"),
    ],
)
def test_what_does_not_follow_is_not_accepted(parents: tuple[str, ...], conclusion: str) -> None:
    assert not resolves([f(text) for text in parents], f(conclusion))


def test_terms_that_grow_exponentially_do_no_harm() -> None:
    count = 60
    left = ",".join(f"X{i}" for i in range(1, count))
    right = ",".join(f"g(X{i},X{i})" for i in range(count - 1))
    one = f(f"~p(h({left}),h({right})) | q(X{count - 1})")
    start = time.process_time()
    assert not resolves([one, f("p(Y,Y)")], f("q(a)"))
    assert time.process_time() - start < 20


def test_long_clauses_are_passed_over() -> None:
    start = time.process_time()
    many = " | ".join(f"p(X{i},X{i + 1})" for i in range(200))
    assert not resolves([f(many)], f(many.replace("p(", "q(")))
    assert time.process_time() - start < 20
