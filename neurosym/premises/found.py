"""What a search for premises finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.premises.base import Premise


@dataclass(frozen=True, slots=True)
class Found:
    """A premise, how well it fits (higher is better, comparable within one search), and the place
    that each retriever gave it, from 1.
    """

    premise: Premise
    score: float
    ranks: Mapping[str, int]
