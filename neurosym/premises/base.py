"""A premise of a corpus: a theorem or definition that a proof may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "theorem", "axiom", "definition", "opaque", "inductive", "constructor", "recursor", "quotient"
]


@dataclass(frozen=True, slots=True)
class Premise:
    """One declaration of a corpus.

    ``index`` is its place in the corpus, from 0: modules in import order, then as declared.
    ``module`` is where it is declared, ``statement`` its type as Lean prints it, ``doc`` its
    docstring, ``attributes`` those that say how automation uses it (``simp``, ``grind``, ...).
    ``uses`` are the constants in its statement, ``proof`` those in its proof or value, None where
    the toolchain ships none.
    """

    index: int
    name: str
    module: str
    kind: Kind
    statement: str
    doc: str = ""
    attributes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    proof: tuple[str, ...] | None = None

    @property
    def is_theorem(self) -> bool:
        return self.kind == "theorem"
