"""What the service counts, and how Prometheus reads it."""

from __future__ import annotations

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from neurosym.service.metrics import MEDIA_TYPE, Metrics
from tests.neurosym.service.servers import served


def _numbers(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def _number(metrics: Metrics, name: str, **labels: str) -> float | None:
    return _numbers(metrics).get((name, frozenset(labels.items())))


def test_verdicts_are_counted_by_prover_and_outcome() -> None:
    metrics = Metrics()
    metrics.observe_verdict("z3", "proved")
    metrics.observe_verdict("z3", "proved")
    metrics.observe_verdict("lean", "refuted")
    metrics.observe_verdict(None, "no_claim")
    name = "neurosym_verdicts_total"
    assert _number(metrics, name, prover="z3", outcome="proved") == 2
    assert _number(metrics, name, prover="lean", outcome="refuted") == 1
    assert _number(metrics, name, prover="none", outcome="no_claim") == 1


def test_provers_names_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    for i in range(1000):
        metrics.observe_verdict(f"prover {i}", "proved")
    found = [key for key in _numbers(metrics) if key[0] == "neurosym_verdicts_total"]
    assert len(found) <= 257
    rest = _number(metrics, "neurosym_verdicts_total", prover="other", outcome="proved")
    assert rest == 1000 - (len(found) - 1)


def test_requests_are_counted_by_route_with_their_seconds() -> None:
    metrics = Metrics()
    metrics.observe_request("POST", "/v1/verify", 200, 0.003)
    metrics.observe_request("POST", "/v1/verify", 200, 7.0)
    labels = {"method": "POST", "route": "/v1/verify", "status": "200"}
    assert _number(metrics, "neurosym_request_seconds_count", **labels) == 2
    assert _number(metrics, "neurosym_request_seconds_bucket", le="0.005", **labels) == 1
    assert _number(metrics, "neurosym_request_seconds_bucket", le="10.0", **labels) == 2


def test_cache_rejections_and_restarts() -> None:
    metrics = Metrics()
    for hit in (True, False, False):
        metrics.cache(hit)
    metrics.rejected()
    metrics.restarted(3)
    assert _number(metrics, "neurosym_cache_total", result="hit") == 1
    assert _number(metrics, "neurosym_cache_total", result="miss") == 2
    assert _number(metrics, "neurosym_rejected_total") == 1
    assert _number(metrics, "neurosym_worker_restarts_total") == 3


def test_gauges_are_asked_for_when_somebody_looks_and_jobs_not_each_time() -> None:
    metrics = Metrics()
    metrics.watch(lambda: 1, lambda: 1, dict)
    waiting, asked = [5], []

    def jobs() -> dict[str, int]:
        asked.append(1)
        return {"queued": 4, "done": 2}

    metrics.watch(lambda: waiting[0], lambda: 2, jobs)
    assert _number(metrics, "neurosym_queue_length") == 5
    waiting[0] = 6
    assert _number(metrics, "neurosym_queue_length") == 6
    assert _number(metrics, "neurosym_running") == 2
    assert _number(metrics, "neurosym_jobs", state="queued") == 4
    assert _number(metrics, "neurosym_jobs", state="done") == 2
    assert len(asked) == 1


def test_a_service_shows_what_it_did(tmp_path: Path) -> None:
    with served(tmp_path) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        for _ in range(2):
            client.post("/v1/verify", json={"steps": ["1 + 1 = 2", "1 + 1 = 3"]})
        client.post("/v1/jobs", json={"kind": "verify", "input": {"steps": ["2 + 2 = 4"]}})
        found = client.get("/metrics")
    assert found.headers["Content-Type"] == MEDIA_TYPE
    for line in (
        'neurosym_verdicts_total{outcome="refuted",prover="z3"} 1.0',
        'neurosym_cache_total{result="hit"} 1.0',
        'neurosym_request_seconds_count{method="POST",route="/v1/verify",status="200"} 2.0',
        "neurosym_queue_length 0.0",
        "neurosym_running 0.0",
        "neurosym_rejected_total 0.0",
        "neurosym_worker_restarts_total 0.0",
        'neurosym_jobs{state="',
    ):
        assert line in found.text, line
