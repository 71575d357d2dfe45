"""Verifications whose steps come one request at a time, as a model writes them."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from neurosym.service.problems import ServiceProblem
from neurosym.service.watch import Watch
from neurosym.verify.base import Verdict
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import Outset
from neurosym.verify.report import write_report, write_step
from neurosym.verify.segment import step_of
from provers.base import AnyProblem, Limits, Result

if TYPE_CHECKING:
    from neurosym.service.engine import Ask
    from neurosym.service.lending import Lending, Watched
    from neurosym.verify.modelling import Modelling


class _Relay:
    """The prover of a session: whichever is lent to the request at hand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.now: Watched | None = None

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        assert self.now is not None
        return self.now.prove(problem, limits)

    def warm(self) -> None:
        """Nothing: it is lent warm."""

    def close(self) -> None:
        """Nothing: it is only lent."""


class Session:
    """One piece of reasoning on its way; one request at a time works on it."""

    def __init__(
        self,
        lending: Lending,
        outset: Outset,
        ask: Ask,
        modelling: Modelling | None,
        stop_on_refuted: bool,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.ask = ask
        self.used = time.monotonic()
        self._lending = lending
        self._relay = _Relay(ask.prover)
        self._verification = Verification(outset, self._relay, ask.limits, modelling)
        self._stop_on_refuted = stop_on_refuted
        self._busy = threading.Lock()

    @property
    def ended(self) -> bool:
        """Whether it ends at its first refuted step, and that is there."""
        return self._stop_on_refuted and any(
            step.verdict is Verdict.REFUTED for step in self._verification.done
        )

    def add(self, texts: Sequence[str], index: int | None, watch: Watch) -> dict[str, Any]:
        """Verify steps: their reports up to the first at which the session ends, and if it did.

        ``index`` is that of the first of them. Steps that are there already with these texts are
        not verified again: so that a request can be repeated whose answer was lost.

        Raises ServiceProblem 409 where another request is at work on the session, where it has
        ended, or where ``index`` is not the next; InputError for too much.
        """
        with self._alone():
            steps = []
            done = self._verification.done
            index = len(done) + 1 if index is None else index
            if index > len(done) + 1:
                raise ServiceProblem(409, f"the next step is {len(done) + 1}, not {index}.")
            for place, text in enumerate(texts, index):
                if place <= len(done):
                    if done[place - 1].text != step_of(text).text:
                        raise ServiceProblem(409, f"step {place} is there, with another text.")
                    steps.append(write_step(done[place - 1]))
                    continue
                if self.ended:
                    if not steps:
                        raise ServiceProblem(409, "the session has ended with a refuted step.")
                    break
                with self._lending.borrow(self.ask.prover, watch) as self._relay.now:
                    steps.append(write_step(self._verification.add(text)))
            return {"id": self.id, "steps": steps, "ended": self.ended}

    def report(self, watch: Watch) -> dict[str, Any]:
        """The report on the steps that are there. Raises ServiceProblem 409 as ``add`` does."""
        with self._alone(), self._lending.borrow(self.ask.prover, watch) as self._relay.now:
            return write_report(self._verification.report())

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The turn of one request; another is refused meanwhile."""
        if not self._busy.acquire(blocking=False):
            raise ServiceProblem(409, "another request is at work on this session.")
        try:
            yield
        finally:
            self.used = time.monotonic()
            self._busy.release()


class Sessions:
    """The sessions of a service, at most ``most``; those unused for ``seconds`` are forgotten.

    They are the process's own: a service that starts again has none.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._all: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, session: Session) -> None:
        """Keep a session. Raises ServiceProblem 429 where there are too many."""
        with self._lock:
            self._forget()
            if len(self._all) >= self._most:
                raise ServiceProblem(
                    429,
                    f"{self._most} sessions are open; end one, or try again later.",
                    headers={"Retry-After": "10"},
                )
            self._all[session.id] = session

    def get(self, id: str) -> Session:
        """The session. Raises ServiceProblem 404 where there is none."""
        with self._lock:
            self._forget()
            session = self._all.get(id)
        if session is None:
            raise ServiceProblem(404, "there is no such session, or it was forgotten.")
        return session

    def remove(self, id: str) -> None:
        """Forget a session. Raises ServiceProblem 404 where there is none."""
        self.get(id)
        with self._lock:
            self._all.pop(id, None)

    def _forget(self) -> None:
        oldest = time.monotonic() - self._seconds
        for id in [id for id, session in self._all.items() if session.used < oldest]:
            del self._all[id]
