"""The expressions on both sides of a relation, refused where the text may mean something else."""

from __future__ import annotations

from typing import Final

from neurosym.translate.arithmetic.cursor import OPENERS
from neurosym.translate.arithmetic.expressions import Item, Reader
from neurosym.translate.arithmetic.nodes import (
    Node,
    Num,
    Product,
    Reading,
    UnreadableError,
    numeral,
)
from neurosym.translate.arithmetic.relations import holds_as
from neurosym.translate.arithmetic.tokens import Kind, Token
from neurosym.translate.arithmetic.units import UNITS
from neurosym.translate.arithmetic.wording import SENTENCE_END
from neurosym.translate.english.lexicon import words

_FILLERS: Final = words("about approximately around roughly only exactly just a total of")


_RISKY_BEFORE: Final = words(
    "than times plus minus per twice double triple thrice half quarter third thirds fourth "
    "quarters percent root factorial every squared cubed cube two three four five six seven "
    "eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million"
)


_ARITHMETIC_WORDS: Final = words(
    "sum difference product quotient subtract subtracting subtracted add adding added multiply "
    "multiplying multiplied divide dividing divided between average ratio"
)


_VERBS: Final = words(
    "cost costs would will can could has have had make makes earn earns weigh weighs take takes "
    "needs need get gets sell sells pay pays represent represents who which that"
)


_RISKY_AFTER: Final = words("than times remainder half thirds")

# "sin x" is not x: functions that nothing here reads, by the names that formulas give them.
_FUNCTION_WORDS: Final = words(
    "sin sine cos cosine tan tangent cot cotangent sec secant csc cosec cosecant sinh cosh tanh "
    "coth arcsin arccos arctan asin acos atan exp ln lg lb log logarithm antilog det tr trace rank "
    "dim deg arg max maximum min minimum inf sup gcd gcf hcf lcm lcd lim limit abs sgn sign floor "
    "ceil ceiling round mod phi sqrt cbrt re im var cov prob"
)


# "The reciprocal of x" is not x either; "a speed of x" is.
_FUNCTIONS_OF: Final = _FUNCTION_WORDS | words(
    "sum product difference quotient reciprocal inverse opposite negative negation derivative "
    "antiderivative integral remainder residue successor predecessor absolute conjugate transpose "
    "determinant norm magnitude modulus digit digits exponential exponent expectation expected "
    "variance complement double triple average mean median mode range slope degree part gradient"
)


def left_side(
    reader: Reader,
    tokens: list[Token],
    items: list[Item],
    start: int,
    at: int,
    symbolic: bool = False,
) -> Node:
    """The expression that ends at the relation ``at``; what stands before it is checked.

    ``symbolic``: the other side has variables, so a bare number is no mere mention.
    """
    if not items:
        raise UnreadableError("no expression before the relation")
    item = items[-1]
    reader.limit = at
    end = reader.labels(item.stop)
    if end != at:
        raise UnreadableError(f"cannot read {_words(tokens, end, at)!r} before the relation")
    for token in tokens[item.stop : item.stop + 1]:
        if token.kind is Kind.WORD and token.text.lower() == "of" and is_share(item.node):
            raise UnreadableError("a share of something that is not a number")
    trailing = [t.text.lower() for t in tokens[item.stop : at] if t.kind is Kind.WORD]
    chained = item.start == start and start > 0 and tokens[start - 1].kind is Kind.RELATION
    if chained and (len(trailing) > 4 or any(w in OPENERS - {"of", "to"} for w in trailing)):
        raise UnreadableError(f"cannot read {' '.join(trailing[:6])!r} before the relation")
    if not chained:
        _check_before(tokens, item, start, symbolic)
    if numeral(item.node) is not None and (
        len(trailing) > 3 or any(word in _VERBS for word in trailing)
    ):
        raise UnreadableError(f"a number alone before {' '.join(trailing[:4])!r}")
    spoken = tokens[at].kind is Kind.RELATION and tokens[at].end - tokens[at].start > 2
    if spoken and (numeral(item.node) is not None or is_share(item.node)):
        raise UnreadableError("a number alone that is said to equal something")
    return item.node


