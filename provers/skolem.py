"""Structural checks of the steps of a derivation that do not follow logically.

Skolem forms are computed here from the parent, so that a prover's Skolemisation need not be
believed: what it concludes must follow from one of them. A definition must define a new symbol,
and a choice axiom must be valid once its new function is a quantified value.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

from provers.logic.syntax import (
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Term,
    Truth,
    Var,
    Xor,
    conjunction,
    disjunction,
    free_variables,
    fresh_name,
    substitute,
    term_variables,
    terms,
    walk,
)
from provers.logic.transform import nnf

Symbol: TypeAlias = tuple[str, str, int]
"""(kind, name, arity); the kind is ``function`` or ``predicate``."""

MAX_FORMS: Final = 60
_MAX_TRIED: Final = 5_000


# --- symbols -------------------------------------------------------------------------------


def symbols(formulas: Iterable[Formula]) -> frozenset[Symbol]:
    """All function and predicate symbols of the formulas."""
    found: set[Symbol] = set()
    for formula in formulas:
        for sub in walk(formula):
            if isinstance(sub, Pred):
                found.add(("predicate", sub.name, len(sub.args)))
        for term in terms(formula):
            if isinstance(term, Apply):
                found.add(("function", term.name, len(term.args)))
    return frozenset(found)


def rename_symbols(formula: Formula, names: Mapping[Symbol, str]) -> Formula:
    """The formula with some symbols called otherwise."""
    if not names:
        return formula

    def term(old: Term) -> Term:
        match old:
            case Apply(name, args, sort):
                name = names.get(("function", name, len(args)), name)
                return Apply(name, tuple(map(term, args)), sort)
            case Arith(op, args, sort):
                return Arith(op, tuple(map(term, args)), sort)
            case _:
                return old

    def walked(old: Formula) -> Formula:
        match old:
            case Pred(name, args):
                name = names.get(("predicate", name, len(args)), name)
                return Pred(name, tuple(map(term, args)))
            case Eq(left, right):
                return Eq(term(left), term(right))
            case Compare(op, left, right):
                return Compare(op, term(left), term(right))
            case _:
                return _rebuilt(old, tuple(walked(sub) for sub in _parts(old)))

    return walked(formula)


def _parts(formula: Formula) -> tuple[Formula, ...]:
    match formula:
        case Not(body) | Forall(_, body) | Exists(_, body):
            return (body,)
        case And(args) | Or(args):
            return args
        case Implies(left, right) | Iff(left, right) | Xor(left, right):
            return (left, right)
        case _:
            return ()


def _rebuilt(formula: Formula, parts: Sequence[Formula]) -> Formula:
    match formula:
        case Not():
            return Not(parts[0])
        case Forall(bound, _):
            return Forall(bound, parts[0])
        case Exists(bound, _):
            return Exists(bound, parts[0])
        case And():
            return And(tuple(parts))
        case Or():
            return Or(tuple(parts))
        case Implies():
            return Implies(parts[0], parts[1])
        case Iff():
            return Iff(parts[0], parts[1])
        case Xor():
            return Xor(parts[0], parts[1])
        case _:
            return formula


# --- formulas up to names of variables -----------------------------------------------------


def normal(formula: Formula) -> Formula:
    """The same for formulas that differ in bound names, nesting of one connective, or ``~~``."""
    return _normal(formula, 0)


def _normal(formula: Formula, level: int) -> Formula:
    match formula:
        case Not(Not(body)):
            return _normal(body, level)
        case And(args):
            return conjunction(tuple(_normal(arg, level) for arg in args))
        case Or(args):
            return disjunction(tuple(_normal(arg, level) for arg in args))
        case Eq(left, right):
            return Eq(*sorted((left, right), key=repr))
        case Forall() | Exists():
            return _normal_quantifier(formula, level)
        case _:
            parts = tuple(_normal(part, level) for part in _parts(formula))
            return _rebuilt(formula, parts)


def _normal_quantifier(formula: Forall | Exists, level: int) -> Formula:
    """One block of quantifiers, its variables in order of first occurrence, idle ones left out."""
    kind = type(formula)
    body: Formula = formula
    bound: set[Var] = set()
    while isinstance(body, kind) and not bound & set(body.vars):
        bound |= set(body.vars)
        body = body.body
    free = free_variables(body)
    occurring = dict.fromkeys(t for t in terms(body) if t in bound and t in free)
    new = {
        var: Var(f"\x00{level + i}", var.sort)
        for i, var in enumerate(occurring)
        if isinstance(var, Var)
    }
    inner = _normal(substitute(body, new), level + len(new))
    return kind(tuple(new.values()), inner) if new else inner


# --- definitions and choice ----------------------------------------------------------------


def defines(formula: Formula, symbol: Symbol) -> bool:
    """Whether ``formula`` can be made true in every model by interpreting ``symbol`` alone.

    Accepted are ``![Xs]: (p(Xs) <=> F)``, where all of F's variables are among the distinct
    ``Xs``, an implication between an atom of the symbol and F in either direction, the same as
    a clause, and ``![Xs]: f(Xs) = t``; the symbol must not occur in F or t.
    """
    while isinstance(formula, Forall):
        formula = formula.body
    match formula:
        case Iff(left, right) | Eq(left, right):
            return _explicit(left, right, symbol) or _explicit(right, left, symbol)
        case Implies(left, right):
            return _one_way(left, right, symbol) or _one_way(right, left, symbol)
        case Or(args):
            heads = [arg for arg in args if symbol in symbols([arg])]
            if len(heads) != 1:
                return False
            head = heads[0].body if isinstance(heads[0], Not) else heads[0]
            return _head(head) == symbol and symbol not in _in_arguments(head)
        case _:
            return False


def _head(node: Formula | Term) -> Symbol | None:
    match node:
        case Pred(name, args):
            return ("predicate", name, len(args))
        case Apply(name, args):
            return ("function", name, len(args))
        case _:
            return None


def _in_arguments(node: Formula | Term) -> frozenset[Symbol]:
    """Symbols below the head of an atom or application."""
    if isinstance(node, Pred | Apply):
        return symbols([Pred("", node.args)]) - {("predicate", "", len(node.args))}
    return frozenset()


def _explicit(head: Formula | Term, body: Formula | Term, symbol: Symbol) -> bool:
    if not isinstance(head, Pred | Apply) or _head(head) != symbol:
        return False
    args = set(head.args)
    if len(args) < len(head.args) or not all(isinstance(arg, Var) for arg in args):
        return False
    inside: frozenset[Symbol]
    match body:
        case Truth() | Number():
            return True
        case Var() | Apply() | Arith():
            inside, free = _in_arguments(Pred("", (body,))), term_variables(body)
        case _:
            inside, free = symbols([body]), free_variables(body)
    return symbol not in inside and free <= args


def _one_way(head: Formula, body: Formula, symbol: Symbol) -> bool:
    """``p(...) => F`` holds where p is always false, ``F => p(...)`` where it is always true."""
    return isinstance(head, Pred) and _head(head) == symbol and symbol not in symbols([body])


def is_choice(formula: Formula, symbol: Symbol) -> Formula | None:
    """What must be valid for ``formula`` to be a choice axiom for the function ``symbol``.

    In ``![Xs]: F``, every occurrence of the function must have the same distinct variables
    among ``Xs`` as arguments; F with a value Z for it must hold for all arguments and some Z.
    None where the formula is no such axiom.
    """
    bound: tuple[Var, ...] = ()
    while isinstance(formula, Forall):
        if set(bound) & set(formula.vars):
            return None
        bound += formula.vars
        formula = formula.body
    found = {t for t in terms(formula) if isinstance(t, Apply) and _head(t) == symbol}
    if len(found) != 1:
        return None
    (application,) = found
    args = application.args
    if len(set(args)) < len(args) or not all(arg in bound for arg in args):
        return None
    if any(set(args) & set(s.vars) for s in walk(formula) if isinstance(s, Forall | Exists)):
        return None
    taken = {v.name for s in walk(formula) if isinstance(s, Forall | Exists) for v in s.vars}
    value = Var(fresh_name("Z", taken | {v.name for v in bound}), application.sort)
    body = _with_value(formula, application, value)
    rest = tuple(var for var in bound if var not in args)
    body = Forall(rest, body) if rest else body
    outer = tuple(var for var in bound if var in args)
    body = Exists((value,), body)
    return Forall(outer, body) if outer else body


def _with_value(formula: Formula, application: Apply, value: Var) -> Formula:
    def term(old: Term) -> Term:
        if old == application:
            return value
        if isinstance(old, Apply):
            return Apply(old.name, tuple(map(term, old.args)), old.sort)
        if isinstance(old, Arith):
            return Arith(old.op, tuple(map(term, old.args)), old.sort)
        return old

    def walked(old: Formula) -> Formula:
        match old:
            case Pred(name, args):
                return Pred(name, tuple(map(term, args)))
            case Eq(left, right):
                return Eq(term(left), term(right))
            case Compare(op, left, right):
                return Compare(op, term(left), term(right))
            case _:
                return _rebuilt(old, tuple(walked(part) for part in _parts(old)))

    return walked(formula)


# --- Skolem forms --------------------------------------------------------------------------

_Position: TypeAlias = tuple[tuple[Var, ...], tuple[Var, ...]]


def skolem_forms(
    formula: Formula, new: Iterable[Symbol], taken: Iterable[str] = ()
) -> Iterator[Formula]:
    """Skolem forms of the closed ``formula`` with the ``new`` functions, likely ones first.

    Each is satisfiable exactly if the formula is. They differ in which function stands for
    which existential variable and in its arguments, which are at least the universal variables
    that the value depends on. At most ``MAX_FORMS`` are made; none if a symbol is a predicate.
    A variable that no new function stands for gets one that is not called like any in ``taken``.
    """
    functions = sorted(new, key=lambda s: [int(d) for d in re.findall(r"\d+", s[1])] + [s[2]])
    if any(kind != "function" for kind, _, _ in functions):
        return
    plain = _apart(nnf(formula), itertools.count(), {})
    names = {name for _, name, _ in (*symbols([formula]), *functions)} | set(taken)
    made = 0
    for form in dict.fromkeys((_miniscoped(plain), plain)):
        positions = list(_positions(form, (), {}))
        for chosen in _assignments(positions, functions):
            if made >= MAX_FORMS:
                return
            made += 1
            queue = [
                Apply(name, args) if name else _own(number, names, positions[number][0])
                for number, (name, args) in enumerate(chosen)
            ]
            yield _skolemised(form, iter(queue), {})


def _own(number: int, names: set[str], args: tuple[Var, ...]) -> Apply:
    """A function of our own for an existential variable that the prover dropped."""
    return Apply(fresh_name(f"dropped_{number}", names), args)


def _apart(formula: Formula, counter: Iterator[int], by: Mapping[Var, Term]) -> Formula:
    """All bound variables called differently."""
    match formula:
        case Forall(bound, body) | Exists(bound, body):
            new = tuple(Var(f"X{next(counter)}", var.sort) for var in bound)
            body = _apart(body, counter, {**by, **dict(zip(bound, new, strict=True))})
            return Forall(new, body) if isinstance(formula, Forall) else Exists(new, body)
        case And() | Or() | Not():
            parts = tuple(_apart(part, counter, by) for part in _parts(formula))
            return _rebuilt(formula, parts)
        case _:
            return substitute(formula, by)


def _miniscoped(formula: Formula) -> Formula:
    """Quantifiers as far inside as they go; all bound variables must differ."""
    match formula:
        case And(args) | Or(args):
            return _rebuilt(formula, tuple(_miniscoped(arg) for arg in args))
        case Forall(bound, body) | Exists(bound, body):
            body = _miniscoped(body)
            kind: Literal["all", "some"] = "all" if isinstance(formula, Forall) else "some"
            for var in reversed(bound):
                body = _pushed(kind, var, body)
            return body
        case _:
            return formula


def _pushed(kind: Literal["all", "some"], var: Var, body: Formula) -> Formula:
    if var not in free_variables(body):
        return body
    through, past = (And, Or) if kind == "all" else (Or, And)
    if isinstance(body, through):
        return _rebuilt(body, tuple(_pushed(kind, var, part) for part in body.args))
    if isinstance(body, past):
        inside = tuple(part for part in body.args if var in free_variables(part))
        if len(inside) < len(body.args):
            whole = _rebuilt(body, inside) if len(inside) > 1 else inside[0]
            position = next(i for i, p in enumerate(body.args) if p in inside)
            rest = [part for part in body.args if part not in inside]
            rest.insert(position, _pushed(kind, var, whole))
            return _rebuilt(body, tuple(rest)) if len(rest) > 1 else rest[0]
    # Quantifiers of one kind are in any order: go past one that stands in the way.
    same = Forall if kind == "all" else Exists
    if isinstance(body, same):
        inner = _pushed(kind, var, body.body)
        if not (isinstance(inner, same) and inner.vars == (var,)):
            return same(body.vars, inner)
    return same((var,), body)


def _positions(
    formula: Formula, scope: tuple[Var, ...], needs: Mapping[Var, frozenset[Var]]
) -> Iterator[_Position]:
    """For each existential variable, in order: what it depends on, and what is in scope."""
    match formula:
        case Forall(bound, body):
            yield from _positions(body, scope + bound, needs)
        case Exists(bound, body):
            free = free_variables(formula)
            wanted = frozenset(v for v in free if v in scope).union(
                *(needs[v] for v in free if v in needs)
            )
            needed = tuple(var for var in scope if var in wanted)
            for _ in bound:
                yield needed, scope
            yield from _positions(body, scope, {**needs, **dict.fromkeys(bound, wanted)})
        case And(args) | Or(args):
            for arg in args:
                yield from _positions(arg, scope, needs)
        case _:
            return


def _assignments(
    positions: Sequence[_Position], functions: Sequence[Symbol]
) -> Iterator[tuple[tuple[str, tuple[Var, ...]], ...]]:
    """Ways to give every function one position; positions left over get the name ""."""
    budget = itertools.count()

    def choose(
        number: int, left: tuple[Symbol, ...], chosen: tuple[tuple[str, tuple[Var, ...]], ...]
    ) -> Iterator[tuple[tuple[str, tuple[Var, ...]], ...]]:
        if next(budget) > _MAX_TRIED or len(left) > len(positions) - number:
            return
        if number == len(positions):
            yield chosen
            return
        needed, scope = positions[number]
        for index, (_, name, arity) in enumerate(left):
            rest = left[:index] + left[index + 1 :]
            for args in _arguments(needed, scope, arity):
                yield from choose(number + 1, rest, (*chosen, (name, args)))
        yield from choose(number + 1, left, (*chosen, ("", ())))

    yield from choose(0, tuple(functions), ())


def _arguments(
    needed: tuple[Var, ...], scope: tuple[Var, ...], arity: int
) -> Iterator[tuple[Var, ...]]:
    if arity < len(needed):
        return
    extra = [var for var in scope if var not in needed]
    for more in itertools.islice(itertools.combinations(extra, arity - len(needed)), 6):
        args = tuple(var for var in scope if var in needed or var in more)
        yield from itertools.islice(itertools.permutations(args), 6 if arity < 4 else 1)


def _skolemised(formula: Formula, queue: Iterator[Apply], by: Mapping[Var, Term]) -> Formula:
    match formula:
        case Forall(bound, body):
            return Forall(bound, _skolemised(body, queue, by))
        case Exists(bound, body):
            # All bound names differ, so what is put in is captured by nothing.
            return _skolemised(body, queue, {**by, **{var: next(queue) for var in bound}})
        case And() | Or():
            parts = tuple(_skolemised(part, queue, by) for part in _parts(formula))
            return _rebuilt(formula, parts)
        case _:
            return substitute(formula, by)
