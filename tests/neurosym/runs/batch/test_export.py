"""Exports read back equal in both forms, and are whole or not there."""

from __future__ import annotations

import errno
import json
import math
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq
import pytest

from neurosym import cli
from neurosym.runs.batch import export as exports
from neurosym.runs.batch.export import FIELDS, Format, Samples, export
from neurosym.runs.batch.folder import LEDGER, RunFolder
from provers.errors import BrokenToolError, InputError, MissingToolError
from tests.neurosym.runs.batch.made import Made, peak, write_run

NAMES = [name for name, _ in FIELDS]
HOSTILE = 'quote " back \\ line \u2028 <script> \x00\x1b é 日本'


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().split(b"\n")[:-1]]


def read_parquet(file: Path) -> list[dict[str, Any]]:
    rows = pq.read_table(file).to_pylist()
    return [{**row, "output": row["output"] and json.loads(row["output"])} for row in rows]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return write_run(
        tmp_path / "run",
        [
            Made("b", [{"answer": "True", "tokens": 3}, {"outcome": "unknown"}], gold="True"),
            Made("a", [{"outcome": "refuted"}, {}], chosen=1, stopped="solved"),
            Made(HOSTILE, [{"output": {"text": HOSTILE, "deep": [{"x": [1, 2.5, None]}]}}]),
        ],
        samples=2,
    )


@pytest.mark.parametrize("samples", ["all", "chosen"])
def test_both_forms_read_back_equal(run: RunFolder, tmp_path: Path, samples: Samples) -> None:
    lines, table = tmp_path / "x.jsonl", tmp_path / "x.parquet"
    number = export(run, lines, "jsonl", samples)
    assert export(run, table, "parquet", samples) == number
    records = read_lines(lines)
    assert records == read_parquet(table)
    assert number == len(records) == (5 if samples == "all" else 3)
    assert all(list(record) == NAMES for record in records)
    # In the inputs' order, whatever the ids are.
    assert [r["position"] for r in records] == ([0, 0, 1, 1, 2] if samples == "all" else [0, 1, 2])
    assert [r["sample"] for r in records if r["chosen"]] == [0, 1, 0]
    last = records[-1]
    assert last["id"] == HOSTILE and last["output"]["text"] == HOSTILE


def test_what_a_record_says(run: RunFolder, tmp_path: Path) -> None:
    export(run, tmp_path / "x", "jsonl")
    first, second, *_ = read_lines(tmp_path / "x")
    assert (first["problem_outcome"], first["problem_correct"], first["gold"]) == (
        "proved",
        True,
        "True",
    )
    assert (first["outcome"], first["tokens"], first["chosen"]) == ("proved", 3, True)
    assert (second["outcome"], second["answer"], second["chosen"]) == ("unknown", None, False)
    assert first["problem_seconds"] == pytest.approx(first["seconds"] + second["seconds"])


def test_ten_thousand_rows_in_several_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_GROUP_ROWS", 1_500)
    many = (
        Made(f"p{i}", [{"answer": str(i), "output": {"n": i}}], gold=str(i)) for i in range(10_000)
    )
    run = write_run(tmp_path / "run", many)
    assert export(run, tmp_path / "x.jsonl", "jsonl") == 10_000
    assert export(run, tmp_path / "x.parquet", "parquet") == 10_000
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 7
    table = pq.read_table(tmp_path / "x.parquet", columns=["id", "output"])
    lines = read_lines(tmp_path / "x.jsonl")
    assert table["id"].to_pylist() == [f"p{i}" for i in range(10_000)] == [r["id"] for r in lines]
    assert [json.loads(text) for text in table["output"].to_pylist()] == [
        r["output"] for r in lines
    ]


