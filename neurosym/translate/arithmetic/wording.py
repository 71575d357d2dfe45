"""What the words around a relation make of it: an assumption, a condition, a denial."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from neurosym.translate.arithmetic.expressions import Item
from neurosym.translate.arithmetic.nodes import Letter, UnreadableError
from neurosym.translate.arithmetic.tokens import Kind, Token
from neurosym.translate.english.lexicon import words

_ASSUME: Final = words(
    "let suppose assume assuming supposing denote define call represent represents"
)


_CONCLUDE: Final = words(
    "then so therefore thus hence get gives obtain becomes write means implies yields have"
)


_NEGATED: Final = re.compile(
    r"\b(?:incorrect|wrong|false|mistake\w*|contradict\w*|impossible|isn't|aren't|"
    r"not (?:true|equal|correct|possible|hold)|(?:does|do)(?:n't| not) (?:equal|hold)|"
    r"can(?:not|'t) be|instead of|rather than)\b",
    re.IGNORECASE,
)

# "2y + 12 = 6. Wait, that's not right.": what was said is taken back at once.
_TAKEN_BACK: Final = re.compile(
    r"\W*(?:wait|hold on|oops|hmm+|no)\b[^.!?]{0,40}"
    r"(?:\bnot\s+(?:right|correct|true)|n['’]t\s+(?:right|correct|true)|\bwrong|\bmistake)\b",
    re.IGNORECASE,
)
# "Initially we had 2y + 12 = 6, but it should be": what stood there once, up to the "but".
_FORMER: Final = re.compile(
    r"\b(?:initially|originally|previously|mistakenly)\s+(?:we|I|you|it)\s+(?:had|wrote|got)\b"
    r"(?!.*\bbut\b)",
    re.IGNORECASE | re.DOTALL,
)


SENTENCE_END: Final = frozenset(".;?!")


_LOOK: Final = 400


def sentence_start(tokens: list[Token], at: int) -> int:
    for i in range(at - 1, max(-1, at - _LOOK), -1):
        token = tokens[i]
        if token.kind is Kind.BREAK and (token.text in SENTENCE_END or "\n" in token.text):
            return i + 1
    return 0


def mood_at(tokens: list[Token], sentence: int, at: int) -> str:
    mood = ""
    for token in tokens[max(sentence, at - _LOOK) : at]:
        word = token.text.lower() if token.kind is Kind.WORD else ""
        if word in _ASSUME:
            mood = "assume"
        elif word in ("if", "when", "whenever"):
            mood = "if" if mood != "assume" else mood
        elif word in _CONCLUDE or (mood == "if" and token.kind is Kind.BREAK and token.text == ","):
            mood = ""
    return mood


def refuse_mood(tokens: list[Token], sentence: int, at: int, text: str) -> None:
    stop = next(
        (
            i
            for i in range(at, min(at + _LOOK, len(tokens)))
            if tokens[i].kind is Kind.BREAK
            and (tokens[i].text in SENTENCE_END or "\n" in tokens[i].text)
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
    if stop < len(tokens) and _TAKEN_BACK.match(text, tokens[stop].end, tokens[stop].end + 80):
        raise UnreadableError("it is taken back in the sentence after it")
    former = _FORMER.search(text, tokens[first].start, tokens[at].start)
    if former:
        raise UnreadableError(f"{former.group()!r}: it is no longer claimed")


def is_definition(tokens: list[Token], at: int, before: list[Item]) -> bool:
    """``x = the number of apples``: a letter, then words."""
    if not before or not isinstance(before[-1].node, Letter) or before[-1].stop != at:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and following.kind is Kind.WORD


def introductions(tokens: list[Token]) -> int:
    """``Let x be the number of apples`` without a relation."""
    count = 0
    for i, token in enumerate(tokens):
        if token.kind is Kind.WORD and token.text.lower() in _ASSUME:
            count += any(t.kind is Kind.LETTER for t in tokens[i + 1 : i + 12])
    return count


def word_relations(tokens: list[Token]) -> list[Token]:
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
