"""Which end of a row a sentence counts from, and what a puzzle's program makes of it.

A program for a row of things says which end has the number 1 (``1: oldest``, ``5: newest``), and
says with each condition which sentence it stands for. Where the two disagree ("the sedan is the
second-newest" as ``sedan == 2``; "Dan finished above Eve" as ``Dan > Eve`` with 1 for the first),
the condition was meant the other way. Only a sentence that names one place, or compares two things
in one way, is held against its condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.runs.programs.constraints import Cell, Constant, Expression, Operation, Operator
from neurosym.runs.programs.sections import Line

_ORDINALS: Final = {
    word: place
    for place, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"), 1
    )
}
# Words for one end of a row, of things and of standings, whichever the program's labels are.
_GROUPS: Final = (
    ({"leftmost", "left"}, {"rightmost", "right"}),
    ({"first", "highest", "top", "above", "best"}, {"last", "lowest", "bottom", "below", "worst"}),
    ({"oldest", "older"}, {"newest", "newer", "youngest", "younger"}),
    (
        {"cheapest", "cheaper", "least expensive", "less expensive"},
        {"most expensive", "more expensive"},
    ),
)
_WORDS: Final = {
    word: (number, side)
    for number, pair in enumerate(_GROUPS)
    for side, words in enumerate(pair)
    for word in words
}
_END: Final = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_COUNTED: Final = re.compile(
    rf"\b(?:({'|'.join(_ORDINALS)})(?:-to-|-| from the | )?)?\b({_END})\b", re.IGNORECASE
)
_FINISHED: Final = re.compile(rf"\bfinished ({'|'.join(_ORDINALS)})\b(?!-)", re.IGNORECASE)
_COMPARATIVE: Final = re.compile(
    r"\b(?:to the )?(left of|right of|above|below|older|newer|younger|cheaper|less expensive|"
    r"more expensive)\b",
    re.IGNORECASE,
)
_TURNED: Final[dict[Operator, Operator]] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Ends:
    """The kind of row, which side has the least number, and the least and greatest number."""

    group: int
    first_side: int
    least: int
    greatest: int

    def mended(self, expression: Expression, sentence: str) -> Expression:
        """The condition as its sentence has it; unchanged where that is not plain."""
        match expression:
            case Operation("==", (Cell() as cell, Constant(Fraction() as value))):
                place = self._place(sentence)
                if place is not None and place != value:
                    return Operation("==", (cell, Constant(Fraction(place))))
            case Operation("<" | ">" | "<=" | ">=" as operator, (Cell(left), Cell(right))):
                way = self._way(sentence, left, right)
                if way is not None and way != operator[0]:
                    return Operation(_TURNED[operator], expression.args)
        return expression

    def _side(self, word: str) -> int | None:
        group, side = _WORDS.get(word.lower(), (-1, 0))
        return side if group == self.group else None

    def _place(self, sentence: str) -> int | None:
        finished = _FINISHED.findall(sentence)
        counted = [(n, w) for n, w in _COUNTED.findall(sentence) if self._side(w) is not None]
        if finished and len(finished) == 1 and self.group == 1:
            found = (finished[0], "first")
        elif len(counted) == 1 and not _COMPARATIVE.search(sentence.replace("from the", "")):
            found = counted[0]
        else:
            return None
        number = _ORDINALS[found[0].lower()] if found[0] else 1
        if not 1 <= number <= self.greatest - self.least + 1:
            return None
        if self._side(found[1]) == self.first_side:
            return self.least + number - 1
        return self.greatest - number + 1

    def _way(self, sentence: str, left: str, right: str) -> str | None:
        """``<`` or ``>`` between the two things, in the condition's order, as the sentence says."""
        words = _COMPARATIVE.findall(sentence)
        if len(words) != 1:
            return None
        side = self._side(words[0].lower().removesuffix(" of"))
        before, _, after = sentence.lower().partition(words[0].lower())
        names = [name.lower().replace("_", " ") for name in (left, right)]
        order = [(name in before, name in after) for name in names]
        if side is None or order not in (
            [(True, False), (False, True)],
            [(False, True), (True, False)],
        ):
            return None
        lesser = (side == self.first_side) == (order[0] == (True, False))
        return "<" if lesser else ">"


def ends(lines: Sequence[Line]) -> Ends | None:
    """What the ``Domain`` section says; nothing where it does not name two opposite ends."""
    labels: dict[int, str] = {}
    for line in lines:
        number, sign, label = line.code.partition(":")
        if sign and number.strip().isdecimal() and len(number) < 4:
            labels[int(number)] = label.strip().lower()
    if len(labels) < 2:
        return None
    least, greatest = min(labels), max(labels)
    first, last = (_WORDS.get(labels[n], (-1, 0)) for n in (least, greatest))
    if first[0] == -1 or last[0] != first[0] or last[1] == first[1]:
        # "1: first, 2: second, 3: third" ends with a number where the row does.
        spelled = [_ORDINALS.get(labels.get(n, "")) for n in range(least, greatest + 1)]
        if spelled != list(range(1, greatest - least + 2)):
            return None
        first = _WORDS["first"]
    return Ends(first[0], first[1], least, greatest)
