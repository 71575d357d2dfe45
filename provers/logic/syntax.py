"""Many-sorted first-order logic with equality and arithmetic: frozen syntax and substitution.

Terms carry their sort; formulas are not terms. Names are arbitrary text: a printer, not this
module, decides how a name is spelled in its notation. A symbol is identified by kind (function
or predicate), name and arity, so ``Dog`` the constant and ``Dog(x)`` the predicate are two
symbols.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort (type) of individuals; ``INT`` and ``REAL`` are the interpreted ones."""

    name: str

    def __str__(self) -> str:
        return self.name


INDIVIDUAL: Final = Sort("Individual")
INT: Final = Sort("Int")
REAL: Final = Sort("Real")
NUMERIC: Final = frozenset({INT, REAL})

ArithOp: TypeAlias = Literal["+", "-", "*", "/"]
CompareOp: TypeAlias = Literal["<", "<=", ">", ">="]


# --- terms ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Var:
    """A variable occurrence; bound by the innermost quantifier over the same name and sort."""

    name: str
    sort: Sort = INDIVIDUAL


@dataclass(frozen=True, slots=True)
class Apply:
    """An uninterpreted function applied to arguments; a constant has none."""

    name: str
    args: tuple[Term, ...] = ()
    sort: Sort = INDIVIDUAL


@dataclass(frozen=True, slots=True)
class Number:
    """An exact numeral of sort ``INT`` or ``REAL`` (``REAL`` values are rationals)."""

    value: Fraction
    sort: Sort = REAL

    def __post_init__(self) -> None:
        if self.sort == INT and self.value.denominator != 1:
            raise ValueError(f"{self.value} is not an integer")


@dataclass(frozen=True, slots=True)
class Arith:
    """``+``, ``-``, ``*`` over one numeric sort, or ``/`` over ``REAL``.

    ``+`` and ``*`` take two or more arguments, ``-`` one (negation) or two, ``/`` two.
    Division by zero is a term with no fixed value, as in SMT-LIB; evaluation refuses it.
    """

    op: ArithOp
    args: tuple[Term, ...]
    sort: Sort = REAL


Term: TypeAlias = Var | Apply | Number | Arith


# --- formulas ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """``TRUE`` or ``FALSE``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Pred:
    """An uninterpreted predicate applied to arguments; a proposition has none."""

    name: str
    args: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Eq:
    """Equality of two terms of one sort."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Compare:
    """An order between two numeric terms of one sort."""

    op: CompareOp
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Not:
    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction of two or more formulas."""

    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Inclusive disjunction of two or more formulas."""

    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Xor:
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Forall:
    """Universal quantifier over one or more distinct variables."""

    vars: tuple[Var, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    """Existential quantifier over one or more distinct variables."""

    vars: tuple[Var, ...]
    body: Formula


Atom: TypeAlias = Truth | Pred | Eq | Compare
Formula: TypeAlias = Atom | Not | And | Or | Implies | Iff | Xor | Forall | Exists

TRUE: Final = Truth(True)
FALSE: Final = Truth(False)


# --- construction --------------------------------------------------------------------------


def conjunction(args: tuple[Formula, ...]) -> Formula:
    """``args`` joined by *and*, nested conjunctions flattened; ``TRUE`` when there is none."""
    flat = tuple(_flatten(args, And))
    return TRUE if not flat else flat[0] if len(flat) == 1 else And(flat)


def disjunction(args: tuple[Formula, ...]) -> Formula:
    """``args`` joined by *or*, nested disjunctions flattened; ``FALSE`` when there is none."""
    flat = tuple(_flatten(args, Or))
    return FALSE if not flat else flat[0] if len(flat) == 1 else Or(flat)


def _flatten(args: tuple[Formula, ...], kind: type[And] | type[Or]) -> Iterator[Formula]:
    for arg in args:
        if isinstance(arg, kind):
            yield from arg.args
        else:
            yield arg


def negate(formula: Formula) -> Formula:
    """The negation, without stacking two ``Not``."""
    return formula.body if isinstance(formula, Not) else Not(formula)


def closure(formula: Formula) -> Formula:
    """The universal closure: free variables bound by one outer ``Forall``, in name order."""
    free = free_variables(formula)
    if not free:
        return formula
    return Forall(tuple(sorted(free, key=lambda v: (v.name, v.sort.name))), formula)


# --- structure -----------------------------------------------------------------------------


def subformulas(formula: Formula) -> tuple[Formula, ...]:
    """The immediate subformulas."""
    match formula:
        case Not(body) | Forall(_, body) | Exists(_, body):
            return (body,)
        case And(args) | Or(args):
            return args
        case Implies(left, right) | Iff(left, right) | Xor(left, right):
            return (left, right)
        case _:
            return ()


def atom_terms(formula: Formula) -> tuple[Term, ...]:
    """The immediate argument terms of an atom; nothing for other formulas."""
    match formula:
        case Pred(_, args):
            return args
        case Eq(left, right) | Compare(_, left, right):
            return (left, right)
        case _:
            return ()


def subterms(term: Term) -> Iterator[Term]:
    """The term and all terms inside it, outermost first."""
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Apply | Arith):
            stack.extend(reversed(current.args))


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and all formulas inside it, outermost first."""
    stack: list[Formula] = [formula]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(subformulas(current)))


