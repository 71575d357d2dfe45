"""Claims of a text: its relations, with an expression on each side that was really read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from neurosym.translate.arithmetic.cursor import OPENERS, UNIT_LETTERS
from neurosym.translate.arithmetic.doubt import refuse_doubtful, truth
from neurosym.translate.arithmetic.expressions import Reader
from neurosym.translate.arithmetic.faithfulness import standing_letters
from neurosym.translate.arithmetic.nodes import (
    Letter,
    Node,
    Num,
    UnreadableError,
    leaves,
    letters,
    numeral,
    value,
)
from neurosym.translate.arithmetic.operands import is_share, left_side, refuse_remainder, right_side
from neurosym.translate.arithmetic.relations import relate
from neurosym.translate.arithmetic.tokens import Kind, Token, split_products, tokenize
from neurosym.translate.arithmetic.wording import (
    introductions,
    is_definition,
    mood_at,
    refuse_mood,
    sentence_start,
    word_relations,
)
from provers.logic.syntax import And, Eq, Formula, Implies


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


MAX_RELATIONS: Final = 200


def read(
    text: str,
    variables: frozenset[str],
    hints: frozenset[tuple[Fraction, Fraction]] = frozenset(),
) -> Found:
    """All claims of normalised text; ``variables`` are letters already met as variables.

    ``hints`` are the values of both sides of annotations, which say how ``%`` was meant.
    """
    tokens = word_relations(tokenize(text))
    known = standing_letters(tokens) | variables
    tokens = split_products(tokens, known)
    units = UNIT_LETTERS - known
    found = Found()
    reader = Reader(tokens, units)
    relations = [i for i, t in enumerate(tokens) if t.kind is Kind.RELATION]
    if len(relations) > MAX_RELATIONS:
        found.unread.append(f"more than {MAX_RELATIONS} relations: give the text step by step")
        return found
    edges = [-1, *relations, len(tokens)]
    items = [reader.scan(edges[k] + 1, edges[k + 1]) for k in range(len(edges) - 1)]
    conditions: list[tuple[int, Formula]] = []
    origin = 0
    absurd = False
    for k, at in enumerate(relations):
        sentence = sentence_start(tokens, at)
        try:
            refuse_mood(tokens, sentence, at, text)
            right = right_side(reader, tokens, items[k + 1], at + 1, edges[k + 2])
            left = left_side(reader, tokens, items[k], edges[k] + 1, at, bool(letters(right)))
            chained = edges[k] >= 0 and items[k][-1].start == edges[k] + 1
            refuse_remainder(tokens, at, edges[k + 2], left, right)
            formula, message = relate(tokens[at].text, left, right, units, hints, chained)
            origin = origin if chained else items[k][-1].start
            holds = None if letters(left) | letters(right) else truth(formula)
            mood = mood_at(tokens, sentence, at)
            if holds is False and mood == "assume":
                absurd = True
            if holds is not True and absurd:
                raise UnreadableError("what is false is supposed here")
            refuse_doubtful(tokens, sentence, origin, at, text, holds, mood == "if")
        except UnreadableError as trouble:
            if is_definition(tokens, at, items[k]):
                found.definitions += 1
            else:
                found.unread.append(f"{_excerpt(text, tokens, at)!r}: {trouble}")
            continue
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
        found.definitions += introductions(tokens)
    _statements(text, tokens, reader, units, found)
    _withdraw_alternatives(found)
    return found


def _withdraw_alternatives(found: Found) -> None:
    """Withdraw ``x = 2 and x = 3 are the solutions``: no letter has two values at once."""
    values: dict[str, set[Fraction]] = {}
    for claim in found.claims:
        shown = numeral(claim.right)
        if isinstance(claim.left, Letter) and shown is not None and isinstance(claim.formula, Eq):
            values.setdefault(claim.left.name, set()).add(shown.value)
    for name in (n for n, several in values.items() if len(several) > 1):
        found.unread.append(f"{name!r} is said to have several values")
        found.claims = [
            c for c in found.claims if not (isinstance(c.left, Letter) and c.left.name == name)
        ]


def _statements(
    text: str, tokens: list[Token], reader: Reader, units: frozenset[str], found: Found
) -> None:
    """``20% of 50 is 10``, ``3 times 4 is 12``: *is* after an operation, before one number."""
    verbs = [
        i
        for i, t in enumerate(tokens)
        if t.kind is Kind.WORD and t.text.lower() in ("is", "are", "was")
    ]
    for at in verbs[:MAX_RELATIONS]:
        start = max(
            (i + 1 for i in range(max(0, at - 40), at) if tokens[i].kind is Kind.RELATION),
            default=0,
        )
        start = max(start, at - 40, 0)
        stop = next(
            (
                i
                for i in range(at + 1, min(at + 12, len(tokens)))
                if tokens[i].kind in (Kind.RELATION, Kind.BREAK)
            ),
            min(at + 12, len(tokens)),
        )
        if stop < len(tokens) and tokens[stop].kind is Kind.RELATION:
            continue
        try:
            before = reader.scan(start, at)
            if not before or before[-1].operators == 0 or is_share(before[-1].node):
                continue
            sentence = sentence_start(tokens, at)
            refuse_mood(tokens, sentence, at, text)
            previous = tokens[before[-1].start - 1] if before[-1].start else None
            clear = (
                previous is None
                or previous.kind is Kind.BREAK
                or (previous.text.lower() in OPENERS - {"of", "for", "by", "to", "into"})
            )
            if not clear or before[-1].stop != at:
                continue
            left = left_side(reader, tokens, before, start, at)
            after = reader.scan(at + 1, stop)
            right = right_side(reader, tokens, after, at + 1, stop)
            if numeral(right) is None or letters(left) or mood_at(tokens, sentence, at) == "if":
                continue
            if any(
                t.text.lower() in ("more", "less", "fewer", "older", "younger", "longer", "of")
                for t in tokens[after[0].stop : after[0].stop + 4]
            ):
                continue
            refuse_remainder(tokens, at, len(tokens), left, right)
            formula, message = relate("=", left, right, units)
            refuse_doubtful(tokens, sentence, before[-1].start, at, text, truth(formula))
        except UnreadableError:
            continue
        found.claims.append(Claim(formula, left, right, "claim", message))


def _excerpt(text: str, tokens: list[Token], at: int) -> str:
    start = tokens[max(0, at - 4)].start
    stop = tokens[min(len(tokens) - 1, at + 4)].end
    return re.sub(r"[\x02-\x04\s]+", " ", text[start:stop]).strip()[:80]


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
