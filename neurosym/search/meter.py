"""A model within a budget of tokens."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from neurosym.llm.base import Completion, Completions, Model, Request
from neurosym.search.base import Stop

# With fewer tokens than this nothing of use is written.
LEAST_TOKENS: Final = 16
# Where an engine does not say how many tokens a text has: so many bytes are one.
_BYTES: Final = 3
# Seeds of requests are so far apart that searches with neighbouring seeds share none.
_STRIDE: Final = 1_000_000


class TokensSpentError(Exception):
    """The budget allows no more requests."""


class Meter:
    """Asks a model, and counts what it writes; not thread-safe, but may be read meanwhile.

    ``short``: something was left out, or cut off, to stay within the budget.
    """

    def __init__(self, model: Model, stop: Stop, *, budget: int | None, seed: int) -> None:
        self.name = model.name
        self.tokens = 0
        self.prompt_tokens = 0
        self.requests = 0
        self.short = False
        self._model = model
        self._stop = stop
        self._budget = budget
        self._seed = seed

    def draw(self, requests: Sequence[Request]) -> list[tuple[Completion, ...]]:
        """The samples of each request, in order; fewer or none where the budget ends.

        What the budget may not pay for all at once is asked one after another. Seeds are chosen
        here. Raises TokensSpentError where the budget has ended before the first, StoppedError,
        and what the model raises.
        """
        samples: list[list[Completion]] = [[] for _ in requests]
        waiting = deque(enumerate(requests))
        while waiting:
            asked = self._affordable(waiting)
            if not asked:
                self.short = True
                if not any(samples):
                    raise TokensSpentError
                break
            for (place, request), completions in zip(asked, self._ask(asked), strict=True):
                samples[place] += completions.samples
                cut = any(sample.finish == "length" for sample in completions.samples)
                self.short = self.short or (cut and request.max_tokens < requests[place].max_tokens)
        return [tuple(some) for some in samples]

    def _affordable(self, waiting: deque[tuple[int, Request]]) -> list[tuple[int, Request]]:
        """As many of the first requests, and samples of the last of them, as the budget allows."""
        asked: list[tuple[int, Request]] = []
        left = None if self._budget is None else self._budget - self.tokens
        while waiting:
            place, request = waiting[0]
            n, most = request.n, request.max_tokens
            if left is not None:
                if left < min(LEAST_TOKENS, most):
                    break
                most = min(most, left)
                n = min(n, left // most)
                left -= n * most
            waiting.popleft()
            seed = self._seed + _STRIDE * (self.requests + len(asked))
            asked.append((place, replace(request, n=n, max_tokens=most, seed=seed)))
            if n < request.n:
                waiting.appendleft((place, replace(request, n=request.n - n)))
                break
        return asked

    def _ask(self, asked: Sequence[tuple[int, Request]]) -> list[Completions]:
        self._stop.left()  # raises, if it is to stop
        self.requests += len(asked)
        requests = [request for _, request in asked]
        if len(requests) == 1:
            found = [self._model.complete(requests[0])]
        else:
            found = self._model.complete_all(requests)
        for completions in found:
            self.tokens += sum(map(_size, completions.samples))
            self.prompt_tokens += completions.prompt_tokens or 0
        return found


def _size(sample: Completion) -> int:
    if sample.tokens is not None:
        return sample.tokens
    return -(-len(sample.text.encode("utf-8", "replace")) // _BYTES)
