"""Numbers as they stand in a text: where, how they are written, and whether they may change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_MULTIPLES: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL: Final = _UNITS.split()
_TENS: Final = _MULTIPLES.split()
WORDS: Final[dict[int, str]] = {
    **dict(enumerate(_SMALL)),
    **{20 + 10 * i: tens for i, tens in enumerate(_TENS)},
    **{20 + 10 * i + n: f"{t}-{_SMALL[n]}" for i, t in enumerate(_TENS) for n in range(1, 10)},
}
_SPELLED: Final = {word: n for n, word in WORDS.items() if n > 1}
_PARTS: Final = "thirds?|fourths?|quarters?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?"
_NUMBER: Final = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|\.\d+)"
    rf"|\b(?P<word>{'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\s?(?:%|percent\b)")
# Ordinals, clock times, decades, parts of a whole, big units, and the whole of "2 1/2".
_FIXED_AFTER: Final = re.compile(
    r"(?:st|nd|rd|th)\b|['’]?s\b|:\d|k\b|\s?(?:[ap]\.?m\b|o['’]clock)"
    rf"|[-\s](?:hundred|thousand|million|billion|halves|half|{_PARTS})\b|\s\d+/\d",
    re.IGNORECASE,
)
_FIXED_BEFORE: Final = re.compile(r"(?:[A-Za-z:#]|(?:^|\s)[-−]|\d\s|\d\s\d{1,3}/)$")
# "the two of them", "these 3 friends": who is meant was listed, so their number cannot change.
_COUNTED: Final = re.compile(r"\b(?:the|these|those|other|all|both|his|her|their|into)\s$", re.I)
_LISTED: Final = 5
_YEARS: Final = range(1900, 2101)


@dataclass(frozen=True, slots=True)
class Style:
    """How a number is written.

    ``decimals`` digits were shown after the point; ``padded``: always so many. ``bare``: no
    zero before the point. ``grouped``: commas between thousands.
    """

    word: bool = False
    capital: bool = False
    decimals: int = 0
    padded: bool = False
    grouped: bool = False
    bare: bool = False

    @property
    def places(self) -> int:
        """How many digits after the point it may show."""
        return max(self.decimals, 2) if self.decimals else 0

    def write(self, value: Fraction) -> str:
        """The number in this style; raises ValueError where it cannot be written exactly."""
        if self.word:
            if value.denominator != 1 or int(value) not in WORDS:
                raise ValueError(f"{value} cannot be written in words")
            text = WORDS[int(value)]
            return text.capitalize() if self.capital else text
        scaled = value * 10**self.places
        if scaled.denominator != 1 or value < 0:
            raise ValueError(f"{value} cannot be written with {self.places} digits")
        digits = str(int(scaled)).rjust(self.places + 1, "0")
        whole = digits[: len(digits) - self.places]
        rest = digits[len(digits) - self.places :]
        least = self.decimals if self.padded else 0
        while len(rest) > least and rest.endswith("0"):
            rest = rest[:-1]
        whole = f"{int(whole):,}" if self.grouped else whole
        if self.bare and whole == "0" and rest:
            whole = ""
        return f"{whole}.{rest}" if rest else whole


@dataclass(frozen=True, slots=True)
class Mention:
    """One number in a text, at ``start`` to ``end``.

    ``percent``: a percent sign or word follows. ``part``: it is a part of an ordinal, a clock
    time, a fraction in words or the like. ``fixed``: that, or it dates something or counts what
    is listed, and may not change.
    """

    start: int
    end: int
    text: str
    value: Fraction
    style: Style
    percent: bool
    part: bool
    fixed: bool


def mentions(text: str) -> list[Mention]:
    """All numbers of a text in order, ``one`` and ``zero`` in words excepted."""
    commas = re.search(r"\d,\d{3}", text) is not None
    out = []
    for match in _NUMBER.finditer(text):
        piece = match.group()
        before, after = text[max(0, match.start() - 16) : match.start()], text[match.end() :][:24]
        if match.group("word"):
            value = Fraction(_SPELLED[piece.lower()])
            style = Style(word=True, capital=piece[0].isupper())
        else:
            value = Fraction(piece.replace(",", ""))
            style = _digits(piece, before.rstrip().endswith("$"), commas)
        part = _FIXED_AFTER.match(after) is not None
        fixed = bool(
            part
            or value in (0, 1)
            or _FIXED_BEFORE.search(before)
            or (value < _LISTED and _COUNTED.search(before))
            or (value in _YEARS and piece.isdigit() and not before.endswith("$"))
        )
        percent = _PERCENT.match(after) is not None
        out.append(Mention(*match.span(), piece, value, style, percent, part, fixed))
    return out


def _digits(piece: str, money: bool, commas: bool) -> Style:
    decimals = len(piece.partition(".")[2])
    padded = decimals > 0 and (piece.endswith("0") or (money and decimals == 2))
    small = Fraction(piece.replace(",", "")) < 1000
    grouped = "," in piece or (small and commas)
    return Style(False, False, decimals, padded, grouped, piece.startswith("."))
