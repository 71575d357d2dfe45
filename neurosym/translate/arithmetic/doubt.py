"""Relations that a text holds without claiming them: denied, supposed, quoted, alternative.

A denied relation is never read. Other doubtful surroundings ("Tom says that", "rounded up")
only count against a closed relation that is false as written, since it may not be meant as it
stands: a false claim is worth reporting only where it is certain that it is made.
"""

from __future__ import annotations

import re
from typing import Final

from neurosym.translate.arithmetic.nodes import UnreadableError
from neurosym.translate.arithmetic.tokens import Kind, Token
from neurosym.translate.arithmetic.wording import SENTENCE_END
from neurosym.translate.english.lexicon import words
from provers.logic.models import Model, ModelError, evaluate
from provers.logic.syntax import Formula

_DENYING: Final = words(
    "not never neither nor cannot isn't aren't wasn't weren't doesn't don't didn't can't won't "
    "wouldn't unless whether"
)
_REJECTED: Final = re.compile(
    r"^\W*unless\b|\b(?:absurd|fails?|incorrect\w*|miscalculat\w*|erroneous\w*|invalid)\b"
    r"|\bno \w+ (?:satisf|with|such|has|have)"
    r"|\bwithout (?:\w+ )?(?:groundwork|grounds?|basis|justification|reason)\b",
    re.IGNORECASE,
)
_UNSURE: Final = re.compile(
    r"\b(?:thinks?|thought|believes?|believed|guess(?:es|ed)?|claims?|claimed|says?|said|supposed"
    r"|error|errors|round(?:s|ed|ing)?|nearest|floor|ceil(?:ing)?|whole number|integer part"
    r"|assumption|hypothe\w*|wants?|check|verify|see if|if|had|might|nobody|no one|would have"
    r"|modulo|mod|base|clock|o'clock|[ap]\.?m)\b",
    re.IGNORECASE,
)
# "The line y = 2x" describes points; it does not say what x and y are.
_DESCRIBED: Final = re.compile(
    r"\b(?:lines?|curves?|circles?|parabolas?|hyperbolas?|ellipses?|graph(?:s|ed)?|directrix|loci|locus"
    r"|asymptotes?|tangent|intersect\w*|represents?|describes?|axis|axes|planes?|spheres?|region)\b",
    re.IGNORECASE,
)
_TRYING: Final = words(
    "substitute substituting substituted plug plugging plugged try trying tried setting set at "
    "from for choose choosing chose if when"
)
_UNMET: Final = re.compile(r"(?:n['’]t|\bnot) (?:satisfy|work)\b", re.IGNORECASE)
_ROUGHLY: Final = words("about approximately around roughly nearly almost")
# What multiplies a number without being a unit that is known here.
_SCALES: Final = words(
    "pair pairs couple couples score scores quarters quarter nickels dimes k am pm"
)
_QUALIFYING: Final = words("unless if when whenever provided except until assuming for while")
_BOUNDS: Final = ("at most", "at least", "or more", "or less", "or so", "maximum", "minimum")
_REACH: Final = 12
_BEFORE: Final = 4


def truth(formula: Formula) -> bool | None:
    """Whether a closed formula over numbers holds; None where it cannot be told."""
    try:
        return evaluate(formula, Model({}, {}, {}))
    except ModelError:
        return None