def terms(formula: Formula) -> Iterator[Term]:
    """Every term occurrence in the formula."""
    for sub in walk(formula):
        for term in atom_terms(sub):
            yield from subterms(term)


def depth(formula: Formula) -> int:
    """Nesting depth of formulas and terms together; an atom over constants has depth 2.

    Computed without recursion, so that it is safe on text that was nested to hurt.
    """
    deepest = 0
    stack: list[tuple[Formula | Term, int]] = [(formula, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        inner: tuple[Formula | Term, ...]
        if isinstance(node, Apply | Arith):
            inner = node.args
        elif isinstance(node, Var | Number):
            inner = ()
        else:
            inner = subformulas(node) or atom_terms(node)
        stack.extend((child, level + 1) for child in inner)
    return deepest


def free_variables(formula: Formula) -> frozenset[Var]:
    """Variables with an occurrence that no quantifier binds."""
    match formula:
        case Forall(bound, body) | Exists(bound, body):
            return free_variables(body) - frozenset(bound)
        case Truth():
            return frozenset()
        case Pred() | Eq() | Compare():
            return frozenset(
                t for a in atom_terms(formula) for t in subterms(a) if isinstance(t, Var)
            )
        case _:
            return frozenset().union(*map(free_variables, subformulas(formula)))


def term_variables(term: Term) -> frozenset[Var]:
    """All variables of a term."""
    return frozenset(t for t in subterms(term) if isinstance(t, Var))


# --- substitution --------------------------------------------------------------------------

Substitution: TypeAlias = Mapping[Var, Term]


def substitute_term(term: Term, by: Substitution) -> Term:
    """``term`` with each variable of ``by`` replaced, all at once."""
    match term:
        case Var():
            return by.get(term, term)
        case Apply(name, args, sort):
            if not args:
                return term
            return Apply(name, tuple(substitute_term(a, by) for a in args), sort)
        case Arith(op, args, sort):
            return Arith(op, tuple(substitute_term(a, by) for a in args), sort)
        case Number():
            return term


def substitute(formula: Formula, by: Substitution) -> Formula:
    """``formula`` with each free variable of ``by`` replaced, all at once, avoiding capture.

    A bound variable that would capture a variable of a replacement is renamed to a fresh name
    (``x``, ``x_1``, ``x_2``, ...).
    """
    match formula:
        case Truth():
            return formula
        case Pred(name, args):
            return Pred(name, tuple(substitute_term(a, by) for a in args))
        case Eq(left, right):
            return Eq(substitute_term(left, by), substitute_term(right, by))
        case Compare(op, left, right):
            return Compare(op, substitute_term(left, by), substitute_term(right, by))
        case Not(body):
            return Not(substitute(body, by))
        case And(args):
            return And(tuple(substitute(a, by) for a in args))
        case Or(args):
            return Or(tuple(substitute(a, by) for a in args))
        case Implies(left, right):
            return Implies(substitute(left, by), substitute(right, by))
        case Iff(left, right):
            return Iff(substitute(left, by), substitute(right, by))
        case Xor(left, right):
            return Xor(substitute(left, by), substitute(right, by))
        case Forall(bound, body):
            bound, body = _under(bound, body, by)
            return Forall(bound, body)
        case Exists(bound, body):
            bound, body = _under(bound, body, by)
            return Exists(bound, body)


def _under(
    bound: tuple[Var, ...], body: Formula, by: Substitution
) -> tuple[tuple[Var, ...], Formula]:
    """Substitution below a quantifier: bound variables shadow, captured ones are renamed."""
    free = free_variables(body)
    inner = {v: t for v, t in by.items() if v in free and v not in bound}
    if not inner:
        return bound, body
    incoming = frozenset().union(*map(term_variables, inner.values()))
    taken = {v.name for v in incoming | free} | {v.name for v in bound}
    renamed: list[Var] = []
    for var in bound:
        if var in incoming:
            fresh = fresh_name(var.name, taken)
            taken.add(fresh)
            new = Var(fresh, var.sort)
            inner[var] = new
            renamed.append(new)
        else:
            renamed.append(var)
    return tuple(renamed), substitute(body, inner)


def fresh_name(base: str, taken: set[str]) -> str:
    """``base``, or ``base_1``, ``base_2``, ... : the first that is not taken."""
    if base not in taken:
        return base
    return next(n for i in itertools.count(1) if (n := f"{base}_{i}") not in taken)
