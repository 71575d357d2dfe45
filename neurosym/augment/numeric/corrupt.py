"""Minimal corruptions of a correct step, each of which a prover refutes."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from neurosym.augment.base import Example
from neurosym.augment.numeric.instances import Instance, example
from neurosym.augment.numeric.mentions import Mention, mentions
from neurosym.augment.numeric.steps import LIMITS, DroppedError, judge, read_step
from neurosym.translate.arithmetic import Quantities
from neurosym.translate.arithmetic.claims import read
from neurosym.translate.arithmetic.latex import plain
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
from provers.base import Limits, Outcome, Prover

_OPERATOR: Final = re.compile(r"[-−–+*/x×÷]")
_GAP: Final = re.compile(r"[^=<>]{0,40}")
_CONTINUED: Final = re.compile(r"\s?[-−–+*/×÷]\s?\d|\s[-−–+*x×÷]\s")
_SAYS: Final = {
    "+": "adds",
    "-": "subtracts",
    "−": "subtracts",
    "–": "subtracts",
    "*": "multiplies",
    "x": "multiplies",
    "×": "multiplies",
    "/": "divides",
    "÷": "divides",
}
_INSTEAD: Final = {
    "+": "-*",
    "-": "+",
    "−": "+",
    "–": "+",
    "*": "+/",
    "x": "+/",
    "×": "+/",
    "/": "*-",
    "÷": "*-",
}


@dataclass(frozen=True, slots=True)
class Equation:
    """``a op b op c = d`` in a step's text: operands, where the operators stand, the result."""

    text: str
    operands: tuple[Mention, ...]
    operators: tuple[int, ...]
    result: Mention


@dataclass(frozen=True, slots=True)
class Change:
    """A corrupted text, and one plain sentence that says what is wrong with it."""

    kind: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corrupted:
    """Refuted examples, and how many corruptions were ``dropped`` for which reason.

    Reasons: those of ``steps.read_step``, ``no_claim``, and ``not_refuted`` (still true, say, or
    true when rounded).
    """

    examples: tuple[Example, ...]
    dropped: Mapping[str, int]


def corruptions(
    instance: Instance, *, seed: int, prover: Prover, limits: Limits = LIMITS
) -> Corrupted:
    """At most one corruption of each kind for each step with one plain equation.

    The correct steps before it stay in its context.
    """
    out: list[Example] = []
    dropped: Counter[str] = Counter()
    for at, step in enumerate(instance.steps):
        found = equation(step.text) if step.formula is not None else None
        if found is None:
            continue
        rng = random.Random(f"{instance.id} {seed} {at}")
        known = Quantities.from_text(instance.context(at + 1))
        for make in _KINDS:
            changes = list(make(found, instance, at))
            if not changes:
                continue
            change = rng.choice(changes)
            try:
                # its wrong numbers come from nowhere, and that is no reason to drop it
                formula = read_step(change.text, known.with_text(change.text))
            except DroppedError as trouble:
                dropped[trouble.reason] += 1
                continue
            if formula is None:
                dropped["no_claim"] += 1
                continue
            label = judge(formula, prover, limits)
            if label is not Outcome.REFUTED:
                dropped["not_refuted"] += 1
                continue
            out.append(
                example(instance, at, change.kind, change.text, formula, label, change.reason)
            )
    return Corrupted(tuple(out), dict(dropped))


def equation(text: str) -> Equation | None:
    """The one equation of a text whose result is a number; None where there is none or more."""
    if text.count("=") != 1 or "<<" in text:
        return None
    sign = text.index("=")
    found = mentions(text)
    right = [m for m in found if m.start > sign]
    left = [m for m in found if m.end <= sign]
    if not left or not right or not re.fullmatch(r"\s*[$£€]?\s*", text[sign + 1 : right[0].start]):
        return None
    if _CONTINUED.match(text[right[0].end :]):
        return None
    operands: list[Mention] = [left[-1]]
    operators: list[int] = []
    for before in reversed(left[:-1]):
        gap = text[before.end : operands[0].start]
        signs = [m.start() for m in _OPERATOR.finditer(gap) if _alone(gap, m.start())]
        if len(signs) != 1 or not _GAP.fullmatch(gap):
            break
        operators.insert(0, before.end + signs[0])
        operands.insert(0, before)
    if not operators:
        return None
    return Equation(text, tuple(operands), tuple(operators), right[0])


def _alone(gap: str, at: int) -> bool:
    """An operator, and no letter or hyphen of a word."""
    around = gap[max(0, at - 1) : at] + gap[at + 1 : at + 2]
    return not any(c.isalpha() for c in around)


def _put(text: str, mention: Mention, new: Fraction, sign: str = "") -> str | None:
    """The text with another number there; None where it cannot be written in the same way."""
    try:
        written = mention.style.write(new)
    except ValueError:
        return None
    return f"{text[: mention.start]}{sign}{written}{text[mention.end :]}"


