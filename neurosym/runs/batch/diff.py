"""Two runs compared, problem by problem: what got worse first, then what got better."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from neurosym.runs.batch.folder import LEDGER, RunFolder
from neurosym.runs.batch.manifest import Manifest
from neurosym.runs.batch.measures.outcomes import CONCLUSIVE_NAMES
from neurosym.runs.batch.snapshot import Snapshot, open_snapshots
from neurosym.runs.tables import problems

Regression: TypeAlias = Literal["contradiction", "unsolved", "undecided", "failing", "wrong"]
Improvement: TypeAlias = Literal["solved", "decided", "working", "right"]
Kind: TypeAlias = Regression | Improvement | Literal["other"]

# Worst first. ``contradiction``: both runs decided it, differently, so one of them is wrong.
# ``undecided``: it was conclusive; ``failing``: no tool broke before; ``wrong``: the answer by
# vote was the gold answer.
REGRESSIONS: Final[tuple[Regression, ...]] = (
    "contradiction",
    "unsolved",
    "undecided",
    "failing",
    "wrong",
)
IMPROVEMENTS: Final[tuple[Improvement, ...]] = ("solved", "decided", "working", "right")
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Side:
    """What a problem came to in one run."""

    outcome: str
    reason: str
    answer: str | None
    correct: bool | None
    solved: bool
    prover: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Change:
    """A problem that went differently in the second run."""

    id: str
    form: str
    first: Side
    second: Side


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes of one kind: how many, and the first of them in the first run's order."""

    kind: Kind
    number: int
    shown: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Problems: how many, and the ids of the first of them."""

    number: int
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """Time over the problems that both runs have: sums in seconds, and ratios second / first.

    ``ratio`` is that of the sums, ``typical`` the geometric mean over the problems that both
    decided; None where nothing took any time.
    """

    first: float
    second: float
    ratio: float | None
    typical: float | None
    first_tokens: int
    second_tokens: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs between the runs' manifests: for each name, what it is in either.

    ``inputs`` are hashes of files by name. ``first_left`` and ``second_left`` problems are not
    finished, so they may be missing without having changed.
    """

    configuration: Mapping[str, tuple[Any, Any]]
    versions: Mapping[str, tuple[str | None, str | None]]
    inputs: Mapping[str, tuple[str | None, str | None]]
    first_left: int
    second_left: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two runs compared. Only ``same_problems`` are compared: same id, same content.

    ``content``: the id is in both, but asks something else. ``regressions`` and ``improvements``
    have all kinds in order, those without any change too; ``others`` changed between
    inconclusive outcomes, or in the answer alone.
    """

    first: str
    second: str
    same_problems: int
    unchanged: int
    regressions: tuple[Changes, ...]
    improvements: tuple[Changes, ...]
    others: Changes
    content: Names
    only_first: Names
    only_second: Names
    speed: Speed
    setting: Setting

    @property
    def worse(self) -> int:
        """How many problems regressed."""
        return sum(changes.number for changes in self.regressions)

    @property
    def better(self) -> int:
        """How many problems improved."""
        return sum(changes.number for changes in self.improvements)


def compare(first: RunFolder, second: RunFolder, most: int = MOST_SHOWN) -> Difference:
    """The finished problems of two runs side by side, ``most`` of each kind of change shown.

    Memory does not grow with the runs: SQLite joins them. Raises InputError where a folder holds
    no run or one of a newer neurosym, BrokenToolError where a ledger is damaged.
    """
    manifests = first.manifest(), second.manifest()
    files = [folder.path / LEDGER for folder in (first, second)]
    with open_snapshots(files, [_FIRST, _SECOND]) as snapshot:
        return _compare(snapshot, (first, second), manifests, most)


# --- reading both ------------------------------------------------------------------------------

_FIRST: Final = "first"
_SECOND: Final = "second"
_one = problems.to_metadata(sa.MetaData(), schema=_FIRST)
_other = problems.to_metadata(sa.MetaData(), schema=_SECOND)
# The second run's ids, ordered, so that each of the first run's is found at once.
_ids = sa.Table(
    "ids",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    schema="temp",
    sqlite_with_rowid=False,
)
_SIDE: Final = ("outcome", "reason", "answer", "correct", "solved", "prover", "seconds", "tokens")


def _joined(snapshot: Snapshot) -> Iterator[sa.Row[Any]]:
    """The first run's problems in order, each beside the second run's of the same id or nulls."""
    snapshot.run(sa.schema.CreateTable(_ids))
    keyed = sa.select(_other.c.id, _other.c.position).order_by(_other.c.id, _other.c.position)
    # Ids are unique in a run; were they not, the first of each would be compared.
    snapshot.run(_ids.insert().prefix_with("OR IGNORE").from_select(["id", "position"], keyed))
    both = (
        sa.select(
            _one.c.id,
            _one.c.form,
            (_other.c.position.is_not(None)).label("there"),
            (_one.c.digest == _other.c.digest).label("same"),
            *(_one.c[name].label(f"first_{name}") for name in _SIDE),
            *(_other.c[name].label(f"second_{name}") for name in _SIDE),
        )
        .select_from(_one)
        .join(_ids, _ids.c.id == _one.c.id, isouter=True)
        .join(_other, _other.c.position == _ids.c.position, isouter=True)
        .order_by(_one.c.position)
    )
    return snapshot.rows(both)


def _only_second(snapshot: Snapshot, most: int) -> Names:
    """The problems of the second run whose ids the first one has not."""
    snapshot.run(sa.delete(_ids))
    keyed = sa.select(_one.c.id, sa.func.min(_one.c.position)).group_by(_one.c.id)
    snapshot.run(_ids.insert().from_select(["id", "position"], keyed))
    missing = (
        sa.select(_other.c.id)
        .join_from(_other, _ids, _ids.c.id == _other.c.id, isouter=True)
        .where(_ids.c.id.is_(None))
        .order_by(_other.c.position)
    )
    names = _Names(most)
    for row in snapshot.rows(missing):
        names.add(row.id)
    return names.result()


# --- comparing ---------------------------------------------------------------------------------


def kind_of(first: Side, second: Side) -> Kind | None:
    """What sort of change it is; None where nothing of interest changed."""
    decided = first.outcome in CONCLUSIVE_NAMES, second.outcome in CONCLUSIVE_NAMES
    kinds: tuple[tuple[bool, Kind], ...] = (
        (all(decided) and first.outcome != second.outcome, "contradiction"),
        (first.solved and not second.solved, "unsolved"),
        (decided == (True, False), "undecided"),
        (first.outcome != "failed" and second.outcome == "failed", "failing"),
        (first.correct is True and second.correct is not True, "wrong"),
        (second.solved and not first.solved, "solved"),
        (decided == (False, True), "decided"),
        (first.outcome == "failed" and second.outcome != "failed", "working"),
        (second.correct is True and first.correct is not True, "right"),
        (
            (first.outcome, first.reason, first.answer)
            != (second.outcome, second.reason, second.answer),
            "other",
        ),
    )
    return next((kind for true, kind in kinds if true), None)


def _compare(
    snapshot: Snapshot,
    folders: tuple[RunFolder, RunFolder],
    manifests: tuple[Manifest, Manifest],
    most: int,
) -> Difference:
    kinds: tuple[Kind, ...] = (*REGRESSIONS, *IMPROVEMENTS, "other")
    found = {kind: _Changes(kind, most) for kind in kinds}
    content, only_first = _Names(most), _Names(most)
    speed = _Speed()
    same = unchanged = first_finished = 0
    for row in _joined(snapshot):
        first_finished += 1
        if not row.there:
            only_first.add(row.id)
            continue
        if not row.same:
            content.add(row.id)
            continue
        same += 1
        sides = _side(row, "first"), _side(row, "second")
        speed.add(*sides, row.first_tokens, row.second_tokens)
        kind = kind_of(*sides)
        if kind is None:
            unchanged += 1
        else:
            found[kind].add(row, *sides)
    finished = next(snapshot.rows(sa.select(sa.func.count().label("n")).select_from(_other))).n
    return Difference(
        first=str(folders[0].path),
        second=str(folders[1].path),
        same_problems=same,
        unchanged=unchanged,
        regressions=tuple(found[kind].result() for kind in REGRESSIONS),
        improvements=tuple(found[kind].result() for kind in IMPROVEMENTS),
        others=found["other"].result(),
        content=content.result(),
        only_first=only_first.result(),
        only_second=_only_second(snapshot, most),
        speed=speed.result(),
        setting=_setting(*manifests, first_finished, finished),
    )


@dataclass(slots=True)
class _Changes:
    kind: Kind
    most: int
    number: int = 0
    shown: list[Change] = field(default_factory=list)

    def add(self, row: sa.Row[Any], first: Side, second: Side) -> None:
        self.number += 1
        if len(self.shown) < self.most:
            self.shown.append(Change(row.id, row.form, first, second))

    def result(self) -> Changes:
        return Changes(self.kind, self.number, tuple(self.shown))


@dataclass(slots=True)
class _Names:
    most: int
    number: int = 0
    shown: list[str] = field(default_factory=list)

    def add(self, id: str) -> None:
        self.number += 1
        if len(self.shown) < self.most:
            self.shown.append(id)

    def result(self) -> Names:
        return Names(self.number, tuple(self.shown))


@dataclass(slots=True)
class _Speed:
    first: float = 0.0
    second: float = 0.0
    logarithms: float = 0.0
    decided: int = 0
    first_tokens: int = 0
    second_tokens: int = 0

    def add(self, first: Side, second: Side, first_tokens: int, second_tokens: int) -> None:
        self.first += first.seconds
        self.second += second.seconds
        self.first_tokens += first_tokens
        self.second_tokens += second_tokens
        decided = first.outcome in CONCLUSIVE_NAMES and second.outcome in CONCLUSIVE_NAMES
        if decided and first.seconds > 0 and second.seconds > 0:
            self.logarithms += math.log(second.seconds / first.seconds)
            self.decided += 1

    def result(self) -> Speed:
        return Speed(
            first=self.first,
            second=self.second,
            ratio=self.second / self.first if self.first > 0 else None,
            typical=math.exp(self.logarithms / self.decided) if self.decided else None,
            first_tokens=self.first_tokens,
            second_tokens=self.second_tokens,
        )


def _side(row: sa.Row[Any], which: str) -> Side:
    found = row._mapping
    return Side(
        outcome=found[f"{which}_outcome"],
        reason=found[f"{which}_reason"],
        answer=found[f"{which}_answer"],
        correct=found[f"{which}_correct"],
        solved=found[f"{which}_solved"],
        prover=found[f"{which}_prover"],
        seconds=found[f"{which}_seconds"],
    )


def _setting(first: Manifest, second: Manifest, *finished: int) -> Setting:
    configurations = first.configuration.model_dump(), second.configuration.model_dump()
    hashes = tuple({file.file: file.sha256 for file in one.files} for one in (first, second))
    return Setting(
        configuration=_differing(*configurations),
        versions=_differing(first.versions, second.versions),
        inputs=_differing(*hashes),
        first_left=max(0, first.records - finished[0]),
        second_left=max(0, second.records - finished[1]),
    )


def _differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = [*first, *(name for name in second if name not in first)]
    pairs = {name: (first.get(name), second.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def write_difference(difference: Difference) -> dict[str, Any]:
    """The difference as JSON: its fields by their names, and how many are worse and better."""
    worse = {"worse": difference.worse, "better": difference.better}
    return {**worse, **asdict(difference)}