def _check_before(tokens: list[Token], item: Item, start: int, symbolic: bool) -> None:
    """Refuses an expression whose beginning may have been cut off; raises UnreadableError."""
    first = item.start
    if first == 0 or (first == start and tokens[first - 1].kind is Kind.RELATION):
        return
    before = tokens[first - 1]
    if before.kind is Kind.BREAK and before.text not in SENTENCE_END and item.operators == 0:
        inner = tokens[first - 2] if first >= 2 else None
        # "Divide by 2: x = 4/2" begins anew after its colon; "2:3 = 4:6" does not.
        anew = before.text == ":" and tokens[first].kind is Kind.LETTER
        if inner is not None and inner.kind is Kind.NUMBER and not anew:
            raise UnreadableError("a list of numbers before the relation")
    starter_is_letter = tokens[first].kind is Kind.LETTER
    match before.kind:
        case Kind.OPEN if first >= 2 and tokens[first - 2].kind is Kind.OPERATOR:
            raise UnreadableError("a bracket that is not closed")
        case Kind.BREAK | Kind.OPEN:
            return
        case Kind.CLOSE if first >= 2 and tokens[first - 2].kind is Kind.WORD:
            return
        case Kind.LETTER if before.text in ("a", "A") and not (
            before.math or starter_is_letter or tokens[first].glued
        ):
            return
        case Kind.WORD:
            pass
        case _:
            raise UnreadableError(f"cannot read {before.text!r} before the expression")
    word = before.text.lower()
    earlier = tokens[first - 2].kind if first >= 2 else Kind.BREAK
    if earlier is Kind.OPERATOR or (
        word == "and" and earlier is Kind.NUMBER and tokens[first].kind is Kind.NUMBER
    ):
        raise UnreadableError(f"cannot read {before.text!r} before the expression")
    if word in _RISKY_BEFORE or _applies(before, tokens[first]):
        raise UnreadableError(f"cannot read {before.text!r} before the expression")
    if word == "of" and first >= 2 and (_shares(tokens[first - 2]) or _transforms(tokens, first)):
        raise UnreadableError("cannot read 'of' before the expression")
    if word in ("and", "by", "from", "to", "with", "into") and _arithmetic_clause(tokens, first):
        raise UnreadableError(f"cannot tell what {before.text!r} joins")
    starter = tokens[first]
    if (
        starter.kind is Kind.LETTER
        and not starter.math
        and (item.operators == 0 or starter.text.isupper())
    ):
        capital = before.text[0].isupper() and word not in OPENERS and starter.text not in "xyzn"
        if capital or (word not in OPENERS and starter.text in "aAI"):
            raise UnreadableError(f"{before.text} {starter.text} may be a name")
    lone = (item.operators == 0 and isinstance(item.node, Num)) or is_share(item.node)
    joined = word == "and" and earlier is Kind.WORD
    if lone and not symbolic and (joined or word not in OPENERS - {"of", "has"}):
        raise UnreadableError(f"a number alone after {before.text!r}")


def _applies(before: Token, first: Token) -> bool:
    """Is the word before an expression a function's name: ``sin x``, ``area(x)``?"""
    called = first.kind is Kind.OPEN and first.glued and before.text.lower() not in OPENERS
    return called or _is_function(before)


def _is_function(token: Token) -> bool:
    """``sin``, ``sin²``; and ``a²``, which is no word either."""
    stem = token.text.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉").lower()
    return stem in _FUNCTION_WORDS or (stem != token.text.lower() and len(stem) == 1)


def _transforms(tokens: list[Token], first: int) -> bool:
    """Is a letter said to be what a function is taken of: ``the reciprocal of x``?"""
    if tokens[first].kind is not Kind.LETTER:
        return False
    return any(t.text.lower() in _FUNCTIONS_OF for t in tokens[max(0, first - 4) : first - 1])


def _arithmetic_clause(tokens: list[Token], first: int) -> bool:
    """Before this token, does the clause name an operation and hold a number?"""
    named = seen = False
    for token in reversed(tokens[max(0, first - 25) : first]):
        if token.kind in (Kind.BREAK, Kind.RELATION):
            break
        named = named or (token.kind is Kind.WORD and token.text.lower() in _ARITHMETIC_WORDS)
        seen = seen or token.kind is Kind.NUMBER
    return named and seen


def _shares(token: Token) -> bool:
    return token.kind is Kind.PERCENT or token.text.lower() in [
        "half",
        "quarter",
        "third",
        "thirds",
        "fourth",
        "fourths",
        "fifth",
        "fifths",
        "sixth",
        "tenth",
        "quarters",
        "twice",
        "percent",
        "most",
        "eighth",
        "eighths",
        "rest",
        "multiple",
        "multiples",
        "factor",
        "factors",
        "power",
        "square",
        "cube",
        "root",
    ]


def is_share(node: Node) -> bool:
    """A percentage, or a fraction below one: something that is a share *of* something."""
    if isinstance(node, Num):
        return node.percent or 0 < node.value < 1
    if not isinstance(node, Product) or len(node.parts) != 2 or not node.parts[1][0]:
        return False
    top, bottom = node.parts[0][1], node.parts[1][1]
    return isinstance(top, Num) and isinstance(bottom, Num) and 0 < top.value < bottom.value


