"""A child process that is talked to line by line, and can be killed at any moment."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import IO

from provers.errors import BrokenToolError
from provers.process import kill_group, spawn
from provers.sandbox import Box, Scratch, contained

_CHUNK = 1 << 16
_STDERR_TAIL = 1 << 14
_LONGEST_LINE = 128 << 20
_MEMORY_WORDS = ("MemoryError", "bad_alloc", "out of memory", "Cannot allocate memory")
_MEMORY_STATUS = 101  # how Z3 ends where it cannot even report that memory ran out


class OverdueError(Exception):
    """The child did not answer in time."""


class DiedError(Exception):
    """The child ended without an answer; ``stderr`` is the end of what it said there.

    ``out_of_memory`` is what its last words suggest.
    """

    def __init__(self, returncode: int, stderr: str) -> None:
        super().__init__(f"the child ended with status {returncode}")
        self.returncode = returncode
        self.stderr = stderr
        self.out_of_memory = returncode == _MEMORY_STATUS or any(
            word in stderr for word in _MEMORY_WORDS
        )


class Child:
    """One running process with pipes; not thread-safe, but ``kill`` may come from any thread."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        box: Box | None = None,
    ) -> None:
        """Start it: with a box, contained, in a scratch folder of its own and in ``env`` alone.

        Raises MissingToolError if the program is not there, BrokenToolError if no scratch folder
        can be made.
        """
        folder = None
        self._scratch = None if box is None else _scratch()
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        try:
            if box is not None and self._scratch is not None:
                folder = self._scratch.path
                argv, env = contained(argv, box), {**(env or {}), **self._scratch.environment}
            self._process: subprocess.Popen[bytes] = spawn(
                argv, stderr=self._stderr, env=env, folder=folder
            )
        except BaseException:
            self._close()
            raise
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
        self.pid = self._process.pid
        self.unread = bytearray()
        self._unsent = bytearray()

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def exchange(self, message: bytes, deadline: float) -> bytes:
        """Write the message and read one line, without its end, before ``time.monotonic()``.

        What could not be written by then is written by the next call.

        Raises OverdueError, or DiedError, also for a line of more than 128 MB.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        self._unsent += message
        seen = 0
        while (end := self.unread.find(b"\n", seen)) < 0:
            seen = len(self.unread)
            wait = deadline - time.monotonic()
            if wait <= 0:
                raise OverdueError
            writers = [stdin] if self._unsent else []
            readable, writable, _ = select.select([stdout], writers, [], wait)
            if writable:
                try:
                    del self._unsent[: os.write(stdin.fileno(), self._unsent[:_CHUNK])]
                except BrokenPipeError:
                    self._unsent.clear()  # it died: reading finds the end of its output next
            if readable:
                chunk = os.read(stdout.fileno(), _CHUNK)
                if not chunk:
                    raise self._death()
                self.unread += chunk
                if len(self.unread) > _LONGEST_LINE:
                    raise self._death()
        line = bytes(self.unread[:end])
        del self.unread[: end + 1]
        return line

    def _death(self) -> DiedError:
        kill_group(self._process)
        return DiedError(self._process.returncode, self.stderr())

    def stderr(self) -> str:
        """The end of what it wrote to standard error."""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _STDERR_TAIL))
        return self._stderr.read().decode(errors="replace")

    def kill(self) -> None:
        """Kill it under another thread's hands, which finds it dead and cleans up."""
        kill_group(self._process)

    def stop(self) -> None:
        """Kill it and close its pipes."""
        kill_group(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._close()

    def _close(self) -> None:
        self._stderr.close()
        if self._scratch is not None:
            self._scratch.close()


def _scratch() -> Scratch:
    try:
        return Scratch()
    except OSError as error:
        raise BrokenToolError(
            f"No scratch folder can be made in {tempfile.gettempdir()} ({error.strerror}): make "
            "room there, or set TMPDIR to another folder."
        ) from error
