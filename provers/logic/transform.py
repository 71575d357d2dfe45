"""Normal forms: negation normal form, simplification, and clauses with Skolem functions.

Everything here is deterministic: the same formula and prefix give the same clauses, names and
order in every process, so a certificate may say "clause 2 of formula 0" and nothing else.
All sorts are taken to be non-empty, as everywhere in this package.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from provers.errors import InputError
from provers.logic.syntax import (
    FALSE,
    TRUE,
    And,
    Apply,
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
    Substitution,
    Term,
    Truth,
    Var,
    Xor,
    atom_terms,
    conjunction,
    depth,
    disjunction,
    free_variables,
    negate,
    substitute_term,
    subterms,
    terms,
    walk,
)

MAX_DISTRIBUTED: Final = 64
"""A disjunction that would distribute into more clauses than this gets definitions."""
MAX_EQUIVALENCES: Final = 3
"""Equivalences nested deeper than this are cut by definitions."""
MAX_NNF_SIZE: Final = 1_000_000
RESERVED: Final = r"§-?\d+\."
"""The prefixes of ``herbrand.skolem_prefix``, as a pattern."""
MAX_DEPTH: Final = 250
"""What parsers let through, and room for a negation and a closure around it."""
_NUMBERED: Final = re.compile(r"(_def)?\d+")
_MADE: Final = re.compile(RESERVED + _NUMBERED.pattern)


# --- clauses -------------------------------------------------------------------------------

ClauseAtom: TypeAlias = Pred | Eq | Compare


@dataclass(frozen=True, slots=True)
class Literal:
    """An atom or its negation."""

    atom: ClauseAtom
    positive: bool = True

    @property
    def negated(self) -> Literal:
        return Literal(self.atom, not self.positive)

    @property
    def formula(self) -> Formula:
        return self.atom if self.positive else Not(self.atom)


@dataclass(frozen=True, slots=True)
class Clause:
    """A disjunction of literals, all variables universal; no literals means *false*."""

    literals: tuple[Literal, ...]

    @property
    def variables(self) -> tuple[Var, ...]:
        """The clause's variables in order of first occurrence."""
        found: dict[Var, None] = {}
        for literal in self.literals:
            for argument in atom_terms(literal.atom):
                for term in subterms(argument):
                    if isinstance(term, Var):
                        found[term] = None
        return tuple(found)

    @property
    def formula(self) -> Formula:
        """The clause as a closed formula."""
        body = disjunction(tuple(literal.formula for literal in self.literals))
        bound = self.variables
        return Forall(bound, body) if bound else body


# --- negation normal form ------------------------------------------------------------------


def nnf(formula: Formula) -> Formula:
    """Negation only on atoms; no ``Implies``, ``Iff`` or ``Xor``.

    Equivalences double with each nesting; InputError where the result would have more than a
    million connectives (``clausify`` has no such limit).
    """
    if _nnf_size(formula, {})[0] > MAX_NNF_SIZE:
        raise InputError(
            "equivalences are nested too deeply to write out without them: "
            "define parts of the formula separately"
        )
    return _nnf(formula, True)


