"""A real service in a process of its own, for tests that ask it over its socket."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx


@dataclass
class Server:
    """A service that runs: where, and all that it has written to standard error."""

    url: str
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def logged(self, pattern: str, seconds: float = 10.0) -> re.Match[str]:
        """The first match in what it writes; it may still be on its way."""
        end = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.log)
            if found:
                return found
            assert time.monotonic() < end, f"{pattern!r} is not in:\n{self.log}"
            time.sleep(0.02)

    def alive(self) -> bool:
        return httpx.get(f"{self.url}/healthz", timeout=20).status_code == 200


@contextlib.contextmanager
def served(folder: Path, *options: str, **environment: str) -> Iterator[Server]:
    """``neurosym serve`` on a free port, with a database in the folder."""
    command = [sys.executable, "-m", "neurosym.cli", "serve", "--port", "0", "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--database", f"sqlite:///{folder / 'neurosym.db'}", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    server = Server("", process)
    reader = threading.Thread(target=_read, args=(server,))
    reader.start()
    try:
        server.url = server.logged(r"listening at (http://[^ ]*)", 60)[1]
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()
            process.wait()
            reader.join()


def _read(server: Server) -> None:
    assert server.process.stderr is not None
    with server.process.stderr as lines:
        for line in lines:
            server.lines.append(line)
