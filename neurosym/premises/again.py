"""Theorems of a corpus, proved again without themselves and without what comes after them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Accessible, Indices
from neurosym.premises.hints import hints_among
from provers.base import LeanProof, Limits, Outcome
from provers.lean.base import Checker, Header
from provers.lean.hunt import Hunt
from provers.lean.source import import_lines, split_header
from provers.lean.uses import uses

NAME: Final = "neurosym_again"
_ERASED: Final = ("simp", "grind", "ext", "simprocs")
_EQUATION: Final = re.compile(r"(.+)\.(?:eq_\d+|eq_def|eq_unfold)")
# What tactics make their terms of. It may be used everywhere, and is nobody's premise.
_MACHINERY: Final = re.compile(
    r"(?:Lean|Nat\.(?:Linear|Simproc|SOM|ToInt)|Int\.(?:Linear|OfNat)|Std\.Tactic|BitVec\.ofBool)\..*"
)
# The logic that every proof is full of.
_LOGIC: Final = re.compile(
    r"Init\.(?:Prelude|Core|SimpLemmas|PropLemmas|ByCases|Classical|Ext|WF.*|Tactics.*|Grind.*|Omega.*)"
)

Choose = Callable[[int, str, Indices], Sequence[str]]
"""Names premises that may help: for a theorem's index, its goal, and what it may use."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A proof that was judged good, and the premises that its term rests on, by index."""

    proof: str
    premises: tuple[int, ...]
    seconds: float


class Again:
    """Proves theorems of one corpus again; thread-safe.

    A proof counts if the judge accepts it and its term names only what the theorem may use: what
    is declared before it, as far as that is known, and what tactics make their terms of.
    """

    def __init__(self, corpus: Corpus, checker: Checker, choose: Choose | None = None) -> None:
        self.corpus = corpus
        self._checker = checker
        self._choose = choose
        self._accessible = Accessible(corpus)
        self._lock = threading.Lock()
        header = corpus.manifest.header
        self._imports = import_lines(header)

    def prove(
        self, index: int, *, seconds: float = 10.0, choose: Choose | None = None
    ) -> Proved | None:
        """A proof within so many seconds of Lean's time, with the premises that ``choose`` names.

        Raises MissingToolError or BrokenToolError where there is no Lean.
        """
        choosing = choose or self._choose
        usable = self._accessible.of(self.corpus.names[index])
        allowed = frozenset(map(int, usable))
        hints = hints_among(self.corpus, usable)
        used: list[frozenset[int]] = []

        def select(goal: str, header: Header) -> Sequence[str]:
            if choosing is None or not len(hints):
                return ()
            with self._lock:  # one encoder, one index
                return choosing(index, goal, hints)

        def accept(code: str) -> bool:
            source = split_header(code)
            named = uses(self._checker, source.header, source.body)
            found = None if named is None else premises_of(self.corpus, named, allowed)
            if found is None:
                return False
            used.append(found)
            return True

        text = self._imports + statement_of(self.corpus, index)
        hunt = Hunt(
            self._checker,
            text,
            Limits(seconds),
            negate=False,
            premises=None if choosing is None else select,
            accept=accept,
        )
        result = hunt.run()
        if result.outcome is not Outcome.PROVED or not isinstance(result.evidence, LeanProof):
            return None
        proof = result.evidence.code[len(text) :].strip().removeprefix(":=").strip()
        return Proved(proof, tuple(sorted(used[-1])), result.seconds)


def statement_of(corpus: Corpus, index: int) -> str:
    """A theorem's statement under another name, and what takes the theorem itself away from
    automation.
    """
    name = f"_root_.{corpus.names[index]}"
    attributes = set(corpus.column("attributes")[index].as_py())
    erased = "".join(f"attribute [-{a}] {name}\n" for a in _ERASED if a in attributes)
    return f"{erased}theorem {NAME} : type_of% @{name}"


def premises_of(
    corpus: Corpus, constants: Iterable[str], allowed: frozenset[int]
) -> frozenset[int] | None:
    """The premises among the constants of a proof's term: theorems, and definitions by their
    equations; without what tactics and logic put into every proof.

    None where a constant is neither ``allowed`` nor what tactics make their terms of, or where the
    corpus lacks it.
    """
    found = set()
    for name in constants:
        if _MACHINERY.fullmatch(name):
            continue
        known, made_for = _known(corpus, name)
        if known is None or known not in allowed:
            return None
        if corpus.kinds[known] == "theorem":
            if not _LOGIC.fullmatch(corpus[known].module):
                found.add(known)
        elif made_for and _EQUATION.fullmatch(name):
            found.add(known)
    return frozenset(found)


def _known(corpus: Corpus, name: str) -> tuple[int | None, bool]:
    """The declaration that a constant is, or was made for, and whether it is the latter."""
    known = corpus.find(name)
    made_for = False
    while known is None and name:
        name = name.rpartition(".")[0]
        known = corpus.find(name)
        made_for = True
    return known, made_for
