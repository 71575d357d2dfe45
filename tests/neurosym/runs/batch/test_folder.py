"""The folder of a run: what it may hold, who may have it, and when a run may be gone on with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosym.runs import keys
from neurosym.runs.batch.base import Configuration
from neurosym.runs.batch.folder import RunFolder
from neurosym.runs.batch.manifest import FORMAT, Manifest
from provers.errors import BrokenToolError, InputError
from tests.neurosym.runs.batch.acting import written

CONFIGURATION = Configuration(prover="z3")


@pytest.fixture
def file(tmp_path: Path) -> str:
    return written(tmp_path, "proved", "refuted")


def test_a_new_run_has_a_manifest(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    manifest = folder.begin([file], CONFIGURATION)
    assert manifest == folder.manifest() == Manifest.read(tmp_path / "run" / "manifest.json")
    assert (manifest.records, manifest.bad) == (2, 0)
    assert manifest.configuration == CONFIGURATION
    assert manifest.versions == keys.tool_versions()
    (input_file,) = manifest.files
    assert (input_file.form, input_file.bytes) == ("neurosym", Path(file).stat().st_size)
    assert len(input_file.sha256) == 64


def test_it_is_gone_on_with_under_the_same_conditions(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    first = folder.begin([file], CONFIGURATION)
    assert folder.begin([file], CONFIGURATION) == first
    assert folder.begin([], CONFIGURATION) == first


def test_another_configuration_is_another_run(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin([file], CONFIGURATION)
    with pytest.raises(InputError, match=r"another run: its samples is 1, not 4"):
        folder.begin([file], Configuration(prover="z3", samples=4))


def test_other_inputs_are_another_run(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin([file], CONFIGURATION)
    (tmp_path / "b").mkdir()
    other = written(tmp_path / "b", "proved")
    with pytest.raises(InputError, match="another run, of "):
        folder.begin([other], CONFIGURATION)


def test_changed_inputs_are_refused(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin([file], CONFIGURATION)
    text = Path(file).read_text()
    Path(file).write_text(text + '{"id": "z", "goal": "proved"}\n')
    with pytest.raises(InputError, match="has changed since the run began"):
        folder.begin([file], CONFIGURATION)
    Path(file).write_text(text)
    folder.begin([file], CONFIGURATION)


def test_a_file_more_or_less_in_a_folder_is_seen(tmp_path: Path) -> None:
    problems = tmp_path / "problems"
    problems.mkdir()
    written(problems, "proved")
    folder = RunFolder(tmp_path / "run")
    folder.begin([str(problems)], CONFIGURATION)
    more = problems / "more.jsonl"
    more.write_text('{"id": "z", "goal": "proved"}\n')
    with pytest.raises(InputError, match="is new since the run began"):
        folder.begin([str(problems)], CONFIGURATION)
    more.unlink()
    more.with_name("problems.jsonl").rename(tmp_path / "elsewhere.jsonl")
    more.write_text('{"id": "z", "goal": "proved"}\n')
    with pytest.raises(InputError, match="is gone since the run began"):
        folder.begin([str(problems)], CONFIGURATION)


def test_other_versions_are_refused_unless_asked_for(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.begin([file], CONFIGURATION)
    newer = {**keys.tool_versions(), "z3": "99.0"}
    monkeypatch.setattr(keys, "tool_versions", lambda: newer)
    with pytest.raises(InputError, match=r"begun with z3 [\d.]+, and here is 99\.0"):
        folder.begin([file], CONFIGURATION)
    manifest = folder.begin([file], CONFIGURATION, other_versions=True)
    assert manifest.others == (newer,) and manifest.versions["z3"] != "99.0"
    assert folder.begin([file], CONFIGURATION) == manifest, "now it is one of the run's own"


def test_one_coordinator_at_a_time(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    assert not folder.running
    with folder.held():
        assert folder.running
        with pytest.raises(InputError, match="another process works on the run"), folder.held():
            pass
    assert not folder.running
    with folder.held():
        pass


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, file: str) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds something else \(notes.txt\)"):
        RunFolder(tmp_path).begin([file], CONFIGURATION)
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{", "is no manifest"),
        ("[]", "is no manifest"),
        ('{"format": 1}', "is no manifest"),
    ],
)
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str, match: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=match):
        RunFolder(tmp_path).manifest()


def test_a_newer_format_is_named(tmp_path: Path, file: str) -> None:
    folder = RunFolder(tmp_path / "run")
    manifest = folder.begin([file], CONFIGURATION)
    newer = json.loads(manifest.model_dump_json()) | {"format": FORMAT + 1, "more": 1}
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(newer))
    with pytest.raises(InputError, match="written by a newer neurosym"):
        folder.manifest()


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        RunFolder(tmp_path / "none").manifest()
    with pytest.raises(InputError, match="holds no run"):
        RunFolder(tmp_path).manifest()


def test_inputs_without_problems_begin_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(InputError, match="is empty"):
        folder.begin([str(tmp_path / "empty")], CONFIGURATION)
    assert not folder.begun
    (tmp_path / "empty" / "notes.txt").write_text("nothing to prove")
    with pytest.raises(InputError, match="there is nothing to prove in the folder"):
        folder.begin([str(tmp_path / "empty")], CONFIGURATION)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write("results.jsonl", "one\n")
    with (
        pytest.raises(BrokenToolError, match=r"cannot be written: No space left"),
        folder.writing("results.jsonl") as stream,
    ):
        stream.write(b"half")
        raise OSError(28, "No space left on device")
    assert (tmp_path / "results.jsonl").read_text() == "one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["results.jsonl"]
