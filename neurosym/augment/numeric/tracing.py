"""Tracing the numbers of one step of a solution to where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from neurosym.augment.numeric.constraints import parts
from neurosym.augment.numeric.mentions import Mention, mentions
from neurosym.augment.numeric.sources import Pool
from neurosym.augment.numeric.steps import DroppedError
from neurosym.translate.arithmetic.claims import Claim, read, same
from neurosym.translate.arithmetic.latex import plain
from neurosym.translate.arithmetic.nodes import (
    Letter,
    Node,
    Num,
    Power,
    Product,
    Sum,
    UnreadableError,
    letters,
    numeral,
    value,
)

_HUNDRED: Final = Num(Fraction(100))
_MARK: Final = re.compile(r"<<[^<>\n]{0,300}>>")
_PERCENTS: Final = re.compile(r"%|percent|(?<![\d.])(?:100|\.\d+|0\.\d+)(?!\d)")
_EQUALS: Final = re.compile(r"=\s*[$£€]?\s*(?:<<[^<>]*>>)?$")
_OPERATOR_BEFORE: Final = re.compile(r"[-−–+*/x×÷(]\s*[$£€]?\s*$")
_OPERATOR_AFTER: Final = re.compile(r"\s*%?\s*(?:[A-Za-z/]{1,20}\s+){0,2}[-−–+*/x×÷)=]")


@dataclass(frozen=True, slots=True)
class Result:
    """What a step computes: its expression over the question's letters, and its value.

    ``shown`` is the value as written (80 for 80%, which is 0.8).
    """

    node: Node
    value: Fraction
    shown: Fraction


@dataclass(slots=True)
class Traced:
    """A step's numbers with an expression each (None: stays as it is), and what it computes."""

    mentions: list[Mention]
    nodes: list[Node] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    computed: list[Node] = field(default_factory=list)

    @property
    def used(self) -> Iterator[Node]:
        """Every expression of the step."""
        yield from self.nodes
        yield from self.computed


def trace(step: str, marks: tuple[str, ...], pool: Pool, known: frozenset[Fraction]) -> Traced:
    """The step's numbers traced; adds its results to ``pool``.

    ``known`` are numbers that the step's words bring along. Raises DroppedError: ``letters``,
    ``inexact`` or ``unexplained``.
    """
    out = Traced(mentions(step))
    pool.percents = _PERCENTS.search(step) is not None
    before = replace(pool, sources=list(pool.sources))
    for claim in _claims(step, marks):
        _compute(claim, pool, known, out)
    first = step.find("=")
    for mention in out.mentions:
        results = [r for r in out.results if r.shown == mention.value]
        if results and _EQUALS.search(step[: mention.start]):
            result = results[0]
            exact = result.value != result.shown
            node: Node | None = (
                Product(((False, result.node), (False, _HUNDRED))) if exact else result.node
            )
        else:
            node = None
            operand = mention.end <= first and (
                _OPERATOR_BEFORE.search(step[max(0, mention.start - 8) : mention.start])
                or _OPERATOR_AFTER.match(step[mention.end : mention.end + 20])
            )
            if operand:
                node = before.find(mention.value, mention.percent, known)
            if node is None:
                node = pool.find(mention.value, mention.percent, known)
        if node is None:
            raise DroppedError("unexplained", f"{mention.text} in {step[:80]!r}")
        if mention.part:
            pool.ties.append((node, Num(mention.value)))
        out.nodes.append(node)
    pool.step += 1
    return out


def _claims(step: str, marks: tuple[str, ...]) -> list[Claim]:
    """The claims of the marks and of the visible text, each once."""
    out: list[Claim] = []
    for text in (*marks, _MARK.sub("", step)):
        for claim in read(plain(text), frozenset()).claims:
            if claim.kind == "claim" and not any(same(claim, other) for other in out):
                out.append(claim)
    return out


def _compute(claim: Claim, pool: Pool, known: frozenset[Fraction], out: Traced) -> None:
    if letters(claim.left) | letters(claim.right):
        raise DroppedError("letters", str(claim.formula)[:80])
    try:
        left, right = value(claim.left), value(claim.right)
    except UnreadableError as trouble:
        raise DroppedError("inexact", str(trouble)) from None
    if left is None or left != right:
        raise DroppedError("inexact", f"{left} is shown as {right}")
    node = _lifted(claim.left, pool, known)
    shown = numeral(claim.right)
    if shown is None:
        out.computed += [*parts(node), *parts(_lifted(claim.right, pool, known))]
        return
    if numeral(claim.left) is None:
        out.computed += parts(node)
        out.results.append(Result(node, left, shown.value if left >= 0 else -shown.value))
        pool.add(node, left)
        pool.made.setdefault(node, pool.step)
        if shown.percent:
            pool.add(Product(((False, node), (False, _HUNDRED))), left * 100, True)


def _lifted(node: Node, pool: Pool, known: frozenset[Fraction]) -> Node:
    """The expression over the question's letters; raises DroppedError ``unexplained``."""
    match node:
        case Num():
            found = pool.find(node.value, node.percent, known)
            if found is None:
                raise DroppedError("unexplained", node.text or str(node.value))
            return Product(((False, found), (True, _HUNDRED))) if node.percent else found
        case Letter():
            raise DroppedError("letters", node.name)
        case Sum(addends):
            return Sum(tuple((minus, _lifted(part, pool, known)) for minus, part in addends))
        case Product(factors):
            return Product(tuple((under, _lifted(part, pool, known)) for under, part in factors))
        case Power(base, exponent):
            return Power(_lifted(base, pool, known), exponent)
