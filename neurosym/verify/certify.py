"""Lean certificates for a report's claims, made in the background while verdicts go ahead."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from neurosym.verify.base import ClaimReport, Report, StepReport, Verdict
from provers.base import LeanProof, Limits, Outcome, Problem, Refutation
from provers.errors import BrokenToolError, MissingToolError, NeurosymError

if TYPE_CHECKING:
    from provers.lean.base import Checker

NOT_READY = "Lean was not ready yet"
NOT_IN_TIME = "there was no time left for it"
NO_PROOF = "nothing was proved"
MODEL = "a model is evidence that needs no solver"
ENDED = "certifying has ended"
_BREAKS = 3  # so many in a row, and Lean is not asked again


@dataclass(frozen=True, slots=True)
class Lean:
    """What asks Lean, and whether Lean is known to be up."""

    checker: Checker
    ready: bool = False


Opener: TypeAlias = Callable[[], Lean | str]
"""Gives a Lean, or says why there is none; called once, in the background."""

_PROVED = frozenset({Verdict.PROVED, Verdict.REFUTED, Verdict.INCONSISTENT})
_Key: TypeAlias = tuple[Problem, Outcome, tuple[int, ...]]


class Certifier:
    """Certifies claims in a thread of its own, in the order in which they come.

    Claims that say the same are certified once. Nothing here raises for what Lean does: what
    cannot be certified says why. ``failure`` says what is wrong with Lean itself: that it cannot
    be had, or how it broke; it is empty if nothing is.
    """

    def __init__(self, opener: Opener, limits: Limits) -> None:
        self._opener = opener
        self._limits = limits
        self._queue: queue.SimpleQueue[tuple[_Key, ClaimReport] | None] = queue.SimpleQueue()
        self._changed = threading.Condition()
        self._pending: set[_Key] = set()
        self._found: dict[_Key, LeanProof | str] = {}
        self._checker: Checker | None = None
        self._opened = False
        self._ready = False
        self._closed = False
        self._ended = False
        self._breaks = 0
        self._useless = ""  # why no claim can be certified any more
        self.failure = ""
        self._thread = threading.Thread(target=self._run, name="certifier", daemon=True)
        self._thread.start()

    def add(self, step: StepReport) -> None:
        """Certify what a step claims, in the background."""
        for claim in step.claims:
            key = _key(claim)
            if claim.verdict not in _PROVED:
                continue
            with self._changed:
                if key in self._pending or key in self._found:
                    continue
                if self._ended:  # nobody would take it up
                    self._found[key] = self._useless or ENDED
                    continue
                self._pending.add(key)
            self._queue.put((key, claim))

    @property
    def done(self) -> bool:
        """Whether nothing is left to certify."""
        return not self._pending

    def wait(self, seconds: float | None = None, *, start_seconds: float | None = None) -> bool:
        """Wait until nothing is left, and say whether nothing is.

        At most ``seconds``, and once it is known that Lean is not up yet, at most
        ``start_seconds`` for that.
        """
        start = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self._opened or self.done, seconds)
            if start_seconds is not None and not self._changed.wait_for(
                lambda: self._ready or self.done, start_seconds
            ):
                return False
            left = None if seconds is None else seconds - (time.monotonic() - start)
            return self._changed.wait_for(lambda: self.done, left)

    def certified(self, report: Report) -> Report:
        """The report with the certificates that there are by now, and why others are missing."""
        with self._changed:
            steps = tuple(
                replace(step, claims=tuple(map(self._filled, step.claims))) for step in report.steps
            )
        return replace(report, steps=steps)

    def _filled(self, claim: ClaimReport) -> ClaimReport:
        if claim.verdict not in _PROVED:
            models = (Verdict.INDEPENDENT, Verdict.SATISFIABLE)
            why = MODEL if claim.verdict in models else NO_PROOF
            return replace(claim, uncertified=why)
        match self._found.get(_key(claim)):
            case LeanProof() as proof:
                return replace(claim, certificate=proof, uncertified="")
            case str() as why:
                return replace(claim, uncertified=why)
            case None:
                why = NOT_IN_TIME if self._ready else NOT_READY
                return replace(claim, uncertified=why)

    def recheck(self, claim: ClaimReport) -> str:
        """What is wrong with a claim's certificate, judged again; empty if nothing is."""
        from provers.lean import certificates

        if claim.certificate is None:
            return "there is no certificate"
        if self._checker is None:
            return NOT_READY
        try:
            return certificates.recheck(
                self._checker, claim.problem, claim.result, claim.certificate, self._limits
            )
        except (NeurosymError, OSError) as error:
            return str(error)

    def close(self) -> None:
        """Stop; what is not certified yet stays so."""
        with self._changed:
            self._closed = True
            checker = self._checker
        self._queue.put(None)
        if checker is not None:
            checker.close()

    # --- in the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._serve()
        finally:
            with self._changed:  # however it ended, nobody waits for ever
                self._ended = True
                self._pending.clear()
                self._changed.notify_all()

    def _serve(self) -> None:
        while (task := self._queue.get()) is not None and not self._closed:
            key, claim = task
            if self._checker is None and not self._useless:
                self._useless, failure = self._open()
            else:
                failure = ""
            found: LeanProof | str = self._useless
            if not found:
                found, failure = self._attempt(claim)
            with self._changed:
                if self._closed:  # what stopped Lean under its hands says nothing of the claim
                    return
                self.failure = self.failure or failure
                self._ready = True
                self._found[key] = found
                self._pending.discard(key)
                self._changed.notify_all()

    def _attempt(self, claim: ClaimReport) -> tuple[LeanProof | str, str]:
        """The proof, or why there is none, and what is wrong with Lean."""
        try:
            found = self._certify(claim)
        except MissingToolError as error:
            self._useless = str(error)
            return self._useless, self._useless
        except (BrokenToolError, OSError) as error:
            why = str(error)
            self._breaks += 1
            if self._breaks == _BREAKS:
                self._useless = why
            return why, why
        except NeurosymError as error:
            return str(error), ""
        except Exception as error:  # noqa: BLE001 - ours, about this claim; the others go on
            return _unexpected(error), ""
        self._breaks = 0
        return found, ""

    def _open(self) -> tuple[str, str]:
        """Why there is no Lean, and what is wrong with it; both empty if there is one."""
        try:
            opened = self._opener()
        except (NeurosymError, OSError) as error:
            return str(error), str(error)
        except Exception as error:  # noqa: BLE001 - ours, and no reason to lose the verdicts
            return _unexpected(error), _unexpected(error)
        finally:
            with self._changed:
                self._opened = True
                self._changed.notify_all()
        if isinstance(opened, str):
            return opened, ""
        with self._changed:
            self._checker = opened.checker
            self._ready = opened.ready
            self._changed.notify_all()
            closed = self._closed
        if closed:
            opened.checker.close()
        return "", ""

    def _certify(self, claim: ClaimReport) -> LeanProof | str:
        from provers.lean.certificates import Uncertified, certify

        assert self._checker is not None
        found = certify(self._checker, claim.problem, claim.result, self._limits)
        return found.reason if isinstance(found, Uncertified) else found


def missing(report: Report) -> tuple[tuple[int, ...], str]:
    """The steps that were decided and have no certificate for all of it, and the first reason."""
    steps = []
    reasons = []
    for step in report.steps:
        without = [c for c in step.claims if c.verdict in _PROVED and c.certificate is None]
        if without:
            steps.append(step.index)
            reasons += [claim.uncertified for claim in without]
    return tuple(steps), reasons[0] if reasons else ""


def _unexpected(error: Exception) -> str:
    words = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"certifying went wrong ({words})"


def _key(claim: ClaimReport) -> _Key:
    evidence = claim.result.evidence
    used = evidence.used if isinstance(evidence, Refutation) else ()
    return claim.problem, claim.result.outcome, used
