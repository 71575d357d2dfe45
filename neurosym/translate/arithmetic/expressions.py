"""Expressions in running text: a small tree, read from tokens, and made into terms.

Reading is greedy and goes left to right; words after a number are its label and are passed
over when an operator follows (``5 hours * 60 minutes/hour``). Nothing is guessed: a word that
changes a number's meaning (``twice``, ``less than``) ends the expression, and
``Item.risk`` says why an expression may not be used where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import factorial, isqrt
from typing import Final, TypeAlias

from neurosym.translate.arithmetic.tokens import Kind, Token
from neurosym.translate.arithmetic.units import UNITS, Unit
from provers.logic.syntax import REAL, Apply, Arith, Number, Term

MAX_OPERATORS: Final = 100
MAX_DEPTH: Final = 20
MAX_EXPONENT: Final = 100
MAX_SYMBOLIC_EXPONENT: Final = 8
MAX_BITS: Final = 2048
_LABEL_LIMIT: Final = 16

# --- the tree ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Num:
    """A numeral as written: ``20%`` has value 20 and ``percent``."""

    value: Fraction
    decimals: int = 0
    percent: bool = False
    unit: Unit | None = None
    label: str = ""
    letter: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Two or more addends, each with its sign; or one with a minus."""

    parts: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Two or more factors; ``True`` marks one that is divided by. Read from the left."""

    parts: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True, slots=True)
class Power:
    base: Node
    exponent: int


Node: TypeAlias = Num | Letter | Sum | Product | Power


class UnreadableError(Exception):
    """An expression that cannot be given a meaning; the message says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How numerals count: ``percent_unit`` reads 20% as 20; ``scaled`` converts to base units."""

    percent_unit: bool = False
    scaled: bool = False


def number_value(num: Num, reading: Reading) -> Fraction:
    """A numeral's value under a reading."""
    value = num.value
    if num.percent and not reading.percent_unit:
        value /= 100
    if reading.scaled and num.unit is not None:
        value *= num.unit.size
    return value


def value(node: Node, reading: Reading = Reading()) -> Fraction | None:  # noqa: B008
    """The exact value, or None where a letter occurs. Raises UnreadableError for x/0."""
    match node:
        case Num():
            return number_value(node, reading)
        case Letter():
            return None
        case Sum(parts):
            total = Fraction(0)
            known = True
            for minus, part in parts:
                v = value(part, reading)
                if v is None:
                    known = False
                else:
                    total += -v if minus else v
            return total if known else None
        case Product(parts):
            result = Fraction(1)
            known = True
            for divided, part in parts:
                v = value(part, reading)
                if divided and v == 0:
                    raise UnreadableError("division by zero")
                if v is None:
                    known = False
                elif divided:
                    result /= v
                else:
                    result *= v
                if max(result.numerator.bit_length(), result.denominator.bit_length()) > MAX_BITS:
                    raise UnreadableError("a number too large to write out")
            return result if known else None
        case Power(base, exponent):
            v = value(base, reading)
            if v is None:
                return None
            if v == 0 and exponent <= 0:
                raise UnreadableError("division by zero")
            bits = max(v.numerator.bit_length(), v.denominator.bit_length())
            if bits * abs(exponent) > MAX_BITS:
                raise UnreadableError("a number too large to write out")
            return v**exponent


def term(node: Node, reading: Reading = Reading()) -> Term:  # noqa: B008
    """The tree as a term over the reals; powers become products."""
    match node:
        case Num():
            return Number(number_value(node, reading), REAL)
        case Letter(name):
            return Apply(name, (), REAL)
        case Sum(parts):
            out: Term | None = None
            for minus, part in parts:
                t = term(part, reading)
                if out is None:
                    out = _negative(t) if minus else t
                elif minus:
                    out = Arith("-", (out, t), REAL)
                elif isinstance(out, Arith) and out.op == "+":
                    out = Arith("+", (*out.args, t), REAL)
                else:
                    out = Arith("+", (out, t), REAL)
            assert out is not None
            return out
        case Product(parts):
            product: Term | None = None
            for divided, part in parts:
                t = term(part, reading)
                if product is None:
                    product = t
                elif divided:
                    product = Arith("/", (product, t), REAL)
                elif isinstance(product, Arith) and product.op == "*":
                    product = Arith("*", (*product.args, t), REAL)
                else:
                    product = Arith("*", (product, t), REAL)
            assert product is not None
            return product
        case Power(base, exponent):
            return _power(term(base, reading), exponent)


def _negative(t: Term) -> Term:
    if isinstance(t, Number):
        return Number(-t.value, REAL)
    return Arith("-", (t,), REAL)


def _power(base: Term, exponent: int) -> Term:
    if exponent == 0:
        return Number(Fraction(1), REAL)
    count = abs(exponent)
    product = base if count == 1 else Arith("*", (base,) * count, REAL)
    return product if exponent > 0 else Arith("/", (Number(Fraction(1), REAL), product), REAL)


def leaves(node: Node) -> Iterator[Num | Letter]:
    """Numerals and letters from left to right."""
    match node:
        case Num() | Letter():
            yield node
        case Sum(parts) | Product(parts):
            for _, part in parts:
                yield from leaves(part)
        case Power(base, _):
            yield from leaves(base)


