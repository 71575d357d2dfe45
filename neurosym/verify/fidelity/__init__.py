"""Does a formula say what its text says? Compared by rule, without a model.

``compare`` finds what text and formula do not agree on; anything found is a reason for the flag
``unfaithful`` beside a verdict, never for another verdict. It may be wrong in both ways, since
the text is read by words and positions and not parsed.
"""

from __future__ import annotations

from typing import Final

from neurosym.verify.fidelity import arguments, names, negation, quantities, structure
from neurosym.verify.fidelity.base import Context, Kind, Mismatch
from neurosym.verify.fidelity.signals import Signal, ask_model
from neurosym.verify.fidelity.words import Matcher, read_words
from provers.errors import InputError
from provers.logic.syntax import Formula, Pred, depth, walk

MAX_CHARACTERS: Final = 20_000
MAX_DEPTH: Final = 200

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "Context",
    "Kind",
    "Mismatch",
    "Signal",
    "ask_model",
    "compare",
]


def compare(text: str, formula: Formula, context: Context | None = None) -> tuple[Mismatch, ...]:
    """What ``text`` (one statement) and ``formula`` do not agree on; empty where nothing is found.

    Deterministic; milliseconds for a sentence.

    Raises:
        InputError: the text has more than ``MAX_CHARACTERS`` characters, or the formula is nested
            deeper than ``MAX_DEPTH``.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the text has {len(text):,} characters: compare at most {MAX_CHARACTERS:,} at once"
        )
    if depth(formula) > MAX_DEPTH:
        raise InputError(f"the formula is nested deeper than {MAX_DEPTH}: split it")
    context = context or Context()
    words = read_words(text)
    matcher = Matcher(words, context.synonyms)
    found = [*quantities.check(words, formula)]
    if any(isinstance(f, Pred) for f in walk(formula)):
        found += names.check(words, formula, matcher, context)
        found += negation.check(words, formula, matcher)
        found += structure.check(words, formula, matcher)
    found += arguments.check(words, formula, matcher)
    return tuple(found)
