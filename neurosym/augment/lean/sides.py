"""What lemmas say, side by side, as far as their text tells: which may be invoked on a theorem.

Lean rewrites with ``a = b`` where it finds ``a``, so a theorem in which a constant of ``a`` does
not occur need not be tried. Trying every lemma on every theorem instead took Alchemy days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from neurosym.premises.corpus import Corpus
from neurosym.premises.symbols import NOTATIONS

_OPEN: Final = "([{⟨⦃"
_CLOSE: Final = ")]}⟩⦄"
_WORD: Final = re.compile(r"«[^»\n]{1,200}»|[^\W\d][\w'!?₀-₉]*")
# What these make of a theorem says the same again, or nothing about what it is about.
_DULL: Final = re.compile(
    r"(?:Eq|Iff|HEq|Ne|Not|eq|iff|heq|ne|not|id|congr|cast|propext|forall|exists|imp|implies)"
    r"(?:[._'A-Z].*)?|.*\.(?:injEq|inj|noConfusion.*|sizeOf_spec|eq_def|eq_\d+|match_\d+.*|elim)"
    r"|(?:of_|heq_|eq_|ne_of|iff_|not_|and_|or_|if_|ite_|dite_|dif_|true_|false_|beq_)[^.]*"
    r"|(?:Decidable|Classical|Std\.Internal|Lean|Function|Subsingleton|ForInStep|DoResult\w*)\..*"
    r"|.*\._.*|_.*"
)
BINDERS: Final = re.compile(r"[({\[⦃]([^:(){}\[\]⦃⦄]+) : ")
_DIGITS: Final = re.compile(r"(?<![\w.])\d")
_SIGN: Final = re.compile(
    "|".join(re.escape(one) for one in sorted(NOTATIONS, key=len, reverse=True))
)
_SIGNS_OF: Final = {
    constant: frozenset(sign for sign, other in NOTATIONS.items() if other == constant)
    for constant in NOTATIONS.values()
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement in parts: its ``hypotheses``, and its conclusion as ``left`` and ``right`` of an
    equation or equivalence, or as ``left`` alone. ``given`` counts the explicit variables before
    the first hypothesis.
    """

    hypotheses: tuple[str, ...]
    left: str
    right: str = ""
    given: int = 0


def is_dull(name: str) -> bool:
    """Whether a theorem is the machinery of logic or of a declaration, and about nothing else."""
    return _DULL.fullmatch(name) is not None


def shape_of(statement: str) -> Shape:
    """The parts of a statement as Lean prints it."""
    hypotheses: list[str] = []
    given = 0
    rest = statement.strip()
    while (end := _find(rest, sign := "," if rest.startswith("∀") else " → ")) >= 0:
        if sign != ",":
            hypotheses.append(rest[:end].strip())
        elif not hypotheses:
            given += _explicit(rest[:end])
        rest = rest[end + len(sign) :].strip()
    for sign in (" ↔ ", " = "):
        at = _find(rest, sign)
        if at >= 0:
            left, right = rest[:at].strip(), rest[at + len(sign) :].strip()
            return Shape(tuple(hypotheses), left, right, given)
    return Shape(tuple(hypotheses), rest, given=given)


def _find(text: str, sign: str) -> int:
    """Where a sign stands outside of all brackets and binders; -1 where it does not."""
    depth = 0
    for at, letter in enumerate(text):
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth -= 1
        elif depth == 0:
            if text.startswith(sign, at):
                return at
            # What a binder binds goes to the end.
            if text.startswith(("∃ ", "fun "), at) or (at and text.startswith("∀ ", at)):
                return -1
    return -1


def _explicit(binders: str) -> int:
    """How many variables are in round brackets."""
    count = depth = 0
    for at, letter in enumerate(binders):
        if letter == "(" and depth == 0:
            count += len(binders[at + 1 :].partition(" : ")[0].split())
        depth += (letter in _OPEN) - (letter in _CLOSE)
    return count


