"""Folders that appear whole, and that others read."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from neurosym.augment.export import folder
from neurosym.augment.export.folder import Tables, write_folder
from neurosym.augment.export.formal import Row
from provers.errors import InputError

ROWS: list[Row] = [
    {"id": f"r{n}", "seed": "∀", "prompt": f"Zoë {n} " + "x" * 50, "completion": "P\n\u2028"}
    for n in range(40)
]
TABLES: Tables = {
    "pairs": {"train": ROWS[:30], "validation": [], "test": ROWS[30:]},
    "steps": {"train": [{"id": "a", "seed": "b", "label": {"steps": [{"rating": -1}]}}]},
    "none": {"train": [], "test": []},
}


def load(out: Path, cache: Path, name: str) -> Any:
    import datasets

    return datasets.load_dataset(str(out), name, cache_dir=str(cache))


def test_it_is_read_as_lines_and_by_datasets(tmp_path: Path) -> None:
    import datasets

    out = tmp_path / "data"
    write_folder(out, TABLES, "# Card\n")
    lines = (out / "pairs" / "train.jsonl").read_bytes().decode().rstrip("\n").split("\n")
    assert [json.loads(line) for line in lines] == ROWS[:30]
    for found in (
        load(out, tmp_path / "cache", "pairs"),
        datasets.load_from_disk(str(out / "arrow" / "pairs")),
    ):
        assert set(found) == {"train", "test"}
        assert found["train"].to_list() == ROWS[:30]
        assert found["test"].to_list() == ROWS[30:]
    steps = load(out, tmp_path / "cache", "steps")
    assert steps["train"][0]["label"] == {"steps": [{"rating": -1}]}
    assert (out / "README.md").read_text(encoding="utf-8").endswith("---\n\n# Card\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "data"]
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "arrow", "pairs", "steps"]


def test_a_split_may_have_empty_lists(tmp_path: Path) -> None:
    import datasets

    full: Row = {"id": "b", "seed": "s", "premises": [{"text": "x"}], "changes": ["y"], "n": None}
    tables = {"few": {"train": [{**full, "premises": [], "changes": []}], "test": [full]}}
    write_folder(tmp_path / "data", tables, "card")
    for found in (
        load(tmp_path / "data", tmp_path / "cache", "few"),
        datasets.load_from_disk(str(tmp_path / "data" / "arrow" / "few")),
    ):
        assert [split.to_list() for split in found.values()] == list(tables["few"].values())


def test_the_same_rows_make_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_folder(tmp_path / name, TABLES, "card", arrow=False)
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 4
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("tables", [{}, {"pairs": {}}, {"pairs": {"train": [], "test": []}}])
def test_nothing_to_export(tmp_path: Path, tables: Any) -> None:
    with pytest.raises(InputError, match="there is nothing to export"):
        write_folder(tmp_path / "data", tables, "card")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "a/b", "", "arrow", "A", "a\nb"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="names no data set"):
        write_folder(tmp_path / "data", {name: {"train": ROWS}}, "card")
    with pytest.raises(InputError, match="names no data set"):
        write_folder(tmp_path / "data", {"pairs": {name: ROWS}}, "card")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "data"
    out.mkdir()
    (out / "mine").write_text("kept")
    with pytest.raises(InputError, match="is there already"):
        write_folder(out, TABLES, "card")
    assert [path.name for path in out.iterdir()] == ["mine"]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    written = 0
    lines = folder._write_lines

    def full(file: Path, rows: Any) -> None:
        nonlocal written
        written += 1
        lines(file, rows)
        if written == at:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder, "_write_lines", full)
    with pytest.raises(InputError, match=r"data' could not be written \(No space left"):
        write_folder(tmp_path / "data", TABLES, "card")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    write_folder(tmp_path / "data", TABLES, "card", arrow=False)  # begun again
    assert (tmp_path / "data" / "README.md").is_file()


def test_it_appears_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "data"

    def refused(partial: Path, target: Path) -> None:
        assert (partial / "README.md").is_file() and target == out and not out.exists()
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(InputError, match="Disk quota exceeded"):
        write_folder(out, TABLES, "card", arrow=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "most"), [("pairs", 1000), ("steps", 700)])
def test_files_that_may_not_grow_leave_nothing(tmp_path: Path, name: str, most: int) -> None:
    """Real writes that fail, in a process of its own: the limit would hold for all tests."""
    told = (
        "import resource, sys, pathlib\n"
        "from tests.neurosym.augment.test_export_folder import TABLES\n"
        "from neurosym.augment.export.folder import write_folder\n"
        "from provers.errors import InputError\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
        "try:\n"
        f"    write_folder(pathlib.Path(sys.argv[1]), {{{name!r}: TABLES[{name!r}]}}, 'card')\n"
        "except InputError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", told, str(tmp_path / "data")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "could not be written" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_not_taken_for_finished(tmp_path: Path) -> None:
    partial = tmp_path / "data.partial" / "pairs"
    partial.mkdir(parents=True)
    (partial / "old.jsonl").write_text("half")
    write_folder(tmp_path / "data", TABLES, "card", arrow=False)
    assert not list((tmp_path / "data").rglob("old.jsonl"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_row_that_is_no_json(tmp_path: Path) -> None:
    bad: Row = {"id": "bad", "seed": "s", "x": float("nan")}
    with pytest.raises(InputError, match="row 'bad' is no JSON"):
        write_folder(tmp_path / "data", {"pairs": {"train": [bad]}}, "card")
    assert list(tmp_path.iterdir()) == []


def test_datasets_is_not_imported_before_it_is_needed() -> None:
    told = (
        "import sys\n"
        "import neurosym.augment.export.folder\n"
        "assert not {'datasets', 'pyarrow'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
