"""Numbers of things that come whole: a count is an integer, and none is negative."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from neurosym.translate.english.lexicon import words
from neurosym.verify.question.base import (
    MINUS,
    NUMERAL,
    Fact,
    Theory,
    arith,
    compare,
    number,
    quoted,
    unknown,
    value_of,
    whole,
)
from provers.logic.syntax import INT, Eq

# Half an apple is a good answer; half a student is none.
_WHOLE: Final = words(
    """
    people persons individuals students pupils classmates players boys girls kids children
    teenagers men women friends sisters brothers siblings sons daughters cousins babies adults
    teachers coaches workers employees helpers clerks clients customers buyers participants
    passengers members visitors guests tourists travelers campers hikers voters citizens
    candidates contestants runners swimmers cyclists drivers singers dancers actors musicians
    doctors nurses patients soldiers sailors residents neighbors roommates scouts knights
    pirates mathematicians politicians lawyers farmers monkeys dogs cats puppies kittens birds
    chickens ducks turkeys cows bulls horses goats sheep lambs pigs rabbits squirrels mice frogs
    toads turtles snakes lizards ants bees beetles spiders crabs elephants lions tigers jaguars
    bears kangaroos parrots penguins pandas marbles cards coins pennies nickels dimes dice balls
    lockers books notebooks magazines novels chairs desks sofas doors windows flowers roses
    tulips carnations daisies petunias balloons pencils pens crayons markers erasers stamps
    stickers tickets buttons keys magnets posters bracelets necklaces medals trophies shirts
    hats shoes socks suits toys dolls games puzzles flags candles cars trucks buses bicycles
    bikes trains airplanes planes boats ships vehicles computers phones televisions cameras
    houses apartments buildings rooms bedrooms dorms classrooms restaurants teams letters emails
    photos photographs paintings songs movies episodes integers numbers elements digits primes
    divisors factors multiples vertices edges diagonals subsets permutations combinations
    arrangements solutions roots rows columns outcomes polygons triangles rectangles hexagons
    circles pawns rooks knights bishops queens switches bulbs lamps
    """
)
_THINGS: Final = _WHOLE | words(
    """
    apples oranges bananas pears peaches mangoes lemons watermelons strawberries grapes tomatoes
    potatoes carrots cookies cupcakes brownies cakes pies pizzas slices sandwiches candies
    lollipops chocolates nuts eggs loaves boxes bags baskets crates cartons packs packages
    packets bottles cans jars cups glasses plates bowls pages pieces groups blocks bricks tiles
    sheets trees plants logs sticks nails screws ropes items objects votes goals games
    """
)
_NOUN: Final = "|".join(sorted(_THINGS))
# Words that may stand between a number and what it counts.
_BETWEEN: Final = (
    r"(?:(?!(?:of|times|as|the|to|in|on|at|by|per|or|and|from|for|more|less|fewer)\b)[a-z]+\s+)"
)
_UNITS: Final = re.compile(
    r"\b(?:million|billion|thousand|hundred|dozen|percent|hours?|minutes?|seconds?|days?|weeks?|"
    r"months?|years?|miles?|meters?|metres?|km|cm|mm|feet|foot|inch(?:es)?|yards?|pounds?|kg|"
    r"grams?|kilograms?|ounces?|tons?|liters?|litres?|gallons?|dollars?|cents?|points?|degrees?|"
    r"units?|standard|average|mean|square|cubic|half|is|are|was|were|has|have|had|if|then|when)\b",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    rf"(?<![\w.,$^_{{(/+*=-])(?<!\d\s)\$?(?P<value>{MINUS}?(?:{NUMERAL}))\$?\s+"
    rf"(?P<words>{_BETWEEN}{{0,2}}?)(?P<noun>{_NOUN})\b(?!-)",
    re.IGNORECASE,
)
_GROUPS: Final = re.compile(
    rf"\b(?:groups|teams|rows|sets|classes|committees)\s+of\s+\$?(?P<value>{NUMERAL})\$?\s+"
    rf"(?P<words>)(?P<noun>{_NOUN})\b",
    re.IGNORECASE,
)
_LOOSE: Final = re.compile(
    r"\b(?:average|averages|averaged|averaging|mean|expected|expectation|approximately|about|"
    r"roughly|nearly|almost|around|estimated?|estimates|per|equivalent|each\s+hour|rate|times|"
    r"median|typical|effective|scaled?|factor|ratio|increase[sd]?|decrease[sd]?|"
    r"standard\s+deviation|variance|each|every|needs?|requires?)\b",
    re.IGNORECASE,
)


def read_counts(text: str) -> Iterator[Theory]:
    """``97.8 marbles``, ``-290 students``; averages, estimates and rates are no counts."""
    for pattern in (_COUNTED, _GROUPS):
        for match in pattern.finditer(text):
            value = value_of(match["value"])
            noun = match["noun"].lower()
            if value.denominator == 1 and value >= 0:
                continue
            if noun not in (_WHOLE if value > 0 else _THINGS):
                continue
            if _UNITS.search(match["words"]):
                continue
            if pattern is _COUNTED and _loosely(text, match.start(), match.end()):
                continue
            yield _count(noun, value, quoted(match.group()))


def _count(noun: str, value: Fraction, text: str) -> Theory:
    stated = Fact(whole(noun, value), f"{text}")
    if value.denominator > 1:
        return (stated,)
    axiom = compare(unknown(noun, INT), ">=", number(0, INT))
    return (stated, Fact(axiom, f"no number of {noun} is negative", "axiom"))


def _loosely(text: str, start: int, end: int) -> bool:
    """Whether the clause around speaks of averages, estimates or rates."""
    before = re.split(r"[.;?!]\s", text[max(0, start - 90) : start])[-1]
    after = re.split(r"[.,;?!](?:\s|$)", text[end : end + 40])[0]
    return bool(_LOOSE.search(before) or re.search(r"\b(?:per|every)\b", after))


# --- sizes and labels ----------------------------------------------------------------------

_GRID: Final = re.compile(
    rf"(?<![\w.])(?P<rows>{NUMERAL})\s*\$?\s*(?:\\times|×|x|by)\s*\$?\s*"
    rf"(?P<columns>{NUMERAL})\s*\$?"
    rf"[\s-]*(?:[a-z]+\s+)?(?P<noun>grid|matrix|matrices|chessboard|checkerboard|board|table"
    rf"|array)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    rf"\b(?:numbered|labell?ed|labels|numbers)\s+(?:with\s+)?(?:from\s+|as\s+)?"
    rf"(?:the\s+)?(?:integers\s+)?\$?(?P<first>{NUMERAL})\$?\s*(?:to|through|until)\s*"
    rf"\$?(?P<last>{NUMERAL}|[A-Za-z])(?!\w|\.\d)",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    rf"\b(?:integers|whole\s+numbers|natural\s+numbers)\s+(?:from\s+)?\$?\s*(?:\\?\{{)?\s*"
    rf"(?P<first>{NUMERAL})\s*,\s*(?:{NUMERAL})\s*,(?:\s*(?:{NUMERAL})\s*,){{0,3}}\s*"
    rf"(?:\\[lc]?dots|\.\.\.|…)\s*,\s*(?P<last>{NUMERAL})(?!\w|\.\d)",
    re.IGNORECASE,
)
_BETWEEN_INTEGERS: Final = re.compile(
    rf"\b(?:number|total\s+number)\s+of\s+(?P<noun>[a-z]+)\s+(?:in\s+the\s+(?:set|list)\s+)?"
    rf"is\s+\$?(?P<value>{NUMERAL})\$?(?!\w|\.\d|\s*(?:times|million|billion|thousand))",
    re.IGNORECASE,
)


def read_sizes(text: str) -> Iterator[Theory]:
    """Rows and columns of a grid, labels that count from here to there, lists of integers."""
    for match in _GRID.finditer(text):
        for side in ("rows", "columns"):
            value = value_of(match[side])
            if value.denominator > 1:
                yield (Fact(whole(f"{side} of the {match['noun'].lower()}", value), match.group()),)
    for match in (*_NUMBERED.finditer(text), *_LISTED.finditer(text)):
        for end in ("first", "last"):
            if match[end][0].isalpha():
                continue
            value = value_of(match[end])
            if value.denominator > 1:
                yield (Fact(whole(f"{end} number", value), quoted(match.group())),)
    for match in _BETWEEN_INTEGERS.finditer(text):
        value, noun = value_of(match["value"]), match["noun"].lower()
        if (
            value.denominator > 1
            and noun in _WHOLE
            and not _loosely(text, match.start(), match.end())
        ):
            yield (Fact(whole(noun, value), quoted(match.group())),)


# --- shares --------------------------------------------------------------------------------

_SHARE: Final = re.compile(
    rf"(?P<percent>{NUMERAL})\s*\\?(?:%|percent)\s+of\s+(?:the|its|their|these|those|all"
    rf"|all\s+the)?"
    rf"\s*\$?(?P<total>{NUMERAL})\$?\s+(?P<words>{_BETWEEN}{{0,1}}?)(?P<noun>{_NOUN})\b",
    re.IGNORECASE,
)


def read_shares(text: str) -> Iterator[Theory]:
    """``15% of the 30 students``: a share of what comes whole comes whole too."""
    for match in _SHARE.finditer(text):
        noun = match["noun"].lower()
        percent, total = value_of(match["percent"]), value_of(match["total"])
        share = percent * total / 100
        if noun not in _WHOLE or share.denominator == 1 or total.denominator > 1:
            continue
        if _loosely(text, match.start(), match.end()):
            continue
        yield (Fact(_share(noun, percent, int(total)), quoted(match.group())),)


def _share(noun: str, percent: Fraction, total: int) -> Eq:
    hundred = number(100 * percent.denominator, INT)
    return Eq(
        arith("*", hundred, unknown(f"share of {noun}", INT)),
        number(percent.numerator * total, INT),
    )


# --- coins ---------------------------------------------------------------------------------

_CENTS: Final = {"pennies": 1, "nickels": 5, "dimes": 10, "quarters": 25}
_COIN: Final = "|".join(_CENTS)
_COINS: Final = re.compile(
    rf"\b(?:same|equal)\s+number\s+of\s+(?P<kinds>(?:{_COIN})(?:(?:,\s*(?:and\s+)?|\s+and\s+)"
    rf"(?:{_COIN})){{1,3}})",
    re.IGNORECASE,
)
_WORTH: Final = re.compile(
    rf"\b(?:total\s+value|worth)\b[^.$]{{0,40}}?\\?\$\s?(?P<dollars>{NUMERAL})(?![\d.]*\d)",
    re.IGNORECASE,
)


def read_coins(text: str) -> Iterator[Theory]:
    """As many coins of one kind as of another, worth so many dollars together."""
    coins, worth = list(_COINS.finditer(text)), list(_WORTH.finditer(text))
    if len(coins) != 1 or len(worth) != 1:
        return
    kinds = re.findall(_COIN, coins[0]["kinds"].lower())
    cents = value_of(worth[0]["dollars"]) * 100
    if cents.denominator > 1 or len(set(kinds)) < len(kinds):
        return
    each = unknown("coins of each kind", INT)
    total = unknown("cents in total", INT)
    values = [arith("*", number(_CENTS[kind], INT), each) for kind in kinds]
    sums = Eq(arith("+", *values), total)
    yield (
        Fact(sums, quoted(coins[0].group())),
        Fact(Eq(total, number(int(cents), INT)), quoted(worth[0].group())),
        Fact(compare(each, ">=", number(0, INT)), "no number of coins is negative", "axiom"),
    )


READERS: Final = (read_counts, read_sizes, read_shares, read_coins)
