"""Steps of solutions with labels, for process reward models.

A solution is a chain of examples: the claim of one that was proved is the last premise of the
next, or the last line of its context. So every label in it is a prover's verdict, and what is not
the claim of an example is part of the question. As in PRM800K, a solution ends with its first step
that is not right.

Shapes: PRM800K (Lightman et al., "Let's Verify Step by Step", 2023) rates steps 1, 0 or -1, where
0 is neither right nor wrong as far as the premises tell; Math-Shepherd (Wang et al., ACL 2024)
puts ``ки`` behind each step, and ``+`` or ``-`` in its place, where what does not follow has ``-``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from neurosym.augment.base import Example, Statement
from neurosym.augment.export.formal import Row
from provers.base import Outcome
from provers.logic.syntax import Formula

TAG: Final = "ки"
RATINGS: Final = {Outcome.PROVED: 1, Outcome.INDEPENDENT: 0, Outcome.REFUTED: -1}
_Key: TypeAlias = tuple[str, str, tuple[tuple[str, Formula], ...]]


@dataclass(frozen=True, slots=True)
class Solution:
    """A question, and the steps with their ratings; ``id`` is that of the last step's example."""

    id: str
    seed: str
    question: str
    steps: tuple[tuple[str, int], ...]


def solutions(
    examples: Sequence[Example], left_out: Counter[str] | None = None
) -> Iterator[Solution]:
    """The longest chains of the examples; ``left_out`` counts what is in none, and why."""
    counted = Counter[str]() if left_out is None else left_out
    proved: dict[_Key, Example] = {}
    for one in examples:
        if one.label is Outcome.PROVED:
            for key in _keys_after(one):
                proved.setdefault(key, one)
    inner = {
        before.id
        for one in examples
        if one.label in RATINGS and (before := proved.get(_key(one))) is not None
    }
    for one in examples:
        if one.label not in RATINGS:
            counted[f"steps: {one.label} premises"] += 1
        elif not one.claim.text.strip():
            counted["steps: no text"] += 1
        elif one.id not in inner:
            yield _solution(one, proved)


def _solution(last: Example, proved: dict[_Key, Example]) -> Solution:
    chain = [last]
    # What comes before has fewer premises or less context, so this ends.
    while (before := proved.get(_key(chain[-1]))) is not None:
        chain.append(before)
    chain.reverse()
    first = chain[0]
    given = [one.text for one in first.premises if one.text not in first.context]
    question = "\n".join(filter(None, [*given, first.context]))
    steps = tuple((one.claim.text, RATINGS[one.label]) for one in chain)
    return Solution(last.id, last.lineage.seed, question, steps)


def _key(example: Example) -> _Key:
    """Where an example stands: what was said before it."""
    return example.lineage.seed, example.context, _said(example.premises)


def _keys_after(example: Example) -> Iterator[_Key]:
    """Where one stands that goes on from an example."""
    seed, context, premises = _key(example)
    yield seed, context, (*premises, *_said([example.claim]))
    if example.claim.text:
        yield seed, f"{context}\n{example.claim.text}", premises


def _said(statements: Iterable[Statement]) -> tuple[tuple[str, Formula], ...]:
    return tuple((one.text, one.formula) for one in statements)


def prm800k(solution: Solution) -> Row:
    """A line of PRM800K, with one completion for each step."""
    steps = [
        {
            "completions": [{"text": text, "rating": rating, "flagged": False}],
            "human_completion": None,
            "chosen_completion": 0,
        }
        for text, rating in solution.steps
    ]
    right = all(rating == 1 for _, rating in solution.steps)
    return {
        "id": solution.id,
        "seed": solution.seed,
        "question": {"problem": solution.question},
        "label": {"steps": steps, "finish_reason": "solution" if right else "found_error"},
    }


def math_shepherd(solution: Solution, left_out: Counter[str] | None = None) -> Row | None:
    """A line of Math-Shepherd: ``input`` with tags, ``label`` with signs in their places.

    None, which ``left_out`` counts, for text that has the tag in it.
    """
    texts = [text for text, _ in solution.steps]
    if TAG in solution.question or any(TAG in text for text in texts):
        if left_out is not None:
            left_out["math_shepherd: the tag is in the text"] += 1
        return None
    signs = ["+" if rating == 1 else "-" for _, rating in solution.steps]
    return {
        "id": solution.id,
        "seed": solution.seed,
        "input": _marked(solution.question, texts, [TAG] * len(texts)),
        "label": _marked(solution.question, texts, signs),
    }


def _marked(question: str, steps: Sequence[str], marks: Sequence[str]) -> str:
    lines = [
        f"Step {number}: {step} {mark}"
        for number, (step, mark) in enumerate(zip(steps, marks, strict=True), 1)
    ]
    return f"{question} " + "\n".join(lines) if question else "\n".join(lines)
