"""The tool ``premises`` without candidates: with a corpus, and where nobody has made one."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal

pytest.importorskip("mcp", reason="the MCP server needs the extra 'service'")
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.types import CallToolResult

from neurosym.premises.index import FOLDER, build
from tests.neurosym.premises.made import small

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def calls(folder: Path, home: Path) -> Iterator[Any]:
    """A function that calls the tool of a server whose user has this data folder."""
    database = f"sqlite:///{folder / 'mcp.db'}"
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "neurosym.cli", "mcp", "--database", database],
        env={"PYTHONPATH": str(ROOT), "NEUROSYM_NO_DAEMON": "1", "NEUROSYM_DATA_HOME": str(home)},
    )

    def call(**arguments: Any) -> CallToolResult:
        result: CallToolResult = portal.call(client.call_tool, "premises", arguments)
        return result

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server)) as client,
    ):
        yield call


def test_without_candidates_the_corpus_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = small(tmp_path / "lean-root")
    shelf.install(monkeypatch)
    corpus = shelf.build(tmp_path / "home" / "premises").corpus
    build(corpus, None, corpus.folder / FOLDER)
    with calls(tmp_path, tmp_path / "home") as call:
        result = call(goal="double_zero", k=3)
        assert not result.is_error, result.content
        answer = result.structured_content
        assert json.loads(result.content[0].text) == answer
        assert len(answer["results"]) == 3
        assert answer["results"][0]["text"] == "double_zero : ⊢ double_zero"
        assert answer["results"][0]["index"] == corpus.index_of("double_zero")


def test_without_a_corpus_it_says_what_to_do(tmp_path: Path) -> None:
    with calls(tmp_path, tmp_path / "home") as call:
        result = call(goal="double_zero")
        assert result.is_error
        (said,) = result.content
        assert "there is no corpus to search in" in said.text
        assert "run neurosym premises build" in said.text and "\n" not in said.text
        ranked = call(goal="double", candidates=["one", "double"])
        assert ranked.structured_content["results"][0]["index"] == 1
