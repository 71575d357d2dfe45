"""Forward chaining over facts and rules: how deep the shortest derivation of a claim is.

The depth is ProofWriter's (Tafjord, Dalvi and Clark, "ProofWriter", Findings of ACL 2021): a fact
has depth 0, and what a rule concludes is one deeper than the deepest of its conditions. A negated
fact is a literal like any other; nothing is taken for false because it was not derived.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from provers.base import Outcome
from provers.logic.syntax import (
    And,
    Apply,
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
    negate,
    substitute,
    terms,
    walk,
)

Literal: TypeAlias = Formula
"""A ``Pred`` or the ``Not`` of one."""

MOST_INSTANCES: Final = 5_000
"""Ground instances of one formula; one with more takes no part in chaining."""

MOST_TOGETHER: Final = 100_000
"""Ground instances of all formulas; nothing is derived from more."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A literal that follows from literals; from none, if it is a fact."""

    conditions: tuple[Literal, ...]
    conclusion: Literal


def is_literal(formula: Formula) -> bool:
    return isinstance(formula, Pred) or (
        isinstance(formula, Not) and isinstance(formula.body, Pred)
    )


def literals(formula: Formula) -> tuple[Literal, ...] | None:
    """The literals of a conjunction or of one literal; None for anything else."""
    parts = formula.args if isinstance(formula, And) else (formula,)
    return parts if all(map(is_literal, parts)) else None


@lru_cache(maxsize=8192)
def rules(formula: Formula) -> tuple[Rule, ...]:
    """The formula as rules, variables free; empty where it is none, or not only quantified at the
    top.
    """
    body = formula.body if isinstance(formula, Forall) else formula
    if any(isinstance(part, Forall | Exists) for part in walk(body)):
        return ()
    match body:
        case Implies(left, right):
            heads = literals(right)
            cases = left.args if isinstance(left, Or) else (left,)
            bodies = [literals(case) for case in cases]
            if heads is None or None in bodies:
                return ()
            return tuple(Rule(b, head) for b in bodies if b is not None for head in heads)
        case Iff(left, right):
            return (*rules(Implies(left, right)), *rules(Implies(right, left)))
        case _:
            return tuple(Rule((), head) for head in literals(body) or ())


def individuals(formulas: Iterable[Formula]) -> tuple[Apply, ...]:
    """The constants of the formulas, by name."""
    found = {t for f in formulas for t in terms(f) if isinstance(t, Apply) and not t.args}
    return tuple(sorted(found, key=lambda one: one.name))


@lru_cache(maxsize=2048)
def _instances(formula: Formula, over: tuple[Apply, ...]) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for rule in rules(formula):
        parts = (*rule.conditions, rule.conclusion)
        free = sorted(
            {t for part in parts for t in terms(part) if isinstance(t, Var)}, key=lambda v: v.name
        )
        if len(over) ** len(free) > MOST_INSTANCES:
            return ()
        for values in itertools.product(over, repeat=len(free)):
            by: dict[Var, Term] = dict(zip(free, values, strict=True))
            conditions = tuple(substitute(one, by) for one in rule.conditions)
            found.append(Rule(conditions, substitute(rule.conclusion, by)))
    return tuple(found)


def depths(formulas: Sequence[Formula], also: Iterable[Apply] = ()) -> dict[Literal, int]:
    """The depth of each ground literal that chaining derives, over the formulas' constants and
    ``also``.
    """
    over = tuple(sorted({*individuals(formulas), *also}, key=lambda one: one.name))
    waiting: list[Rule] = []
    for formula in formulas:
        waiting += _instances(formula, over)
        if len(waiting) > MOST_TOGETHER:
            return {}
    known: dict[Literal, int] = {}
    for level in itertools.count():
        new: set[Literal] = set()
        left: list[Rule] = []
        for rule in waiting:
            if rule.conclusion in known:
                continue
            if all(condition in known for condition in rule.conditions):
                new.add(rule.conclusion)
            else:
                left.append(rule)
        if not new:
            break
        known.update(dict.fromkeys(new, level))
        waiting = left
    return known


def contradiction(known: Mapping[Literal, int]) -> int | None:
    """The depth at which something is first derived together with its negation."""
    both = [max(level, known[negate(one)]) for one, level in known.items() if negate(one) in known]
    return min(both, default=None)


def depth(premises: Sequence[Formula], claim: Formula, label: Outcome) -> int | None:
    """How deep the derivation is that the label stands for: of the claim, of its negation, or of a
    contradiction.

    None where chaining has none, as for what follows only by contraposition or by cases, and for
    what is independent.
    """
    match label:
        case Outcome.PROVED:
            return derived(premises, claim)
        case Outcome.REFUTED:
            return derived(premises, denial(claim))
        case Outcome.INCONSISTENT:
            return contradiction(depths(premises))
        case _:
            return None


def derived(premises: Sequence[Formula], claim: Formula) -> int | None:
    """The depth of a literal, a conjunction or disjunction, a rule (of what its conditions, taken
    as facts of a new individual, give) or an existential statement; None if it is not derived.
    """
    match claim:
        case Forall(bound, Implies(left, right)):
            fresh = tuple(Apply(f"\0{i}") for i in range(len(bound)))
            by: dict[Var, Term] = dict(zip(bound, fresh, strict=True))
            return derived(premises, Implies(substitute(left, by), substitute(right, by)))
        case Implies(left, right):
            if literals(left) is None:
                return None
            return derived((*premises, left), right)
        case _:
            over = individuals((*premises, claim))
            return _least(depths(premises, over), claim, over)


def _least(known: Mapping[Literal, int], claim: Formula, over: tuple[Apply, ...]) -> int | None:
    match claim:
        case Exists(bound, body) if len(over) ** len(bound) <= MOST_INSTANCES:
            cases = [
                _least(known, substitute(body, dict(zip(bound, values, strict=True))), over)
                for values in itertools.product(over, repeat=len(bound))
            ]
            return min((one for one in cases if one is not None), default=None)
        case And(args):
            parts = [known.get(one) for one in args]
            found = [one for one in parts if one is not None]
            return max(found) if len(found) == len(parts) else None
        case Or(args):
            return min((known[one] for one in args if one in known), default=None)
        case _:
            return known.get(claim)


def denial(claim: Formula) -> Formula:
    """What is equivalent to the negation, with the quantifier or connective outside."""
    match claim:
        case Not(body):
            return body
        case Forall(bound, body):
            return Exists(bound, denial(body))
        case Implies(left, right):
            return And((*(left.args if isinstance(left, And) else (left,)), denial(right)))
        case Exists(bound, And(args)):
            *conditions, last = args
            left = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
            return Forall(bound, Implies(left, negate(last)))
        case And(args):
            return Or(tuple(map(negate, args)))
        case Or(args):
            return And(tuple(map(negate, args)))
        case _:
            return Not(claim)
