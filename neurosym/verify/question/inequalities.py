"""``Prove that ... >= ...``: an inequality that fails somewhere cannot be proved."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from neurosym.translate.english.lexicon import words
from neurosym.verify.question.base import Fact, Theory, compare, number, quoted, unknown
from neurosym.verify.question.equations import Span, relations, spans
from neurosym.verify.values import letters
from provers.logic.models import FunctionTable, Model, ModelError, evaluate
from provers.logic.syntax import Compare, Eq, Formula, Not

_SHOW: Final = re.compile(r"\b(?:prove|show)\s+that\b", re.IGNORECASE)
_DECLARED: Final = re.compile(
    r"(?P<sign>positive|non-?negative)\s+(?:real\s+)?(?:numbers?|reals)|"
    r"(?P<math>>\s*0|\\ge(?:q|qslant)?\s*0|\\in\s*\\mathbb\s*\{?R\}?\s*\^?_?\{?(?:\+|>0)\}?)",
    re.IGNORECASE,
)
_LETTERS: Final = re.compile(r"(?<![A-Za-z\\])[a-z](?![A-Za-z])")
_LIST: Final = re.compile(r"^\s*[a-z](?:\s*,\s*[a-z]){0,3}\s*(?:(?:>|\\ge(?:q|qslant)?)\s*0\s*)?$")
# Words of a text that says nothing but "let a, b, c be positive reals with ...: prove that ...".
_PLAIN: Final = words(
    """
    let be are is positive nonnegative non-negative non negative real reals numbers number
    for all any if given suppose assume that such satisfying satisfy satisfies with and
    where the following inequality prove show holds then condition of which whose sum
    product a an it every each arbitrary
    """
)
VALUES: Final = tuple(
    Fraction(p, q)
    for p, q in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (4, 1), (1, 4), (8, 1), (1, 8), (10, 1))
)
MAX_TRIES: Final = 4_000


def read_false_inequalities(text: str) -> Iterator[Theory]:
    """Where the inequality to be proved fails: the values, what is given, and its denial.

    The facts of such a theory do hold together, which is the flaw. Only texts are read in which
    every formula and every word is understood.
    """
    show = _SHOW.search(text)
    if show is None or len(text) > 1_500:
        return
    found = spans(text)
    claims = [span for span in found if span.start > show.end()]
    given = [span for span in found if span.start < show.end()]
    if len(claims) != 1 or not _only_plain(text, found):
        return
    named = frozenset(_LETTERS.findall(re.sub(r"\\[a-zA-Z]+", " ", claims[0].text)))
    declared = _DECLARED.search(text)
    if declared is None or not 1 <= len(named) <= 4:
        return
    conditions: list[Fact] = []
    for span in given:
        if _LIST.match(span.text):
            continue
        formulas, complete = relations(span.text, named)
        if not complete or not formulas:
            return
        conditions += [Fact(formula, quoted(span.text)) for formula in formulas]
    goals, complete = relations(claims[0].text, named)
    if not complete or len(goals) != 1 or not isinstance(goals[0], Compare):
        return
    if not letters(goals[0]) <= named or any(not letters(c.formula) <= named for c in conditions):
        return
    signs = [Fact(compare(unknown(n), ">", number(0)), f"{n} is positive") for n in sorted(named)]
    facts = [*signs, *conditions, Fact(Not(goals[0]), f"not: {quoted(claims[0].text)}")]
    values = _counterexample(tuple(sorted(named)), [fact.formula for fact in facts])
    if values is not None:
        chosen = [Fact(Eq(unknown(n), number(v)), f"{n} = {v}", "axiom") for n, v in values.items()]
        yield (*chosen, *facts)


def _only_plain(text: str, found: list[Span]) -> bool:
    rest = list(text)
    for span in found:
        rest[span.start : span.end] = " " * (span.end - span.start)
    words = re.findall(r"[A-Za-z][A-Za-z-]*|\d+", "".join(rest).lower())
    return all(word in _PLAIN for word in words)


def _counterexample(names: tuple[str, ...], formulas: list[Formula]) -> dict[str, Fraction] | None:
    """Small rational values under which all formulas hold, if a short search finds them."""
    tries = itertools.islice(itertools.product(VALUES, repeat=len(names)), MAX_TRIES)
    for values in tries:
        tables = {
            (name, 0): FunctionTable({(): value}) for name, value in zip(names, values, strict=True)
        }
        model = Model({}, tables, {})
        try:
            if all(evaluate(formula, model) for formula in formulas):
                return dict(zip(names, values, strict=True))
        except ModelError:
            continue
    return None


__all__ = ["read_false_inequalities"]
READERS: Final = (read_false_inequalities,)
