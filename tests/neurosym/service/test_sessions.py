"""Steps sent one at a time, as a model writes them."""

from __future__ import annotations

import concurrent.futures
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from neurosym.service.sessions import Sessions
from neurosym.verify.records import Outset
from tests.neurosym.service.servers import served
from tests.neurosym.service.test_verify import HARD


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        served(tmp_path_factory.mktemp("service")) as server,
        httpx.Client(base_url=server.url, timeout=60) as found,
    ):
        yield found


def begin(client: httpx.Client, **outset: Any) -> str:
    answer = client.post("/v1/sessions", json=outset)
    assert answer.status_code == 201, answer.text
    created = answer.json()
    assert answer.headers["Location"] == f"/v1/sessions/{created['id']}"
    assert created["steps"] == f"/v1/sessions/{created['id']}/steps"
    return str(created["steps"])


def test_each_step_is_verified_with_those_before_it(client: httpx.Client) -> None:
    place = begin(client, premises=["All dogs are animals. All animals are big."])
    steps = ["Rex is a dog.", "Rex is an animal.", "Rex is not big."]
    one_by_one = [client.post(place, json={"steps": [s]}).json()["steps"][0] for s in steps]
    whole = {"premises": ["All dogs are animals. All animals are big."], "steps": steps}
    at_once = client.post("/v1/verify", json=whole).json()["steps"]
    for step in [*one_by_one, *at_once]:
        step.pop("seconds")
    assert one_by_one == at_once
    assert [step["index"] for step in one_by_one] == [1, 2, 3]


def test_it_stops_at_the_first_refuted_step(client: httpx.Client) -> None:
    place = begin(client, id="x", question="Ann has 3 bags of 12 nuts.", stop_on="refuted")
    assert client.post(place, json={"steps": ["3 * 12 = 36"]}).json()["ended"] is False
    answer = client.post(place, json={"steps": ["36 - 5 = 30", "30 + 1 = 31"]}).json()
    assert [s["verdict"] for s in answer["steps"]] == ["refuted"] and answer["ended"] is True
    refused = client.post(place, json={"steps": ["30 + 1 = 31"]})
    assert refused.status_code == 409 and "refuted" in refused.json()["detail"]
    report = client.get(place.removesuffix("/steps")).json()
    assert (report["id"], report["verdict"], len(report["steps"])) == ("x", "refuted", 2)


def test_without_that_it_goes_on(client: httpx.Client) -> None:
    place = begin(client)
    answer = client.post(place, json={"steps": ["1 + 1 = 3", "1 + 1 = 2"]}).json()
    assert [s["verdict"] for s in answer["steps"]] == ["refuted", "proved"]


def test_a_repeated_request_adds_nothing(client: httpx.Client) -> None:
    place = begin(client)
    body = {"steps": [" 1 + 1 = 2 "], "index": 1}
    first, again = (client.post(place, json=body).json() for _ in range(2))
    assert first == again and first["steps"][0]["index"] == 1
    assert client.post(place, json={"steps": ["1 + 1 = 3"], "index": 1}).status_code == 409
    assert client.post(place, json={"steps": ["1 + 1 = 3"], "index": 3}).status_code == 409
    assert client.post(place, json={"steps": ["2 + 1 = 3"], "index": 2}).status_code == 200


def test_one_request_at_a_time(client: httpx.Client) -> None:
    place = begin(client, timeout=3)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        slow = threads.submit(client.post, place, json={"steps": [HARD]})
        time.sleep(0.5)
        assert client.post(place, json={"steps": ["1 + 1 = 2"]}).status_code == 409
        assert slow.result().json()["steps"][0]["reason"] == "timeout"
    assert client.post(place, json={"steps": ["1 + 1 = 2"]}).json()["steps"][0]["index"] == 2


def test_a_session_that_is_ended_is_gone(client: httpx.Client) -> None:
    place = begin(client)
    whole = place.removesuffix("/steps")
    assert client.delete(whole).status_code == 204
    for answer in (
        client.delete(whole),
        client.get(whole),
        client.post(place, json={"steps": ["1 + 1 = 2"]}),
        client.get("/v1/sessions/..%2f..%2fetc%2fpasswd"),
    ):
        assert answer.status_code == 404 and answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{"steps": []}, {}, {"steps": "1"}, {"steps": ["1"], "index": 0}, {"steps": ["1"], "x": 1}],
)
def test_bad_steps_are_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    assert client.post(begin(client), json=body).status_code == 422


def test_there_are_only_so_many_and_they_are_forgotten() -> None:
    from neurosym.service.engine import Ask
    from neurosym.service.lending import Lending
    from neurosym.service.problems import ServiceProblem
    from neurosym.service.sessions import Session
    from provers import registry

    lending = Lending(registry.load, 1, lambda _: None)
    sessions = Sessions(most=2, seconds=0.2)
    made = [Session(lending, Outset(), Ask(), None, False) for _ in range(3)]
    sessions.add(made[0])
    sessions.add(made[1])
    with pytest.raises(ServiceProblem) as full:
        sessions.add(made[2])
    assert full.value.status == 429 and full.value.headers["Retry-After"]
    time.sleep(0.3)
    with pytest.raises(ServiceProblem, match="no such session"):
        sessions.get(made[0].id)
    sessions.add(Session(lending, Outset(), Ask(), None, False))
    assert len(sessions) == 1
