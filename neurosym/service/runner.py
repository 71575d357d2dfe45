"""Who works on jobs: threads that take them from the database, under leases that they renew."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from neurosym.runs.leases import Lease
from neurosym.runs.owners import has_died, new_owner
from neurosym.service.engine import Engine
from neurosym.service.problems import ServiceProblem, described, invalid, problem_for
from neurosym.service.schemas import ProveRequest, VerifyRequest
from neurosym.service.watch import Watch
from provers.errors import BrokenToolError, NeurosymError

_LOG: Final = logging.getLogger(__name__)
_DAY: Final = 86_400.0
_IDLE_SECONDS: Final = 1.0  # after which a job that another server took on is seen
_TROUBLE_SECONDS: Final = 2.0
_PRUNE_SECONDS: Final = 3_600.0
_CUT_SECONDS: Final = 5.0
_VERIFY: Final = TypeAdapter(list[VerifyRequest])
_PROVE: Final = TypeAdapter(list[ProveRequest])


class _Task:
    """A job that is being worked on; whoever learns that it should not be stops it."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self._lock = threading.Lock()
        self._watch = Watch()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        return self._stopped

    def watch(self, seconds: float) -> Watch:
        """The watch of the next input."""
        with self._lock:
            self._watch = Watch(seconds)
            if self._stopped:
                self._watch.cancel()
            return self._watch

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._watch.cancel()


class Runner:
    """Works on jobs in threads of its own; one in each server process."""

    def __init__(self, engine: Engine) -> None:
        """The engine and its store stay the caller's, and must stay open until ``stop``."""
        self._engine = engine
        self._leases = engine.store.leases
        self._settings = engine.settings
        self._owner = new_owner()
        self._lock = threading.Lock()
        self._tasks: dict[str, _Task] = {}
        self._drained = 0.0
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._jobs = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._keeper = threading.Thread(target=self._keep, name="jobs", daemon=True)

    def start(self) -> None:
        """Go on with what a server that died has left, then with what waits."""
        self._keeper.start()
        for number in range(self._settings.job_workers):
            thread = threading.Thread(target=self._serve, name=f"job-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def drain(self) -> None:
        """Take no more jobs, and begin no more inputs; may be called by a signal's handler."""
        if not self._stopping.is_set():
            self._drained = time.monotonic()
            self._stopping.set()

    def stop(self, grace: float) -> None:
        """Put back the jobs that are not done ``grace`` seconds after ``drain``, or after now.

        An input that is not done by then is begun anew by whoever takes its job.
        """
        self.drain()
        self.wake()
        end = self._drained + grace
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        with self._lock:
            tasks = list(self._tasks.values())
        for task in tasks:
            task.stop()
        end = time.monotonic() + _CUT_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._stopped.set()
        self._keeper.join(_CUT_SECONDS)
        # What a thread that does not end may still find is refused: its lease is no more.
        with self._lock:
            left = [task.lease for task in self._tasks.values()]
        self._release(left)

    def wake(self) -> None:
        """Look for jobs now: one was submitted here."""
        with self._jobs:
            self._jobs.notify_all()

    def drop(self, id: str) -> None:
        """Stop working on a job that was cancelled here; elsewhere it is noticed in a while."""
        with self._lock:
            task = self._tasks.get(id)
        if task is not None:
            task.stop()

    # --- jobs --------------------------------------------------------------------------------

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                lease = self._leases.claim(self._owner, self._settings.lease)
                if lease is not None:
                    self._work(lease)
                    continue
            except BrokenToolError as error:
                # The lease of what was being done runs out, and somebody begins it anew.
                _LOG.warning("jobs cannot be had: %s", error)
                self._stopping.wait(_TROUBLE_SECONDS)
                continue
            with self._jobs:
                if not self._stopping.is_set():
                    self._jobs.wait(_IDLE_SECONDS)

    def _work(self, lease: Lease) -> None:
        task = _Task(lease)
        with self._lock:
            self._tasks[lease.id] = task
        try:
            try:
                works = _works(self._engine, lease)
            except ValidationError as error:  # what an earlier version took, this one does not
                self._leases.fail(lease, _error(lease, invalid(error)))
                return
            for position, work in enumerate(works):
                if position in lease.finished:
                    continue
                if self._stopping.is_set():
                    task.stop()
                if not self._finish(task, position, work):
                    break
            if task.stopped:
                self._release([lease])
        finally:
            with self._lock:
                if self._tasks.get(lease.id) is task:
                    del self._tasks[lease.id]

    def _finish(self, task: _Task, position: int, work: Callable[[_Task], Any]) -> bool:
        """Do one input and keep its output; whether the job goes on."""
        if task.stopped:
            return False
        lease = task.lease
        error = None
        try:
            output = to_json(work(task))
        except NeurosymError as trouble:
            error = _error(lease, problem_for(trouble))
        except Exception:  # noqa: BLE001 - ours, and no reason to lose the thread
            _LOG.exception("a job's input could not be done")
            detail = "something went wrong here; the job can be submitted again."
            error = _error(lease, ServiceProblem(500, detail))
        if task.stopped:
            return False
        if error is None:
            return self._leases.record(lease, position, output) == "running"
        if lease.many:  # the others are done all the same
            return self._leases.record(lease, position, b'{"error":%b}' % error) == "running"
        self._leases.fail(lease, error)
        return False

    def _release(self, leases: list[Lease]) -> None:
        try:
            self._leases.release(leases)
        except BrokenToolError as error:
            _LOG.warning("jobs cannot be put back, and wait until their lease ends: %s", error)

    # --- leases ------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Renew leases, stop what is not ours any more, take over from the dead, drop the old."""
        pruned = -_PRUNE_SECONDS
        while True:
            try:
                self._renew()
                if self._leases.reclaim(has_died):
                    self.wake()
                if time.monotonic() - pruned >= _PRUNE_SECONDS:
                    self._leases.prune(self._settings.job_days * _DAY)
                    pruned = time.monotonic()
            except BrokenToolError as error:
                _LOG.warning("leases of jobs cannot be renewed: %s", error)
            if self._stopped.wait(self._settings.lease / 10):
                return

    def _renew(self) -> None:
        with self._lock:
            tasks = list(self._tasks.values())
        if not tasks:
            return
        held = self._leases.renew(self._owner, [task.lease for task in tasks], self._settings.lease)
        for task in tasks:
            if task.lease.id not in held:
                task.stop()


def _error(lease: Lease, problem: ServiceProblem) -> bytes:
    return described(problem, f"/v1/jobs/{lease.id}")


def _works(engine: Engine, lease: Lease) -> list[Callable[[_Task], Any]]:
    """What is to be done for each of the inputs."""
    settings = engine.settings

    def verification(request: VerifyRequest) -> Callable[[_Task], Any]:
        ask = request.asked(settings)
        return lambda task: engine.verify(request, ask, task.watch(ask.seconds))

    def proof(request: ProveRequest) -> Callable[[_Task], Any]:
        ask = request.asked(settings)
        return lambda task: engine.prove(request, ask, task.watch(ask.seconds))

    if lease.kind == "verify":
        return [verification(request) for request in _VERIFY.validate_json(lease.body)]
    return [proof(request) for request in _PROVE.validate_json(lease.body)]
