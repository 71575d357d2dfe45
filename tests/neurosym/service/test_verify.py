"""``/v1/verify`` of a real service, with a real prover."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from neurosym.service.schemas import JANET, REX
from tests.neurosym.service.servers import Server, served

MEDIA_TYPE = "application/problem+json"
JSON = {"Content-Type": "application/json"}
HARD = "x^4 + y^4 + z^4 + w^4 - 4xyzw >= 0"  # Z3 works on a proof for as long as it may


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as found:
        yield found


def verdicts(report: dict[str, Any]) -> list[str]:
    return [step["verdict"] for step in report["steps"]]


def sums(first: int, count: int) -> list[str]:
    return [f"{first} + {i} = {first + i}" for i in range(1, count + 1)]


# --- one answer ----------------------------------------------------------------------------


def test_steps_get_verdicts_with_evidence(client: httpx.Client) -> None:
    answer = client.post("/v1/verify", json=JANET)
    assert answer.status_code == 200
    report = answer.json()
    assert (report["id"], report["verdict"]) == ("janet", "proved")
    assert verdicts(report) == ["proved"] * 3
    assert all(step["evidence"]["kind"] == "refutation" for step in report["steps"])
    assert report["answer"]["verdict"] == "proved"


def test_it_is_what_the_command_prints(
    client: httpx.Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    from neurosym import cli

    given = io.TextIOWrapper(io.BytesIO(json.dumps(REX).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    cli.run(["verify", "-", "--json", "--prover", "z3", "--certify", "no"])
    printed = json.loads(capsys.readouterr().out)
    served_ = client.post("/v1/verify", json={**REX, "cache": False}).json()
    for report in (printed, served_):
        report["summary"].pop("seconds")
        report["summary"].pop("prover_seconds")
        report["question"]["consistency"].pop("seconds")
        for step in report["steps"]:
            step.pop("seconds")
    assert served_ == printed


def test_a_solution_is_divided_into_steps(client: httpx.Client) -> None:
    report = client.post("/v1/verify", json={"solution": "1. 2 + 2 = 4\n2. 4 + 1 = 6"}).json()
    assert verdicts(report) == ["proved", "refuted"]


def test_the_same_input_is_answered_from_the_store_with_its_own_id(client: httpx.Client) -> None:
    first = client.post("/v1/verify", json={"id": "a", "steps": ["71 + 1 = 72"]})
    again = client.post("/v1/verify", json={"id": 7, "steps": ["71 + 1 = 72"]})
    assert "Neurosym-Cache" not in first.headers and again.headers["Neurosym-Cache"] == "hit"
    assert again.json() == {**first.json(), "id": 7}
    other = client.post("/v1/verify", json={"steps": ["71 + 1 = 72"], "world": "closed"})
    afresh = client.post("/v1/verify", json={"steps": ["71 + 1 = 72"], "cache": False})
    assert "Neurosym-Cache" not in other.headers and "Neurosym-Cache" not in afresh.headers


def test_steps_beyond_the_budget_are_unknown_and_not_kept(client: httpx.Client) -> None:
    body = {"steps": sums(500, 3000), "budget": 0.4}
    start = time.monotonic()
    report = client.post("/v1/verify", json=body).json()
    assert time.monotonic() - start < 10
    assert report["interrupted"] is True and report["verdict"] == "unknown"
    assert len(report["steps"]) == 3000
    assert report["steps"][0]["verdict"] == "proved"
    assert (report["steps"][-1]["verdict"], report["steps"][-1]["reason"]) == ("unknown", "timeout")
    assert "Neurosym-Cache" not in client.post("/v1/verify", json=body).headers


def test_a_question_ends_with_the_budget(client: httpx.Client) -> None:
    body = {"steps": ["1 + 1 = 2", HARD, "2 + 2 = 4"], "timeout": 60, "budget": 1}
    start = time.monotonic()
    report = client.post("/v1/verify", json=body).json()
    assert time.monotonic() - start < 5
    assert [(s["verdict"], s["reason"]) for s in report["steps"]][:2] == [
        ("proved", ""),
        ("unknown", "timeout"),
    ]
    assert report["verdict"] == "unknown"


def test_unknown_is_given_again_only_for_as_much_time_or_less(client: httpx.Client) -> None:
    def asked(timeout: float) -> str | None:
        body = {"steps": [HARD], "timeout": timeout}
        answer = client.post("/v1/verify", json=body)
        assert answer.json()["steps"][0]["reason"] == "timeout"
        return answer.headers.get("Neurosym-Cache")

    assert [asked(0.5), asked(0.4), asked(0.5), asked(0.7), asked(0.6)] == [
        None,
        "hit",
        "hit",
        None,
        "hit",
    ]


def test_without_a_model_it_says_how_to_have_one(client: httpx.Client) -> None:
    answer = client.post("/v1/verify", json={**JANET, "model": True})
    assert answer.status_code == 422 and "--model" in answer.json()["detail"]


def test_a_prover_that_is_not_there_is_said(client: httpx.Client) -> None:
    found = {one["name"]: one for one in client.get("/v1/provers").json()["provers"]}
    missing = [name for name, one in found.items() if one["version"] is None]
    if not missing:
        pytest.skip("every prover is installed")
    answer = client.post("/v1/verify", json={**JANET, "prover": missing[0]})
    assert answer.status_code == 422 and "not" in answer.json()["detail"]


# --- events --------------------------------------------------------------------------------


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        kind, _, value = line.partition(": ")
        if kind == "event":
            name = value
        elif kind == "data":
            yield name, json.loads(value)


@pytest.mark.parametrize("how", ["field", "header"])
def test_each_step_is_an_event_as_soon_as_it_is_verified(client: httpx.Client, how: str) -> None:
    body: dict[str, Any] = {"steps": sums(900, 400), "cache": False}
    headers = {"Accept": "text/event-stream"} if how == "header" else {}
    if how == "field":
        body["stream"] = True
    start = time.monotonic()
    with client.stream("POST", "/v1/verify", json=body, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        found = events(answer.iter_lines())
        assert next(found)[1]["text"] == "900 + 1 = 901"
        first = time.monotonic() - start
        rest = list(found)
    whole = time.monotonic() - start
    assert first < whole / 4, (first, whole)
    assert [name for name, _ in rest] == ["step"] * 399 + ["report"]
    assert [data for name, data in rest if name == "step"][-1]["index"] == 400
    assert len(rest[-1][1]["steps"]) == 400


def test_a_kept_report_is_streamed_too(client: httpx.Client) -> None:
    body = {"steps": ["81 + 1 = 82", "81 + 2 = 84"]}
    report = client.post("/v1/verify", json=body).json()
    with client.stream("POST", "/v1/verify", json={**body, "stream": True}) as answer:
        found = list(events(answer.iter_lines()))
    assert [data for _, data in found] == [*report["steps"], report]


def test_what_cannot_be_verified_is_no_stream(client: httpx.Client) -> None:
    body = {**JANET, "stream": True, "model": True}
    answer = client.post("/v1/verify", json=body)
    assert answer.status_code == 422 and answer.headers["content-type"] == MEDIA_TYPE


def test_a_client_that_goes_stops_the_question_at_hand(client: httpx.Client) -> None:
    body = {"steps": ["1 + 1 = 2", HARD], "timeout": 60, "cache": False, "stream": True}
    with client.stream("POST", "/v1/verify", json=body) as answer:
        found = events(answer.iter_lines())
        assert next(found)[1]["verdict"] == "proved"
        assert running(client) == 1
    wait_until_idle(client, 5)


def running(client: httpx.Client) -> int:
    lines = client.get("/metrics").text.splitlines()
    return int(float(next(x for x in lines if x.startswith("neurosym_running")).split()[1]))


def wait_until_idle(client: httpx.Client, seconds: float) -> None:
    end = time.monotonic() + seconds
    while running(client):
        assert time.monotonic() < end, "the work went on"
        time.sleep(0.05)


# --- bad input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        (b"", 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"steps": ["\\ud800"]}', 400, None),
        (b"[" * 100_000, 400, None),
        (b'{"steps": ' + b'["a",' * 5_000 + b"1" + b"]" * 5_000 + b"}", 400, None),
        (b"[]", 422, ""),
        (b"{}", 422, ""),
        (b'{"steps": "1 + 1 = 2"}', 422, "steps"),
        (b'{"steps": [1]}', 422, "steps.0"),
        (b'{"steps": []}', 422, ""),
        (b'{"steps": ["a"], "solution": "b"}', 422, ""),
        (b'{"steps": ["a"], "stepz": 1}', 422, "stepz"),
        (b'{"steps": ["a"], "world": "flat"}', 422, "world"),
        (b'{"steps": ["a"], "answer": NaN}', 400, None),
        (b'{"steps": ["a"], "answer": true}', 422, "answer"),
        (b'{"steps": ["a"], "timeout": -1}', 422, "timeout"),
        (b'{"steps": ["a"], "budget": Infinity}', 400, None),
        (b'{"steps": ["a"], "prover": "/bin/sh"}', 422, "prover"),
        (b'{"steps": ["a"], "model": "yes"}', 422, "model"),
    ],
)
def test_bad_input_is_named(
    client: httpx.Client, body: bytes, status: int, field: str | None
) -> None:
    answer = client.post("/v1/verify", content=body, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    details = answer.json()
    assert details["status"] == status and details["instance"] == "/v1/verify"
    assert details["detail"] and details["title"]
    if field is not None:
        assert field in [one["field"] for one in details["errors"]]


def test_only_json_is_taken(client: httpx.Client) -> None:
    answer = client.post("/v1/verify", data={"steps": "1 + 1 = 2"})
    assert answer.status_code == 415 and "application/json" in answer.json()["detail"]


def test_100_000_steps_are_too_many(client: httpx.Client) -> None:
    for body in (
        {"steps": ["1 + 1 = 2"] * 100_000},
        {"solution": "1 + 1 = 2\n" * 50_000},
    ):
        start = time.monotonic()
        answer = client.post("/v1/verify", json=body)
        assert answer.status_code == 422, answer.text[:300]
        assert "at most" in answer.json()["detail"]
        assert time.monotonic() - start < 10


def test_control_characters_come_back_as_they_were(client: httpx.Client) -> None:
    text = "1 + 1 = 2 \u0000\u0007\u001b[31m\u2028\r\n?"
    answer = client.post("/v1/verify", json={"id": "\u0000", "steps": [text], "cache": True})
    assert answer.status_code == 200
    assert answer.json()["id"] == "\u0000" and answer.json()["steps"][0]["text"] == text
    with client.stream("POST", "/v1/verify", json={"steps": [text], "stream": True}) as stream:
        found = list(events(stream.iter_lines()))
    assert found[0][1]["text"] == text


@pytest.mark.parametrize("mark", ["(", "-", "¬", "if it is so then ", "{", "\\frac{1}{"])
def test_deep_formulas_are_an_answer(client: httpx.Client, mark: str) -> None:
    body = {"steps": [mark * 20_000 + "1 = 1"], "budget": 20}
    answer = client.post("/v1/verify", json=body)
    assert answer.status_code == 200, answer.text[:300]
    assert answer.json()["verdict"] != "proved"


# --- many ----------------------------------------------------------------------------------


def test_answers_are_never_crossed_and_none_hangs(server: Server) -> None:
    async def ask(client: httpx.AsyncClient, i: int) -> int:
        wrong = i % 3 == 0
        steps = [f"{1000 + i} + {j} = {1000 + i + j + wrong}" for j in (1, 2)]
        answer = await client.post("/v1/verify", json={"id": i, "steps": steps})
        if answer.status_code == 429:
            assert int(answer.headers["Retry-After"]) >= 1
            return 429
        report = answer.json()
        assert report["id"] == i and [s["text"] for s in report["steps"]] == steps
        assert verdicts(report) == ["refuted" if wrong else "proved"] * 2
        return answer.status_code

    async def all_() -> list[int]:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as client:
            return await asyncio.gather(*(ask(client, i) for i in range(300)))

    statuses = asyncio.run(all_())
    assert set(statuses) <= {200, 429} and statuses.count(200) > 50
