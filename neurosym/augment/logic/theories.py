"""Made theories: a claim whose shortest derivation has a wanted depth, among distractors.

The theories are those of ProofWriter (Tafjord et al., 2021) and PrOntoQA (Saparov and He, 2023),
with contradictory premises besides. What is built is only what is expected; the label is the
prover's, and where the two differ the example is dropped.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from neurosym.augment.base import LABELS, Example, Lineage
from neurosym.augment.logic import chaining
from neurosym.augment.logic.chains import (
    STYLES,
    Chain,
    Scene,
    Style,
    broken,
    generalise,
    signed,
    subject,
)
from neurosym.augment.logic.distractors import MOST_DISTRACTORS, distractors_for
from neurosym.augment.logic.labels import LIMITS, Labeller, check_kinds
from neurosym.augment.logic.wording import word
from provers.base import Limits, Outcome, Problem, Prover
from provers.errors import InputError
from provers.logic.syntax import Formula, Implies, negate

DEPTHS: Final = (0, 1, 2, 3, 4, 5)
MOST: Final = 1_000_000
DEEPEST: Final = 12
_ATTEMPTS: Final = 12  # at one example, before it is given up
_CHANCE_FACTS_FIRST: Final = 0.5  # as in ProofWriter; else in any order
_CHANCE_GENERAL: Final = 0.3  # of a claim about all of a kind, where the chain allows it


def theories(
    number: int,
    *,
    seed: int,
    prover: Prover,
    styles: Sequence[Style] = STYLES,
    labels: Sequence[Outcome] = LABELS,
    depths: Sequence[int] = DEPTHS,
    distractors: tuple[int, int] = (2, 8),
    limits: Limits = LIMITS,
    dropped: Counter[str] | None = None,
) -> Iterator[Example]:
    """``number`` theories of kind ``theory``, labels and depths in turn, so that all are as many.

    ``facts`` says of each: ``style``; ``invented`` nouns; ``depth`` of the shortest derivation of
    what the label stands for (null for ``independent``); ``chain``, the depth aimed at, also where
    the chain was broken; ``broken``, how (``chains.broken``); ``distractors``, premises from 0,
    between the fewest and the most that the argument says; ``contradicts``, the premise without
    which the others can hold; ``needed`` and ``minimal`` (``labels.Labeller.example``).

    What does not come out as built is made again, at most 12 times, and counted in ``dropped``;
    the count "given up" is by how many fewer than ``number`` there are.

    Raises InputError at once for a number, depth, style, label or distractors out of range.
    """
    _check(number, styles, labels, depths, distractors)
    labeller = Labeller(prover, limits, dropped)
    plan = _Plan(seed, tuple(styles), tuple(labels), tuple(depths), distractors)
    return _theories(number, plan, labeller)


@dataclass(frozen=True, slots=True)
class _Plan:
    seed: int
    styles: tuple[Style, ...]
    labels: tuple[Outcome, ...]
    depths: tuple[int, ...]
    distractors: tuple[int, int]


@dataclass(slots=True)
class _Draft:
    """Formulas with what they are there for, before they are worded."""

    premises: list[Formula]
    claim: Formula
    contradicts: Formula | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def _theories(number: int, plan: _Plan, labeller: Labeller) -> Iterator[Example]:
    seen: set[str] = set()
    for index in range(number):
        for attempt in range(_ATTEMPTS):
            made = _made(index, attempt, plan, labeller)
            if made is None:
                continue
            if made.id in seen:
                labeller.drop("made before")
                continue
            seen.add(made.id)
            yield made
            break
        else:
            labeller.drop("given up")


def _made(index: int, attempt: int, plan: _Plan, labeller: Labeller) -> Example | None:
    rng = random.Random(f"{plan.seed}/{index}/{attempt}")
    wanted = plan.labels[index % len(plan.labels)]
    length = plan.depths[index // len(plan.labels) % len(plan.depths)]
    style = rng.choice(plan.styles)
    invented = rng.random() < (0.7 if style == "kinds" else 0.3)
    scene = Scene(rng, style, invented)
    draft = _draft(scene, wanted, length)
    number = rng.randint(*plan.distractors)
    added = distractors_for(draft.premises, draft.claim, number, rng, scene.atom)
    if len(added) < number:
        labeller.drop("no distractor leaves the claim as it is")
        return None
    every = [*draft.premises, *added]
    rng.shuffle(every)
    if rng.random() < _CHANCE_FACTS_FIRST:
        every.sort(key=lambda one: not chaining.is_literal(one))
    draft.facts |= {
        "style": style,
        "invented": invented,
        "chain": length,
        "distractors": sorted(every.index(one) for one in added),
    }
    lineage = Lineage(f"theory/{plan.seed}/{index}")
    found = _labelled(labeller, lineage, every, draft, wanted, rng)
    if found is not None and wanted is not Outcome.INDEPENDENT and found.facts["depth"] != length:
        labeller.drop("the depth is not the one aimed at")
        return None
    return found


def _labelled(
    labeller: Labeller,
    lineage: Lineage,
    premises: Sequence[Formula],
    draft: _Draft,
    wanted: Outcome,
    rng: random.Random,
) -> Example | None:
    """The premises and the draft's claim in words, with their label if it is the wanted one."""
    if not premises:
        labeller.drop("no premises")
        return None
    worded = [word(one, rng) for one in (*premises, draft.claim)]
    statements = [one for one in worded if one is not None]
    if len(statements) < len(worded):
        labeller.drop("no wording")
        return None
    if draft.contradicts is not None:
        draft.facts["contradicts"] = premises.index(draft.contradicts)
        others = tuple(one for one in premises if one != draft.contradicts)
        if labeller.prove(Problem(others)).outcome is not Outcome.SATISFIABLE:
            labeller.drop("the premises contradict each other elsewhere, too")
            return None
    *said, claim = statements
    return labeller.example("theory", lineage, said, claim, expected=(wanted,), facts=draft.facts)


