"""Numbers of a text against numbers of its formula: numerals, and numbers spelt in names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.verify.fidelity.base import Mismatch
from neurosym.verify.fidelity.words import Word, parts, word_list
from provers.logic.syntax import NUMERIC, Apply, Formula, Number, Pred, terms, walk

_ONES: Final = word_list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS: Final = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
_SMALL: Final = {w: n for n, w in enumerate(_ONES)} | {w: 20 + 10 * n for n, w in enumerate(_TENS)}
_LARGE: Final = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 10**6, "billion": 10**9}
_ORDINALS: Final = {
    word: n
    for n, word in enumerate(
        word_list(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
            "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
            "twentieth"
        ),
        1,
    )
}
_TIMES: Final = {
    "once": 1, "single": 1, "twice": 2, "double": 2, "doubles": 2, "doubled": 2, "thrice": 3,
    "triple": 3, "triples": 3, "tripled": 3, "quadruple": 4, "quadrupled": 4, "both": 2,
    "pair": 2, "couple": 2, "dozen": 12, "score": 20, "century": 100, "decade": 10,
    "fortnight": 14, "nickel": 5, "dime": 10, "quarter": 25, "penny": 1, "gross": 144,
}  # fmt: skip
_UNITS: Final = {
    "dozen": (12,), "week": (7,), "day": (24,), "hour": (60, 3600), "minute": (60,),
    "year": (12, 52, 365), "foot": (12,), "feet": (12,), "yard": (3,), "pound": (16,),
    "decade": (10,), "century": (100,), "pair": (2,), "couple": (2,), "gallon": (4,),
    "dollar": (100,), "month": (30, 4), "mile": (5280,), "score": (20,), "quarter": (25,),
    "dime": (10,), "nickel": (5,), "kilometer": (1000,), "kilogram": (1000,), "liter": (1000,),
}  # fmt: skip
_FRACTIONS: Final = {
    "half": 2, "halves": 2, "halved": 2, "quarter": 4, "third": 3, "fourth": 4, "fifth": 5,
    "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12,
    "hundredth": 100,
}  # fmt: skip
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")
_NUMERAL: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_OPERATORS: Final = frozenset(word_list("= + - * / x × ÷ − – ( ) < > ≤ ≥ $ %"))
# Said without meaning a count, or so often structural that its absence says nothing.
_WEAK: Final = frozenset({Fraction(0), Fraction(1)})
_MOST_DIGITS: Final = 40


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number of the text, as written, and the values that may stand for it."""

    text: str
    values: frozenset[Fraction]
    firm: bool
    at: int
    end: int


def check(words: tuple[Word, ...], formula: Formula) -> Iterator[Mismatch]:
    """Numbers that only one side has.

    A formula's number must be one that the text gives, in its own or an obvious other form (25%:
    1/4; two weeks: 14; 30% off: 7/10). Where the formula has numbers at all, each number of the
    text must be among them.
    """
    said = list(_said(words))
    used = list(_used(formula))
    allowed = frozenset().union(*(q.values for q in said)) if said else frozenset()
    strangers = [
        (value, name) for value, name in used if value not in allowed and value not in _idle(said)
    ]
    for value, name in strangers:
        yield Mismatch(
            "quantity", f"the formula's {value} is no number of the text", "", name or str(value)
        )
    if not used or strangers:
        return
    values = [value for value, _ in used]
    pure = not any(isinstance(f, Pred) for f in walk(formula))
    if pure and any(w.low == "=" for w in words):
        said = [q for q in said if _in_equation(words, q)]
    missing = [q for q in said if q.firm and q.values.isdisjoint(values)]
    for quantity in missing:
        yield Mismatch("quantity", f"the text's {quantity.text} is missing", quantity.text, "")
    if pure and not missing:
        yield from _counted(said, values)


def _in_equation(words: tuple[Word, ...], quantity: _Quantity) -> bool:
    """Whether an operator stands beside the number, so that a written equation has it."""
    sides = words[max(0, quantity.at - 2) : quantity.at] + words[quantity.end : quantity.end + 2]
    return any(w.low in _OPERATORS - {"(", ")", "$", "%", "-"} for w in sides)


