"""What a run is made of: how problems are attempted, one attempt, and who carries them out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from neurosym.runs.items import Item

MOST_TRIES = 3
"""A problem that takes its prover or its worker along is given up after so many tries."""

Search: TypeAlias = Literal["portfolio", "whole", "best-first"]


class Configuration(BaseModel):
    """All that decides what an attempt finds; a run has one, from its beginning to its end.

    ``samples`` attempts are made at each problem, attempt ``i`` from ``seed + i``; with
    ``early_stop`` the first that solves it is the last. ``seconds`` and ``megabytes`` hold for
    each question to a prover, ``problem_seconds`` and ``problem_tokens`` for all attempts at one
    problem together. ``model`` is a form that ``open_model`` takes, empty for none; it draws at
    ``temperature``, ``votes`` translations of each sentence, and mends in ``rounds``. ``search``
    is how a bare Lean statement is proved, ``negate``: its negation is tried too.
    ``mend``: slips of meaning in recorded programs are mended. ``corpus`` is the folder that Lean's
    premises come from, empty for none, and ``corpus_index`` the hash of its index.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prover: str = "portfolio"
    seconds: float = Field(10.0, gt=0)
    megabytes: int = Field(2048, ge=64)
    samples: int = Field(1, ge=1, le=1000)
    early_stop: bool = True
    seed: int = Field(0, ge=0)
    problem_seconds: float | None = Field(None, gt=0)
    problem_tokens: int | None = Field(None, gt=0)
    model: str = ""
    temperature: float = Field(0.7, ge=0)
    votes: int = Field(1, ge=1)
    rounds: int = Field(2, ge=0)
    search: Search = "portfolio"
    negate: bool = True
    mend: bool = True
    corpus: str = ""
    corpus_index: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One attempt to be made: the problem, its place in the inputs and the sample, both from 0.

    ``seconds`` and ``tokens`` are what is left of the problem's budget, None without one.
    """

    position: int
    item: Item
    sample: int = 0
    seconds: float | None = None
    tokens: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.position, self.sample


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt.

    ``outcome`` is an outcome of ``provers`` or a verdict of ``verify``, ``reason`` says why it is
    not conclusive. ``answer`` is the set's answer that follows, if one does. ``solved``: it is the
    gold answer; without one, that it is proved (reasoning, Lean), decided (other formal problems)
    or translated. ``final``: further attempts would find the same, or are pointless since the
    statement is false. ``again``: a tool broke, so that it is worth another try. ``seconds`` is
    wall-clock time, ``prover_seconds`` that of the provers. ``body`` is the output, what ``neurosym
    prove`` or ``verify`` prints or its like, as ``deflated``: from where it is made to where it is
    kept nobody needs to take it apart.
    """

    sample: int
    outcome: str
    reason: str
    solved: bool
    answer: str | None
    prover: str
    seconds: float
    prover_seconds: float
    tokens: int
    final: bool
    again: bool
    body: bytes

    @property
    def output(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(inflated(self.body))
        return found


def deflated(output: dict[str, Any]) -> bytes:
    """An output as deflated JSON; what is no Unicode text becomes question marks."""
    text = json.dumps(output, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"), 1)


def inflated(body: bytes) -> str:
    """The text of an output's JSON."""
    return zlib.decompress(body).decode()


@dataclass(frozen=True, slots=True)
class Done:
    """An attempt was made."""

    task: Task
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker that made the attempt died; ``blamed``: it died of this attempt, not beside it."""

    task: Task
    why: str
    blamed: bool = True


Event: TypeAlias = Done | Lost


class Executor(Protocol):
    """Makes attempts somewhere, several at once. Not thread-safe: one coordinator drives it.

    ``workers`` attempts are made at once; ``room`` more can be submitted now without waiting.
    Each submitted task comes back exactly once, as ``Done`` or ``Lost``, in any order.
    """

    workers: int

    @property
    def room(self) -> int: ...

    def submit(self, task: Task) -> None: ...

    def wait(self, seconds: float) -> Sequence[Event]:
        """What has come back, after ``seconds`` at most.

        Raises BrokenToolError where no worker can be kept alive, MissingToolError where what it
        works with is not there.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """Name, workers and memory, as the manifest and ``status`` show it."""
        ...

    def close(self) -> None:
        """Stop all workers and what they run, at once."""
        ...
