"""Equations and inequalities that a question gives: do they hold together?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from neurosym.translate.arithmetic.claims import read
from neurosym.translate.arithmetic.latex import plain
from neurosym.verify.question.base import Fact, Theory, quoted
from neurosym.verify.segment import sentences
from neurosym.verify.values import is_linear
from provers.logic.syntax import Formula

MAX_SPAN: Final = 400
_SPAN: Final = re.compile(
    rf"(?<!\\)\$\$(?P<a>[^$]{{1,{MAX_SPAN}}})\$\$|(?<!\\)\$(?P<b>[^$]{{1,{MAX_SPAN}}})\$"
    rf"|\\\((?P<c>.{{1,{MAX_SPAN}}}?)\\\)|\\\[(?P<d>.{{1,{MAX_SPAN}}}?)\\\]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Mathematics between its delimiters; ``start`` and ``end`` take them in."""

    text: str
    start: int
    end: int


def spans(text: str) -> list[Span]:
    """The formulas of a text, in order."""
    found = []
    for match in _SPAN.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        found.append(Span(inner.strip(), match.start(), match.end()))
    return found


def relations(text: str, variables: frozenset[str] = frozenset()) -> tuple[list[Formula], bool]:
    """The relations of one formula, and whether all of it was read.

    ``variables`` are letters (a to z) whose juxtaposition is a product.
    """
    if variables:
        glued = re.compile(rf"(?<![A-Za-z\\])[{''.join(sorted(variables))}]{{2,4}}(?![A-Za-z])")
        text = glued.sub(lambda match: " * ".join(match.group()), text)
    found = read(plain(text.strip().rstrip(".,;")), variables)
    return [claim.formula for claim in found.claims], not found.unread and not found.definitions


# What is asked or to be shown is not given.
_ASKING: Final = re.compile(
    r"\b(?:find|solve|determine|prove|show|compute|calculate|evaluate|verify|how\s+many|for\s+"
    r"(?:which|what)|"
    r"what|which|whether|does|is\s+it|can|disprove|true\s+or\s+false|find\s+all|explain|why"
    r"|simplify|"
    r"correct|incorrect|wrong|mistake|error|impossible|no\s+solutions?|define[ds]?|operation"
    r"|denotes?|"
    r"mod|modulo|base|binary|cryptarithm|digit|digits|matri(?:x|ces)|vectors?|sets?|complex"
    r"|imaginary|"
    r"congruent|approximat\w+|or|unless|not|never)\b|\\(?:pmod|bmod|mod|equiv|star|oplus|begin"
    r"|vec|infty)",
    re.IGNORECASE,
)
# "Profits at t = 3 and t = 9": values that are taken one after the other.
_TAKEN: Final = re.compile(
    r"\b(?:at|between|from|both|for|when|until|after|before|in)\s*$", re.IGNORECASE
)
_YES_NO: Final = re.compile(
    r"\s*(?:is|are|was|were|does|do|did|can|could|will|would|has|have)\b.*\?\s*$", re.I | re.S
)
_GIVING: Final = re.compile(
    r"\b(?:if|given|suppose|assume|let|where|such\s+that|satisf\w+|with|when|since|know\w*|has"
    r"|have|are|is|of)\b",
    re.IGNORECASE,
)


def read_equations(text: str) -> Iterator[Theory]:
    """The relations that one sentence gives, before anything is asked in it."""
    for sentence in sentences(text):
        first = _ASKING.search(_without_math(sentence))
        limit = first.start() if first is not None else len(sentence)
        facts: list[Fact] = []
        if _SPECIAL.search(sentence) or _YES_NO.match(sentence):
            continue
        for span in spans(sentence):
            if span.end > limit:
                break
            formulas, complete = relations(span.text)
            if _TAKEN.search(sentence[max(0, span.start - 12) : span.start]):
                break
            if complete and formulas:
                facts += [Fact(formula, quoted(span.text)) for formula in formulas]
        facts = [fact for fact in facts if is_linear(fact.formula)]
        if facts and _GIVING.search(sentence[:limit]):
            yield tuple(facts)