def _counted(said: list[_Quantity], values: list[Fraction]) -> Iterator[Mismatch]:
    """In arithmetic, one number used again while another number of the text is used too seldom."""
    for value in dict.fromkeys(values):
        mine = [q for q in said if value in q.values]
        if len(mine) >= values.count(value):
            continue
        for other in said:
            if other.firm and value not in other.values:
                here = sum(v in other.values for v in values)
                if here < sum(not q.values.isdisjoint(other.values) for q in said):
                    yield Mismatch(
                        "quantity",
                        f"the formula uses {value} more often than the text, "
                        f"and {other.text} less often",
                        other.text,
                        str(value),
                    )
                    return


def _idle(said: list[_Quantity]) -> frozenset[Fraction]:
    """Numbers that a formula may bring along: 0 and 1, and 100 beside a percentage."""
    percent = any("%" in q.text or "percent" in q.text for q in said)
    return _WEAK | ({Fraction(100)} if percent else frozenset())


def _used(formula: Formula) -> Iterator[tuple[Fraction, str]]:
    """The numbers of the formula, each with the name that spells it (or nothing)."""
    for term in terms(formula):
        match term:
            case Number(value):
                yield abs(value), ""
            case Apply(name, _, sort) if sort not in NUMERIC:
                yield from ((value, name) for value in _spelled(name))
    for sub in walk(formula):
        if isinstance(sub, Pred):
            yield from ((value, sub.name) for value in _spelled(sub.name))


def _spelled(name: str) -> Iterator[Fraction]:
    """The numbers in a name: ``year1946``, ``Finished7th``, ``SevenWorks``, ``SoldOneMillion``."""
    if _NUMERAL.fullmatch(name) and len(name) <= _MOST_DIGITS:
        yield Fraction(name.replace(",", ""))
        return
    total: Fraction | None = None
    for part in (*parts(name), ""):
        number = _plain_number(part)
        if number is None and part in _SMALL:
            number = Fraction(_SMALL[part])
        if number is not None:
            tens = total is not None and total in range(20, 100, 10) and 0 < number < 10
            if total is not None and not tens:
                yield total
            total = total + number if total is not None and tens else number
        elif part in _LARGE and part != "k" and total is not None:
            total *= _LARGE[part]
        else:
            if total is not None:
                yield total
            total = None
            if part in _LARGE and part != "k":
                total = Fraction(_LARGE[part])
            elif part in _ORDINALS and part != "second":
                yield Fraction(_ORDINALS[part])


def _plain_number(part: str) -> Fraction | None:
    if len(part) > _MOST_DIGITS:
        return None
    if match := _ORDINAL.fullmatch(part):
        return Fraction(match.group(1))
    return Fraction(part.replace(",", "")) if _NUMERAL.fullmatch(part) else None


def _said(words: tuple[Word, ...]) -> Iterator[_Quantity]:
    lows = [w.low for w in words]
    i = 0
    while i < len(lows):
        value, end, firm = _number_at(lows, i)
        if value is None:
            i += 1
            continue
        text = " ".join(w.text for w in words[i:end])
        values = {value}
        if (first := _plain_number(lows[i])) is not None:
            values.add(first)  # "4k", "3 million"
        whole = value
        # "2 1/2", "two and a half", "3/4", "three quarters"
        end, whole, extra = _fractional(lows, i, end, value)
        values |= extra
        following = lows[end : end + 2]
        if following[:1] == ["%"] or following[:1] == ["percent"]:
            text += following[0]
            values |= {whole / 100, 1 - whole / 100, 1 + whole / 100, 100 - whole, 100 + whole}
        elif following and following[0] in _LARGE and following[0] != "k":
            whole *= _LARGE[following[0]]
            values.add(whole)
        for unit in (u for u in lows[end : end + 3] if u.isalpha()):
            for size in _UNITS.get(unit, _UNITS.get(unit.removesuffix("s"), ())):
                values |= {whole * size, whole / size}
        if following[:1] in (["cent"], ["cents"]):
            values.add(whole / 100)
        if value.denominator != 1 or whole.denominator != 1:
            values |= {1 - whole, 1 + whole, 100 * whole, 1 / whole if whole else whole}
        yield _Quantity(text, frozenset(values), firm and not values <= _WEAK, i, end)
        i = end


