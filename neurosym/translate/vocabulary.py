"""The names of one whole problem: declared once, then reused or extended, and merged with proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from neurosym.translate.atoms import rename_symbols
from neurosym.translate.clusters import Prove
from neurosym.translate.repair.base import Repair
from neurosym.translate.repair.names import Proposal, spellings
from provers.base import Outcome, Problem
from provers.logic import signature
from provers.logic.signature import Kind, Symbol
from provers.logic.syntax import Formula, closure

MOST_MERGES = 40


@dataclass(frozen=True, slots=True)
class Merge:
    """Two names taken for one, or a proposal that was turned down; ``why`` is a sentence."""

    accepted: bool
    why: str


class Vocabulary:
    """Predicates with their arities, constants, and which names were merged.

    Formulas are brought to the vocabulary by ``canonical``. Names keep the arity of their first
    use; ``conflict`` says where a formula does not.
    """

    def __init__(self) -> None:
        self._predicates: dict[str, frozenset[int]] = {}
        self._constants: dict[str, None] = {}
        self._accepted: list[Proposal] = []
        self.merges: list[Merge] = []

    @property
    def predicates(self) -> Mapping[str, frozenset[int]]:
        """Declared predicates and the arities they are used with."""
        return self._predicates

    @property
    def constants(self) -> tuple[str, ...]:
        return tuple(self._constants)

    def declare(self, formulas: Iterable[Formula]) -> None:
        """Add the symbols of formulas that are taken in."""
        found = signature.infer(formulas)
        for symbol in found.predicates:
            known = self._predicates.get(symbol.name, frozenset())
            self._predicates[symbol.name] = known | {symbol.arity}
        for symbol in found.functions:
            if symbol.arity == 0:
                self._constants.setdefault(symbol.name)

    def canonical(self, formula: Formula) -> Formula:
        """The formula with merged names replaced."""
        for proposal in self._accepted:
            formula = proposal.change(formula)
        return formula

    @property
    def synonyms(self) -> dict[str, frozenset[str]]:
        """For each name that others were merged into, those others, as words."""
        found: dict[str, frozenset[str]] = {}
        for proposal in self._accepted:
            if proposal.names is not None:
                gone, kept = proposal.names
                others = found.pop(gone, frozenset()) | {gone.replace("_", " ")}
                found[kept] = found.get(kept, frozenset()) | others
        return found

    def conflict(self, formula: Formula) -> str:
        """How the formula's use of a declared predicate differs, as a sentence; else empty."""
        for symbol in signature.infer([formula]).predicates:
            known = self._predicates.get(symbol.name)
            if known and symbol.arity not in known:
                wanted = " or ".join(map(str, sorted(known)))
                return f"{symbol.name} takes {wanted} argument(s) here, not {symbol.arity}"
        return ""

    def merge(
        self,
        formulas: Sequence[Formula],
        prove: Prove,
        proposals: Iterable[Proposal] = (),
    ) -> tuple[Formula, ...]:
        """The formulas, with names made one that differ in spelling only, or as ``proposals`` say.

        A proposal is accepted where a prover has a model of all the formulas under it: names that
        the problem itself tells apart stay two. Every decision is noted in ``merges``. One about a
        name that the formulas do not hold is accepted as it is, for what comes later.
        """
        current = tuple(formulas)
        asked: set[Repair] = set()
        for proposal in (*proposals, *spellings(current)):
            if proposal.repair in asked or len(asked) >= MOST_MERGES:
                continue
            asked.add(proposal.repair)
            changed = tuple(map(proposal.change, current))
            why = proposal.repair.message
            if changed != current:
                outcome = prove(Problem(tuple(map(closure, changed)))).outcome
                if outcome is not Outcome.SATISFIABLE:
                    self.merges.append(Merge(False, f"kept apart ({outcome}): {why}"))
                    continue
            current = changed
            self._accepted.append(proposal)
            self.merges.append(Merge(True, why))
            if proposal.names is not None:
                self._predicates.pop(proposal.names[0], None)
                self._constants.pop(proposal.names[0], None)
        self.declare(current)
        return current


def same(symbol: Symbol, kept: str, by: str) -> Proposal:
    """The proposal that a symbol is only another word for ``kept``; ``by`` says who proposes."""
    kind: Kind = symbol.kind

    def new(name: str, arity: int) -> str:
        return kept if (name, arity) == (symbol.name, symbol.arity) else name

    said = Repair("merge", f"took {symbol.name} and {kept} for one name, proposed by {by}")
    if kind == "predicate":
        return Proposal(said, lambda f: rename_symbols(f, predicate=new), (symbol.name, kept))
    return Proposal(said, lambda f: rename_symbols(f, function=new), (symbol.name, kept))
