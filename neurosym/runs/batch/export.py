"""The attempts of a run in one file, in the inputs' order: JSON Lines or Parquet."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from neurosym.runs.batch.folder import LEDGER, RunFolder
from neurosym.runs.batch.snapshot import Snapshot, inflate, open_snapshot, parse_output
from neurosym.runs.tables import attempts, problems
from provers.errors import InputError, MissingToolError

if TYPE_CHECKING:
    import pyarrow as pa

Format: TypeAlias = Literal["jsonl", "parquet"]
Samples: TypeAlias = Literal["all", "chosen"]

OUTPUT: Final = "output"
_GROUP_ROWS: Final = 5_000
_GROUP_BYTES: Final = 16 * 1024 * 1024

# The fields of a record, in order, with their kinds; ``?`` may be null. Those of the attempt are
# null where a problem ended without one.
FIELDS: Final[tuple[tuple[str, str], ...]] = (
    ("position", "int"),  # of the problem in the inputs, from 0
    ("id", "str"),
    ("form", "str"),
    ("kind", "str"),
    ("file", "str"),
    ("line", "int"),
    ("digest", "str"),  # of what is asked: the same problem has the same one in every run
    ("gold", "str?"),
    ("problem_outcome", "str"),  # what all attempts together come to
    ("problem_reason", "str"),
    ("problem_answer", "str?"),
    ("problem_correct", "bool?"),
    ("problem_solved", "bool"),
    ("problem_seconds", "float"),
    ("problem_prover_seconds", "float"),
    ("problem_tokens", "int"),
    ("attempts", "int"),
    ("successes", "int"),
    ("votes", "int"),
    ("tries", "int"),
    ("stopped", "str"),
    ("sample", "int?"),  # of the attempt, from 0
    ("chosen", "bool"),  # the attempt is the one that the problem's outcome is of
    ("outcome", "str?"),
    ("reason", "str?"),
    ("answer", "str?"),
    ("solved", "bool?"),
    ("final", "bool?"),
    ("prover", "str?"),
    ("seconds", "float?"),
    ("prover_seconds", "float?"),
    ("tokens", "int?"),
    (OUTPUT, "json?"),  # an object in JSON Lines, its text in Parquet
)


@dataclass(frozen=True, slots=True)
class Exported:
    """One record: its fields without the output, and the output as the text of its JSON."""

    fields: dict[str, Any]
    output: str | None

    def line(self) -> str:
        """The record as a line of JSON, without the end of the line."""
        start = json.dumps(self.fields, ensure_ascii=False, allow_nan=False)
        return f'{start[:-1]}, "{OUTPUT}": {"null" if self.output is None else self.output}}}'


def export(
    folder: RunFolder,
    out: Path,
    form: Format,
    samples: Samples = "all",
    *,
    overwrite: bool = False,
) -> int:
    """Write the attempts at the finished problems of a run to a file; how many records it has.

    ``samples``: all attempts, or the chosen one of each problem. The file is there only when all
    is written; memory does not grow with the run.

    Raises InputError where the folder holds no run, the file is there already or cannot be
    written, BrokenToolError where the ledger is damaged, MissingToolError without pyarrow.
    """
    folder.manifest()
    if out.exists() and not out.is_file():
        what = "a folder" if out.is_dir() else "no ordinary file"
        raise InputError(f"'{out}' is {what}: give another file.")
    if out.exists() and not overwrite:
        raise InputError(f"'{out}' is there already: give another file, or --force.")
    with _opened(folder) as snapshot, _writing(out) as stream:
        records = _records(snapshot, samples)
        return _parquet(records, stream) if form == "parquet" else _lines(records, stream)


def print_records(folder: RunFolder, samples: Samples, write: Callable[[str], None]) -> int:
    """Hand each record's line to ``write``; how many there were. Raises as ``export``."""
    folder.manifest()
    number = 0
    with _opened(folder) as snapshot:
        for record in _records(snapshot, samples):
            write(record.line())
            number += 1
    return number


