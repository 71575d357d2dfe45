"""The forward reading: rules only make new facts, and are never used backwards.

In classical logic "if it is cold it is red" and "Bob is not red" make Bob not cold. Rule systems,
and the data sets made with them (ProofWriter: Tafjord et al. 2021), apply rules forwards only:
what no rule derives is unknown. Here each negated atom ``not red(bob)`` becomes an atom
``not_red(bob)`` of a predicate of its own. What then follows from the facts and rules is just
what applying the rules derives, and any prover can say it with its usual evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

from provers.base import Problem
from provers.logic.syntax import And, Forall, Formula, Implies, Not, Pred


def problem(premises: Sequence[Formula], goal: Formula | None) -> Problem:
    """The premises and goal in the forward reading; the goal's opposite counts as its negation.

    Raises ValueError for what is no rule or fact over literals.
    """
    read = tuple(map(apart, premises))
    return Problem(read) if goal is None else Problem(read, apart(goal), apart(Not(goal)))


def apart(formula: Formula) -> Formula:
    """``formula`` with each negated atom as an atom of a predicate of its own.

    Raises ValueError for what is no rule or fact over literals.
    """
    match formula:
        case Pred():
            return formula
        case Not(Pred(name, args)):
            return Pred(f"not_{name}", args)
        case Not(Not(body)):
            return apart(body)
        case And(args):
            return And(tuple(map(apart, args)))
        case Implies(left, right):
            return Implies(apart(left), apart(right))
        case Forall(bound, body):
            return Forall(bound, apart(body))
        case _:
            raise ValueError("the forward reading has facts and rules only")
