"""Statements without the types and instances that they are for.

``∀ {α : Type u} [inst : BEq α] {xs : List α}, ...`` and half of a library begin alike: an encoder
reads no further than a hundred words or so, and tells texts apart by what is left.
"""

from __future__ import annotations

import re
from typing import Final

_CLOSING: Final = {"(": ")", "{": "}", "[": "]", "⦃": "⦄"}
_OPEN: Final = frozenset("([{⦃⟨")
_CLOSE: Final = frozenset(")]}⦄⟩")
_SORT: Final = re.compile(r"(?:Type|Sort)\b")
# A line of a tactic state that says the same.
_LINE: Final = re.compile(r"^(?:inst✝\S* : .*|[^\n:]*? : (?:Type|Sort)\b[^\n→]*)\n", re.MULTILINE)


def brief(text: str) -> str:
    """A statement or goal without binders of types and of instances; other texts as they are."""
    if "⊢" in text:
        return _LINE.sub("", text)
    kept: list[str] = []
    at = 0
    while text.startswith("∀ ", at):
        binders, end = _binders(text, at + 2)
        if end < 0:  # no statement as Lean prints it
            break
        if binders:
            kept.append(f"∀ {' '.join(binders)}, ")
        at = end
    return "".join(kept) + text[at:]


def _binders(text: str, at: int) -> tuple[list[str], int]:
    """The binders from an index on that say more, and where what they are in front of begins."""
    kept: list[str] = []
    while at < len(text):
        if text[at] not in _CLOSING:
            comma = text.find(", ", at)
            return [*kept, text[at:comma]], comma + 2 if comma >= 0 else -1
        end = _end(text, at)
        if end < 0:
            return kept, -1
        group = text[at:end]
        if group[0] != "[" and not _SORT.match(group.partition(" : ")[2]):
            kept.append(group)
        if text.startswith(", ", end):
            return kept, end + 2
        at = end + 1
    return kept, -1


def _end(text: str, at: int) -> int:
    """The index after the bracket that closes the one at an index; -1 where none does."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] in _OPEN:
            depth += 1
        elif text[place] in _CLOSE:
            depth -= 1
            if not depth:
                return place + 1
    return -1
