"""From formal text to a ``Problem``: parse, close free variables, look at the signature."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from provers.base import Problem
from provers.errors import ParseError
from provers.logic import signature
from provers.logic.formats import detect_together, parse
from provers.logic.syntax import Formula, Not, closure

FREE_VARIABLE = "free_variable"
ARITY_CONFLICT = "symbol_arity_conflict"


def read_problem(
    premises: Sequence[str], goal: str | None = None, notation: str = "auto"
) -> Problem:
    """The problem that the texts spell.

    Free variables are closed universally, as Prover9 does: in each premise, in the goal, and,
    apart from it, in the goal's negation. So a goal ``P(x)`` asks whether all are ``P``, and is
    refuted only where all are not. The flag ``free_variable`` says that this happened;
    ``symbol_arity_conflict`` that one name stands for symbols of several arities. ``auto``
    is one notation for all texts.

    Raises:
        ParseError: a text does not parse; the message begins with ``premise 2:`` or ``goal:``.
        SortError: the sorts of the formulas do not fit together.
        InputError: there is no such notation, or the texts are in several.
    """
    if notation == "auto":
        notation = detect_together([*premises, *([] if goal is None else [goal])])
    closed = [_named(f"premise {i}", text, notation) for i, text in enumerate(premises, 1)]
    goal_read = None if goal is None else _named("goal", goal, notation)
    formulas = [formula for formula, _, _ in closed]
    free = any(was_open for _, _, was_open in closed)
    conclusion = negation = None
    if goal_read is not None:
        conclusion, negated, was_open = goal_read
        formulas.append(conclusion)
        if was_open:
            negation, free = negated, True
    found = signature.infer(formulas)
    found.check()
    flags = []
    if free:
        flags.append(FREE_VARIABLE)
    if found.arity_conflicts:
        flags.append(ARITY_CONFLICT)
    return Problem(
        premises=tuple(formula for formula, _, _ in closed),
        goal=conclusion,
        negation=negation,
        flags=tuple(flags),
    )


def _named(which: str, text: str, notation: str) -> tuple[Formula, Formula, bool]:
    try:
        return _read(text, notation)
    except ParseError as error:
        raise ParseError(
            f"{which}: {error.message}",
            line=error.line,
            column=error.column,
            expected=error.expected,
            text=error.text,
        ) from error


@functools.lru_cache(maxsize=8192)
def _read(text: str, notation: str) -> tuple[Formula, Formula, bool]:
    """The closed formula, its closed negation, and whether the text had free variables."""
    formula = parse(text, notation)
    closed = closure(formula)
    return closed, closure(Not(formula)), closed is not formula
