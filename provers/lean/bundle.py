"""Several declarations checked in one request, each answered for by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

# Stands behind each declaration: one that breaks off is told so at the word that comes next.
_BETWEEN = "section end\n"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file of declarations; ``spans`` are the first and last line of each, counted from 1."""

    code: str
    spans: tuple[tuple[int, int], ...]

    def shared_out(self, messages: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Each declaration's messages, as a server's answer holds them; others are left out."""
        found: list[list[dict[str, Any]]] = [[] for _ in self.spans]
        for message in messages:
            for own, (first, last) in zip(found, self.spans, strict=True):
                if first <= message["line"] <= last + 1:
                    own.append(message)
        return found


def bundle(preamble: str, declarations: Sequence[str]) -> Bundle:
    """The declarations one after another, behind what all of them need."""
    text, spans = preamble, []
    for declaration in declarations:
        text += "" if text.endswith("\n") or not text else "\n"
        first = text.count("\n") + 1
        text += declaration.rstrip("\n") + "\n"
        spans.append((first, text.count("\n")))
        text += _BETWEEN
    return Bundle(text, tuple(spans))


def is_objection(message: dict[str, Any]) -> bool:
    """Whether a message says that its declaration is not proved."""
    return message["severity"] == "error" or "declaration uses" in message["text"]
