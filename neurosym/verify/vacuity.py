"""Whether a verdict says nothing: the claim is empty, or its hypotheses are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from neurosym.verify.base import Claim
from neurosym.verify.values import is_computation, is_reflexive, numbers, results
from provers.base import Outcome, Problem, Refutation, Result
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    TRUE,
    And,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
)

VACUOUS = "vacuous"


def flags(problem: Problem, result: Result, prove: Callable[[Problem], Result]) -> tuple[str, ...]:
    """``("vacuous",)`` for a goal that is ``True``, a tautology, a restated hypothesis, or a
    conditional whose condition the premises exclude, and for contradictory hypotheses.

    A closed computation follows from nothing and is not vacuous: it is the claim itself, unless
    it ``says_nothing``.
    """
    if result.outcome is Outcome.INCONSISTENT:
        return (VACUOUS,)
    goal = problem.goal
    if result.outcome is not Outcome.PROVED or goal is None:
        return ()
    empty = (
        goal == TRUE
        or (not is_computation(goal) and _is_tautology(goal, result, prove))
        or _is_restated(goal, problem.premises)
        or _is_excluded(goal, problem, prove)
    )
    return (VACUOUS,) if empty else ()


def says_nothing(claim: Claim) -> bool:
    """Whether all that is claimed is that something is itself: ``42 = 42``.

    ``500 cents = 5 dollars`` comes to the same formula but says something; it is told by a
    second number in the text.
    """
    if not is_reflexive(claim.formula):
        return False
    if not is_computation(claim.formula):
        return True
    written = numbers(claim.text)
    values = set(results(claim.formula))
    return not any(written.count(v) < 2 for v in values) or set(written) <= values


def _is_tautology(goal: Formula, result: Result, prove: Callable[[Problem], Result]) -> bool:
    """Whether the goal follows from nothing; a minimal core tells without asking again."""
    if isinstance(result.evidence, Refutation):
        if not result.evidence.used:
            return True
        if result.evidence.minimal:
            return False
    return prove(Problem((), goal)).outcome is Outcome.PROVED


def _is_restated(goal: Formula, premises: Iterable[Formula]) -> bool:
    """Whether each part of the goal is a part of a premise, up to the names of variables."""
    given = {canonical(part) for premise in premises for part in _parts(premise)}
    return all(canonical(part) in given for part in _parts(goal))


def _is_excluded(goal: Formula, problem: Problem, prove: Callable[[Problem], Result]) -> bool:
    """Whether the goal is conditional and the premises say that its condition never holds."""
    condition = _condition(goal)
    if condition is None:
        return False
    return prove(Problem(problem.premises, Not(condition))).outcome is Outcome.PROVED


def _condition(goal: Formula) -> Formula | None:
    match goal:
        case Implies(left, _):
            return left
        case Forall(bound, Implies(left, _)):
            return Exists(bound, left)
        case _:
            return None


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.args if isinstance(formula, And) else (formula,)