def numbers(node: Node) -> Iterator[Num]:
    """Numerals from left to right."""
    return (leaf for leaf in leaves(node) if isinstance(leaf, Num))


def letters(node: Node) -> frozenset[str]:
    """Names of the variables."""
    return frozenset(leaf.name for leaf in leaves(node) if isinstance(leaf, Letter))


def is_numeral(node: Node) -> bool:
    """A bare numeral, possibly negative."""
    return isinstance(node, Num) or (
        isinstance(node, Sum) and len(node.parts) == 1 and isinstance(node.parts[0][1], Num)
    )


def numeral(node: Node) -> Num | None:
    """The numeral of a bare numeral."""
    if isinstance(node, Num):
        return node
    if isinstance(node, Sum) and len(node.parts) == 1 and isinstance(node.parts[0][1], Num):
        return node.parts[0][1]
    return None


def additive_mixtures(node: Node) -> Iterator[tuple[Node, ...]]:
    """The addends of every sum in the tree."""
    match node:
        case Sum(parts):
            yield tuple(part for _, part in parts)
            for _, part in parts:
                yield from additive_mixtures(part)
        case Product(parts):
            for _, part in parts:
                yield from additive_mixtures(part)
        case Power(base, _):
            yield from additive_mixtures(base)
        case _:
            return


# --- reading -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """An expression found at tokens ``start`` to ``stop`` (exclusive).

    ``stop`` lies after the labels that were taken in; ``operators`` counts what it joins.
    """

    start: int
    stop: int
    node: Node
    operators: int


_SCALE_STOP: Final = frozenset(
    "than times half twice thrice double doubled triple tripled plus minus remainder remaining "
    "halved quadruple".split()
)
_POSTFIX_POWER: Final = {"squared": 2, "cubed": 3}
_WORD_OPERATORS: Final = {"plus": "+", "minus": "-", "times": "*"}
_FRACTIONS: Final = {
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
_MULTIPLES: Final = {"twice": 2, "double": 2, "triple": 3, "thrice": 3}
_OF_FILLERS: Final = frozenset(
    "the his her their its those these remaining total all my our that a initial original "
    "other first whole number cost price".split()
)
_POSSESSIVE: Final = frozenset("the his her their its my our your another those these".split())
# After a letter a bracket of one plain argument is a function's, not a factor.
_FUNCTIONS: Final = frozenset("fghFGHPQEpqTN")
UNIT_LETTERS: Final = frozenset("gmshlLck")


@dataclass(slots=True)
class Reader:
    """Reads expressions out of one token list.

    ``units`` are letters that are units in this text although they follow a numeral;
    ``stop`` tells where the reader must not go (a relation or a break).
    """

    tokens: list[Token]
    units: frozenset[str]
    operators: int = 0
    depth: int = 0
    trouble: str = ""
    _limit: int = field(default=0)

    def scan(self, start: int, stop: int) -> list[Item]:
        """All maximal expressions between two tokens, in order."""
        self._limit = stop
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

    # tokens ------------------------------------------------------------------------------

    def _at(self, i: int) -> Token | None:
        return self.tokens[i] if 0 <= i < self._limit else None

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
                    or (following.kind is Kind.OPERATOR and following.text == "-" and following.glued)
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
        if word in _FRACTIONS:
            return self._word(i + 1) == "of" and self._after_of(i + 2) is not None
        if word in _MULTIPLES:
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
        if token is None or token.kind is not Kind.LETTER or token.text in ("i", "I") and (
            token.math or not _mathematical(self._near(i - 1), self._near(i + 1))
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
                if i == start or not self._is(i + 1, Kind.NUMBER) or (
                    self.tokens[i - 1].text.lower() not in UNITS
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

    # grammar -----------------------------------------------------------------------------

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
        if self._word(i) in _POSSESSIVE and following is not None and (
            following.kind in (Kind.NUMBER, Kind.CURRENCY)
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
            if token.text == "-" and before is not None and before.kind is Kind.WORD and (
                token.math or before.text.lower() in ("between", "to", "from", "of", "is")
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
                    if (
                        not token.math
                        and following is not None
                        and following.kind is Kind.LETTER
                    ):
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
        if word in _MULTIPLES:
            by = Num(Fraction(_MULTIPLES[word]), text=word)
            found = self._factor(i + 1)
        else:
            by = Num(_FRACTIONS[word], -1, text=word)
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
        if following.kind is Kind.LETTER and following.glued and following.text in self.units:
            if not following.math:
                return (
                    Num(token.value, token.decimals, letter=following.text, text=token.text),
                    i + 1,
                )
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


OPENERS: Final = frozenset(
    "so then thus hence therefore is are was were equals get gets got gives give have has had "
    "that where if and or let since because now when we equation becomes become be means mean "
    "write obtain yields yield namely find finds solve solving know as simplifies simplify to "
    "into by of for makes make left but following us find found having it's which".split()
)
# Words that start something new are no label of the number before them.
NEW_CLAUSE: Final = frozenset(
    "then so therefore thus hence if because since gives get gets becomes but equals is are".split()
)
RELATION_WORDS: Final = frozenset("equals is are was were".split())


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
