"""An actor of a Ray cluster: one worker, in a process of its own on some node."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from neurosym.runs import keys
from neurosym.runs.batch.base import Attempt, Configuration, Task
from provers.errors import BrokenToolError, InputError, MissingToolError


class WorkerLike(Protocol):
    """What makes attempts, as ``neurosym.runs.batch.work.Worker`` does."""

    def prepare(self) -> None: ...
    def attempt(self, task: Task) -> Attempt: ...
    def close(self) -> None: ...


Factory: TypeAlias = Callable[[Configuration], WorkerLike]


def new_worker(configuration: Configuration) -> WorkerLike:
    """The usual worker; its module is loaded where it works."""
    from neurosym.runs.batch.work import Worker

    return Worker(configuration)


@dataclass(frozen=True, slots=True)
class Lack:
    """Why there can be no attempts on a node."""

    kind: Literal["missing", "input", "broken"]
    text: str


class Hand:
    """An actor: one worker, whose attempts are made one after the other.

    ``give_back`` and ``stop`` are answered at any time, the others in turn.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: WorkerLike | None = None
        self._begun = 0
        self._given_back: set[int] = set()

    def begin(self, folder: str) -> tuple[str, str, str]:
        """Where this is, and which neurosym is there. ``folder`` becomes the current one."""
        ray: Any = importlib.import_module("ray")
        if folder:
            os.chdir(folder)
        context = ray.get_runtime_context()
        return context.get_node_id(), ray.util.get_node_ip_address(), keys.neurosym_version()

    def prepare(self, configuration: Configuration, factory: Factory) -> Lack | None:
        """Make the worker ready; what it lacks, where it cannot be."""
        try:
            worker = self._worker = factory(configuration)
            worker.prepare()
        except MissingToolError as error:
            return Lack("missing", str(error))
        except InputError as error:
            return Lack("input", str(error))
        except Exception as error:  # noqa: BLE001 - it is reported as the answer
            ours = isinstance(error, BrokenToolError)
            return Lack("broken", str(error) if ours else f"{type(error).__name__}: {error}")
        return None

    def attempt(self, number: int, task: Task) -> Attempt | Lack | str | None:
        """An attempt, or what broke; None if the task was given back."""
        with self._lock:
            if number in self._given_back:
                self._given_back.discard(number)
                return None
            self._begun = number
        assert self._worker is not None
        try:
            return self._worker.attempt(task)
        except MissingToolError as error:
            return Lack("missing", str(error))
        except MemoryError:
            return "the worker ran out of memory"
        except Exception as error:  # noqa: BLE001 - the coordinator counts it and goes on
            return f"the worker broke: {type(error).__name__}: {str(error)[:500]}"

    def give_back(self, number: int) -> int | None:
        """The number if that task has not begun, and so never will here."""
        with self._lock:
            if number <= self._begun:
                return None
            self._given_back.add(number)
            return number

    def stop(self) -> None:
        """Stop at once, and all that was started here."""
        if self._worker is not None:
            with contextlib.suppress(Exception):
                self._worker.close()
        os._exit(0)
