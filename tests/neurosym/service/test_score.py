"""``/v1/score`` of a real service: labels, batches, bad records, and what trl calls, over HTTP."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from neurosym.service.schemas import JANET, REX
from neurosym.service.score import MAX_RECORDS
from neurosym.train.rewards import Service, Verifier, reward_function
from provers.errors import BrokenToolError, InputError
from tests.neurosym.service.servers import Server, served

WRONG = {"id": "wrong", "steps": ["3 * 12 = 36", "36 - 5 = 32", "5 = 5", "So it goes."]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("score")) as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as found:
        yield found


def _scored(client: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _refused(client: httpx.Client, body: Any, status: int = 422) -> str:
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def _labels(scored: dict[str, Any]) -> list[int]:
    return [step["label"] for step in scored["steps"]]


# --- one record ----------------------------------------------------------------------------


def test_one_record_gets_labels_scores_and_an_outcome(client: httpx.Client) -> None:
    scored = _scored(client, JANET)
    assert scored["id"] == "janet"
    assert _labels(scored) == [1, 1, 1]
    assert scored["score"] == 1.0
    assert scored["outcome"] == {"verdict": "proved", "answer": "proved", "label": 1, "score": 1.0}
    wrong = _scored(client, WRONG)
    assert [step["verdict"] for step in wrong["steps"]][:2] == ["proved", "refuted"]
    assert _labels(wrong) == [1, -1, 0, 0]
    assert (wrong["score"], wrong["outcome"]["label"]) == (-1.0, -1)


def test_weights_and_aggregates_are_the_requests_own(client: httpx.Client) -> None:
    weights = {"proved": 0.5, "refuted": -2, "flagged": 0.25}
    scored = _scored(client, {**WRONG, "weights": weights, "aggregate": "mean"})
    assert [step["score"] for step in scored["steps"]][:3] == [0.5, -2, 0.25]
    assert _labels(scored)[:3] == [1, -1, 0]
    counted = [step["score"] for step in scored["steps"] if step["counted"]]
    assert scored["score"] == pytest.approx(sum(counted) / len(counted))
    assert _scored(client, WRONG)["score"] == -1.0, "what is kept is the report, not its score"


def test_what_the_budget_does_not_reach_is_undecided(client: httpx.Client) -> None:
    steps = [f"{i} * {i} = {i * i}" for i in range(1000, 3000)]
    scored = _scored(client, {"steps": steps, "budget": 0.05, "cache": False})
    assert scored["complete"] is False
    assert scored["outcome"]["label"] == 0
    assert scored["steps"][-1]["reason"] == "timeout"
    assert _labels(scored)[-1] == 0


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "give either 'steps' or 'solution'"),
        ({"steps": []}, "'steps' is empty"),
        ({"steps": ["1 = 1"], "solution": "1 = 1"}, "either"),
        ({"records": []}, "'records'"),
        ({"records": [JANET], "steps": ["1 = 1"]}, "not both"),
        ({"records": [JANET] * (MAX_RECORDS + 1)}, "'records'"),
        ({**JANET, "weights": {"proved": "1"}}, "'weights.proved'"),
        ({**JANET, "weights": {"flagged": 2}}, "must be below that of 'proved'"),
        ({**JANET, "weights": {"maybe": 1}}, "'weights.maybe'"),
        ({**JANET, "weights": {"refuted": -1e9}}, "'weights.refuted'"),
        ({**JANET, "aggregate": "median"}, "'aggregate'"),
        ({**JANET, "stepz": 1}, "'stepz'"),
        ({**JANET, "budget": -1}, "'budget'"),
        ({"steps": ["1 = 1"] * 5001}, "5,001 steps are too many"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
def test_bad_requests_are_problem_details(
    client: httpx.Client, body: dict[str, Any], why: str
) -> None:
    assert why in _refused(client, body)


def test_a_prover_that_is_not_there_is_the_whole_requests_error(client: httpx.Client) -> None:
    import shutil

    if shutil.which("vampire"):
        pytest.skip("Vampire is installed here")
    detail = _refused(client, {"records": [REX], "prover": "vampire", "cache": False})
    assert "ampire" in detail


# --- many ----------------------------------------------------------------------------------


def test_a_batch_keeps_its_order_and_bad_records_are_their_own(client: httpx.Client) -> None:
    records = [
        JANET,
        7,
        {"id": "empty", "steps": []},
        WRONG,
        {"id": "more", "steps": ["1 + 1 = 2"], "color": "red"},
        {"id": "long", "steps": ["1 = 1"] * 5001},
        {"steps": ["2 + 2 = 4"]},
        None,
        {"id": ["no"], "steps": "1 = 1"},
    ]
    found = _scored(client, {"records": records})["records"]
    assert [entry["id"] for entry in found] == [
        "janet",
        "2",
        "empty",
        "wrong",
        "more",
        "long",
        "7",
        "8",
        "9",
    ]
    good = [0, 3, 6]
    for place, entry in enumerate(found):
        assert ("error" in entry) == (place not in good), entry
        if place not in good:
            assert entry["verdict"] == "ill_formed"
            assert entry["score"] is None
            assert entry["error"].endswith(".")
    assert "'color'" in found[4]["error"]
    assert "5,000 steps" in found[5]["error"]
    assert [_labels(found[place]) for place in good] == [[1, 1, 1], [1, -1, 0, 0], [1]]


def test_many_batches_at_once_get_their_own_answers(client: httpx.Client) -> None:
    def batch(number: int) -> None:
        sums = range(number * 100, number * 100 + 20)
        records = [{"id": i, "steps": [f"{i} + 1 = {i + 1 + i % 2}"]} for i in sums]
        found = _scored(client, {"records": records})["records"]
        assert [entry["id"] for entry in found] == list(sums)
        assert [entry["steps"][0]["label"] for entry in found] == [1 - 2 * (i % 2) for i in sums]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(batch, range(12)))


def test_a_batch_larger_than_the_queue_is_answered_whole(tmp_path: Path) -> None:
    with (
        served(tmp_path, "--queue", "1") as server,
        httpx.Client(base_url=server.url, timeout=120) as client,
    ):
        records = [{"id": i, "steps": [f"{i} + 1 = {i + 1}"]} for i in range(60)]

        def ask(_: int) -> list[int] | int:
            answer = client.post("/v1/score", json={"records": records, "cache": False})
            if answer.status_code == 429:
                assert int(answer.headers["retry-after"]) >= 1
                return 429
            assert answer.status_code == 200, answer.text
            found = answer.json()["records"]
            assert [entry["id"] for entry in found] == list(range(60))
            return [entry["steps"][0]["label"] for entry in found]

        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, range(4)))
        assert [1] * 60 in answers
        assert all(answer in (429, [1] * 60) for answer in answers)


def test_a_batch_lets_others_through(client: httpx.Client) -> None:
    steps = [f"{i} * {i} = {i * i}" for i in range(150)]
    records = [{"id": i, "steps": [f"{i} + 0 = {i}", *steps]} for i in range(16)]
    done: list[float] = []

    def batch() -> None:
        _scored(client, {"records": records, "cache": False})
        done.append(time.monotonic())

    thread = threading.Thread(target=batch)
    thread.start()
    time.sleep(0.3)
    _scored(client, {"steps": ["17 + 4 = 21"], "cache": False})
    between = time.monotonic()
    thread.join()
    assert between < done[0]


def test_a_client_that_goes_away_frees_the_workers(server: Server, client: httpx.Client) -> None:
    steps = [f"{i} * {i} = {i * i}" for i in range(2000)]
    records = [{"id": i, "steps": [f"{i} + 0 = {i}", *steps]} for i in range(50)]
    body = {"records": records, "cache": False}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/v1/score", json=body, timeout=1.0)
    deadline = time.monotonic() + 20
    while (running := _running(client)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running, "the batch went on without its client"


def _running(client: httpx.Client) -> float:
    """The pieces of work that have a thread, by the service's own count."""
    found = re.search(r"^neurosym_running (\S+)$", client.get("/metrics").text, re.MULTILINE)
    assert found, "the metric has another name"
    return float(found[1])


