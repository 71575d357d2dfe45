"""Finding Herbrand certificates: ground instances of the used formulas that contradict.

By Herbrand's theorem an unsatisfiable set of clauses has a finite unsatisfiable set of ground
instances. The search here asks a solver; the answer is kept only if
``provers.logic.herbrand``, which shares no code with any solver, agrees that the instances
contradict each other. Who reads the certificate needs that small checker and nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction

from provers import certificates
from provers.base import Instance, Limits
from provers.logic import herbrand
from provers.logic.syntax import (
    NUMERIC,
    Apply,
    Formula,
    Number,
    Sort,
    Term,
    Var,
    atom_terms,
    substitute,
    subterms,
)
from provers.logic.transform import Clause, clausify
from provers.solver import Question, Solver, Timer

MAX_INSTANCES = 1500
MAX_ROUNDS = 3
MAX_GROUND = 12
MAX_TERM_SIZE = 12


def find(
    solver: Solver, formulas: Mapping[int, Formula], timer: Timer, limits: Limits
) -> tuple[Instance, ...] | None:
    """A checked certificate that ``formulas`` contradict each other, or None.

    None says only that none was found within the limits.
    """
    clauses = {
        (index, number): clause
        for index, formula in formulas.items()
        for number, clause in enumerate(clausify(formula, herbrand.skolem_prefix(index)))
    }
    if len(clauses) <= MAX_GROUND and not any(c.variables for c in clauses.values()):
        # Nothing to instantiate: the clauses are their own instances, no search needed.
        certificate = tuple(Instance(*key, ()) for key in clauses)
        if certificates.check(formulas, certificate):
            return certificate
    terms = _ground_terms(clauses.values())
    for _ in range(MAX_ROUNDS):
        if timer.left <= 0:
            return None
        instances = _instances(clauses, terms)
        if instances is None:
            return None
        found = _contradictory(solver, clauses, instances, timer, limits)
        if found is not None:
            certificate = tuple(_write(one) for one in found)
            return certificate if certificates.check(formulas, certificate) else None
        grown = _ground_terms(_ground(clauses[k], by) for k, by in instances)
        if all(set(grown[s]) <= set(terms.get(s, ())) for s in grown):
            return None
        terms = grown
    return None


_Binding = tuple[tuple[Var, Term], ...]
_Chosen = tuple[tuple[int, int], _Binding]


def _write(chosen: _Chosen) -> Instance:
    (formula, clause), binding = chosen
    return Instance(
        formula, clause, tuple((var.name, herbrand.write_term(term)) for var, term in binding)
    )


def _ground(clause: Clause, binding: _Binding) -> Clause:
    by = dict(binding)
    return Clause(
        tuple(
            type(literal)(substitute(literal.atom, by), literal.positive)  # type: ignore[arg-type]
            for literal in clause.literals
        )
    )


def _ground_terms(clauses: Iterable[Clause]) -> dict[Sort, tuple[Term, ...]]:
    """The ground terms that occur in the clauses, by sort, smallest first."""
    found: dict[Sort, dict[Term, int]] = {}
    for clause in clauses:
        for literal in clause.literals:
            for argument in atom_terms(literal.atom):
                for term in subterms(argument):
                    inner = list(subterms(term))
                    if not any(isinstance(t, Var) for t in inner) and len(inner) <= MAX_TERM_SIZE:
                        found.setdefault(term.sort, {})[term] = len(inner)
    return {sort: tuple(sorted(sizes, key=sizes.__getitem__)) for sort, sizes in found.items()}


def _instances(
    clauses: Mapping[tuple[int, int], Clause], terms: Mapping[Sort, tuple[Term, ...]]
) -> list[_Chosen] | None:
    """Every clause under every choice of terms; None where that is too many."""
    chosen: list[_Chosen] = []
    for key, clause in clauses.items():
        variables = clause.variables
        choices = [terms.get(v.sort) or (_any(v.sort),) for v in variables]
        for row in itertools.product(*choices):
            chosen.append((key, tuple(zip(variables, row, strict=True))))
            if len(chosen) > MAX_INSTANCES:
                return None
    return chosen


def _any(sort: Sort) -> Term:
    """Some term of a sort that no ground term has: domains are never empty."""
    if sort in NUMERIC:
        return Number(Fraction(0), sort)
    return Apply(f"{herbrand.WITNESS}_{sort}", (), sort)


def _contradictory(
    solver: Solver,
    clauses: Mapping[tuple[int, int], Clause],
    instances: list[_Chosen],
    timer: Timer,
    limits: Limits,
) -> list[_Chosen] | None:
    """A minimal contradictory part of the instances, as the solver sees it."""
    formulas = {
        f"i{n}": _ground(clauses[key], binding).formula
        for n, (key, binding) in enumerate(instances)
    }
    question = Question(formulas, tuple(formulas))
    answer = solver.decide(formulas, [question], timer, limits)[0]
    if answer.status != "unsat":
        return None
    return [instances[int(label[1:])] for label in answer.core]
