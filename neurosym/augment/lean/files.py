"""Mutants in a file: a line of JSON for each seed that was tried."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.augment.base import Lineage
from neurosym.augment.lean.changes import Kind
from neurosym.augment.lean.harvest import Grown
from neurosym.augment.lean.mutants import Mutant
from neurosym.augment.lean.seeds import Seed
from neurosym.premises.labels import cut_unfinished
from provers.errors import InputError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Mutant(_Strict):
    name: str
    statement: str
    proof: str
    kind: Kind
    lemma: str
    changes: tuple[str, ...]
    trivial: str = ""


class _Line(_Strict):
    seed: str
    root: str = ""
    header: tuple[str, ...]
    prelude: str = ""
    mutants: tuple[_Mutant, ...]
    tried: int
    fit: int
    dropped: dict[str, int]
    seconds: float
    error: str = ""


def write_line(grown: Grown) -> str:
    """One line of the file, with its end."""
    seed = grown.seed
    line = _Line(
        seed=seed.name,
        root=seed.root,
        header=seed.header,
        prelude=seed.prelude,
        mutants=tuple(
            _Mutant(
                name=one.name,
                statement=one.statement,
                proof=one.proof,
                kind=one.kind,
                lemma=one.lemma,
                changes=one.lineage.changes,
                trivial=one.trivial,
            )
            for one in grown.mutants
        ),
        tried=grown.tried,
        fit=grown.fit,
        dropped=dict(grown.dropped),
        seconds=grown.seconds,
        error=grown.error,
    )
    return json.dumps(line.model_dump(), ensure_ascii=False) + "\n"


def read_grown(file: Path) -> Iterator[Grown]:
    """What a file holds, none where there is no file.

    Raises InputError for a file that cannot be read or has a line that is none of its own; what
    follows the last end of a line was being written when a run ended, and is left out.
    """
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {error}.") from error
    for number, line in enumerate(text.split("\n")[:-1], 1):
        try:
            found = _Line.model_validate_json(line)
        except ValidationError as error:
            raise InputError(f"'{file}' is damaged in line {number}: remove that line.") from error
        yield _grown(found)


def _grown(line: _Line) -> Grown:
    root = line.root or line.seed
    # The changes that made the seed come first in those of its mutants.
    before = line.mutants[0].changes[:-1] if line.mutants else ()
    seed = Seed(line.seed, line.header, line.prelude, line.root, before)
    mutants = tuple(
        Mutant(
            one.name,
            one.statement,
            one.proof,
            one.kind,
            one.lemma,
            Lineage(root, one.changes),
            line.header,
            line.prelude,
            one.trivial,
        )
        for one in line.mutants
    )
    return Grown(seed, mutants, line.tried, line.fit, line.dropped, line.seconds, line.error)


def grow_into(
    file: Path,
    seeds: Sequence[Seed],
    grow: Callable[[Sequence[Seed], Iterable[str]], Iterable[Grown]],
    tell: Callable[[Grown, int, int], None] | None = None,
) -> list[Grown]:
    """Mutate seeds into a file, going on where it ends; all that it then holds.

    ``grow`` gets the seeds that are left, and the statements that are in the file. ``tell`` is told
    what was done, how many are, and of how many. Raises InputError where the file is damaged or
    cannot be written, and what ``grow`` raises.
    """
    found = list(read_grown(file))
    done = {_key(one.seed) for one in found}
    new = [seed for seed in seeds if _key(seed) not in done]
    try:
        cut_unfinished(file)
        with file.open("a", encoding="utf-8") as stream:
            there = [mutant.statement for one in found for mutant in one.mutants]
            for number, grown in enumerate(grow(new, there), 1):
                stream.write(write_line(grown))
                stream.flush()
                found.append(grown)
                if tell is not None:
                    tell(grown, number, len(new))
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error.strerror}.") from error
    return found


def _key(seed: Seed) -> tuple[Any, ...]:
    return (seed.name, seed.header, seed.prelude)
