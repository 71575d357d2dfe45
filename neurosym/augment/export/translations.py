"""English and its formula: pairs to learn from, and preferences between a right one and a wrong.

The rows are what ``neurosym train translator`` reads, and trl's SFT and DPO trainers too.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from neurosym.augment.base import Example, Statement
from neurosym.augment.export.formal import Row, answer, asked
from provers.base import Outcome
from provers.errors import InputError


def pairs(
    examples: Iterable[Example], *, whole: bool = False, left_out: Counter[str] | None = None
) -> Iterator[Row]:
    """A row for each statement of each example, none twice: ``prompt`` and ``completion``.

    With ``whole``, ``messages`` instead of ``prompt``: the translators' instructions and examples
    with it. ``left_out`` counts what has no row, and why.
    """
    counted = Counter[str]() if left_out is None else left_out
    seen: set[tuple[str, str]] = set()
    for example in examples:
        for place, statement in _statements(example):
            written = _written(statement, counted)
            if written is None:
                continue
            if (statement.text, written) in seen:
                counted["pairs: the same again"] += 1
                continue
            seen.add((statement.text, written))
            yield {
                "id": f"{example.id}/{place}",
                "seed": example.lineage.seed,
                **asked(statement.formula, statement.text, whole=whole),
                "completion": written,
            }


def preferences(
    examples: Iterable[Example],
    *,
    whole: bool = False,
    most: int = 8,
    left_out: Counter[str] | None = None,
) -> Iterator[Row]:
    """Rows with ``prompt``, ``chosen`` and ``rejected``: what a claim says, and what it does not.

    Of two examples with the same seed, premises and context, one proved and the other refuted, the
    claims do not say the same, and provers said so; the formula of each is a wrong answer to the
    text of the other. Where the fact ``original`` of the refuted one is the text that it was made
    of, a premise or a claim, it is compared with that alone. Both ways are there, so that what is
    learnt is to say what the text says and not what is true. There are ``most`` for one seed,
    premises and context. ``left_out`` counts what has no row, and why.
    """
    counted = Counter[str]() if left_out is None else left_out
    groups: dict[object, tuple[list[Example], list[Example]]] = {}
    for example in examples:
        if example.label in (Outcome.PROVED, Outcome.REFUTED):
            premises = tuple(one.formula for one in example.premises)
            key = (example.lineage.seed, premises, example.context)
            groups.setdefault(key, ([], []))[example.label is Outcome.REFUTED].append(example)
    for proved, refuted in groups.values():
        rows = (row for wrong in refuted for row in _against(wrong, proved, counted, whole))
        yield from itertools.islice(rows, most)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement, and where it is from."""

    id: str
    label: Outcome
    statement: Statement


def _against(
    wrong: Example, proved: Sequence[Example], counted: Counter[str], whole: bool
) -> Iterator[Row]:
    """Rows of a refuted claim and what it was before, or each claim that was proved."""
    refuted = _Said(wrong.id, wrong.label, wrong.claim)
    right = [_Said(one.id, one.label, one.claim) for one in proved]
    right += [
        _Said(f"{wrong.id}/{place}", Outcome.PROVED, one)
        for place, one in _statements(wrong)
        if one is not wrong.claim and one.text == wrong.facts.get("original")
    ]
    before = [one for one in right if one.statement.text == wrong.facts.get("original")]
    for other in before or right:
        for this, that in ((other, refuted), (refuted, other)):
            row = _preference(this, that, wrong.lineage.seed, counted, whole)
            if row is not None:
                yield row


def _preference(
    right: _Said, wrong: _Said, seed: str, counted: Counter[str], whole: bool
) -> Row | None:
    text, formula = right.statement.text, right.statement.formula
    if text == wrong.statement.text:
        counted["preferences: one text, two meanings"] += 1
        return None
    chosen, rejected = _written(right.statement, counted), _written(wrong.statement, counted)
    if chosen is None or rejected is None:
        return None
    return {
        "id": f"{right.id}/not/{wrong.id}",
        "seed": seed,
        **asked(formula, text, whole=whole),
        "chosen": chosen,
        "rejected": rejected,
        "label": str(right.label),
    }


def _statements(example: Example) -> Iterator[tuple[str, Statement]]:
    for number, premise in enumerate(example.premises, 1):
        yield f"premise-{number}", premise
    yield "claim", example.claim


def _written(statement: Statement, counted: Counter[str]) -> str | None:
    if not statement.text.strip():
        counted["no text"] += 1
        return None
    try:
        return answer(statement.formula)
    except InputError:
        counted["no notation spells the formula"] += 1
        return None
