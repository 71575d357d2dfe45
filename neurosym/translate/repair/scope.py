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
    subformulas,
    walk,
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
    if kind is Implies and isinstance(parts[0], Forall):
        # "∀x (Book(x) ∧ By(x, y)) → Author(y)": a rule about one y and its x.
        shared = free_variables(parts[0]) & free_variables(parts[1])
        if shared and not frozenset(parts[0].vars) & free_variables(parts[1]):
            names = ", ".join(sorted(v.name for v in parts[0].vars))
            said[Repair("scope", f"widened the quantifier of {names} over the whole rule")] = None
            return (_under(parts[0], parts[1:], kind, said),)
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


def bind_loose(formula: Formula) -> tuple[Formula, tuple[Repair, ...]]:
    """The formula with those free variables bound that can only be "some" thing.

    In ``∀x (Author(x) → Wrote(x, y))`` nothing but the consequence speaks of ``y``, in
    ``∃x (Author(x) ∧ Wrote(x, y))`` nothing outside what the quantifier governs, and in
    ``Wrote(ann, y) ∨ Paints(ann)`` one alternative alone: closed for all ``y`` they would say that
    an author wrote everything. What is free otherwise stays free.
    """
    said: dict[Repair, None] = {}
    for variable in sorted(free_variables(formula), key=lambda v: v.name):
        bound = _some(formula, variable)
        if bound is not None:
            message = f"read {variable.name}, which nothing binds, as some {variable.name}"
            said[Repair("quantifier", message)] = None
            formula = bound
    return formula, tuple(said)


def is_loose(formula: Formula) -> bool:
    """Whether a free variable may be meant otherwise than for all.

    It is plainly for all where every atom speaks of it (``Kind(x) ∨ Evil(x)``), and where a rule's
    condition does: there "some" in the condition alone comes to the same.
    """
    bare = formula
    while isinstance(bare, Forall):
        bare = bare.body
    atoms = [part for part in walk(bare) if not subformulas(part)]
    for variable in free_variables(formula):
        if isinstance(bare, Implies) and variable in free_variables(bare.left):
            continue
        if not all(variable in free_variables(atom) for atom in atoms):
            return True
    return False


def _some(formula: Formula, variable: Var) -> Formula | None:
    """The formula with "some" put where the variable is said alone; None where it is not."""
    match formula:
        case Forall(bound, body):
            inner = _some(body, variable)
            return None if inner is None else Forall(bound, inner)
        case Implies(left, right) if variable not in free_variables(left):
            return Implies(left, _narrowest(right, variable))
        case Implies():
            return None
        case Not(body):
            inner = _some(body, variable)
            return None if inner is None else Not(inner)
        case And(args):
            places = [i for i, arg in enumerate(args) if variable in free_variables(arg)]
            inner = _some(args[places[0]], variable) if len(places) == 1 else None
            if inner is None:
                return None
            return conjunction((*args[: places[0]], inner, *args[places[0] + 1 :]))
        case Exists(bound, body):
            return Exists(bound, _narrowest(body, variable))
        case Or() | Xor() | Iff():
            whole = _narrowest(formula, variable)
            return None if isinstance(whole, Exists) else whole
        case _:
            return None


def _narrowest(formula: Formula, variable: Var) -> Formula:
    """``Exists`` over the smallest part that holds every occurrence of the variable."""
    match formula:
        case Not(body):
            return Not(_narrowest(body, variable))
        case Forall(bound, body):
            return Forall(bound, _narrowest(body, variable))
        case Exists(bound, body):
            return Exists(bound, _narrowest(body, variable))
        case And(args) | Or(args):
            places = [i for i, arg in enumerate(args) if variable in free_variables(arg)]
            if len(places) == 1:
                at = places[0]
                parts = (*args[:at], _narrowest(args[at], variable), *args[at + 1 :])
                return conjunction(parts) if isinstance(formula, And) else disjunction(parts)
        case Xor(left, right) | Iff(left, right):
            kind = type(formula)
            if variable not in free_variables(left):
                return kind(left, _narrowest(right, variable))
            if variable not in free_variables(right):
                return kind(_narrowest(left, variable), right)
    return Exists((variable,), formula)


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
