"""Expressions as written: a small tree, its exact value and its term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from neurosym.translate.arithmetic.units import Unit
from provers.logic.syntax import REAL, Apply, Arith, Number, Term

MAX_BITS: Final = 2048


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


def value(node: Node, reading: Reading = Reading()) -> Fraction | None:
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


def term(node: Node, reading: Reading = Reading()) -> Term:
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
