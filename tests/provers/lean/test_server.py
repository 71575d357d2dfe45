"""One server process, by a child that speaks the protocol and misbehaves as it is told."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.errors import BrokenToolError
from provers.lean import server as servers
from provers.lean.base import INIT, Reply
from provers.lean.server import Server
from provers.lean.toolchain import Command

CHILD = Path(__file__).parent.parent / "children" / "lean_server.py"
FAKE = Command([sys.executable, str(CHILD)], dict(os.environ))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(FAKE)
    yield server
    server.stop()


def ask(server: Server, code: str, *, seconds: float = 20.0, header=INIT) -> Reply:
    return server.ask(header, {"op": "check", "code": code}, seconds=seconds, megabytes=200)


def test_answers_carry_the_time_inside_lean(server: Server) -> None:
    reply = ask(server, "hello")
    assert reply.body is not None and reply.body["echo"] == "hello"
    assert (reply.seconds, reply.stopped) == (0.007, "")


@pytest.mark.parametrize("code", ["noise", "forge"])
def test_what_the_code_prints_is_no_answer(server: Server, code: str) -> None:
    reply = ask(server, code)
    assert reply.body is not None and reply.body["echo"] == code


@pytest.mark.parametrize(
    ("code", "stopped"),
    [
        ("stack", "stack"),
        ("memory", "memory"),
        ("crash", "crash"),
        ("flood", "memory"),
        ("endless", "memory"),
    ],
)
def test_every_end_has_its_name(server: Server, code: str, stopped: str) -> None:
    reply = ask(server, code)
    assert (reply.body, reply.stopped) == (None, stopped)


def test_a_hang_is_stopped_at_the_limit(server: Server) -> None:
    reply = ask(server, "hang", seconds=0.3)
    assert (reply.body, reply.stopped) == (None, "timeout")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to see memory")
def test_memory_beyond_the_limit_is_seen_from_outside(server: Server) -> None:
    reply = ask(server, "eat")
    assert (reply.body, reply.stopped) == (None, "memory")
    assert "200 MB" in reply.detail


def test_a_header_that_cannot_be_imported_costs_nothing_else(server: Server) -> None:
    reply = ask(server, "x", header=("Init", "Nope"))
    assert reply.stopped == "header" and "Nope" in reply.detail
    assert ask(server, "x").body is not None
    assert ask(server, "x", header=("Init", "Std")).body is not None


def test_a_first_header_that_cannot_be_imported_leaves_a_usable_server() -> None:
    server = Server(FAKE, ("Init", "Nope"))
    try:
        assert ask(server, "x", header=("Init", "Nope")).stopped == "header"
        assert ask(server, "x").body is not None
    finally:
        server.stop()


@pytest.mark.parametrize("code", ["nonsense", "confused"])
def test_nonsense_is_a_broken_tool(server: Server, code: str) -> None:
    with pytest.raises(BrokenToolError):
        ask(server, code)


def test_a_server_that_does_not_start_says_why() -> None:
    server = Server(Command([sys.executable, "-c", "raise SystemExit('no oleans here')"], {}))
    try:
        with pytest.raises(BrokenToolError, match="no oleans here"):
            ask(server, "x")
    finally:
        server.stop()


def test_a_long_request_is_sent_in_pieces(server: Server) -> None:
    reply = ask(server, "y" * 3_000_000)
    assert reply.body is not None and len(reply.body["echo"]) == 3_000_000


def test_a_server_that_ended_is_known_to_have(server: Server) -> None:
    ask(server, "x")
    assert server.alive
    server.kill()
    assert not server.alive


def test_one_that_stood_idle_for_longer_than_a_start_may_take_answers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "START_SECONDS", 3.0)
    time.sleep(3.1)
    assert ask(server, "x").body is not None