def _draft(scene: Scene, wanted: Outcome, length: int) -> _Draft:
    general = length > 0 and scene.rng.random() < _CHANCE_GENERAL
    chain = scene.chain(length, general=general)
    match wanted:
        case Outcome.PROVED:
            claim = chain.general_claim if general else chain.claim
            return _Draft(list(chain.premises), claim)
        case Outcome.REFUTED if general:
            # The fact is the counterexample.
            contrary = Implies(chain.steps[0], negate(chain.claim))
            return _Draft(list(chain.premises), generalise(contrary, subject(chain.claim)))
        case Outcome.REFUTED:
            return _Draft(list(chain.premises), negate(chain.claim))
        case Outcome.INDEPENDENT:
            others = scene.individuals
            premises, claim, way = broken(chain, scene.rng, others, general=general)
            return _Draft(list(premises), claim, facts={"broken": way})
        case _:
            return _contradictory(scene, chain, general)


def _contradictory(scene: Scene, chain: Chain, general: bool) -> _Draft:
    """The chain, and a fact or a rule that contradicts where it leads."""
    rng = scene.rng
    clash: Formula = negate(chain.claim)
    if chain.rules and rng.random() < 0.5:
        # Of the last step but one, so that the contradiction is no deeper than the chain.
        clash = generalise(Implies(chain.steps[-2], clash), subject(chain.steps[-2]))
    other = signed(scene.atom(rng.choice(scene.individuals)), rng, 0.5)
    claim = rng.choice([*chain.steps, negate(chain.claim), other])
    claim = chain.general_claim if general else claim
    return _Draft([*chain.premises, clash], claim, contradicts=clash)


def _check(
    number: int,
    styles: Sequence[Style],
    labels: Sequence[Outcome],
    depths: Sequence[int],
    distractors: tuple[int, int],
) -> None:
    if not 0 <= number <= MOST:
        raise InputError(f"{number:,} theories cannot be made; ask for 0 to {MOST:,}.")
    check_kinds(styles, STYLES, "style")
    check_kinds(labels, LABELS, "label")
    wrong = [one for one in depths if not 0 <= one <= DEEPEST]
    if wrong or not depths:
        said = f"The depth {wrong[0]} is" if wrong else "No depth is"
        raise InputError(f"{said} not possible; choose depths from 0 to {DEEPEST}.")
    fewest, most = distractors
    if not 0 <= fewest <= most <= MOST_DISTRACTORS:
        raise InputError(
            f"{fewest} to {most} distractors cannot be made; give the fewest and the most, from 0 "
            f"to {MOST_DISTRACTORS}."
        )