class Invocable:
    """Which theorems of a corpus may be invoked on others, found by their constants."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        values, starts = corpus.edges("uses")
        self._uses = [
            frozenset(values[a:b].tolist())
            for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]
        counts = np.bincount(values, minlength=len(corpus)).astype(float)
        self._weight = np.log(len(corpus) / (1.0 + counts))
        self._forward: list[tuple[int, frozenset[int]]] = []
        self._backward: list[tuple[int, frozenset[int]]] = []
        self._concluding: list[tuple[int, frozenset[int]]] = []
        self._assuming: list[tuple[int, frozenset[int]]] = []
        self._given: dict[str, int] = {}
        self._equations: set[str] = set()
        for index, kind in enumerate(corpus.kinds):
            if kind == "theorem" and not is_dull(corpus.names[index]):
                self._add(index)

    def _add(self, index: int) -> None:
        statement = self.corpus.column("statement")[index].as_py()
        shape = shape_of(statement)
        left = self._shown(index, shape.left)
        if shape.right:
            self._equations.add(self.corpus.names[index])
            right = self._shown(index, shape.right)
            bound = {word for group in BINDERS.findall(statement) for word in group.split()}
            # What speaks of no variable is a constant, which is everywhere: 0, none, false.
            if left and not bound.isdisjoint(_WORD.findall(shape.left)):
                self._forward.append((index, left))
            if right and not bound.isdisjoint(_WORD.findall(shape.right)):
                self._backward.append((index, right))
            self._concluding.append((index, left | right))
        elif left:
            self._concluding.append((index, left))
        if shape.hypotheses:
            first = self._shown(index, shape.hypotheses[0])
            if first:
                self._assuming.append((index, first))
                self._given[self.corpus.names[index]] = shape.given

    def _shown(self, index: int, text: str) -> frozenset[int]:
        """The constants of a statement that a part of it shows."""
        words = set(_WORD.findall(text))
        signs = set(_SIGN.findall(_WORD.sub(" ", text)))
        names = self.corpus.names
        digits = _DIGITS.search(text) is not None
        return frozenset(
            one
            for one in self._uses[index]
            if (digits and names[one] == "OfNat.ofNat")
            or names[one].rpartition(".")[2] in words
            or not signs.isdisjoint(_SIGNS_OF.get(names[one], ()))
        )

    def rewrites(self, constants: frozenset[int], most: int) -> Iterator[tuple[str, bool]]:
        """Equations and equivalences, forwards (True) or backwards, one side of whose constants
        all are among those given; those with the rarest first.
        """
        found = [
            (self._score(own), index, True) for index, own in self._forward if own <= constants
        ]
        found += [
            (self._score(own), index, False) for index, own in self._backward if own <= constants
        ]
        found.sort(key=lambda one: (-one[0], one[1], not one[2]))
        for _, index, forward in found[:most]:
            yield self.corpus.names[index], forward

    def concluding(self, constants: frozenset[int], most: int) -> list[str]:
        """Theorems whose conclusion may be what a hypothesis says."""
        return self._best(self._concluding, constants, most)

    def assuming(self, constants: frozenset[int], most: int) -> list[tuple[str, int]]:
        """Theorems whose first hypothesis may be what a conclusion says, each with the number of
        arguments before it.
        """
        return [(one, self._given[one]) for one in self._best(self._assuming, constants, most)]

    def is_equation(self, name: str) -> bool:
        """Whether a theorem concludes an equation or an equivalence."""
        return name in self._equations

    def constants(self, index: int) -> frozenset[int]:
        """What a statement of the corpus names."""
        return self._uses[index]

    def _best(
        self, given: list[tuple[int, frozenset[int]]], constants: frozenset[int], most: int
    ) -> list[str]:
        found = [(self._score(own), index) for index, own in given if own <= constants]
        found.sort(key=lambda one: (-one[0], one[1]))
        return [self.corpus.names[index] for _, index in found[:most]]

    def _score(self, own: frozenset[int]) -> float:
        return float(sum(self._weight[one] for one in own))
