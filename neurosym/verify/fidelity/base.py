"""What a comparison of a text with its formula finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "quantity",
    "name",
    "negation",
    "quantifier",
    "comparative",
    "argument_order",
    "connective",
]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that the text and the formula do not agree on.

    ``text_part`` and ``formula_part`` are the words and the symbols concerned; either is empty
    where the other side has something that this side lacks.
    """

    kind: Kind
    message: str
    text_part: str = ""
    formula_part: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the pair.

    ``names`` are the predicates and constants of the whole problem; a word of the text that fits
    one of them and that no name of the formula accounts for is a mismatch. ``synonyms`` maps a
    word or a name to words that may stand for it in a text ("automobile" for ``car``).
    """

    names: frozenset[str] = frozenset()
    synonyms: Mapping[str, frozenset[str]] = field(default_factory=dict)
