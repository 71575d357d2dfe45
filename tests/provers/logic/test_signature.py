"""Symbols, sorts and conflicts."""

from __future__ import annotations

import pytest

from provers.errors import SortError
from provers.logic.signature import ArityConflict, Symbol, infer
from provers.logic.syntax import (
    INDIVIDUAL,
    INT,
    REAL,
    Apply,
    Arith,
    Compare,
    Eq,
    Forall,
    Pred,
    Var,
)

x = Var("x")
a = Apply("a")
real = Apply("r", (), REAL)


def test_symbols_and_sorts() -> None:
    found = infer([Forall((x,), Pred("P", (Apply("f", (x,)), real))), Pred("Q")])
    assert found.functions == (
        Symbol("function", "f", (INDIVIDUAL,), INDIVIDUAL),
        Symbol("function", "r", (), REAL),
    )
    assert found.predicates == (
        Symbol("predicate", "P", (INDIVIDUAL, REAL), None),
        Symbol("predicate", "Q", (), None),
    )
    assert found.sorts == (INDIVIDUAL, REAL)
    assert not (found.arity_conflicts or found.kind_clashes or found.sort_conflicts)
    found.check()


def test_two_arities_are_two_symbols_and_listed() -> None:
    found = infer([Pred("P", (a,)), Pred("P", (a, a)), Pred("Q", (Apply("f", (a,)), Apply("f")))])
    assert found.arity_conflicts == (
        ArityConflict("function", "f", (0, 1)),
        ArityConflict("predicate", "P", (1, 2)),
    )
    assert str(found.arity_conflicts[1]) == "predicate P has 1 and 2 arguments"
    assert len(found.predicates) == 3
    found.check()


def test_one_name_of_both_kinds() -> None:
    assert infer([Pred("P", (Apply("Q", (a,)),)), Pred("Q", (a,))]).kind_clashes == (("Q", 1),)
    assert infer([Pred("P", (Apply("Q"),)), Pred("Q", (a,))]).kind_clashes == ()


@pytest.mark.parametrize(
    ("formulas", "named"),
    [
        ([Pred("P", (a,)), Pred("P", (real,))], "predicate P: Individual but also predicate P"),
        ([Pred("P", (a,)), Eq(Apply("a", (), REAL), real)], "function a: () -> Individual"),
        ([Eq(a, real)], "an equation of a (Individual) and r (Real)"),
        ([Compare("<", a, a)], "'<' between a (Individual)"),
        ([Compare("<", real, Apply("i", (), INT))], "i (Int)"),
        ([Eq(real, Arith("+", (real, a)))], "'+' of sort Real over a (Individual)"),
        ([Eq(real, Arith("/", (real, real), INT))], "'/' of sort Int"),
    ],
)
def test_sorts_that_do_not_fit(formulas: list, named: str) -> None:
    with pytest.raises(SortError) as caught:
        infer(formulas).check()
    assert named in str(caught.value)
