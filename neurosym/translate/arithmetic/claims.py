"""Claims of a text: its relations, with an expression on each side that was really read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, cast

from neurosym.translate.arithmetic.expressions import (
    OPENERS,
    Item,
    Letter,
    Node,
    Num,
    Product,
    Reader,
    Reading,
    Sum,
    UnreadableError,
    additive_mixtures,
    leaves,
    letters,
    number_value,
    numbers,
    numeral,
    term,
    value,
)
from neurosym.translate.arithmetic.faithfulness import standing_letters
from neurosym.translate.arithmetic.tokens import Kind, Token, split_products, tokenize
from neurosym.translate.arithmetic.units import UNITS
from provers.logic.syntax import REAL, And, Arith, Compare, CompareOp, Eq, Formula, Implies, Not
from provers.logic.syntax import Number as NumberTerm


@dataclass(frozen=True, slots=True)
class Claim:
    """One relation that was read: its formula, its sides, and how it was read.

    ``kind`` is ``claim`` or ``assumption``; ``message`` is empty for the plain reading.
    """

    formula: Formula
    left: Node
    right: Node
    kind: str
    message: str = ""


@dataclass(slots=True)
class Found:
    """What a text holds: claims in order, definitions in words, and what was not read."""

    claims: list[Claim] = field(default_factory=list)
    definitions: int = 0
    unread: list[str] = field(default_factory=list)


_ASSUME: Final = frozenset(
    "let suppose assume assuming supposing denote define call represent represents".split()
)
_CONCLUDE: Final = frozenset(
    "then so therefore thus hence get gives obtain becomes write means implies yields have".split()
)
_NEGATED: Final = re.compile(
    r"\b(?:incorrect|wrong|false|mistake\w*|contradict\w*|impossible|isn't|aren't|"
    r"not (?:true|equal|correct|possible|hold)|(?:does|do)(?:n't| not) (?:equal|hold)|"
    r"can(?:not|'t) be|instead of|rather than)\b",
    re.IGNORECASE,
)
_FILLERS: Final = frozenset("about approximately around roughly only exactly just a total of".split())
_RISKY_BEFORE: Final = frozenset(
    "than times plus minus per twice double triple thrice half quarter third thirds fourth "
    "quarters percent root factorial every squared cubed log cube".split()
)
_ARITHMETIC_WORDS: Final = frozenset(
    "sum difference product quotient subtract subtracting subtracted add adding added multiply "
    "multiplying multiplied divide dividing divided between average ratio".split()
)
_VERBS: Final = frozenset(
    "cost costs would will can could has have had make makes earn earns weigh weighs take takes "
    "needs need get gets sell sells pay pays represent represents who which that".split()
)
_RISKY_AFTER: Final = frozenset("than times remainder half thirds".split())
_SENTENCE_END: Final = frozenset(".;?!")
_ONE_HALF: Final = Fraction(1, 2)


def read(
    text: str,
    variables: frozenset[str],
    hints: frozenset[tuple[Fraction, Fraction]] = frozenset(),
) -> Found:
    """All claims of normalised text; ``variables`` are letters already met as variables.

    ``hints`` are the values of both sides of annotations, which say how ``%`` was meant.
    """
    tokens = _word_relations(tokenize(text))
    known = standing_letters(tokens) | variables
    tokens = split_products(tokens, known)
    units = frozenset("gmshlLck") - known
    found = Found()
    reader = Reader(tokens, units)
    relations = [i for i, t in enumerate(tokens) if t.kind is Kind.RELATION]
    edges = [-1, *relations, len(tokens)]
    items = [
        reader.scan(edges[k] + 1, edges[k + 1]) for k in range(len(edges) - 1)
    ]
    conditions: list[tuple[int, Formula]] = []
    for k, at in enumerate(relations):
        sentence = _sentence_start(tokens, at)
        try:
            _refuse_mood(tokens, sentence, at, text)
            right = _right(reader, tokens, items[k + 1], at + 1, edges[k + 2])
            left = _left(reader, tokens, items[k], edges[k] + 1, at, bool(letters(right)))
            _refuse_remainder(tokens, at, edges[k + 2], left, right)
            formula, message = _relate(tokens[at].text, left, right, units, hints)
        except UnreadableError as trouble:
            if _is_definition(tokens, at, items[k]):
                found.definitions += 1
            else:
                found.unread.append(f"{_excerpt(text, tokens, at)!r}: {trouble}")
            continue
        mood = _mood(tokens, sentence, at)
        if mood == "assume" or tokens[at].text == ":=":
            found.claims.append(Claim(formula, left, right, "assumption", message))
        elif mood == "if" and letters(left) | letters(right):
            conditions.append((sentence, formula))
            found.unread.append(f"{_excerpt(text, tokens, at)!r}: only a condition")
        else:
            premises = [f for s, f in conditions if s == sentence]
            if premises:
                body = premises[0] if len(premises) == 1 else And(tuple(premises))
                formula = Implies(body, formula)
                found.unread = [u for u in found.unread if not u.endswith("only a condition")]
            found.claims.append(Claim(formula, left, right, "claim", message))
    if not relations:
        found.definitions += _introductions(tokens)
    _statements(text, tokens, reader, units, found)
    return found


# --- where operands are --------------------------------------------------------------------


def _left(
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
    reader._limit = at
    end = reader.labels(item.stop)
    if end != at:
        raise UnreadableError(f"cannot read {_words(tokens, end, at)!r} before the relation")
    for token in tokens[item.stop : item.stop + 1]:
        if token.kind is Kind.WORD and token.text.lower() == "of" and _share(item.node):
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
    if spoken and (numeral(item.node) is not None or _share(item.node)):
        raise UnreadableError("a number alone that is said to equal something")
    return item.node


def _check_before(tokens: list[Token], item: Item, start: int, symbolic: bool) -> None:
    """Refuses an expression whose beginning may have been cut off; raises UnreadableError."""
    first = item.start
    if first == 0 or first == start and tokens[first - 1].kind is Kind.RELATION:
        return
    before = tokens[first - 1]
    if before.kind is Kind.BREAK and before.text not in _SENTENCE_END and item.operators == 0:
        inner = tokens[first - 2] if first >= 2 else None
        if inner is not None and inner.kind is Kind.NUMBER:
            raise UnreadableError("a list of numbers before the relation")
    starter_is_letter = tokens[first].kind is Kind.LETTER
    match before.kind:
        case Kind.OPEN if first >= 2 and tokens[first - 2].kind is Kind.OPERATOR:
            raise UnreadableError("a bracket that is not closed")
        case Kind.BREAK | Kind.OPEN:
            return
        case Kind.CLOSE if first >= 2 and tokens[first - 2].kind is Kind.WORD:
            return
        case Kind.LETTER if before.text in ("a", "A") and not before.math and not starter_is_letter:
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
    if word in _RISKY_BEFORE:
        raise UnreadableError(f"cannot read {before.text!r} before the expression")
    if word == "of" and first >= 2 and _shares(tokens[first - 2]):
        raise UnreadableError("cannot read 'of' before the expression")
    if word in ("and", "by", "from", "to", "with", "into") and _arithmetic_clause(tokens, first):
        raise UnreadableError(f"cannot tell what {before.text!r} joins")
    starter = tokens[first]
    if starter.kind is Kind.LETTER and not starter.math and (
        item.operators == 0 or starter.text.isupper()
    ):
        capital = (
            before.text[0].isupper() and word not in OPENERS and starter.text not in "xyzn"
        )
        if capital or (word not in OPENERS and starter.text in "aAI"):
            raise UnreadableError(f"{before.text} {starter.text} may be a name")
    if item.operators == 0 and isinstance(item.node, Num) and not symbolic and (
        word not in OPENERS - {"of", "has"}
    ):
        raise UnreadableError(f"a number alone after {before.text!r}")


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
    return token.kind is Kind.PERCENT or token.text.lower() in (
        "half quarter third thirds fourth fourths fifth fifths sixth tenth quarters twice percent "
        "most eighth eighths rest multiple multiples factor factors power square cube root"
    ).split()


def _share(node: Node) -> bool:
    if isinstance(node, Num):
        return node.percent or 0 < node.value < 1
    return isinstance(node, Product) and all(isinstance(p, Num) for _, p in node.parts) and (
        len(node.parts) == 2 and node.parts[1][0]
    )


def _right(reader: Reader, tokens: list[Token], items: list[Item], start: int, stop: int) -> Node:
    """The expression that starts after a relation, checked for what follows it."""
    reader._limit = stop
    at = start
    while at < stop and tokens[at].kind is Kind.WORD and tokens[at].text.lower() in _FILLERS:
        at += 1
    if at < stop and tokens[at].kind is Kind.LETTER and tokens[at].text == "a" and at + 1 < stop:
        if [t.text.lower() for t in tokens[at + 1 : at + 3]] == ["total", "of"]:
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
        if beyond is not None and beyond.glued and (
            following.text == ":" or beyond.kind is Kind.BAD
        ):
            raise UnreadableError(f"cannot read {_words(tokens, end, stop)!r} after the relation")
    if following is not None and following.kind in (Kind.BAD, Kind.PERCENT, Kind.FACTORIAL):
        raise UnreadableError(f"cannot read {following.text!r} after the relation")
    if following is not None and end == item.stop and (
        following.kind in (Kind.ROOT, Kind.NUMBER)
        or (following.kind is Kind.OPEN and following.math)
        or (
            following.kind is Kind.LETTER
            and (following.text in ("R", "r") or following.glued or following.math)
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
        if word in _RISKY_AFTER and _quantity_follows(tokens, i + 1, stop):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
        if run and word in ("hundred", "thousand", "million", "billion"):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
        if word == "remainder" or (word == "and" and _words(tokens, i + 1, stop).startswith("a half")):
            raise UnreadableError(f"cannot read {token.text!r} after the number")
    return item.node


def _refuse_remainder(
    tokens: list[Token], at: int, stop: int, left: Node, right: Node
) -> None:
    """``100 / 3 = 33, with 1 remaining`` is a division with remainder, and no equation."""
    if not isinstance(left, Product) or not any(divided for divided, _ in left.parts):
        return
    if _holds("=", left, right, Reading()) is not False:
        return
    for token in tokens[at : min(stop, at + 30)]:
        if token.text.lower() in ("remaining", "remainder", "leftover", "leftovers", "over"):
            raise UnreadableError("a division with remainder")
        if token.kind is Kind.BREAK and token.text in _SENTENCE_END:
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


def _excerpt(text: str, tokens: list[Token], at: int) -> str:
    start = tokens[max(0, at - 4)].start
    stop = tokens[min(len(tokens) - 1, at + 4)].end
    return re.sub(r"[\x02-\x04\s]+", " ", text[start:stop]).strip()[:80]


# --- wording -------------------------------------------------------------------------------


def _sentence_start(tokens: list[Token], at: int) -> int:
    for i in range(at - 1, -1, -1):
        token = tokens[i]
        if token.kind is Kind.BREAK and (token.text in _SENTENCE_END or "\n" in token.text):
            return i + 1
    return 0


def _mood(tokens: list[Token], sentence: int, at: int) -> str:
    mood = ""
    for token in tokens[sentence:at]:
        word = token.text.lower() if token.kind is Kind.WORD else ""
        if word in _ASSUME:
            mood = "assume"
        elif word in ("if", "when", "whenever"):
            mood = "if" if mood != "assume" else mood
        elif word in _CONCLUDE or (mood == "if" and token.kind is Kind.BREAK and token.text == ","):
            mood = ""
    return mood


def _refuse_mood(tokens: list[Token], sentence: int, at: int, text: str) -> None:
    stop = next(
        (
            i
            for i in range(at, len(tokens))
            if tokens[i].kind is Kind.BREAK
            and (tokens[i].text in _SENTENCE_END or "\n" in tokens[i].text)
        ),
        len(tokens),
    )
    if stop < len(tokens) and tokens[stop].text == "?":
        raise UnreadableError("a question claims nothing")
    first = max(sentence, at - 60)
    span = text[tokens[first].start : tokens[min(stop, at + 60, len(tokens) - 1)].end]
    match = _NEGATED.search(span)
    if match:
        raise UnreadableError(f"{match.group()!r} may deny the relation")


def _is_definition(tokens: list[Token], at: int, before: list[Item]) -> bool:
    """``x = the number of apples``: a letter, then words."""
    if not before or not isinstance(before[-1].node, Letter) or before[-1].stop != at:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and following.kind is Kind.WORD


def _introductions(tokens: list[Token]) -> int:
    """``Let x be the number of apples`` without a relation."""
    count = 0
    for i, token in enumerate(tokens):
        if token.kind is Kind.WORD and token.text.lower() in _ASSUME:
            count += any(t.kind is Kind.LETTER for t in tokens[i + 1 : i + 12])
    return count


def _word_relations(tokens: list[Token]) -> list[Token]:
    """``equals`` and ``is equal to`` become ``=``, ``approximately equal to`` becomes ``≈``."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        words = [t.text.lower() if t.kind is Kind.WORD else "" for t in tokens[i : i + 4]]
        width = 0
        sign = "="
        if words[:1] in (["equals"], ["equaling"]):
            width = 1
        elif words[:3] in (["is", "equal", "to"], ["are", "equal", "to"]):
            width = 3
        elif words[:4] == ["is", "approximately", "equal", "to"]:
            width, sign = 4, "≈"
        if width:
            out.append(replace(token, kind=Kind.RELATION, text=sign, end=tokens[i + width - 1].end))
            i += width
            continue
        out.append(token)
        i += 1
    return out


