"""Which premises of many a goal is about, by the symbols that they share (SInE).

After Hoder and Voronkov, "Sine Qua Non for large theory reasoning", CADE 2011. A symbol that
occurs in few premises says what a premise is about; one that occurs in most says nothing. So a
premise is *triggered* by its rarest symbols only. Those that the goal's symbols trigger are
chosen, then those that the symbols of the chosen trigger, and so on. Building the index and
choosing from it take time linear in the size of the premises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from provers.base import Problem
from provers.logic.syntax import (
    INDIVIDUAL,
    Apply,
    Compare,
    Exists,
    Forall,
    Formula,
    Pred,
    Var,
    atom_terms,
    subterms,
    walk,
)

Symbol: TypeAlias = tuple[str, str, int]
"""Kind (``function`` or ``predicate``), name and arity; a constant is a function of none."""

_ASKED_EVERY = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """How freely premises are chosen; each parameter that grows only adds premises.

    ``tolerance``: a symbol triggers a premise if it occurs in at most so many times as many
    premises as the premise's rarest symbol. ``generality``: a symbol that occurs in at most so
    many premises triggers all of them. ``depth``: how many steps are made from the goal, None
    for as many as add something. (Sections 3 and 4 of the paper, in its words and letters:
    tolerance *t*, generality threshold *g*, depth *d*.)
    """

    tolerance: float = 1.0
    generality: int = 0
    depth: int | None = None

    def __post_init__(self) -> None:
        if self.tolerance < 1 or self.generality < 0 or (self.depth or 0) < 0:
            raise ValueError("tolerance is at least 1, generality and depth at least 0")


class OverdueError(Exception):
    """Reading the premises took longer than it was allowed to."""


class Index:
    """The symbols of a problem's premises and goal, and how many premises each occurs in.

    ``plain``: nothing has another sort than that of individuals, so that sorts cannot clash.
    ``late`` is asked from time to time whether to give up; then OverdueError is raised.
    """

    def __init__(self, problem: Problem, late: Callable[[], bool] = lambda: False) -> None:
        self.plain = True
        self._premises: list[frozenset[Symbol]] = []
        for number, premise in enumerate(problem.premises):
            if number % _ASKED_EVERY == 0 and late():
                raise OverdueError
            self._premises.append(self._symbols(premise))
        goals = () if problem.goal is None else (problem.goal, problem.negated_goal)
        self._goal = frozenset[Symbol]().union(*map(self._symbols, goals))
        self._occurrences = Counter(s for symbols in self._premises for s in symbols)
        self._rarest = [
            min((self._occurrences[s] for s in symbols), default=0) for symbols in self._premises
        ]

    def _symbols(self, formula: Formula) -> frozenset[Symbol]:
        """All but equality and arithmetic, which are about everything."""
        found: set[Symbol] = set()
        for sub in walk(formula):
            if isinstance(sub, Forall | Exists):
                self._note(sub.vars)
                continue
            if isinstance(sub, Pred):
                found.add(("predicate", sub.name, len(sub.args)))
            elif isinstance(sub, Compare):
                self.plain = False
            for argument in atom_terms(sub):
                for term in subterms(argument):
                    if isinstance(term, Apply):
                        found.add(("function", term.name, len(term.args)))
                    if term.sort != INDIVIDUAL:
                        self.plain = False
        return frozenset(found)

    def _note(self, variables: Iterable[Var]) -> None:
        if any(var.sort != INDIVIDUAL for var in variables):
            self.plain = False

    def select(self, scope: Scope) -> tuple[int, ...]:
        """The indices of the chosen premises, in their order.

        A premise without symbols, such as ``all x. all y. x = y``, is about everything, and
        always chosen. Where the goal has no symbols, nothing else is.
        """
        chosen = {i for i, symbols in enumerate(self._premises) if not symbols}
        triggered = self._triggered(scope)
        seen = set(self._goal)
        frontier: Sequence[Symbol] = tuple(self._goal)
        steps = 0
        while frontier and (scope.depth is None or steps < scope.depth):
            steps += 1
            new = {i for symbol in frontier for i in triggered.get(symbol, ())} - chosen
            chosen |= new
            frontier = tuple({s for i in new for s in self._premises[i]} - seen)
            seen.update(frontier)
        return tuple(sorted(chosen))

    def _triggered(self, scope: Scope) -> dict[Symbol, list[int]]:
        """The premises that each symbol triggers."""
        triggered: dict[Symbol, list[int]] = {}
        for number, symbols in enumerate(self._premises):
            enough = max(scope.generality, scope.tolerance * self._rarest[number])
            for symbol in symbols:
                if self._occurrences[symbol] <= enough:
                    triggered.setdefault(symbol, []).append(number)
        return triggered
