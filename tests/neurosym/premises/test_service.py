"""Premises of a corpus through the service: over HTTP, by its client, and once there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from neurosym.client import Client
from neurosym.premises.corpus import Corpus
from neurosym.premises.index import FOLDER, build
from provers.errors import InputError, MissingToolError
from tests.neurosym.premises.made import small
from tests.neurosym.service.servers import Server, served


def made(home: Path, tmp_path: Path) -> Corpus:
    """The small corpus where the user's corpus is looked for, without an index."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        shelf = small(tmp_path)
        shelf.install(monkeypatch)
        return shelf.build(home / "premises").corpus


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    corpus = made(home, tmp_path_factory.mktemp("lean-root"))
    build(corpus, None, corpus.folder / FOLDER)
    return home


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("service")
    with served(folder, NEUROSYM_DATA_HOME=str(home)) as found:
        yield found


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, timeout=60) as found:
        yield found


def test_without_candidates_the_corpus_is_searched(server: Server, home: Path) -> None:
    corpus = Corpus(home / "premises")
    body = {"goal": "add_zero", "k": 4}
    answer = httpx.post(f"{server.url}/v1/premises", json=body, timeout=60)
    assert answer.status_code == 200
    found = answer.json()["premises"]
    assert len(found) == 4
    for one in found:
        name, _, statement = one["text"].partition(" : ")
        assert (corpus.index_of(name), corpus[one["index"]].statement) == (one["index"], statement)
    scores = [one["score"] for one in found]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0
    assert found[0]["text"] == "add_zero : ⊢ add_zero"


def test_it_says_what_the_search_goes_without(server: Server) -> None:
    answer = httpx.post(f"{server.url}/v1/premises", json={"goal": "add"}, timeout=60)
    (note,) = answer.json()["notes"]
    assert "without an encoder" in note


def test_candidates_are_ranked_as_before(server: Server) -> None:
    body = {"goal": "double_zero", "premises": ["one", "double zero"]}
    answer = httpx.post(f"{server.url}/v1/premises", json=body, timeout=60)
    assert [one["index"] for one in answer.json()["premises"]] == [1, 0]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"goal": "add", "k": 0}, "'k'"),
        ({"goal": "add", "k": 1001}, "'k'"),
        ({"goal": "add", "premises": []}, "'premises'"),
        ({"goal": " "}, "'goal' is empty"),
        ({"goal": "x" * 65_537}, "65,537 characters"),
    ],
)
def test_searches_that_are_refused(server: Server, body: dict[str, object], said: str) -> None:
    answer = httpx.post(f"{server.url}/v1/premises", json=body, timeout=60)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_more_than_there_are(client: Client, home: Path) -> None:
    found = client.premises("add", k=1000)
    assert sorted(one["index"] for one in found) == list(range(len(Corpus(home / "premises"))))


def test_the_client_needs_no_candidates(client: Client) -> None:
    (found,) = client.premises("double_zero", k=1)
    assert found["text"] == "double_zero : ⊢ double_zero" and found["score"] > 0
    with pytest.raises(InputError, match="65,537 characters"):
        client.premises("x" * 65_537)


def test_a_corpus_is_found_once_it_is_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with (
        served(tmp_path, NEUROSYM_DATA_HOME=str(home)) as server,
        Client(server.url, timeout=60) as client,
    ):
        answer = httpx.post(f"{server.url}/v1/premises", json={"goal": "x"}, timeout=60)
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:neurosym:missing-tool"
        with pytest.raises(MissingToolError, match=r"give 'premises'.*neurosym premises build"):
            client.premises("double_zero")
        corpus = made(home, tmp_path / "lean-root")
        with pytest.raises(MissingToolError, match=r"give 'premises'.*neurosym premises index"):
            client.premises("double_zero")
        build(corpus, None, corpus.folder / FOLDER)
        assert client.premises("double_zero")[0]["index"] == corpus.index_of("double_zero")
