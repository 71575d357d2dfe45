"""``neurosym batch inspect``: what it says of inputs, for people and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli import FOUND, OK, USAGE, run

GSM = '{"question": "2 and %d?", "answer": "So %d.\\n#### %d"}'


def inspect(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = run(["batch", "inspect", *words])
    out, err = capsys.readouterr()
    return status, out, err


def put(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_it_says_what_a_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(tmp_path, "x", *(GSM % (n, n, n % 3) for n in range(30)))
    status, out, _ = inspect(capsys, path)
    assert status == OK
    assert f"{path}: gsm8k (lines)" in out
    assert "records: 30 (30 to verify)" in out
    assert "answers: 0 10, 1 10, 2 10" in out
    assert '"question": "2 and 0?"' in out
    assert "bad" not in out


def test_bad_records_are_counted_with_the_first_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path, "x", GSM % (1, 1, 1), *["{oops}"] * 9)
    status, out, _ = inspect(capsys, path)
    assert status == FOUND
    assert "bad: 9" in out
    assert out.count("the line is not JSON") == 5
    status, out, _ = inspect(capsys, path, "--json")
    assert status == FOUND
    (part,) = json.loads(out)["inputs"]
    assert (part["records"], part["bad"], len(part["bad_first"])) == (10, 9, 5)
    assert part["bad_first"][0]["line"] == 2


def test_json_is_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    put(folder, "a.lean", "theorem a : 1 = 1 := by sorry")
    put(folder, "b.lean", "theorem b : 1 = 1 := by sorry")
    put(folder, "notes.md", "# Notes")
    put(
        folder,
        "c.jsonl",
        '{"idx": "p", "classification": "c", "modified_question": "?", '
        '"modified_process": ["1 = 1", "2 = 3"], "error_steps": [2]}',
    )
    status, out, err = inspect(capsys, str(folder), "--json")
    assert (status, err) == (OK, "")
    found: dict[str, Any] = json.loads(out)
    assert [(p["form"], p["files"], p["records"]) for p in found["inputs"]] == [
        ("lean", 2, 2),
        ("prmbench", 1, 1),
    ]
    assert found["skipped"]["files"] == 1
    assert found["inputs"][0]["example"]["payload"]["statement"] == "theorem a : 1 = 1"
    steps = found["inputs"][1]
    assert (steps["with_labelled_steps"], steps["example"]["error_steps"]) == (1, [2])
    assert steps["answers"] == {"wrong": 1}


def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = inspect(capsys, str(tmp_path / "none"))
    assert (status, out) == (USAGE, "")
    assert err == f"neurosym: '{tmp_path / 'none'}' does not exist.\n"


def test_a_terminal_is_not_controlled_by_what_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(tmp_path, "x", '{"question": "\\u001b[31m [bold]?", "answer": "#### \\u001b[0m5"}')
    _, out, _ = inspect(capsys, path)
    assert "\x1b" not in out
    assert "[bold]?" in out