# --- reading -----------------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(folder: RunFolder) -> Iterator[Snapshot]:
    with open_snapshot(folder.path / LEDGER) as snapshot:
        yield snapshot


_OF_ATTEMPT: Final = (
    "sample",
    "outcome",
    "reason",
    "answer",
    "solved",
    "final",
    "prover",
    "seconds",
    "prover_seconds",
    "tokens",
)


def _records(snapshot: Snapshot, samples: Samples) -> Iterator[Exported]:
    """The records in order. A problem without an attempt has one of its own, so none is lost."""
    same = attempts.c.position == problems.c.position
    if samples == "chosen":
        same = sa.and_(same, attempts.c.sample == problems.c.chosen)
    of_attempt = [attempts.c[name].label(f"attempt_{name}") for name in _OF_ATTEMPT]
    chosen = (
        sa.select(problems, *of_attempt, attempts.c.body)
        .join_from(problems, attempts, same, isouter=True)
        .order_by(problems.c.position, attempts.c.sample)
    )
    return (_record(row) for row in snapshot.rows(chosen))


def _record(row: sa.Row[Any]) -> Exported:
    found = row._mapping
    made: dict[str, Any] = {
        "chosen": row.attempt_sample is not None and row.attempt_sample == row.chosen
    }
    for name in _OF_ATTEMPT:
        made[name] = found[f"attempt_{name}"]
    fields = {}
    for name, _ in FIELDS:
        if name == OUTPUT:
            continue
        fields[name] = made[name] if name in made else found[name.removeprefix("problem_")]
    return Exported(fields, _output(row))


def _output(row: sa.Row[Any]) -> str | None:
    """The text of the output. NaN and the like, which are no JSON, are null."""
    if row.body is None:
        return None
    text = inflate(row.body, row.position, row.attempt_sample)
    if b"NaN" not in text and b"Infinity" not in text:
        # It was written as JSON on one line; reading it again would only take time.
        return text.decode("utf-8", "replace")
    read = parse_output(text, row.position, row.attempt_sample)
    return json.dumps(read, ensure_ascii=False, separators=(",", ":"))


# --- writing -----------------------------------------------------------------------------------


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[IO[bytes]]:
    """A stream to a file that takes its name when all is written. Raises InputError."""
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=out.parent, prefix=f".{out.name[:100]}.", suffix=".part", delete=False
        ) as stream:
            part = Path(stream.name)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    except OSError as error:
        raise InputError(
            f"'{out}' cannot be written: {error.strerror or error}; give another file."
        ) from error
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _lines(records: Iterator[Exported], stream: IO[bytes]) -> int:
    number = 0
    for record in records:
        stream.write(record.line().encode("utf-8", "replace") + b"\n")
        number += 1
    return number


def schema() -> pa.Schema:
    """The columns of a Parquet file: ``FIELDS``. Raises MissingToolError without pyarrow."""
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        raise MissingToolError(
            "pyarrow is not installed: pip install 'neurosym[batch]'."
        ) from error
    kinds = {
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "str": pa.string(),
        "json": pa.string(),
    }
    return pa.schema(
        [pa.field(name, kinds[kind.rstrip("?")], kind.endswith("?")) for name, kind in FIELDS]
    )


def _parquet(records: Iterator[Exported], stream: IO[bytes]) -> int:
    """Write row groups of some thousands of records, or fewer where outputs are large."""
    columns = schema()
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    with pq.ParquetWriter(stream, columns, compression="zstd") as writer:

        def write(rows: list[dict[str, Any]]) -> None:
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))

        rows: list[dict[str, Any]] = []
        size = 0
        for record in records:
            rows.append({**record.fields, OUTPUT: record.output})
            size += len(record.output or "")
            number += 1
            if len(rows) >= _GROUP_ROWS or size >= _GROUP_BYTES:
                write(rows)
                rows, size = [], 0
        if rows:
            write(rows)
    return number
