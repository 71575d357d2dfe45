"""Best-first proof search: the likeliest unfinished proof is always carried on first."""

from __future__ import annotations

import heapq
import itertools
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from provers.base import Attempts, Limits, Message, Outcome, Reason, Result
from provers.errors import InputError
from provers.lean.goals import Goal
from provers.lean.judge import PROVER
from provers.lean.tactics import (
    LeanError,
    NoState,
    ProofFinished,
    ProofGivenUp,
    Session,
    TacticCrash,
    TacticResult,
    TacticState,
    TacticTimeout,
)

Suggester: TypeAlias = Callable[[TacticState], Sequence[tuple[str, float]]]
"""Tactics to try on a state, each with the logarithm of how likely it is to be the right one."""


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """``seconds`` for the whole search, ``expansions`` states at most, ``tactic`` for each step.

    ``records`` is how many steps the result tells of, the first ones.
    """

    seconds: float = 60.0
    expansions: int = 512
    tactic: Limits = Limits(5.0)
    records: int = 2000


_DEFAULT = SearchLimits()


@dataclass(order=True, slots=True)
class _Node:
    """A state and the tactics that led to it; the likeliest one is the least."""

    cost: float
    order: int
    state: TacticState = field(compare=False)
    script: tuple[str, ...] = field(compare=False)


def search(session: Session, suggest: Suggester, limits: SearchLimits = _DEFAULT) -> Result:
    """Prove the session's theorem with tactics from ``suggest``.

    A proof's priority is the sum of its tactics' logarithms, as ReProver has it; states with the
    same goals count once, the first time they are met. ``proved`` carries the judge's evidence;
    everything else carries what was tried (the tactics, what came of the last one, seconds):
    ``unknown``/``timeout`` where time ran out, ``unknown``/``incomplete`` where the expansions or
    the tactics did. What the suggester and Lean's tools raise is passed on; raises InputError for
    a suggestion whose number is no logarithm of a probability.
    """
    return _Search(session, suggest, limits).run()


class _Search:
    def __init__(self, session: Session, suggest: Suggester, limits: SearchLimits) -> None:
        self._session = session
        self._suggest = suggest
        self._limits = limits
        self._started = time.monotonic()
        self._tried: list[tuple[str, str, float]] = []
        self._steps = 0
        self._order = itertools.count()
        self._open: list[_Node] = []
        self._seen: set[str] = set()

    def run(self) -> Result:
        first = self._session.start()
        if not isinstance(first, TacticState):
            return self._not_started(first)
        self._push(first, (), 0.0)
        expanded = 0
        while self._open:
            if expanded >= self._limits.expansions:
                return self._unknown("incomplete", f"{expanded} states were expanded, the limit")
            expanded += 1
            node = heapq.heappop(self._open)
            for tactic, logarithm in _checked(self._suggest(node.state)):
                left = self._limits.seconds - self._seconds
                if left <= 0:
                    return self._unknown("timeout", f"no proof in {self._limits.seconds:g} s")
                result = self._step(node, tactic, left)
                match result:
                    case ProofFinished():
                        return self._proved(result)
                    case TacticState() if result.pp not in self._seen:
                        self._push(result, (*node.script, tactic), node.cost - logarithm)
                    case _:
                        pass
        return self._unknown("incomplete", f"none of the tactics carries on ({expanded} states)")

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._started

    def _step(self, node: _Node, tactic: str, left: float) -> TacticResult:
        limits = Limits(min(left, self._limits.tactic.seconds), self._limits.tactic.megabytes)
        start = time.monotonic()
        result = self._session.run_tac(node.state, tactic, limits)
        self._steps += 1
        if len(self._tried) < self._limits.records:
            script = "\n".join((*node.script, tactic))
            self._tried.append((script, described(result), time.monotonic() - start))
        return result

    def _push(self, state: TacticState, script: tuple[str, ...], cost: float) -> None:
        self._seen.add(state.pp)
        heapq.heappush(self._open, _Node(cost, next(self._order), state, script))

    def _proved(self, finished: ProofFinished) -> Result:
        note = Message(f"found after {self._steps} tactics")
        return Result(
            Outcome.PROVED, PROVER, self._seconds, evidence=finished.proof, messages=(note,)
        )

    def _unknown(self, reason: Reason, text: str) -> Result:
        return Result(
            Outcome.UNKNOWN,
            PROVER,
            self._seconds,
            reason=reason,
            evidence=Attempts(tuple(self._tried)),
            messages=(Message(f"{text}; {self._steps} tactics were tried"),),
        )

    def _not_started(self, why: NoState) -> Result:
        message = (Message(why.error, "error"),)
        match why:
            case LeanError():
                return Result(Outcome.ILL_FORMED, PROVER, self._seconds, messages=message)
            case TacticTimeout():
                return Result(
                    Outcome.UNKNOWN, PROVER, self._seconds, reason="timeout", messages=message
                )
            case TacticCrash():
                return Result(Outcome.FAILED, PROVER, self._seconds, messages=message)


