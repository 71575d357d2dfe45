"""Lean certificates for one request, by the Lean that all requests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from neurosym.service.watch import Watch
from neurosym.verify.base import Report, StepReport
from neurosym.verify.certify import Certifier, Lean
from provers.base import Limits
from provers.lean.base import INIT

if TYPE_CHECKING:
    from provers.lean.base import Checker, Header, LeanVersion, Reply

_LOOK_SECONDS = 0.1


class Certificates:
    """Certifies steps as they come; ``complete`` unless Lean failed or time ran out."""

    def __init__(self, checker: Callable[[], Checker], limits: Limits) -> None:
        self._certifier = Certifier(lambda: Lean(_Shared(checker())), limits)
        self.complete = False

    def add(self, step: StepReport) -> None:
        """Certify what a step claims, in the background."""
        self._certifier.add(step)

    def certified(self, report: Report, watch: Watch) -> Report:
        """The report with the certificates that were there before the watch stopped."""
        done = self._certifier.done
        while not done and not watch.stopped():
            done = self._certifier.wait(min(_LOOK_SECONDS, watch.left))
        self.complete = done and not self._certifier.failure
        return self._certifier.certified(report)

    def close(self) -> None:
        """Certify nothing more."""
        self._certifier.close()


class _Shared:
    """A checker that one request cannot close for the others."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        return self._checker.ask(header, request, limits)

    def version(self) -> LeanVersion:
        return self._checker.version()

    def warm(self, header: Header = INIT) -> None:
        self._checker.warm(header)

    def close(self) -> None:
        """Nothing."""