# A curve's equation holds on the curve, not of one point; and signs with meanings of their own.
_SPECIAL: Final = re.compile(
    r"\b(?i:lines?|circles?|curves?|graphs?|planes?|ellipse|parabolas?|hyperbola|functions?|"
    r"points?|tangent|asymptotes?|region|sequence|respectively|equations?)\b|"
    r"\\(?:pmod|bmod|mod|equiv|star|oplus|circ|vec|infty|lim|to|mapsto|rightarrow|overline|angle|"
    r"sim|cong)\b|\bmod\b|\bbase\b|\bor\b",
)


def _without_math(sentence: str) -> str:
    """The sentence with its formulas blanked out, at the same positions."""
    return _SPAN.sub(lambda match: " " * len(match.group()), sentence)


# --- one function --------------------------------------------------------------------------

_DEFINITION: Final = re.compile(
    r"^\s*(?P<f>[a-zA-Z])\s*\(\s*(?P<x>[a-z])\s*\)\s*=(?P<body>[^=<>]{1,200})$"
)
# A function that is said to be so on a part of its domain only.
_PIECEWISE: Final = re.compile(
    r"\\in\s*(?:\\left)?[(\[]|\b(?:interval|otherwise|when|for\s+(?:even|odd|positive"
    r"|negative))\b|cases|"
    r"\\l?dots|period",
    re.IGNORECASE,
)
_CALL: Final = re.compile(r"(?<![A-Za-z\\])(?P<f>[a-zA-Z])\s*\((?P<arg>[^()=<>]{1,30})\)")


def read_functions(text: str) -> Iterator[Theory]:
    """``f(x) = ax^2 + 2x`` and ``f(x - 1) = f(x) + x - 1``: what holds for all x, at 2 to 5."""
    found = spans(text)
    own = [
        (m, _PIECEWISE.search(text[span.end : span.end + 80].split(". ")[0]) is not None)
        for span in found
        if (m := _DEFINITION.match(span.text)) is not None and not _CALL.search(m["body"])
    ]
    for definition in {m["f"]: m for m, _ in own}.values():
        name, variable, body = definition["f"], definition["x"], definition["body"]
        bodies = {m["body"] for m, _ in own if m["f"] == name}
        if len(bodies) > 1 or any(partly for m, partly in own if m["f"] == name):
            continue
        for span in found:
            calls = [m for m in _CALL.finditer(span.text) if m["f"] == name]
            if not calls or span.text.count("=") != 1 or span.text == definition.string:
                continue
            if re.search(r"[<>]|\\(?:le|ge|ne|lt|gt)", span.text):
                continue
            general = any(variable in m["arg"] for m in calls)
            facts: list[Fact] = []
            for point in range(2, 6) if general else (None,):
                formula = _instance(span.text, name, variable, body, point)
                if formula is not None:
                    at = f" for {variable} = {point}" if general else ""
                    facts.append(
                        Fact(formula, f"{quoted(definition.string)}, {quoted(span.text)}{at}")
                    )
            if facts:
                yield tuple(facts)


def _instance(text: str, name: str, variable: str, body: str, point: int | None) -> Formula | None:
    """The equation with the function's calls written out, at one point."""

    def call(match: re.Match[str]) -> str:
        if match["f"] != name:
            return match.group()
        return f"({_replaced(body, variable, match['arg'])})"

    written = _CALL.sub(call, text)
    if point is not None:
        written = _replaced(written, variable, str(point))
    if _CALL.search(written) and f"{name}(" in written:
        return None
    formulas, complete = relations(written, frozenset("abcdkmnpqrst"))
    return formulas[0] if complete and len(formulas) == 1 else None


def _replaced(body: str, variable: str, by: str) -> str:
    return re.sub(
        rf"(?<![A-Za-z\\]){variable}(?![A-Za-z])|(?<=[a-z0-9]){variable}(?![A-Za-z])",
        f"({by})",
        body,
    )


READERS: Final = (read_equations, read_functions)
