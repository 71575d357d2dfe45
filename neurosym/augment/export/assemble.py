"""From examples and mutants whose labels were agreed on to a folder of data sets with its card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from neurosym.augment.export import proofs as lean
from neurosym.augment.export import steps, translations, verdicts
from neurosym.augment.export.card import Made, write_card
from neurosym.augment.export.contamination import WORDS, Benchmark, decontaminate
from neurosym.augment.export.dedupe import dedupe, dedupe_mutants
from neurosym.augment.export.folder import write_folder
from neurosym.augment.export.formal import Row
from neurosym.augment.export.split import Shares, split
from neurosym.augment.recheck import Agreed, AgreedMutant, Refused
from provers.base import Limits
from provers.errors import InputError
from provers.lean.base import Checker

DataSet: TypeAlias = Literal[
    "examples", "mutants", "pairs", "preferences", "prm800k", "math-shepherd", "proofs", "tactics"
]
DATA_SETS: Final[tuple[DataSet, ...]] = get_args(DataSet)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is exported, and how.

    ``similar`` is the Jaccard similarity of texts from which two examples are the same (None: the
    formulas alone tell), ``renaming`` whether other names are no difference; ``words`` the length
    of runs that may not be in a benchmark; ``whole`` writes conversations instead of prompts;
    ``arrow`` writes ``datasets``' own format, too.
    """

    sets: tuple[DataSet, ...] = DATA_SETS
    shares: Shares = field(default_factory=Shares)
    similar: float | None = 0.9
    renaming: bool = True
    words: int = WORDS
    whole: bool = False
    arrow: bool = True


@dataclass(frozen=True, slots=True)
class Exported:
    """How many examples and mutants are in an export, and the rows of each set and side."""

    examples: int
    mutants: int
    rows: Mapping[str, Mapping[str, int]]


def export(
    out: Path,
    examples: Sequence[Agreed],
    mutants: Sequence[AgreedMutant] = (),
    *,
    name: str,
    license: str,
    how: str,
    plan: Plan = Plan(),
    benchmarks: Iterable[Benchmark] = (),
    provers: Mapping[str, str] | None = None,
    refused: Iterable[Refused] = (),
    checker: Checker | None = None,
    stated: lean.Stated = lambda _: "",
    limits: Limits = Limits(),
) -> Exported:
    """Write the folder ``out``: without repetitions and benchmarks, split by lineage, with a card.

    ``provers`` are those that labelled, with versions, and ``refused`` what a recheck did not let
    through: both are told in the card. Tactics need a ``checker``, which shows Lean's states.

    Raises InputError where nothing is left to export, where two have one id, and where ``out`` is
    there or cannot be written.
    """
    _once([*(one.example.id for one in examples), *(one.mutant.name for one in mutants)])
    if not examples and not mutants:
        raise InputError("there is nothing to export: no example was given.")
    unlike = dedupe((one.example for one in examples), plan.similar, renaming=plan.renaming)
    unlike_mutants = dedupe_mutants(one.mutant for one in mutants)
    # Benchmarks are looked for in all, so that kin of what repeats one is found, too.
    clean = decontaminate(
        [one.example for one in examples],
        [one.mutant for one in mutants],
        benchmarks,
        words=plan.words,
    )
    left = {one.id for one in unlike.kept} & {one.id for one in clean.examples}
    left |= {one.name for one in unlike_mutants.kept} & {one.name for one in clean.mutants}
    kept = [one for one in examples if one.example.id in left]
    kept_mutants = [one for one in mutants if one.mutant.name in left]

    left_out: Counter[str] = Counter()
    rows: dict[str, list[Row]] = {}
    given = [one.example for one in kept]
    proved = [one.mutant for one in kept_mutants]
    if "examples" in plan.sets:
        rows["examples"] = list(map(verdicts.of_example, kept))
    if "mutants" in plan.sets:
        rows["mutants"] = list(map(verdicts.of_mutant, kept_mutants))
    if "pairs" in plan.sets:
        rows["pairs"] = list(translations.pairs(given, whole=plan.whole, left_out=left_out))
    if "preferences" in plan.sets:
        found = translations.preferences(given, whole=plan.whole, left_out=left_out)
        rows["preferences"] = list(found)
    if {"prm800k", "math-shepherd"} & set(plan.sets):
        solved = list(steps.solutions(given, left_out))
        if "prm800k" in plan.sets:
            rows["prm800k"] = list(map(steps.prm800k, solved))
        if "math-shepherd" in plan.sets:
            marked = (steps.math_shepherd(one, left_out) for one in solved)
            rows["math-shepherd"] = [row for row in marked if row is not None]
    if "proofs" in plan.sets:
        rows["proofs"] = list(lean.proofs(proved, stated, whole=plan.whole))
    if "tactics" in plan.sets and checker is not None:
        rows["tactics"] = list(
            lean.tactics(
                proved, checker, stated, limits=limits, whole=plan.whole, left_out=left_out
            )
        )
    tables = {set_: split(found, plan.shares) for set_, found in rows.items()}
    dropped = [*unlike.dropped, *unlike_mutants.dropped]
    made = Made(
        name,
        license,
        how,
        provers or {},
        Counter(one.reason for one in refused),
        Counter(one.how for one in dropped),
        clean.overlaps,
        left_out,
        plan.shares,
        plan.words,
        plan.similar,
        plan.renaming,
    )
    write_folder(out, tables, write_card(made, kept, kept_mutants, tables), arrow=plan.arrow)
    sizes = {
        set_: {side: len(found) for side, found in sides.items()} for set_, sides in tables.items()
    }
    return Exported(len(kept), len(kept_mutants), sizes)


def _once(ids: Sequence[str]) -> None:
    twice = next((id for id, number in Counter(ids).items() if number > 1), None)
    if twice is not None:
        raise InputError(f"two examples have the id {twice!r}: rename one.")