def _statements(
    text: str, tokens: list[Token], reader: Reader, units: frozenset[str], found: Found
) -> None:
    """``20% of 50 is 10``, ``3 times 4 is 12``: *is* after an operation, before one number."""
    for at, token in enumerate(tokens):
        if token.kind is not Kind.WORD or token.text.lower() not in ("is", "are", "was"):
            continue
        start = max(
            (i + 1 for i in range(max(0, at - 40), at) if tokens[i].kind is Kind.RELATION), default=0
        )
        start = max(start, at - 40, 0)
        stop = next(
            (i for i in range(at + 1, min(at + 12, len(tokens))) if tokens[i].kind in (
                Kind.RELATION, Kind.BREAK)),
            min(at + 12, len(tokens)),
        )
        if stop < len(tokens) and tokens[stop].kind is Kind.RELATION:
            continue
        try:
            before = reader.scan(start, at)
            if not before or before[-1].operators == 0 or _share(before[-1].node):
                continue
            sentence = _sentence_start(tokens, at)
            _refuse_mood(tokens, sentence, at, text)
            previous = tokens[before[-1].start - 1] if before[-1].start else None
            clear = previous is None or previous.kind is Kind.BREAK or (
                previous.text.lower() in OPENERS - {"of", "for", "by", "to", "into"}
            )
            if not clear or before[-1].stop != at:
                continue
            left = _left(reader, tokens, before, start, at)
            after = reader.scan(at + 1, stop)
            right = _right(reader, tokens, after, at + 1, stop)
            if numeral(right) is None or letters(left) or _mood(tokens, sentence, at) == "if":
                continue
            if any(
                t.text.lower() in ("more", "less", "fewer", "older", "younger", "longer", "of")
                for t in tokens[after[0].stop : after[0].stop + 4]
            ):
                continue
            formula, message = _relate("=", left, right, units)
        except UnreadableError:
            continue
        found.claims.append(Claim(formula, left, right, "claim", message))


