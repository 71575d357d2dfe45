"""One relation and its sides to a formula: units, percentages, rounding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import cast

from neurosym.translate.arithmetic.nodes import (
    Node,
    Num,
    Product,
    Reading,
    Sum,
    UnreadableError,
    additive_mixtures,
    letters,
    number_value,
    numbers,
    numeral,
    term,
    value,
)
from provers.logic.syntax import REAL, And, Arith, Compare, CompareOp, Eq, Formula, Not
from provers.logic.syntax import Number as NumberTerm


def relate(
    op: str,
    left: Node,
    right: Node,
    units: frozenset[str],
    hints: frozenset[tuple[Fraction, Fraction]] = frozenset(),
    chained: bool = False,
) -> tuple[Formula, str]:
    """A formula for ``left op right`` and how it was read; raises UnreadableError.

    ``hints`` are the values of both sides of annotations; ``chained``: ``left`` is the right
    side of the relation before, so that a bare number there is the result of something.

    Order of readings: as written; with units converted where both sides have units of one
    dimension and different size; ``%`` as a unit where only one side bears it; ``=`` as rounded.
    """
    if op == ":=":
        op = "="
    _check_letters(left, right, units)
    reading = _reading(op, left, right, hints, chained)
    message = ""
    if reading.scaled:
        message = "units were converted"
    elif reading.percent_unit:
        message = "read % as a unit"
    if op == "≈":
        return _approximately(left, right, reading), message
    a, b = term(left, reading), term(right, reading)
    if op == "=":
        rounded = _rounded(left, right, reading)
        if rounded is not None:
            return rounded, "read = as rounded"
        if _whole(left, right, reading):
            raise UnreadableError("the result may be rounded to a whole number")
        return Eq(a, b), message
    if op == "!=":
        return Not(Eq(a, b)), message
    value(left, reading), value(right, reading)
    return Compare(cast(CompareOp, op), a, b), message


def _check_letters(left: Node, right: Node, units: frozenset[str]) -> None:
    """A unit letter on some addends and not on others is no unit that can be ignored."""
    groups = [(left, right), *additive_mixtures(left), *additive_mixtures(right)]
    for group in groups:
        marked = [{n.letter for n in numbers(part)} - {""} for part in group]
        bare = [
            not m and numeral(part) is not None and not numeral(part).label  # type: ignore[union-attr]
            for m, part in zip(marked, group, strict=True)
        ]
        if any(marked) and any(bare) and group is not groups[0]:
            letter = next(iter(set().union(*marked)))
            raise UnreadableError(f"cannot tell whether {letter!r} is a unit or a variable")
        if group is groups[0] and any(marked) and letters(left) | letters(right):
            raise UnreadableError("cannot tell units from variables")
    kilo = [any(n.letter == "k" for n in numbers(side)) for side in (left, right)]
    if kilo[0] != kilo[1]:
        raise UnreadableError("cannot read 'k' beside a number")
    if isinstance(left, Num) and isinstance(right, Num) and left.letter != right.letter:
        raise UnreadableError("different units on the two sides")


def holds_as(op: str, left: Node, right: Node, reading: Reading) -> bool | None:
    a, b = value(left, reading), value(right, reading)
    if a is None or b is None:
        return None
    match op:
        case "=":
            return a == b or _rounded(left, right, reading) is not None
        case "≈":
            return _within(left, right, reading)
        case "!=":
            return a != b
        case "<":
            return a < b
        case ">":
            return a > b
        case "<=":
            return a <= b
        case _:
            return a >= b


def _reading(
    op: str,
    left: Node,
    right: Node,
    hints: frozenset[tuple[Fraction, Fraction]],
    chained: bool,
) -> Reading:
    plain = Reading()
    percents = any(n.percent for side in (left, right) for n in numbers(side))
    conflict = _conflicts(left, right)
    both = (numeral(left), numeral(right))
    if not conflict and both[0] is not None and both[1] is not None:
        _check_labels(both[0], both[1])
    if conflict:
        return _convert(op, left, right, conflict)
    holds = holds_as(op, left, right, plain)
    if holds is False and op == "=":
        _check_correspondence(left, right, chained)
    if not percents:
        return plain
    if holds:
        return plain
    as_unit = Reading(percent_unit=True)
    if holds is False and holds_as(op, left, right, as_unit):
        if _percent_is_unit(left, right):
            return as_unit
        if (value(left, as_unit), value(right, as_unit)) in hints:
            return as_unit
    for group in (*additive_mixtures(left), *additive_mixtures(right)):
        shares = [_is_percent(part) for part in group]
        if any(shares) and not all(shares):
            raise UnreadableError("a percentage added to a number: of what?")
    one_sided = _all_percent(left) != _all_percent(right)
    if (
        one_sided
        and (both[0] is not None or both[1] is not None)
        and (
            holds is False
            and not any(_operations(side) for side in (left, right) if not _all_percent(side))
        )
    ):
        raise UnreadableError("a percentage beside a number: of what?")
    return plain


def _all_percent(node: Node) -> bool:
    found = list(numbers(node))
    return bool(found) and all(n.percent for n in found) and not isinstance(node, Product)


def _operations(node: Node) -> bool:
    return numeral(node) is None


def _is_percent(node: Node) -> bool:
    one = numeral(node)
    return one is not None and one.percent


def _percent_is_unit(left: Node, right: Node) -> bool:
    """Percentages as numbers out of 100: ``100 - 40 = 60%``, ``1/4 * 100 = 25%``."""
    here, there = list(numbers(left)), list(numbers(right))
    if not here or not there:
        return False
    for group in (*additive_mixtures(left), *additive_mixtures(right)):
        whole = [p for p in group if not _is_percent(p)]
        if len(whole) < len(group) and any(value(p) != 100 for p in whole):
            return False  # 200 - 50%
    hundred = any(n.value == 100 for n in (*here, *there))
    one_sided = any(n.percent for n in here) != any(n.percent for n in there)
    mixed = any(n.percent for n in here) and any(not n.percent for n in here)
    whole_sum = (
        one_sided and isinstance(left, Sum) and all(numeral(p) is not None for _, p in left.parts)
    )
    return (hundred and (one_sided or mixed)) or whole_sum


def _dimensions(node: Node) -> dict[str, Fraction | None]:
    """For each dimension of units in the tree the one size used; None where there are several."""
    sizes: dict[str, Fraction | None] = {}
    for num in numbers(node):
        if num.unit is None:
            continue
        name = num.unit.dimension
        if name in sizes and sizes[name] != num.unit.size:
            sizes[name] = None
        else:
            sizes.setdefault(name, num.unit.size)
    return sizes


def _conflicts(left: Node, right: Node) -> list[Fraction]:
    """Ratios of unit sizes that differ between the sides or between addends."""
    ratios: list[Fraction] = []
    a, b = _dimensions(left), _dimensions(right)
    for name in a.keys() & b.keys():
        one, two = a[name], b[name]
        if one is not None and two is not None and one != two:
            ratios.append(one / two)
    one_count, two_count = a.get("count", Fraction(1)), b.get("count", Fraction(1))
    if ("count" in a) != ("count" in b) and one_count and two_count:
        ratios.append(one_count / two_count)
    for group in (*additive_mixtures(left), *additive_mixtures(right)):
        sizes = [_dimensions(part) for part in group]
        for name in {n for s in sizes for n in s}:
            used = {s[name] for s in sizes if s.get(name) is not None}
            if name == "count" and any("count" not in s for s in sizes):
                used.add(Fraction(1))
            if len(used) > 1:
                first, second = sorted(u for u in used if u is not None)[:2]
                ratios.append(first / second)
    return ratios


def _convert(op: str, left: Node, right: Node, ratios: Iterable[Fraction]) -> Reading:
    """Which reading unit sizes leave: converted, or as written where the factor is in the text."""
    scaled, plain = Reading(scaled=True), Reading()
    as_written = holds_as(op, left, right, plain)
    if as_written is None:
        raise UnreadableError("different units of one kind beside variables")
    converted = holds_as(op, left, right, scaled)
    used = {n.value for side in (left, right) if numeral(side) is None for n in numbers(side)}
    explicit = all(r in used or 1 / r in used for r in ratios)
    if as_written and explicit:
        return plain
    if converted:
        return scaled
    if as_written:
        raise UnreadableError("the numbers agree only when different units are ignored")
    return plain


def _check_correspondence(left: Node, right: Node, chained: bool) -> None:
    """``72/5 daps = 42 baps`` relates two things; ``5 = 72`` alone is no arithmetic either.

    Only called for equations that are false as they stand; raises UnreadableError.
    """
    one, two = numeral(left), numeral(right)
    if (
        one is not None
        and two is not None
        and not any(n.percent or n.decimals or n.unit for n in (one, two))
        and (not chained or one.label or two.label)
    ):
        raise UnreadableError("two different numbers and no operation")
    if isinstance(left, Sum):
        return
    mine = {n.label for n in numbers(left)} - {""}
    last = next((n.label for n in reversed(list(numbers(left)))), "")
    yours = next((n.label for n in reversed(list(numbers(right)))), "")
    different = last.rstrip("s") != yours.rstrip("s") and "$" not in (last, yours)
    if len(mine) == 1 and last and yours and different:
        raise UnreadableError(f"{last!r} and {yours!r} are different things")


def _check_labels(left: Num, right: Num) -> None:
    """Two bare numbers with different labels are a correspondence, not an equation."""
    if left.label != right.label and left.label and right.label and left.unit != right.unit:
        raise UnreadableError(f"{left.label!r} and {right.label!r} are different things")
    one_bare = bool(left.label) != bool(right.label)
    if (
        (left.label or right.label)
        and (one_bare or left.unit != right.unit)
        and left.value != right.value
    ):
        raise UnreadableError("a number beside a quantity of another kind")


def _precision(num: Num, reading: Reading) -> Fraction | None:
    """The size of the last shown place of a decimal numeral; None for fractions."""
    if num.decimals < 0:
        return None
    unit = Fraction(1, 10**num.decimals)
    probe = replace(num, value=unit)
    return abs(number_value(probe, reading))


def _rounded(left: Node, right: Node, reading: Reading) -> Formula | None:
    """``10/3 = 3.33`` as ``|10/3 - 3.33| <= 0.005``, where that is what the sign must mean.

    One side is a numeral with at least one decimal, the other is no numeral, its exact value
    has more decimals than are shown, and the numeral is that value correctly rounded.
    """
    noisy = _floating(left, right, reading)
    if noisy is not None:
        return noisy
    for shown, exact in ((right, left), (left, right)):
        num = numeral(shown)
        if num is None or (numeral(exact) is not None and numeral(exact).decimals >= 0):  # type: ignore[union-attr]
            continue
        places = _precision(num, reading)
        if places is None or places >= 1:
            continue
        a, b = value(exact, reading), value(shown, reading)
        if a is None or b is None or a == b or (a / places).denominator == 1:
            continue
        half = places / 2
        if abs(a - b) <= half:
            return _near(exact, shown, half, reading)
    return None


def _whole(left: Node, right: Node, reading: Reading) -> bool:
    """``200/0.4536 = 441``: neither exact nor plainly wrong.

    A whole number of three digits or more beside a value that it is the nearest to, where that
    value comes of decimals that somebody measured or rounded: at least three places of them.
    """
    for shown, exact in ((right, left), (left, right)):
        num = numeral(shown)
        if num is None or numeral(exact) is not None or num.decimals > 0 or len(num.text) < 3:
            continue
        a, b = value(exact, reading), value(shown, reading)
        measured = any(part.decimals >= 3 for part in numbers(exact))
        if measured and a is not None and b is not None and 0 < abs(a - b) <= Fraction(1, 2):
            return True
    return False


def _floating(left: Node, right: Node, reading: Reading) -> Formula | None:
    """``0.1*7 = 0.7000000000000001``: a calculator's double, equal to about 14 digits.

    Only where a numeral shows at least 15 significant digits, 10 of them after the point.
    """
    if not any(
        n.decimals >= 10 and len(n.text.lstrip("0.").replace(".", "")) >= 15
        for side in (left, right)
        for n in numbers(side)
    ):
        return None
    a, b = value(left, reading), value(right, reading)
    if a is None or b is None or a == b or b == 0:
        return None
    width = Fraction(1, 10**14)
    while width * 10**14 < abs(b):
        width *= 10
    return _near(left, right, width, reading) if abs(a - b) <= width else None


def _near(a: Node, b: Node, half: Fraction, reading: Reading) -> Formula:
    left, right, width = term(a, reading), term(b, reading), NumberTerm(half, REAL)
    return And(
        (
            Compare("<=", Arith("-", (left, right), REAL), width),
            Compare("<=", Arith("-", (right, left), REAL), width),
        )
    )


def _half(num: Num, exact: Fraction | None, shown: Fraction, reading: Reading) -> Fraction:
    """Half a unit in the last shown place; trailing zeros of a whole number may be such places."""
    places = _precision(num, reading)
    if places is None:
        raise UnreadableError("≈ beside a fraction: to what precision?")
    if exact is None or num.decimals > 0 or num.value == 0 or abs(exact - shown) <= places / 2:
        return places / 2
    finest = places
    while (num.value / (places * 10)).denominator == 1 and abs(exact - shown) > places / 2:
        places *= 10
    if places > finest and places * 5 > abs(shown):  # "55 is approximately 100"
        raise UnreadableError("≈ beside a round number: to what precision?")
    return places / 2


def _within(left: Node, right: Node, reading: Reading) -> bool | None:
    a, b = value(left, reading), value(right, reading)
    num = numeral(right) or numeral(left)
    if a is None or b is None or num is None:
        return None
    shown, exact = (b, a) if numeral(right) is not None else (a, b)
    return abs(a - b) <= _half(num, exact, shown, reading)


def _approximately(left: Node, right: Node, reading: Reading) -> Formula:
    """``a ≈ b``: ``b`` is ``a`` rounded at the precision that ``b`` shows."""
    shown, exact = (right, left) if numeral(right) is not None else (left, right)
    num = numeral(shown)
    if num is None:
        raise UnreadableError("≈ without a number beside it: to what precision?")
    b = value(shown, reading)
    assert b is not None
    return _near(exact, shown, _half(num, value(exact, reading), b, reading), reading)
