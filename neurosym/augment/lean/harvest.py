"""Many seeds, one after the other or some at once: what each of them gave."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from neurosym.augment.lean.candidates import Most, candidates, fitting
from neurosym.augment.lean.mutants import Mutant, mutate, normal
from neurosym.augment.lean.seeds import Opened, Seed, StoppedError, open_seeds
from neurosym.augment.lean.sides import Invocable
from neurosym.premises.corpus import Corpus
from neurosym.premises.symbols import symbols_of
from provers.lean.base import Checker

_OPENED: Final = 8  # seeds that are opened together


@dataclass(frozen=True, slots=True)
class Grown:
    """What a seed gave: its ``mutants``, how many changes were ``tried``, how many of them
    ``fit``, why others were ``dropped``, and the ``seconds`` that it took. ``error`` says why
    there was nothing to try, and is empty otherwise.
    """

    seed: Seed
    mutants: tuple[Mutant, ...] = ()
    tried: int = 0
    fit: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""


class Harvest:
    """Mutates theorems with the lemmas of a corpus; thread-safe.

    No mutant says what a theorem of the corpus says.
    """

    def __init__(
        self,
        corpus: Corpus,
        checker: Checker,
        most: Most | None = None,
        *,
        keep_trivial: bool = False,
        invocable: Invocable | None = None,
    ) -> None:
        self._corpus = corpus
        self._checker = checker
        self._most = most or Most()
        self._keep_trivial = keep_trivial
        self._invocable = invocable or Invocable(corpus)
        statements = corpus.column("statement").to_pylist()
        self._known = frozenset(map(normal, statements))

    def grow(
        self, seeds: Sequence[Seed], there: Iterable[str] = (), *, workers: int = 1
    ) -> Iterator[Grown]:
        """The mutants of each seed, in their order, but those whose statement is ``there``.

        Raises MissingToolError or BrokenToolError without a Lean.

        Of mutants of different seeds that say the same, the first alone is there.
        """
        seen = set(map(normal, there))
        waiting: deque[Future[Grown]] = deque()
        together = _OPENED * workers
        with ThreadPoolExecutor(workers) as threads:
            try:
                for part in _parts(seeds, together):
                    opened = self._open(part)
                    waiting += map(threads.submit, itertools.repeat(self._grown), part, opened)
                    # One part ahead: a seed that takes long keeps no other waiting.
                    while len(waiting) > together:
                        yield _without(waiting.popleft().result(), seen)
                while waiting:
                    yield _without(waiting.popleft().result(), seen)
            finally:  # whoever stops it does not wait for all
                threads.shutdown(wait=False, cancel_futures=True)

    def _open(self, seeds: Sequence[Seed]) -> list[Opened | None]:
        try:
            return open_seeds(self._checker, seeds)
        except StoppedError:
            if len(seeds) == 1:
                return [None]
            half = len(seeds) // 2
            return [*self._open(seeds[:half]), *self._open(seeds[half:])]

    def _grown(self, seed: Seed, opened: Opened | None) -> Grown:
        if opened is None:
            return Grown(seed, error="Lean does not know it, or cannot introduce its hypotheses")
        begun = time.monotonic()
        tried = list(candidates(opened, self._invocable, self._constants(opened), self._most))
        dropped: Counter[str] = Counter()
        try:
            fit = fitting(self._checker, opened, tried)
            mutants = tuple(
                mutate(
                    self._checker,
                    opened,
                    fit,
                    known=self._known,
                    keep_trivial=self._keep_trivial,
                    dropped=dropped,
                )
            )
        except StoppedError as error:
            return Grown(seed, tried=len(tried), error=str(error))
        seconds = time.monotonic() - begun
        return Grown(seed, mutants, len(tried), len(fit), dict(dropped), round(seconds, 2))

    def _constants(self, opened: Opened) -> frozenset[int]:
        index = self._corpus.find(opened.seed.name)
        if index is not None and not opened.seed.prelude:
            return self._invocable.constants(index)
        texts = (*(one.type for one in opened.locals), opened.conclusion)
        return frozenset(itertools.chain.from_iterable(symbols_of(self._corpus, t) for t in texts))


def _parts(seeds: Sequence[Seed], most: int) -> Iterator[list[Seed]]:
    """Seeds with one header and prelude, some at once."""
    for _, group in itertools.groupby(seeds, key=lambda one: (one.header, one.prelude)):
        while part := list(itertools.islice(group, most)):
            yield part


def _without(grown: Grown, seen: set[str]) -> Grown:
    kept = []
    for one in grown.mutants:
        key = normal(one.statement)
        if key not in seen:
            seen.add(key)
            kept.append(one)
    if len(kept) == len(grown.mutants):
        return grown
    again = len(grown.mutants) - len(kept)
    dropped = {**grown.dropped, "known": grown.dropped.get("known", 0) + again}
    return dataclasses.replace(grown, mutants=tuple(kept), dropped=dropped)
