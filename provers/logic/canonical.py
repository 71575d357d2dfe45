"""One form for formulas that differ in nothing but the names of bound variables."""

from __future__ import annotations

from provers.logic.syntax import (
    And,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Term,
    Var,
    Xor,
    substitute,
)


def canonical(formula: Formula, level: int = 0) -> Formula:
    """The formula with bound variables named by nesting, and double negations removed.

    Two formulas with the same canonical form say the same.
    """
    match formula:
        case Not(Not(body)):
            return canonical(body, level)
        case Not(body):
            return Not(canonical(body, level))
        case And(args):
            return And(tuple(sorted((canonical(a, level) for a in args), key=repr)))
        case Or(args):
            return Or(tuple(sorted((canonical(a, level) for a in args), key=repr)))
        case Implies(left, right):
            return Implies(canonical(left, level), canonical(right, level))
        case Iff(left, right):
            return Iff(canonical(left, level), canonical(right, level))
        case Xor(left, right):
            return Xor(canonical(left, level), canonical(right, level))
        case Forall(bound, body) | Exists(bound, body):
            # A name that no text can hold, so that it captures nothing.
            fresh = tuple(Var(f"\0{level + i}", v.sort) for i, v in enumerate(bound))
            by: dict[Var, Term] = dict(zip(bound, fresh, strict=True))
            inner = canonical(substitute(body, by), level + len(bound))
            return Forall(fresh, inner) if isinstance(formula, Forall) else Exists(fresh, inner)
        case _:
            return formula
