"""Lemmas that a selector names: for the prompt, and as tactics of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from neurosym.search.base import Lemma

MOST_SHOWN: Final = 16
_MOST_LENGTH: Final = 240
_MOST_APPLIED: Final = 6
_MOST_TOGETHER: Final = 8
_PART: Final = r"[^\W\d][\w'!?₀-₉]*"
_NAME: Final = re.compile(rf"{_PART}(?:\.(?:{_PART}|\d+))*")


def usable(premises: Sequence[Lemma], most: int = MOST_SHOWN) -> tuple[Lemma, ...]:
    """The first of them, each once, whose names can be written in a tactic as they are."""
    named = {p.name: p for p in reversed(premises) if _NAME.fullmatch(p.name)}
    kept = [p for p in premises if named.get(p.name) is p]
    return tuple(kept[:most])


def listed(premises: Sequence[Lemma]) -> str:
    """The premises as a prompt lists them."""
    if not premises:
        return "none"
    return "\n" + "\n".join(
        f"{p.name} : {' '.join(p.statement.split())[:_MOST_LENGTH]}" if p.statement else p.name
        for p in premises
    )


def tactics(premises: Sequence[Lemma]) -> list[tuple[str, float]]:
    """Tactics that use the premises, each with the logarithm of its weight; guesses, not learnt.

    The earlier a premise stands, the more it weighs.
    """
    found: list[tuple[str, float]] = []
    names = [premise.name for premise in premises]
    if names:
        together = ", ".join(names[:_MOST_TOGETHER])
        found += [(f"simp [{together}]", -1.0), (f"grind [{together}]", -1.0)]
    for place, name in enumerate(names[:_MOST_APPLIED]):
        cost = -1.5 - 0.2 * place
        found += [(f"exact {name} ..", cost - 0.5), (f"apply {name}", cost)]
        found += [(f"rw [{name}]", cost), (f"simp [{name}]", cost), (f"grind [{name}]", cost)]
    return found
