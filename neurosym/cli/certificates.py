"""Lean certificates for a command: where Lean comes from, and how long the command waits for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from neurosym.cli import complain
from neurosym.verify.certify import NOT_READY, Certifier, Lean, missing
from provers.base import Limits
from provers.errors import BrokenToolError, MissingToolError

if TYPE_CHECKING:
    from neurosym.verify.base import Report

# Unless all certificates are waited for: how long a command waits for Lean to be up, and how long
# for certificates.
START_SECONDS = 0.3
AUTO_SECONDS = 2.0


class Certificates:
    """What certifies, and how long the command still waits for it.

    ``wait``: for all, setting Lean up first if need be; otherwise only where Lean is up in the
    background, and for a moment. Where no background process runs, one is started for the next
    command, which this one does not wait for.
    """

    def __init__(self, limits: Limits, *, wait: bool, daemon: bool) -> None:
        self._all = wait
        self._daemon = daemon
        self._set_up = False
        self._left = AUTO_SECONDS
        self._unavailable: MissingToolError | BrokenToolError | None = None
        self._lacking: list[tuple[str, tuple[int, ...], str]] = []
        if wait:
            from neurosym.cli import setup

            try:
                setup.ensure()
            except (MissingToolError, BrokenToolError) as error:
                self._unavailable = error
        elif daemon:
            from provers.lean import checkers

            checkers.start_daemon()
        self.certifier = Certifier(self._open, limits)

    def _open(self) -> Lean | str:
        from provers.lean import checkers

        if self._unavailable is not None:
            raise self._unavailable
        if self._all:
            self._set_up = True
            return Lean(checkers.open_checker(daemon=self._daemon))
        running = checkers.running_checker() if self._daemon else None
        if running is not None:
            self._set_up = True
            return Lean(running, ready=True)
        from provers.lean import runtime, toolchain

        self._set_up = toolchain.find() is not None
        if not self._set_up:
            return "Lean is not set up: run 'neurosym setup lean'"
        if self._daemon and runtime.wanted():
            return Lean(checkers.open_checker())  # starts it, for later claims and commands
        return NOT_READY

    def wait(self) -> None:
        """Wait for all that is left, or for as long as is allowed."""
        if self._all:
            self.certifier.wait()
            return
        start = time.monotonic()
        self.certifier.wait(self._left, start_seconds=min(START_SECONDS, self._left))
        self._left = max(0.0, self._left - (time.monotonic() - start))

    def note(self, report: Report) -> None:
        """Remember what has no certificate though it could have one."""
        steps, why = missing(report)
        if steps:
            self._lacking.append((str(report.id), steps, why))

    def complain(self, *, quiet: bool) -> bool:
        """Say in one sentence what is not certified; whether Lean failed where it was asked for.

        ``quiet``: only say that.
        """
        failed = ""
        if self._all:
            failed = self.certifier.failure or str(self._unavailable or "")
        if failed:
            complain(failed)
        elif self._lacking and self._set_up and not quiet:
            name, steps, why = self._lacking[0]
            which = f"step {steps[0]} is" if len(steps) == 1 else f"steps {_ranges(steps)} are"
            if len(self._lacking) > 1:
                which = f"steps in {len(self._lacking)} records, the first of them {name}, are"
            complain(f"{which} not certified: {why.rstrip('.')}.")
        return bool(failed)


def _ranges(numbers: tuple[int, ...]) -> str:
    """``1-3, 5`` for 1, 2, 3, 5."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ", ".join("-".join(map(str, part)) for part in parts)
