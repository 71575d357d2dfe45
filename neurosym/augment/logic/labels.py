"""Examples whose labels a prover gave; what is left out is counted, with the reason."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from neurosym.augment.base import LABELS, Example, Lineage, Statement
from neurosym.augment.logic import chaining
from neurosym.augment.logic.wording import agrees
from provers.base import Limits, Outcome, Problem, Prover, Refutation, Result
from provers.errors import InputError
from provers.logic import signature
from provers.logic.formats import write

KEPT: Final = ("style", "invented")  # facts that hold of what is made of an example, too
MOST_PREMISES: Final = 200
LIMITS: Final = Limits(10.0)


class Labeller:
    """Asks ``prover`` for labels. ``dropped`` counts why examples were left out; ``prefix`` comes
    before the reasons.
    """

    def __init__(
        self,
        prover: Prover,
        limits: Limits = LIMITS,
        dropped: Counter[str] | None = None,
        prefix: str = "",
    ) -> None:
        self.dropped: Counter[str] = Counter() if dropped is None else dropped
        self._prefix = prefix
        self._prover = prover
        self._limits = limits

    def prove(self, problem: Problem) -> Result:
        return self._prover.prove(problem, self._limits)

    def drop(self, reason: str) -> None:
        """Count one example that is left out."""
        self.dropped[f"{self._prefix}{reason}"] += 1

    def example(
        self,
        kind: str,
        lineage: Lineage,
        premises: Sequence[Statement],
        claim: Statement,
        *,
        expected: Sequence[Outcome] = LABELS,
        facts: Mapping[str, Any] | None = None,
        context: str = "",
        reason: str = "",
    ) -> Example | None:
        """The example with the prover's label; None, and counted, where the label is none of
        ``expected``, the prover does not know, or a text does not say what its formula says.

        ``facts`` is extended by ``depth`` (``chaining.depth``), ``needed`` (premises that the
        prover's proof uses, from 0) and ``minimal`` (none of these can be left out).

        Raises InputError for no premises or more than ``MOST_PREMISES``.
        """
        check_premises(premises)
        for one in (*premises, claim):
            if not agrees(one, self.prove):
                self.drop("a text does not say what its formula says")
                return None
        if len({one.text for one in premises}) < len(premises):
            self.drop("a premise stands there twice")
            return None
        symbols = signature.infer([one.formula for one in (*premises, claim)])
        if symbols.arity_conflicts or symbols.kind_clashes or symbols.sort_conflicts:
            self.drop("one name is used in two ways")
            return None
        formulas = tuple(one.formula for one in premises)
        result = self.prove(Problem(formulas, claim.formula))
        if result.outcome not in LABELS:
            self.drop(f"the prover answers {result.outcome} {result.reason}".rstrip())
            return None
        if result.outcome not in expected:
            wanted = " or ".join(expected)
            self.drop(f"expected {wanted}, the prover says {result.outcome}")
            return None
        known: dict[str, Any] = dict(facts or {})
        known["depth"] = chaining.depth(formulas, claim.formula, result.outcome)
        if isinstance(result.evidence, Refutation):
            known["needed"] = sorted(result.evidence.used)
            known["minimal"] = result.evidence.minimal
        id = _id(kind, premises, claim, result.outcome, context)
        return Example(
            id, kind, lineage, tuple(premises), claim, result.outcome, context, reason, known
        )


def label(
    premises: Sequence[Statement],
    claim: Statement,
    *,
    prover: Prover,
    seed: str,
    limits: Limits = LIMITS,
    dropped: Counter[str] | None = None,
) -> Example | None:
    """Statements from elsewhere as an example of kind ``given``, to be mutated; ``seed`` names
    where they come from.

    None, and counted in ``dropped``, where the prover does not know or a text says something else.
    Raises InputError for no premises or more than ``MOST_PREMISES``.
    """
    labeller = Labeller(prover, limits, dropped)
    return labeller.example("given", Lineage(seed), premises, claim)


def check_premises(premises: Sequence[Statement]) -> None:
    """Raise InputError for no premises or more than ``MOST_PREMISES``."""
    if not premises:
        raise InputError("The theory is empty; give it at least one premise.")
    if len(premises) > MOST_PREMISES:
        raise InputError(
            f"The theory has {len(premises):,} premises; give it at most {MOST_PREMISES}."
        )


def check_kinds(chosen: Sequence[str], known: Sequence[str], what: str = "kind") -> None:
    """Raise InputError where none is chosen, or one that is not known."""
    wrong = [one for one in chosen if one not in known]
    if wrong or not chosen:
        said = f"There is no {what} '{wrong[0]}'" if wrong else f"No {what} is chosen"
        raise InputError(f"{said}; choose from {', '.join(known)}.")


def _id(
    kind: str, premises: Sequence[Statement], claim: Statement, label: Outcome, context: str
) -> str:
    said = [[one.text, write(one.formula, "unicode")] for one in (*premises, claim)]
    content = json.dumps([kind, context, said, str(label)], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:20]
