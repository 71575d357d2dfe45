"""What can be done at a place of a proof: tactics that make progress, and premises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from neurosym.project.attempt import Select, one_tactic, said
from neurosym.project.scan import Hole
from provers.errors import InputError
from provers.lean import candidates
from provers.lean.build import Built, Module
from provers.lean.context import read_context
from provers.lean.goals import first_goal
from provers.lean.search import core_tactics
from provers.lean.tactics import TacticState
from provers.lean.workbench import Gap, Opened, Place, Ran, Step, Workbench

_MOST: Final = 12
_HEARTBEATS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tactic, and the goals that it leaves: none where it ends the proof."""

    tactic: str
    after: str

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"tactic": self.tactic, "closes": not self.after, "goals": self.after}


@dataclass(frozen=True, slots=True)
class Advice:
    """The goal at a place, tactics for it (what ends it first), and premises that fit it."""

    goal: str
    tactics: tuple[Suggestion, ...]
    premises: tuple[str, ...]

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "goal": self.goal,
            "tactics": [one.data for one in self.tactics],
            "premises": list(self.premises),
        }


class Adviser:
    """Keeps a Lean with the file that was asked about last; not thread-safe."""

    def __init__(self, built: Built, *, select: Select | None = None) -> None:
        self._built = built
        self._select = select
        self._bench: Workbench = built.bench()
        self._opened: tuple[str, Opened, tuple[Step, ...]] | None = None

    def close(self) -> None:
        """Stop its Lean."""
        self._bench.close()

    def advise(self, module: Module, text: str, place: Place) -> Advice:
        """What fits at a place, its line from 1 and its column from 0.

        Raises InputError where no tactic stands there or before it in the same proof, and
        StoppedError.
        """
        opened, steps = self._open(module, text)
        step, after = _at(steps, place)
        goal = first_goal(step.after if after else step.before)
        if not goal:
            return Advice("", (), ())
        names: Sequence[str] = ()
        if self._select is not None:
            gap = Gap(step.start, step.stop, goal, False)
            names = self._select(goal, Hole(module.name, str(module.file), None, gap))
        tactics = _candidates(goal, names)
        ran = opened.run(
            step, [one_tactic(t) for t in tactics], after=after, heartbeats=_HEARTBEATS
        )
        before = step.after if after else step.before
        found = [
            Suggestion(said(tactic, one), one.after)
            for tactic, one in zip(tactics, ran, strict=True)
            if _helps(one, before)
        ]
        found.sort(key=lambda one: (one.after != "", len(one.after), len(one.tactic)))
        return Advice(goal, tuple(_different(found)[:_MOST]), tuple(names))

    def _open(self, module: Module, text: str) -> tuple[Opened, tuple[Step, ...]]:
        if self._opened is None or self._opened[0] != text:
            opened = self._built.open(self._bench, module.name, text)
            self._opened = (text, opened, opened.steps())
        return self._opened[1], self._opened[2]


def _at(steps: Sequence[Step], place: Place) -> tuple[Step, bool]:
    """The innermost tactic at a place, else the last one that ended before it (and True)."""
    around = [step for step in steps if step.start <= place <= step.stop]
    if around:
        return max(around, key=lambda step: (step.start, step.index)), False
    before = [step for step in steps if step.stop <= place]
    if not before:
        raise InputError(f"no tactic stands at or before line {place[0]}, column {place[1] + 1}.")
    return max(before, key=lambda step: (step.stop, step.index)), True


def _candidates(goal: str, names: Sequence[str]) -> list[str]:
    """Tactics worth trying, the likeliest first."""
    state = TacticState(goal, 0)
    likely = sorted(core_tactics(state), key=lambda pair: -pair[1])
    found = [tactic for tactic, _ in likely]
    context = read_context(goal, goal)
    for group in candidates.with_premises(context, names):
        found += [proof for proof in group.proofs if "\n" not in proof][:24]
    return list(dict.fromkeys(found))


def _helps(one: Ran, before: str) -> bool:
    return not one.error and (one.closed or (bool(one.after) and one.after != before))


def _different(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Of those that leave the same goals, the first."""
    seen: dict[str, Suggestion] = {}
    closing = [one for one in found if not one.after]
    for one in found:
        if one.after:
            seen.setdefault(one.after, one)
    return [*closing[:3], *seen.values()]
