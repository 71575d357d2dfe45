"""What an attempt finds, before it is known how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from provers.base import CONCLUSIVE

DECIDED: Final = frozenset(str(outcome) for outcome in CONCLUSIVE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What ``Attempt`` says without its sample, times and tokens."""

    outcome: str
    output: dict[str, Any]
    reason: str = ""
    answer: str | None = None
    solved: bool = False
    prover: str = ""
    final: bool = True
    again: bool = False


def said(
    id: str | int, outcome: str, reason: str, text: str, *, final: bool = True, again: bool = False
) -> Finding:
    """A finding that is a sentence."""
    severity = "error" if outcome in ("failed", "ill_formed") else "info"
    output = {
        "id": id,
        "outcome": outcome,
        "reason": reason,
        "messages": [{"text": text, "severity": severity}],
    }
    return Finding(outcome, output, reason, final=final and not again, again=again)
