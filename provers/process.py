"""The only place that starts processes: argument list, limits, and the whole group killed.

Every child gets a process group of its own, so that Ctrl-C in a terminal reaches the parent
alone and a kill reaches everything the child started.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from provers.errors import MissingToolError

MEGABYTE = 1024 * 1024
OUTPUT_LIMIT = 64 * MEGABYTE
_TICK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Completed:
    """A finished run. ``timed_out``: it was killed at its limit, and what it had printed."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool


def limit_memory(pid: int, megabytes: int) -> None:
    """Cap the address space of a running process, where the system can do that.

    Only the soft limit moves, so that a persistent child can get another cap for its next task.
    """
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):  # it has ended already
            _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
            resource.prlimit(pid, resource.RLIMIT_AS, (megabytes * MEGABYTE, hard))


def limit_processor(pid: int, seconds: float) -> None:
    """Let a running process use its cores for so long from now, where the system can do that.

    This ends a process that outlives whoever would have killed it.
    """
    if not hasattr(resource, "prlimit"):
        return
    try:
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        used = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        _, hard = resource.prlimit(pid, resource.RLIMIT_CPU)
        soft = int(used + (seconds + 1) * (os.cpu_count() or 1)) + 1
        resource.prlimit(pid, resource.RLIMIT_CPU, (soft, hard))
    except (OSError, ValueError):  # it has ended already, or may not be limited
        return


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all it started, and reap it."""
    # The group may be gone, or be no longer ours: there is nothing left to kill then.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def spawn(
    argv: Sequence[str],
    *,
    stderr: IO[bytes],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a long-lived child with pipes on stdin and stdout, in a group of its own.

    Its memory is capped by whoever gives it tasks (``limit_memory``); ``folder`` is its current
    one, ours by default.

    Raises MissingToolError if the program is not there or not one that this system can run.
    """
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,
            env=env,
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise MissingToolError(f"{argv[0]} cannot be started: {error.strerror}.") from error


def run(
    argv: Sequence[str],
    *,
    stdin: str = "",
    seconds: float,
    megabytes: int | None = 2048,
    env: Mapping[str, str] | None = None,
    tick: Callable[[], None] | None = None,
) -> Completed:
    """Run a program to its end or its limit; its output beyond 64 MB is cut.

    ``megabytes`` is None for what reserves far more address space than it uses; ``env`` is its
    whole environment, ours by default; ``tick`` is called five times a second while it runs.

    Raises MissingToolError if the program is not there or not one that this system can run.
    """
    start = time.monotonic()
    with (
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        source.write(stdin.encode())
        source.seek(0)
        try:
            process = subprocess.Popen(
                list(argv), stdin=source, stdout=out, stderr=err, env=env, start_new_session=True
            )
        except OSError as error:
            raise MissingToolError(f"{argv[0]} cannot be started: {error.strerror}.") from error
        timed_out = False
        try:
            if megabytes is not None:
                limit_memory(process.pid, megabytes)
            timed_out = not _wait(process, start + seconds, tick)
        finally:
            kill_group(process)
        return Completed(
            process.returncode,
            _content(out),
            _content(err),
            time.monotonic() - start,
            timed_out,
        )


def detach(log: int, prepare: Callable[[], None]) -> None:
    """Go on as a background process: a session of its own, and standard output to ``log``.

    The process that calls this ends with status 0 once ``prepare`` has run in the new one, or
    with 1 if that failed. There may be no other threads yet.
    """
    readable, writable = os.pipe()
    if os.fork() > 0:
        os.close(writable)
        os._exit(0 if os.read(readable, 1) else 1)
    os.close(readable)
    os.setsid()
    os.chdir("/")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - only its descriptor is of use
        os.dup2(nothing.fileno(), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    prepare()
    os.write(writable, b"1")
    os.close(writable)


def _wait(
    process: subprocess.Popen[bytes], deadline: float, tick: Callable[[], None] | None
) -> bool:
    """Whether it ended before the deadline."""
    while True:
        rest = deadline - time.monotonic()
        try:
            process.wait(timeout=rest if tick is None else min(rest, _TICK_SECONDS))
            return True
        except subprocess.TimeoutExpired:
            if rest <= _TICK_SECONDS or tick is None:
                return False
            tick()


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(OUTPUT_LIMIT).decode(errors="replace")
