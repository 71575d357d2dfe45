"""Bounded finite model finding: quantifiers written out over small domains.

For problems whose models a solver's quantifier engine does not find. Every uninterpreted sort
gets ``n`` elements, for n = 1, 2, ...; quantifiers become conjunctions and disjunctions, each
function value is one of the elements, and what remains has no quantifiers (the approach of
Mace4 and Paradox: McCune 2003; Claessen and Sorensson 2003). A model that comes back is
evaluated on the original formulas before anybody sees it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from provers.base import Limits
from provers.logic.formats import smtlib
from provers.logic.models import Model
from provers.logic.syntax import (
    NUMERIC,
    And,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Sort,
    Term,
    Var,
    Xor,
    conjunction,
    disjunction,
    substitute,
    terms,
    walk,
)
from provers.solver import Question, Solver, Timer

MAX_SIZE = 6
MAX_NODES = 60_000
_ELEMENT = "\x00element"


class _TooLarge(Exception):
    """The grounded problem would be too large, or take too long to write out."""


def find(solver: Solver, formulas: Sequence[Formula], timer: Timer, limits: Limits) -> Model | None:
    """A model of all ``formulas`` with at most six elements a sort, or None.

    None says nothing: larger models may exist, or time ran out.
    """
    sorts = _sorts(formulas)
    if sorts is None:
        return None
    for size in range(1, MAX_SIZE + 1):
        domains = {
            sort: tuple(Apply(f"{_ELEMENT}{i} {sort}", (), sort) for i in range(size))
            for sort in sorts
        }
        try:
            grounded = _Grounding(domains, timer).problem(formulas)
        except _TooLarge:
            return None
        # What comes back is evaluated on the original formulas, not on the grounded ones.
        answer = solver.decide_texts(
            smtlib.declarations([grounded]),
            {"all": smtlib.write_formula(grounded)},
            [Question({"all": conjunction(tuple(formulas))})],
            timer,
            limits,
        )[0]
        if answer.status == "sat" and answer.model is not None:
            return _without_elements(answer.model)
    return None


def _without_elements(model: Model) -> Model:
    """The model without the constants that stood for its elements."""
    functions = {k: t for k, t in model.functions.items() if not k[0].startswith(_ELEMENT)}
    return Model(model.domains, functions, model.predicates)


def _sorts(formulas: Sequence[Formula]) -> tuple[Sort, ...] | None:
    """The uninterpreted sorts; None where a quantifier or function involves numbers."""
    found: dict[Sort, None] = {}
    for formula in formulas:
        for sub in walk(formula):
            if isinstance(sub, Forall | Exists):
                found.update({var.sort: None for var in sub.vars})
        for term in terms(formula):
            if isinstance(term, Apply):
                found[term.sort] = None
    return None if any(sort in NUMERIC for sort in found) else tuple(found)


class _Grounding:
    """Writes formulas out over given domain elements."""

    def __init__(self, domains: dict[Sort, tuple[Apply, ...]], timer: Timer) -> None:
        self.domains = domains
        self.timer = timer
        self.nodes = 0

    def problem(self, formulas: Sequence[Formula]) -> Formula:
        """All formulas, distinct elements, and totality of every function over the elements."""
        parts = [self.formula(f, {}) for f in formulas]
        for elements in self.domains.values():
            parts += [Not(Eq(a, b)) for a, b in itertools.combinations(elements, 2)]
        functions = {
            (t.name, tuple(a.sort for a in t.args), t.sort)
            for f in formulas
            for t in terms(f)
            if isinstance(t, Apply)
        }
        for name, sorts, result in sorted(functions, key=str):
            for args in itertools.product(*(self.domains[s] for s in sorts)):
                value = Apply(name, args, result)
                self._count(len(self.domains[result]))
                parts.append(disjunction(tuple(Eq(value, e) for e in self.domains[result])))
        return conjunction(tuple(parts))

    def _count(self, nodes: int = 1) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES or (self.nodes % 256 < nodes and self.timer.left <= 0):
            raise _TooLarge

    def formula(self, formula: Formula, by: dict[Var, Term]) -> Formula:
        """The formula with its quantifiers written out and its variables replaced."""
        self._count()
        match formula:
            case Not(body):
                return Not(self.formula(body, by))
            case And(args):
                return conjunction(tuple(self.formula(arg, by) for arg in args))
            case Or(args):
                return disjunction(tuple(self.formula(arg, by) for arg in args))
            case Implies(left, right):
                return Implies(self.formula(left, by), self.formula(right, by))
            case Iff(left, right):
                return Iff(self.formula(left, by), self.formula(right, by))
            case Xor(left, right):
                return Xor(self.formula(left, by), self.formula(right, by))
            case Forall(bound, body) | Exists(bound, body):
                choices = itertools.product(*(self.domains[v.sort] for v in bound))
                copies = tuple(
                    self.formula(body, {**by, **dict(zip(bound, choice, strict=True))})
                    for choice in choices
                )
                return (conjunction if isinstance(formula, Forall) else disjunction)(copies)
            case _:
                return substitute(formula, by)
