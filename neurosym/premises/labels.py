"""Which premises theorems need: labels, and the files that they are in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from provers.errors import InputError


@dataclass(frozen=True, slots=True)
class Label:
    """What a theorem was proved with: the proof, and the premises that its term rests on."""

    theorem: str
    proof: str
    premises: tuple[str, ...]


def write_labels(labels: Iterable[Label], file: Path) -> None:
    """Labels alone, a line of JSON each."""
    with file.open("w", encoding="utf-8") as stream:
        for label in labels:
            stream.write(json.dumps(asdict(label), ensure_ascii=False) + "\n")


def read_labels(file: Path) -> list[Label]:
    """The labels in a file, none where there is none. Raises InputError where it is damaged."""
    return [label for label in lines(file).values() if label is not None]


def lines(file: Path) -> dict[str, Label | None]:
    """The theorems that were tried, and their labels, where they have one; raises as above."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    found: dict[str, Label | None] = {}
    # What follows the last end of a line was being written when a run ended.
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            one = _Line.model_validate_json(line)
        except ValidationError as error:
            raise InputError(f"'{file}' is damaged in line {number}: remove that line.") from error
        labelled = one.proof is not None and one.premises is not None
        found[one.theorem] = (
            Label(one.theorem, one.proof or "", one.premises or ()) if labelled else None
        )
    return found


def cut_unfinished(file: Path) -> None:
    """Take away the beginning of a line that was being written when the last run ended.

    Raises OSError where the file cannot be changed.
    """
    if file.exists():
        whole = file.read_bytes()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            os.truncate(file, end)


class _Line(BaseModel):
    """A theorem that was tried; with a proof and its premises, if it has a label."""

    model_config = ConfigDict(extra="forbid", strict=True)

    theorem: str
    proof: str | None = None
    premises: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _whole(self) -> _Line:
        if (self.proof is None) != (self.premises is None):
            raise ValueError("a label is a proof and its premises")
        return self
