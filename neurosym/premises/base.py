"""A premise of a corpus: a theorem or definition that a proof may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

Kind: TypeAlias = Literal[
    "theorem", "axiom", "definition", "opaque", "inductive", "constructor", "recursor", "quotient"
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Premise:
    """One declaration of a corpus.

    ``index`` is its place in the corpus, from 0: modules in import order, then as declared.
    ``module`` is where it is declared, ``statement`` its type as Lean prints it, ``doc`` its
    docstring, ``attributes`` those that say how automation uses it (``simp``, ``grind``, ...).
    ``uses`` are the constants in its statement, ``proof`` those in its proof or value, None where
    the toolchain ships none; what Lean made for one of them counts as what that is made of.
    ``place`` is the line from 1 and the column from 0 in its file, None where Lean does not know.
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
    place: tuple[int, int] | None = None

    @property
    def is_theorem(self) -> bool:
        return self.kind == "theorem"