def _wrong_result(found: Equation, kind: str, new: Fraction, reason: str) -> Iterator[Change]:
    text = _put(found.text, found.result, new)
    if text is not None and new != found.result.value:
        yield Change(kind, text, reason.format(new=_shown(found, new), old=found.result.text))


def _shown(found: Equation, new: Fraction) -> str:
    return found.result.style.write(new)


def _off_by_one(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    old = found.result.value
    unit = Fraction(1, 10**found.result.style.decimals)
    much = "one" if unit == 1 else "one in the last digit"
    yield from _wrong_result(
        found, "off_by_one", old + unit, f"The result {{new}} is too large by {much}."
    )
    yield from _wrong_result(
        found, "off_by_one", old - unit, f"The result {{new}} is too small by {much}."
    )


def _swapped_digits(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    for new in _swaps(found.result.value):
        yield from _wrong_result(
            found,
            "swapped_digits",
            new,
            "Two digits of the result are swapped: {new} should be {old}.",
        )


def _swaps(exact: Fraction) -> list[Fraction]:
    places = next((n for n in range(7) if (exact * 10**n).denominator == 1), None)
    if places is None:
        return []
    digits = str(int(exact * 10**places))
    out = []
    for i in range(len(digits) - 1):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        if swapped != digits and not swapped.startswith("0"):
            out.append(Fraction(int(swapped), 10**places))
    return out


def _sign(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    if (
        found.result.value
        and not found.result.style.word
        and not found.text[: found.result.start].rstrip().endswith("$")
    ):
        text = _put(found.text, found.result, found.result.value, "-")
        if text is not None:
            yield Change("sign", text, f"The result should be {found.result.text}, not below zero.")


def _hundredfold(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    """Only where percents, decimals or money make the slip a likely one."""
    if not re.search(r"[%$£€.]\d|%|percent|cents?\b|dollars?\b", found.text):
        return
    for times, much in ((Fraction(100), "large"), (Fraction(1, 100), "small")):
        yield from _wrong_result(
            found,
            "hundredfold",
            found.result.value * times,
            f"The result {{new}} is a hundred times too {much}: it should be {{old}}.",
        )


def _wrong_operand(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    known = dict.fromkeys(m.value for m in mentions(instance.context(at)) if m.value > 1)
    for operand in (m for m in found.operands if m.value > 1):
        for new in known:
            text = _put(found.text, operand, new) if new != operand.value else None
            if text is not None and new != found.result.value:
                yield Change(
                    "wrong_operand",
                    text,
                    f"It computes with {operand.style.write(new)} where {operand.text} belongs.",
                )


def _wrong_operator(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    for place in found.operators:
        old = found.text[place]
        for new in _INSTEAD[old]:
            text = f"{found.text[:place]}{new}{found.text[place + 1 :]}"
            yield Change(
                "wrong_operator",
                text,
                f"It {_SAYS[new]} where the result needs that it {_SAYS[old]}.",
            )


def _carried_over(found: Equation, instance: Instance, at: int) -> Iterator[Change]:
    """The result follows from a slip in an earlier result that the step itself writes rightly."""
    earlier = [equation(step.text) for step in instance.steps[:at]]
    results = {e.result.value for e in earlier if e is not None}
    results -= {m.value for m in mentions(instance.question)}
    claims = read(plain(found.text), frozenset()).claims
    if len(claims) != 1:
        return
    for operand in found.operands:
        if operand.value not in results:
            continue
        for slip in [*_swaps(operand.value), operand.value + 1, operand.value - 1]:
            try:
                written = operand.style.write(slip)
                new = value(_replaced(claims[0].left, operand.value, slip))
            except (UnreadableError, ValueError):
                continue  # no slip that anyone would make
            if new is not None and new != found.result.value and new > 0:
                yield from _wrong_result(
                    found,
                    "carried_over",
                    new,
                    f"The result {{new}} follows from {written} where an earlier "
                    f"step gives {operand.text}.",
                )


def _replaced(node: Node, old: Fraction, new: Fraction) -> Node:
    match node:
        case Num():
            return replace(node, value=new) if node.value == old else node
        case Letter():
            return node
        case Sum(parts):
            return Sum(tuple((minus, _replaced(part, old, new)) for minus, part in parts))
        case Product(parts):
            return Product(tuple((under, _replaced(part, old, new)) for under, part in parts))
        case Power(base, exponent):
            return Power(_replaced(base, old, new), exponent)


_Maker = Callable[[Equation, Instance, int], Iterator[Change]]
_KINDS: Final[tuple[_Maker, ...]] = (
    _wrong_operand,
    _wrong_operator,
    _off_by_one,
    _swapped_digits,
    _sign,
    _hundredfold,
    _carried_over,
)
