"""Arithmetic in running text to formulas: equations, chains, percentages, units, rounding.

What is claimed becomes closed formulas over exact rationals; letters are constants (parameters
of the problem). What cannot be read for certain stays ``untranslated``, with the reason.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from typing import Final

from neurosym.translate import english
from neurosym.translate.arithmetic.claims import (
    Claim,
    Found,
    read,
    result_values,
    same,
    written,
)
from neurosym.translate.arithmetic.faithfulness import COMMON, MAX_TEXT, Quantities
from neurosym.translate.arithmetic.latex import needs_sympy, plain, through_sympy
from neurosym.translate.arithmetic.nodes import UnreadableError, letters, numeral, term, value
from neurosym.translate.base import Status, Translation
from provers.errors import MissingToolError
from provers.logic.syntax import Eq, Formula

__all__ = ["COMMON", "MAX_TEXT", "NOT_READ", "NO_RELATION", "Quantities", "translate"]

NO_RELATION: Final = "no arithmetic relation found"
"""The one message about a text that is not about numbers at all."""
NOT_READ: Final = "not read:"
"""How each message begins that names a relation or claim which was not read."""

TRANSLATOR: Final = "arithmetic"
_ANNOTATION: Final = re.compile(r"<<([^<>\n]{0,300})>>")
_MAX_MESSAGES: Final = 8
_MAX_PROSE: Final = 2_000


def translate(text: str, known: Quantities | None = None) -> Translation:
    """The arithmetic claims of a step, in order; never raises on any text.

    ``known`` are the numbers (and variables) of the question and earlier steps; with it, a
    claim that uses a number from nowhere gets the flag ``unfaithful``. Text of more than
    20,000 characters is not read.
    """
    if len(text) > MAX_TEXT:
        return _untranslated(text, (f"longer than {MAX_TEXT} characters: give it step by step",))
    variables = known.variables if known is not None else frozenset()
    drawing = _DRAWING.search(text)
    if drawing is not None:
        return _untranslated(text, (f"{NOT_READ} {drawing.group()!r} begins code",))
    inner = [m.group(1) for m in _ANNOTATION.finditer(text)]
    visible = _ANNOTATION.sub("", text)
    percents = "%" in visible or "percent" in visible
    hints = _hints(inner) if percents else frozenset()
    found = read(plain(visible), variables, hints)
    claims = [c for c in found.claims if c.kind == "claim"]
    if not found.claims and "\\" in text:
        return _by_sympy(text, found)
    assumptions = tuple(c.formula for c in found.claims if c.kind == "assumption")
    messages = [f"{c.message}: {_where(c)}" for c in found.claims if c.message]
    messages += [f"{NOT_READ} {piece}" for piece in found.unread]
    if claims:
        messages += [f"{NOT_READ} {c!r} claims something else" for c in _other_claims(visible)]
    if inner:
        claims = _annotated(text, inner, claims, found, messages)
    formulas = tuple(dict.fromkeys(c.formula for c in claims))
    flags: tuple[str, ...] = ()
    if known is not None and formulas:
        strangers = _strangers(claims, known)
        if strangers:
            flags = ("unfaithful",)
            messages += [f"unfaithful: {n} comes from nowhere" for n in strangers]
    kept = tuple(dict.fromkeys(messages))[:_MAX_MESSAGES]
    if formulas:
        return Translation(text, Status.TRANSLATED, TRANSLATOR, formulas, flags, kept, assumptions)
    if assumptions or found.definitions:
        return Translation(text, Status.NO_CLAIM, TRANSLATOR, (), (), kept, assumptions)
    return _untranslated(text, kept or (NO_RELATION,))


_DRAWING: Final = re.compile(r"\[asy\]|```")
_CLAUSE_END: Final = re.compile(
    r"[,;:.!?\n]|\b(?:so|therefore|thus|hence|because|since|and|but|then|which means)\b",
    re.IGNORECASE,
)
_NO_PROSE: Final = re.compile(r"[\d=<>+*/\\$≈≠≤≥]")


def _other_claims(text: str) -> list[str]:
    """Clauses without numbers that the controlled English reads: "2 + 2 = 4, so Rex is red"."""
    clauses = (piece.strip() for piece in _CLAUSE_END.split(text[:_MAX_PROSE]))
    return [
        clause
        for clause in clauses
        if 2 <= clause.count(" ") + 1 <= 20
        and not _NO_PROSE.search(clause)
        and english.translate(clause).status is Status.TRANSLATED
    ][:_MAX_MESSAGES]


_RELATION: Final = re.compile(r"(?<![<>:!=])=(?![=>])")
_MATH: Final = re.compile(r"(?<!\\)\$\$?([^$]{1,300})\$\$?|\\\((.{1,300}?)\\\)|\\\[(.{1,300}?)\\\]")


def _by_sympy(text: str, found: Found) -> Translation:
    """Equations of whole math spans, where only ``latex2sympy2_extended`` can read them."""
    formulas: list[Formula] = []
    messages = [f"{NOT_READ} {piece}" for piece in found.unread]
    for match in _MATH.finditer(text):
        span = next(g for g in match.groups() if g is not None).strip().rstrip(".,")
        sides = _RELATION.split(span)
        if len(sides) < 2 or not needs_sympy(span) or re.search(r"[<>]|\\[lg]e|\\n|&", span):
            continue
        # prose that surrounds a formula may change it; only statements that stand alone count
        if not _BARE_CONTEXT.search(text[: match.start()].rstrip()[-30:]):
            continue
        try:
            terms = [through_sympy(side.strip()) for side in sides]
        except MissingToolError as trouble:
            return _untranslated(text, (str(trouble),))
        except ValueError as trouble:
            messages.append(f"{NOT_READ} {span[:60]!r}: {trouble}")
            continue
        formulas += [Eq(a, b) for a, b in pairwise(terms)]
        messages.append(f"read by latex2sympy2_extended: {span[:60]!r}")
    kept = tuple(messages)[:_MAX_MESSAGES]
    if formulas:
        return Translation(text, Status.TRANSLATED, TRANSLATOR, tuple(formulas), (), kept)
    if found.definitions:
        return Translation(text, Status.NO_CLAIM, TRANSLATOR, (), (), kept)
    return _untranslated(text, kept or (NO_RELATION,))


_BARE_CONTEXT: Final = re.compile(
    r"(?:\A|[.:;,!]|\b(?:so|then|that|have|get|is|thus|therefore|hence|since|obtain|and))\Z",
    re.IGNORECASE,
)


def _untranslated(text: str, messages: tuple[str, ...]) -> Translation:
    return Translation(text, Status.UNTRANSLATED, TRANSLATOR, (), (), messages)


def _where(claim: Claim) -> str:
    num = numeral(claim.right)
    return f"… = {num.text}" if num is not None and num.text else "an equation"


def _annotated(
    text: str, inner: list[str], claims: list[Claim], found: Found, messages: list[str]
) -> list[Claim]:
    """The visible claims and those of ``<<a=b>>`` that say something more.

    Where the visible equation could not be read, the number that is shown after the annotation
    must be the annotation's result.
    """
    out = list(claims)
    shown = [m.end() for m in _ANNOTATION.finditer(text)]
    for piece, end in zip(inner, shown, strict=True):
        noted = read(plain(piece), frozenset())
        for claim in noted.claims:
            if claim.left == claim.right or _reflexive(claim):
                if not claims:
                    messages.append(f"the annotation {piece!r} says nothing")
                continue
            if not any(same(claim, c) for c in out):
                out.append(claim)
        messages += [f"{NOT_READ} annotation {piece!r}: {u}" for u in noted.unread]
        if noted.claims and not claims:
            formula = _displayed(noted.claims[-1], text[end : end + 40])
            if formula is not None:
                out.append(formula)
    return out


def _hints(inner: list[str]) -> frozenset[tuple[Fraction, Fraction]]:
    """The two sides' values of every annotation that has them."""
    pairs = (
        result_values(claim) for piece in inner for claim in read(plain(piece), frozenset()).claims
    )
    return frozenset((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def _reflexive(claim: Claim) -> bool:
    return (
        numeral(claim.left) is not None
        and isinstance(claim.formula, Eq)
        and (claim.formula.left == claim.formula.right)
    )


def _displayed(noted: Claim, after: str) -> Claim | None:
    """A claim that the annotation's result is the number shown after it, where they differ."""
    match = re.match(r"\s?\$?\s?(\d[\d,]*(?:\.\d+)?|\.\d+)(?![\d,]*[\d%/¢])\s?(\w*)", after)
    if match is None or match.group(2).lower() in ("dozen", "hundred", "thousand", "million", "x"):
        return None
    number = match.group(1).rstrip(",")
    probe = read(f"{number} = {number}", frozenset()).claims
    result = noted.right
    if not probe:
        return None
    try:
        noted_value, shown_value = value(result), value(probe[0].right)
    except UnreadableError:
        return None
    if noted_value is None or shown_value is None or noted_value == shown_value:
        return None
    shown = numeral(probe[0].right)
    if shown is None or abs(noted_value - shown_value) <= Fraction(1, 2 * 10**shown.decimals):
        return None  # the annotation's result, rounded for showing
    return Claim(Eq(term(result), term(shown)), result, shown, "claim")


def _strangers(claims: list[Claim], known: Quantities) -> list[str]:
    """Numbers on left sides that come from nowhere, as written."""
    results: set[Fraction] = set()
    out: list[str] = []
    before: Claim | None = None
    for claim in claims:
        # Coefficients of an equation with letters come from algebra, which the prover judges;
        # the middle of a chain holds partial results of what stands before it.
        chained = before is not None and claim.left is before.right
        before = claim
        if chained or letters(claim.left) or letters(claim.right):
            results.update(result_values(claim))
            continue
        for num in written(claim):
            exact = num.value
            if numeral(claim.left) is not None or exact in results:
                continue
            allowed = known.allows(exact) or (num.percent and known.allows(exact / 100))
            text = num.text
            if not allowed and text not in out:
                out.append(text)
        results.update(result_values(claim))
    return out
