"""Models that answer what a test wants them to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from neurosym.llm.base import Completion, Completions, Request
from provers.errors import ModelError, ModelFailure


@dataclass
class Writer:
    """Answers the requests in order, each with its texts; with the last ones from then on.

    ``tokens`` is what each sample is said to have.
    """

    answers: list[list[str]]
    tokens: int | None = 10
    name: str = "writer"
    asked: list[Request] = field(default_factory=list)

    def complete(self, request: Request) -> Completions:
        texts = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append(request)
        samples = (Completion(text, "stop", self.tokens) for text in texts[: request.n])
        return Completions(tuple(samples), self.name, 100)

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        pass


@dataclass
class Adviser(Writer):
    """Answers by what it is asked: texts with their log-probabilities."""

    advise: Callable[[str], list[tuple[str, float | None]]] = lambda text: []

    def complete(self, request: Request) -> Completions:
        self.asked.append(request)
        found = self.advise(request.messages[-1].content)
        samples = (Completion(text, "stop", 10, logprob) for text, logprob in found)
        return Completions(tuple(samples), self.name, 100)


@dataclass
class Sleeper(Writer):
    """Does not answer before it is woken; ``begun`` once it is asked."""

    begun: threading.Event = field(default_factory=threading.Event)
    woken: threading.Event = field(default_factory=threading.Event)

    def complete(self, request: Request) -> Completions:
        self.begun.set()
        assert self.woken.wait(60)
        return Writer.complete(self, request)


@dataclass
class Failing(Writer):
    """Never answers."""

    reason: ModelFailure = "unreachable"

    def complete(self, request: Request) -> Completions:
        self.asked.append(request)
        raise ModelError("nobody listens", reason=self.reason)
