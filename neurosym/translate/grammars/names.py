"""Names that are none of a list of words, as GBNF, which has no look-around."""

from __future__ import annotations

import string
from collections.abc import Collection
from typing import Final

_FIRST: Final = string.ascii_letters


def identifier(words: Collection[str], rest: str, *, stem: str = "") -> str:
    """GBNF for the names that are none of ``words``, and do not begin with ``stem`` if given.

    A name is an ASCII letter and then characters of ``rest``; the expression refers to
    ``tail``, which is what ``tail(rest)`` defines.
    """
    return _behind("", frozenset(words), rest, stem)


def tail(rest: str) -> str:
    """The rule ``tail`` as a line of GBNF: any number of characters of ``rest``."""
    return f"tail ::= [{_ranges(rest)}]*\n"


def _behind(before: str, words: frozenset[str], rest: str, stem: str) -> str:
    """How such a name goes on that begins with ``before``, which begins one of the words."""
    begun = {*words, stem} - {""}
    branches = {w[len(before)] for w in begun if w.startswith(before) and w != before}
    others = "".join(c for c in (rest if before else _FIRST) if c not in branches)
    parts = ['""'] if before and before not in words else []
    parts.append(f"[{_ranges(others)}] tail")
    parts += [
        f'"{character}" {_behind(before + character, words, rest, stem)}'
        for character in sorted(branches)
        if not stem or before + character != stem
    ]
    return "(" + " | ".join(parts) + ")"


def _ranges(characters: str) -> str:
    """Characters as the inside of a character class."""
    runs: list[str] = []
    for character in sorted(characters):
        if runs and ord(runs[-1][-1]) + 1 == ord(character):
            runs[-1] = f"{runs[-1][0]}-{character}"
        else:
            runs.append(character)
    return "".join(runs)
