"""Mutations of a theory with a claim, each with a label that the prover gives anew."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias

from neurosym.augment.base import Example, Lineage
from neurosym.augment.logic.changes import Changed, Theory
from neurosym.augment.logic.labels import KEPT, LIMITS, Labeller, check_kinds, check_premises
from provers.base import Limits, Prover

Mutation: TypeAlias = Literal[
    "rename",
    "reorder",
    "distract",
    "drop_needed",
    "drop_unneeded",
    "negate",
    "chain",
    "split",
    "contrapose",
    "contradict",
]

_CHANGES: Final[dict[Mutation, Callable[[Theory], Changed | str]]] = {
    "rename": Theory.rename,
    "reorder": Theory.reorder,
    "distract": Theory.distract,
    "drop_needed": Theory.drop_needed,
    "drop_unneeded": Theory.drop_unneeded,
    "negate": Theory.negate,
    "chain": Theory.chain,
    "split": Theory.split,
    "contrapose": Theory.contrapose,
    "contradict": Theory.contradict,
}
MUTATIONS: Final[tuple[Mutation, ...]] = tuple(_CHANGES)


def mutations(
    example: Example,
    *,
    seed: int,
    prover: Prover,
    kinds: Sequence[Mutation] = MUTATIONS,
    limits: Limits = LIMITS,
    dropped: Counter[str] | None = None,
) -> Iterator[Example]:
    """One mutant of each of ``kinds`` that applies, with the lineage of ``example`` and the change.

    ``facts`` says ``of`` which example it is, what label that had (``was``), and besides what
    ``labels.Labeller.example`` says the places of added ``distractors`` or of the premise that
    ``contradicts``. ``dropped`` counts what is left out, by kind and reason.

    Raises InputError at once for an empty or too large theory or an unknown kind.
    """
    check_premises(example.premises)
    check_kinds(kinds, MUTATIONS)
    counted: Counter[str] = Counter() if dropped is None else dropped
    return _mutations(example, seed, prover, tuple(kinds), limits, counted)


def _mutations(
    example: Example,
    seed: int,
    prover: Prover,
    kinds: Sequence[Mutation],
    limits: Limits,
    dropped: Counter[str],
) -> Iterator[Example]:
    for kind in kinds:
        # One count a kind: the change itself, and what the labeller leaves out.
        labeller = Labeller(prover, limits, prefix=f"{kind}: ", dropped=dropped)
        rng = random.Random(f"{seed}/{example.id}/{kind}")
        changed = _CHANGES[kind](Theory(example, rng, labeller.prove))
        if isinstance(changed, str):
            labeller.drop(changed)
            continue
        made = _labelled(labeller, kind, example, changed)
        if made is not None:
            yield made


def _labelled(
    labeller: Labeller, kind: Mutation, example: Example, changed: Changed
) -> Example | None:
    facts: dict[str, Any] = {k: example.facts[k] for k in KEPT if k in example.facts}
    facts |= {"of": example.id, "was": str(example.label), **changed.facts}
    lineage = Lineage(example.lineage.seed, (*example.lineage.changes, f"{kind}: {changed.said}"))
    return labeller.example(
        kind,
        lineage,
        changed.premises,
        changed.claim,
        expected=changed.expected,
        facts=facts,
        context=example.context,
    )
