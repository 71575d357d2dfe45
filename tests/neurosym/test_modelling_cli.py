"""``verify`` and ``translate`` with a model, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from neurosym.cli import FOUND, OK, TOOL, USAGE, run
from neurosym.llm.recorded import Recorder
from neurosym.translate.model import Sampling
from neurosym.verify.modelling import Modelling
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import record_of
from provers.base import Limits
from provers.z3 import Z3Prover
from tests.neurosym.tables import Table

RULE = "Being a wumpus makes something cold."
FACT = "Max counts as a wumpus."
CLAIM = "Max is anything but cold."
TABLE = Table(
    logic={
        RULE: ["∀x (wumpus(x) → cold(x))"],
        FACT: ["wumpus(max)"],
        CLAIM: ["¬cold(max)"],
    },
    english={
        RULE: ["Every wumpus is cold."],
        FACT: ["Max is a wumpus."],
        CLAIM: ["Max is not cold."],
    },
)
RECORD = {"id": "max", "premises": [RULE, FACT], "steps": [CLAIM]}


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """What the model of the table answers to the questions that the command puts."""
    path = tmp_path / "answers.jsonl"
    model = Recorder(TABLE, path)
    z3 = Z3Prover()
    try:
        modelling = Modelling(model, Sampling(samples=3, rounds=2))
        for _ in Verification(record_of(RECORD), z3, Limits(10), modelling):
            pass
    finally:
        z3.close()
        model.close()
    return path


def test_a_record_is_verified_with_a_recorded_model(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "max.json"
    file.write_text(json.dumps(RECORD))
    words = ["verify", str(file), "--translator", "model", "--model", f"recorded:{recording}"]
    assert run([*words, "--json", "--recheck", "--certify", "no"]) == FOUND
    report = json.loads(capsys.readouterr().out)
    (step,) = report["steps"]
    assert step["verdict"] == "refuted" and step["recheck"]["ok"]
    assert step["translation"]["model"] == "table"
    assert report["translation"]["sentences"] == 3
    assert all(len(hash_) == 64 for hash_ in report["translation"]["prompts"].values())
    assert run([*words, "--certify", "no"]) == FOUND
    assert "3 of 3 sentences" in capsys.readouterr().out.replace("\n", " ")


def test_without_a_model_the_step_is_untranslated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "max.json"
    file.write_text(json.dumps(RECORD))
    assert run(["verify", str(file), "--json", "--certify", "no"]) == OK
    assert json.loads(capsys.readouterr().out)["steps"][0]["verdict"] == "untranslated"


def test_a_record_whose_model_fails_is_failed_and_the_others_go_on(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = {"id": "other", "premises": ["Tom belongs among the wumpuses."], "steps": [CLAIM]}
    file = tmp_path / "two.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in (other, RECORD)))
    words = ["verify", str(file), "--translator", "model", "--model", f"recorded:{recording}"]
    assert run([*words, "--json", "--certify", "no"]) == TOOL
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["verdict"], first["reason"]) == ("failed", "not_recorded")
    assert second["steps"][0]["verdict"] == "refuted"


@pytest.mark.parametrize(
    ("model", "status", "said"),
    [
        ("http://127.0.0.1:1/v1#m", TOOL, "127.0.0.1"),
        ("http://127.0.0.1:1/v1", USAGE, "#MODEL"),
        ("nowhere.gguf", USAGE, "nowhere.gguf"),
        ("nonsense", USAGE, "default"),
        ("recorded:nowhere.jsonl", USAGE, "nowhere.jsonl"),
    ],
)
def test_a_model_that_is_not_there_is_one_sentence(
    model: str, status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "max.json"
    file.write_text(json.dumps(RECORD))
    assert run(["verify", str(file), "--translator", "model", "--model", model]) == status
    errors = capsys.readouterr().err
    assert said in errors and errors.count("\n") == 1 and "Traceback" not in errors


def test_sentences_are_translated(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["translate", FACT, "--translator", "model", "--model", f"recorded:{recording}"]
    assert run([*words, "--to", "tptp"]) == OK
    assert capsys.readouterr().out.strip() == "wumpus(max)"
    assert run([*words, "--json"]) == OK
    (sentence,) = json.loads(capsys.readouterr().out)["sentences"]
    assert (sentence["translator"], sentence["agreement"]) == ("model", 1.0)


def test_the_question_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "question.json"
    text = "If x = 3 and x = 5, what is x + 1?"
    file.write_text(json.dumps({"question": text, "steps": ["x + 1 = 4"]}))
    run(["verify", str(file), "--check-question", "--json", "--certify", "no"])
    checks = json.loads(capsys.readouterr().out)["question"]["checks"]
    assert [stage["stage"] for stage in checks["stages"]] == [
        "format",
        "conditions",
        "contradiction",
        "missing",
        "goal",
    ]