# --- trl's shape, over HTTP ------------------------------------------------------------------

BAGS = "Ann has 3 bags of 12 nuts and eats 5. How many are left?"


def test_the_reward_function_says_over_http_what_it_says_here(server: Server) -> None:
    completions = ["3 * 12 = 36\n36 - 5 = 31\nA: 31", "3 * 12 = 36\n36 - 5 = 32\nA: 32", "", "Hm."]
    prompts, answers = [BAGS] * 4, ["31"] * 4
    with Service(server.url, batch=3) as service, Verifier() as verifier:
        there = reward_function(service)(prompts, completions, answer=answers)
        here = reward_function(verifier)(prompts, completions, answer=answers)
    assert there == here
    assert there[:3] == [1.0, -1.0, -1.0]


def test_a_request_that_is_refused_says_why(server: Server) -> None:
    with (
        Service(server.url, options={"aggregate": "median"}) as service,
        pytest.raises(InputError, match="aggregate"),
    ):
        service([JANET])


def test_no_service_is_a_broken_tool() -> None:
    with (
        Service("http://127.0.0.1:9") as service,
        pytest.raises(BrokenToolError, match="did not answer"),
    ):
        service([JANET])


class _Busy(BaseHTTPRequestHandler):
    """Answers as a service with a full queue does, then once as one that is free."""

    left = 2

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        busy = _Busy.left > 0
        _Busy.left -= 1
        body = b'{"detail": "2 requests are waiting already."}' if busy else b'{"records": []}'
        self.send_response(429 if busy else 200)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: tests have nothing to read here."""


def test_a_full_queue_is_waited_for_and_not_for_ever() -> None:
    busy = HTTPServer(("127.0.0.1", 0), _Busy)
    thread = threading.Thread(target=busy.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{busy.server_port}"
        with Service(url) as service:
            assert service([JANET]) == []
        assert _Busy.left == -1
        _Busy.left = 10**6
        with (
            Service(url, seconds=1.0) as service,
            pytest.raises(BrokenToolError, match="too busy"),
        ):
            service([JANET])
    finally:
        busy.shutdown()
        busy.server_close()
        thread.join()


def test_it_is_in_the_openapi_document_with_its_examples(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/v1/score"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert client.post("/v1/score", json=example["value"]).status_code == 200
    assert "#/components/schemas/Weights" not in json.dumps(content["schema"])
    assert content["schema"]["properties"]["weights"]["properties"]["refuted"]["default"] == -1.0
