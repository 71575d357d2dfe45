"""One figure in words: measures that do not fit together in a figure of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from neurosym.verify.question.base import (
    NUMERAL,
    Fact,
    Theory,
    arith,
    number,
    quoted,
    unknown,
    value_of,
)
from provers.logic.syntax import Eq, Formula, Term

_FIGURE: Final = re.compile(
    r"\b(?P<kind>equilateral\s+triangle|triangle|square(?!\s+(?:units?|meters?|metres?|feet|foot|"
    r"inch(?:es)?|cm|centimet\w+|kilomet\w+|miles?|yards?|roots?|numbers?))|rhombus|rectangle|"
    r"rectangular|circle|circular|trapezoid|parallelogram|"
    r"(?:regular\s+)?(?:pentagon|hexagon|octagon|polygon)|cube|sphere|cylinder|cone|prism|pyramid|"
    r"ellipse|semicircle|quadrilateral)s?\b",
    re.IGNORECASE,
)
_KINDS: Final = {"rectangular": "rectangle", "circular": "circle"}
_EQUAL_SIDES: Final = {
    "equilateral triangle": 3,
    "square": 4,
    "rhombus": 4,
    "regular pentagon": 5,
    "regular hexagon": 6,
    "regular octagon": 8,
}
_MEASURES: Final = {
    "side": r"side(?:\s+lengths?|s\s+of\s+length)?",
    "perimeter": r"perimeter",
    "area": r"area",
    "length": r"length",
    "width": r"width",
    "diagonal": r"diagonal",
    "radius": r"radius",
    "diameter": r"diameter",
}
_MEASURED: Final = {
    name: re.compile(
        rf"(?<!side )(?<!\w)(?:{pattern})(?:\s+of\s+(?:the|this|that|a)\s+\w+)?\s+"
        rf"(?:(?:of|is|measures|measuring|equals|equal\s+to)\s+)*\$?(?P<value>{NUMERAL})(?!\w"
        rf"|\.\d|\s*[-+*/^\\:%])",
        re.IGNORECASE,
    )
    for name, pattern in _MEASURES.items()
}
# Where more than one figure is meant, or one that changes, or other units than one.
_SEVERAL: Final = re.compile(
    r"\b(?:another|new|second|larger|smaller|enlarged?|increase[sd]?|decrease[sd]?|each\s+of"
    r"|instead|"
    r"cut|removed|original|two|three|four|border|half|shaded|painted|scale|model|folded|times)\b",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r"\b(feet|foot|inch|inches|yards?|miles?|meters?|metres?|centimeters?|cm|mm|km|kilometers?)\b",
    re.IGNORECASE,
)
_INSCRIBED: Final = re.compile(
    r"\b(?P<figure>square|regular\s+hexagon)\s+(?:is\s+)?inscribed\s+in\s+(?:it|the\s+circle"
    r"|a\s+circle)\b",
    re.IGNORECASE,
)


def read_figures(text: str) -> Iterator[Theory]:
    """``an equilateral triangle with side 8 and perimeter 32``: one figure, each measure once."""
    if _SEVERAL.search(text) or len({m[1].lower()[:3] for m in _UNIT.finditer(text)}) > 1:
        return
    kinds = {_kind(m["kind"]) for m in _FIGURE.finditer(text)}
    if "equilateral triangle" in kinds:
        kinds.discard("triangle")
    stated: dict[str, Fact] = {}
    for name, pattern in _MEASURED.items():
        found = list(pattern.finditer(text))
        if len(found) == 1:
            size = Eq(unknown(name), number(value_of(found[0]["value"])))
            stated[name] = Fact(size, quoted(found[0].group()))
    inside = _INSCRIBED.search(text)
    if inside is not None and kinds <= {"square", "regular hexagon", "circle"}:
        yield from _inside(inside, stated)
    elif len(kinds) == 1:
        for needed, formula, words in _laws(kinds.pop()):
            if needed <= stated.keys():
                facts = (stated[name] for name in sorted(needed))
                yield (*facts, Fact(formula, words, "axiom"))


def _kind(text: str) -> str:
    word = re.sub(r"\s+", " ", text.lower())
    return _KINDS.get(word, word)


def _laws(kind: str) -> Iterator[tuple[set[str], Formula, str]]:
    """What holds of the measures of one kind of figure: which ones, how, and in words."""
    side, perimeter, area = unknown("side"), unknown("perimeter"), unknown("area")
    length, width, diagonal = unknown("length"), unknown("width"), unknown("diagonal")

    if kind in _EQUAL_SIDES:
        count = _EQUAL_SIDES[kind]
        around = Eq(perimeter, _times(number(count), side))
        yield {"side", "perimeter"}, around, f"the figure has {count} equal sides ({kind})"
    if kind == "square":
        yield {"side", "area"}, Eq(area, _times(side, side)), "a square's area is its side squared"
    if kind == "rectangle":
        around = Eq(perimeter, _times(number(2), arith("+", length, width)))
        yield {"length", "width", "perimeter"}, around, "a rectangle has two sides of each length"
        surface = Eq(area, _times(length, width))
        yield {"length", "width", "area"}, surface, "a rectangle's area is length times width"
        squares = Eq(
            _times(diagonal, diagonal), arith("+", _times(length, length), _times(width, width))
        )
        yield {"length", "width", "diagonal"}, squares, "the theorem of Pythagoras"
    if kind == "circle":
        twice = Eq(unknown("diameter"), _times(number(2), unknown("radius")))
        yield {"radius", "diameter"}, twice, "a diameter is twice the radius"


def _times(*args: Term) -> Term:
    return arith("*", *args)


def _inside(match: re.Match[str], stated: dict[str, Fact]) -> Iterator[Theory]:
    """A square or a regular hexagon in a circle: its side against the radius."""
    if not {"side", "radius"} <= stated.keys():
        return
    side, radius = unknown("side"), unknown("radius")
    if match["figure"].lower() == "square":
        formula = Eq(arith("*", side, side), arith("*", number(2), radius, radius))
        words = "the square's diagonal is the circle's diameter"
    else:
        formula, words = Eq(side, radius), "a regular hexagon's side is its circle's radius"
    yield (stated["side"], stated["radius"], Fact(formula, f"{quoted(match.group())}: {words}"))


READERS: Final = (read_figures,)
