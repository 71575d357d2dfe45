"""One formula made into another, atom by atom."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from provers.logic.syntax import (
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
    Or,
    Pred,
    Term,
    Var,
    Xor,
    walk,
)


def replace_atoms(
    formula: Formula,
    atom: Callable[[Formula], Formula],
    bound: Callable[[Var], Var] = lambda var: var,
) -> Formula:
    """``formula`` with ``atom`` of each atom, and ``bound`` of each variable of a quantifier."""

    def inner(part: Formula) -> Formula:
        return replace_atoms(part, atom, bound)

    match formula:
        case Not(body):
            return Not(inner(body))
        case And(args):
            return And(tuple(map(inner, args)))
        case Or(args):
            return Or(tuple(map(inner, args)))
        case Implies(left, right):
            return Implies(inner(left), inner(right))
        case Iff(left, right):
            return Iff(inner(left), inner(right))
        case Xor(left, right):
            return Xor(inner(left), inner(right))
        case Forall(variables, body):
            return Forall(tuple(map(bound, variables)), inner(body))
        case Exists(variables, body):
            return Exists(tuple(map(bound, variables)), inner(body))
        case _:
            return atom(formula)


def rename_symbols(
    formula: Formula,
    predicate: Callable[[str, int], str] | None = None,
    function: Callable[[str, int], str] | None = None,
) -> Formula:
    """``formula`` with each symbol's name replaced by what is made of its name and arity."""

    def terms(some: tuple[Term, ...]) -> tuple[Term, ...]:
        return some if function is None else tuple(term(one) for one in some)

    def term(one: Term) -> Term:
        match one:
            case Apply(name, args, sort) if function is not None:
                return Apply(function(name, len(args)), terms(args), sort)
            case Arith(op, args, sort):
                return Arith(op, terms(args), sort)
            case _:
                return one

    def atom(one: Formula) -> Formula:
        match one:
            case Pred(name, args):
                new = name if predicate is None else predicate(name, len(args))
                return Pred(new, terms(args))
            case Eq(left, right):
                return Eq(*terms((left, right)))
            case Compare(op, left, right):
                return Compare(op, *terms((left, right)))
            case _:
                return one

    return replace_atoms(formula, atom)


def predicates(formulas: tuple[Formula, ...]) -> Iterator[Pred]:
    """Every atom with a predicate, as often as it stands there."""
    for formula in formulas:
        for sub in walk(formula):
            if isinstance(sub, Pred):
                yield sub
