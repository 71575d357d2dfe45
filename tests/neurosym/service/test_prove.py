"""``/v1/prove``, ``/v1/translate``, ``/v1/premises`` and what says how the service is."""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from neurosym import __version__
from neurosym.service.schemas import PremisesRequest, ProveRequest, TranslateRequest, VerifyRequest
from tests.neurosym.service.servers import Server, served
from tests.neurosym.service.test_verify import wait_until_idle


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("service"), "--queue", "2") as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as found:
        yield found


def pigeons(holes: int) -> str:
    """That so many holes are enough for one pigeon more; false, and hard to show."""
    names = [[f"p{i}_{j}" for j in range(holes)] for i in range(holes + 1)]
    lines = [f"(declare-const {name} Bool)" for row in names for name in row]
    lines += [f"(assert (or {' '.join(row)}))" for row in names]
    lines += [
        f"(assert (not (and {one[j]} {other[j]})))"
        for j in range(holes)
        for i, one in enumerate(names)
        for other in names[:i]
    ]
    return "".join([*lines, "(check-sat)"])


HARD = {"language": "smtlib", "problem": pigeons(14), "timeout": 60}


# --- prove ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        ({"premises": ["all x. (A(x) -> B(x))", "A(rex)"], "goal": "B(rex)"}, "proved"),
        ({"premises": ["Dog(rex)"], "goal": "-Dog(rex)"}, "refuted"),
        ({"premises": ["Dog(rex)"], "goal": "Cat(rex)"}, "independent"),
        ({"premises": ["Dog(rex)", "-Dog(rex)"], "goal": "Cat(rex)"}, "inconsistent"),
        ({"language": "tptp", "problem": "fof(a, axiom, p). fof(g, conjecture, p)."}, "proved"),
        ({"goal": "all x. ("}, "ill_formed"),
        ({"language": "tptp", "problem": "fof(a, axiom"}, "ill_formed"),
        ({"language": "smtlib", "problem": "(assert"}, "ill_formed"),
    ],
)
def test_problems_get_outcomes(client: httpx.Client, problem: dict[str, Any], outcome: str) -> None:
    answer = client.post("/v1/prove", json={"id": "p", **problem})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["id"], found["outcome"]) == ("p", outcome)
    assert outcome == "ill_formed" or found["evidence"]
    assert outcome != "ill_formed" or found["messages"][0]["text"]


def test_scripts_have_a_status(client: httpx.Client) -> None:
    script = "(declare-const x Int)(assert (< x {}))(check-sat)"
    for bound, status in (("x", "unsat"), ("3", "sat")):
        body = {"language": "smtlib", "problem": script.format(bound)}
        for hit in (None, "hit"):
            answer = client.post("/v1/prove", json=body)
            assert answer.json()["status"] == status
            assert answer.headers.get("Neurosym-Cache") == hit


def test_lean_code_is_judged(client: httpx.Client) -> None:
    from provers.lean import toolchain

    if toolchain.find() is None:
        pytest.skip("Lean is not set up")
    for code, outcome in (
        ("theorem t : 1 + 1 = 2 := rfl", "proved"),
        ("theorem t : 1 + 1 = 2 := sorry", "unknown"),
        ("theorem t : 1 + 1 = 3 := rfl", "ill_formed"),
    ):
        body = {"language": "lean4", "code": code, "timeout": 60}
        assert client.post("/v1/prove", json=body).json()["outcome"] == outcome


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"language": "smtlib"},
        {"language": "cobol", "problem": "x"},
        {"language": "lean4"},
        {"goal": "p", "notation": "klingon"},
        {"goal": ["p"]},
        {"goal": "p", "premisses": []},
    ],
)
def test_bad_problems_are_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    answer = client.post("/v1/prove", json=body)
    assert answer.status_code == 422 and answer.json()["detail"]


# --- the queue -----------------------------------------------------------------------------


