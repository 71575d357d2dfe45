"""Numbers a text mentions, and whether a step's numbers come from somewhere.

A step may use, without the flag ``unfaithful``: every number of the known texts (numerals and
number words), results of its own earlier equations, what ``_derived`` gets from a known number
(a percentage as a fraction, complements ``1-p``, ``100-p``, ``100+p``, the parts of a fraction),
and ``COMMON``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.translate.arithmetic.latex import plain
from neurosym.translate.arithmetic.tokens import Kind, Token, tokenize

MAX_TEXT: Final = 20_000

# 0, 1, 2 (pairs, doubling), powers of ten and their inverses (percentages, decimals), a half, and
# the sizes of time units: days, months, hours, minutes, weeks, days in a month or year, seconds.
COMMON: Final = frozenset(
    Fraction(n)
    for n in [
        "0",
        "1",
        "2",
        "10",
        "100",
        "1000",
        "1/2",
        "1/10",
        "1/100",
        "7",
        "12",
        "24",
        "60",
        "52",
        "28",
        "30",
        "31",
        "365",
        "3600",
    ]
)
# Sizes that are common knowledge once the text names the unit.
_BY_WORD: Final = {
    "dozen": "12",
    "couple": "2",
    "couples": "2",
    "pair": "2",
    "pairs": "2",
    "twin": "2",
    "twins": "2",
    "trio": "3",
    "triplets": "3",
    "score": "20",
    "gross": "144",
    "decade": "10",
    "century": "100",
    "fortnight": "14",
    "foot": "12",
    "feet": "12",
    "inch": "12",
    "inches": "12 36",
    "yard": "3 36",
    "yards": "3 36",
    "mile": "5280 1760",
    "miles": "5280 1760",
    "pound": "16",
    "pounds": "16",
    "ounce": "16",
    "ounces": "16 8",
    "gallon": "4 8 16 128",
    "gallons": "4 8 16 128",
    "quart": "4 2",
    "quarts": "4 2",
    "ton": "2000",
    "tons": "2000",
    "quarter": "4 25 1/4",
    "quarters": "4 25 1/4",
    "quarterly": "4",
    "nickel": "5 1/20",
    "nickels": "5 1/20",
    "dime": "10 1/10",
    "dimes": "10 1/10",
    "penny": "1 1/100",
    "pennies": "1 1/100",
    "cent": "100 1/100",
    "cents": "100 1/100",
    "half-dollar": "50 1/2",
    "week": "7 4 5 2",
    "weeks": "7 4 5",
    "weekday": "5",
    "weekdays": "5",
    "weekend": "2",
    "weekends": "2",
    "workday": "5",
    "workweek": "5",
    "month": "4 30 31 12",
    "months": "4 30 31 12",
    "monthly": "12",
    "year": "12 365 366 52 4",
    "years": "12 365 366 52",
    "noon": "12",
    "midnight": "12",
    "triangle": "3 180",
    "triangles": "3 180",
    "triangular": "3",
    "square": "4 2",
    "squares": "4",
    "rectangle": "4",
    "rectangular": "4",
    "pentagon": "5",
    "pentagons": "5",
    "hexagon": "6",
    "hexagons": "6",
    "octagon": "8",
    "octagons": "8",
    "cube": "6 8 3",
    "cubes": "6 8 3",
    "angle": "90 180 360",
    "angles": "90 180 360",
    "circle": "360",
    "dice": "6",
    "die": "6",
    "january": "31",
    "march": "31",
    "may": "31",
    "july": "31",
    "august": "31",
    "october": "31",
    "december": "31",
    "february": "28 29",
    "leap": "366 29",
    "tricycle": "3",
    "tricycles": "3",
    "cow": "4",
    "cows": "4",
    "dog": "4",
    "dogs": "4",
    "cat": "4",
    "cats": "4",
    "horse": "4",
    "horses": "4",
    "car": "4",
    "cars": "4",
    "spider": "8",
    "spiders": "8",
}
_ONES: Final = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: 10 * (n + 2)
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
_LARGE: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
# "two weeks" are fourteen days too
_SMALLER: Final = {
    "dozen": 12, "week": 7, "day": 24, "hour": 60, "minute": 60, "year": 12, "foot": 12,
    "feet": 12, "yard": 3, "pound": 16, "decade": 10, "gallon": 4, "quarter": 25, "dime": 10,
    "nickel": 5, "pair": 2, "couple": 2,
}  # fmt: skip
_TIMES: Final = {
    "once": 1,
    "single": 1,
    "twice": 2,
    "double": 2,
    "doubled": 2,
    "doubles": 2,
    "both": 2,
    "thrice": 3,
    "triple": 3,
    "tripled": 3,
    "triples": 3,
    "quadruple": 4,
    "quadrupled": 4,
    "quintuple": 5,
}
_ORDINALS: Final = {
    word: n + 1
    for n, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ]
    )
}
_SUFFIX_ORDINAL: Final = re.compile(r"(\d{1,6})(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True)
class Quantities:
    """Numbers that a step may use without a flag, and letters already met as variables.

    ``values`` are exact. ``variables`` holds single letters that stood as variables, so that a
    later ``2s + 16`` is read with the variable ``s`` and not with seconds.
    """

    values: frozenset[Fraction]
    variables: frozenset[str] = frozenset()

    @classmethod
    def from_text(cls, text: str) -> Quantities:
        """Numerals and number words of ``text`` (first 20,000 characters); never raises."""
        tokens = tokenize(plain(text[:MAX_TEXT].replace("<<", " ").replace(">>", " ")))
        values = frozenset(_mentioned(tokens))
        return cls(values, standing_letters(tokens))

    def with_text(self, text: str) -> Quantities:
        """These and the quantities of one more text."""
        more = Quantities.from_text(text)
        return Quantities(self.values | more.values, self.variables | more.variables)

    def allows(self, value: Fraction, results: Iterable[Fraction] = ()) -> bool:
        """May a step use ``value``, given the results of its own earlier equations?"""
        wanted = abs(value)
        if wanted in COMMON or wanted in self.values:
            return True
        pool = self.values | frozenset(results)
        return any(wanted in _derived(known) for known in pool)


def _derived(known: Fraction) -> tuple[Fraction, ...]:
    """What is the same number said otherwise, or its complement."""
    forms = [known, known / 100, known * 100, 100 - known, 100 + known, 1 - known, 1 + known]
    forms += [1 - known / 100, 1 + known / 100]
    if known.denominator != 1:
        forms += [Fraction(known.numerator), Fraction(known.denominator)]
        forms += [Fraction(known.denominator - known.numerator), 100 * (1 - known)]
    elif known:
        forms += [1 / known, 1 - 1 / known]
    return tuple(forms)


def standing_letters(tokens: list[Token]) -> frozenset[str]:
    """Letters that stand alone beside an operator or relation, or after *let*, as variables do."""
    found: set[str] = set()
    edges = (Kind.OPERATOR, Kind.RELATION, Kind.OPEN)
    for i, token in enumerate(tokens):
        if token.kind is not Kind.LETTER:
            continue
        if token.math:
            found.add(token.text)
            continue
        before = tokens[i - 1] if i else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if before is not None and before.kind is Kind.NUMBER:
            continue
        named = before is not None and (
            before.text.lower() in ("let", "suppose", "variable", "call", "denote")
        )
        between = before is None or before.kind in (*edges, Kind.BREAK)
        beside = after is not None and after.kind in (*edges, Kind.CLOSE)
        if (
            named
            or (after is not None and after.kind is Kind.RELATION)
            or (between and beside)
            or (
                # "+ h." is a variable, "/h." a unit
                before is not None
                and before.kind in edges
                and before.text != "/"
                and (after is None or after.kind is Kind.BREAK)
            )
        ):
            found.add(token.text)
    return frozenset(found)


def _mentioned(tokens: list[Token]) -> Iterator[Fraction]:
    words: list[str] = []
    for i, token in enumerate(tokens):
        if token.kind is Kind.WORD:
            lower = token.text.lower()
            words += [lower, *lower.split("-")] if "-" in lower else [lower]
            if match := _SUFFIX_ORDINAL.fullmatch(lower):
                yield Fraction(int(match.group(1)))
            continue
        if token.kind is Kind.NUMBER:
            yield token.value
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and (
                following.kind is Kind.PERCENT or following.text.lower() == "percent"
            ):
                yield token.value / 100
            yield from _scaled(token.value, tokens, i + 1)
            yield from _fraction(tokens, i)
        elif token.kind is Kind.BAD:
            # clock times and the like: their parts are numbers that were mentioned
            yield from (Fraction(int(n)) for n in re.findall(r"\d{1,9}", token.text))
    yield from _spoken(words)


def _fraction(tokens: list[Token], i: int) -> Iterator[Fraction]:
    if i + 2 < len(tokens) and tokens[i + 1].text == "/" and tokens[i + 2].value:
        yield tokens[i].value / tokens[i + 2].value


def _scaled(value: Fraction, tokens: list[Token], i: int) -> Iterator[Fraction]:
    if i < len(tokens):
        word = tokens[i].text.lower()
        by = _LARGE.get(word) or _SMALLER.get(word.removesuffix("s")) or _SMALLER.get(word)
        if by:
            yield value * by


def _spoken(words: list[str]) -> Iterator[Fraction]:
    """Numbers said in words: ``twenty-five``, ``two hundred and six``, ``two thirds``, ``half``."""
    total = current = 0
    active = False
    for i, word in enumerate(words):
        if word in _BY_WORD:
            yield from (Fraction(n) for n in _BY_WORD[word].split())
        if word in _TIMES:
            yield Fraction(_TIMES[word])
        if word in ("half", "halves", "halved"):
            yield Fraction(1, 2)
            if i >= 2 and words[i - 1] == "a" and words[i - 2] == "and":
                yield Fraction(_ONES.get(words[i - 3], 0) if i >= 3 else 0) + Fraction(1, 2)
        ordinal = _ORDINALS.get(word) or _ORDINALS.get(word.removesuffix("s"))
        if ordinal:
            yield Fraction(ordinal)
            yield Fraction(1, ordinal)
            top = _ONES.get(words[i - 1], 0) if i else 0
            if top:
                yield Fraction(top, ordinal)
        if word in ("quarter", "quarters", "fourths") and i and words[i - 1] in _ONES:
            yield Fraction(_ONES[words[i - 1]], 4)
        if word in _ONES or word in _TENS:
            number = _ONES.get(word, 0) or _TENS.get(word, 0)
            yield Fraction(number)
            yield Fraction(number, 100)
            current += number
            yield Fraction(total + current)
            following = words[i + 1].removesuffix("s") if i + 1 < len(words) else ""
            if following in _SMALLER or following == "feet":
                yield Fraction((total + current) * _SMALLER[following])
            active = True
        elif active and word in _LARGE:
            if word == "hundred":
                current = max(current, 1) * 100
            else:
                total += max(current, 1) * _LARGE[word]
                current = 0
            yield Fraction(total + current)
        elif active and word == "and":
            continue
        else:
            if word in _LARGE:
                yield Fraction(_LARGE[word])
            if active:
                yield Fraction(total + current)
            total = current = 0
            active = False
        if word.endswith("-fold"):
            yield Fraction(_ONES.get(word[:-5], 0))
