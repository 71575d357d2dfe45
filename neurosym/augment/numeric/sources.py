"""Where a number of a solution comes from: the question, an earlier result, or a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeAlias

from neurosym.augment.numeric.mentions import Mention, mentions
from neurosym.translate.arithmetic import Quantities
from neurosym.translate.arithmetic.nodes import (
    Letter,
    Node,
    Num,
    Power,
    Product,
    Sum,
    UnreadableError,
    value,
)

Values: TypeAlias = Mapping[str, Fraction]

_HUNDRED: Final = Num(Fraction(100))
_ONE: Final = Num(Fraction(1))
# What a unit or a word brings along besides what the reader knows it to bring.
_KNOWLEDGE: Final = (
    (r"hours?|minutes?|seconds", "60 3600"),
    (r"days?|daily|hours?", "24"),
    (r"weeks?|weekly|days?|daily", "7"),
    (r"months?|monthly|years?|yearly|annual\w*", "12 30 52 365"),
    (r"%|percent\w*|cents?|dollars?|cm|centimeters?|meters?", "100 1/100"),
    (r"kg|kilo\w*|grams?|km|meters?|liters?|ml|tons?", "1000"),
    (r"half|halves|halved|twice|doubl\w*|both|pairs?|couples?|twins?|equally|average|mean", "2"),
    (r"half|halves|quarters?", "50 1/2"),
    (r"thrice|tripl\w*|thirds?", "3"),
    (r"perimeter|rectang\w*|round trip|each way|triang\w*|width|wide|sides?", "2"),
)


def number(node: Node, values: Values) -> Fraction:
    """An expression's value under ``values`` for its letters; raises UnreadableError for x/0."""
    result = value(filled(node, values))
    if result is None:
        raise UnreadableError("a letter without a value")
    return result


def filled(node: Node, values: Values) -> Node:
    """The expression with values for those letters that have one."""
    match node:
        case Letter(name):
            return Num(values[name]) if name in values else node
        case Sum(parts):
            return Sum(tuple((minus, filled(part, values)) for minus, part in parts))
        case Product(parts):
            return Product(tuple((under, filled(part, values)) for under, part in parts))
        case Power(base, exponent):
            return Power(filled(base, values), exponent)
        case Num():
            return node


@dataclass(frozen=True, slots=True)
class Source:
    """A number that is known at some place: as it is written, and the expression it stands for.

    ``percent``: it is written with a percent sign, which ``node`` leaves out (20 for 20%).
    """

    node: Node
    value: Fraction
    percent: bool = False
    derived: bool = False


@dataclass(slots=True)
class Pool:
    """Everything known so far, in order of appearance; ``ties`` are pairs that must stay equal.

    Where a number may come from two sources, they are tied: whichever is meant, the value is
    the same in every instance.
    """

    constants: frozenset[Fraction]
    sources: list[Source] = field(default_factory=list)
    ties: list[tuple[Node, Node]] = field(default_factory=list)
    step: int = 0
    percents: bool = False
    """whether the step at hand has to do with percents"""
    made: dict[Node, int] = field(default_factory=dict)
    """the step that gave each result"""
    uses: dict[Node, set[int]] = field(default_factory=dict)
    """the steps with a number that each source may be"""
    doubts: list[tuple[Node, Node]] = field(default_factory=list)
    """results of earlier steps that words bring along, too"""

    def settle(self) -> None:
        """Ties what is still in doubt after the last step.

        A result is there to be used: where one step alone has a number of its value, that number
        is the result, whatever words there are.
        """
        for node, other in self.doubts:
            if len(self.uses[node] - {self.made[node]}) > 1:
                self.ties.append((node, other))

    def add(self, node: Node, exact: Fraction, percent: bool = False) -> None:
        """A number of the question or the result of a step, and what it implies for percents."""
        found = [Source(node, exact, percent)]
        if percent:
            part = Product(((False, node), (True, _HUNDRED)))
            for whole in (_HUNDRED, _ONE):
                of = node if whole is _HUNDRED else part
                size = exact if whole is _HUNDRED else exact / 100
                rest, more = Sum(((False, whole), (True, of))), Sum(((False, whole), (False, of)))
                percents = whole is _HUNDRED
                found.append(Source(rest, whole.value - size, percents, True))
                found.append(Source(more, whole.value + size, percents, True))
            found.append(Source(part, exact / 100, False, True))
        self.sources += [s for s in found if s not in self.sources]

    def fraction(self, top: Source, bottom: Source) -> None:
        """What ``top/bottom`` of something implies: the parts that are left, the decimal."""
        if bottom.value > top.value:
            rest = Sum(((False, bottom.node), (True, top.node)))
            self.sources.append(Source(rest, bottom.value - top.value, False, True))
        share = Product(((False, top.node), (True, bottom.node)))
        self.sources.append(Source(share, top.value / bottom.value, False, True))

    def find(self, exact: Fraction, percent: bool, constants: Iterable[Fraction]) -> Node | None:
        """The expression for a number, tied to every other that it may be; None from nowhere."""
        nodes: list[Node] = []
        plain = any(s.value == exact and not s.percent for s in self.sources)
        for source in self.sources:
            if plain and source.percent and not percent and not self.percents:
                continue  # 20 is no 20% in a step that has to do with no percents
            bare = not (source.percent and source.derived)
            if source.value == exact and (percent or self.percents or bare):
                nodes.append(source.node)
            elif percent and not source.percent and source.value * 100 == exact:
                nodes.append(Product(((False, source.node), (False, _HUNDRED))))
        for node in nodes:
            self.uses.setdefault(node, set()).add(self.step)
        earlier = [node for node in nodes if self.made.get(node, self.step) < self.step]
        if exact in self.constants or exact in constants or (not nodes and exact in (0, 1)):
            if len(nodes) == 1 and earlier:
                self.doubts.append((nodes[0], Num(exact)))
            else:
                nodes.append(Num(exact))
        if not nodes and percent and exact == 100:
            nodes.append(_HUNDRED)
        if not nodes:
            return None
        self.ties += [(nodes[0], other) for other in nodes[1:] if other != nodes[0]]
        return nodes[0]


def constants(text: str, found: Iterable[Mention] | None = None) -> frozenset[Fraction]:
    """Numbers that the words of a text bring along: 7 with a week, 12 with a dozen.

    Its numerals and number words are left out, save those that are fixed; ``found``: which
    mentions to leave out, where they are not these.
    """
    left_out = [m for m in mentions(text) if not m.fixed] if found is None else list(found)
    for mention in reversed(left_out):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    said = Quantities.from_text(text).values
    out = set(said)
    for pattern, known in _KNOWLEDGE:
        if re.search(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", text, re.IGNORECASE):
            out |= {Fraction(n) for n in known.split()}
    # "a third" brings 3 along, and "two thirds" what is left; "two" is read as 2% as well
    for part in [n for n in said if 0 < n < 1 and n * 100 not in said]:
        out |= {Fraction(part.denominator), Fraction(part.numerator), 1 - part, part * 100}
    return frozenset(out)
