"""Attempts on a Ray cluster, or on one that is started on this machine for the run."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from neurosym.runs import keys
from neurosym.runs.batch.base import Attempt, Configuration, Done, Event, Lost, Task
from neurosym.runs.batch.executors.cluster import INSTALL, Cluster, Node
from neurosym.runs.batch.executors.hand import Factory, Hand, Lack, new_worker
from provers.errors import BrokenToolError, InputError, MissingToolError, NeurosymError

_LOOK_SECONDS: Final = 1.0
_STOP_SECONDS: Final = 5.0
_START_SECONDS: Final = 300.0  # a cluster that grows on demand takes minutes to
_MOST_FALSE_STARTS: Final = 3
_LONGEST_PAUSE: Final = 60.0
# A node that goes may take its workers along before it is known to be gone itself.
_DOUBT_SECONDS: Final = 2.5
_MOST_SPARED: Final = 2
_CONTROL: Final = "control"


@dataclass(frozen=True, slots=True)
class _Given:
    """A task that an actor has, and what its answer will be read from."""

    number: int
    task: Task
    answer: Any


@dataclass(slots=True, eq=False)
class _Hand:
    """An actor; ``given`` are its tasks, the first of them being worked on.

    ``starting`` is what it has been asked on its way to being ready, ``returning`` what it has
    been asked about giving back its second task.
    """

    actor: Any
    starting: Any
    node: str = ""
    ip: str = ""
    given: deque[_Given] = field(default_factory=deque)
    returning: Any = None

    @property
    def ready(self) -> bool:
        return self.starting is None

    @property
    def awaited(self) -> list[Any]:
        """What may be answered next."""
        first = self.given[0].answer if self.given else None
        return [one for one in (self.starting, self.returning, first) if one is not None]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The task that an actor was at when it died, before it is known whether its node did."""

    until: float
    task: Task
    why: str
    node: str


