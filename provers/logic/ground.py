"""Is a set of ground clauses contradictory? A small search, with no solver involved."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from provers.logic.polynomials import (
    Budget,
    OutOfBudget,
    Poly,
    add,
    constant,
    key,
    monic,
    scale,
)
from provers.logic.syntax import NUMERIC, Compare, Eq, Pred, Term, atom_terms
from provers.logic.theory import Literals, Terms, contradictory
from provers.logic.transform import Clause, ClauseAtom

MAX_TERM_DEPTH = 300
"""Deeper terms are refused; the term walks below are recursive."""

_Lit: TypeAlias = int
"""An atom's number, from 1; negative for its negation."""
_Assignment: TypeAlias = dict[int, bool]


def is_contradictory(clauses: Sequence[Clause], *, max_steps: int = 200_000) -> bool | None:
    """True only if no structure satisfies all ground ``clauses``.

    Equality is interpreted, and arithmetic as ``provers.logic.theory`` does. False means that
    no contradiction was found, None that ``max_steps`` (about a microsecond each) ran out or
    terms are too large. Raises ValueError if a clause is not ground.
    """
    if any(_too_deep(t) for c in clauses for lit in c.literals for t in atom_terms(lit.atom)):
        return None
    budget = Budget(max_steps)
    try:
        return _Search(budget, clauses).run()
    except OutOfBudget:
        return None


def _too_deep(term: Term) -> bool:
    stack = [(term, 1)]
    while stack:
        current, level = stack.pop()
        if level > MAX_TERM_DEPTH:
            return True
        stack.extend((inner, level + 1) for inner in getattr(current, "args", ()))
    return False


@dataclass(slots=True)
class _Atoms:
    """Atoms by number; equal ones, up to the order of an equation and scaling, are shared."""

    terms: Terms
    numbers: dict[Hashable, int] = field(default_factory=dict)
    predicates: dict[int, int] = field(default_factory=dict)
    equations: dict[int, tuple[int, int]] = field(default_factory=dict)
    bounds: dict[int, Poly] = field(default_factory=dict)

    def literal(self, atom: ClauseAtom) -> _Lit | bool:
        """The atom as a literal, or its truth value where that is plain."""
        match atom:
            case Pred():
                node = self.terms.predicate(atom)
                number = self._number(("predicate", node))
                self.predicates[number] = node
                return number
            case Eq(left, right):
                return self._equation(left, right)
            case Compare(op, left, right):
                # a < b: a - b < 0; a <= b: not b - a < 0
                if op in (">", "<="):
                    left, right = right, left
                difference = self._difference(left, right)
                value = constant(difference)
                if value is not None:
                    return (value < 0) is (op in ("<", ">"))
                unit = monic(difference, keep_sign=True)
                number = self._number(("bound", left.sort.name, key(unit)))
                self.bounds[number] = unit
                return number if op in ("<", ">") else -number

    def _equation(self, left: Term, right: Term) -> _Lit | bool:
        if left.sort != right.sort:
            raise ValueError(f"an equation between the sorts {left.sort} and {right.sort}")
        nodes = self.terms.node(left), self.terms.node(right)
        if left.sort not in NUMERIC:
            if nodes[0] == nodes[1]:
                return True
            number = self._number(("equation", min(nodes), max(nodes)))
        else:
            difference = self._difference(left, right)
            value = constant(difference)
            if value is not None:
                return value == 0
            unit = monic(difference, keep_sign=False)
            number = self._number(("equation", left.sort.name, key(unit)))
        self.equations.setdefault(number, nodes)
        return number

    def _difference(self, left: Term, right: Term) -> Poly:
        return add(self.terms.polynomial(left), self.terms.polynomial(right), Fraction(-1))

    def _number(self, name: Hashable) -> int:
        return self.numbers.setdefault(name, len(self.numbers) + 1)


class _Search:
    """Davis, Putnam, Logemann and Loveland's procedure with an explicit stack of assignments."""

    def __init__(self, budget: Budget, clauses: Sequence[Clause]) -> None:
        self.budget = budget
        self.terms = Terms(budget)
        self.atoms = _Atoms(self.terms)
        self.clauses: list[tuple[_Lit, ...]] = []
        for clause in clauses:
            literals: dict[_Lit, None] = {}
            plain = False
            for literal in clause.literals:
                found = self.atoms.literal(literal.atom)
                if isinstance(found, bool):
                    plain = plain or found is literal.positive
                else:
                    literals[found if literal.positive else -found] = None
            if not plain and not any(-found in literals for found in literals):
                self.clauses.append(tuple(literals))

    def run(self) -> bool:
        stack: list[_Assignment] = [{}]
        while stack:
            assignment = stack.pop()
            open_clauses = self.settle(assignment)
            if open_clauses is None:
                continue
            if not open_clauses:
                return False
            chosen = min(open_clauses, key=len)
            branches: list[_Assignment] = []
            for literal in chosen:
                branches.append({**assignment, abs(literal): literal > 0})
                assignment = {**assignment, abs(literal): literal < 0}
            stack.extend(reversed(branches))
        return True

    def settle(self, assignment: _Assignment) -> list[list[_Lit]] | None:
        """Assign what is forced; the clauses still open, or None on a contradiction."""
        while True:
            open_clauses = self.propagate(assignment)
            if open_clauses is None or self.clashes(assignment):
                return None
            if not open_clauses or not self.look_ahead(assignment, open_clauses):
                return open_clauses

    def propagate(self, assignment: _Assignment) -> list[list[_Lit]] | None:
        remaining: Sequence[Sequence[_Lit]] = self.clauses
        while True:
            forced = False
            undecided: list[list[_Lit]] = []
            for clause in remaining:
                self.budget.spend(1 + len(clause))
                left: list[_Lit] = []
                for literal in clause:
                    value = assignment.get(abs(literal))
                    if value is None:
                        left.append(literal)
                    elif value is (literal > 0):
                        break
                else:
                    if not left:
                        return None
                    if len(left) == 1:
                        assignment[abs(left[0])] = left[0] > 0
                        forced = True
                    else:
                        undecided.append(left)
            if not forced:
                return undecided
            remaining = undecided

    def look_ahead(self, assignment: _Assignment, open_clauses: list[list[_Lit]]) -> bool:
        """Assign the opposite of the first literal that the theories rule out."""
        if not self.atoms.equations and not self.atoms.bounds:
            return False
        for literal in dict.fromkeys(lit for clause in open_clauses for lit in clause):
            if self.clashes({**assignment, abs(literal): literal > 0}):
                assignment[abs(literal)] = literal < 0
                return True
        return False

    def clashes(self, assignment: _Assignment) -> bool:
        """Whether the assigned literals contradict equality or arithmetic."""
        atoms = self.atoms
        literals = Literals()
        for number, value in assignment.items():
            if number in atoms.predicates:
                literals.equal.append((atoms.predicates[number], int(value)))
            elif number in atoms.equations:
                pairs = literals.equal if value else literals.different
                pairs.append(atoms.equations[number])
            else:
                bound = atoms.bounds[number]
                literals.rows.append((bound, True) if value else (scale(bound, _MINUS), False))
        equated = any(value and number in atoms.equations for number, value in assignment.items())
        if not equated and not literals.rows:
            return False  # distinct nodes may be distinct things
        return contradictory(self.terms, literals)


_MINUS = Fraction(-1)
