"""What a formula that reads well still gets wrong: scopes, truth and equality."""

from __future__ import annotations

from typing import Final

from neurosym.translate.repair.base import Repair
from provers.logic.syntax import (
    FALSE,
    TRUE,
    And,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Var,
    Xor,
    conjunction,
    disjunction,
    free_variables,
)

_EQUALS: Final = frozenset({"equals", "equal", "equalto", "equal_to", "isequalto", "is_equal_to"})
_TRUTH: Final = {"true": TRUE, "false": FALSE}


def settle(formula: Formula) -> tuple[Formula, tuple[Repair, ...]]:
    """The formula with quantifiers widened over what they must bind, and with names that stand
    for truth and for equality as these.

    ``∀x (A(x)) → B(x)`` leaves the last ``x`` loose; nothing but the quantifier beside it can
    be meant to bind it. ``False`` as a proposition is falsity, ``Equals(a, b)`` is ``a = b``.
    """
    said: dict[Repair, None] = {}
    formula = _settled(formula, said)
    return formula, tuple(said)


def _settled(formula: Formula, said: dict[Repair, None]) -> Formula:
    match formula:
        case Pred(name, ()) if name.lower() in _TRUTH:
            said[Repair("truth", f"read the name {name} as truth or falsity")] = None
            return _TRUTH[name.lower()]
        case Pred(name, (left, right)) if name.lower() in _EQUALS and left.sort == right.sort:
            said[Repair("equality", f"read {name}(..., ...) as '='")] = None
            return Eq(left, right)
        case Not(body):
            return Not(_settled(body, said))
        case Forall(bound, body):
            return Forall(bound, _settled(body, said))
        case Exists(bound, body):
            return Exists(bound, _settled(body, said))
        case And(args):
            return conjunction(_widened(args, And, said))
        case Or(args):
            return disjunction(_widened(args, Or, said))
        case Implies(left, right) | Iff(left, right) | Xor(left, right):
            kind = type(formula)
            parts = _widened((left, right), kind, said)
            return parts[0] if len(parts) == 1 else kind(*parts)
        case _:
            return formula


def _widened(
    args: tuple[Formula, ...],
    kind: type[And] | type[Or] | type[Implies] | type[Iff] | type[Xor],
    said: dict[Repair, None],
) -> tuple[Formula, ...]:
    """The parts of a connective, from a quantifier on gathered under it where it must bind them."""
    parts = tuple(_settled(arg, said) for arg in args)
    for i, part in enumerate(parts[:-1]):
        later = frozenset().union(*map(free_variables, parts[i + 1 :]))
        bound = _bound(part)
        if not later & bound:
            continue
        names = ", ".join(sorted(v.name for v in later & bound))
        said[Repair("scope", f"widened the quantifier of {names} over what follows it")] = None
        rest = parts[i + 1 :]
        return (*parts[:i], _under(part, rest, kind, said))
    return parts


def _bound(part: Formula) -> frozenset[Var]:
    """The variables of the quantifiers that a part begins with."""
    match part:
        case Not(body):
            return _bound(body)
        case Forall(bound, body) | Exists(bound, body):
            return frozenset(bound) | _bound(body)
        case _:
            return frozenset()


def _under(
    part: Formula,
    rest: tuple[Formula, ...],
    kind: type[And] | type[Or] | type[Implies] | type[Iff] | type[Xor],
    said: dict[Repair, None],
) -> Formula:
    """``part`` with ``rest`` joined to what its quantifiers govern."""
    match part:
        case Not(Not() | Forall() | Exists() as body):
            return Not(_under(body, rest, kind, said))
        case Forall(bound, body):
            return Forall(bound, _under(body, rest, kind, said))
        case Exists(bound, body):
            return Exists(bound, _under(body, rest, kind, said))
        case _:
            return _settled(_joined((part, *rest), kind), said)


def _joined(
    parts: tuple[Formula, ...],
    kind: type[And] | type[Or] | type[Implies] | type[Iff] | type[Xor],
) -> Formula:
    if kind is And:
        return conjunction(parts)
    if kind is Or:
        return disjunction(parts)
    assert kind is not And and kind is not Or
    left, right = parts
    if kind is Implies:
        return Implies(left, right)
    return Iff(left, right) if kind is Iff else Xor(left, right)
