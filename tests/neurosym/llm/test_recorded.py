"""Answers recorded and given again, and recordings that are damaged."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from neurosym.llm.base import Completion, Completions, Message, Request
from neurosym.llm.recorded import RecordedModel, Recorder
from provers.errors import InputError, ModelError

FIRST, SECOND, THIRD = (Request((Message("user", text),)) for text in ("1", "2", "3"))


class Upper:
    """A model of its own kind: it answers in capitals, and counts what it is asked."""

    def __init__(self, name: str = "upper") -> None:
        self.name = name
        self.asked: list[Request] = []
        self.batches: list[int] = []
        self.closed = False

    def complete(self, request: Request) -> Completions:
        self.asked.append(request)
        text = f"{request.messages[-1].content.upper()} ∀\n{len(self.asked)}"
        if text.startswith("FAIL"):
            raise ModelError("it failed", reason="broken")
        sample = Completion(text, "length", tokens=3, logprob=-0.5)
        return Completions((sample, Completion("", "stop")), self.name, 11, 0.25)

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        self.batches.append(len(requests))
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "answers.jsonl"


def record(path: Path, *requests: Request, name: str = "upper") -> list[Completions]:
    recorder = Recorder(Upper(name), path)
    try:
        return [recorder.complete(request) for request in requests]
    finally:
        recorder.close()


def test_a_replay_is_the_same(path: Path) -> None:
    found = record(path, FIRST, SECOND)
    replay = RecordedModel(path)
    assert replay.name == "upper"
    assert replay.complete_all([SECOND, FIRST]) == [found[1], found[0]]
    assert replay.complete(Request((Message("user", "1"),))) == found[0]


@pytest.mark.parametrize(
    "other",
    [
        Request((Message("user", "1 "),)),
        Request((Message("system", "1"),)),
        Request(FIRST.messages, seed=1),
        Request(FIRST.messages, grammar='root ::= "1"'),
        Request(FIRST.messages, stop=("\n",)),
    ],
)
def test_another_request_is_not_recorded(path: Path, other: Request) -> None:
    record(path, FIRST)
    with pytest.raises(ModelError, match=other.key[:12]) as caught:
        RecordedModel(path).complete(other)
    assert caught.value.reason == "not_recorded"
    assert f"({other.messages[-1].content.strip()!r})" in str(caught.value)


def test_what_is_recorded_is_not_asked_again(path: Path) -> None:
    (first,) = record(path, FIRST)
    model = Upper()
    recorder = Recorder(model, path)
    found = recorder.complete_all([SECOND, FIRST, THIRD, SECOND])
    assert model.asked == [SECOND, THIRD]
    assert found[1] == first
    assert found[0] == found[3]
    assert recorder.complete(THIRD) == found[2]
    recorder.close()
    assert model.closed
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3


def test_answers_before_a_failure_are_kept(path: Path) -> None:
    many = [Request((Message("user", f"word {i}"),)) for i in range(70)]
    recorder = Recorder(Upper(), path)
    with pytest.raises(ModelError, match="it failed"):
        recorder.complete_all([*many, Request((Message("user", "fail"),))])
    assert recorder._model.batches == [64, 7]  # type: ignore[attr-defined]
    recorder.close()
    assert RecordedModel(path).complete_all(many[:64])


def test_models_are_kept_apart(path: Path) -> None:
    record(path, FIRST)
    assert record(path, FIRST, name="other")[0].model == "other"
    with pytest.raises(InputError, match="several models; choose one: other, upper"):
        RecordedModel(path)
    assert RecordedModel(path, model="other").complete(FIRST).model == "other"
    with pytest.raises(InputError, match="no answer of third"):
        RecordedModel(path, model="third")


def test_a_last_line_that_broke_off(path: Path) -> None:
    record(path, FIRST, SECOND)
    whole = path.read_bytes()
    for cut in (1, 20, len(whole) // 4):
        path.write_bytes(whole[:-cut])
        replay = RecordedModel(path)
        assert replay.complete(FIRST)
        if cut > 1:
            with pytest.raises(ModelError):
                replay.complete(SECOND)
        record(path, SECOND, THIRD)
        assert len(RecordedModel(path).complete_all([FIRST, SECOND, THIRD])) == 3
        lines = path.read_bytes().splitlines()
        assert [json.loads(line)["model"] for line in lines] == ["upper"] * 3


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"key": "x", "model": "m", "samples": [{"text": "a", "finish": "stop"}]}',
        json.dumps({"key": "0" * 64, "model": "m", "samples": []}),
        json.dumps({"key": "0" * 64, "samples": [{"text": "a", "finish": "stop"}]}),
        json.dumps({"key": "0" * 64, "model": "m", "samples": [{"text": "a", "finish": "odd"}]}),
        f'{{"key": "{"0" * 64}", "model": "m", "seconds": NaN, '
        '"samples": [{"text": "a", "finish": "stop"}]}',
        "[" * 100_000,
        "\x00",
    ],
    ids=range(9),
)
def test_a_damaged_line_is_named(path: Path, line: str) -> None:
    record(path, FIRST, SECOND)
    first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{first}\n{line}\n{second}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(InputError, match=f"Line 2 of {path} is no recorded answer") as caught:
        RecordedModel(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="Line 2"):
        Recorder(Upper(), path)
    assert path.read_bytes() == before


def test_files_that_are_no_recordings(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (tmp_path / "none.jsonl", tmp_path, empty, pipe):
        with pytest.raises(InputError, match=str(place)):
            RecordedModel(place)
    for place in (tmp_path, empty / "below.jsonl", pipe):
        with pytest.raises(InputError, match=str(place)):
            Recorder(Upper(), place)


def test_a_full_disk_leaves_no_half_line(path: Path) -> None:
    record(path, FIRST)
    before = path.read_bytes()
    child = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from tests.neurosym.llm.test_recorded import SECOND, Recorder, Upper\n"
        "recorder = Recorder(Upper(), Path(sys.argv[1]))\n"
        "most = Path(sys.argv[1]).stat().st_size + 30\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
        "recorder.complete(SECOND)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, str(path)], capture_output=True, text=True, check=False
    )
    assert "InputError" in done.stderr and "cannot be written" in done.stderr
    assert path.read_bytes() == before


def test_threads_and_processes_share_a_file(path: Path) -> None:
    recorders = [Recorder(Upper(), path) for _ in range(2)]  # as two processes would open it
    requests = [Request((Message("user", f"{i} {'x' * 5000}"),)) for i in range(40)]

    def work(recorder: Recorder) -> None:
        for request in requests:
            recorder.complete(request)

    threads = [threading.Thread(target=work, args=(recorders[i % 2],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mine = [recorders[0].complete(request) for request in requests]
    assert len(RecordedModel(path).complete_all(requests)) == 40
    assert len(path.read_bytes().splitlines()) <= 80
    assert [recorders[0].complete(request) for request in requests] == mine
    for recorder in recorders:
        recorder.close()


def test_a_log_probability_that_is_no_number_is_unknown(path: Path) -> None:
    class Odd(Upper):
        def complete(self, request: Request) -> Completions:
            return Completions((Completion("a", "stop", logprob=-math.inf),), self.name)

    recorder = Recorder(Odd(), path)
    assert recorder.complete(FIRST).samples[0].logprob is None
    recorder.close()
    assert RecordedModel(path).complete(FIRST).samples[0].logprob is None
