"""Quantifiers that compare a thing with itself where another one is meant.

"No one shares Rachel's locker" written ``ForAll([c:children], assigned(Rachel) != assigned(c))``
says of Rachel that her locker is not her locker: false whatever the lockers are. And "Juan shares a
locker" as ``Exists([c:children], assigned(Juan) == assigned(c))`` is true of Juan himself. Where
setting a variable to something makes the whole body false (``all``) or true (``some``) by
comparisons of a thing with itself alone, the variable is over the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from neurosym.runs.programs.constraints import (
    Cell,
    Constant,
    Domain,
    Expression,
    Operation,
    Over,
    Variable,
)

_Thing: TypeAlias = Variable | Constant


def others(over: Over) -> tuple[Over, tuple[tuple[str, str], ...]]:
    """The quantifier over the others, and which pairs of things are told apart."""
    pairs: list[tuple[Variable, _Thing]] = []
    wanted = over.kind == "some"
    for name, domain in over.variables:
        for thing in _rivals(over, name, domain):
            if (thing, Variable(name)) in pairs:
                continue
            if _settled(_put(over.body, {name: thing})) is wanted:
                pairs.append((Variable(name), thing))
    if not pairs:
        return over, ()
    apart = tuple(Operation("!=", pair) for pair in pairs)
    guard = apart[0] if len(apart) == 1 else Operation("and", apart)
    body = Operation("and" if wanted else "implies", (guard, over.body))
    said = tuple((_said(first), _said(second)) for first, second in pairs)
    return Over(over.kind, over.variables, body), said


def _said(thing: _Thing) -> str:
    return thing.name if isinstance(thing, Variable) else str(thing.value)


def _rivals(over: Over, name: str, domain: Domain) -> Iterator[_Thing]:
    """The things that stand where the variable stands too: beside it, in the same function."""
    spots = {
        (cell.function, place)
        for cell in _cells(over.body)
        for place, arg in enumerate(cell.args)
        if arg == Variable(name)
    }
    seen: set[_Thing] = set()
    for cell in _cells(over.body):
        for place, arg in enumerate(cell.args):
            if (cell.function, place) not in spots or arg == Variable(name):
                continue
            known = isinstance(arg, Variable) or (
                isinstance(arg, Constant) and arg.value in domain.values
            )
            if known and isinstance(arg, Variable | Constant) and arg not in seen:
                seen.add(arg)
                yield arg


def _cells(expression: Expression) -> Iterator[Cell]:
    """The cells that no inner quantifier stands over."""
    match expression:
        case Cell(_, args):
            yield expression
            for arg in args:
                yield from _cells(arg)
        case Operation(_, args):
            for arg in args:
                yield from _cells(arg)
        case _:
            return


def _put(expression: Expression, by: Mapping[str, Expression]) -> Expression:
    match expression:
        case Variable(name):
            return by.get(name, expression)
        case Cell(function, args):
            return Cell(function, tuple(_put(arg, by) for arg in args))
        case Operation(operator, args):
            return Operation(operator, tuple(_put(arg, by) for arg in args))
        case _:
            return expression


def _settled(expression: Expression) -> bool | None:
    """The truth that follows from ``x == x`` alone."""
    match expression:
        case Operation("==" | "<=" | ">=", (left, right)) if left == right:
            return True
        case Operation("!=" | "<" | ">", (left, right)) if left == right:
            return False
        case Operation("not", (body,)):
            inner = _settled(body)
            return None if inner is None else not inner
        case Operation("and", args):
            return _junction([_settled(arg) for arg in args], neutral=True)
        case Operation("or", args):
            return _junction([_settled(arg) for arg in args], neutral=False)
        case Operation("implies", (left, right)):
            before = _settled(left)
            return _junction([None if before is None else not before, _settled(right)], False)
        case _:
            return None


def _junction(parts: list[bool | None], neutral: bool) -> bool | None:
    if (not neutral) in parts:
        return not neutral
    return neutral if parts and all(part is neutral for part in parts) else None
