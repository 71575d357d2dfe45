"""``/v1/jobs``: taken on, worked on, asked about, cancelled; and nothing lost by whoever dies."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from neurosym.runs.leases import Lease
from neurosym.runs.store import Store
from neurosym.runs.tables import jobs
from neurosym.service.app import create_app
from neurosym.service.tokens import Tokens
from neurosym.settings import Settings
from provers.errors import BrokenToolError
from tests.neurosym.service.servers import served

RIGHT = {"id": "right", "steps": ["3 * 12 = 36."]}
WRONG = {"id": "wrong", "steps": ["3 * 12 = 37."]}
# No model is configured, so this input can never be done.
NO_MODEL = {"id": "no-model", "steps": ["1 + 1 = 2."], "model": True}
# Whether 42 is a sum of three cubes: no prover finds out in a minute.
CUBES = {
    "id": "cubes",
    "language": "smtlib",
    "problem": "(declare-const x Int)(declare-const y Int)(declare-const z Int)"
    "(assert (= 42 (+ (* x x x) (* y y y) (* z z z))))(check-sat)",
    "timeout": 120,
    "budget": 120,
}


@contextlib.contextmanager
def _app(folder: Path, **options: Any) -> Iterator[TestClient]:
    chosen: dict[str, Any] = {"workers": 1, "job_workers": 1, "grace": 0.0, **options}
    settings = Settings(database=f"sqlite:///{folder / 'jobs.db'}", **chosen)
    with TestClient(
        create_app(settings), base_url="http://127.0.0.1", raise_server_exceptions=False
    ) as client:
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with _app(tmp_path_factory.mktemp("jobs")) as client:
        yield client


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[TestClient]:
    """A service that takes jobs on and works on none."""
    with _app(tmp_path, job_workers=0, job_queue=2, job_inputs=3, max_steps=5) as client:
        yield client


def _submit(client: TestClient | httpx.Client, body: Any, **headers: str) -> str:
    answer = client.post("/v1/jobs", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    id: str = answer.json()["id"]
    assert answer.headers["Location"] == f"/v1/jobs/{id}"
    return id


def _wait(
    client: TestClient | httpx.Client,
    id: str,
    wanted: Callable[[dict[str, Any]], bool] = lambda job: job["finished"] is not None,
    seconds: float = 60.0,
) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while True:
        job: dict[str, Any] = client.get(f"/v1/jobs/{id}").json()
        if wanted(job):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.02)


def _is_running(job: dict[str, Any]) -> bool:
    return bool(job["state"] == "running")


def _is_problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert found["status"] == status
    detail: str = found["detail"]
    return detail


# --- the work ------------------------------------------------------------------------------


def test_a_record_is_verified(client: TestClient) -> None:
    job = _wait(client, _submit(client, {"kind": "verify", "input": WRONG}))
    assert (job["kind"], job["state"], job["error"]) == ("verify", "done", None)
    assert job["progress"] == {"completed": 1, "total": 1}
    assert job["created"] <= job["started"] <= job["finished"]
    assert job["finished"].endswith("Z")
    assert "results" not in job
    direct = client.post("/v1/verify", json=WRONG).json()
    assert job["result"].keys() == direct.keys()
    assert (job["result"]["id"], job["result"]["verdict"]) == ("wrong", "refuted")


def test_a_problem_is_proved(client: TestClient) -> None:
    problem = {"premises": ["all x. (Dog(x) -> Animal(x))", "Dog(rex)"], "goal": "Animal(rex)"}
    job = _wait(client, _submit(client, {"kind": "prove", "input": problem}))
    assert (job["state"], job["result"]["outcome"]) == ("done", "proved")


def test_many_are_verified_in_their_order(client: TestClient) -> None:
    records = [{**(WRONG if i % 3 == 0 else RIGHT), "id": i} for i in range(12)]
    job = _wait(client, _submit(client, {"kind": "verify", "inputs": records}))
    assert job["progress"] == {"completed": 12, "total": 12}
    found = [(one["id"], one["verdict"]) for one in job["results"]]
    assert found == [(i, "refuted" if i % 3 == 0 else "proved") for i in range(12)]
    assert "result" not in job


def test_a_list_of_one_is_answered_with_a_list(client: TestClient) -> None:
    job = _wait(client, _submit(client, {"kind": "verify", "inputs": [RIGHT]}))
    assert [one["verdict"] for one in job["results"]] == ["proved"]


def test_what_cannot_be_done_fails(client: TestClient) -> None:
    job = _wait(client, _submit(client, {"kind": "verify", "input": NO_MODEL}))
    assert (job["state"], job["result"]) == ("failed", None)
    assert job["error"]["status"] == 422
    assert "no language model is configured" in job["error"]["detail"]
    assert job["error"]["instance"] == f"/v1/jobs/{job['id']}"


def test_one_of_many_that_cannot_be_done_keeps_nobody(client: TestClient) -> None:
    job = _wait(client, _submit(client, {"kind": "verify", "inputs": [RIGHT, NO_MODEL, WRONG]}))
    assert (job["state"], job["error"]) == ("done", None)
    first, second, third = job["results"]
    assert (first["verdict"], third["verdict"]) == ("proved", "refuted")
    assert second["error"]["status"] == 422


def test_a_bug_fails_its_job_and_no_other(tmp_path: Path, caplog: Any) -> None:
    with _app(tmp_path) as client:
        engine = client.app.state.engine  # type: ignore[attr-defined]
        verify = engine.verify

        def broken(record: Any, ask: Any, watch: Any) -> Any:
            if record.id == "bug":
                raise RuntimeError("secret")
            return verify(record, ask, watch)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "verify", broken)
            bug = _submit(client, {"kind": "verify", "input": {**RIGHT, "id": "bug"}})
            after = _submit(client, {"kind": "verify", "input": RIGHT})
            assert _wait(client, after)["state"] == "done"
        job = client.get(f"/v1/jobs/{bug}")
    assert job.json()["state"] == "failed"
    assert job.json()["error"]["status"] == 500
    assert "secret" not in job.text
    assert "secret" in caplog.text


def test_what_an_earlier_version_took_may_be_refused(tmp_path: Path) -> None:
    with _app(tmp_path) as client:
        engine = client.app.state.engine  # type: ignore[attr-defined]
        old = engine.store.jobs.submit("verify", b'[{"stages":3}]', total=1, many=False, queue=9)
        job = _wait(client, old.job.id)
        assert (job["state"], job["error"]["status"]) == ("failed", 422)
        assert "stages" in job["error"]["detail"] or job["error"]["errors"]
        assert _wait(client, _submit(client, {"kind": "verify", "input": RIGHT}))["result"]


def test_trouble_with_the_database_passes(tmp_path: Path) -> None:
    with _app(tmp_path) as client:
        leases = client.app.state.engine.store.leases  # type: ignore[attr-defined]
        claim, troubled = leases.claim, []

        def flaky(owner: str, seconds: float) -> Lease | None:
            if not troubled:
                troubled.append(owner)
                raise BrokenToolError("the database is away")
            found: Lease | None = claim(owner, seconds)
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(leases, "claim", flaky)
            job = _wait(client, _submit(client, {"kind": "verify", "input": RIGHT}))
    assert troubled
    assert job["state"] == "done"


# --- requests ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "'kind' must be"),
        ({}, "'kind' must be"),
        ({"kind": "guess", "input": RIGHT}, "'kind' must be"),
        ({"kind": ["verify"], "input": RIGHT}, "'kind' must be"),
        ({"kind": "verify"}, "either 'input' or 'inputs'"),
        ({"kind": "verify", "input": RIGHT, "inputs": [RIGHT]}, "either 'input' or 'inputs'"),
        ({"kind": "verify", "inputs": []}, "'inputs' is wrong"),
        ({"kind": "verify", "inputs": RIGHT}, "'inputs' is wrong"),
        ({"kind": "verify", "input": [RIGHT]}, "'input' is wrong"),
        ({"kind": "verify", "inputs": [RIGHT, {"steps": [1]}]}, "'inputs.1.steps.0' is wrong"),
        ({"kind": "verify", "input": {"steps": ["a"], "stepz": []}}, "'input.stepz' is wrong"),
        ({"kind": "verify", "input": RIGHT, "priority": 1}, "'priority' is wrong"),
        ({"kind": "prove", "input": RIGHT}, "'input.steps' is wrong"),
        ({"kind": "verify", "inputs": [RIGHT] * 4}, "4 inputs are too many; at most 3"),
        ({"kind": "verify", "input": {"steps": ["1 = 1"] * 6}}, "6 steps are too many"),
    ],
)
def test_bodies_that_are_wrong(idle: TestClient, body: Any, words: str) -> None:
    assert words in _is_problem(idle.post("/v1/jobs", json=body), 422)
    assert idle.get("/v1/jobs").json()["jobs"] == []


def test_a_body_that_is_no_json(idle: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    _is_problem(idle.post("/v1/jobs", content=b'{"kind": ', headers=headers), 400)
    _is_problem(idle.post("/v1/jobs", content=b'{"kind": "verify"}'), 415)


def test_the_queue_is_bounded(idle: TestClient) -> None:
    body = {"kind": "verify", "input": RIGHT}
    _submit(idle, body)
    _submit(idle, body)
    answer = idle.post("/v1/jobs", json=body)
    assert "2 jobs are waiting" in _is_problem(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0
    assert len(idle.get("/v1/jobs").json()["jobs"]) == 2
    assert "neurosym_rejected_total 1.0" in idle.get("/metrics").text


def test_the_same_key_finds_the_same_job(idle: TestClient) -> None:
    body = {"kind": "verify", "input": RIGHT}
    first = _submit(idle, body, **{"Idempotency-Key": "one"})
    # Other spaces and another order of fields are the same body still.
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    content = b'{"input": {"steps" :["3 * 12 = 36."], "id":"right"},  "kind":"verify"}'
    again = idle.post("/v1/jobs", content=content, headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, first)
    other = idle.post(
        "/v1/jobs", json={"kind": "verify", "input": WRONG}, headers={"Idempotency-Key": "one"}
    )
    assert "give a new key" in _is_problem(other, 422)
    assert len(idle.get("/v1/jobs").json()["jobs"]) == 1


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"a\tb", "ä".encode()])
def test_keys_that_are_none(idle: TestClient, key: bytes) -> None:
    body = {"kind": "verify", "input": RIGHT}
    answer = idle.post("/v1/jobs", json=body, headers={b"Idempotency-Key": key})
    assert answer.status_code in (400, 422)
    assert idle.get("/v1/jobs").json()["jobs"] == []


@pytest.mark.parametrize(
    "id",
    [
        "0" * 32,
        "0" * 31,
        "0" * 33,
        "F" * 32,
        "0" * 31 + "%0A",
        "%00",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%5c..%5cwindows",
        "%1b%5b31m",
        "1%20OR%201=1",
        "'%3B%20DROP%20TABLE%20jobs%3B--",
        "%E2%88%80",
        "%ff%fe",
        "x" * 5000,
    ],
)
def test_ids_of_no_job(idle: TestClient, id: str) -> None:
    for answer in (
        idle.get(f"/v1/jobs/{id}"),
        idle.delete(f"/v1/jobs/{id}"),
        idle.post(f"/v1/jobs/{id}/cancel"),
    ):
        _is_problem(answer, 404)
    assert idle.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "before=0", f"before={2**63}", "state=lost"]
)
def test_pages_that_there_are_not(idle: TestClient, query: str) -> None:
    _is_problem(idle.get(f"/v1/jobs?{query}"), 422)


def test_the_list_is_read_in_pages(tmp_path: Path) -> None:
    with _app(tmp_path, job_workers=0) as client:
        ids = [_submit(client, {"kind": "verify", "input": RIGHT}) for _ in range(5)]
        client.delete(f"/v1/jobs/{ids[0]}")
        seen, following = [], "/v1/jobs?limit=2"
        while following:
            page = client.get(following).json()
            seen.append([job["id"] for job in page["jobs"]])
            last = page["next"]
            following = "" if last is None else f"/v1/jobs?limit=2&before={last}"
        assert seen == [ids[4:2:-1], ids[2:0:-1], ids[:1]]
        cancelled = client.get("/v1/jobs?state=cancelled").json()
        assert [job["id"] for job in cancelled["jobs"]] == ids[:1]
        assert cancelled["next"] is None


def test_a_token_sees_its_own_jobs_only(tmp_path: Path) -> None:
    with _app(tmp_path, job_workers=0, auth="required") as client:
        tokens = Tokens(client.app.state.engine.store.engine)  # type: ignore[attr-defined]
        ann = {"Authorization": f"Bearer {tokens.create('ann')[1]}"}
        bob = {"Authorization": f"Bearer {tokens.create('bob')[1]}"}
        _is_problem(client.get("/v1/jobs"), 401)
        id = _submit(client, {"kind": "verify", "input": RIGHT}, **ann)
        _is_problem(client.get(f"/v1/jobs/{id}", headers=bob), 404)
        _is_problem(client.delete(f"/v1/jobs/{id}", headers=bob), 404)
        assert client.get("/v1/jobs", headers=bob).json()["jobs"] == []
        assert client.get(f"/v1/jobs/{id}", headers=ann).json()["state"] == "queued"
        assert len(client.get("/v1/jobs", headers=ann).json()["jobs"]) == 1


def test_openapi_takes_its_own_examples(idle: TestClient) -> None:
    document = idle.get("/openapi.json").json()
    content = document["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    assert "$ref" not in str(content["schema"])
    for example in content["examples"].values():
        id = _submit(idle, example["value"])
        assert idle.delete(f"/v1/jobs/{id}").json()["state"] == "cancelled"


# --- cancelling and ending -----------------------------------------------------------------


@pytest.mark.parametrize("method", ["delete", "post"])
def test_a_waiting_job_is_cancelled(idle: TestClient, method: str) -> None:
    id = _submit(idle, {"kind": "verify", "inputs": [RIGHT, WRONG]})
    path = f"/v1/jobs/{id}" if method == "delete" else f"/v1/jobs/{id}/cancel"
    for _ in range(2):  # again changes nothing
        answer = idle.request(method, path)
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    assert idle.get(f"/v1/jobs/{id}").json()["results"] == [None, None]


def test_a_job_that_is_done_cannot_be_cancelled(client: TestClient) -> None:
    job = _wait(client, _submit(client, {"kind": "verify", "input": RIGHT}))
    assert "it is done" in _is_problem(client.delete(f"/v1/jobs/{job['id']}"), 409)


def test_a_running_job_is_cancelled_and_its_worker_set_free(client: TestClient) -> None:
    quick = {"premises": ["P(a)"], "goal": "P(a)"}
    id = _submit(client, {"kind": "prove", "inputs": [quick, CUBES, quick]})
    _wait(client, id, lambda job: _is_running(job) and job["progress"]["completed"] == 1)
    time.sleep(0.3)  # so that the prover is at it
    assert client.delete(f"/v1/jobs/{id}").json()["state"] == "cancelled"
    after = _submit(client, {"kind": "verify", "input": RIGHT})
    assert _wait(client, after, seconds=30)["state"] == "done"
    first, second, third = client.get(f"/v1/jobs/{id}").json()["results"]
    assert (first["outcome"], second, third) == ("proved", None, None)


def test_a_job_cancelled_elsewhere_is_stopped(tmp_path: Path) -> None:
    with _app(tmp_path, lease=2.0) as client:
        id = _submit(client, {"kind": "prove", "input": CUBES})
        _wait(client, id, _is_running)
        store = Store.open(f"sqlite:///{tmp_path / 'jobs.db'}")
        assert store.jobs.cancel(id) is not None
        store.close()
        after = _submit(client, {"kind": "verify", "input": RIGHT})
        assert _wait(client, after, seconds=30)["state"] == "done"


def test_ending_puts_back_what_is_running(tmp_path: Path) -> None:
    quick = {"premises": ["P(a)"], "goal": "P(a)"}
    with _app(tmp_path) as client:
        id = _submit(client, {"kind": "prove", "inputs": [quick, CUBES]})
        _wait(client, id, lambda job: job["progress"]["completed"] == 1)
    store = Store.open(f"sqlite:///{tmp_path / 'jobs.db'}")
    job = store.jobs.get(id)
    assert job is not None and (job.state, job.completed) == ("queued", 1)
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(jobs.c.deaths)) == 0
    lease = store.leases.claim("next", 60)
    assert lease is not None and lease.finished == {0}
    store.close()


def test_ending_waits_for_what_is_nearly_done(tmp_path: Path) -> None:
    with _app(tmp_path, grace=30.0) as client:
        ids = [_submit(client, {"kind": "verify", "input": RIGHT}) for _ in range(20)]
    store = Store.open(f"sqlite:///{tmp_path / 'jobs.db'}")
    states = {found.state for id in ids if (found := store.jobs.get(id)) is not None}
    assert states <= {"done", "queued"}
    store.close()


def test_two_servers_share_the_work(tmp_path: Path) -> None:
    with _app(tmp_path) as one, _app(tmp_path) as two:
        blocked = _submit(one, {"kind": "prove", "input": CUBES})
        _wait(two, blocked, _is_running)
        job = _wait(two, _submit(one, {"kind": "verify", "input": RIGHT}))
        assert job["state"] == "done", "by the server that is not blocked"
        one.delete(f"/v1/jobs/{blocked}")


def test_old_jobs_are_dropped(tmp_path: Path) -> None:
    with _app(tmp_path) as client:
        id = _wait(client, _submit(client, {"kind": "verify", "input": RIGHT}))["id"]
    with _app(tmp_path, job_days=1e-9) as client:
        deadline = time.monotonic() + 20
        while client.get(f"/v1/jobs/{id}").status_code != 404:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_kills_lose_nothing_and_end_nothing_twice(tmp_path: Path) -> None:
    ids: list[str] = []
    for _ in range(3):
        with served(tmp_path) as server, httpx.Client(base_url=server.url) as client:
            for _ in range(25):
                number = len(ids)
                step = f"{number} + 17 = {number + 17 + number % 2}."
                ids.append(_submit(client, {"kind": "verify", "input": {"steps": [step]}}))
            _wait(client, ids[-25], lambda job: job["started"] is not None)
            server.process.kill()
            server.process.wait()
    with served(tmp_path) as server, httpx.Client(base_url=server.url) as client:
        for number, id in enumerate(ids):
            job = _wait(client, id, seconds=120)
            assert job["state"] == "done"
            assert job["result"]["verdict"] == ("refuted" if number % 2 else "proved")
            assert job["result"]["steps"][0]["text"].startswith(f"{number} + 17")
        listed = client.get("/v1/jobs?limit=200").json()["jobs"]
    assert sorted(job["id"] for job in listed) == sorted(ids)
    store = Store.open(f"sqlite:///{tmp_path / 'neurosym.db'}")
    with store.engine.connect() as connection:
        deaths = connection.scalar(sa.select(sa.func.sum(jobs.c.deaths)))
    assert deaths, "a kill came in the middle of a job"
    store.close()


def test_servers_share_a_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    words = ("--database", postgresql_url)
    with (
        served(tmp_path, *words) as one,
        served(tmp_path, *words) as two,
        httpx.Client(base_url=one.url) as first,
        httpx.Client(base_url=two.url) as second,
    ):
        records = [{"id": i, "steps": [f"{i} + 17 = {i + 17}."]} for i in range(20)]
        ids = [_submit(first, {"kind": "verify", "inputs": records}) for _ in range(8)]
        _wait(second, ids[0], lambda job: job["started"] is not None)
        one.process.kill()
        for id in ids:
            job = _wait(second, id)
            assert job["state"] == "done"
            assert [found["id"] for found in job["results"]] == list(range(20))
            assert {found["verdict"] for found in job["results"]} == {"proved"}
