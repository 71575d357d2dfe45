"""Texts with slots for numbers and names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from neurosym.augment.numeric import names
from neurosym.augment.numeric.mentions import Mention, Style
from neurosym.augment.numeric.sources import Values, number
from neurosym.translate.arithmetic.nodes import Node

_ARTICLE: Final = re.compile(r"\b([Aa])n?\s(\$?)$")
_VOWEL: Final = re.compile(r"(?:8|1[18](?!\d)|1[18],\d{3}|eight|eleven)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A number of a text: the expression for it, and how it is written."""

    node: Node
    style: Style


@dataclass(frozen=True, slots=True)
class NameSlot:
    """A personal name of a text."""

    name: str


Piece: TypeAlias = str | Slot | NameSlot


def render(pieces: tuple[Piece, ...], values: Values, renamed: Mapping[str, str]) -> str:
    """The text with these numbers and names; raises ValueError for a number that cannot be
    written as the original was.
    """
    out = ""
    for piece in pieces:
        match piece:
            case str():
                out += piece
            case NameSlot(name):
                out += renamed.get(name, name)
            case Slot(node, style):
                text = style.write(number(node, values))
                article = _ARTICLE.search(out)
                if article:
                    n = "n" if _VOWEL.match(text) else ""
                    out = f"{out[: article.start()]}{article.group(1)}{n} {article.group(2)}"
                out += text
    return out


def cut(
    text: str,
    found: list[Mention],
    nodes: Sequence[Node | None],
    everyone: tuple[str, ...],
) -> tuple[Piece, ...]:
    """The text cut at its numbers that have an expression, and at names."""
    spans: list[tuple[int, int, Slot | NameSlot]] = [
        (m.start, m.end, Slot(node, m.style))
        for m, node in zip(found, nodes, strict=True)
        if node is not None
    ]
    spans += [(s, e, NameSlot(name)) for s, e, name in names.find(text) if name in everyone]
    out: list[Piece] = []
    at = 0
    for start, end, slot in sorted(spans, key=lambda span: span[0]):
        out += [text[at:start], slot]
        at = end
    return (*out, text[at:])
