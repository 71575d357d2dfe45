"""What a translator answers: one ``Translation`` for one piece of text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from provers.logic.syntax import Formula


class Status(StrEnum):
    """``NO_CLAIM`` is decided by rule: the text asserts nothing that could be checked."""

    TRANSLATED = "translated"
    UNTRANSLATED = "untranslated"
    NO_CLAIM = "no_claim"


@dataclass(frozen=True, slots=True)
class Translation:
    """One piece of text and what it says formally.

    ``formulas`` holds the claims of the text in order (a sentence with two equations has two);
    it is empty unless ``status`` is ``TRANSLATED``. ``messages`` says, for ``UNTRANSLATED``,
    which words could not be read. ``flags`` are DESIGN.md's flags found while translating
    (``unfaithful``, ...). ``translator`` is ``english`` or ``arithmetic``.
    """

    text: str
    status: Status
    translator: str
    formulas: tuple[Formula, ...] = ()
    flags: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    assumptions: tuple[Formula, ...] = ()
    """what the text introduces rather than claims"""
