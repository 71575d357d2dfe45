"""What a user may write for a model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.llm import download
from neurosym.llm.base import Message, Model, Request
from neurosym.llm.opening import open_model
from neurosym.llm.recorded import RecordedModel, Recorder
from provers.errors import InputError, MissingToolError, ModelError
from tests.neurosym.llm.servers import serving, whole
from tests.neurosym.llm.tiny import tiny_folder, tiny_gguf

ASK = Request((Message("user", "Is 2 even?"),), max_tokens=4)


def opened(spec: str) -> str:
    """The kind of model that a spec opens, which answers."""
    model: Model = open_model(spec)
    try:
        assert len(model.complete(ASK).samples) == 1
    finally:
        model.close()
    return type(model).__name__


def test_a_server_and_a_recording_of_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with serving(lambda one: one.json(whole("Yes"))) as place:
        spec = f"{place.url}#some/model"
        model = open_model(spec, record=path)
        found = model.complete(ASK)
        model.close()
        assert isinstance(model, Recorder)
        assert place.chats[0].body["model"] == "some/model"
    # The server is gone; what it said is not, and neither is its name.
    again = open_model(spec, record=path)
    assert again.complete(ASK) == found
    again.close()
    for form in (str(path), f"recorded:{path}"):
        replay = open_model(form)
        assert isinstance(replay, RecordedModel)
        assert (replay.name, replay.complete(ASK)) == (spec, found)


def test_options_reach_the_server() -> None:
    with serving(lambda one: one.json({}, 500)) as place:
        model = open_model(f"{place.url}#m", retries=0, seconds=5, grammar_style="none")
        with pytest.raises(ModelError):
            model.complete(ASK)
        assert len(place.asked) == 1
        model.close()


def test_a_gguf_file(tmp_path: Path) -> None:
    path = tiny_gguf(tmp_path / "tiny.gguf")
    assert opened(str(path)) == opened(f"gguf:{path}") == "GgufModel"


def test_a_folder(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "tiny")
    assert opened(str(folder)) == opened(f"transformers:{folder}") == "TransformersModel"


def test_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "installed", lambda: None)
    with pytest.raises(MissingToolError, match="neurosym setup model"):
        open_model("default")
    monkeypatch.setattr(download, "installed", lambda: tiny_gguf(tmp_path / "tiny.gguf"))
    assert opened("default") == "GgufModel"


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "gpt-4",
        "gguf:",
        "vllm:",
        "openai:m",
        "ws://u:sesame@host/v1#m",
        "recorded",
        "/",
        "\0",
        "x" * 9999,
    ],
    ids=range(10),
)
def test_a_spec_of_no_form(spec: str) -> None:
    with pytest.raises(InputError, match="names no model; write default, gguf:FILE,") as caught:
        open_model(spec)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("spec", ["http://u:sesame@host/v1", "https://u:sesame@host/v1#"])
def test_a_server_without_a_model(spec: str) -> None:
    with pytest.raises(InputError, match="#MODEL") as caught:
        open_model(spec)
    assert "sesame" not in str(caught.value)


def test_a_record_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=str(tmp_path)):
        open_model("http://127.0.0.1:1/v1#m", record=tmp_path)


def test_no_engine_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, neurosym.llm.opening; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "transformers", "vllm", "xllamacpp"} & set(done.stdout.split())
