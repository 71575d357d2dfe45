"""Examples: claims in English and formally, with labels that provers can be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from provers.base import Outcome, Problem
from provers.logic.syntax import Formula

LABELS: Final = (Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT, Outcome.INCONSISTENT)


@dataclass(frozen=True, slots=True)
class Lineage:
    """What an example comes from: ``seed`` names the original, by which data are split, and
    ``changes`` say in order what was done to it.
    """

    seed: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """English, and what it means."""

    text: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Example:
    """A claim, given premises, and its label: ``proved``, ``refuted``, ``independent`` or
    ``inconsistent``.

    ``kind`` is the mutation that made it, ``context`` text around it that is not formalised (the
    question of a word problem), ``reason`` what is wrong with a claim that was made wrong, and
    ``facts`` what is known of it besides (depth, distractors, ...), all of it JSON.
    """

    id: str
    kind: str
    lineage: Lineage
    premises: tuple[Statement, ...]
    claim: Statement
    label: Outcome
    context: str = ""
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """What a prover is asked about it."""
        return Problem(tuple(one.formula for one in self.premises), self.claim.formula)