# --- formulas ------------------------------------------------------------------------------


def relate(op: str, left: Node, right: Node) -> tuple[Formula, str]:
    """The formula of one relation; see ``_relate``."""
    return _relate(op, left, right, frozenset())


def _relate(
    op: str,
    left: Node,
    right: Node,
    units: frozenset[str],
    hints: frozenset[tuple[Fraction, Fraction]] = frozenset(),
) -> tuple[Formula, str]:
    """A formula for ``left op right`` and how it was read; raises UnreadableError.

    Order of readings: as written; with units converted where both sides have units of one
    dimension and different size; ``%`` as a unit where only one side bears it; ``=`` as rounded.
    """
    if op == ":=":
        op = "="
    _check_letters(left, right, units)
    reading = _reading(op, left, right, hints)
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
        bare = [not m and numeral(part) is not None and not numeral(part).label  # type: ignore[union-attr]
                for m, part in zip(marked, group, strict=True)]
        if any(marked) and any(bare) and group is not groups[0]:
            letter = next(iter(set().union(*marked)))
            raise UnreadableError(f"cannot tell whether {letter!r} is a unit or a variable")
        if group is groups[0] and any(marked) and letters(left) | letters(right):
            raise UnreadableError("cannot tell units from variables")
    if isinstance(left, Num) and isinstance(right, Num) and left.letter != right.letter:
        raise UnreadableError("different units on the two sides")


