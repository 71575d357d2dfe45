"""One step of resolution, checked without a solver.

Provers' derivations consist mostly of such steps; some of them, self-resolutions of deep terms
above all, are hard for an SMT solver's instantiation and trivial here (Robinson 1965).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from provers.logic.syntax import (
    And,
    Apply,
    Eq,
    Forall,
    Formula,
    Not,
    Or,
    Pred,
    Term,
    Truth,
    Var,
    substitute,
)

_Literal: TypeAlias = tuple[bool, str, tuple[Term, ...]]
_Clause: TypeAlias = tuple[_Literal, ...]
_Binding: TypeAlias = dict[Var, Term]

MAX_LITERALS: Final = 12
MAX_CLAUSES: Final = 24
_MAX_MATCHES: Final = 20_000
# Unified terms share parts and may be exponentially large once written out.
_MAX_SIZE: Final = 5_000
_MAX_DEPTH: Final = 300


def resolves(parents: Sequence[Formula], conclusion: Formula) -> bool:
    """Whether ``conclusion`` is a weaker or equal form of a parent's clause or of a resolvent.

    The formulas are closed; what is not a (conjunction of) universally closed clauses is passed
    over. False says nothing.
    """
    goal = _clauses(conclusion, None)
    if goal is None or len(goal) != 1:
        return False
    wanted = goal[0]
    given: list[_Clause] = []
    for number, parent in enumerate(parents):
        given += _clauses(parent, f"\x00{number}_") or ()
    if len(given) > MAX_CLAUSES or any(len(c) > MAX_LITERALS for c in [wanted, *given]):
        return any(len(c) == 1 and _subsumes(c, wanted) for c in given)
    if any(_subsumes(clause, wanted) for clause in given):
        return True
    pairs = itertools.combinations(given, 2)
    return any(
        _subsumes(resolvent, wanted) for one, two in pairs for resolvent in _resolvents(one, two)
    )


# --- clauses -------------------------------------------------------------------------------


def _clauses(formula: Formula, prefix: str | None) -> list[_Clause] | None:
    """The clauses of a formula, each with variables of its own; constants where no prefix."""
    counter = itertools.count()
    while isinstance(formula, Forall):
        new: dict[Var, Term] = {}
        for var in formula.vars:
            name = f"{prefix or chr(0)}{next(counter)}"
            new[var] = Apply(name, (), var.sort) if prefix is None else Var(name, var.sort)
        formula = substitute(formula.body, new)
    found = []
    for number, part in enumerate(_flat(formula, And)):
        literals = []
        for member in _flat(part, Or):
            literal = _literal(member)
            if literal is None:
                return None
            if literal[1] != "\x00false":
                literals.append(literal)
        clause = tuple(dict.fromkeys(literals))
        found.append(_apart(clause, f"{prefix}{number}_") if prefix is not None else clause)
    return found


def _flat(formula: Formula, kind: type[And] | type[Or]) -> Iterator[Formula]:
    stack = [formula]
    while stack:
        top = stack.pop()
        if isinstance(top, kind):
            stack.extend(reversed(top.args))
        else:
            yield top


def _literal(formula: Formula) -> _Literal | None:
    positive = True
    while isinstance(formula, Not):
        formula, positive = formula.body, not positive
    match formula:
        case Pred(name, args):
            return positive, f"p{name}", args
        case Eq(left, right):
            return positive, "=", (left, right)
        case Truth(value) if value is not positive:
            return True, "\x00false", ()
        case _:
            return None


def _apart(clause: _Clause, prefix: str) -> _Clause:
    """The clause's variables called differently from those of every other clause."""
    names: dict[Var, Var] = {}

    def term(old: Term) -> Term:
        if isinstance(old, Var):
            return names.setdefault(old, Var(f"{prefix}{len(names)}", old.sort))
        if isinstance(old, Apply):
            return Apply(old.name, tuple(map(term, old.args)), old.sort)
        return old

    return tuple((sign, name, tuple(map(term, args))) for sign, name, args in clause)


# --- unification and matching --------------------------------------------------------------


def _resolvents(one: _Clause, two: _Clause) -> Iterator[_Clause]:
    for first, second in itertools.product(one, two):
        if first[0] is second[0] or first[1] != second[1]:
            continue
        for args in _oriented(second):
            binding: _Binding = {}
            if len(first[2]) == len(args) and all(
                _unify(a, b, binding) for a, b in zip(first[2], args, strict=True)
            ):
                rest = [x for x in one if x != first] + [x for x in two if x != second]
                if not _small([t for _, _, terms in rest for t in terms], binding):
                    continue
                yield tuple(
                    dict.fromkeys(
                        (s, n, tuple(_applied(t, binding) for t in a)) for s, n, a in rest
                    )
                )


def _oriented(literal: _Literal) -> tuple[tuple[Term, ...], ...]:
    _, name, args = literal
    return (args, args[::-1]) if name == "=" else (args,)


def _unify(left: Term, right: Term, binding: _Binding) -> bool:
    stack = [(left, right)]
    steps = 0
    while stack:
        steps += 1
        if steps > _MAX_SIZE:
            return False
        a, b = stack.pop()
        while isinstance(a, Var) and a in binding:
            a = binding[a]
        while isinstance(b, Var) and b in binding:
            b = binding[b]
        if a == b:
            continue
        if isinstance(b, Var) and not isinstance(a, Var):
            a, b = b, a
        if isinstance(a, Var):
            if a.sort != b.sort or _occurs(a, b, binding):
                return False
            binding[a] = b
        elif (
            isinstance(a, Apply)
            and isinstance(b, Apply)
            and (a.name, len(a.args), a.sort) == (b.name, len(b.args), b.sort)
        ):
            stack.extend(zip(a.args, b.args, strict=True))
        else:
            return False
    return True


def _occurs(var: Var, term: Term, binding: _Binding) -> bool:
    stack = [term]
    seen: set[Var] = set()
    while stack:
        top = stack.pop()
        if isinstance(top, Var):
            if top == var:
                return True
            if top in binding and top not in seen:
                seen.add(top)
                stack.append(binding[top])
        elif isinstance(top, Apply):
            stack.extend(top.args)
    return False


def _small(terms: Sequence[Term], binding: _Binding) -> bool:
    """Whether the terms, written out, are of a size that may be handled."""
    stack = [(term, 1) for term in terms]
    size = 0
    while stack:
        term, level = stack.pop()
        size += 1
        if size > _MAX_SIZE or level > _MAX_DEPTH:
            return False
        while isinstance(term, Var) and term in binding:
            term = binding[term]
        if isinstance(term, Apply):
            stack.extend((arg, level + 1) for arg in term.args)
    return True


def _applied(term: Term, binding: _Binding) -> Term:
    while isinstance(term, Var) and term in binding:
        term = binding[term]
    if isinstance(term, Apply) and term.args:
        return Apply(term.name, tuple(_applied(arg, binding) for arg in term.args), term.sort)
    return term


def _subsumes(clause: _Clause, wanted: _Clause) -> bool:
    """Whether some instance of ``clause`` has only literals of the ground clause ``wanted``."""
    budget = itertools.count()

    def match(number: int, binding: _Binding) -> bool:
        if number == len(clause):
            return True
        sign, name, args = clause[number]
        for target in wanted:
            if target[0] is not sign or target[1] != name or len(target[2]) != len(args):
                continue
            for other in _oriented(target):
                if next(budget) > _MAX_MATCHES:
                    return False
                more = dict(binding)
                if all(_unify(a, b, more) for a, b in zip(args, other, strict=True)) and match(
                    number + 1, more
                ):
                    return True
        return False

    return match(0, {})
