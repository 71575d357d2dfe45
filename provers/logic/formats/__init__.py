"""One notation each: ``parse`` text to a formula and ``write`` a formula as text.

A notation's module is imported only when it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from provers.errors import InputError
from provers.logic.syntax import Formula

NOTATIONS: Final = ("nltk", "unicode", "tptp", "auto")


def parse(text: str, notation: str = "auto") -> Formula:
    """The formula that ``text`` spells in ``notation``; its free variables stay free.

    ``auto`` picks the notation by the symbols that the text uses (see ``detect``). Spellings of
    a character that Unicode calls equivalent are the same (NFC).

    Raises:
        ParseError: the text does not fit the notation.
        InputError: there is no such notation.
    """
    text = unicodedata.normalize("NFC", text)
    match detect(text) if notation == "auto" else notation:
        case "nltk":
            from provers.logic.formats import nltk

            return nltk.parse_formula(text)
        case "unicode":
            from provers.logic.formats import unicode

            return unicode.parse_formula(text)
        case "tptp":
            from provers.logic.formats import tptp

            return tptp.parse_formula(text)
        case _:
            raise _unknown(notation)


def write(formula: Formula, notation: str) -> str:
    """The formula as text of ``notation``, which ``parse`` reads back; ``auto`` is ``unicode``.

    Raises:
        InputError: there is no such notation, or it cannot spell the formula.
    """
    match notation:
        case "nltk":
            from provers.logic.formats import nltk

            return nltk.write_formula(formula)
        case "unicode" | "auto":
            from provers.logic.formats import unicode

            return unicode.write_formula(formula)
        case "tptp":
            from provers.logic.formats import tptp

            return tptp.write_formula(formula)
        case _:
            raise _unknown(notation)


def spell(formulas: Sequence[Formula]) -> tuple[str, list[str]]:
    """A notation that can spell all the formulas, and their texts: unicode, or else SMT-LIB."""
    try:
        return "unicode", [write(formula, "unicode") for formula in formulas]
    except InputError:  # what unicode cannot spell, SMT-LIB can
        from provers.logic.formats import smtlib

        return "smtlib", [smtlib.write_formula(formula) for formula in formulas]


def detect(text: str) -> str:
    """The notation whose own symbols the text uses; ``nltk`` where nothing tells.

    ``![X]:`` and ``?[X]:`` are TPTP's; any of ``∀∃¬∧∨→↔⊕≠`` is unicode's.
    """
    told = _told(text)
    if told is None and "~" in text[:4096] and "." not in text[:4096]:
        return "tptp"
    return told or "nltk"


def detect_together(texts: Sequence[str]) -> str:
    """The one notation of several texts: what one of them tells holds for all.

    ``Dog(vera)`` is about an individual in one notation and about everything in another, and
    does not tell which it is in. Raises InputError for texts that tell different things.
    """
    told = sorted({name for name in map(_told, texts) if name is not None})
    if len(told) > 1:
        raise InputError(
            f"the formulas are in several notations ({', '.join(told)}): write all of them in one"
        )
    return told[0] if told else detect("\n".join(texts))


_NLTK_QUANTIFIER: Final = re.compile(r"(?<![\w'])(?:all|forall|exists?|some)\s+[A-Za-z]\d*(?!\w)")


def _told(text: str) -> str | None:
    """The notation that has symbols of its own in the text, None where nothing tells."""
    # Logic-LM's comment tails come with unicode formulas only, and may say anything.
    if ":::" in text or any(symbol in text for symbol in "∀∃¬∧∨→↔⊕≠≤≥⇒⇔⟹⟷"):
        return "unicode"
    squeezed = "".join(text[:4096].split())
    if any(mark in squeezed for mark in ("![", "?[", "<~>", "~|", "~&", "$true", "$false")):
        return "tptp"
    return "nltk" if _NLTK_QUANTIFIER.search(text) else None


def _unknown(notation: str) -> InputError:
    return InputError(f"unknown notation {notation!r}; known are {', '.join(NOTATIONS)}")
