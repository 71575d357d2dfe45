"""``neurosym solve`` with a recording in place of a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.cli import solve as command
from neurosym.llm.base import Completion, Completions, Request
from neurosym.llm.recorded import Recorder
from neurosym.verify.solving import Sampling, solve
from provers import registry
from provers.errors import BrokenToolError, InputError, MissingToolError, ModelError

QUESTION = "Tom has 12 apples, eats 3 and buys 20 more. How many apples has he?"
RIGHT = ("He keeps 12 - 3 = 9 apples.", "He has 9 + 20 = 29 apples.", "The answer is 29.")
WRONG = ("First 12 - 3 = 8 apples.",)


class Alternating:
    """Writes the wrong solution and the right one in turns."""

    name = "alternating"

    def __init__(self) -> None:
        self._begun = 0

    def complete(self, request: Request) -> Completions:
        last = request.messages[-1]
        written = last.content.splitlines() if last.role == "assistant" else []
        if not written:
            self._begun += 1
        wrong = written[:1] == list(WRONG) if written else self._begun % 2 == 1
        solution = WRONG if wrong else RIGHT
        text = solution[len(written)] if len(written) < len(solution) else ""
        return Completions((Completion(text, "stop", len(text.split())),), self.name, 100)

    def complete_all(self, requests: Any) -> list[Completions]:
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was answered to the question, with and without early stopping."""
    path = tmp_path_factory.mktemp("recording") / "answers.jsonl"
    model = Recorder(Alternating(), path)
    prover = registry.load("z3")
    for early in (True, False):
        solve(QUESTION, model, prover, sampling=Sampling(samples=2, early_stop=early))
    model.close()
    prover.close()
    return path


def options(text: str | None, recording: Path, **more: Any) -> command.Options:
    given: dict[str, Any] = {
        "text": text,
        "as_json": True,
        "model": f"recorded:{recording}",
        "samples": 2,
        "temperature": 0.7,
        "seed": 0,
        "max_tokens": 512,
        "max_steps": 40,
        "retries": 0,
        "early_stop": True,
        "prover": "z3",
        "seconds": 5.0,
        "megabytes": 1024,
    }
    return command.Options(**{**given, **more})


def test_a_question_as_json(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(options(QUESTION, recording)) == 0
    output = json.loads(capsys.readouterr().out)
    assert (output["answer"], output["verdict"], output["chosen"]) == ("29", "proved", 2)
    assert [sample["end"] for sample in output["samples"]] == ["rejected", "answered"]
    assert "matches" not in output


def test_a_question_for_people(
    recording: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert command.run(options(QUESTION, recording, as_json=False)) == 0
    out, err = capsys.readouterr()
    assert "1: 29 (proved)" in out
    assert "step 1 is refuted: First 12 - 3 = 8 apples." in " ".join(out.split())
    assert "→ 2" in out and "Answer 29: proved" in out
    assert "The computations were checked, not that they are the right ones" in out
    assert "saved about" in out
    assert err == ""


def test_what_is_shown_cannot_control_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Rude(Alternating):
        def complete(self, request: Request) -> Completions:
            return Completions(
                (Completion("\x1b[2J The answer is \x1b]0;x\x07 9", "stop"),), "rude"
            )

    path = tmp_path / "rude.jsonl"
    model = Recorder(Rude(), path)
    prover = registry.load("z3")
    solve(QUESTION, model, prover, sampling=Sampling(samples=1))
    model.close()
    prover.close()
    command.run(options(QUESTION, path, as_json=False, samples=1))
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\x07" not in out


@pytest.mark.parametrize(("expected", "status"), [("29.0", 0), (29, 0), ("30", 1)])
def test_an_expected_answer_is_compared(
    recording: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    expected: str | int,
    status: int,
) -> None:
    file = tmp_path / "question.json"
    file.write_text(json.dumps({"id": "apples", "question": QUESTION, "answer": expected}))
    assert command.run(options(str(file), recording)) == status
    output = json.loads(capsys.readouterr().out)
    assert output["id"] == "apples" and output["matches"] is (status == 0)


def test_no_answer_is_status_1(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(options(QUESTION, recording, samples=1)) == 1
    output = json.loads(capsys.readouterr().out)
    assert (output["answer"], output["verdict"], output["chosen"]) == (None, "unknown", None)


def test_without_early_stopping(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.run(options(QUESTION, recording, early_stop=False))
    tokens = json.loads(capsys.readouterr().out)["tokens"]
    assert tokens["saved_exact"] is True


def test_many_questions_go_on_past_bad_ones(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "questions.jsonl"
    records = ['{"question": 7}', "no json", json.dumps({"question": "Not recorded?"})]
    file.write_text("\n".join([*records, json.dumps({"id": "good", "question": QUESTION})]))
    assert command.run(options(str(file), recording)) == 3
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["verdict"] for one in found] == ["ill_formed", "ill_formed", "failed", "proved"]
    assert [one["id"] for one in found] == ["1", "2", "3", "good"]
    assert found[0]["line"] == 1 and "question" in found[0]["reason"]
    assert found[2]["reason"] == "not_recorded"
    command.run(options(str(file), recording, as_json=False))
    out = capsys.readouterr().out
    assert "1: ill_formed (line 1)" in out and "3: failed: " in out


def test_plain_text_in_a_file_is_the_question(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "question.txt"
    file.write_text(f"{QUESTION}\n")
    assert command.run(options(str(file), recording)) == 0
    assert json.loads(capsys.readouterr().out)["question"] == QUESTION


@pytest.mark.parametrize(
    ("text", "content", "says"),
    [
        ("nowhere.txt", None, "does not exist"),
        ("bad.json", "[", "is not JSON"),
        ("bad.json", '{"text": "What?"}', "question"),
        ("bad.json", "7", "JSON object"),
        ("empty.txt", "\n", "is empty"),
    ],
)
def test_input_that_cannot_be_used(
    recording: Path, tmp_path: Path, text: str, content: str | None, says: str
) -> None:
    file = tmp_path / text
    if content is not None:
        file.write_text(content)
    with pytest.raises(InputError, match=says):
        command.run(options(str(file), recording))


def test_a_single_question_whose_samples_all_fail_is_one_error(recording: Path) -> None:
    with pytest.raises(ModelError) as caught:
        command.run(options("Is this recorded anywhere?", recording))
    assert isinstance(caught.value, BrokenToolError) and caught.value.reason == "not_recorded"


def test_options_that_make_no_sense(recording: Path) -> None:
    with pytest.raises(InputError, match="temperature"):
        command.run(options(QUESTION, recording, temperature=0.0))
    with pytest.raises(InputError, match="names no model"):
        command.run(options(QUESTION, recording, model="what is this"))


def test_the_default_model_may_be_missing(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path))
    with pytest.raises(MissingToolError, match="neurosym setup model"):
        command.run(options(QUESTION, recording, model="default"))


def test_a_recording_is_written(recording: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    assert command.run(options(QUESTION, recording, record=str(kept))) == 0
    assert command.run(options(QUESTION, kept)) == 0
