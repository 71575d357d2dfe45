"""Instances of a template: new numbers and names, with every step read and proved again."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.numeric import names
from neurosym.augment.numeric.constraints import search
from neurosym.augment.numeric.sources import number
from neurosym.augment.numeric.steps import LIMITS, DroppedError, judge, read_step
from neurosym.augment.numeric.templates import Template
from neurosym.augment.numeric.texts import NameSlot, render
from neurosym.translate.arithmetic import Quantities
from provers.base import Limits, Outcome, Prover
from provers.errors import InputError
from provers.logic.syntax import Formula

MAX_NUMBER: Final = 1000
TRIES: Final = 3
"""Tries for each instance that is asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step's text, and what it claims; None where it claims nothing."""

    text: str
    formula: Formula | None


@dataclass(frozen=True, slots=True)
class Instance:
    """A word problem with its solution: every step that claims something was ``proved``.

    ``answer`` is exact, ``values`` the template's letters.
    """

    id: str
    template: str
    lineage: Lineage
    question: str
    steps: tuple[Step, ...]
    answer: Fraction
    values: Mapping[str, Fraction]

    def context(self, step: int) -> str:
        """The question and the steps before ``step`` (from 0), a line each."""
        return "\n".join([self.question, *(before.text for before in self.steps[:step])])


@dataclass(frozen=True, slots=True)
class Instances:
    """What was kept of ``tries``, and how many were ``dropped`` for which reason.

    Reasons: ``no_numbers_fit`` (none were found under the constraints), ``not_written`` (a
    number that cannot be written as the original was), ``repeated``, those of
    ``steps.read_step``, ``changed_claims`` (a step claims something where its original claims
    nothing, or the other way round), and ``not_proved``.
    """

    kept: tuple[Instance, ...]
    tries: int
    dropped: Mapping[str, int]


def instances(
    template: Template, number: int, *, seed: int, prover: Prover, limits: Limits = LIMITS
) -> Instances:
    """Up to ``number`` different instances, from at most three times as many tries.

    Raises InputError for a number that is not between 1 and 1,000.
    """
    if not 1 <= number <= MAX_NUMBER:
        raise InputError(f"{number} instances were asked for; ask for 1 to {MAX_NUMBER}.")
    kept: list[Instance] = []
    seen: set[str] = set()
    dropped: Counter[str] = Counter()
    tries = 0
    while len(kept) < number and tries < TRIES * number:
        rng = random.Random(f"{template.id} {seed} {tries}")
        tries += 1
        try:
            made = _instance(template, rng, f"instance {seed}.{tries}", prover, limits)
        except DroppedError as trouble:
            dropped[trouble.reason] += 1
            continue
        if made.question in seen:
            dropped["repeated"] += 1
            continue
        seen.add(made.question)
        kept.append(made)
    return Instances(tuple(kept), tries, dict(dropped))


def examples(instance: Instance, prover: Prover, limits: Limits = LIMITS) -> tuple[Example, ...]:
    """An example for each step that claims something, labelled by the prover."""
    out = []
    for at, step in enumerate(instance.steps):
        if step.formula is not None:
            label = judge(step.formula, prover, limits)
            out.append(example(instance, at, "step", step.text, step.formula, label))
    return tuple(out)


def example(
    instance: Instance,
    at: int,
    kind: str,
    text: str,
    formula: Formula,
    label: Outcome,
    reason: str = "",
) -> Example:
    """A step of an instance, or a change of one, as an example.

    A step is a ground equation, which needs no premises; its context is the question and the
    steps before it.
    """
    context = instance.context(at)
    digest = hashlib.sha256(f"{kind}\n{context}\n{text}\n{label}".encode()).hexdigest()[:16]
    changes = instance.lineage.changes
    return Example(
        id=f"numeric_{digest}",
        kind=kind,
        lineage=Lineage(instance.lineage.seed, changes if kind == "step" else (*changes, kind)),
        premises=(),
        claim=Statement(text, formula),
        label=label,
        context=context,
        reason=reason,
        facts={
            "step": at + 1,
            "steps": len(instance.steps),
            "answer": str(instance.answer),
            "template": instance.template,
            "instance": instance.id,
        },
    )


def _instance(
    template: Template, rng: random.Random, change: str, prover: Prover, limits: Limits
) -> Instance:
    values = search(template.variables, template.limits, template.rules, rng)
    if values is None:
        raise DroppedError("no_numbers_fit")
    renamed = names.rename(template.names, _words(template), rng)
    try:
        question = render(template.question, values, renamed)
        texts = [render(step, values, renamed) for step in template.steps]
    except ValueError as trouble:
        raise DroppedError("not_written", str(trouble)) from None
    steps = _proved(question, texts, template, prover, limits)
    digest = hashlib.sha256("\n".join([template.id, question, *texts]).encode()).hexdigest()
    return Instance(
        f"instance_{digest[:16]}",
        template.id,
        Lineage(template.seed, (change,)),
        question,
        steps,
        number(template.answer, values),
        values,
    )


def _words(template: Template) -> frozenset[str]:
    """Every word of the template, none of which may become a name."""
    texts = (p for pieces in (template.question, *template.steps) for p in pieces)
    return frozenset(word for p in texts if isinstance(p, str) for word in _split(p)) | frozenset(
        p.name for pieces in (template.question,) for p in pieces if isinstance(p, NameSlot)
    )


def _split(text: str) -> list[str]:
    return "".join(c if c.isalpha() else " " for c in text).split()


def _proved(
    question: str, texts: list[str], template: Template, prover: Prover, limits: Limits
) -> tuple[Step, ...]:
    known = Quantities.from_text(question)
    steps: list[Step] = []
    for text, claiming in zip(texts, template.claiming, strict=True):
        formula = read_step(text, known)
        if (formula is not None) != claiming:
            raise DroppedError("changed_claims", text[:80])
        if formula is not None and judge(formula, prover, limits) is not Outcome.PROVED:
            raise DroppedError("not_proved", text[:80])
        steps.append(Step(text, formula))
        known = known.with_text(text)
    return tuple(steps)
