"""Lengths, durations, weights and probabilities: what range their values have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from neurosym.verify.question.base import (
    MINUS,
    NUMERAL,
    Fact,
    Theory,
    compare,
    number,
    quoted,
    unknown,
    value_of,
)
from provers.logic.syntax import Eq, Not

_SIZE: Final = (
    r"radius|radii|diameter|circumference|perimeter|area|volume|side\s+lengths?|edge\s+lengths?|"
    r"side|edge|length|width|height|hypotenuse|weight|mass|age|distance"
)
# After a value the end of an expression: "-3x", "-3 + 5", "-3/4" and "-3(t - 1)" are none.
_ENDED: Final = (
    r"(?![\w(^*/\\]|[.,]\d|\s*[-+*/^=<>(]|\s*\\(?:cdot|times|frac|sqrt|le|ge|pi)"
    r"|\s*[a-zA-Z]\b(?![a-z]))"
)
_SIZED: Final = re.compile(
    rf"\b(?P<size>{_SIZE})(?:\s+\$?\\?[A-Za-z]{{1,2}}\$?)?\s*"
    rf"(?:\b(?:of|is|are|equals?|equal\s+to|measures|measuring|being)\b|=|:|\s)*\s*\$?\s*"
    rf"(?P<value>{MINUS}\s?(?:{NUMERAL})){_ENDED}",
    re.IGNORECASE,
)
_LASTING: Final = re.compile(
    rf"\b(?:in|for|takes?|took|lasts?|lasted|within)\s+\$?(?P<value>{MINUS}\s?(?:{NUMERAL}))\$?\s+"
    rf"(?P<unit>seconds|minutes|hours|days|weeks|months|years)\b",
    re.IGNORECASE,
)
_WEIGHING: Final = re.compile(
    rf"\b(?:weigh(?:s|ing|ed)?|costs?|costing|measur(?:es|ing))\s+\$?(?P<value>{MINUS}\s?\$?"
    rf"(?:{NUMERAL}))\$?\s+"
    rf"(?P<unit>pounds|kilograms|kg|grams|ounces|tons|meters|metres|cm|inches|feet|dollars)\b",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(
    rf"(?:\$|\\\(|,\s?|\band\s)\s*(?P<ends>[A-Z]\s?[A-Z])\s*=\s*(?P<value>[-−]"
    rf"(?:{NUMERAL}))(?=\s*(?:\$|\\\)|,))"
)
_FIGURE: Final = re.compile(
    r"\b(?:triangle|quadrilateral|rectangle|square|trapezoid|trapezium|parallelogram|rhombus|"
    r"circle|polygon|hexagon|pentagon|tetrahedron)\b|\\triangle",
    re.IGNORECASE,
)
# Where a minus sign is a direction, or the letters stand for something else than points.
_SIGNED: Final = re.compile(
    r"\b(?:matri(?:x|ces)|vectors?|overrightarrow|vec|coordinates?|displacement|slope|signed|"
    r"directed|elevation|altitude|change[sd]?|decreas\w+)\b",
    re.IGNORECASE,
)


def read_sizes_of_things(text: str) -> Iterator[Theory]:
    """``a radius of -3 cm``, ``in -3 days``, ``AC = -7``: no size is negative."""
    for match in _SIZED.finditer(text):
        if not _SIGNED.search(text[max(0, match.start() - 60) : match.end() + 30]):
            yield _not_negative(re.sub(r"\s+", " ", match["size"].lower()), match)
    for match in (*_LASTING.finditer(text), *_WEIGHING.finditer(text)):
        yield _not_negative(match["unit"].lower(), match)
    if _FIGURE.search(text) and not _SIGNED.search(text):
        for match in _SEGMENT.finditer(text):
            yield _not_negative(match["ends"].replace(" ", ""), match)


def _not_negative(name: str, match: re.Match[str]) -> Theory:
    size = unknown(name)
    value = value_of(match["value"].replace(" $", " "))
    return (
        Fact(Eq(size, number(value)), quoted(match.group().strip(" $"))),
        Fact(compare(size, ">=", number(0)), f"no size is negative: {name}", "axiom"),
    )


_CHANCE: Final = re.compile(
    rf"\b(?:probability|chance)\b(?P<of>(?:(?!\b(?:if|given|what|find|is|was|equals"
    rf"|number)\b)[^.;,?!=$]){{0,90}}?)\s"
    rf"(?:is|was|equals|=)\s+(?:equal\s+to\s+)?\$?"
    rf"(?P<value>{MINUS}?(?:{NUMERAL})|\\[dt]?frac\{{\d{{1,6}}\}}\{{\d{{1,6}}\}}"
    rf"|\d{{1,6}}/\d{{1,6}})"
    rf"\s*(?P<percent>\\?%|percent)?\s*\$?(?=\s*(?:[.,;?)$](?!\d)|and\b|then\b|$))",
    re.IGNORECASE,
)
_FUNCTION: Final = re.compile(
    rf"(?<![\w\\])(?:P|\\Pr|\\mathbb\{{P\}})\s*"
    rf"\((?P<of>[A-Z](?:\s*(?:\\cap|\\cup|\\mid|\|)\s*[A-Z])?)\)\s*=\s*"
    rf"(?P<value>[-−]?(?:{NUMERAL})|\\[dt]?frac\{{\d{{1,6}}\}}\{{\d{{1,6}}\}}"
    rf"|\d{{1,6}}/\d{{1,6}})"
    rf"(?P<percent>\\?%)?(?=\s*(?:[$,;?)]|\\\)|\.(?!\d)|$))"
)


def read_chances(text: str) -> Iterator[Theory]:
    """``the probability of rain is 1.2``: a probability lies between 0 and 1."""
    matches = [m for m in _CHANCE.finditer(text) if not _ASKED.search(text[: m.start()])]
    if re.search(r"\bprobabilit", text, re.IGNORECASE):
        matches += _FUNCTION.finditer(text)
    for match in matches:
        value = _fraction(match["value"])
        if value is None:
            continue
        if match["percent"]:
            value /= 100
        chance = unknown("probability")
        yield (
            Fact(Eq(chance, number(value)), quoted(match.group())),
            Fact(compare(chance, ">=", number(0)), "a probability is not negative", "axiom"),
            Fact(compare(chance, "<=", number(1)), "a probability is at most 1", "axiom"),
        )


_ASKED: Final = re.compile(
    r"\b(?:what|find|compute|calculate|determine)\b[^.;?!]{0,30}$", re.IGNORECASE
)


def _fraction(text: str) -> Fraction | None:
    parts = re.findall(r"\d+", text) if "frac" in text or "/" in text else []
    if not parts:
        return value_of(text)
    return Fraction(int(parts[0]), int(parts[1])) if int(parts[1]) else None


# --- intervals and division ----------------------------------------------------------------

_INTERVAL: Final = re.compile(
    rf"\b(?:from|in|on|over)\s+(?:the\s+(?:open\s+|closed\s+)?(?:interval|range)\s+)?\$?\s*"
    rf"(?P<open>[(\[])\s*(?P<low>-?(?:{NUMERAL}))\s*,\s*(?P<high>-?(?:{NUMERAL}))\s*"
    rf"(?P<close>[)\]])"
)
_ELEMENT: Final = re.compile(
    rf"\\in\s*(?:\\left\s*)?(?P<open>[(\[])\s*(?P<low>-?(?:{NUMERAL}))\s*,\s*(?P<high>-?"
    rf"(?:{NUMERAL}))\s*(?:\\right\s*)?(?P<close>[)\]])"
)
_RANGING: Final = re.compile(r"\b(?:random|uniform\w*|interval|range|real)\b|\\in\b", re.IGNORECASE)


def read_intervals(text: str) -> Iterator[Theory]:
    """``chosen from (0, 0)``: an interval that a number is taken from holds one."""
    for match in (*_INTERVAL.finditer(text), *_ELEMENT.finditer(text)):
        before = text[max(0, match.start() - 120) : match.end()]
        if not _RANGING.search(before) or re.search(r"\bpoints?\b|\\times", before[-40:]):
            continue
        taken = unknown("number taken")
        low, high = number(value_of(match["low"])), number(value_of(match["high"]))
        yield (
            Fact(compare(taken, ">=" if match["open"] == "[" else ">", low), quoted(match.group())),
            Fact(
                compare(taken, "<=" if match["close"] == "]" else "<", high), quoted(match.group())
            ),
        )


_DIVIDED: Final = re.compile(
    r"\b(?:divid|shar|split|distribut)(?:e[ds]?|ing|es)?\b(?P<what>[^.;?!]{0,60}?)\b(?:among"
    r"|between|by|into|with)"
    r"\s+\$?(?P<value>0|zero)\$?(?![\w.,]\d|\w|\s*(?:\.\d|[-+*/^]))",
    re.IGNORECASE,
)
_OVER_ZERO: Final = re.compile(r"\\[dt]?frac\{(?P<top>[^{}]{1,40})\}\{\s*(?P<value>0)\s*\}")
_ABOUT_ZERO: Final = re.compile(
    r"\b(?:undefined|indeterminate|limit|impossible|why|possible|meaning)\b|\\lim", re.IGNORECASE
)


def read_divisions(text: str) -> Iterator[Theory]:
    """``divided among 0 people``: nothing is divided by zero."""
    if _ABOUT_ZERO.search(text):
        return
    for match in (*_DIVIDED.finditer(text), *_OVER_ZERO.finditer(text)):
        divisor = unknown("divisor")
        yield (
            Fact(Eq(divisor, number(0)), quoted(match.group())),
            Fact(Not(Eq(divisor, number(0))), "nothing is divided by zero", "axiom"),
        )


READERS: Final = (read_sizes_of_things, read_chances, read_intervals, read_divisions)
