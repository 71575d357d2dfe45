"""Attempts in processes of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, Final, Protocol, TypeAlias

from neurosym.runs.batch.base import Attempt, Configuration, Done, Event, Lost, Task
from neurosym.runs.batch.collecting import collect_seldom
from provers.errors import BrokenToolError, InputError

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 5.0
_MOST_FALSE_STARTS: Final = 3
# Workers that are quick have tasks for about so long before they ask for them.
_AHEAD_SECONDS: Final = 0.1
_MOST_AHEAD: Final = 31
_MOST_WARM: Final = 4  # there may be no problems for more


class WorkerLike(Protocol):
    """What makes attempts, as ``neurosym.runs.batch.work.Worker`` does."""

    def attempt(self, task: Task) -> Attempt: ...
    def close(self) -> None: ...


_Answer: TypeAlias = Attempt | str | int | None
Factory: TypeAlias = Callable[[Configuration], WorkerLike]


def new_worker(configuration: Configuration) -> WorkerLike:
    """The usual worker; its module is loaded where it works."""
    from neurosym.runs.batch.work import Worker

    return Worker(configuration)


@dataclass(slots=True)
class _Hand:
    """One worker process; ``tasks`` are with it, the first of them being worked on.

    ``since``: when it began with that, if it is ready. ``asked``: to give the others back.
    """

    process: BaseProcess
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)
    ready: bool = False
    since: float = field(default_factory=time.monotonic)
    asked: bool = False

    @property
    def slow(self) -> bool:
        """Whether what it is at takes so long that nothing should wait for that."""
        late = time.monotonic() - self.since > 2 * _AHEAD_SECONDS
        return self.asked or (late and self.ready and bool(self.tasks))


class LocalExecutor:
    """``workers`` processes, each with provers of its own; Lean is shared where it can be.

    ``megabytes`` is the memory of the whole run: each prover of each worker may use
    ``configuration.megabytes``, and all of them together no more than that.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        workers: int,
        megabytes: int | None = None,
        worker: Factory = new_worker,
    ) -> None:
        """Raises InputError where the workers' provers could use more than ``megabytes``."""
        needed = workers * configuration.megabytes
        if workers < 1:
            raise InputError("a run needs at least one worker.")
        if megabytes is not None and needed > megabytes:
            raise InputError(
                f"{workers} workers with {configuration.megabytes:,} MB for each prover may need "
                f"{needed:,} MB, more than the {megabytes:,} MB of the run: give fewer workers, "
                "or less memory for each."
            )
        self.workers = workers
        self._megabytes = megabytes
        self._configuration = configuration
        self._factory = worker
        self._context = multiprocessing.get_context("spawn")
        self._hands: list[_Hand] = []
        self._false_starts = 0
        self._mean = 2 * _AHEAD_SECONDS  # of attempts, in seconds

    @property
    def room(self) -> int:
        each = 1 + min(_MOST_AHEAD, int(_AHEAD_SECONDS / max(self._mean, 1e-6)))
        taken = sum(each if hand.slow else len(hand.tasks) for hand in self._hands)
        return self.workers * each - taken

    def warm(self) -> None:
        """Start workers, which takes about as long as reading the inputs, without waiting."""
        while len(self._hands) < min(self.workers, _MOST_WARM):
            self._hands.append(self._hire())

    def submit(self, task: Task) -> None:
        """Raises BrokenToolError where no process can be started."""
        while len(self._hands) < self.workers and all(hand.tasks for hand in self._hands):
            self._hands.append(self._hire())
        hand = min(self._hands, key=lambda one: (one.slow, len(one.tasks)))
        if not hand.tasks:
            hand.since = time.monotonic()
        hand.tasks.append(task)
        with contextlib.suppress(OSError):  # it has died: ``wait`` will find that
            hand.pipe.send(task)

    def wait(self, seconds: float) -> Sequence[Event]:
        """Raises BrokenToolError where workers do not start."""
        events: list[Event] = []
        by_pipe = {hand.pipe: hand for hand in self._hands}
        for pipe in wait(list(by_pipe), timeout=seconds):
            hand = by_pipe[pipe]  # type: ignore[index]
            try:
                while hand.pipe.poll():
                    self._receive(hand, hand.pipe.recv(), events)
            except (EOFError, OSError):
                self._bury(hand, events)
        for hand in self._hands:
            if hand.slow and len(hand.tasks) > 1 and not hand.asked:
                hand.asked = True
                with contextlib.suppress(OSError):
                    hand.pipe.send(None)
        return events

    def describe(self) -> dict[str, Any]:
        return {
            "executor": "local",
            "workers": self.workers,
            "prover_megabytes": self._configuration.megabytes,
            "megabytes": self._megabytes,
            "processes": [hand.process.pid for hand in self._hands],
        }

    def close(self) -> None:
        for hand in self._hands:
            hand.pipe.close()  # which a worker takes as the end, whatever it is doing
            if not hand.ready:
                hand.process.kill()
        for hand in self._hands:
            hand.process.join(_STOP_SECONDS)
            if hand.process.is_alive():
                hand.process.kill()
                hand.process.join()
        self._hands.clear()

    def _hire(self) -> _Hand:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_work, args=(theirs, self._configuration, self._factory), daemon=True
        )
        try:
            process.start()
        except OSError as error:
            raise BrokenToolError(f"No worker can be started: {error.strerror}.") from error
        theirs.close()
        return _Hand(process, ours)

    def _receive(self, hand: _Hand, message: _Answer, events: list[Event]) -> None:
        if isinstance(message, int):
            hand.asked = False
            back = [hand.tasks.pop() for _ in range(message)]
            events += [Lost(task, "another is to make it", blamed=False) for task in back[::-1]]
            return
        hand.since = time.monotonic()
        if message is None:
            hand.ready = True
            self._false_starts = 0
            return
        task = hand.tasks.popleft()
        if isinstance(message, str):
            events.append(Lost(task, message))
            return
        # One slow problem says little of those after it.
        self._mean += 0.1 * (min(message.seconds, 2 * _AHEAD_SECONDS) - self._mean)
        events.append(Done(task, message))

    def _bury(self, hand: _Hand, events: list[Event]) -> None:
        """A worker has died: what it was at is to blame, what waited behind that is not."""
        hand.process.join(_STOP_SECONDS)
        if hand.process.is_alive():  # it closed its pipe and does not end
            hand.process.kill()
            hand.process.join()
        self._hands.remove(hand)
        why = _death(hand.process.exitcode)
        if not hand.ready:
            self._false_starts += 1
            if self._false_starts >= _MOST_FALSE_STARTS:
                raise BrokenToolError(f"The workers do not start: {why}.")
        for number, task in enumerate(hand.tasks):
            events.append(Lost(task, why, blamed=hand.ready and number == 0))


