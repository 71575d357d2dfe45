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
from typing import Any

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

    @property
    def tracebacks(self) -> int:
        """How many it has written; a path in its access log may hold the word, too."""
        return sum(line.startswith("Traceback") for line in self.lines)

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


def served(
    folder: Path, *options: str, **environment: str
) -> contextlib.AbstractContextManager[Server]:
    """``neurosym serve`` on a free port, with a database in the folder."""
    command = [sys.executable, "-m", "neurosym.cli", "serve", "--port", "0", "--workers", "2"]
    database = f"sqlite:///{folder / 'neurosym.db'}"
    return _running([*command, "--database", database, *options], environment)


def configured(
    folder: Path, *, files: int | None = None, **settings: Any
) -> contextlib.AbstractContextManager[Server]:
    """A service with settings that the command line does not offer, and so many open files."""
    given = {"workers": 2, "database": f"sqlite:///{folder / 'neurosym.db'}", **settings}
    command = [sys.executable, "-c", _PROGRAM, repr(given)]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    return _running(command, {})


_PROGRAM = """
import ast, sys
from neurosym.service import journal, serving
from neurosym.service.app import create_app
from neurosym.settings import Settings

journal.write_to(sys.stderr)
settings = Settings(**ast.literal_eval(sys.argv[1]))
with serving.listen("127.0.0.1", 0) as listening:
    url = serving.url_of(listening)
    ready = lambda: print("listening at", url, file=sys.stderr, flush=True)
    serving.run(create_app(settings), listening, 0.0, ready)
"""


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    server = Server("", process)
    reader = threading.Thread(target=_read, args=(server,))
    reader.start()
    try:
        server.url = server.logged(r"listening at (http://\S*)", 60)[1]
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
