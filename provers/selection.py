"""Problems with many premises: proved from the few that the goal is about, if that will do.

What follows from some premises follows from all of them, and premises that contradict each
other do so whatever is beside them. So ``proved``, ``refuted`` and ``inconsistent`` hold for the
whole problem when they hold for a selection; the evidence is handed on in the whole problem's
numbers. That nothing follows from a selection, or that it has a model, says nothing about the
whole, and is never handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from provers import tstp
from provers.base import (
    AnyProblem,
    Attempts,
    Conflict,
    Instance,
    Limits,
    Message,
    OneModel,
    Outcome,
    Problem,
    Proof,
    Prover,
    Refutation,
    Result,
)
from provers.errors import InputError
from provers.failures import failure
from provers.logic import herbrand
from provers.logic.signature import infer
from provers.relevance import Index, OverdueError, Scope
from provers.solver import Timer

MANY: Final = 48
"""Problems with more premises than this are tried on selections first."""

SCOPES: Final = (
    Scope(tolerance=1.2, generality=8, depth=2),
    Scope(tolerance=1.5, generality=8, depth=3),
    Scope(tolerance=2.0, generality=12, depth=5),
    Scope(tolerance=3.0, generality=16),
)
"""Tried in this order; each chooses at least what the one before it does."""

# Of the time that is left: for each selection, and for reading what the premises are about.
_SHARE: Final = 0.25
# A selection of nearly everything is no easier than everything.
_NEARLY_ALL: Final = 0.8
# Whether all premises contradict each other is looked into so long, at least, after a proof.
_CONSISTENCY_SECONDS: Final = 1.0
_UNSHOWN: Final = "the premises were not shown to be satisfiable"
_FOLLOWS: Final = frozenset({Outcome.PROVED, Outcome.REFUTED})


class Selecting:
    """A prover that is asked about selections of many premises before it is asked about all.

    It goes by the name of the prover inside, whose evidence it hands on. Problems with at most
    ``many`` premises, without a goal, or of another kind are handed to it as they are.
    """

    def __init__(self, prover: Prover, *, many: int = MANY) -> None:
        self.prover = prover
        self.name = prover.name
        self.many = many

    def warm(self) -> None:
        """Start what the prover inside needs, in the background."""
        self.prover.warm()

    def close(self) -> None:
        """Stop the workers of the prover inside."""
        self.prover.close()

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """Answer ``problem``: from a selection of its premises, or from all of them.

        An answer that was found on a selection says so in a message.
        """
        match problem:
            case Problem(premises=premises, goal=goal) if goal is not None:
                if len(premises) > self.many:
                    return _Search(self.prover, problem, limits).result()
            case _:
                pass
        return self.prover.prove(problem, limits)


class _Search:
    """One problem with many premises on its way to a result."""

    def __init__(self, prover: Prover, problem: Problem, limits: Limits) -> None:
        self.prover = prover
        self.problem = problem
        self.limits = limits
        self.timer = Timer(limits.seconds)
        self.tried: list[tuple[str, str, float]] = []

    def result(self) -> Result:
        try:
            found = self._on_selections()
        except InputError as error:
            return failure(self.prover.name, error, self.timer.spent)
        if found is None:
            found = self._with_attempts(self._ask(self.problem, self.timer.left))
        return replace(found, seconds=self.timer.spent)

    def _ask(self, problem: Problem, seconds: float) -> Result:
        return self.prover.prove(problem, Limits(max(0.05, seconds), self.limits.megabytes))

    def _on_selections(self) -> Result | None:
        """What a selection shows about all premises; None where none shows anything.

        Raises SortError where the sorts of the whole problem do not fit together, whether a
        selection would show it or not.
        """
        for chosen in self._selections():
            start = self.timer.spent
            premises = tuple(self.problem.premises[i] for i in chosen)
            smaller = replace(self.problem, premises=premises)
            result = self._ask(smaller, self.timer.left * _SHARE)
            words = f"{self.prover.name}: {len(chosen)} of {len(self.problem.premises)} premises"
            self.tried.append(
                (words, str(result.reason or result.outcome), self.timer.spent - start)
            )
            if isinstance(result.evidence, Conflict):
                return result  # provers that contradict each other are wrong about any problem
            if isinstance(result.evidence, Refutation):
                return self._for_all(result, result.evidence, chosen)
        return None

    def _selections(self) -> Iterator[tuple[int, ...]]:
        reading = Timer(self.timer.left * _SHARE)
        try:
            index = Index(self.problem, late=lambda: reading.left <= 0)
        except OverdueError:
            self.tried.append(("selection of premises", "timeout", reading.spent))
            return
        if not index.plain:
            goals = (self.problem.goal, self.problem.negated_goal)
            infer([*self.problem.premises, *(g for g in goals if g is not None)]).check()
        last: tuple[int, ...] | None = None
        for scope in SCOPES:
            chosen = index.select(scope)
            if len(chosen) > _NEARLY_ALL * len(self.problem.premises) or self.timer.left <= 0:
                return
            if chosen != last:
                yield chosen
            last = chosen

    # Results.

    def _for_all(self, result: Result, evidence: Refutation, chosen: tuple[int, ...]) -> Result:
        """A result about the chosen premises as one about all of them."""
        evidence = renumbered(evidence, dict(enumerate(chosen)))
        notes = [m for m in result.messages if m.text != _UNSHOWN]
        total = len(self.problem.premises)
        notes.append(Message(f"found with {len(chosen)} of the {total} premises"))
        if result.outcome in _FOLLOWS:
            # Only the whole problem can say whether its premises contradict each other.
            seconds = min(self.timer.left, max(_CONSISTENCY_SECONDS, self.timer.spent))
            alone = self._ask(replace(self.problem, goal=None, negation=None), seconds)
            if alone.outcome is Outcome.INCONSISTENT or isinstance(alone.evidence, Conflict):
                return alone
            if isinstance(alone.evidence, OneModel):
                evidence = replace(evidence, consistency=alone.evidence.model)
            elif alone.szs != "Satisfiable":
                notes.append(Message(_UNSHOWN, "warning"))
        return replace(result, evidence=evidence, messages=tuple(notes))

    def _with_attempts(self, result: Result) -> Result:
        """What the prover said about all premises, with what was tried before, if it gave up."""
        if result.outcome is not Outcome.UNKNOWN:
            return result
        later = result.evidence.tried if isinstance(result.evidence, Attempts) else ()
        return replace(result, evidence=Attempts((*self.tried, *later)))


# --- evidence ------------------------------------------------------------------------------


def renumbered(evidence: Refutation, numbers: Mapping[int, int]) -> Refutation:
    """The same evidence where premise ``i`` is called ``numbers[i]``.

    A model of the premises is left out: it is one of the old premises only.
    """
    instances = evidence.instances
    if instances is not None:
        instances = tuple(
            Instance(
                numbers.get(one.formula, one.formula),
                one.clause,
                tuple((name, herbrand.renumber(term, numbers)) for name, term in one.bindings),
            )
            for one in instances
        )
    proof = evidence.proof
    if proof is not None and proof.format == "tstp":
        names = {f"p{old}": f"p{new}" for old, new in numbers.items()}
        proof = Proof(proof.format, tstp.rename_leaves(proof.text, names))
    return replace(
        evidence,
        used=tuple(numbers[i] for i in evidence.used),
        instances=instances,
        proof=proof,
        consistency=None,
    )
