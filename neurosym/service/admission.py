"""Who may work: a bounded queue before a fixed number of threads, budgets, and cancellation."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from starlette.requests import Request

from neurosym.service.problems import ServiceProblem
from neurosym.service.watch import Watch as Watch

Answer = TypeVar("Answer")

_END: Final = object()


class Admission:
    """Admits work to ``workers`` threads, with at most ``queue`` pieces of it waiting.

    ``rejected`` is told of each piece for which there was no place.
    """

    def __init__(self, workers: int, queue: int, rejected: Callable[[], None]) -> None:
        self._rejected = rejected
        self.workers = workers
        self.queue = queue
        self.draining = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._lookups = ThreadPoolExecutor(1, thread_name_prefix="lookup")
        self._watches: set[Watch] = set()
        self._mean = 0.1  # seconds that a piece of work took lately

    @property
    def running(self) -> int:
        """Pieces of work that have a thread."""
        return min(len(self._watches), self.workers)

    @property
    def waiting(self) -> int:
        """Pieces of work that wait for a thread."""
        return max(0, len(self._watches) - self.workers)

    async def lookup(self, fn: Callable[[], Answer]) -> Answer:
        """What a quick look into the store gives, before anything that waits for a worker."""
        return await asyncio.wrap_future(self._lookups.submit(fn))

    async def run(
        self, request: Request, fn: Callable[[Watch], Answer], seconds: float = float("inf")
    ) -> Answer:
        """What ``fn`` gives, in a thread of its own; its watch is cancelled when the client goes.

        Its budget of ``seconds`` counts from now, waiting included. Raises ServiceProblem 429
        where too much waits already, 503 while the service is shutting down.
        """
        watch = self._admit(seconds)
        gone = asyncio.ensure_future(_gone(request, watch))
        try:
            return await asyncio.wrap_future(self._submit(watch, lambda: fn(watch)))
        finally:
            watch.cancel()
            gone.cancel()

    def stream(
        self,
        request: Request,
        fn: Callable[[Watch], Iterator[Answer]],
        seconds: float = float("inf"),
    ) -> AsyncIterator[Answer]:
        """What ``fn`` yields, as it does, in a thread of its own; raises now as ``run`` does."""
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[Any] = asyncio.Queue()
        watch = self._admit(seconds)

        def work() -> None:
            for item in fn(watch):
                loop.call_soon_threadsafe(items.put_nowait, item)

        done = asyncio.wrap_future(self._submit(watch, work))
        done.add_done_callback(lambda _: items.put_nowait(_END))
        gone = asyncio.ensure_future(_gone(request, watch))

        async def given() -> AsyncIterator[Answer]:
            try:
                while (item := await items.get()) is not _END:
                    yield item
                await done
            finally:
                watch.cancel()
                gone.cancel()

        return given()

    def drain(self, grace: float) -> None:
        """Admit nothing more, and leave what runs so many seconds."""
        if self.draining:
            return
        self.draining = True
        for watch in tuple(self._watches):
            watch.expire(max(grace, 0.001))
        # A question that was asked before has a limit of its own, which may be later.
        end = threading.Timer(grace, self._expire)
        end.daemon = True
        end.start()

    def _expire(self) -> None:
        for watch in tuple(self._watches):
            watch.expire()

    def close(self) -> None:
        """Cancel all that runs or waits; threads end as soon as their work notices."""
        self.draining = True
        for watch in tuple(self._watches):
            watch.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def _admit(self, seconds: float) -> Watch:
        if self.draining:
            raise ServiceProblem(
                503, "the service is shutting down; ask again soon.", headers={"Retry-After": "5"}
            )
        if len(self._watches) >= self.workers + self.queue:
            self._rejected()
            wait = max(1, round(self._mean * len(self._watches) / self.workers))
            raise ServiceProblem(
                429,
                f"{self.waiting} requests are waiting already; try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )
        watch = Watch(seconds)
        self._watches.add(watch)
        return watch

    def _submit(self, watch: Watch, work: Callable[[], Answer]) -> Future[Answer]:
        def timed() -> Answer:
            start = time.monotonic()
            try:
                return work()
            finally:
                self._mean += 0.1 * (time.monotonic() - start - self._mean)
                self._watches.discard(watch)

        try:
            future = self._threads.submit(timed)
        except BaseException:
            self._watches.discard(watch)
            raise
        # A piece of work that is cancelled while it waits never runs.
        future.add_done_callback(lambda _: self._watches.discard(watch))
        return future


async def _gone(request: Request, watch: Watch) -> None:
    """Cancel the watch when the client has gone; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    watch.cancel()
