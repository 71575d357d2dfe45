"""``neurosym batch run``, ``status`` and ``plan``, with real provers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli import FOUND, OK, TOOL, USAGE, run
from neurosym.runs.batch.folder import RunFolder

PROVED = {"language": "fol", "premises": ["all x. (Dog(x) -> Animal(x))", "Dog(rex)"]}
COMMAND = [sys.executable, "-m", "neurosym.cli", "batch", "run"]
_TIMES = frozenset({"seconds", "prover_seconds"})


def records(many: int) -> list[dict[str, Any]]:
    """First-order problems in turns proved, refuted and independent."""
    goals = ("Animal(rex)", "-Animal(rex)", "Cat(rex)")
    return [{"id": f"r{i}", **PROVED, "goal": goals[i % 3]} for i in range(many)]


def written(file: Path, lines: list[Any]) -> str:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(file)


def words(file: str, out: Path, *more: str) -> list[str]:
    return [file, "--out", str(out), "--prover", "z3", "--workers", "2", "--quiet", *more]


def results(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").open(encoding="utf-8")]


def timeless(value: Any) -> Any:
    match value:
        case dict():
            return {name: timeless(one) for name, one in value.items() if name not in _TIMES}
        case list():
            return [timeless(one) for one in value]
        case _:
            return value


def test_a_run_says_what_came_of_each_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "a.jsonl", records(6))
    assert run(["batch", "run", *words(file, tmp_path / "run")]) == OK
    said = capsys.readouterr().out
    assert "6 of 6 problems" in said and "proved: 2" in said
    found = results(tmp_path / "run")
    assert [one["id"] for one in found] == [f"r{i}" for i in range(6)]
    assert [one["outcome"] for one in found] == ["proved", "refuted", "independent"] * 2
    assert all(one["output"]["evidence"] for one in found)
    assert run(["batch", "status", str(tmp_path / "run"), "--json"]) == OK
    status = json.loads(capsys.readouterr().out)
    assert (status["state"], status["done"], status["total"]) == ("done", 6, 6)


def test_a_second_time_nothing_is_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "a.jsonl", records(4))
    out = tmp_path / "run"
    assert run(["batch", "run", *words(file, out)]) == OK
    before = (out / "results.jsonl").read_bytes()
    assert run(["batch", "run", *words(file, out)]) == OK
    assert (out / "results.jsonl").read_bytes() == before, "times included"
    assert run(["batch", "run", "--out", str(out), "--quiet"]) == OK
    assert (out / "results.jsonl").read_bytes() == before


def test_killed_runs_find_what_an_undisturbed_one_finds(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", records(1_000))
    subprocess.run([*COMMAND, *words(file, tmp_path / "whole")], check=True, capture_output=True)
    out = tmp_path / "killed"
    kills = 0
    while True:
        process = subprocess.Popen(
            [*COMMAND, *words(file, out)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        before = _done(out)
        while process.poll() is None and _done(out) <= before and kills < 3:
            time.sleep(0.02)
        if process.poll() is None and kills < 3:
            process.kill()
            kills += 1
            process.communicate()
            continue
        _, errors = process.communicate()
        assert process.returncode == 0, errors
        break
    assert kills == 3
    one, other = results(tmp_path / "whole"), results(out)
    assert timeless(one) == timeless(other)


def _done(out: Path) -> int:
    folder = RunFolder(out)
    if not folder.begun:
        return 0
    ledger = folder.ledger()
    try:
        return sum(row.number for row in ledger.totals())
    finally:
        ledger.close()


def test_ctrl_c_keeps_what_was_made_and_leaves_nobody_behind(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", records(2_000))
    out = tmp_path / "run"
    process = subprocess.Popen(
        [*COMMAND, *words(file, out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while _done(out) < 20:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    pids = json.loads((out / "progress.json").read_text()).get("workers", {}).get("processes", [])
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run the same command to go on" in errors
    assert _done(out) >= 20
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_bad_records_are_results_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: list[Any] = [*records(2), {"id": "r0", **PROVED, "goal": "Cat(rex)"}]
    lines += [{"id": "x", "goal": 3}]
    lines += [{"id": "y", **PROVED, "goal": "Animal("}]
    file = written(tmp_path / "a.jsonl", lines)
    assert run(["batch", "run", *words(file, tmp_path / "run")]) == FOUND
    found = {one["id"]: one for one in results(tmp_path / "run")}
    assert len(found) == 5
    duplicate = next(one for id, one in found.items() if id.startswith("r0#"))
    assert duplicate["outcome"] == found["x"]["outcome"] == found["y"]["outcome"] == "ill_formed"
    assert "duplicate" in duplicate["output"]["messages"][0]["text"]


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda folder: None, "does not exist"),
        (lambda folder: folder.joinpath("a.jsonl").write_text(""), "is empty"),
        (lambda folder: folder.joinpath("a.jsonl").write_bytes(b"\0\1\2"), "binary"),
        (
            lambda folder: folder.joinpath("a.jsonl").write_text(
                '{"id": 1, "goal": "p"}\n{"id": 2, "steps": ["1 + 1 = 2"]}\n'
            ),
            "mixes kinds",
        ),
        (lambda folder: folder.joinpath("a.jsonl").write_text('[{"goal": "p"}, {"go'), "trunc|cut"),
    ],
)
def test_bad_inputs_are_said_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Any, match: str
) -> None:
    make(tmp_path)
    out = tmp_path / "run"
    assert run(["batch", "run", *words(str(tmp_path / "a.jsonl"), out)]) == USAGE
    import re

    assert re.search(match, capsys.readouterr().err)
    assert not (out / "manifest.json").exists()


def test_bad_usage_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "a.jsonl", records(2))
    assert run(["batch", "run", file]) == USAGE
    assert "--out" in capsys.readouterr().err
    assert run(["batch", "run", "--out", str(tmp_path / "run")]) == USAGE
    assert "no input" in capsys.readouterr().err
    assert run(["batch", "run", file, "--out", str(tmp_path / "r"), "--prover", "z9"]) == USAGE
    assert "z9" in capsys.readouterr().err
    more = ["--run-memory", "1024", "--memory", "1024"]
    assert run(["batch", "run", *words(file, tmp_path / "m"), *more]) == USAGE
    assert "give fewer workers" in capsys.readouterr().err
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    assert run(["batch", "run", *words(file, tmp_path / "notes")]) == USAGE
    assert "holds something else" in capsys.readouterr().err


def test_the_output_folder_of_another_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "a.jsonl", records(2))
    assert run(["batch", "run", *words(file, tmp_path / "run")]) == OK
    assert run(["batch", "run", *words(file, tmp_path / "run", "--samples", "3")]) == USAGE
    assert "another run: its samples is 1, not 3" in capsys.readouterr().err


def test_a_budget_ends_the_run_and_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "a.jsonl", records(400))
    out = tmp_path / "run"
    assert run(["batch", "run", *words(file, out, "--seconds", "0.5")]) == FOUND
    assert "out of seconds" in capsys.readouterr().out
    assert not (out / "results.jsonl").exists()
    assert run(["batch", "run", *words(file, out)]) == OK
    assert len(results(out)) == 400


def test_a_missing_tool_is_said_for_the_records_that_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert run(["batch", "run", *words("a", tmp_path / "r"), "--prover", "vampire"]) in (
        USAGE,
        TOOL,
    )
    file = written(tmp_path / "a.jsonl", records(2))
    assert run(["batch", "run", *words(file, tmp_path / "r"), "--prover", "vampire"]) == TOOL
    assert "vampire" in capsys.readouterr().err.lower()


def test_a_plan_is_made_from_a_pilot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "a.jsonl", records(60))
    more = ["--pilot", "20", "--workers", "2", "--prover", "z3"]
    assert run(["batch", "plan", file, *more, "--json", "--price", "0.05"]) == OK
    found = json.loads(capsys.readouterr().out)
    assert 20 <= found["measured"]["problems"] <= 30
    plan = found["plan"]
    assert (plan["problems"], plan["nodes"], plan["workers"]) == (60, 1, 2)
    assert plan["seconds"] > 0 and plan["cost"] > 0 and plan["megabytes_each_node"] > 10
    assert run(["batch", "plan", file, *more, "--records", "1000000000", "--nodes", "500"]) == OK
    said = capsys.readouterr().out
    assert "1,000,000,000 problems with 1,000 workers on 500 machines" in said
    assert "the coordinator is the bottleneck" in said or "one coordinator keeps" in said


def test_progress_is_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", records(6))
    loud = [word for word in words(file, tmp_path / "run") if word != "--quiet"]
    done = subprocess.run([*COMMAND, *loud, "--json"], capture_output=True, text=True, check=True)
    assert "6 of 6" in done.stderr and "\x1b" not in done.stderr
    assert json.loads(done.stdout)["state"] == "done"


def test_nothing_is_left_in_the_way_of_the_next_run(tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", records(2))
    with RunFolder(tmp_path / "run").held():
        assert run(["batch", "run", *words(file, tmp_path / "run")]) == USAGE
    assert run(["batch", "run", *words(file, tmp_path / "run")]) == OK
    assert os.access(tmp_path / "run" / "results.jsonl", os.R_OK)
