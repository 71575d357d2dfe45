"""Who does what to whom, and which way a comparison points."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from neurosym.translate.english import lexicon
from neurosym.verify.fidelity.base import Mismatch
from neurosym.verify.fidelity.words import LIGHT, Matcher, Word, content_parts, parts, word_list
from provers.logic.syntax import (
    Apply,
    Compare,
    CompareOp,
    Formula,
    Not,
    Number,
    Pred,
    Term,
    Var,
    subformulas,
    terms,
    walk,
)

_OPPOSITES: Final = tuple(
    tuple(pair.split(":"))
    for pair in word_list(
        "more:less more:fewer greater:less higher:lower taller:shorter longer:shorter "
        "bigger:smaller larger:smaller older:younger faster:slower stronger:weaker heavier:lighter "
        "richer:poorer better:worse earlier:later before:after above:below over:under most:least "
        "hotter:colder warmer:cooler wider:narrower deeper:shallower brighter:darker "
        "nearer:farther closer:further increase:decrease maximum:minimum"
    )
)
_MORE: Final = frozenset(
    word_list(
        "more greater higher over above exceeds exceed exceeding older taller longer bigger larger "
        "heavier after"
    )
)
_LESS: Final = frozenset(
    word_list("less fewer lower under below younger shorter smaller lighter cheaper before")
)
_BOUNDS: Final = frozenset(word_list("than least most max min maximum minimum bound limit up"))
_PLACES: Final = frozenset(word_list("in from at on with"))
_NOUNS: Final = frozenset(word_list("pet show study shows pets name named include includes"))
_BEFORE_OBJECT: Final = lexicon.PREPOSITIONS | {"after", "up", "upon", "out", "off", "the", "by"}
_BREAKS: Final = frozenset(
    word_list(", ; : and or but if then who that which while because unless")
)


def check(words: tuple[Word, ...], formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """Comparisons that point the other way, and subject and object that changed places."""
    yield from _opposites(words, formula)
    yield from _orders(words, formula)
    yield from _lost_order(words, formula)
    yield from _arguments(words, formula, matcher)


def _opposites(words: tuple[Word, ...], formula: Formula) -> Iterator[Mismatch]:
    """A name with "shorter" where the text has only "taller"."""
    said = {w.low for w in words}
    for node in walk(formula):
        if not isinstance(node, Pred) or len(node.args) < 2:
            continue
        mine = set(parts(node.name))
        for one, other in (*_OPPOSITES, *(pair[::-1] for pair in _OPPOSITES)):
            if one in mine and one not in said and other in said and other not in mine:
                yield Mismatch(
                    "comparative", f"the formula says {one!r}, the text {other!r}", other, node.name
                )
                break


# --- orders between numbers ----------------------------------------------------------------


def _orders(words: tuple[Word, ...], formula: Formula) -> Iterator[Mismatch]:
    """An order beside a numeral that the text puts otherwise ("at least 5" as ``<``)."""
    lows = [w.low for w in words]
    for node, positive in _signed(formula, True):
        if not isinstance(node, Compare):
            continue
        op = node.op
        if isinstance(node.left, Number) and not isinstance(node.right, Number):
            op = _MIRROR[op]
            number: Term = node.left
        elif isinstance(node.right, Number) and not isinstance(node.left, Number):
            number = node.right
        else:
            continue
        assert isinstance(number, Number)
        if not positive:
            op = _DENIED[op]
        said = _said_order(lows, number.value)
        if said and op not in said:
            yield Mismatch(
                "comparative",
                f"the formula says {op} {number.value}, the text {' or '.join(said)}",
                "",
                f"{op} {number.value}",
            )


_MIRROR: Final[dict[CompareOp, CompareOp]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DENIED: Final[dict[CompareOp, CompareOp]] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _signed(formula: Formula, positive: bool) -> Iterator[tuple[Formula, bool]]:
    """Atoms with whether an even number of ``Not`` stands above them."""
    stack = [(formula, positive)]
    while stack:
        node, sign = stack.pop()
        if isinstance(node, Not):
            stack.append((node.body, not sign))
            continue
        yield node, sign
        stack.extend((f, sign) for f in subformulas(node))


def _said_order(lows: list[str], value: Fraction) -> tuple[str, ...]:
    """The orders that the words before (or after) the numeral allow; nothing where none tells."""
    spelled = str(value)
    at = next((i for i, low in enumerate(lows) if low.replace(",", "") == spelled), None)
    if at is None:
        return ()
    before = lows[max(0, at - 5) : at]
    after = lows[at + 1 : at + 4]
    near = " ".join(before)
    denied = "not" in before or "no" in before
    if (
        near.endswith("at least")
        or after[:2] == ["or", "more"]
        or "no less than" in near
        or "no fewer than" in near
    ):
        return (">=",)
    if near.endswith(("at most", "up to")) or "no more than" in near or after[:2] == ["or", "less"]:
        return ("<=",)
    direction = next((low for low in reversed(before) if low in _MORE | _LESS), None)
    if direction is None:
        return ()
    if direction in _MORE:
        return ("<=",) if denied else (">",)
    return (">=",) if denied else ("<",)


def _lost_order(words: tuple[Word, ...], formula: Formula) -> Iterator[Mismatch]:
    """ "Costs less than 300" as costing 300: a number that the text only bounds."""
    names = {f.name for f in walk(formula) if isinstance(f, Pred)}
    names |= {t.name for t in terms(formula) if isinstance(t, Apply)}
    orders = any(isinstance(f, Compare) for f in walk(formula))
    said = {part for name in names for part in parts(name)}
    if orders or said & (_MORE | _LESS | _BOUNDS):
        return
    lows = [w.low for w in words]
    for at, low in enumerate(lows):
        if low not in _MORE | _LESS or lows[at - 1 : at] == ["no"]:
            continue
        number = next((n for n in lows[at + 1 : at + 5] if n[0].isdigit()), None)
        if number is not None and number.replace(",", "") in said:
            part = f"{low} {number}"
            yield Mismatch("comparative", f"the text's {part!r} is no order in the formula", part)
            return


# --- arguments -----------------------------------------------------------------------------


def _arguments(words: tuple[Word, ...], formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """A relation of two whose arguments stand in the text the other way round."""
    kinds: dict[Var, frozenset[int]] = {}
    for node in walk(formula):
        if isinstance(node, Pred) and len(node.args) == 1 and isinstance(node.args[0], Var):
            var = node.args[0]
            kinds[var] = kinds.get(var, frozenset()) | matcher.name(node.name)[0]
    for node in walk(formula):
        if not isinstance(node, Pred) or len(node.args) != 2 or node.args[0] == node.args[1]:
            continue
        verb, share = matcher.name(node.name)
        if share < 1 or not verb or not _is_verbal(words, verb, node.name):
            continue
        first = _places(node.args[0], kinds, matcher) - verb
        second = _places(node.args[1], kinds, matcher) - verb
        shared = first & second
        first, second = first - shared, second - shared
        verdicts = {
            _fits(words, low, high, first, second, node.name)
            for low, high in _occurrences(words, verb)
        }
        if True not in verdicts and False in verdicts:
            yield Mismatch(
                "argument_order",
                f"subject and object of {node.name} have changed places",
                " ".join(words[i].text for i in sorted(verb)),
                node.name,
            )


def _is_verbal(words: tuple[Word, ...], verb: frozenset[int], name: str) -> bool:
    """Whether a verb or a preposition says the relation: a noun ("X's album") tells no order."""
    content = content_parts(name)
    first, last = parts(name)[0], parts(name)[-1]
    if len(content) == 2 and first in lexicon.LIGHT_VERBS and last in lexicon.PREPOSITIONS:
        return True  # "make a meal of", "set eyes on"
    if len(content) > 2 or last == "of":
        return False
    if not content:
        return not verb.isdisjoint(i for i, w in enumerate(words) if w.low in _PLACES)
    if parts(name)[-1] in ("than", "by"):
        return True
    return any(
        lexicon.is_verb(words[i].low, "s")
        or lexicon.participle(words[i].low) is not None
        or lexicon.progressive(words[i].low) is not None
        or words[i].low in lexicon.verbs()
        for i in verb
    ) and not any(words[i].low in _NOUNS for i in verb)


def _occurrences(words: tuple[Word, ...], verb: frozenset[int]) -> list[tuple[int, int]]:
    """Where the words of a relation begin and end, for each time they are said."""
    content = [i for i in sorted(verb) if words[i].low not in LIGHT] or sorted(verb)
    runs: list[tuple[int, int]] = []
    for at in content:
        if runs and at - runs[-1][1] <= 2 and words[at].low != words[runs[-1][1]].low:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _fits(
    words: tuple[Word, ...],
    low: int,
    high: int,
    first: frozenset[int],
    second: frozenset[int],
    name: str,
) -> bool | None:
    """Whether subject and object stand around this occurrence as they should; None: unclear."""
    start, end = low, high
    while start > 0 and words[start - 1].low not in _BREAKS:
        start -= 1
    while end + 1 < len(words) and words[end + 1].low not in _BREAKS:
        end += 1
    clause = range(start, end + 1)
    if _passive(words, low, high) != _says_by(name):
        first, second = second, first
    object_ = _next_to(words, high)
    if object_ in first | second:
        return object_ in second
    before = {i for i in first if i in clause}
    after = {i for i in second if i in clause}
    right = [*(i < low for i in before), *(i > high for i in after)]
    if not right:
        return None
    if all(right):
        return True
    return None if any(right) else False


def _next_to(words: tuple[Word, ...], high: int) -> int:
    """Where the thing stands that follows a relation at once, with its prepositions; -1: nowhere.

    It is the object, wherever the subject is: "chasing the dog is what the cat does".
    """
    at = high + 1
    while at < len(words) and words[at].low in _BEFORE_OBJECT:
        at += 1
    return at if at < len(words) and words[at].is_word else -1


def _places(term: Term, kinds: dict[Var, frozenset[int]], matcher: Matcher) -> frozenset[int]:
    if isinstance(term, Var):
        return kinds.get(term, frozenset())
    return matcher.name(term.name)[0] if isinstance(term, Apply) else frozenset()


def _passive(words: tuple[Word, ...], low: int, high: int) -> bool:
    """ "was produced by" """
    after = [w.low for w in words[high + 1 : high + 5]]
    return "by" in after and (
        lexicon.participle(words[low].low) is not None or words[low].low.endswith(("ed", "en"))
    )


def _says_by(name: str) -> bool:
    return "by" in parts(name) and bool(content_parts(name))
