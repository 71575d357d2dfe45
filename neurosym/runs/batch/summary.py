"""All figures of a run, finished or not, as one tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from neurosym.runs.batch.folder import LEDGER, RunFolder
from neurosym.runs.batch.manifest import InputFile, Manifest
from neurosym.runs.batch.measures.agreement import Agreement, Matrix, agreement, confusions
from neurosym.runs.batch.measures.failures import Failures, failures
from neurosym.runs.batch.measures.outcomes import Count, Group, groups, stopped, whole
from neurosym.runs.batch.measures.passes import PassCurve, pass_curve
from neurosym.runs.batch.measures.steps import StepLabels, step_labels
from neurosym.runs.batch.measures.times import Series, Times, cactus, times
from neurosym.runs.batch.snapshot import Snapshot, open_snapshot


@dataclass(frozen=True, slots=True)
class Run:
    """Which run it is. ``records`` problems are in its inputs, ``finished`` of them are done;
    ``running``: it is at work. ``versions`` of tools, and ``others`` under which it was resumed.
    """

    name: str
    created: str
    records: int
    bad: int
    finished: int
    running: bool
    inputs: tuple[str, ...]
    files: tuple[Mapping[str, Any], ...]
    configuration: Mapping[str, Any]
    versions: Mapping[str, str]
    others: tuple[Mapping[str, str], ...]

    @property
    def complete(self) -> bool:
        return self.finished >= self.records


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run's finished problems, all of one moment.

    ``sets`` and ``provers`` divide ``total``. ``times`` begin with those of all problems, and so
    does ``cactus``; ``confusions`` are of the sets with few gold answers.
    """

    run: Run
    total: Group
    sets: tuple[Group, ...]
    provers: tuple[Group, ...]
    stopped: tuple[Count, ...]
    passes: PassCurve
    times: tuple[Times, ...]
    cactus: tuple[Series, ...]
    confusions: tuple[Matrix, ...]
    agreement: Agreement
    steps: tuple[StepLabels, ...]
    failures: Failures


def summarise(folder: RunFolder) -> Summary:
    """The figures of the run in a folder, in memory that does not grow with it.

    Raises InputError where the folder holds no run or one of a newer neurosym, BrokenToolError
    where its ledger is damaged, and MissingToolError without numpy where a bootstrap is needed.
    """
    manifest = folder.manifest()
    running = folder.running
    with open_snapshot(folder.path / LEDGER) as snapshot:
        return _summary(folder, manifest, running, snapshot)


def _summary(folder: RunFolder, manifest: Manifest, running: bool, snapshot: Snapshot) -> Summary:
    sets = groups(snapshot, "form")
    total = whole(sets)
    return Summary(
        run=_run(folder, manifest, running, total.problems),
        total=total,
        sets=sets,
        provers=groups(snapshot, "prover"),
        stopped=stopped(snapshot),
        passes=pass_curve(snapshot, manifest.configuration.samples),
        times=times(snapshot, total, sets),
        cactus=cactus(snapshot),
        confusions=confusions(snapshot, [group.name for group in sets]),
        agreement=agreement(snapshot),
        steps=step_labels(snapshot),
        failures=failures(snapshot),
    )


def _run(folder: RunFolder, manifest: Manifest, running: bool, finished: int) -> Run:
    return Run(
        name=folder.path.resolve().name,
        created=manifest.created,
        records=manifest.records,
        bad=manifest.bad,
        finished=finished,
        running=running,
        inputs=manifest.inputs,
        files=tuple(map(_file, manifest.files)),
        configuration=manifest.configuration.model_dump(mode="json"),
        versions=manifest.versions,
        others=manifest.others,
    )


def _file(file: InputFile) -> Mapping[str, Any]:
    return file.model_dump(mode="json")


def write_summary(summary: Summary) -> dict[str, Any]:
    """The summary as JSON: its fields by their names, and whether the run is ``complete``."""
    written = asdict(summary)
    written["run"]["complete"] = summary.run.complete
    return written
