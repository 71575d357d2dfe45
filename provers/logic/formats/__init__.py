"""One notation each: ``parse`` text to a formula and ``write`` a formula as text.

A notation's module is imported only when it is asked for.
"""

from __future__ import annotations

from typing import Final

from provers.errors import InputError
from provers.logic.syntax import Formula

NOTATIONS: Final = ("nltk", "unicode", "tptp", "auto")


def parse(text: str, notation: str = "auto") -> Formula:
    """The formula that ``text`` spells in ``notation``; its free variables stay free.

    ``auto`` picks the notation by the symbols that the text uses (see ``detect``).

    Raises:
        ParseError: the text does not fit the notation.
        InputError: there is no such notation.
    """
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


def detect(text: str) -> str:
    """The notation whose own symbols the text uses; ``nltk`` where nothing tells.

    ``![X]:`` and ``?[X]:`` are TPTP's; any of ``∀∃¬∧∨→↔⊕≠`` is unicode's.
    """
    if any(symbol in text for symbol in "∀∃¬∧∨→↔⊕≠≤≥⇒⇔⟹⟷"):
        return "unicode"
    squeezed = "".join(text[:4096].split())
    if any(mark in squeezed for mark in ("![", "?[", "<~>", "~|", "~&", "$true", "$false")):
        return "tptp"
    if "~" in squeezed and "." not in squeezed:
        return "tptp"
    return "nltk"


def _unknown(notation: str) -> InputError:
    return InputError(f"unknown notation {notation!r}; known are {', '.join(NOTATIONS)}")
