"""Best-first search for a proof at a place of a file, tactic by tactic.

As ReProver's (Yang et al., "LeanDojo", 2023, section 5): the likeliest unfinished proof is carried
on first. All tactics for a state are tried in one request, where the place itself is.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from provers.lean.goals import separated
from provers.lean.search import core_tactics
from provers.lean.tactics import TacticState
from provers.lean.workbench import Ran

Try: TypeAlias = Callable[[Sequence[str]], Sequence[Ran]]
"""Runs each of these tactics on the goals at the place."""

_MOST_EXPANDED: Final = 40
_MOST_DEEP: Final = 8
_REWRITTEN: Final = 14
_GOAL: Final = 0.6  # what each further goal costs
_LETTER: Final = 0.002  # what each letter of the goals costs
_MOST_GOALS: Final = 6


def search(
    goal: str,
    run: Try,
    names: Sequence[str],
    definitions: Sequence[str],
    *,
    seconds: float,
) -> str | None:
    """A proof, lines of tactics, if one is found within ``seconds``.

    ``names`` are premises that may help, the best first, ``definitions`` what may be unfolded.
    """
    deadline = time.monotonic() + seconds
    order = itertools.count()
    open_: list[tuple[float, int, tuple[str, ...], str]] = [(0.0, next(order), (), goal)]
    seen = {goal}
    for _ in range(_MOST_EXPANDED):
        if not open_ or time.monotonic() >= deadline:
            return None
        cost, _, script, state = heapq.heappop(open_)
        tactics = _tactics(state, names, definitions)
        results = run([_joined((*script, tactic)) for tactic, _ in tactics])
        for (tactic, logarithm), ran in zip(tactics, results, strict=True):
            if ran.closed:
                return "\n".join((*script, tactic))
            if ran.error or not ran.after or ran.after in seen or len(script) >= _MOST_DEEP:
                continue
            goals = ran.after.count("⊢")
            if goals > _MOST_GOALS:
                continue
            seen.add(ran.after)
            price = cost - logarithm + _GOAL * (goals - 1) + _LETTER * len(ran.after)
            heapq.heappush(open_, (price, next(order), (*script, tactic), ran.after))
    return None


def _joined(script: Sequence[str]) -> str:
    return script[0] if len(script) == 1 else "(" + "; ".join(script) + ")"


def _tactics(
    state: str, names: Sequence[str], definitions: Sequence[str]
) -> list[tuple[str, float]]:
    """Tactics for the first goal of a state, each with the logarithm of its weight; guesses."""
    found: dict[str, float] = {}
    for tactic, logarithm in core_tactics(TacticState(separated(state), 0)):
        found.setdefault(tactic, logarithm)
    if definitions:
        found[f"simp_all [{', '.join(definitions)}]"] = -1.0
        found[f"simp [{', '.join(definitions)}]"] = -1.2
        found[f"grind [{', '.join(definitions)}]"] = -1.2
    for definition in definitions:
        found[f"unfold {definition}"] = -1.6
    for place, name in enumerate(names[:_REWRITTEN]):
        price = -1.3 - 0.08 * place
        found[f"rw [{name}]"] = price
        found[f"rw [← {name}]"] = price - 0.7
        found[f"apply {name}"] = price - 0.2
        found[f"exact {name} .."] = price
    return list(found.items())
