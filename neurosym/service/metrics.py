"""What ``GET /metrics`` shows: counters and histograms in Prometheus' text format."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_MOST_PAIRS: Final = 256
_COUNTED_FOR: Final = 2.0


class Metrics:
    """The numbers of one service, in a registry of its own; thread-safe."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._verdicts = Counter(
            "neurosym_verdicts",
            "Verdicts on steps and outcomes of problems, by who gave them.",
            ("prover", "outcome"),
            registry=self.registry,
        )
        self._requests = Histogram(
            "neurosym_request_seconds",
            "Seconds from a request's headers to the end of its answer.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._rejected = Counter(
            "neurosym_rejected",
            "Requests that were answered 429 because too many waited.",
            registry=self.registry,
        )
        self._restarts = Counter(
            "neurosym_worker_restarts",
            "Prover processes that were started again after one ended.",
            registry=self.registry,
        )
        self._cache = Counter(
            "neurosym_cache",
            "Looks into the store for an answer, by what came of them.",
            ("result",),
            registry=self.registry,
        )
        self._hit = self._cache.labels("hit")
        self._missed = self._cache.labels("miss")
        self._gauges: _Gauges | None = None
        self._pairs: dict[tuple[str, str], Counter] = {}
        self._routes: dict[tuple[str, str, int], Histogram] = {}

    def observe_verdict(self, prover: str | None, outcome: str) -> None:
        """Count a verdict and who gave it; None or nothing for what no prover was asked about."""
        key = (prover or "none", outcome)
        counter = self._pairs.get(key)
        if counter is None:
            if len(self._pairs) >= _MOST_PAIRS:  # a portfolio's names are many, but not endless
                key = ("other", outcome)
            counter = self._pairs[key] = self._verdicts.labels(*key)
        counter.inc()

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer by its route (the pattern, not the path) and the time that it took."""
        key = (method, route, status)
        histogram = self._routes.get(key)
        if histogram is None:
            histogram = self._routes[key] = self._requests.labels(method, route, str(status))
        histogram.observe(seconds)

    def cache(self, hit: bool) -> None:
        """Count a look into the store for an answer."""
        (self._hit if hit else self._missed).inc()

    def rejected(self) -> None:
        """Count a request that was answered 429."""
        self._rejected.inc()

    def restarted(self, count: int = 1) -> None:
        """Count prover processes that were started in the place of others."""
        self._restarts.inc(count)

    def watch(
        self,
        waiting: Callable[[], int],
        running: Callable[[], int],
        jobs: Callable[[], Mapping[str, int]],
    ) -> None:
        """Ask these for their numbers whenever the metrics are read, and no others any more."""
        if self._gauges is not None:
            self.registry.unregister(self._gauges)
        self._gauges = _Gauges(waiting, running, jobs)
        self.registry.register(self._gauges)

    def render(self) -> bytes:
        """All numbers as Prometheus reads them. Raises what the functions of ``watch`` raise."""
        return generate_latest(self.registry)


class _Gauges(Collector):
    """Numbers that are known elsewhere, and asked for when somebody looks."""

    def __init__(
        self,
        waiting: Callable[[], int],
        running: Callable[[], int],
        jobs: Callable[[], Mapping[str, int]],
    ) -> None:
        self._waiting = waiting
        self._running = running
        self._jobs = jobs
        self._counted: Mapping[str, int] = {}
        self._until = 0.0

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "neurosym_queue_length", "Requests that wait for a worker.", self._waiting()
        )
        yield GaugeMetricFamily(
            "neurosym_running", "Requests that are being worked on.", self._running()
        )
        if time.monotonic() >= self._until:  # counting goes through the whole table
            self._counted = self._jobs()
            self._until = time.monotonic() + _COUNTED_FOR
        jobs = GaugeMetricFamily("neurosym_jobs", "Jobs, by state.", labels=("state",))
        for state, count in sorted(self._counted.items()):
            jobs.add_metric((state,), count)
        yield jobs

    def describe(self) -> Iterator[GaugeMetricFamily]:
        # Registering must not ask for numbers: the store may not be open yet.
        yield GaugeMetricFamily("neurosym_queue_length", "Requests that wait for a worker.")
        yield GaugeMetricFamily("neurosym_running", "Requests that are being worked on.")
        yield GaugeMetricFamily("neurosym_jobs", "Jobs, by state.")
