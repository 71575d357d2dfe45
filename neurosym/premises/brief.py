"""Goals as the statements that they are, and statements without the types that they are for.

A library holds statements, so a goal is searched for as one. ``∀ {α : Type u} [inst : BEq α]
{xs : List α}, ...`` and half of a library begin alike: an encoder reads no further than a hundred
words or so, and tells texts apart by what is left.
"""

from __future__ import annotations

import re
from typing import Final

from provers.lean.goals import entries

_CLOSING: Final = {"(": ")", "{": "}", "[": "]", "⦃": "⦄"}
_OPEN: Final = frozenset("([{⦃⟨")
_CLOSE: Final = frozenset(")]}⦄⟩")
_SORT: Final = re.compile(r"(?:Type|Sort)\b")
_ENTRY: Final = re.compile(r"([^:\n]+?) : (.+)", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d][\w'!?₀-₉]*")


def brief(text: str) -> str:
    """A statement or goal without binders of types and of instances; other texts as they are."""
    text = stated(text)
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


def stated(text: str) -> str:
    """The first goal of a tactic state as a statement; other texts as they are.

    What the rest speaks of is a variable, and what it does not is an assumption.
    """
    if "⊢" not in text:
        return text
    before, _, behind = text.replace("✝", "").partition("⊢")
    goal = " ".join(entries(behind.strip("\n"))[0].split())
    context = map(_ENTRY.fullmatch, entries(before.strip("\n")))
    said = [(found[1].split(), " ".join(found[2].split())) for found in context if found]
    mentioned = set(_WORD.findall(goal)).union(*(_WORD.findall(type_) for _, type_ in said))
    variables, assumed = [], []
    for names, type_ in said:
        if names[0].startswith("inst"):
            variables.append(f"[{type_}]")
        elif _SORT.match(type_) or not mentioned.isdisjoint(names):
            variables.append(f"{{{' '.join(names)} : {type_}}}")
        else:
            far = type_.startswith(("∀", "∃")) or " → " in type_
            assumed.append(f"({type_})" if far else type_)
    quantified = f"∀ {' '.join(variables)}, " if variables else ""
    return quantified + "".join(f"{one} → " for one in assumed) + goal


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