def refuse_doubtful(
    tokens: list[Token],
    sentence: int,
    start: int,
    at: int,
    text: str,
    holds: bool | None,
    conditional: bool = False,
) -> None:
    """Raises UnreadableError where the relation at ``at`` may not be claimed.

    ``start`` is where its chain of expressions begins, ``holds`` its truth; None with letters.
    ``conditional``: it will be read as the condition of what follows.
    """
    stop = _sentence_stop(tokens, at)
    for token in reversed(tokens[max(sentence, start - _BEFORE) : start]):
        if token.kind in (Kind.BREAK, Kind.RELATION):
            break
        if token.text.lower() in _DENYING:
            raise UnreadableError(f"{token.text!r} may deny the relation")
    last = tokens[min(stop, len(tokens) - 1)]
    said = text[tokens[sentence].start : last.end]
    rejected = _REJECTED.search(said)
    if rejected:
        raise UnreadableError(f"{rejected.group().strip()!r} may deny the relation")
    near = [t.text.lower() for t in tokens[max(sentence, at - _REACH) : min(stop, at + _REACH)]]
    if holds is None:
        _refuse_qualified(tokens, at, stop)
        described = _DESCRIBED.search(said) or _UNMET.search(said)
        if described:
            raise UnreadableError(f"beside {described.group()!r} it may only describe something")
        for token in tokens[max(sentence, start - 2) : start]:
            if token.text.lower() in _TRYING and not conditional:
                raise UnreadableError(f"{token.text!r}: what is tried is not claimed")
        if "or" in near or "iff" in near:
            raise UnreadableError("one of several alternatives")
        _refuse_list(tokens, at, stop)
    if holds is not False:
        return
    if "or" in near:
        raise UnreadableError("one of several alternatives")
    unsure = _UNSURE.search(said)
    if unsure:
        raise UnreadableError(f"false as written, but {unsure.group()!r} may change that")
    if any(t.text.lower() in _ROUGHLY for t in tokens[at + 1 : at + 3]):
        raise UnreadableError("false as written, but said to be rough")
    for token in tokens[start : min(stop, at + _REACH)]:
        if token.text.lower() in _SCALES:
            raise UnreadableError(f"cannot read {token.text!r} beside a number")
    _refuse_range(tokens, start, at)


def _sentence_stop(tokens: list[Token], at: int) -> int:
    for i in range(at, len(tokens)):
        token = tokens[i]
        if token.kind is Kind.BREAK and (token.text in SENTENCE_END or "\n" in token.text):
            return i
    return len(tokens)


def _refuse_qualified(tokens: list[Token], at: int, stop: int) -> None:
    """``x = 5 unless it rains``, ``x = 5 at most``, ``x = 5 for Tom``."""
    after = [t.text.lower() for t in tokens[at + 1 : stop]]
    for word in after:
        if word in _QUALIFYING:
            raise UnreadableError(f"only with what {word!r} says")
    said = f" {' '.join(after[:_REACH])} "
    for words_ in _BOUNDS:
        if f" {words_} " in said:
            raise UnreadableError(f"{words_!r} makes it no equation")


def _refuse_list(tokens: list[Token], at: int, stop: int) -> None:
    """``x = 2, 3``: several values."""
    kinds = [t.kind for t in tokens[at + 1 : min(stop, at + 5)]]
    if kinds[:3] == [Kind.NUMBER, Kind.BREAK, Kind.NUMBER] and kinds[3:] in ([], [Kind.BREAK]):
        raise UnreadableError("several values")


def _refuse_range(tokens: list[Token], start: int, at: int) -> None:
    """``pages 10-20``, ``3 boxes of 4 + 2``, a dash that opens a line, ``1.000,50``."""
    first, rest = tokens[start], tokens[start : start + 3]
    if (
        [t.kind for t in rest] == [Kind.NUMBER, Kind.OPERATOR, Kind.NUMBER]
        and rest[1].text == "-"
        and rest[1].glued
        and rest[2].glued
        and rest[0].value < rest[2].value
    ):
        raise UnreadableError("may be a range")
    if first.kind is Kind.OPERATOR and first.text == "-" and not tokens[start + 1].glued:
        raise UnreadableError("a dash or a minus sign")
    before = tokens[max(0, start - 2) : start]
    if [t.text for t in before[-1:]] == [","] and first.glued and before[-1].glued:
        raise UnreadableError("a comma inside a number")
    if before[-1:] and before[-1].text.lower() == "of":
        counted = tokens[max(0, start - 5) : start - 1]
        if any(t.kind is Kind.NUMBER for t in counted):
            raise UnreadableError("so many of what follows")