def test_what_finds_no_place_is_told_when_to_come_again(
    server: Server, client: httpx.Client
) -> None:
    """Two workers and a queue of two: of six, four are taken."""
    body = {**HARD, "budget": 2.0, "cache": False}

    def ask(_: int) -> httpx.Response:
        return httpx.post(f"{server.url}/v1/prove", json=body, timeout=60)

    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ask, range(6)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200, 200, 200, 200, 429, 429]
    for answer in answers:
        if answer.status_code == 429:
            assert int(answer.headers["Retry-After"]) >= 1
            assert "waiting" in answer.json()["detail"]
        else:
            assert (answer.json()["outcome"], answer.json()["reason"]) == ("unknown", "timeout")
    assert "neurosym_rejected_total 2.0" in client.get("/metrics").text


def test_a_client_that_goes_frees_its_worker(client: httpx.Client) -> None:
    for _ in range(4):
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v1/prove", json={**HARD, "cache": False}, timeout=0.3)
    wait_until_idle(client, 5)
    start = time.monotonic()
    assert client.post("/v1/prove", json={"goal": "p | -p"}).json()["outcome"] == "proved"
    assert time.monotonic() - start < 5


# --- translate, rank -----------------------------------------------------------------------


def test_text_is_translated(client: httpx.Client) -> None:
    body = {"text": "All dogs are animals. Colourless green ideas sleep furiously.", "to": "tptp"}
    found = client.post("/v1/translate", json=body).json()
    assert found["notation"] == "tptp"
    assert [s["status"] for s in found["sentences"]] == ["translated", "untranslated"]
    assert found["sentences"][0]["formulas"] == ["! [X] : (dog(X) => animal(X))"]
    assert client.post("/v1/translate", json={**body, "to": "latin"}).status_code == 422
    assert client.post("/v1/translate", json={"text": " "}).status_code == 422
    answer = client.post("/v1/translate", json={**body, "model": True})
    assert answer.status_code == 422 and "--model" in answer.json()["detail"]


def test_premises_are_ranked(client: httpx.Client) -> None:
    premises = ["Nat.mul_one : n * 1 = n", "List.append_nil", "Nat.add_comm : a + b = b + a"]
    answer = client.post("/v1/premises", json={"goal": "natAddComm x", "premises": premises})
    ranked = answer.json()["premises"]
    assert [one["index"] for one in ranked] == [2, 0, 1]
    assert ranked[0]["text"] == premises[2]
    scores = [one["score"] for one in ranked]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[-1] == 0
    body = {"goal": "x", "premises": premises, "k": 1}
    assert len(client.post("/v1/premises", json=body).json()["premises"]) == 1
    for bad in ({"k": 0}, {"premises": []}, {"goal": " "}, {"premises": [1]}):
        assert client.post("/v1/premises", json={**body, **bad}).status_code == 422
    nothing = client.post("/v1/premises", json={"goal": " ' ", "premises": ["", " "]})
    assert [one["score"] for one in nothing.json()["premises"]] == [0, 0]


# --- how the service is --------------------------------------------------------------------


def test_it_says_how_it_is(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": __version__}
    assert client.get("/readyz").json() == {"status": "ready", "version": __version__}
    names = [one["name"] for one in client.get("/v1/provers").json()["provers"]]
    assert names == ["z3", "cvc5", "eprover", "vampire", "lean"]


def test_what_is_not_there_is_a_problem(client: httpx.Client) -> None:
    for method, path, status in (
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/verify", 405),
        ("GET", "/v1/sessions/../../etc/passwd", 404),
        ("GET", "/static/..%2f..%2fsettings.py", 404),
    ):
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_openapi_describes_every_operation_with_an_example(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas and "ProblemDetails" in schemas
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            if "requestBody" in operation and path.startswith("/v1/"):
                content = operation["requestBody"]["content"]["application/json"]
                assert content["examples"], path
            for status, answer in operation["responses"].items():
                if status >= "400" and path.startswith("/v1/"):
                    assert list(answer["content"]) == ["application/problem+json"], (path, status)


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/v1/verify", VerifyRequest),
        ("/v1/prove", ProveRequest),
        ("/v1/translate", TranslateRequest),
        ("/v1/premises", PremisesRequest),
    ],
)
def test_the_examples_work(client: httpx.Client, path: str, model: Any) -> None:
    from provers.lean import toolchain

    for example in model.model_config["json_schema_extra"]["examples"]:
        if example.get("language") == "lean4" and toolchain.find() is None:
            continue
        answer = client.post(path, json=example)
        assert answer.status_code == 200, answer.text[:300]
        assert "failed" not in answer.text