def right_side(
    reader: Reader, tokens: list[Token], items: list[Item], start: int, stop: int
) -> Node:
    """The expression that starts after a relation, checked for what follows it."""
    reader.limit = stop
    at = start
    while at < stop and tokens[at].kind is Kind.WORD and tokens[at].text.lower() in _FILLERS:
        at += 1
    if [t.text.lower() for t in tokens[at : min(stop, at + 3)]] == ["a", "total", "of"]:
        at += 3
    if not items or items[0].start != at:
        raise UnreadableError(f"cannot read {_words(tokens, start, stop)!r} after the relation")
    item = items[0]
    end = reader.labels(item.stop)
    following = tokens[end] if end < stop else None
    if following is not None and following.kind is Kind.OPERATOR:
        raise UnreadableError(f"cannot read {_words(tokens, end, stop)!r} after the relation")
    if following is not None and following.kind is Kind.BREAK and following.glued:
        beyond = tokens[end + 1] if end + 1 < stop else None
        if (
            beyond is not None
            and beyond.glued
            and (following.text == ":" or beyond.kind is Kind.BAD)
        ):
            raise UnreadableError(f"cannot read {_words(tokens, end, stop)!r} after the relation")
    if following is not None and following.kind in (Kind.BAD, Kind.PERCENT, Kind.FACTORIAL):
        raise UnreadableError(f"cannot read {following.text!r} after the relation")
    if (
        following is not None
        and end == item.stop
        and (
            following.kind in (Kind.ROOT, Kind.NUMBER)
            or (following.kind is Kind.OPEN and following.math)
            or (
                following.kind is Kind.LETTER
                and (following.text in ("R", "r") or following.glued or following.math)
            )
        )
    ):
        raise UnreadableError(f"cannot read {following.text!r} after the relation")
    if following is not None and following.kind is Kind.OPEN and following.glued:
        raise UnreadableError("cannot read the bracket after the relation")
    for run, i in enumerate(range(item.stop, min(stop, item.stop + 6))):
        token = tokens[i]
        word = token.text.lower()
        if token.kind is Kind.NUMBER and _compound(item.node, tokens, i, stop):
            raise UnreadableError("a quantity in two parts")
        if token.kind is not Kind.WORD:
            break
        if (word in _RISKY_AFTER and _quantity_follows(tokens, i + 1, stop)) or (
            _is_function(token) and _operand(tokens, i + 1, stop)
        ):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
        if run and word in ("hundred", "thousand", "million", "billion"):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
        if word == "remainder" or (
            word == "and" and _words(tokens, i + 1, stop).startswith("a half")
        ):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
    return item.node


def refuse_remainder(tokens: list[Token], at: int, stop: int, left: Node, right: Node) -> None:
    """``100 / 3 = 33, with 1 remaining`` is a division with remainder, and no equation."""
    if not isinstance(left, Product) or not any(divided for divided, _ in left.parts):
        return
    if holds_as("=", left, right, Reading()) is not False:
        return
    for token in tokens[at : min(stop, at + 30)]:
        if token.text.lower() in ("remaining", "remainder", "leftover", "leftovers", "over"):
            raise UnreadableError("a division with remainder")
        if token.kind is Kind.BREAK and token.text in SENTENCE_END:
            break


def _quantity_follows(tokens: list[Token], start: int, stop: int) -> bool:
    """A number or letter before the clause ends: *5 more than 3*, against *5 more than Tom*."""
    for token in tokens[start:stop]:
        if token.kind is Kind.BREAK:
            return False
        if token.kind in (Kind.NUMBER, Kind.LETTER, Kind.PERCENT):
            return True
        if token.text.lower() in ("twice", "half", "double", "triple"):
            return True
    return False


def _operand(tokens: list[Token], i: int, stop: int) -> bool:
    return i < stop and tokens[i].kind in (Kind.LETTER, Kind.NUMBER, Kind.OPEN, Kind.ROOT)


def _compound(node: Node, tokens: list[Token], i: int, stop: int) -> bool:
    """``5 feet 6 inches``, ``1 and 1/4``: a second numeral that belongs to the first."""
    before = tokens[i - 1].text.lower()
    if before == "and" and i + 2 < stop and tokens[i + 1].text == "/":
        return True
    if before not in UNITS and before != "and":
        return False
    label = tokens[i + 1].text.lower() if i + 1 < stop else ""
    second = UNITS.get(label)
    first = numeral(node)
    return (
        second is not None
        and first is not None
        and first.unit is not None
        and first.unit.dimension == second.dimension
        and first.unit.size != second.size
    )


def _words(tokens: list[Token], start: int, stop: int) -> str:
    return " ".join(t.text for t in tokens[start : min(stop, start + 6)])