def _fractional(
    lows: list[str], begin: int, end: int, value: Fraction
) -> tuple[int, Fraction, set[Fraction]]:
    """What a fraction after a number makes of it: where it ends, the value, all its values."""
    after = lows[end : end + 3]
    if len(after) >= 2 and after[0] == "/" and (below := _plain_number(after[1])):
        ratio = value / below
        return end + 2, ratio, {ratio, value, below}
    if after[:1] == ["-"] and len(after) > 1 and after[1].removesuffix("s") in _FRACTIONS:
        after, end = after[1:], end + 1
    word = after[0].removesuffix("s") if after else ""
    if word in _FRACTIONS and after[0] != "second" and value < 100:
        ratio = value / _FRACTIONS[word]
        return end + 1, ratio, {ratio, value * 25} if word == "quarter" else {ratio}
    if after[:2] == ["and", "a"] and lows[end + 2 : end + 3] in (["half"], ["quarter"]):
        more = value + Fraction(1, 2 if lows[end + 2] == "half" else 4)
        return end + 3, more, {more}
    if value.denominator == 1 and len(after) == 3 and after[1] == "/":
        above, below = _plain_number(after[0]), _plain_number(after[2])
        if above and below and above < below:
            mixed = value + above / below
            return end + 3, mixed, {mixed, above / below, above, below}
    return end, value, set()


def _number_at(lows: list[str], i: int) -> tuple[Fraction | None, int, bool]:
    """The number that begins here, where it ends, and whether it surely counts something."""
    low = lows[i]
    number = _plain_number(low)
    if number is not None:
        end = i + 1
        while lows[end : end + 1] and lows[end] in _LARGE and lows[end] != "k":
            number, end = number * _LARGE[lows[end]], end + 1
        if lows[end : end + 1] == ["k"]:
            number, end = number * 1000, end + 1
        return number, end, True
    if low in _SMALL or (low in _LARGE and low != "k"):
        return _worded(lows, i)
    if low in _ORDINALS:
        return Fraction(_ORDINALS[low]), i + 1, False
    if low in ("half", "halves", "halved"):
        if lows[i + 1 : i + 2] == ["a"] and lows[i + 2 : i + 3] and lows[i + 2] in _LARGE:
            return Fraction(_LARGE[lows[i + 2]], 2), i + 3, True
        return Fraction(1, 2), i + 1, False
    if low in _TIMES or low.removesuffix("s") in _TIMES:
        return Fraction(_TIMES.get(low) or _TIMES[low.removesuffix("s")]), i + 1, False
    return None, i, False


def _worded(lows: list[str], i: int) -> tuple[Fraction, int, bool]:
    """ "twenty-five", "two hundred and six", "three million" """
    total = current = 0
    begin = i
    last = ""
    while i < len(lows):
        low = lows[i]
        if low in _SMALL and not (last in _SMALL and not (_SMALL[last] >= 20 > _SMALL[low] > 0)):
            current += _SMALL[low]
        elif low in _LARGE and low != "k" and (i > begin or low in _LARGE):
            if low == "hundred":
                current = max(current, 1) * 100
            else:
                total += max(current, 1) * _LARGE[low]
                current = 0
        elif _goes_on(low, last) and lows[i + 1 : i + 2] and lows[i + 1] in _SMALL:
            i += 1
            continue
        else:
            break
        last = low
        i += 1
    value = Fraction(total + current)
    return value, i, value not in _WEAK


def _goes_on(low: str, last: str) -> bool:
    """ "twenty-five", "two hundred and six" """
    return (low == "-" and last in _TENS) or (low == "and" and last == "hundred")
