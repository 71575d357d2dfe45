"""Units of answers: whether "20 hours" is what a step with "= 20 minutes" arrives at.

Only units of time, length, weight, volume and money, and percent, are looked at; any other
word beside a number is no unit here.
"""

from __future__ import annotations

import re
from fractions import Fraction

from neurosym.translate.arithmetic.units import UNITS

_ANNOTATION = re.compile(r"<<[^<>\n]{0,300}>>")
_QUANTITY = re.compile(
    r"(?P<money>\\?\$\s?)?(?<![\w.])(?P<number>"
    r"\d{1,3}(?:,\d{3}){1,20}(?:\.\d{1,60})?|\d{1,60}(?:\.\d{1,60})?|\.\d{1,60})(?!\d)"
    r"(?:\s?\\?(?P<percent>%)|(?:[\s~*$-]|\\[,;! ]){0,4}(?:\\(?:text|mbox|mathrm|textrm)\{\s*)?"
    r"(?P<word>[A-Za-z]{1,20})?)"
)
_SIGN = re.compile(r"[=≈]\s*(?:about\s+|approximately\s+)?$")


def unit_conflict(answer: str, text: str) -> str:
    """Why ``text``, which displays the answer's number, does not have its unit; else empty.

    What is displayed is the number after the last sign of equality, or the number anywhere.
    """
    own = list(_quantities(answer))
    if len(own) != 1 or not own[0][1]:
        return ""
    value, unit, _ = own[0]
    shown = [q for q in _quantities(text) if q[0] == value]
    shown = [q for q in shown if q[2]] or shown
    found = [other for _, other, _ in shown]
    if unit == "percent" and shown and not any(found) and value < 1:
        # "20" may be said for 20%, but 0.2 is not 0.2%.
        return f"the answer is in percent, the step's {float(value):g} is not"
    named = [other for other in found if other]
    if not named or unit in named:
        return ""
    return f"the answer's unit is {unit}, the step's is {named[-1]}"


def _quantities(text: str) -> list[tuple[Fraction, str, bool]]:
    """The numbers of a text, their units (empty for none), and if a sign of equality precedes."""
    text = _ANNOTATION.sub("", text[:20_000])
    return [
        (
            Fraction(match["number"].replace(",", "")),
            _unit(match),
            _SIGN.search(text[max(0, match.start() - 40) : match.start()]) is not None,
        )
        for match in _QUANTITY.finditer(text)
    ]


def _unit(match: re.Match[str]) -> str:
    """One name for all spellings of a unit."""
    word = (match["word"] or "").lower()
    if match["percent"] or word == "percent":
        return "percent"
    if match["money"]:
        return "" if word in ("hundred", "thousand", "million", "billion") else "dollar"
    unit = UNITS.get(word)
    if unit is None or unit.dimension == "count":
        return ""
    return next(name for name, other in UNITS.items() if other == unit)