class RayExecutor:
    """Actors with a processor and a ``Worker`` each, on whatever nodes the cluster has.

    Each actor has a task that it works on and one that waits; the others stay here, and what waits
    behind a slow one goes to another actor when that has nothing to do. Actors are added when
    nodes join, and replaced when they die. Lean runs in one background process for each node.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        address: str | None,
        workers: int | None,
        worker: Factory = new_worker,
    ) -> None:
        """Join the cluster at ``address``: ``auto``, ``HOST:PORT`` or ``ray://HOST:PORT``.

        None starts one here, which ends with the run. ``workers`` is how many attempts are made at
        once; None is as many as there are processors, and memory for them.

        Raises MissingToolError without Ray, InputError for what cannot be meant, and
        BrokenToolError where the cluster cannot be joined within 15 seconds.
        """
        if workers is not None and workers < 1:
            raise InputError("a run needs at least one worker.")
        self._configuration = configuration
        self._wanted = workers
        self._factory = worker
        self._version = keys.neurosym_version()
        # Elsewhere the folder that this process is in means nothing.
        self._folder = str(Path.cwd()) if address is None else ""
        self._cluster = Cluster(address, workers or _processors())
        self._ray = self._cluster.ray
        self._errors = self._ray.exceptions
        self._class = self._ray.remote(
            num_cpus=1,
            max_restarts=0,
            max_task_retries=0,
            concurrency_groups={_CONTROL: 1},
            scheduling_strategy="SPREAD",
            enable_task_events=False,  # the head node would keep a record of each attempt
        )(Hand)
        self._hands: list[_Hand] = []
        self._backlog: deque[Task] = deque()
        self._doubts: list[_Doubt] = []
        self._spared: Counter[tuple[int, int]] = Counter()
        self._nodes: dict[str, Node] = {}
        self._number = 0
        self._looked = -_LOOK_SECONDS
        self._working = time.monotonic()
        self._false_starts = 0
        self._hire_after = 0.0
        self._closed = False
        self.workers = workers or 1
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    # --- the contract ------------------------------------------------------------------------

    @property
    def room(self) -> int:
        # With nothing on its way there must be room, or a run would end when all nodes are gone.
        places = max(1, 2 * sum(hand.ready for hand in self._hands))
        return max(0, places - len(self._backlog) - sum(len(hand.given) for hand in self._hands))

    def submit(self, task: Task) -> None:
        self._backlog.append(task)
        self._deal()

    def wait(self, seconds: float) -> Sequence[Event]:
        """Raises BrokenToolError where no worker can be kept alive or a node has another neurosym,
        MissingToolError where a worker lacks a tool or a node lacks neurosym.
        """
        events: list[Event] = []
        self._look()
        self._settle(events)
        if not self._receive(0.0, events) and not events:
            self._take_back()
            self._receive(min(seconds, _LOOK_SECONDS), events)
        self._deal()
        return events

    def describe(self) -> dict[str, Any]:
        return {
            "executor": "ray",
            "address": self._cluster.address,
            "workers": sum(hand.ready for hand in self._hands),
            "starting": sum(not hand.ready for hand in self._hands),
            "nodes": len(self._nodes),
            "processors": sum(node.processors for node in self._nodes.values()),
            "prover_megabytes": self._configuration.megabytes,
            "megabytes": sum(node.megabytes for node in self._nodes.values()),
        }

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            with contextlib.suppress(self._errors.RayError):
                stopping = [self._control(hand, "stop") for hand in self._hands if hand.node]
                if stopping:  # each answers by ending
                    self._ray.wait(stopping, num_returns=len(stopping), timeout=_STOP_SECONDS)
            for hand in self._hands:
                self._kill(hand)
            self._hands.clear()
        finally:
            self._cluster.close()

    # --- tasks -------------------------------------------------------------------------------

    def _deal(self) -> None:
        """Give what waits here to actors, those without work first."""
        while self._backlog:
            ready = [hand for hand in self._hands if hand.ready and len(hand.given) < 2]
            if not ready:
                return
            hand = min(ready, key=lambda one: len(one.given))
            task = self._backlog.popleft()
            self._number += 1
            answer = hand.actor.attempt.remote(self._number, task)
            hand.given.append(_Given(self._number, task, answer))

    def _take_back(self) -> None:
        """Ask for what waits behind others, for the actors that have nothing to do."""
        idle = sum(hand.ready and not hand.given for hand in self._hands) - len(self._backlog)
        for hand in self._hands:
            if idle <= 0:
                return
            if len(hand.given) == 2 and hand.returning is None:
                hand.returning = self._control(hand, "give_back", hand.given[1].number)
                idle -= 1

    def _receive(self, seconds: float, events: list[Event]) -> bool:
        """Take in what has been answered, after so many seconds at most; whether anything was."""
        asked: dict[Any, _Hand] = {}
        for hand in self._hands:
            asked |= dict.fromkeys(hand.awaited, hand)
        if not asked:
            time.sleep(min(seconds, 0.1))
            return False
        many = len(asked) if seconds <= 0 else 1
        ready, _ = self._ray.wait(list(asked), num_returns=many, timeout=seconds)
        if seconds > 0 and ready and len(asked) > 1:  # there may be more than the one waited for
            ready, _ = self._ray.wait(list(asked), num_returns=len(asked), timeout=0)
        for answer in ready:
            hand = asked[answer]
            # What was read just before may have ended the actor, or given its task away.
            if hand in self._hands and answer in hand.awaited:
                self._read(hand, answer, events)
        return bool(ready)

    def _read(self, hand: _Hand, answer: Any, events: list[Event]) -> None:
        try:
            value = self._ray.get(answer)
        except self._errors.RayActorError as error:
            self._bury(hand, error, events)
            return
        except self._errors.RayError as error:
            self._read_error(hand, answer, error, events)
            return
        if answer == hand.starting:
            self._go_on_starting(hand, value)
        elif answer == hand.returning:
            hand.returning = None
            for given in hand.given:
                if given.number == value:
                    hand.given.remove(given)
                    self._backlog.append(given.task)
                    break
        elif isinstance(value, Lack):
            raise _lacking(hand, value)
        else:
            given = hand.given.popleft()
            if value is None:  # it was given back, which is read later than this
                self._backlog.append(given.task)
            elif isinstance(value, Attempt):
                events.append(Done(given.task, value))
            else:
                events.append(Lost(given.task, str(value)))

    def _read_error(self, hand: _Hand, answer: Any, error: Exception, events: list[Event]) -> None:
        """An answer that is an error, though the actor lives."""
        if answer == hand.starting:
            self._bury(hand, error, events)
        elif answer == hand.returning:
            hand.returning = None
        else:
            lost = isinstance(error, self._errors.ObjectLostError)
            why = "its result was lost with a node" if lost else f"the worker broke: {_said(error)}"
            events.append(Lost(hand.given.popleft().task, why, blamed=not lost))

    # --- actors ------------------------------------------------------------------------------

    def _look(self) -> None:
        """See which nodes there are, and have as many actors as there should be."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        self._nodes = self._cluster.nodes()
        if any(hand.ready for hand in self._hands):
            self._working = now
        elif now - self._working > _START_SECONDS:
            raise BrokenToolError(
                f"No worker has started in {_START_SECONDS:.0f} s on the Ray cluster at "
                f"{self._cluster.address}: it has {len(self._nodes)} nodes, whose processors are "
                "used by others or not there ('ray status' tells)."
            )
        wanted = self._wanted or sum(self._places(node) for node in self._nodes.values())
        while now >= self._hire_after and len(self._hands) < wanted:
            actor = self._class.remote()
            self._hands.append(_Hand(actor, actor.begin.remote(self._folder)))
        self.workers = max(1, len(self._hands))

    def _places(self, node: Node) -> int:
        most = max(1, node.megabytes // self._configuration.megabytes)
        return min(node.processors, most)

    def _go_on_starting(self, hand: _Hand, value: Any) -> None:
        """An actor has said where and what it is, or that it is ready."""
        if not hand.node:
            hand.node, hand.ip, version = value
            if version != self._version:
                raise BrokenToolError(
                    f"The node {hand.ip} has neurosym {version}, and the run was begun with "
                    f"{self._version}: install the same on all nodes."
                )
            hand.starting = hand.actor.prepare.remote(self._configuration, self._factory)
            return
        if isinstance(value, Lack):
            raise _lacking(hand, value)
        hand.starting = None
        self._false_starts = 0
        self._hire_after = 0.0

    def _bury(self, hand: _Hand, error: Exception, events: list[Event]) -> None:
        """An actor is dead or beyond reach: what it was at may be to blame, what waited is not."""
        now = time.monotonic()
        self._hands.remove(hand)
        self._kill(hand)
        self._looked = 0.0
        gone = self._node_died(error)
        why = f"the node {hand.ip} died" if gone else _cause(error)
        if not hand.ready and not gone:
            self._count_false_start(error, now)
        for number, given in enumerate(hand.given):
            if number:
                events.append(Lost(given.task, why, blamed=False))
            elif gone:
                events.append(Lost(given.task, why, blamed=not self._spare(given.task)))
            else:
                self._doubts.append(_Doubt(now + _DOUBT_SECONDS, given.task, why, hand.node))

    def _settle(self, events: list[Event]) -> None:
        """Say who is to blame for the deaths that are old enough to tell."""
        now = time.monotonic()
        left = []
        for doubt in self._doubts:
            node = self._nodes.get(doubt.node)
            if node is not None and now < doubt.until:
                left.append(doubt)
                continue
            lives = node is not None and self._cluster.answers(node)
            events.append(Lost(doubt.task, doubt.why, lives or not self._spare(doubt.task)))
        self._doubts = left

    def _spare(self, task: Task) -> bool:
        """Whether a task that a node died over is not to blame: that may be so a few times only.

        Else one that takes whole nodes along would do so until none is left.
        """
        self._spared[task.key] += 1
        return self._spared[task.key] <= _MOST_SPARED

    def _count_false_start(self, error: Exception, now: float) -> None:
        text = str(error)
        if "No module named 'neurosym" in text or "No module named 'provers" in text:
            raise MissingToolError(
                f"The node {_ip(text)} of the Ray cluster has no neurosym, or an old one: there, "
                f"{INSTALL}, in the version {self._version.partition('+')[0]}."
            )
        self._false_starts += 1
        if self._false_starts >= _MOST_FALSE_STARTS and not any(h.ready for h in self._hands):
            raise BrokenToolError(f"The workers do not start: {_cause(error)}.", stderr=text)
        self._hire_after = now + min(_LONGEST_PAUSE, 0.25 * 2**self._false_starts)

    def _node_died(self, error: Exception) -> bool:
        """Whether an actor is gone with its node.

        If it died alone, the node says so at once; what is out of reach and not said to be dead is
        out of reach with its node.
        """
        if isinstance(error, self._errors.ActorUnavailableError):
            return True
        return bool(getattr(error, "preempted", False)) or "its node has died" in str(error)

    def _control(self, hand: _Hand, name: str, *words: Any) -> Any:
        """Ask an actor something that it answers whatever it is working on."""
        method = getattr(hand.actor, name)
        return method.options(concurrency_group=_CONTROL).remote(*words)

    def _kill(self, hand: _Hand) -> None:
        with contextlib.suppress(self._errors.RayError, ValueError):
            self._ray.kill(hand.actor, no_restart=True)


def _lacking(hand: _Hand, lack: Lack) -> NeurosymError:
    kinds: dict[str, type[NeurosymError]] = {
        "missing": MissingToolError,
        "input": InputError,
        "broken": BrokenToolError,
    }
    return kinds[lack.kind](f"{lack.text} (on the node {hand.ip})")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cause(error: Exception) -> str:
    """Why an actor died, as far as Ray tells."""
    text = str(error)
    if "NODE_OUT_OF_MEMORY" in text or "memory pressure" in text:
        return "the worker was killed since its node ran out of memory"
    if "worker process has died" in text:
        return "the worker's process died"
    return f"the worker died: {_said(error)}"


def _said(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line), type(error).__name__)[:500]


def _ip(text: str) -> str:
    found = re.search(r"\bip[=:] ?([\w.:]+)", text)
    return found[1] if found else "(unknown)"
