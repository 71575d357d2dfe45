"""A place in a token list: what may start an operand there, and what is only a label."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from neurosym.translate.arithmetic.tokens import Kind, Token
from neurosym.translate.arithmetic.units import UNITS
from neurosym.translate.english.lexicon import words

_LABEL_LIMIT: Final = 16
_SCALE_STOP: Final = words(
    "than times half twice thrice double doubled triple tripled plus minus remainder remaining "
    "halved quadruple"
)
FRACTIONS: Final = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "one-third": Fraction(1, 3),
    "two-thirds": Fraction(2, 3),
    "quarter": Fraction(1, 4),
    "one-quarter": Fraction(1, 4),
    "three-quarters": Fraction(3, 4),
    "one-fourth": Fraction(1, 4),
    "three-fourths": Fraction(3, 4),
    "one-half": Fraction(1, 2),
    "one-fifth": Fraction(1, 5),
    "tenth": Fraction(1, 10),
    "one-tenth": Fraction(1, 10),
}
MULTIPLES: Final = {"twice": 2, "double": 2, "triple": 3, "thrice": 3}
_OF_FILLERS: Final = words(
    "the his her their its those these remaining total all my our that a initial original "
    "other first whole number cost price"
)
# After a letter a bracket of one plain argument is a function's, not a factor.
_FUNCTIONS: Final = frozenset("fghFGHPQEpqTN")
UNIT_LETTERS: Final = frozenset("gmshlLck")
OPENERS: Final = words(
    "so then thus hence therefore is are was were equals get gets got gives give have has had "
    "that where if and or let since because now when we equation becomes become be means mean "
    "write obtain yields yield namely find finds solve solving know as simplifies simplify to "
    "into by of for makes make left but following us find found having it's which"
)
# Words that start something new are no label of the number before them.
NEW_CLAUSE: Final = words(
    "then so therefore thus hence if because since gives get gets becomes but equals is are"
)
RELATION_WORDS: Final = words("equals is are was were")


@dataclass(slots=True)
class Cursor:
    """Questions about one token list, whose answers look at neighbours only.

    ``units`` are letters that are units in this text although they follow a numeral.
    """

    tokens: list[Token]
    units: frozenset[str]
    operators: int = 0
    depth: int = 0
    trouble: str = ""
    limit: int = field(default=0)

    def _at(self, i: int) -> Token | None:
        return self.tokens[i] if 0 <= i < self.limit else None

    def _near(self, i: int) -> Token | None:
        """A neighbour, beyond the limit too: the relation after a letter makes it a variable."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else None

    def _is(self, i: int, kind: Kind, *texts: str) -> bool:
        token = self._at(i)
        return token is not None and token.kind is kind and (not texts or token.text in texts)

    def _word(self, i: int) -> str:
        token = self._at(i)
        return token.text.lower() if token is not None and token.kind is Kind.WORD else ""

    def _starts(self, i: int) -> bool:
        """Can an operand start here?"""
        token = self._at(i)
        if token is None:
            return False
        match token.kind:
            case Kind.NUMBER | Kind.ROOT:
                return True
            case Kind.OPEN:
                return not self._comment(i)
            case Kind.CURRENCY:
                following = self._at(i + 1)
                return following is not None and (
                    following.kind in (Kind.NUMBER, Kind.OPEN, Kind.LETTER)
                    or (
                        following.kind is Kind.OPERATOR
                        and following.text == "-"
                        and following.glued
                    )
                )
            case Kind.LETTER:
                return self._variable(i)
            case Kind.OPERATOR:
                return token.text in "-+" and self._signed(i)
            case Kind.WORD:
                return self._spelled(i)
            case _:
                return False

    def _signed(self, i: int) -> bool:
        """A sign stands where no left operand can be: at a start, an operator, a bracket."""
        before = self._at(i - 1)
        if self.tokens[i].text == "+" and before is not None:
            return before.kind in (Kind.RELATION, Kind.OPEN) and self._starts(i + 1)
        free = before is None or before.kind in (
            Kind.BREAK,
            Kind.RELATION,
            Kind.OPEN,
            Kind.OPERATOR,
            Kind.CURRENCY,
        )
        if not free and before is not None and before.kind is Kind.WORD:
            free = before.text.lower() in OPENERS
        following = self._at(i + 1)
        return (
            free
            and following is not None
            and following.kind is not Kind.OPERATOR
            and self._starts(i + 1)
        )

    def _spelled(self, i: int) -> bool:
        """``half of 24``, ``twice 12``: a word that multiplies what follows it."""
        word = self._word(i)
        if word in FRACTIONS:
            return self._word(i + 1) == "of" and self._after_of(i + 2) is not None
        if word in MULTIPLES:
            return self._starts(i + 1) and not self._is(i + 1, Kind.WORD)
        return False

    def _after_of(self, i: int) -> int | None:
        """Where the operand after ``of`` starts: fillers such as *the* are passed over."""
        for j in range(i, i + 4):
            token = self._at(j)
            if token is None:
                return None
            if token.kind in (Kind.NUMBER, Kind.CURRENCY, Kind.OPEN):
                return j if self._starts(j) else None
            if token.kind is Kind.LETTER:
                if self._variable(j):
                    return j
                if token.text != "a":
                    return None
            elif token.kind is not Kind.WORD or token.text.lower() not in _OF_FILLERS:
                return None
        return None

    def _variable(self, i: int) -> bool:
        """Is this single letter a variable where it stands?"""
        token = self._at(i)
        if (
            token is None
            or token.kind is not Kind.LETTER
            or (
                token.text in ("i", "I")
                and (token.math or not _mathematical(self._near(i - 1), self._near(i + 1)))
            )
        ):
            return False
        before, after = self._near(i - 1), self._near(i + 1)
        if self._function(i):
            return False
        if token.math:
            # AB is a segment, not a product; dx and such are left alone too
            for near in (before, after):
                if (
                    near is not None
                    and near.kind is Kind.LETTER
                    and near.math
                    and (near.text[0].isupper() or token.text[0].isupper() or token.text == "d")
                ):
                    return False
            return True
        if after is not None and after.kind is Kind.WORD and token.text in ("a", "A", "I"):
            return False
        if after is not None and after.kind is Kind.BREAK and after.text == "." and after.glued:
            following = self._at(i + 2)
            if following is not None and following.glued and following.kind is Kind.LETTER:
                return False  # a.m., p.m.
        return _mathematical(before, after)

    def _function(self, i: int) -> bool:
        """``f(x)``: an application that must not be read as a product."""
        if not self._is(i + 1, Kind.OPEN) or not self.tokens[i + 1].glued:
            return False
        token = self.tokens[i]
        if token.text[0] in _FUNCTIONS:
            return True
        inner = self._at(i + 2)
        return (
            inner is not None
            and inner.kind in (Kind.NUMBER, Kind.LETTER)
            and self._is(i + 3, Kind.CLOSE)
        )

    def _comment(self, i: int) -> int:
        """The token after a bracket that holds only words; 0 where it is no such bracket."""
        j = i + 1
        words = 0
        while (token := self._at(j)) is not None and j < i + 14:
            if token.kind is Kind.CLOSE:
                return j + 1 if words else 0
            if token.kind is Kind.WORD:
                words += 1
            elif token.kind is not Kind.LETTER:
                return 0
            j += 1
        return 0

    def labels(self, i: int) -> int:
        """The token after a run of labels: words, unit letters, ``/hour``, comments."""
        start = i
        while i < start + _LABEL_LIMIT:
            token = self._at(i)
            if token is None:
                break
            if token.kind is Kind.WORD:
                word = token.text.lower()
                if i == start and token.glued and self.tokens[i - 1].kind is Kind.CLOSE:
                    break  # (1/2)PQ
                if word in _SCALE_STOP or word in RELATION_WORDS or word in NEW_CLAUSE:
                    break
                if word in ("and", "or") and self._is(i + 1, Kind.OPERATOR):
                    break
                if token.text.lower() == "of" and i == start and self._after_of(i + 1) is not None:
                    break
                if token.text.lower() in ("divided", "multiplied"):
                    break
            elif token.kind is Kind.LETTER:
                if token.math or (self._variable(i) and token.text not in self.units):
                    break
            elif token.kind is Kind.OPERATOR and token.text == "/":
                following = self._at(i + 1)
                if following is None or following.kind is not Kind.WORD:
                    # "/h" after a word: a unit letter
                    if (
                        following is not None
                        and following.kind is Kind.LETTER
                        and i > start
                        and following.text not in "xyzn"
                    ):
                        i += 2
                        continue
                    break
                i += 2
                continue
            elif token.kind is Kind.OPERATOR and token.text == "-":
                following = self._at(i + 1)
                if not (token.glued and following is not None and following.glued) or (
                    following.kind is not Kind.WORD
                ):
                    break
                i += 2
                continue
            elif token.kind is Kind.OPERATOR and token.text == "^":
                # cm^2: a power on a label
                if (
                    i == start
                    or not self._is(i + 1, Kind.NUMBER)
                    or (self.tokens[i - 1].text.lower() not in UNITS)
                ):
                    break
                i += 2
                continue
            elif token.kind is Kind.OPEN:
                after = self._comment(i)
                # ".1(Number of Minutes)" is a product with something unsaid
                if not after or (token.glued and i == start):
                    break
                i = after
                continue
            else:
                break
            i += 1
        return i


def _mathematical(before: Token | None, after: Token | None) -> bool:
    """A letter with an operator, relation, bracket or coefficient beside it."""
    if before is not None and (
        before.kind in (Kind.OPERATOR, Kind.RELATION, Kind.OPEN, Kind.CURRENCY)
        or (before.kind is Kind.NUMBER)
    ):
        return True
    return after is not None and (
        after.kind is Kind.RELATION
        or after.kind is Kind.CLOSE
        or (after.kind is Kind.OPERATOR and after.text in "+*/^-")
    )
