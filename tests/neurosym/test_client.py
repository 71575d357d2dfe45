"""The client of the service, and the commands that use it, against a real service."""

from __future__ import annotations

import contextlib
import email.utils
import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym.client import Client, ServiceError
from neurosym.runs.database import open_database
from neurosym.service.tokens import Tokens
from provers.errors import InputError, MissingToolError
from tests.neurosym.service.servers import Server, served
from tests.neurosym.test_cli import neurosym, one_sentence

_JANET = {
    "id": "janet",
    "question": "Janet's ducks lay 16 eggs per day. She eats 3 and bakes 4.",
    "steps": ["3 + 4 = 7", "16 - 7 = 10", "2 + 2 = 4"],
}
# Whose proof takes longer than any test waits.
_HARD = "(declare-const x Int)(declare-const y Int)(declare-const z Int)" + (
    "(assert (and (> x 1) (> y 1) (> z 1) (= (+ (* x x x) (* y y y)) (* z z z))))(check-sat)"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with Client(server.url, timeout=60) as client:
        yield client


# --- what it can ask ---------------------------------------------------------------------------


def test_verify(client: Client) -> None:
    report = client.verify(_JANET, prover="z3", timeout=5.0)
    assert report["id"] == "janet" and report["verdict"] == "refuted"
    assert [step["verdict"] for step in report["steps"]] == ["proved", "refuted", "proved"]


def test_steps_come_one_by_one_and_then_the_report(client: Client) -> None:
    with client.verify_steps(_JANET) as steps:
        assert next(steps)["verdict"] == "proved"
        assert steps.report is None
        assert [step["index"] for step in steps] == [2, 3]
    assert steps.report is not None
    whole = client.verify(_JANET)
    assert [s["verdict"] for s in steps.report["steps"]] == [s["verdict"] for s in whole["steps"]]


def test_leaving_the_stream_ends_the_work(client: Client, server: Server) -> None:
    record = {"steps": [f"{i} + {i} = {2 * i}" for i in range(3000)]}
    start = time.monotonic()
    with client.verify_steps(record, cache=False) as steps:
        next(steps)
    assert time.monotonic() - start < 5
    _until_idle(server)


def test_prove(client: Client) -> None:
    outcome = client.prove(
        {"premises": ["all x. (Dog(x) -> Animal(x))", "Dog(a)"], "goal": "Animal(a)"}
    )
    assert outcome["outcome"] == "proved" and outcome["evidence"] is not None
    status = client.prove({"language": "smtlib", "problem": "(assert false)(check-sat)"})["status"]
    assert status == "unsat"


def test_translate_rank_and_score(client: Client) -> None:
    found = client.translate("All dogs are animals.", "nltk")
    assert found["sentences"][0]["status"] == "translated"
    ranked = client.premises("n + 0 = n", ["mul_one : n * 1 = n", "add_zero : n + 0 = n"], k=1)
    assert [one["index"] for one in ranked] == [1]
    first, second = client.score([_JANET, {"steps": ["1 + 1 = 2"]}], aggregate="min")
    assert [step["label"] for step in first["steps"]] == [1, -1, 1]
    assert second["score"] == 1


def test_jobs(client: Client) -> None:
    job = client.submit("verify", [_JANET, {"steps": ["1 + 1 = 2"]}])
    done = client.wait(job["id"], timeout=60)
    assert done["state"] == "done"
    assert [one and one["verdict"] for one in done["results"]] == ["refuted", "proved"]
    single = client.wait(client.submit("verify", _JANET)["id"], timeout=60)
    assert single["result"] is not None and single["result"]["verdict"] == "refuted"
    again = client.submit("verify", _JANET, key="same")
    assert client.submit("verify", _JANET, key="same")["id"] == again["id"]
    client.wait(again["id"], timeout=60)
    with pytest.raises(InputError, match="ended already"):
        client.cancel(again["id"])


def test_cancelling_and_waiting_too_long(client: Client, server: Server) -> None:
    hard = {"language": "smtlib", "problem": _HARD, "timeout": 100.0, "budget": 100.0}
    job = client.submit("prove", hard)
    with pytest.raises(ServiceError, match=r"has not ended after 0\.3 seconds"):
        client.wait(job["id"], timeout=0.3)
    assert client.cancel(job["id"])["state"] == "cancelled"
    assert client.wait(job["id"], timeout=10)["state"] == "cancelled"


def test_provers_and_health(client: Client) -> None:
    assert "z3" in {one["name"] for one in client.provers() if one["version"]}
    assert client.health()["status"] == "ok"


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"stepz": ["1 + 1 = 2"]}, "stepz"),
        ({"steps": "1 + 1 = 2"}, "steps"),
        ({"steps": []}, "empty"),
        ({"steps": ["1 + 1 = 2"], "timeout": -1}, "timeout"),
    ],
)
def test_what_the_service_calls_wrong_is_bad_input(
    client: Client, body: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        client.verify(body)
    with pytest.raises(InputError, match=said), client.verify_steps(body) as steps:
        list(steps)


def test_what_cannot_be_written_is_bad_input(client: Client) -> None:
    for value in (float("nan"), {1}, "\ud800"):
        with pytest.raises(InputError, match="cannot be written as JSON"):
            client.verify({"steps": [value]})


def test_a_model_that_is_not_configured_is_a_missing_tool(client: Client) -> None:
    with pytest.raises(MissingToolError, match="--model"):
        client.verify(_JANET, model=True)


@pytest.mark.parametrize("id", ["0" * 32, "../../etc/passwd", "a b", "", "\x00", "%2e%2e"])
def test_ids_that_are_none_are_not_there(client: Client, id: str) -> None:
    with pytest.raises((ServiceError, InputError)) as caught:
        client.job(id)
    assert "passwd" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "ftp://127.0.0.1", "http://", "http://user:pass@127.0.0.1", "http://a/?b"],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError, match="service's address") as caught:
        Client(url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("token", ["a b", "a\nb", "ü"])
def test_tokens_that_are_none(token: str) -> None:
    with pytest.raises(InputError, match="token holds characters") as caught:
        Client("http://127.0.0.1", token)
    assert token not in str(caught.value)


def test_nobody_listens() -> None:
    said = pytest.raises(ServiceError, match="cannot be reached: start it with")
    with Client(f"http://127.0.0.1:{_free_port()}") as client, said as caught:
        client.health()
    assert caught.value.status == 0


# --- servers that are none, or busy --------------------------------------------------------------

_Answer = tuple[int, dict[str, str], bytes]


@contextlib.contextmanager
def _scripted(*answers: _Answer) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that gives these answers in turn, and the headers that it was sent."""
    left = iter(answers)
    heads: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            heads.append(dict(self.headers))
            status, headers, body = next(left)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heads
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_OK: _Answer = (200, {}, b'{"status": "ok", "version": "1"}')
_BUSY = b'{"detail": "too much waits."}'


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("dated", [False, True])
def test_a_busy_service_is_asked_again_when_it_says(status: int, dated: bool) -> None:
    moment = email.utils.formatdate(time.time() + 2, usegmt=True)
    busy = (status, {"Retry-After": moment if dated else "1"}, _BUSY)
    with _scripted(busy, _OK) as (url, heads), Client(url) as client:
        start = time.monotonic()
        assert client.health()["status"] == "ok"
        assert 0.9 < time.monotonic() - start < 4
    assert len(heads) == 2


def test_patience_ends_with_the_retries_or_the_time() -> None:
    soon = (429, {"Retry-After": "0"}, _BUSY)
    with _scripted(*[soon] * 9) as (url, heads), Client(url, retries=2) as client:
        with pytest.raises(ServiceError, match="is busy: too much waits") as caught:
            client.health()
        assert caught.value.status == 429
        assert caught.value.problem == {"detail": "too much waits."}
    assert len(heads) == 3
    late = (503, {"Retry-After": "3600"}, _BUSY)
    with _scripted(late) as (url, heads), Client(url, patience=5) as client:
        start = time.monotonic()
        with pytest.raises(ServiceError, match="is busy"):
            client.health()
        assert time.monotonic() - start < 15
    assert len(heads) == 1


def test_what_is_broken_is_not_waited_for() -> None:
    broken = pytest.raises(ServiceError, match="answered 503: it broke")
    answer = (503, {}, b'{"detail": "it broke."}')
    with _scripted(answer) as (url, heads), Client(url) as client, broken:
        client.health()
    assert len(heads) == 1


def test_redirects_are_not_followed() -> None:
    with _scripted(_OK) as (elsewhere, strangers):
        redirect = (307, {"Location": f"{elsewhere}/healthz"}, b"")
        foreign = pytest.raises(ServiceError, match=r"answered 307\) is no neurosym service")
        with _scripted(redirect) as (url, _), Client(url, "secret-token") as client, foreign:
            client.health()
    assert strangers == []


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"<html>hello</html>"),
        (200, {}, b"[1, 2]"),
        (200, {}, b"\xff\xfe"),
        (200, {}, b"[" * 100_000),
        (404, {}, b"not here"),
        (500, {}, b"[]"),
    ],
)
def test_what_is_no_service_is_one_sentence(answer: _Answer) -> None:
    foreign = pytest.raises(ServiceError, match="is no neurosym service")
    with _scripted(answer) as (url, _), Client(url) as client, foreign:
        client.health()


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (b"", "broke off"),
        (b'event: step\ndata: {"index": 1}\n\n', "broke off"),
        (b"event: step\ndata: nonsense\n\n", "broke off"),
        (b'event: error\ndata: {"status": 500, "detail": "it burns."}\n\n', "it burns"),
    ],
)
def test_streams_that_end_without_a_report(stream: bytes, said: str) -> None:
    broken = pytest.raises(ServiceError, match=said)
    with _scripted((200, {}, stream)) as (url, _), Client(url) as client, broken:
        list(client.verify_steps(_JANET))


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        late = pytest.raises(ServiceError, match="did not answer in time")
        with Client(url, timeout=0.3) as client, late:
            client.health()


def test_the_token_is_shown_nowhere() -> None:
    with Client("http://127.0.0.1:9", "very-secret") as client:
        assert "very-secret" not in repr(client) + repr(vars(client))
        with pytest.raises(ServiceError) as caught:
            client.health()
    assert "very-secret" not in repr(caught.value)


# --- the commands --------------------------------------------------------------------------------

_PROBLEMS = "\n".join(
    [
        '{"id": "a", "premises": ["P(a)"], "goal": "P(a)"}',
        '{"id": 7, "premises": ["P(a)"], "goal": "Q(a)"}',
        '{"id": "bad", "premises": ["P(("], "goal": "Q(a)"}',
        '{"id": "none"}',
        "not json",
        '{"id": "s", "language": "smtlib", "problem": "(assert true)(check-sat)"}',
    ]
)
_RECORDS = "\n".join(
    [
        json.dumps(_JANET),
        '{"id": 5, "steps": ["1 + 1 = 2"], "unknown": 1}',
        '{"id": "no steps"}',
        "{",
        '{"id": "closed", "world": "closed", "premises": ["Rex is a dog."], '
        '"steps": ["Rex is a cat."]}',
    ]
)


def _without_times(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _without_times(v) for k, v in data.items() if not k.endswith("seconds")}
    return [_without_times(one) for one in data] if isinstance(data, list) else data


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("verify", "--example", "wrong-step"), ""),
        (("verify", "--example", "contradiction"), ""),
        (("verify", "--example", "friends"), ""),
        (("verify", "-"), _RECORDS),
        (("verify", "-"), "How much is 2 + 2?\n\n2 + 2 = 4\nSo 4 + 1 = 6."),
        (("verify", "-"), '{"steps": []}'),
        (("verify", "-"), json.dumps({"steps": ["1 + 1 = 2"] * 5001})),
        (("prove", "--premise", "P(a)", "--goal", "P(a)"), ""),
        (("prove", "--premise", "P((", "--goal", "P(a)"), ""),
        (("prove", "-"), _PROBLEMS),
        (("translate", "All dogs are animals. Colourless.", "--to", "tptp"), ""),
        (("translate", " "), ""),
    ],
)
def test_commands_print_the_same_here_and_there(
    server: Server, arguments: tuple[str, ...], stdin: str
) -> None:
    command, *rest = arguments
    fixed = () if command == "translate" else ("--prover", "z3")
    uncertified = ("--certify", "no") if command == "verify" else ()
    arguments = (command, *rest, *fixed, *uncertified, "--json")
    here = neurosym(*arguments, stdin=stdin)
    there = neurosym(*arguments, "--server", server.url, stdin=stdin)
    assert there.returncode == here.returncode
    assert there.stderr == here.stderr
    assert _parsed(there.stdout) == _parsed(here.stdout)


def _parsed(text: str) -> Any:
    try:
        return _without_times(json.loads(text)) if text else None
    except json.JSONDecodeError:
        return [_without_times(json.loads(line)) for line in text.splitlines()]


def test_people_see_tables_of_what_the_service_answers(server: Server) -> None:
    shown = neurosym("verify", "--example", "wrong-step", "--server", server.url)
    assert shown.returncode == 1 and "refuted" in shown.stdout
    shown = neurosym("prove", "--goal", "P(a) | -P(a)", "--server", server.url)
    assert shown.returncode == 0 and "proved" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "--example", "wrong-step", "--recheck"), "--recheck"),
        (("verify", "--example", "wrong-step", "--check-question"), "--check-question"),
        (("verify", "--example", "wrong-step", "--translator", "model", "--samples", "9"), "model"),
        (("prove", "--goal", "P(a)", "--memory", "512"), "--memory"),
    ],
)
def test_what_a_service_would_not_heed_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = neurosym(*arguments, "--server", "http://127.0.0.1:9")
    assert done.returncode == 2 and said in one_sentence(done)


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--example", "wrong-step"),
        ("prove", "--goal", "P(a)"),
        ("translate", "All dogs are animals."),
    ],
)
def test_a_service_that_cannot_be_reached_is_status_3(arguments: tuple[str, ...]) -> None:
    done = neurosym(*arguments, "--json", "--server", f"http://127.0.0.1:{_free_port()}")
    assert done.returncode == 3 and "cannot be reached" in one_sentence(done)


def test_a_service_that_stays_busy_is_status_3() -> None:
    with _scripted((429, {"Retry-After": "3600"}, _BUSY)) as (url, _):
        done = neurosym("prove", "--goal", "P(a)", "--server", url)
    assert done.returncode == 3 and "is busy" in one_sentence(done)


def test_the_token_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'neurosym.db'}")
    _, secret = Tokens(engine).create("cli")
    engine.dispose()
    with served(tmp_path, "--auth", "required") as server:
        ask = ("prove", "--goal", "P(a) | -P(a)", "--server", server.url)
        monkeypatch.delenv("NEUROSYM_TOKEN", raising=False)
        refused = neurosym(*ask)
        assert refused.returncode == 3 and "set NEUROSYM_TOKEN" in one_sentence(refused)
        monkeypatch.setenv("NEUROSYM_TOKEN", "neurosym_wrong")
        refused = neurosym(*ask)
        assert refused.returncode == 3 and "neurosym_wrong" not in one_sentence(refused)
        monkeypatch.setenv("NEUROSYM_TOKEN", secret)
        assert neurosym(*ask).returncode == 0


# --- helpers of the tests ------------------------------------------------------------------------


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _until_idle(server: Server) -> None:
    _until(lambda: "\nneurosym_running 0.0" in _metrics(server))


def _metrics(server: Server) -> str:
    import httpx

    return httpx.get(f"{server.url}/metrics").text


def _until(done: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)
