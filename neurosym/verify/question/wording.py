"""Relations between quantities in words: means and sums, ratios and differences, digits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from neurosym.verify.question.base import (
    COUNT,
    NUMERAL,
    Fact,
    Theory,
    arith,
    compare,
    number,
    quoted,
    unknown,
    value_of,
)
from provers.logic.syntax import INT, And, Eq, Formula, Or, Term, conjunction

_END: Final = r"(?!\w|\.\d|\s*[-+*/^\\%])"

# --- means and sums ------------------------------------------------------------------------

_MEAN: Final = re.compile(
    rf"\b(?:mean|average)\s+of\s+(?:the\s+|these\s+)?(?P<count>{COUNT})\s+(?P<noun>numbers"
    rf"|integers|scores|test\s+scores)\s+is\s+\$?(?P<value>{NUMERAL})\$?{_END}",
    re.IGNORECASE,
)
_SUM: Final = re.compile(
    rf"\b(?:sum|total)\s+of\s+(?:all\s+)?(?:of\s+)?(?:the\s+|these\s+)?(?:"
    rf"(?P<count>{COUNT})\s+)?(?P<noun>numbers|integers|scores|test\s+scores)\s+is\s+\$?"
    rf"(?P<value>{NUMERAL})\$?{_END}",
    re.IGNORECASE,
)


def read_means(text: str) -> Iterator[Theory]:
    """``the mean of four numbers is 15``, ``the sum of all four numbers is 70``."""
    means, sums = list(_MEAN.finditer(text)), list(_SUM.finditer(text))
    if len(means) != 1 or len(sums) != 1:
        return
    mean, total = means[0], sums[0]
    count = value_of(mean["count"])
    if mean["noun"].lower() != total["noun"].lower():
        return
    if total["count"] is not None and value_of(total["count"]) != count:
        return
    if re.search(
        r"\b(?:another|other|new|added|removed|remaining|first|last)\s+" + mean["noun"], text
    ):
        return
    of_all = unknown("mean")
    altogether = unknown("sum")
    yield (
        Fact(Eq(of_all, number(value_of(mean["value"]))), quoted(mean.group())),
        Fact(Eq(altogether, number(value_of(total["value"]))), quoted(total.group())),
        Fact(
            Eq(altogether, arith("*", number(count), of_all)),
            f"the sum of {count} numbers is {count} times their mean",
            "axiom",
        ),
    )


# --- ratios and differences ----------------------------------------------------------------

_RATIO: Final = re.compile(
    rf"\bratio\s+of\s+(?:the\s+number\s+of\s+)?(?P<a>[a-z]+)\s+to\s+(?:the\s+number\s+of\s+)?"
    rf"(?P<b>[a-z]+)\s+(?:\w+\s+){{0,3}}?is\s+"
    rf"\$?(?P<x>{NUMERAL})(?:\s*(?::|to)\s*(?P<y>{NUMERAL}))?\$?{_END}",
    re.IGNORECASE,
)
_DIFFERENCE: Final = re.compile(
    rf"\b(?P<value>{NUMERAL})\s+(?P<way>more|fewer|less)\s+(?P<a>[a-z]+)\s+than\s+(?P<b>[a-z]+)\b",
    re.IGNORECASE,
)


def read_ratios(text: str) -> Iterator[Theory]:
    """``the ratio of cats to dogs is 3:2``, ``24 more dogs than cats``: counts, none negative."""
    ratios = list(_RATIO.finditer(text))
    if len(ratios) != 1 or re.search(r"\b(?:after|new\s+ratio|becomes|became|then|later)\b", text):
        return
    ratio = ratios[0]
    first, second = ratio["a"].lower(), ratio["b"].lower()
    x, y = value_of(ratio["x"]), value_of(ratio["y"] or "1")
    sides: dict[str, Term] = {first: unknown(first), second: unknown(second)}
    if len(sides) < 2 or y == 0:
        return
    facts = [
        Fact(
            Eq(arith("*", number(y), sides[first]), arith("*", number(x), sides[second])),
            quoted(ratio.group()),
        )
    ]
    for match in _DIFFERENCE.finditer(text):
        a, b = match["a"].lower(), match["b"].lower()
        if {a, b} != {first, second}:
            continue
        more, fewer = (a, b) if match["way"].lower() == "more" else (b, a)
        amount = number(value_of(match["value"]))
        facts.append(Fact(Eq(sides[more], arith("+", sides[fewer], amount)), quoted(match.group())))
    if len(facts) < 2:
        return
    axioms = (
        Fact(compare(side, ">=", number(0)), f"no number of {noun} is negative", "axiom")
        for noun, side in sides.items()
    )
    yield (*facts, *axioms)


# --- digits --------------------------------------------------------------------------------

_PLACES: Final = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}
_NUMBER_OF: Final = re.compile(
    r"\b(?P<places>two|three|four|2|3|4)[\s-]digit\s+(?:positive\s+)?(?:number|integer)\b",
    re.IGNORECASE,
)
_DIGIT_SUM: Final = re.compile(
    rf"\bsum\s+of\s+(?:its|the|all\s+(?:its|the))\s+(?P<count>two\s+|three\s+|four\s+)?digits\s+"
    rf"(?:is|equals|being)\s+\$?(?P<value>\d{{1,3}})\$?{_END}",
    re.IGNORECASE,
)
_DIGIT_PRODUCT: Final = re.compile(
    rf"\bproduct\s+of\s+(?:its|the|all\s+(?:its|the))\s+(?:two\s+|three\s+|four\s+)?digits\s+"
    rf"(?:is|equals|being)\s+\$?(?P<value>\d{{1,4}})\$?{_END}",
    re.IGNORECASE,
)
_REVERSED: Final = re.compile(
    rf"\b(?:revers\w+)\s+(?:of\s+)?(?:its|the)\s+(?:order\s+of\s+(?:its"
    rf"|the)\s+)?digits\s+is\s+\$?(?:"
    rf"\\[dt]?frac\{{(?P<p>\d{{1,3}})\}}\{{(?P<q>\d{{1,3}})\}}\$?\s*(?:of|times)\s+the\s+original"
    rf"|(?P<amount>{NUMERAL})\$?\s+(?P<way>more|less|greater|smaller)\s+than\s+the\s+original)",
    re.IGNORECASE,
)


def read_digits(text: str) -> Iterator[Theory]:
    """``a three-digit number``, ``the sum of its digits is 12``, and its reversal."""
    numbers = list(_NUMBER_OF.finditer(text))
    if len({_PLACES[m["places"].lower()] for m in numbers}) != 1:
        return
    places = _PLACES[numbers[0]["places"].lower()]
    digits = [unknown(f"digit {i + 1}", INT) for i in range(places)]
    stated = [f for f in _said_of_digits(text, digits) if f is not None]
    if not stated:
        return
    axioms = [
        Fact(
            And((compare(d, ">=", number(i == 0, INT)), compare(d, "<=", number(9, INT)))),
            "a digit is 0 to 9, and the first is not 0",
            "axiom",
        )
        for i, d in enumerate(digits)
    ]
    yield (*stated, *axioms)


def _said_of_digits(text: str, digits: Sequence[Term]) -> Iterator[Fact | None]:
    for match in _DIGIT_SUM.finditer(text):
        total = number(int(match["value"]), INT)
        yield Fact(Eq(arith("+", *digits), total), quoted(match.group()))
    for match in _DIGIT_PRODUCT.finditer(text):
        yield Fact(_product(digits, int(match["value"])), quoted(match.group()))
    forwards = _in_tens(digits)
    backwards = _in_tens(digits[::-1])
    for match in _REVERSED.finditer(text):
        if match["p"] is not None:
            p, q = number(int(match["p"]), INT), number(int(match["q"]), INT)
            formula: Formula = Eq(arith("*", q, backwards), arith("*", p, forwards))
        else:
            amount = value_of(match["amount"])
            if amount.denominator > 1:
                continue
            larger = match["way"].lower() in ("more", "greater")
            sign = number(amount if larger else -amount, INT)
            formula = Eq(backwards, arith("+", forwards, sign))
        yield Fact(formula, quoted(match.group()))


def _in_tens(digits: Sequence[Term]) -> Term:
    powers = range(len(digits) - 1, -1, -1)
    return arith(
        "+", *(arith("*", number(10**k, INT), d) for k, d in zip(powers, digits, strict=True))
    )


def _product(digits: Sequence[Term], value: int) -> Formula:
    """That the digits' product is ``value``: one of the ways to write it, so that all is linear."""
    ways: list[tuple[int, ...]] = [()]
    for _ in digits:
        ways = [(*way, d) for way in ways for d in range(10)]
    fitting = [way for way in ways if _multiplied(way) == value]
    options = [
        conjunction(tuple(Eq(d, number(v, INT)) for d, v in zip(digits, way, strict=True)))
        for way in fitting
    ]
    if not options:
        return Eq(digits[0], number(10, INT))
    return options[0] if len(options) == 1 else Or(tuple(options))


def _multiplied(way: tuple[int, ...]) -> int:
    result = 1
    for digit in way:
        result *= digit
    return result


READERS: Final = (read_means, read_ratios, read_digits)
