"""Contradictions between ground literals: equality, and polynomial arithmetic over the rationals.

Congruence closure handles equality over uninterpreted functions (Nelson and Oppen 1980);
arithmetic terms become polynomials with exact coefficients, equations are solved by
elimination, inequalities by Fourier and Motzkin's method. Everything derived is a consequence
of the literals, so a contradiction found is one; not finding one means nothing. Products of
unknowns are opaque, integers are rationals whose bounds are rounded, and a quotient whose
divisor is no numeral is an unknown of its own, tied to its dividend only where something says
that the divisor is not zero.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from provers.logic.polynomials import (
    ZERO,
    Budget,
    Monomial,
    OutOfBudget,
    Poly,
    add,
    constant,
    key,
    monic,
    multiply,
    scale,
)
from provers.logic.syntax import INT, NUMERIC, Apply, Number, Pred, Sort, Term, Var

Row: TypeAlias = tuple[Poly, bool]
"""``poly < 0`` where the flag (strict) is set, else ``poly <= 0``."""


QUOTIENT: Final = ("quotient",)
MAX_ROWS: Final = 2000


# --- terms ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Terms:
    """Ground terms and predicate atoms as numbered nodes, equal ones shared.

    A numeric node has a polynomial; terms with the same polynomial are one node. Nodes 0 and 1
    stand for *false* and *true*, the possible values of predicate atoms.
    """

    budget: Budget
    applications: dict[int, tuple[Hashable, tuple[int, ...]]] = field(default_factory=dict)
    polys: dict[int, Poly] = field(default_factory=dict)
    sorts: dict[int, Sort] = field(default_factory=dict)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def predicate(self, atom: Pred) -> int:
        args = tuple(self.node(arg) for arg in atom.args)
        return self._application(("predicate", atom.name, len(args)), args, None)

    def node(self, term: Term) -> int:
        """The node of a ground term; ValueError for a variable."""
        self.budget.spend(1)
        match term:
            case Var(name):
                raise ValueError(f"the variable {name!r} is left in a ground term")
            case Apply(name, args, sort):
                nodes = tuple(self.node(arg) for arg in args)
                return self._application(("function", name, len(args), sort.name), nodes, sort)
            case _:
                return self._numeric(self.polynomial(term), term.sort)

    def polynomial(self, term: Term) -> Poly:
        """The polynomial of a ground numeric term."""
        if isinstance(term, Var | Apply):
            return self.polys[self.node(term)]
        if isinstance(term, Number):
            return {(): term.value} if term.value else {}
        self.budget.spend(1)
        first, *others = (self.polynomial(arg) for arg in term.args)
        match term.op:
            case "+":
                for other in others:
                    first = add(first, other)
                return first
            case "-":
                if not others:
                    return scale(first, Fraction(-1))
                for other in others:
                    first = add(first, other, Fraction(-1))
                return first
            case "*":
                for other in others:
                    first = multiply(first, other, self.budget)
                return first
            case "/":
                (other,) = others
                divisor = constant(other)
                if divisor:
                    return scale(first, 1 / divisor)
                nodes = (self._numeric(first, term.sort), self._numeric(other, term.sort))
                return self.polys[self._application(QUOTIENT, nodes, term.sort)]

    def _application(self, symbol: Hashable, args: tuple[int, ...], sort: Sort | None) -> int:
        number, new = self._number((symbol, args))
        if new:
            self.applications[number] = (symbol, args)
            if sort in NUMERIC:
                assert sort is not None
                self.polys[number] = {(number,): Fraction(1)}
                self.sorts[number] = sort
        return number

    def _numeric(self, poly: Poly, sort: Sort) -> int:
        if len(poly) == 1:
            ((monomial, value),) = poly.items()
            if value == 1 and len(monomial) == 1:
                return monomial[0]
        number, new = self._number(("polynomial", sort.name, key(poly)))
        if new:
            self.polys[number] = poly
            self.sorts[number] = sort
        return number

    def _number(self, name: Hashable) -> tuple[int, bool]:
        if name in self.numbers:
            return self.numbers[name], False
        self.numbers[name] = len(self.numbers) + 2
        return self.numbers[name], True

    def integral(self, poly: Poly) -> bool:
        """Whether all unknowns are integers."""
        return all(self.sorts[n] == INT for monomial in poly for n in monomial)


# --- literals ------------------------------------------------------------------------------


@dataclass(slots=True)
class Literals:
    """Ground literals assumed together, as nodes and polynomials of one ``Terms``."""

    equal: list[tuple[int, int]] = field(default_factory=list)
    different: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def contradictory(terms: Terms, literals: Literals) -> bool:
    """Whether a contradiction between the literals was found; raises OutOfBudget."""
    classes = _Classes(terms)
    for left, right in literals.equal:
        classes.merge(left, right)
    while True:
        classes.close()
        if classes.find(0) == classes.find(1):
            return True
        if any(classes.find(a) == classes.find(b) for a, b in literals.different):
            return True
        if not terms.polys:
            return False
        solved = _Solved(terms)
        for poly in classes.equations():
            if not solved.assume(poly):
                return True
        rows = [(solved.reduce(poly), strict) for poly, strict in literals.rows]
        merged = False
        for poly in (*_squeezed(rows), *_quotients(terms, solved, literals, rows)):
            if not solved.assume(poly):
                return True
            merged = True
        seen: dict[Hashable, int] = {}
        progress = False
        for number, poly in terms.polys.items():
            other = seen.setdefault((terms.sorts[number].name, key(solved.reduce(poly))), number)
            if classes.find(other) != classes.find(number):
                classes.merge(other, number)
                progress = True
        if not progress:
            break
    if merged:
        rows = [(solved.reduce(poly), strict) for poly, strict in literals.rows]
    apart = [
        solved.reduce(add(terms.polys[a], terms.polys[b], Fraction(-1)))
        for a, b in literals.different
        if a in terms.polys and b in terms.polys
    ]
    if not all(apart):
        return True
    if not rows:  # without bounds, each inequation alone can be kept
        return False
    if infeasible(terms, rows):
        return True
    # Linear constraints are convex: they rule out some inequation only if they force one.
    bounded = {monomial for poly, _ in rows for monomial in poly}
    return any(
        bounded.issuperset(monomial for monomial in poly if monomial)
        and infeasible(terms, [*rows, (poly, True)])
        and infeasible(terms, [*rows, (scale(poly, Fraction(-1)), True)])
        for poly in apart
    )


def _squeezed(rows: Iterable[Row]) -> Iterator[Poly]:
    """Polynomials that two rows bound by zero from both sides."""
    seen: set[Hashable] = set()
    for poly, strict in rows:
        if strict or constant(poly) is not None:
            continue
        unit = monic(poly, keep_sign=True)
        seen.add(key(unit))
        if key(scale(unit, Fraction(-1))) in seen:
            yield unit


def _quotients(
    terms: Terms, solved: _Solved, literals: Literals, rows: Iterable[Row]
) -> Iterator[Poly]:
    """``quotient * divisor - dividend`` for each quotient whose divisor cannot be zero."""
    known: set[Hashable] | None = None
    for node, (symbol, args) in terms.applications.items():
        if symbol != QUOTIENT:
            continue
        divisor = solved.reduce(terms.polys[args[1]])
        if not divisor:
            continue
        if constant(divisor) is None:
            if known is None:
                known = set(_nonzero(terms, solved, literals, rows))
            if key(monic(divisor, keep_sign=False)) not in known:
                continue
        product = multiply(solved.reduce(terms.polys[node]), divisor, terms.budget)
        yield add(product, terms.polys[args[0]], Fraction(-1))


def _nonzero(
    terms: Terms, solved: _Solved, literals: Literals, rows: Iterable[Row]
) -> Iterator[Hashable]:
    """Polynomials that an inequation or a strict bound keeps from zero."""
    for left, right in literals.different:
        if left in terms.polys and right in terms.polys:
            apart = solved.reduce(add(terms.polys[left], terms.polys[right], Fraction(-1)))
            if apart:
                yield key(monic(apart, keep_sign=False))
    for poly, strict in rows:
        if strict and poly:
            yield key(monic(poly, keep_sign=False))


class _Classes:
    """Congruence classes of nodes (union-find; signatures recomputed until nothing changes)."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.parent: dict[int, int] = {}

    def find(self, node: int) -> int:
        root = node
        while (above := self.parent.get(root, root)) != root:
            root = above
        while (above := self.parent.get(node, node)) != root:
            self.parent[node] = root
            node = above
        return root

    def merge(self, left: int, right: int) -> None:
        left, right = self.find(left), self.find(right)
        if left != right:
            self.parent[max(left, right)] = min(left, right)

    def close(self) -> None:
        changed = True
        while changed:
            changed = False
            self.terms.budget.spend(1 + len(self.terms.applications))
            seen: dict[Hashable, int] = {}
            for node, (symbol, args) in self.terms.applications.items():
                if not args:
                    continue
                other = seen.setdefault((symbol, tuple(map(self.find, args))), node)
                if self.find(other) != self.find(node):
                    self.merge(other, node)
                    changed = True

    def equations(self) -> Iterator[Poly]:
        """Polynomials that are zero because numeric nodes are in one class."""
        for node, poly in self.terms.polys.items():
            root = self.find(node)
            if root != node:
                yield add(poly, self.terms.polys[root], Fraction(-1))


