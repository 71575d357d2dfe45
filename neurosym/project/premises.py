"""Which of a project's own declarations may help with a goal in it, and which of the library's."""

from __future__ import annotations

import collections
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import networkx as nx

from neurosym.premises.tokens import tokens
from neurosym.project.scan import Hole
from provers.lean.base import Header
from provers.lean.build import Built
from provers.lean.workbench import Declared

OWN: Final = 20
LIBRARY: Final = 12
_LENGTH: Final = 0.5  # how much a long statement is held against a premise
_WORD: Final = re.compile(r"[^\W\d][\w'.!?₀-₉]*")
_UNFOLDED: Final = 0.5
_KINDS: Final = ("theorem", "definition", "constructor")

Library = Callable[[str, Header], Sequence[str]]
"""Names premises of the library for a goal in a file with these imports, the best first."""


@dataclass(frozen=True, slots=True)
class _Known:
    declared: Declared
    words: frozenset[str]
    name: str


class Nearby:
    """Premises for the holes of a project: what is proved before them, by rare words in common.

    Words are weighted by how few declarations have them (Meng and Paulson, "Lightweight relevance
    filtering for machine-generated resolution problems", 2009, section 3).
    """

    def __init__(self, built: Built, library: Library | None = None) -> None:
        self._built = built
        self._library = library
        self._of = {
            name: tuple(
                _Known(
                    one,
                    frozenset(tokens(f"{one.name} : {one.statement}")),
                    one.name.rpartition(".")[2],
                )
                for one in (module.report.declared if module.report else ())
                if one.place is not None and one.kind in _KINDS and "sorryAx" not in one.axioms
            )
            for name, module in built.modules.items()
        }
        many = collections.Counter(
            word for known in self._of.values() for one in known for word in one.words
        )
        size = sum(map(len, self._of.values()))
        self._weight = {word: math.log((1 + size) / (0.5 + n)) for word, n in many.items()}

    def names(self, goal: str, hole: Hole) -> list[str]:
        """The declarations that fit a goal best: the project's, and then the library's."""
        own = [one.name for one in self._own(goal, hole)]
        if self._library is None:
            return own
        header = self._built.modules[hole.module].header
        library = [one for one in self._library(goal, header) if one not in own]
        return [*own, *library[:LIBRARY]]

    def _own(self, goal: str, hole: Hole) -> list[Declared]:
        usable = self._usable(hole)
        wanted = dict.fromkeys(tokens(goal), 1.0)
        named = {word.rpartition(".")[2] for word in _WORD.findall(goal)}
        # What its definitions are made of comes up once they are unfolded.
        for known in usable:
            if known.declared.kind == "definition" and known.name in named:
                for used in known.declared.proof or ():
                    for word in tokens(used):
                        wanted.setdefault(word, _UNFOLDED)
        scored = []
        for known in usable:
            shared = sum(
                self._weight.get(word, 0.0) * wanted[word] for word in known.words if word in wanted
            )
            if shared:
                whole = sum(self._weight[word] for word in known.words)
                scored.append((shared / (whole**_LENGTH), known.declared))
        scored.sort(key=lambda pair: (-pair[0], pair[1].name))
        return [declared for _, declared in scored[:OWN]]

    def _usable(self, hole: Hole) -> list[_Known]:
        behind = nx.descendants(self._built.imports, hole.module)
        found = [
            known
            for name in self._built.modules
            if name in behind
            for known in self._of[name]
            if not known.declared.private
        ]
        start = hole.gap.start
        return found + [
            known
            for known in self._of[hole.module]
            if known.declared.name != hole.declaration and (known.declared.place or start) < start
        ]
