"""Expressions in running text: a small tree, read from tokens, and made into terms.

Reading is greedy and goes left to right; words after a number are its label and are passed
over when an operator follows (``5 hours * 60 minutes/hour``). Nothing is guessed: a word that
changes a number's meaning (``twice``, ``less than``) ends the expression, and
``Item.risk`` says why an expression may not be used where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import factorial, isqrt
from typing import Final

from neurosym.translate.arithmetic.cursor import FRACTIONS, MULTIPLES, UNIT_LETTERS, Cursor
from neurosym.translate.arithmetic.nodes import (
    Letter,
    Node,
    Num,
    Power,
    Product,
    Sum,
    UnreadableError,
    letters,
    value,
)
from neurosym.translate.arithmetic.tokens import Kind
from neurosym.translate.arithmetic.units import UNITS, Unit
from neurosym.translate.english.lexicon import words

MAX_OPERATORS: Final = 100
MAX_DEPTH: Final = 20
MAX_EXPONENT: Final = 100
MAX_SYMBOLIC_EXPONENT: Final = 8
_POSTFIX_POWER: Final = {"squared": 2, "cubed": 3}
_WORD_OPERATORS: Final = {"plus": "+", "minus": "-", "times": "*"}
_POSSESSIVE: Final = words("the his her their its my our your another those these")


@dataclass(frozen=True, slots=True)
class Item:
    """An expression found at tokens ``start`` to ``stop`` (exclusive).

    ``stop`` lies after the labels that were taken in; ``operators`` counts what it joins.
    """

    start: int
    stop: int
    node: Node
    operators: int


@dataclass(slots=True)
class Reader(Cursor):
    """Reads expressions out of one token list."""

    def scan(self, start: int, stop: int) -> list[Item]:
        """All maximal expressions between two tokens, in order."""
        self.limit = stop
        items: list[Item] = []
        i = start
        while i < stop:
            if self._starts(i):
                self.operators = 0
                self.depth = 0
                found = self._sum(i)
                if found is not None:
                    node, end = found
                    items.append(Item(i, end, node, self.operators))
                    i = max(end, i + 1)
                    continue
            i += 1
        return items

    def _sum(self, i: int) -> tuple[Node, int] | None:
        first = self._product(i)
        if first is None:
            return None
        node, i = first
        parts: list[tuple[bool, Node]] = [(False, node)]
        while True:
            j = self.labels(i)
            sign = self._operator(j, "+-")
            if sign is None:
                break
            at = self._operand(sign[1])
            if not self._starts(at) or self._is(at, Kind.OPERATOR):
                break
            found = self._product(at)
            if found is None:
                break
            self.operators += 1
            parts.append((sign[0] == "-", found[0]))
            i = found[1]
        if len(parts) == 1:
            return node, i
        return Sum(tuple(parts)), i

    def _operand(self, i: int) -> int:
        """Where the operand after an operator starts: ``+ his 1 teacher``."""
        following = self._at(i + 1)
        if (
            self._word(i) in _POSSESSIVE
            and following is not None
            and (following.kind in (Kind.NUMBER, Kind.CURRENCY))
        ):
            return i + 1
        return i

    def _operator(self, i: int, wanted: str) -> tuple[str, int] | None:
        """The operator at ``i`` and the token after it."""
        token = self._at(i)
        if token is None or self.operators >= MAX_OPERATORS:
            return None
        if token.kind is Kind.OPERATOR and token.text in wanted:
            before = self._at(i - 1)
            if (
                token.text == "-"
                and before is not None
                and before.kind is Kind.WORD
                and (token.math or before.text.lower() in ("between", "to", "from", "of", "is"))
            ):
                return None  # a sign
            return token.text, i + 1
        word = self._word(i)
        if word in _WORD_OPERATORS and _WORD_OPERATORS[word] in wanted:
            following = self._at(i + 1)
            if following is not None and following.kind is not Kind.WORD:
                return _WORD_OPERATORS[word], i + 1
        if word in ("divided", "multiplied") and self._word(i + 1) == "by":
            sign = "/" if word == "divided" else "*"
            if sign in wanted:
                return sign, i + 2
        return None

    def _product(self, i: int) -> tuple[Node, int] | None:
        first = self._factor(i)
        if first is None:
            return None
        node, i = first
        parts: list[tuple[bool, Node]] = [(False, node)]
        while True:
            implicit = self._implicit(i, parts)
            if implicit is not None:
                found = implicit
                if parts[-1][0]:
                    # 1/2x: half of x, or 1 over 2x? Readers disagree, so nobody is believed.
                    self.trouble = "an implicit product in a denominator is ambiguous"
                    return None
                parts.append((False, found[0]))
                self.operators += 1
                i = found[1]
                continue
            j = self.labels(i)
            if self._word(i) == "of" and _is_share(parts):
                at = self._after_of(i + 1)
                factor = self._factor(at) if at is not None else None
                if factor is None or self.operators >= MAX_OPERATORS:
                    break
                parts = [(False, _product(parts)), (False, factor[0])]
                self.operators += 1
                i = factor[1]
                continue
            sign = self._operator(j, "*/")
            if sign is None:
                break
            at = self._operand(sign[1])
            if not self._starts(at):
                break
            factor = self._factor(at)
            if factor is None:
                break
            if sign[0] == "/" and self._rate(factor[1]):
                self.trouble = "a division by a rate is ambiguous"
                return None
            self.operators += 1
            parts.append((sign[0] == "/", factor[0]))
            i = factor[1]
        return _product(parts), i

    def _rate(self, i: int) -> bool:
        """``24 degrees / 3 degrees/5% increase``: divided by 3/5%, or by 3 and then by 5%?"""
        j = self.labels(i)
        return (
            j > i
            and self._is(j, Kind.OPERATOR, "/")
            and self.tokens[j].glued
            and self._is(j + 1, Kind.NUMBER)
            and self.tokens[j + 1].glued
        )

    def _implicit(self, i: int, parts: list[tuple[bool, Node]]) -> tuple[Node, int] | None:
        """``2(3+4)``, ``3x``, ``(1+2)(3+4)``, ``xy`` between math delimiters."""
        token = self._at(i)
        if token is None or self.operators >= MAX_OPERATORS:
            return None
        last = self.tokens[i - 1]
        if last.kind is Kind.WORD:
            return None
        if token.kind is Kind.OPEN:
            if self._comment(i):
                return None
            found = self._factor(i)
            # "24 (12*2)": a bracket after a space explains the number; "4 (x - 7)" multiplies
            clear = token.glued or token.math or last.kind is Kind.CLOSE
            return found if found is not None and (clear or letters(found[0])) else None
        if token.kind is Kind.LETTER:
            if last.kind is Kind.NUMBER or last.kind is Kind.CLOSE:
                if token.text in self.units and not token.math:
                    return None
                if token.math or token.glued:
                    if self._function(i) or token.text in "iI":
                        return None
                    following = self._at(i + 1)
                    if not token.math and following is not None and following.kind is Kind.LETTER:
                        return None
                    return self._factor(i, letter=True)
                if self._variable(i) and token.text not in UNIT_LETTERS and token.text != "a":
                    return self._factor(i, letter=True)
                return None
            if token.math and last.math and last.kind is Kind.LETTER and self._variable(i):
                return self._factor(i)
        if token.kind is Kind.ROOT and token.math:
            return self._factor(i)
        return None

    def _factor(self, i: int, *, letter: bool = False) -> tuple[Node, int] | None:
        if self.depth > MAX_DEPTH:
            self.trouble = "brackets nested too deep"
            return None
        self.depth += 1
        try:
            found = self._base(i, letter)
        finally:
            self.depth -= 1
        if found is None:
            return None
        node, i = found
        if self._is(i, Kind.FACTORIAL):
            if not isinstance(node, Num) or node.value.denominator != 1 or node.value > 20:
                return None
            node = Num(Fraction(factorial(int(node.value))), text=node.text + "!")
            i += 1
        exponent = self._exponent(i)
        if exponent is not None:
            if exponent[1] < 0:
                return None
            raised = self._raise(node, exponent[0])
            if raised is None:
                return None
            node, i = raised, exponent[1]
            self.operators += 1
        return node, i

    def _raise(self, node: Node, exponent: Fraction) -> Node | None:
        if exponent.denominator != 1:
            if exponent == Fraction(1, 2):
                return _root(node)
            self.trouble = "a power that is not whole"
            return None
        count = int(exponent)
        symbolic = bool(letters(node))
        if symbolic and not 0 < count <= MAX_SYMBOLIC_EXPONENT:
            self.trouble = f"the exponent {count} of a variable"
            return None
        if abs(count) > MAX_EXPONENT:
            self.trouble = f"the exponent {count} is too large"
            return None
        return Power(node, count)

    def _exponent(self, i: int) -> tuple[Fraction, int] | None:
        """An exponent and where it ends; end -1 where there is one that cannot be read."""
        if self._word(i) in _POSTFIX_POWER and self.tokens[i - 1].kind is not Kind.WORD:
            following = self._at(i + 1)
            if following is None or following.kind is not Kind.WORD:
                return Fraction(_POSTFIX_POWER[self._word(i)]), i + 1
        if not self._is(i, Kind.OPERATOR, "^"):
            return None
        if self._is(i + 1, Kind.NUMBER):
            # towers, and 2^3! or 2^1/2, whose scope is unclear, are left alone
            if self._is(i + 2, Kind.OPERATOR, "^"):
                return Fraction(0), -1
            return self.tokens[i + 1].value, i + 2
        if self._is(i + 1, Kind.OPERATOR, "-") and self._is(i + 2, Kind.NUMBER):
            return -self.tokens[i + 2].value, i + 3
        if self._is(i + 1, Kind.OPEN):
            found = self._factor(i + 1)
            if found is None or letters(found[0]):
                return Fraction(0), -1
            try:
                exact = value(found[0])
            except UnreadableError:
                return Fraction(0), -1
            return (exact, found[1]) if exact is not None else (Fraction(0), -1)
        return Fraction(0), -1

    def _base(self, i: int, letter: bool) -> tuple[Node, int] | None:
        token = self._at(i)
        if token is None:
            return None
        match token.kind:
            case Kind.OPERATOR if token.text in "+-":
                found = self._factor(i + 1) if self._starts(i + 1) else None
                if found is None:
                    return None
                if token.text == "+":
                    return found
                return Sum(((True, found[0]),)), found[1]
            case Kind.CURRENCY:
                found = self._factor(i + 1)
                if found is None:
                    return None
                node = found[0]
                if isinstance(node, Num) and token.text == "$":
                    node = _with_unit(node, UNITS["$"], "$")
                return node, found[1]
            case Kind.NUMBER:
                return self._number(i)
            case Kind.LETTER if letter or self._variable(i):
                return Letter(token.text), i + 1
            case Kind.ROOT:
                found = self._factor(i + 1)
                if found is None:
                    return None
                root = _root(found[0])
                if root is None:
                    self.trouble = "a square root that is not rational"
                    return None
                return root, found[1]
            case Kind.OPEN:
                return self._bracket(i)
            case Kind.WORD if self._spelled(i):
                return self._spelled_factor(i)
            case _:
                return None

    def _spelled_factor(self, i: int) -> tuple[Node, int] | None:
        word = self._word(i)
        if word in MULTIPLES:
            by = Num(Fraction(MULTIPLES[word]), text=word)
            found = self._factor(i + 1)
        else:
            by = Num(FRACTIONS[word], -1, text=word)
            at = self._after_of(i + 2)
            found = self._factor(at) if at is not None else None
        if found is None:
            return None
        self.operators += 1
        return Product(((False, by), (False, found[0]))), found[1]

    def _bracket(self, i: int) -> tuple[Node, int] | None:
        inner = self._sum(i + 1)
        if inner is None:
            return None
        node, j = inner
        if self.tokens[i].text == "[" and isinstance(node, Num) and node.decimals > 0:
            return None  # [3.7]: the whole part
        j = self.labels(j)
        if not self._is(j, Kind.CLOSE):
            return None
        j += 1
        if self._is(j, Kind.PERCENT):
            return Product(((False, node), (True, Num(Fraction(100), text="%")))), j + 1
        return node, j

    def _number(self, i: int) -> tuple[Node, int] | None:
        token = self.tokens[i]
        node = Num(token.value, token.decimals, text=token.text)
        i += 1
        if self._is(i, Kind.PERCENT) or self._word(i) == "percent":
            return Num(token.value, token.decimals, True, text=f"{token.text}%"), i + 1
        following = self._at(i)
        if following is None:
            return node, i
        attached = following.kind is Kind.LETTER and following.glued and not following.math
        if attached and following.text in self.units:
            unit_letter = following.text
            return Num(token.value, token.decimals, letter=unit_letter, text=token.text), i + 1
        return self._labelled(node, i), i

    def _labelled(self, node: Num, i: int) -> Num:
        """The numeral with the first unit among its label words, and the label itself."""
        label = self._word(i)
        j = i
        if self._is(i, Kind.OPERATOR, "-") and self.tokens[i].glued:
            label = self._word(i + 1)
            j = i + 1
        if not label:
            return node
        unit = UNITS.get(label)
        if label in ("square", "sq", "cubic", "cu"):
            unit = None
        # "1.5 dozen cookies", "2 quarters"; a rate ("miles per hour", "cents each") keeps its unit
        if label == "and" or (self._is(j + 1, Kind.OPERATOR, "^")):
            unit = None
        return Num(node.value, node.decimals, False, unit, label, "", node.text)


def _with_unit(num: Num, unit: Unit, label: str) -> Num:
    if num.unit is not None and num.unit.dimension == "count":
        unit = num.unit
    return Num(num.value, num.decimals, num.percent, unit, label, num.letter, num.text)


def _product(parts: list[tuple[bool, Node]]) -> Node:
    return parts[0][1] if len(parts) == 1 else Product(tuple(parts))


def _is_share(parts: list[tuple[bool, Node]]) -> bool:
    """``20%``, ``2/5``, ``0.4``, ``½``: what may stand before *of* as a factor."""
    if len(parts) == 1:
        node = parts[0][1]
        return isinstance(node, Num) and (node.percent or 0 < node.value < 1)
    if len(parts) == 2:
        return (
            not parts[0][0]
            and parts[1][0]
            and isinstance(parts[0][1], Num)
            and isinstance(parts[1][1], Num)
        )
    return False


def _root(node: Node) -> Node | None:
    """The square root of a closed expression whose value is a rational's square."""
    try:
        exact = value(node)
    except UnreadableError:
        return None
    if exact is None or exact < 0:
        return None
    top, bottom = isqrt(exact.numerator), isqrt(exact.denominator)
    if top * top != exact.numerator or bottom * bottom != exact.denominator:
        return None
    return Num(Fraction(top, bottom), -1 if bottom > 1 else 0, text="√")
