"""Load on an HTTP server from this process: many connections, each with a request at a time.

A client of its own, since one on two cores must cost far less than the server: requests are bytes
made beforehand, answers are read to their length and handed over as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

HOST = "127.0.0.1"
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status (0: none came), body, and seconds since its request was sent."""

    status: int
    body: bytes
    seconds: float


Judge: TypeAlias = Callable[[int, Answer], None]


@dataclass(slots=True)
class Tally:
    """What came back: answers by status, those that were wrong, and all times in seconds."""

    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        self.seconds.append(answer.seconds)


def request(path: str, body: dict[str, Any], accept: str = "application/json") -> bytes:
    """A POST request as bytes."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: {accept}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def drive(
    port: int, requests: Iterable[bytes], clients: int, judge: Judge, patience: float = 120.0
) -> Tally:
    """Send each request once, ``clients`` at a time over kept connections; judge each answer.

    ``judge`` gets the request's place and its answer. One that does not come within ``patience``
    seconds has status 0.
    """
    tally = Tally()
    waiting = enumerate(requests)

    async def client() -> None:
        reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
        try:
            for place, content in waiting:
                start = time.perf_counter()
                try:
                    async with asyncio.timeout(patience):
                        writer.write(content)
                        status, body, kept = await _answer(reader)
                except (TimeoutError, OSError, asyncio.IncompleteReadError):
                    status, body, kept = 0, b"", False
                answer = Answer(status, body, time.perf_counter() - start)
                tally.add(answer)
                judge(place, answer)
                if not kept:
                    writer.close()
                    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
        finally:
            writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return tally


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    length = head.partition("content-length:")[2].partition("\r\n")[0].strip()
    body = await reader.readexactly(int(length)) if length else b""
    return status, body, "connection: close" not in head


async def first_event(port: int, content: bytes) -> float:
    """Seconds until the first server-sent event with a verdict has come."""
    reader, writer = await asyncio.open_connection(HOST, port)
    start = time.perf_counter()
    try:
        writer.write(content)
        async with asyncio.timeout(30):
            await reader.readuntil(b'"verdict"')
            seconds = time.perf_counter() - start
            # Who goes away stops the prover, and the next one would wait for a new one.
            await reader.readuntil(b"event: report")
            await reader.readuntil(b"\n\n")
        return seconds
    finally:
        writer.close()


# --- the server ----------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind((HOST, 0))
        return int(chosen.getsockname()[1])


@contextlib.contextmanager
def server(*options: str) -> Iterator[int]:
    """A real ``neurosym serve`` with a store of its own; yields its port once it is ready.

    Raises RuntimeError with what it said where it does not become ready.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        said = Path(folder) / "said"
        with said.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "neurosym.cli", "serve", "--port", str(port)),
                    *("--database", f"sqlite:///{folder}/store.db", *options),
                ],
                stdout=output,
                stderr=output,
            )
            try:
                if not _ready(port, process):
                    raise RuntimeError(f"the server did not start: {said.read_text()[-2000:]}")
                yield port
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _ready(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 5) as asking:
            asking.sendall(f"GET /readyz HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            if b" 200 " in asking.recv(64):
                return True
        time.sleep(0.05)
    return False