def _holds(op: str, left: Node, right: Node, reading: Reading) -> bool | None:
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
    op: str, left: Node, right: Node, hints: frozenset[tuple[Fraction, Fraction]]
) -> Reading:
    plain = Reading()
    percents = any(n.percent for side in (left, right) for n in numbers(side))
    conflict = _conflicts(left, right)
    both = (numeral(left), numeral(right))
    if not conflict and both[0] is not None and both[1] is not None:
        _check_labels(both[0], both[1])
    if conflict:
        return _convert(op, left, right, conflict)
    holds = _holds(op, left, right, plain)
    if holds is False and op == "=":
        _check_correspondence(left, right)
    if not percents:
        return plain
    if holds:
        return plain
    as_unit = Reading(percent_unit=True)
    if holds is False and _holds(op, left, right, as_unit):
        if _percent_is_unit(left, right):
            return as_unit
        if (value(left, as_unit), value(right, as_unit)) in hints:
            return as_unit
    for group in (*additive_mixtures(left), *additive_mixtures(right)):
        shares = [_is_percent(part) for part in group]
        if any(shares) and not all(shares):
            raise UnreadableError("a percentage added to a number: of what?")
    one_sided = _all_percent(left) != _all_percent(right)
    if one_sided and (both[0] is not None or both[1] is not None) and (
        holds is False and not any(_operations(side) for side in (left, right) if not _all_percent(side))
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
    hundred = any(n.value == 100 for n in (*here, *there))
    one_sided = any(n.percent for n in here) != any(n.percent for n in there)
    mixed = any(n.percent for n in here) and any(not n.percent for n in here)
    whole_sum = one_sided and isinstance(left, Sum) and all(
        numeral(p) is not None for _, p in left.parts
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
    as_written = _holds(op, left, right, plain)
    if as_written is None:
        raise UnreadableError("different units of one kind beside variables")
    converted = _holds(op, left, right, scaled)
    used = {n.value for side in (left, right) for n in numbers(side)}
    explicit = all(r in used or 1 / r in used for r in ratios)
    if as_written and explicit:
        return plain
    if converted:
        return scaled
    if as_written:
        raise UnreadableError("the numbers agree only when different units are ignored")
    return plain


def _check_correspondence(left: Node, right: Node) -> None:
    """``72/5 daps = 42 baps`` relates two things; ``5 = 72`` alone is no arithmetic either.

    Only called for equations that are false as they stand; raises UnreadableError.
    """
    one, two = numeral(left), numeral(right)
    if one is not None and two is not None and not any(
        n.percent or n.decimals or n.unit for n in (one, two)
    ):
        raise UnreadableError("two different numbers and no operation")
    if isinstance(left, Sum):
        return
    mine = {n.label for n in numbers(left)} - {""}
    last = [n.label for n in numbers(left)][-1:]
    yours = [n.label for n in numbers(right)][-1:]
    if len(mine) == 1 and last[0] and yours and yours[0] and "$" not in (last[0], yours[0]):
        if last[0].rstrip("s") != yours[0].rstrip("s"):
            raise UnreadableError(f"{last[0]!r} and {yours[0]!r} are different things")


def _check_labels(left: Num, right: Num) -> None:
    """Two bare numbers with different labels are a correspondence, not an equation."""
    if left.label != right.label and left.label and right.label and left.unit != right.unit:
        raise UnreadableError(f"{left.label!r} and {right.label!r} are different things")
    if (left.label or right.label) and left.unit != right.unit and left.value != right.value:
        raise UnreadableError("a number beside a quantity of another kind")


# --- rounding ------------------------------------------------------------------------------


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
    while (num.value / (places * 10)).denominator == 1 and abs(exact - shown) > places / 2:
        places *= 10
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


def result_values(claim: Claim) -> tuple[Fraction, ...]:
    """The values of both sides of a claim, where they have one."""
    try:
        sides = (value(claim.left), value(claim.right))
    except UnreadableError:
        return ()
    return tuple(v for v in sides if v is not None)


def same(one: Claim, two: Claim) -> bool:
    """The same closed equation in value on both sides, however written."""
    try:
        mine = (value(one.left), value(one.right))
        yours = (value(two.left), value(two.right))
    except UnreadableError:
        return False
    return None not in mine and mine == yours


def written(claim: Claim) -> tuple[Num, ...]:
    """Numerals of a claim's left side, as written; of its right side too if the left has none."""
    return tuple(n for n in leaves(claim.left) if isinstance(n, Num))