def _death(status: int | None) -> str:
    if status is not None and status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = str(-status)
        return f"the worker was killed by {name}"
    return f"the worker ended with status {status}"


# --- in the worker's process -----------------------------------------------------------------


def _work(pipe: Connection, configuration: Configuration, factory: Factory) -> None:
    """Make attempts until the pipe ends; then stop at once, and all that was started here.

    Through the pipe come tasks, and None: give back those not begun. What goes back is None once
    it can begin, what came of each task in turn, and how many of the last are given back.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's business
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    collect_seldom()
    worker = factory(configuration)
    tasks: deque[Task] = deque()
    answers: SimpleQueue[_Answer] = SimpleQueue()
    arrived = threading.Condition()

    def read() -> None:
        """Take tasks as they come, so that the end of the pipe is seen during an attempt, too."""
        try:
            while True:
                task = pipe.recv()
                with arrived:
                    if task is None:
                        answers.put(len(tasks))
                        tasks.clear()
                    else:
                        tasks.append(task)
                        arrived.notify()
        except (EOFError, OSError):
            with contextlib.suppress(Exception):
                worker.close()
            os._exit(0)

    def write() -> None:
        """Send what there is; neither reading nor the next attempt waits for the coordinator."""
        with contextlib.suppress(OSError):  # the coordinator is gone: ``read`` ends the process
            while True:
                pipe.send(answers.get())

    answers.put(None)
    threading.Thread(target=read, daemon=True).start()
    threading.Thread(target=write, daemon=True).start()
    while True:
        with arrived:
            while not tasks:
                arrived.wait()
            task = tasks.popleft()
        try:
            answer: _Answer = worker.attempt(task)
        except MemoryError:
            answer = "the worker ran out of memory"
        except Exception as error:  # noqa: BLE001 - the coordinator counts it and goes on
            answer = f"the worker broke: {type(error).__name__}: {str(error)[:500]}"
        answers.put(answer)
