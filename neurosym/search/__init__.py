"""Proof search for bare Lean statements, with a language model that suggests.

What a model writes is never believed: a proof counts once Lean's judge accepts it. While it is
looked for, so is a refutation, since no budget is enough for what is false.
"""

from neurosym.search.base import (
    MODES,
    TOKEN_BUDGET,
    Attempt,
    Found,
    Lemma,
    Mode,
    Plan,
    Premise,
    Selector,
    write_found,
)
from neurosym.search.race import Searcher, find

__all__ = [
    "MODES",
    "TOKEN_BUDGET",
    "Attempt",
    "Found",
    "Lemma",
    "Mode",
    "Plan",
    "Premise",
    "Searcher",
    "Selector",
    "find",
    "write_found",
]
