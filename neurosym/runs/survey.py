"""What inputs hold: forms, counts, answers, what is bad, and one record of each."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from neurosym.runs import inputs as files
from neurosym.runs.ids import Seen
from neurosym.runs.items import Item

REASONS = 5
_MOST_ANSWERS = 1000


@dataclass(slots=True)
class Part:
    """The files of one input that have one form.

    ``recorded`` of the items hold ``samples`` in all that a model wrote before.
    """

    given: str
    form: str
    container: str
    files: int = 0
    items: int = 0
    bad: int = 0
    reasons: list[tuple[str, str, int, str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    more_answers: int = 0
    with_labelled_steps: int = 0
    with_formulas: int = 0
    recorded: int = 0
    samples: int = 0
    shown: Item | None = None

    def add(self, item: Item) -> None:
        """Count an item."""
        self.items += 1
        if item.ill_formed:
            self.bad += 1
            if len(self.reasons) < REASONS:
                self.reasons.append((item.id, item.origin.file, item.origin.line, item.bad))
            return
        self.kinds[item.kind] += 1
        self.with_labelled_steps += item.error_steps is not None
        self.with_formulas += item.formal is not None
        self.recorded += item.samples is not None
        self.samples += item.samples or 0
        self.shown = self.shown or item
        if item.gold is None:
            return
        if item.gold in self.answers or len(self.answers) < _MOST_ANSWERS:
            self.answers[item.gold] += 1
        else:  # numbers: what they are matters less than that memory stays flat
            self.more_answers += 1


@dataclass(slots=True)
class Survey:
    """What all inputs hold. ``skipped`` are files of folders that hold nothing to work on."""

    parts: list[Part] = field(default_factory=list)
    skipped: int = 0
    skipped_first: list[files.Skipped] = field(default_factory=list)


def survey(inputs: Iterable[str]) -> Survey:
    """Read all inputs through and count. Raises InputError as ``inputs.items``."""
    result = Survey()
    seen = Seen()
    parts: dict[tuple[str, str], Part] = {}
    for found in files.recognised(inputs):
        if isinstance(found, files.Skipped):
            result.skipped += 1
            if len(result.skipped_first) < REASONS:
                result.skipped_first.append(found)
            continue
        counted: set[str] = set()
        for item in files.unique(found.reader.read(found.source), seen):
            key = (found.given, item.origin.form)
            if key not in parts:
                parts[key] = Part(*key, found.container)
                result.parts.append(parts[key])
            parts[key].files += item.origin.form not in counted
            counted.add(item.origin.form)
            parts[key].add(item)
    return result


def written(value: Any) -> Any:
    """An item, or a part of one, as JSON can hold it; what is empty is left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_defaults=True)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: written(one) for name, one in pairs if one not in (None, "", ())}
    if isinstance(value, tuple | list):
        return [written(one) for one in value]
    return value