def _nnf_size(formula: Formula, seen: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Number of nodes of the normal form of the formula and of its negation."""
    if id(formula) in seen:
        return seen[id(formula)]
    match formula:
        case Not(body):
            positive, negative = reversed(_nnf_size(body, seen))
        case Implies(left, right):
            (lp, ln), (rp, rn) = _nnf_size(left, seen), _nnf_size(right, seen)
            positive, negative = 1 + ln + rp, 1 + lp + rn
        case Iff(left, right) | Xor(left, right):
            positive = negative = 3 + sum(_nnf_size(left, seen)) + sum(_nnf_size(right, seen))
        case And(args) | Or(args):
            sizes = [_nnf_size(arg, seen) for arg in args]
            positive, negative = 1 + sum(s[0] for s in sizes), 1 + sum(s[1] for s in sizes)
        case Forall(_, body) | Exists(_, body):
            positive, negative = (1 + size for size in _nnf_size(body, seen))
        case _:
            positive = negative = 1
    seen[id(formula)] = positive, negative
    return positive, negative


def _nnf(formula: Formula, positive: bool) -> Formula:
    match formula:
        case Truth(value):
            return Truth(value is positive)
        case Not(body):
            return _nnf(body, not positive)
        case And(args) | Or(args):
            parts = tuple(_nnf(arg, positive) for arg in args)
            both = isinstance(formula, And) is positive
            return conjunction(parts) if both else disjunction(parts)
        case Implies(left, right):
            sides = (_nnf(left, not positive), _nnf(right, positive))
            return disjunction(sides) if positive else conjunction(sides)
        case Iff(left, right) | Xor(left, right):
            same = isinstance(formula, Iff) is positive
            return conjunction(
                (
                    disjunction((_nnf(left, False), _nnf(right, same))),
                    disjunction((_nnf(left, True), _nnf(right, not same))),
                )
            )
        case Forall(bound, body) | Exists(bound, body):
            kind = Forall if isinstance(formula, Forall) is positive else Exists
            return kind(bound, _nnf(body, positive))
        case _:
            return formula if positive else Not(formula)


# --- simplification ------------------------------------------------------------------------


def simplify(formula: Formula) -> Formula:
    """An equivalent formula with truth constants, trivial atoms and idle quantifiers folded.

    ``t = t`` is true, two different numerals are unequal, comparisons of numerals are decided,
    double negations go, and a quantifier keeps only the variables that occur. Nested
    conjunctions and disjunctions are flattened and repeated members dropped.
    """
    match formula:
        case Truth() | Pred():
            return formula
        case Eq(left, right):
            if left == right:
                return TRUE
            if isinstance(left, Number) and isinstance(right, Number):
                return Truth(left.value == right.value)
            return formula
        case Compare(op, Number(left), Number(right)):
            decided = {"<": left < right, "<=": left <= right, ">": left > right}
            return Truth(decided.get(op, left >= right))
        case Compare():
            return formula
        case Not(body):
            return _not(simplify(body))
        case And(args):
            return _junction(args, True)
        case Or(args):
            return _junction(args, False)
        case Implies(left, right):
            left, right = simplify(left), simplify(right)
            if left == TRUE or right == TRUE:
                return right
            if left in (FALSE, right):
                return TRUE
            return _not(left) if right == FALSE else Implies(left, right)
        case Iff(left, right) | Xor(left, right):
            return _equivalence(simplify(left), simplify(right), isinstance(formula, Iff))
        case Forall(bound, body) | Exists(bound, body):
            body = simplify(body)
            free = free_variables(body)
            used = tuple(var for var in bound if var in free)
            if not used:
                return body
            return Forall(used, body) if isinstance(formula, Forall) else Exists(used, body)


def _not(formula: Formula) -> Formula:
    return Truth(not formula.value) if isinstance(formula, Truth) else negate(formula)


def _junction(args: tuple[Formula, ...], neutral: bool) -> Formula:
    join = conjunction if neutral else disjunction
    joined = join(tuple(simplify(arg) for arg in args))
    parts = joined.args if isinstance(joined, And if neutral else Or) else (joined,)
    kept = dict.fromkeys(part for part in parts if part != Truth(neutral))
    return Truth(not neutral) if Truth(not neutral) in kept else join(tuple(kept))


def _equivalence(left: Formula, right: Formula, same: bool) -> Formula:
    if left == right:
        return Truth(same)
    if isinstance(left, Truth):
        return right if left.value is same else _not(right)
    if isinstance(right, Truth):
        return left if right.value is same else _not(left)
    return Iff(left, right) if same else Xor(left, right)


# --- clauses -------------------------------------------------------------------------------


def clausify(formula: Formula, prefix: str = "sk") -> tuple[Clause, ...]:
    """Clauses that are satisfiable together exactly if the closed ``formula`` is.

    Skolem functions are called ``{prefix}0``, ``{prefix}1``, ... in order of traversal and take
    the universal variables in scope that occur below the quantifier. Variables have different
    names wherever two quantifiers bind them: their own name where it is free, else ``x_1``,
    ``x_2``, ... Where distributing would give more than ``MAX_DISTRIBUTED`` clauses, or
    equivalences are nested, parts get a definition predicate ``{prefix}_def0``, ... (Plaisted
    and Greenbaum 1986: implied in one direction where one suffices). Tautologies and repeated
    literals are left out; a true formula has no clauses, a false one the empty clause.

    The caller picks a prefix of its own for each formula of a problem
    (``herbrand.skolem_prefix``). Raises ValueError if the formula is not closed, InputError if
    it holds a symbol named like one that is made here, with this prefix or with one of
    ``herbrand.skolem_prefix``, or if it nests too deeply.
    """
    if depth(formula) > MAX_DEPTH:
        raise InputError(f"the formula nests deeper than {MAX_DEPTH}: write it flatter")
    return _clausify(formula, prefix)


@lru_cache(maxsize=2048)
def _clausify(formula: Formula, prefix: str) -> tuple[Clause, ...]:
    if free_variables(formula):
        raise ValueError("only a closed formula has clauses")
    for name in symbol_names(formula):
        own = name.startswith(prefix) and _NUMBERED.fullmatch(name, len(prefix))
        if own or _MADE.fullmatch(name):
            raise InputError(f"the name {name!r} is kept for Skolem functions; rename it")
    return _Clausifier(prefix).run(simplify(formula))


def symbol_names(formula: Formula) -> Iterable[str]:
    """The name of every predicate and function occurrence."""
    for sub in walk(formula):
        if isinstance(sub, Pred):
            yield sub.name
    for term in terms(formula):
        if isinstance(term, Apply):
            yield term.name


_Disjunction: TypeAlias = tuple[Literal, ...]


class _Clausifier:
    """The names given so far and the definitions still to be written, for one formula."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.skolems = 0
        self.definitions = 0
        self.taken: set[str] = set()
        self.suffixes: dict[str, int] = {}
        self.extra: list[_Disjunction] = []
        self.equivalences: list[tuple[Pred, Formula]] = []

    def run(self, formula: Formula) -> tuple[Clause, ...]:
        formula, _ = self.cut(formula)
        found = self.clauses(formula, True, {}, ())
        # Definitions hold in both directions; their bodies may define nothing further.
        for head, body in self.equivalences:
            free = tuple(arg for arg in head.args if isinstance(arg, Var))
            defined: Formula = Iff(head, body)
            found += self.clauses(Forall(free, defined) if free else defined, True, {}, ())
        return tuple(map(Clause, dict.fromkeys(found + self.extra)))

    # Equivalences need each side twice. Cutting deep ones first keeps the traversal linear.
    def cut(self, formula: Formula) -> tuple[Formula, int]:
        """The formula with deeply nested equivalences named, and how deep they still nest."""
        match formula:
            case Not(body):
                body, height = self.cut(body)
                return Not(body), height
            case And(args) | Or(args):
                parts = [self.cut(arg) for arg in args]
                kept = tuple(part for part, _ in parts)
                kind = And if isinstance(formula, And) else Or
                return kind(kept), max(height for _, height in parts)
            case Implies(left, right):
                left, first = self.cut(left)
                right, second = self.cut(right)
                return Implies(left, right), max(first, second)
            case Iff(left, right) | Xor(left, right):
                left, first = self.cut_side(left)
                right, second = self.cut_side(right)
                both = (left, right)
                kept_kind = Iff if isinstance(formula, Iff) else Xor
                return kept_kind(*both), 1 + max(first, second)
            case Forall(bound, body):
                body, height = self.cut(body)
                return Forall(bound, body), height
            case Exists(bound, body):
                body, height = self.cut(body)
                return Exists(bound, body), height
            case _:
                return formula, 0

    def cut_side(self, formula: Formula) -> tuple[Formula, int]:
        formula, height = self.cut(formula)
        if height < MAX_EQUIVALENCES:
            return formula, height
        free = sorted(free_variables(formula), key=lambda var: (var.name, var.sort.name))
        head = Pred(self.definition_name(), tuple(free))
        self.equivalences.append((head, formula))
        return head, 0

    def clauses(
        self, formula: Formula, positive: bool, by: dict[Var, Term], scope: tuple[Var, ...]
    ) -> list[_Disjunction]:
        """Clauses of the formula (or its negation) with bound variables replaced by ``by``.

        ``scope`` holds the universal variables, renamed, outermost first.
        """
        match formula:
            case Truth(value):
                return [] if value is positive else [()]
            case Pred() | Eq() | Compare():
                return [(Literal(replace_variables(formula, by), positive),)]
            case Not(body):
                return self.clauses(body, not positive, by, scope)
            case And(args) | Or(args):
                sets = [self.clauses(arg, positive, by, scope) for arg in args]
                return self.join(sets, isinstance(formula, And) is positive, scope)
            case Implies(left, right):
                sets = [
                    self.clauses(left, not positive, by, scope),
                    self.clauses(right, positive, by, scope),
                ]
                return self.join(sets, not positive, scope)
            case Iff(left, right) | Xor(left, right):
                same = isinstance(formula, Iff) is positive
                halves = [
                    self.join(
                        [
                            self.clauses(left, sign, by, scope),
                            self.clauses(right, sign is not same, by, scope),
                        ],
                        False,
                        scope,
                    )
                    for sign in (False, True)
                ]
                return self.join(halves, True, scope)
            case Forall(bound, body) | Exists(bound, body):
                inner = dict(by)
                if isinstance(formula, Forall) is positive:
                    fresh = tuple(Var(self.variable_name(v.name), v.sort) for v in bound)
                    inner.update(zip(bound, fresh, strict=True))
                    return self.clauses(body, positive, inner, scope + fresh)
                free = free_variables(formula)
                seen = {t for v in free for t in subterms(by[v]) if isinstance(t, Var)}
                arguments = tuple(var for var in scope if var in seen)
                for var in bound:
                    inner[var] = Apply(f"{self.prefix}{self.skolems}", arguments, var.sort)
                    self.skolems += 1
                return self.clauses(body, positive, inner, scope)

    def join(
        self, sets: list[list[_Disjunction]], conjunctive: bool, scope: tuple[Var, ...]
    ) -> list[_Disjunction]:
        if conjunctive:
            return [clause for clauses in sets for clause in clauses]
        if not all(sets):  # a member without clauses is true
            return []
        product = 1
        named: list[int] = []
        for i in sorted(range(len(sets)), key=lambda i: len(sets[i])):
            if product * len(sets[i]) > MAX_DISTRIBUTED:
                named.append(i)
            else:
                product *= len(sets[i])
        sets = list(sets)
        for i in sorted(named):
            sets[i] = [(self.define(sets[i], scope),)]
        merged = (_merge(chosen) for chosen in itertools.product(*sets))
        return [clause for clause in merged if clause is not None]

    def define(self, clauses: list[_Disjunction], scope: tuple[Var, ...]) -> Literal:
        """A name that implies all ``clauses``, over the variables of ``scope`` in them."""
        seen = {var for clause in clauses for var in Clause(clause).variables}
        arguments = tuple(var for var in scope if var in seen)
        head = Literal(Pred(self.definition_name(), arguments))
        self.extra += [(head.negated, *clause) for clause in clauses]
        return head

    def definition_name(self) -> str:
        self.definitions += 1
        return f"{self.prefix}_def{self.definitions - 1}"

    def variable_name(self, base: str) -> str:
        name = base
        while name in self.taken:
            self.suffixes[base] = self.suffixes.get(base, 0) + 1
            name = f"{base}_{self.suffixes[base]}"
        self.taken.add(name)
        return name


def replace_variables(atom: ClauseAtom, by: Substitution) -> ClauseAtom:
    """The atom with its variables replaced, all at once."""
    match atom:
        case Pred(name, args):
            return Pred(name, tuple(substitute_term(arg, by) for arg in args))
        case Eq(left, right):
            return Eq(substitute_term(left, by), substitute_term(right, by))
        case Compare(op, left, right):
            return Compare(op, substitute_term(left, by), substitute_term(right, by))


def _merge(disjunctions: Iterable[_Disjunction]) -> _Disjunction | None:
    """All disjunctions in one, repeated literals once; None for a tautology."""
    merged = dict.fromkeys(itertools.chain.from_iterable(disjunctions))
    if any(literal.negated in merged for literal in merged):
        return None
    return tuple(merged)
