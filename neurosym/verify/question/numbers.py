"""Kinds of numbers, and what is said of several: primes, parity, consecutive ones, sequences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from neurosym.verify.question.base import (
    COUNT,
    MINUS,
    NUMERAL,
    Fact,
    Theory,
    arith,
    compare,
    number,
    quoted,
    unknown,
    value_of,
    whole,
)
from provers.logic.syntax import INT, Eq, Not

_SIGNED: Final = rf"{MINUS}?(?:{NUMERAL})"
_END: Final = r"(?!\w|\.\d|\s*[-+*/^\\%:]|\s*,\s*\d|\s*\$?\s*(?:times|percent|and\s+\$?\d))"

# --- kinds ---------------------------------------------------------------------------------

_KIND: Final = re.compile(
    r"(?<!relatively )(?<!co)\b(?P<kind>prime(?:\s+numbers?)?|(?:even|odd|positive)\s+"
    r"(?:number|integer)|(?:whole|natural)\s+number|integer)\s+"
    rf"\$?(?P<value>{_SIGNED})\$?{_END}",
    re.IGNORECASE,
)


def read_kinds(text: str) -> Iterator[Theory]:
    """``the prime number 15``, ``the even number 7``, ``the positive integer 2.5``."""
    for match in _KIND.finditer(text):
        kind = re.sub(r"\s+", " ", match["kind"].lower())
        value, words = value_of(match["value"]), quoted(match.group())
        integer = kind != "positive number"
        if integer and value.denominator > 1:
            yield (Fact(whole(kind, value), words),)
            continue
        theory = _of_kind(kind, value, words)
        if theory:
            yield theory


def _of_kind(kind: str, value: Fraction, words: str) -> Theory:
    if value.denominator > 1:
        return ()
    its = unknown(kind, INT)
    stated = Fact(Eq(its, number(value, INT)), words)
    if kind.startswith("positive"):
        return (stated, Fact(compare(its, ">", number(0, INT)), "positive is above 0", "axiom"))
    if kind.startswith(("even", "odd")):
        half = unknown("half, rounded down", INT)
        double = arith("*", number(2, INT), half)
        form = double if kind.startswith("even") else arith("+", double, number(1, INT))
        return (
            stated,
            Fact(Eq(its, form), f"an {kind} is 2k{'+ 1' * kind.startswith('odd')}", "axiom"),
        )
    if kind.startswith("prime"):
        factor = next((f for f in range(2, 1000) if value % f == 0 and f * f <= value), 0)
        if factor == 0:
            axiom = Fact(compare(its, ">", number(1, INT)), "a prime is above 1", "axiom")
            return (stated, axiom)
        product = arith("*", number(factor, INT), number(value / factor, INT))
        return (
            stated,
            Fact(Not(Eq(its, product)), f"no prime is {factor} · {value / factor}", "axiom"),
        )
    return (
        (stated, Fact(compare(its, ">=", number(0, INT)), "none is negative", "axiom"))
        if (kind.startswith(("whole", "natural")))
        else ()
    )


# --- consecutive numbers -------------------------------------------------------------------

_CONSECUTIVE: Final = re.compile(
    rf"\b(?:sum|total)\s+of\s+(?:the\s+)?(?P<count>{COUNT})\s+consecutive\s+(?:positive\s+)?"
    rf"(?P<parity>even\s+|odd\s+)?(?P<kind>integers|numbers|natural\s+numbers|whole\s+numbers)"
    rf"\s+(?:is|equals|was)\s+\$?(?P<sum>{_SIGNED})\$?{_END}",
    re.IGNORECASE,
)
_WHETHER: Final = re.compile(
    r"\b(?:whether|possible|impossible|can|could|exists?|how\s+many|prove|show|why|explain"
    r"|counterexample)\b",
    re.IGNORECASE,
)


def read_consecutive(text: str) -> Iterator[Theory]:
    """``the sum of three consecutive integers is 10``."""
    if _WHETHER.search(text):
        return
    for match in _CONSECUTIVE.finditer(text):
        count, total = value_of(match["count"]), value_of(match["sum"])
        if not 2 <= count <= 1000:
            continue
        first = unknown("first of them", INT)
        step = 2 if match["parity"] else 1
        rest = step * count * (count - 1) / 2
        start = arith("*", number(2, INT), unknown("half of the first", INT))
        facts = [
            Fact(
                Eq(
                    arith(
                        "*",
                        number(total.denominator, INT),
                        arith("+", arith("*", number(count, INT), first), number(rest, INT)),
                    ),
                    number(total.numerator, INT),
                ),
                quoted(match.group()),
            )
        ]
        if match["parity"]:
            odd = match["parity"].strip().lower() == "odd"
            form = arith("+", start, number(1, INT)) if odd else start
            facts.append(
                Fact(Eq(first, form), "the first is odd" if odd else "the first is even", "axiom")
            )
        yield tuple(facts)


# --- sequences -----------------------------------------------------------------------------

_SEQUENCE: Final = re.compile(
    rf"\b(?P<kind>arithmetic|geometric)\s+(?:sequence|progression|series)\s*(?::|,)?\s*"
    rf"(?:with\s+terms\s+)?\$?\s*"
    rf"(?P<terms>{_SIGNED}(?:\s*,\s*{_SIGNED}){{2,8}})(?=\s*(?:,\s*(?:\\l?dots|\\cdots|…|\.\.\.)"
    rf"|\$|\.(?!\d)|\?|$))",
    re.IGNORECASE,
)


def read_sequences(text: str) -> Iterator[Theory]:
    """``the arithmetic sequence 2, 5, 9``: each step is the same."""
    for match in _SEQUENCE.finditer(text):
        values = [value_of(piece) for piece in match["terms"].split(",")]
        arithmetic = match["kind"].lower() == "arithmetic"
        step = unknown("common difference" if arithmetic else "common ratio")
        facts = []
        for before, after in pairwise(values):
            by = arith("+" if arithmetic else "*", number(before), step)
            facts.append(
                Fact(Eq(by, number(after)), f"{before}, {after} in {quoted(match.group())}")
            )
        yield tuple(facts)


# --- parts of a whole ----------------------------------------------------------------------

_PART: Final = re.compile(
    r"(?<![\w.,/$-])(?P<part>\d{1,6})\s+(?:out\s+)?of\s+(?:the|these|those|his|her|their)\s+"
    r"(?P<all>\d{1,6})\s+(?P<noun>[a-z]+)\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(
    rf"(?P<percent>{NUMERAL})\s*\\?(?:%|percent)\s+of\s+(?:the|these|those|all|all\s+the|its"
    rf"|their|his|her)\s+(?P<noun>students|people|children|"
    r"boys|girls|men|women|players|members|employees|marbles|balls|cards|books|apples|oranges"
    r"|cookies|guests|voters|customers|animals)\s+"
    r"(?:are|were|like|liked|have|had|prefer|preferred|play|own|voted|said|passed|failed|is|was"
    r"|got|chose)\b",
    re.IGNORECASE,
)


def read_parts(text: str) -> Iterator[Theory]:
    """``15 of the 12 students``, ``130% of the students are girls``: no part exceeds its whole."""
    for match in (*_PART.finditer(text), *_PERCENT.finditer(text)):
        is_count = match.re is _PART
        noun = match["noun"].lower()
        part, all_of = unknown(f"some {noun}"), unknown(f"all {noun}")
        size = value_of(match["part" if is_count else "percent"])
        total = value_of(match["all"]) if is_count else Fraction(100)
        yield (
            Fact(
                Eq(arith("*", number(total), part), arith("*", number(size), all_of)),
                quoted(match.group()),
            ),
            Fact(compare(part, "<=", all_of), "no part exceeds its whole", "axiom"),
            Fact(compare(all_of, ">", number(0)), "there are some", "axiom"),
        )


# --- sides of polygons ---------------------------------------------------------------------

_POLYGON: Final = re.compile(
    rf"\b(?:polygon|die|prism|pyramid)\s+(?:with|has|having)\s+\$?(?P<value>{_SIGNED})\$?\s+"
    rf"(?:sides|faces)\b"
    rf"|(?<![\w.,])(?P<sided>{_SIGNED})\$?[\s-](?:sided|gon)\b",
    re.IGNORECASE,
)
_INTERIOR: Final = re.compile(
    rf"\b(?P<kind>interior|exterior)\s+angles?\s+of\s+a\s+regular\s+polygon\s+(?:is|are"
    rf"|measures?|measure)\s+\$?(?P<value>{NUMERAL})\s*(?:\^\s*\{{?\\circ\}}?|°|degrees)",
    re.IGNORECASE,
)


def read_polygons(text: str) -> Iterator[Theory]:
    """``a polygon with 2.5 sides``; the angle of a regular polygon that no polygon has."""
    for match in _POLYGON.finditer(text):
        value = value_of(match["value"] or match["sided"])
        if value.denominator > 1:
            yield (Fact(whole("sides", value), quoted(match.group())),)
        elif "polygon" in match.group().lower() or "gon" in match.group().lower():
            sides = unknown("sides", INT)
            yield (
                Fact(Eq(sides, number(value, INT)), quoted(match.group())),
                Fact(
                    compare(sides, ">=", number(3, INT)), "a polygon has 3 sides or more", "axiom"
                ),
            )
    for match in _INTERIOR.finditer(text):
        angle = value_of(match["value"])
        outside = angle if match["kind"].lower() == "exterior" else 180 - angle
        sides = unknown("sides", INT)
        words = quoted(match.group())
        turned = arith("*", number(outside.numerator, INT), sides)
        yield (
            Fact(Eq(turned, number(360 * outside.denominator, INT)), words),
            Fact(compare(sides, ">=", number(3, INT)), "a polygon has 3 sides or more", "axiom"),
        )


READERS: Final = (read_kinds, read_consecutive, read_sequences, read_parts, read_polygons)