def _checked(suggestions: Sequence[tuple[str, float]]) -> Sequence[tuple[str, float]]:
    for tactic, logarithm in suggestions:
        if not (math.isfinite(logarithm) and logarithm <= 0):
            raise InputError(
                f"the suggester gave {tactic!r} the number {logarithm}: "
                "the logarithm of a probability is finite and at most 0"
            )
    return suggestions


def described(result: TacticResult) -> str:
    """What came of a tactic, in a few words."""
    match result:
        case TacticState(num_goals=goals):
            return f"{goals} goal{'s' if goals > 1 else ''}"
        case ProofFinished():
            return "proof"
        case ProofGivenUp():
            return "given up"
        case TacticTimeout():
            return "timeout"
        case TacticCrash(cause=cause):
            return cause
        case LeanError(error):
            return f"error: {error.partition(chr(10))[0][:200]}"


# --- tactics of core Lean --------------------------------------------------------------------

_CLOSERS = (
    ("rfl", -1.5),
    ("assumption", -1.5),
    ("omega", -1.0),
    ("simp_all", -1.2),
    ("grind", -1.4),
    ("decide", -2.5),
    ("simp", -1.6),
)
_WRITABLE = re.compile(r"[^\W\d][\w'!?₀-₉]*\Z")
_IDENTIFIER = re.compile(r"(?<![\w.✝])[^\W\d][\w'!?.]*(?![\w'✝])")
_DEFINITIONS = 4
_SPLITS = {
    "∧": "obtain ⟨{0}_1, {0}_2⟩ := {0}",
    "∨": "cases {0}",
    "∃": "obtain ⟨{0}_1, {0}_2⟩ := {0}",
}
_INDUCTIVE = re.compile(r"(?:Nat|ℕ|Bool|List\b.*|Option\b.*)\Z", re.DOTALL)


def core_tactics(state: TacticState) -> list[tuple[str, float]]:
    """Tactics that need no library, chosen by the shape of the first goal and its hypotheses.

    The numbers are guesses, not learnt.
    """
    goal = state.goals[0]
    return [
        *_by_conclusion(goal.conclusion),
        *_CLOSERS,
        *_by_hypotheses(goal),
        *_by_definitions(goal),
    ]


def _by_conclusion(conclusion: str) -> list[tuple[str, float]]:
    if conclusion.startswith(("∀", "¬", "let ")) or "→" in conclusion:
        return [("intro", -0.4)]
    if conclusion.startswith("∃"):
        return [("refine ⟨_, ?_⟩", -2.5), ("exists 0", -2.0), ("exists 1", -2.5)]
    if "↔" in conclusion or "∧" in conclusion:
        return [("constructor", -0.6)]
    if "∨" in conclusion:
        return [("left", -1.2), ("right", -1.2)]
    return [("funext", -3.0), ("congr", -3.5)] if " = " in conclusion else []


def _by_hypotheses(goal: Goal) -> list[tuple[str, float]]:
    tactics = []
    for hypothesis in reversed(goal.hypotheses):  # what came last is used first
        name = hypothesis.name
        if _WRITABLE.match(name) is None:
            continue
        if _INDUCTIVE.match(hypothesis.type):
            tactics += [(f"induction {name}", -2.0), (f"cases {name}", -2.8)]
            continue
        tactics += [(f"apply {name}", -2.2), (f"rw [{name}]", -2.5)]
        tactics += [
            (split.format(name), -1.2) for sign, split in _SPLITS.items() if sign in hypothesis.type
        ]
        if hypothesis.type.endswith("False") or hypothesis.type.startswith("¬"):
            tactics.append((f"exact absurd ‹_› {name}", -2.5))
    return tactics


def _by_definitions(goal: Goal) -> list[tuple[str, float]]:
    """Unfolding of the names in the conclusion that are not hypotheses."""
    bound = {hypothesis.name for hypothesis in goal.hypotheses}
    names = dict.fromkeys(n for n in _IDENTIFIER.findall(goal.conclusion) if n not in bound)
    return [(f"simp [{name}]", -2.4) for name in list(names)[:_DEFINITIONS]]