class _Solved:
    """Equations in solved form: unknowns, then whole monomials, replaced by polynomials."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.unknowns: dict[int, Poly] = {}
        self.monomials: dict[Monomial, Poly] = {}

    def assume(self, poly: Poly) -> bool:
        """Take ``poly = 0`` in; False if that contradicts the equations so far."""
        pending = [poly]
        while pending:
            poly = self.reduce(pending.pop())
            if not poly:
                continue
            if constant(poly) is not None or not self._divisible(poly):
                return False
            unknown = self._pivot(poly)
            if unknown is None:
                monomial = max(poly)
                value = self._solve(poly, monomial)
                self.monomials = {
                    m: self._rewrite(p, {monomial: value}) for m, p in self.monomials.items()
                }
                self.monomials[monomial] = value
                continue
            value = self._solve(poly, (unknown,))
            self.unknowns = {
                n: self._substitute(p, {unknown: value}) for n, p in self.unknowns.items()
            }
            self.unknowns[unknown] = value
            pending += [add(p, {m: Fraction(-1)}) for m, p in self.monomials.items()]
            self.monomials = {}
        return True

    def reduce(self, poly: Poly) -> Poly:
        return self._rewrite(self._substitute(poly, self.unknowns), self.monomials)

    def _divisible(self, poly: Poly) -> bool:
        """Whether ``poly = 0`` has an integer solution as far as divisibility tells."""
        if not self.terms.integral(poly):
            return True
        common = math.lcm(*(value.denominator for value in poly.values()))
        whole = math.gcd(*(int(value * common) for monomial, value in poly.items() if monomial))
        return int(poly.get((), ZERO) * common) % whole == 0

    @staticmethod
    def _pivot(poly: Poly) -> int | None:
        """An unknown that occurs once, alone: the one in the newest term."""
        counts: dict[int, int] = {}
        for monomial in poly:
            for unknown in monomial:
                counts[unknown] = counts.get(unknown, 0) + 1
        alone = [monomial[0] for monomial in poly if len(monomial) == 1]
        return max((unknown for unknown in alone if counts[unknown] == 1), default=None)

    @staticmethod
    def _solve(poly: Poly, monomial: Monomial) -> Poly:
        rest = {m: value for m, value in poly.items() if m != monomial}
        return scale(rest, -1 / poly[monomial])

    def _substitute(self, poly: Poly, by: dict[int, Poly]) -> Poly:
        budget = self.terms.budget
        budget.spend(len(poly))
        if not any(unknown in by for monomial in poly for unknown in monomial):
            return poly
        total: Poly = {}
        for monomial, value in poly.items():
            product: Poly = {(): value}
            for unknown in monomial:
                product = multiply(product, by.get(unknown, {(unknown,): Fraction(1)}), budget)
            total = add(total, product)
        return total

    def _rewrite(self, poly: Poly, by: dict[Monomial, Poly]) -> Poly:
        self.terms.budget.spend(len(poly))
        for monomial in [monomial for monomial in poly if monomial in by]:
            value = poly[monomial]
            poly = add({m: v for m, v in poly.items() if m != monomial}, by[monomial], value)
        return poly


# --- inequalities --------------------------------------------------------------------------


def infeasible(terms: Terms, rows: Iterable[Row]) -> bool:
    """Whether the rows have no common solution (monomials taken as independent rationals)."""
    current = _tightest(terms, rows)
    while current is not None:
        counts: dict[Monomial, list[int]] = {}
        for poly, _ in current:
            for monomial, value in poly.items():
                if monomial:
                    counts.setdefault(monomial, [0, 0])[value > 0] += 1
        if not counts:
            return False
        target = min(counts, key=lambda m: (counts[m][0] * counts[m][1], m))
        if counts[target][0] * counts[target][1] > MAX_ROWS:
            raise OutOfBudget
        kept = [row for row in current if target not in row[0]]
        above = [row for row in current if row[0].get(target, ZERO) > 0]
        below = [row for row in current if row[0].get(target, ZERO) < 0]
        for upper, first in above:
            for lower, second in below:
                terms.budget.spend(2 + len(upper) + len(lower))
                total = add(scale(upper, -lower[target]), scale(lower, upper[target]))
                kept.append((total, first or second))
        current = _tightest(terms, kept)
    return True


def _tightest(terms: Terms, rows: Iterable[Row]) -> list[Row] | None:
    """The rows scaled, and of parallel ones the tightest; None if one is false by itself."""
    best: dict[Hashable, Row] = {}
    for poly, strict in rows:
        terms.budget.spend(1 + len(poly))
        value = constant(poly)
        if value is not None:
            if value > 0 or (strict and value == 0):
                return None
            continue
        poly, strict = _rounded(poly, strict) if terms.integral(poly) else (poly, strict)
        bound = poly.get((), ZERO)
        linear = {monomial: value for monomial, value in poly.items() if monomial}
        factor = 1 / abs(linear[max(linear)])
        name = key(scale(linear, factor))
        row = (scale(poly, factor), strict)
        old = best.get(name)
        if old is None or (bound * factor, strict) > (old[0].get((), ZERO), old[1]):
            best[name] = row
    return list(best.values())


def _rounded(poly: Poly, strict: bool) -> Row:
    """The same bound for integers: whole coefficients without common factor, and ``<=``."""
    linear = {monomial: value for monomial, value in poly.items() if monomial}
    common = math.lcm(*(value.denominator for value in linear.values()))
    divisor = math.gcd(*(int(value * common) for value in linear.values()))
    factor = Fraction(common, divisor)
    limit = -poly.get((), ZERO) * factor
    whole = math.ceil(limit) - 1 if strict else math.floor(limit)
    rounded = scale(linear, factor)
    if whole:
        rounded[()] = Fraction(-whole)
    return rounded, False