def test_large_outputs_make_smaller_row_groups(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_GROUP_BYTES", 1)
    export(run, tmp_path / "x.parquet", "parquet")
    assert pq.ParquetFile(tmp_path / "x.parquet").num_row_groups == 5


def test_the_columns_are_always_the_same(tmp_path: Path, run: RunFolder) -> None:
    """Also where all values of one are null, and without any row."""
    empty = write_run(tmp_path / "empty", [], records=4)
    assert export(empty, tmp_path / "empty.parquet", "parquet") == 0
    assert export(empty, tmp_path / "empty.jsonl", "jsonl") == 0
    assert (tmp_path / "empty.jsonl").read_bytes() == b""
    export(run, tmp_path / "x.parquet", "parquet")
    schema = pq.read_schema(tmp_path / "x.parquet")
    assert schema.equals(pq.read_schema(tmp_path / "empty.parquet"))
    assert schema.names == NAMES
    kinds = {"int64": "int", "double": "float", "bool": "bool", "string": "str"}
    for (name, kind), column in zip(FIELDS, schema, strict=True):
        assert kinds[str(column.type)] == kind.rstrip("?").replace("json", "str"), name
        assert column.nullable == kind.endswith("?"), name


def test_a_problem_without_an_attempt_is_not_lost(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", [Made("a"), Made("b")])
    database = sqlite3.connect(run.path / LEDGER)
    with database:
        database.execute("DELETE FROM batch_attempts WHERE position = 1")
    database.close()
    for samples in ("all", "chosen"):
        for form, read in (("jsonl", read_lines), ("parquet", read_parquet)):
            export(run, tmp_path / "x", form, samples, overwrite=True)
            last = read(tmp_path / "x")[-1]
            assert (last["id"], last["problem_outcome"], last["sample"]) == ("b", "proved", None)
            assert last["output"] is None and last["chosen"] is False


def test_numbers_that_are_no_json_are_null(tmp_path: Path) -> None:
    output = {"score": math.nan, "least": -math.inf, "text": "NaN and Infinity stay"}
    run = write_run(tmp_path / "run", [Made("a", [{"output": output}])])
    export(run, tmp_path / "x", "jsonl")
    (record,) = (
        json.loads(line, parse_constant=lambda name: pytest.fail(name))
        for line in (tmp_path / "x").read_text().splitlines()
    )
    assert record["output"] == {"score": None, "least": None, "text": "NaN and Infinity stay"}


def test_memory_does_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_GROUP_ROWS", 200)

    def both(run: RunFolder) -> None:
        export(run, tmp_path / "x.parquet", "parquet", overwrite=True)
        export(run, tmp_path / "x.jsonl", "jsonl", overwrite=True)

    most = []
    for number in (600, 1_500):
        many = (Made(f"p{i}", [{"output": {"text": "x" * 3000}}]) for i in range(number))
        run = write_run(tmp_path / str(number), many)
        most.append(peak(lambda run=run: both(run)))
    assert most[1] - most[0] < 500_000, most  # the outputs alone are 3 MB more


# --- whole or not there ------------------------------------------------------------------------


def left(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "x"


def test_nothing_is_overwritten_without_being_told(run: RunFolder, target: Path) -> None:
    target.write_text("mine")
    with pytest.raises(InputError, match="there already"):
        export(run, target, "jsonl")
    assert target.read_text() == "mine"
    export(run, target, "jsonl", overwrite=True)
    assert len(read_lines(target)) == 5
    assert left(target.parent) == ["x"]


def test_what_is_no_place_for_a_file(run: RunFolder, target: Path) -> None:
    for place in (target.parent, Path(os.devnull), target / "below", Path("/proc/x")):
        with pytest.raises(InputError):
            export(run, place, "jsonl", overwrite=True)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_full_disk(
    run: RunFolder, target: Path, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    target.write_text("before")

    class Full:
        """A stream to a disk that fills up after some bytes."""

        def __init__(self, stream: IO[bytes]) -> None:
            self._stream = stream
            self._room = 600
            self.closed = False

        def write(self, data: bytes) -> int:
            self._room -= len(data)
            if self._room < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return self._stream.write(data)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._stream, name)

    writing = exports._writing

    def full(out: Path) -> Any:
        import contextlib

        @contextlib.contextmanager
        def filled() -> Iterator[Full]:
            with writing(out) as stream:
                yield Full(stream)

        return filled()

    monkeypatch.setattr(exports, "_writing", full)
    with pytest.raises(InputError, match="No space left on device"):
        export(run, target, form, overwrite=True)
    assert target.read_text() == "before" and left(target.parent) == ["x"]


def test_a_damaged_output_leaves_nothing(run: RunFolder, target: Path) -> None:
    database = sqlite3.connect(run.path / LEDGER)
    with database:
        database.execute("UPDATE batch_attempts SET body = x'01' WHERE position = 2")
    database.close()
    with pytest.raises(BrokenToolError, match="problem 3, sample 1"):
        export(run, target, "jsonl")
    assert left(target.parent) == []


def test_without_pyarrow(run: RunFolder, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[batch\]'"):
        export(run, target, "parquet")
    assert left(target.parent) == []
    export(run, target, "jsonl")


def test_a_folder_that_is_no_run(tmp_path: Path, target: Path) -> None:
    with pytest.raises(InputError, match="holds no run"):
        export(RunFolder(target.parent), target, "jsonl")


# --- on the command line -----------------------------------------------------------------------


def test_the_command(run: RunFolder, target: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["batch", "export", str(run.path), "--to", "parquet", "--out", str(target)]
    assert cli.run(command) == 0
    assert "5 records in" in capsys.readouterr().out
    assert cli.run(command) == 2
    assert "--force" in capsys.readouterr().err
    assert cli.run([*command, "--force", "--samples", "chosen"]) == 0
    assert len(read_parquet(target)) == 3
    assert cli.run(["batch", "export", str(run.path), "--to", "parquet", "--out", "-"]) == 2


def test_lines_on_standard_output(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["batch", "export", str(run.path), "--out", "-"]) == 0
    out = capsys.readouterr().out
    export(run, tmp_path / "x", "jsonl")
    assert out.encode() == (tmp_path / "x").read_bytes()


def test_a_full_disk_behind_standard_output(run: RunFolder) -> None:
    command = [sys.executable, "-m", "neurosym.cli", "batch", "export", str(run.path), "--out", "-"]
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "neurosym: standard output cannot be written: No space left on device.\n"
    )
