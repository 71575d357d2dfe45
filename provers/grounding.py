"""Problems without functions and equality, decided by writing out all ground instances.

Over clauses with no function symbols (the Bernays-Schoenfinkel class) the Herbrand universe is
the set of constants, so the ground instances are finite in number and propositional: a SAT
solver decides them, a model of theirs is a finite model of the formulas, and a contradictory
set of instances is itself the certificate (``provers.logic.herbrand``). Most of what language
models write when they formalise English is of this kind.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provers.base import Instance
from provers.logic import herbrand
from provers.logic.models import FunctionTable, Model, PredicateTable, Row
from provers.logic.syntax import NUMERIC, Apply, Formula, Pred, Sort, Term, Var
from provers.logic.transform import Clause, clausify

MAX_INSTANCES = 2500
ASSUMPTIONS = ("against", "beside")

_Atom = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class _Ground:
    """One instance: whose clause, which one, and its variables' values."""

    owner: str
    clause: int
    variables: tuple[Var, ...]
    values: tuple[int, ...]


class Grounding:
    """All ground instances of labelled formulas, as propositional clauses.

    Variable ``n`` of the clauses, counted from 1, is the label of instance ``n - 1``; atoms
    come after the labels. Each clause holds the negation of its instance's label.
    """

    def __init__(
        self, clauses: Mapping[str, tuple[Clause, ...]], universe: Mapping[Sort, list[Apply]]
    ) -> None:
        self.universe = universe
        self.constants = [c for constants in universe.values() for c in constants]
        self._number = {c: n for n, c in enumerate(self.constants)}
        self.instances: list[_Ground] = []
        self.atoms: dict[_Atom, int] = {}
        self.owned: dict[str, list[int]] = {}
        self._literals: list[list[int]] = []
        for owner, found in clauses.items():
            first = len(self.instances)
            for number, clause in enumerate(found):
                self._write_out(owner, number, clause)
            self.owned[owner] = list(range(first + 1, len(self.instances) + 1))

    def _write_out(self, owner: str, number: int, clause: Clause) -> None:
        variables = clause.variables
        place = {v: i for i, v in enumerate(variables)}
        patterns: list[tuple[bool, str, list[int]]] = []
        for literal in clause.literals:
            assert isinstance(literal.atom, Pred)
            # An argument is a variable's place, or a constant's number as its complement.
            spots = [
                place[a] if isinstance(a, Var) else ~self._number[a]  # type: ignore[index]
                for a in literal.atom.args
            ]
            name = f"{literal.atom.name}/{len(spots)}"
            patterns.append((literal.positive, name, spots))
        choices = [[self._number[c] for c in self.universe[v.sort]] for v in variables]
        atoms = self.atoms
        for row in itertools.product(*choices):
            literals = []
            for positive, name, spots in patterns:
                key = (name, tuple([row[s] if s >= 0 else ~s for s in spots]))
                atom = atoms.setdefault(key, len(atoms))
                literals.append(atom if positive else ~atom)
            self._literals.append(literals)
            self.instances.append(_Ground(owner, number, variables, row))

    def dimacs(self) -> str:
        """The clauses in DIMACS form."""
        shift = len(self.instances) + 1
        lines = [f"p cnf {len(self.instances) + len(self.atoms)} {len(self._literals)}"]
        for label, literals in enumerate(self._literals, 1):
            body = " ".join([str(n + shift) if n >= 0 else str(-(~n + shift)) for n in literals])
            lines.append(f"-{label} {body} 0")
        return "\n".join(lines) + "\n"

    def model(self, true: Sequence[int]) -> Model:
        """The Herbrand model in which exactly the atoms with these variables are true."""
        names = _element_names(self.universe)
        shift = len(self.instances) + 1
        chosen = {n - shift for n in true}
        rows: dict[tuple[str, int], dict[Row, bool]] = {}
        for (name, args), number in self.atoms.items():
            if number in chosen:
                predicate, _, arity = name.rpartition("/")
                row: Row = tuple(names[self.constants[a]] for a in args)
                rows.setdefault((predicate, int(arity)), {})[row] = True
        return Model(
            {s.name: tuple(names[c] for c in constants) for s, constants in self.universe.items()},
            {(c.name, 0): FunctionTable({(): names[c]}) for c in self.constants},
            {symbol: PredicateTable(table) for symbol, table in rows.items()},
        )

    def certificate(self, core: Sequence[int]) -> tuple[Instance, ...]:
        """The instances with these labels."""
        return tuple(self._instance(self.instances[label - 1]) for label in core)

    def _instance(self, ground: _Ground) -> Instance:
        values = [herbrand.write_term(self.constants[v]) for v in ground.values]
        names = [v.name for v in ground.variables]
        return Instance(
            formula_index(ground.owner), ground.clause, tuple(zip(names, values, strict=True))
        )

    def owners(self, core: Sequence[int]) -> set[str]:
        """The formulas that the labelled instances come from."""
        return {self.instances[label - 1].owner for label in core}


def formula_index(owner: str) -> int:
    """The premise's index, or -1 for an assumption."""
    return -1 if owner in ASSUMPTIONS else int(owner[1:])


def _element_names(universe: Mapping[Sort, list[Apply]]) -> dict[Apply, str]:
    return {
        constant: f"{sort.name}!{n}"
        for sort, constants in universe.items()
        for n, constant in enumerate(constants)
    }


def ground(formulas: Mapping[str, Formula]) -> Grounding | None:
    """All instances of the labelled closed formulas.

    None where there are functions, equality or numbers, or too many instances.
    """
    clauses: dict[str, tuple[Clause, ...]] = {}
    constants: dict[Apply, None] = {}
    sorts: dict[Sort, None] = {}
    total = 0
    for label, formula in formulas.items():
        clauses[label] = clausify(formula, herbrand.skolem_prefix(formula_index(label)))
        total += len(clauses[label])
        if total > MAX_INSTANCES:  # each has an instance at least: the rest need not be read
            return None
        for clause in clauses[label]:
            if not _collect(clause, constants, sorts):
                return None
    # The two assumptions share their Skolem names, which may be of different sorts.
    if len({constant.name for constant in constants}) < len(constants):
        return None
    universe: dict[Sort, list[Apply]] = {sort: [] for sort in sorts}
    for constant in constants:
        universe[constant.sort].append(constant)
    for sort, found in universe.items():
        if not found:
            found.append(Apply(f"{herbrand.WITNESS}_{sort}", (), sort))
    if _count(clauses, universe) > MAX_INSTANCES:
        return None
    return Grounding(clauses, universe)


def _collect(clause: Clause, constants: dict[Apply, None], sorts: dict[Sort, None]) -> bool:
    """Note constants and sorts; False for what is outside the class."""
    for literal in clause.literals:
        if not isinstance(literal.atom, Pred):
            return False
        for term in literal.atom.args:
            if term.sort in NUMERIC or not _plain(term):
                return False
            sorts[term.sort] = None
            if isinstance(term, Apply):
                constants[term] = None
    return True


def _plain(term: Term) -> bool:
    return isinstance(term, Var) or (isinstance(term, Apply) and not term.args)


def _count(clauses: Mapping[str, tuple[Clause, ...]], universe: Mapping[Sort, list[Apply]]) -> int:
    total = 0
    for found in clauses.values():
        for clause in found:
            size = 1
            for var in clause.variables:
                size *= len(universe[var.sort])
            total += size
    return total
