"""A worker whose attempts are told by the problems themselves, and an executor without processes.

A problem's goal is a word: ``proved``, ``refuted``, ``unknown``; ``solved-at-N`` is proved at
sample N and unknown before; ``crash``, ``memory`` and ``slow`` do that; ``broken`` is a tool that
breaks at each try, ``broken-N`` at the first N.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neurosym.runs.batch.base import (
    Attempt,
    Configuration,
    Done,
    Event,
    Lost,
    Task,
    deflated,
)
from neurosym.runs.problems import ProblemRecord


class Actor:
    """Makes attempts as their problems say; ``folder`` counts the tries across processes."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.tries: Counter[tuple[int, int]] = Counter()

    def attempt(self, task: Task) -> Attempt:
        self.tries[task.key] += 1
        if task.item.payload is None:
            return made(task, "ill_formed", final=True)
        assert isinstance(task.item.payload, ProblemRecord)
        word = task.item.payload.goal or ""
        if word == "crash":
            os._exit(7)
        if word == "memory":
            raise MemoryError
        if word == "slow":
            time.sleep(60)
        if word.startswith("pause"):
            time.sleep(0.02)
            word = "proved"
        if word.startswith("broken"):
            first = int(word.partition("-")[2] or 1_000)
            broken = self.tries[task.key] <= first
            return made(task, "failed" if broken else "proved", again=broken)
        if word.startswith("solved-at-"):
            word = "proved" if task.sample == int(word.rpartition("-")[2]) else "unknown"
            return made(task, word)
        return made(task, word, final=word == "refuted", tokens=10)

    def close(self) -> None: ...


def actor(configuration: Configuration) -> Actor:
    return Actor(configuration)


def made(
    task: Task, outcome: str, *, final: bool = False, again: bool = False, tokens: int = 0
) -> Attempt:
    messages = [{"text": "it broke", "severity": "error"}] if again else []
    output = {"id": task.item.id, "outcome": outcome, "sample": task.sample, "messages": messages}
    reason = "timeout" if outcome == "unknown" else ""
    return Attempt(
        task.sample,
        outcome,
        reason,
        outcome == "proved",
        None,
        "actor",
        0.01,
        0.005,
        tokens,
        final,
        again,
        deflated(output),
    )


class Stage:
    """An executor in this process; ``lose``: keys whose attempts die, with whether they are to
    blame, each as often as it is listed.
    """

    def __init__(self, configuration: Configuration, lose: Sequence[tuple[int, int, bool]] = ()):
        self.workers = 2
        self.lose = list(lose)
        self.submitted: list[tuple[int, int]] = []
        self._actor = Actor(configuration)
        self._tasks: deque[Task] = deque()

    @property
    def room(self) -> int:
        return 4 - len(self._tasks)

    def submit(self, task: Task) -> None:
        assert self.room > 0
        self.submitted.append(task.key)
        self._tasks.append(task)

    def wait(self, seconds: float) -> list[Event]:
        task = self._tasks.popleft()
        for lost in self.lose:
            if lost[:2] == task.key:
                self.lose.remove(lost)
                return [Lost(task, "its machine is gone", lost[2])]
        return [Done(task, self._actor.attempt(task))]

    def describe(self) -> dict[str, Any]:
        return {"executor": "stage"}

    def close(self) -> None: ...


def written(folder: Path, *words: str) -> str:
    """A file of problems with these goals."""
    file = folder / "problems.jsonl"
    lines = [json.dumps({"id": f"p{i}-{word}", "goal": word}) for i, word in enumerate(words)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)
