"""A plain example for tests, to be changed where it matters."""

from __future__ import annotations

from typing import Any

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.lean.mutants import Mutant
from provers.base import Outcome
from provers.logic.syntax import Apply, Pred

DOG = Statement("Rex is a dog.", Pred("dog", (Apply("rex"),)))


def example(*, seed: str = "s", **changes: Any) -> Example:
    """Rex is a dog, so Rex is a dog."""
    given: dict[str, Any] = {
        "id": "e",
        "kind": "negate",
        "lineage": Lineage(seed, ("negate",)),
        "premises": (DOG,),
        "claim": DOG,
        "label": Outcome.PROVED,
    }
    return Example(**(given | changes))


def mutant(
    name: str,
    statement: str = "∀ (n : Nat), n ≤ n + 0",
    proof: str = "by\n  intro n\n  exact Nat.le_refl n",
    *,
    seed: str = "Nat.add_zero",
    prelude: str = "",
) -> Mutant:
    """A mutant of a theorem, by a lemma that weakens it."""
    lineage = Lineage(seed, ("weaken Nat.le_of_eq",))
    return Mutant(name, statement, proof, "weaken", "Nat.le_of_eq", lineage, ("Init",), prelude, "")
