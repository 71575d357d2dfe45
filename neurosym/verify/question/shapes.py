"""Triangles: sides and angles that no triangle has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final

from neurosym.verify.question.base import (
    NUMERAL,
    Fact,
    Theory,
    arith,
    compare,
    number,
    quoted,
    unknown,
    value_of,
)
from provers.logic.syntax import Eq

# --- sides of a triangle -------------------------------------------------------------------

_HYPHENED: Final = re.compile(
    rf"(?<![\w-])\$?(?P<a>{NUMERAL})\s?[-–]\s?(?P<b>{NUMERAL})\s?[-–]\s?(?P<c>{NUMERAL})\$?\s+"
    rf"(?:right\s+)?triangles?\b",
    re.IGNORECASE,
)
_THREE: Final = (
    rf"\$?(?P<a>{NUMERAL})\s*(?:[a-z]{{1,11}})?\$?\s*,\s*\$?(?P<b>{NUMERAL})\s*"
    rf"(?:[a-z]{{1,11}})?\$?"
    rf"\s*,?\s*(?:and|,)\s*\$?(?P<c>{NUMERAL})(?!\w|\.\d|\s*[-+*/^\\])"
)
_IN_WORDS: Final = re.compile(
    r"\btriangle\b(?P<name>[^.;?!]{0,40}?)\b(?:with|has|have|having|whose)\s+(?:three\s+)?"
    r"(?:sides?(?:\s+lengths?)?|lengths)\s+(?:of\s+|are\s+)?(?:lengths?\s+)?(?:measuring\s+)?"
    rf"{_THREE}",
    re.IGNORECASE,
)
_SIDES_OF: Final = re.compile(
    r"\b(?:sides|side\s+lengths|lengths\s+of\s+the\s+(?:three\s+)?sides)\s+of\s+(?:a|the"
    r"|an?\s+\w+)\s+triangle"
    rf"\s+(?:are|measure|have\s+lengths?)\s+{_THREE}",
    re.IGNORECASE,
)
_LEGS: Final = re.compile(
    rf"\bright\s+triangle\b[^.;?!]{{0,40}}?\blegs\s+(?:of\s+|are\s+|measuring\s+)?"
    rf"(?:lengths?\s+)?\$?(?P<a>{NUMERAL})\s*"
    rf"(?:[a-z]{{1,11}})?\$?\s+and\s+\$?(?P<b>{NUMERAL})\s*(?:[a-z]{{1,11}})?\$?,?\s+and\s+"
    rf"(?:a\s+)?hypotenuse\s+"
    rf"(?:of\s+|is\s+)?(?:length\s+)?\$?(?P<c>{NUMERAL})(?!\w|\.\d|\s*[-+*/^\\])",
    re.IGNORECASE,
)
_TRIANGLE: Final = re.compile(
    r"(?:\btriangles?\b|\\triangle|\\Delta|△)\s*(?:\$|\\\()?\s*(?:\\triangle\s*|\\mathrm\s*)?\{?"
    r"(?P<a>[A-Z])\s?(?P<b>[A-Z])\s?(?P<c>[A-Z])(?P<more>(?:\s?[A-Z](?![A-Za-z])){0,3})"
    r"(?![A-Za-z_'])",
)
_LET_TRIANGLE: Final = re.compile(
    r"(?<![A-Za-z\\])(?P<a>[A-Z])\s?(?P<b>[A-Z])\s?(?P<c>[A-Z])(?P<more>(?:\s?[A-Z]){0,3})"
    r"\s*(?:\$|\\\))?\s+"
    r"(?:be|is)\s+(?:an?|the)\s+(?:[a-z-]+\s+){0,2}triangle\b"
)
_SIDE: Final = re.compile(
    rf"(?<![A-Za-z\\+*/^|-])(?:\\overline\{{)?(?P<a>[A-Z])\s?(?P<b>[A-Z])\}}?\s*=\s*"
    rf"(?P<value>{NUMERAL})"
    rf"(?=\s*(?:[$,;?)]|\\\)|\.(?!\d)|and\b|cm\b|units?\b|$|\\text|\\\\?\s|\\ ))"
)


def read_sides(text: str) -> Iterator[Theory]:
    """``an 18-24-130 triangle``, ``AB = 13, BC = 54, CA = 15``: the triangle inequality."""
    for match in (m for p in (_HYPHENED, _IN_WORDS, _SIDES_OF) for m in p.finditer(text)):
        values = [value_of(match[side]) for side in "abc"]
        if sum(values) != 180:  # "45-45-90 triangle" names its angles
            names = ("first side", "second side", "third side")
            yield _sides(dict(zip(names, values, strict=True)), [quoted(match.group())] * 3)
    lengths = _lengths(text)
    for corners in _triangles(text):
        pairs = [a + b for a, b in combinations(corners, 2)]
        if all(name in lengths for name in pairs):
            found = [lengths[name] for name in pairs]
            yield _sides(
                {name: value for name, (value, _) in zip(pairs, found, strict=True)},
                [words for _, words in found],
            )


def _triangles(text: str) -> list[str]:
    """The corners of each triangle that is named; in three different letters, once each."""
    matches = (*_TRIANGLE.finditer(text), *_LET_TRIANGLE.finditer(text))
    found = [m["a"] + m["b"] + m["c"] for m in matches if not m["more"]]
    return [
        name for name in dict.fromkeys("".join(sorted(n)) for n in found) if len(set(name)) == 3
    ]


def _lengths(text: str) -> dict[str, tuple[Fraction, str]]:
    """Lengths of segments by their ends in order; those that are given twice are left out."""
    found: dict[str, tuple[Fraction, str]] = {}
    twice: set[str] = set()
    for match in _SIDE.finditer(text):
        name = "".join(sorted(match["a"] + match["b"]))
        if name in found and found[name][0] != value_of(match["value"]):
            twice.add(name)
        found.setdefault(name, (value_of(match["value"]), quoted(match.group())))
    return {name: entry for name, entry in found.items() if name not in twice}


def _sides(values: dict[str, Fraction], words: Sequence[str]) -> Theory:
    sides = [unknown(name) for name in values]
    stated = [
        Fact(Eq(side, number(value)), f"{text}")
        for side, value, text in zip(sides, values.values(), words, strict=True)
    ]
    axioms = [
        Fact(
            compare(arith("+", sides[i], sides[j]), ">", sides[k]),
            "two sides of a triangle are together longer than the third",
            "axiom",
        )
        for i, j, k in ((0, 1, 2), (0, 2, 1), (1, 2, 0))
    ]
    return (*stated, *axioms)


# --- angles --------------------------------------------------------------------------------

_ANGLE: Final = re.compile(
    rf"(?:\\angle|∠|\bangles?)\s*\{{?\s*(?P<name>[A-Z](?:\s?[A-Z]\s?[A-Z])?)\}}?\s*(?:\$"
    rf"|\\\))?\s*(?:=|is|measures|equals)\s*(?:\$|\\\()?\s*"
    rf"(?P<value>{NUMERAL})\s*(?:\^\s*\{{?\s*\\circ\s*\}}?|°|\\?degrees?\b)"
)
_ANGLES: Final = re.compile(
    rf"\btriangle\b[^.;?!]{{0,60}}?\bangles?\s+(?:of|measuring|measure|are"
    rf"|with\s+measures?)\s+\$?(?P<a>{NUMERAL})\D{{0,14}}?,\s*\$?"
    rf"(?P<b>{NUMERAL})\D{{0,14}}?,?\s*(?:and|,)\s*"
    rf"\$?(?P<c>{NUMERAL})\s*(?:\^\s*\{{?\\circ\}}?|°|degrees)",
    re.IGNORECASE,
)


def read_angles(text: str) -> Iterator[Theory]:
    """Angles of one triangle: each positive, and 180 degrees together."""
    for match in _ANGLES.finditer(text):
        yield _angles([(value_of(match[x]), quoted(match.group())) for x in "abc"])
    for corners in _triangles(text):
        given: dict[str, tuple[Fraction, str]] = {}
        for match in _ANGLE.finditer(text):
            name = match["name"].replace(" ", "")
            own = len(name) == 1 or sorted(name) == sorted(corners)
            corner = name if len(name) == 1 else name[1]
            if own and corner in corners and (len(name) == 3 or len(_triangles(text)) == 1):
                given.setdefault(corner, (value_of(match["value"]), quoted(match.group())))
        if given:
            yield _angles(list(given.values()))


def _angles(given: list[tuple[Fraction, str]]) -> Theory:
    angles = [unknown(f"angle {i + 1}") for i in range(3)]
    stated = [
        Fact(Eq(angle, number(value)), text)
        for angle, (value, text) in zip(angles, given, strict=False)
    ]
    axioms = [
        Fact(compare(angle, ">", number(0)), "an angle of a triangle is positive", "axiom")
        for angle in angles
    ]
    total = Eq(arith("+", *angles), number(180))
    return (*stated, *axioms, Fact(total, "the angles of a triangle are 180° together", "axiom"))


def read_right_angles(text: str) -> Iterator[Theory]:
    """A right angle at a corner whose three sides are given: the theorem of Pythagoras."""
    for match in _LEGS.finditer(text):
        words = quoted(match.group())
        yield _right([(side, value_of(match[side]), words) for side in "abc"], words)
    lengths = _lengths(text)
    for corners in _triangles(text):
        for match in _ANGLE.finditer(text):
            name = match["name"].replace(" ", "")
            if value_of(match["value"]) != 90:
                continue
            if len(name) == 3 and sorted(name) == sorted(corners):
                corner = name[1]
            elif len(name) == 1 and name in corners and len(_triangles(text)) == 1:
                corner = name
            else:
                continue
            others = [c for c in corners if c != corner]
            names = ["".join(sorted(corner + others[0])), "".join(sorted(corner + others[1]))]
            names.append("".join(sorted(others)))
            if all(n in lengths for n in names):
                yield _right([(n, *lengths[n]) for n in names], quoted(match.group()))


def _right(sides: list[tuple[str, Fraction, str]], angle: str) -> Theory:
    squares = [number(value * value) for _, value, _ in sides]
    names = [unknown(f"{name} squared") for name, _, _ in sides]
    stated = [
        Fact(Eq(square, value), text)
        for square, value, (_, _, text) in zip(names, squares, sides, strict=True)
    ]
    return (*stated, Fact(Eq(arith("+", names[0], names[1]), names[2]), angle))


READERS: Final = (read_sides, read_angles, read_right_angles)
