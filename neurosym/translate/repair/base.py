"""What a repair is: one change to what a model wrote, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "text",
    "symbols",
    "quantifier",
    "brackets",
    "ellipsis",
    "argument",
    "membership",
    "truth",
    "equality",
    "scope",
    "sort",
    "arity",
    "negated_name",
    "merge",
]


@dataclass(frozen=True, slots=True)
class Repair:
    """One change and why; ``message`` is a sentence that names what was changed."""

    kind: Kind
    message: str
