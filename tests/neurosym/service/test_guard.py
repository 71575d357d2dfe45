"""Bad input over a real socket: a clear refusal that tells nothing, and the service lives on."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from neurosym.service.body import check_json
from neurosym.service.journal import Journal
from neurosym.service.metrics import Metrics
from neurosym.service.problems import ServiceProblem
from tests.neurosym.service.servers import Server, configured, served

_SECONDS = 1.5  # that the impatient service gives to heads and bodies
# What no answer may hold: the program's own texts and places.
_LEAK = re.compile(rb"Traceback|\.py\b|site-packages|neurosym\.db|/tmp|/usr|/home|/root|pydantic")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("impatient")
    origins = ("https://example.org",)
    with configured(folder, body_seconds=_SECONDS, max_body=100_000, origins=origins) as server:
        yield server


# --- bodies ----------------------------------------------------------------------------------

_OPERATIONS = {
    "/v1/verify": {"steps": ["1 + 1 = 2"]},
    "/v1/prove": {"goal": "P(a)"},
    "/v1/translate": {"text": "All dogs are animals."},
    "/v1/premises": {"goal": "a", "premises": ["a"]},
    "/v1/score": {"steps": ["1 + 1 = 2"]},
    "/v1/sessions": {"question": "How much is 1 + 1?"},
    "/v1/jobs": {"kind": "verify", "input": {"steps": ["1 + 1 = 2"]}},
}
_NO_JSON = [
    b"",
    b"{",
    b'{"steps": [}',
    b"nonsense",
    b"\xff\xfe\x00",
    '{"steps": ["1"]}'.encode("utf-16"),
    '{"steps": ["1"]}'.encode("utf-32-le"),
    b'{"steps": ["\xc3"]}',
    b'{"steps": ["a\x01b"]}',
    b'{"steps": ["\\ud800"]}',
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"steps": [' + b"9" * 100_000 + b"]}",
    b'{"steps": [1e999]}',
    b'{"steps": [NaN]}',
    b"{} {}",
]


@pytest.mark.parametrize("path", _OPERATIONS)
@pytest.mark.parametrize("body", _NO_JSON, ids=range(len(_NO_JSON)))
def test_what_is_no_json_or_dangerous_json_is_400(server: Server, path: str, body: bytes) -> None:
    problem = _refused(_post(server, path, body), 400)
    assert len(problem["detail"]) < 300


@pytest.mark.parametrize("path", _OPERATIONS)
@pytest.mark.parametrize(
    "body",
    [
        [],
        1,
        "text",
        None,
        {"unknown": 1},
        {"__proto__": {}},
        {"steps": {"a": 1}, "premises": 5, "text": 1, "records": {}, "kind": [], "goal": {}},
        {"steps": [None], "goal": True, "text": [], "question": 1.5, "kind": "shell"},
        {"id": {"a": 1}},
        {"timeout": "fast", "steps": ["1"], "goal": "p", "text": "t", "premises": ["a"]},
        {"budget": -1, "steps": ["1"], "goal": "p", "text": "t", "premises": ["a"]},
        {"prover": "../../bin/sh", "steps": ["1"], "goal": "p", "text": "t"},
    ],
)
def test_wrong_types_and_unknown_fields_are_422(server: Server, path: str, body: Any) -> None:
    problem = _refused(_post(server, path, json.dumps(body).encode()), 422)
    assert len(problem["detail"]) < 500


@pytest.mark.parametrize(("path", "body"), _OPERATIONS.items())
def test_an_unknown_field_is_named(server: Server, path: str, body: dict[str, Any]) -> None:
    problem = _refused(_post(server, path, json.dumps({**body, "colour": 1}).encode()), 422)
    assert "colour" in json.dumps(problem)


@pytest.mark.parametrize("path", _OPERATIONS)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_pages_can_send_without_asking_is_415(server: Server, path: str, kind: str) -> None:
    body = json.dumps(_OPERATIONS[path]).encode()
    headers = {"Content-Type": kind} if kind else {}
    found = httpx.post(server.url + path, content=body, headers=headers, timeout=30)
    _refused(found, 415)


def test_too_many_steps_are_422(server: Server) -> None:
    body = json.dumps({"steps": ["1 + 1 = 2"] * 100_000}).encode()
    assert "100,000" in _refused(_post(server, "/v1/verify", body), 422)["detail"]
    body = json.dumps({"solution": "1 + 1 = 2.\n" * 50_000}).encode()
    _refused(_post(server, "/v1/verify", body), 422)


def test_control_characters_in_texts_are_only_texts(server: Server) -> None:
    steps = ["1 + 1 = 2\x00", "\x1b[2J\u202e2 + 2 = 4", "a\u2028event: report\ndata: {}"]
    report = _post(server, "/v1/verify", json.dumps({"steps": steps, "id": "\x00\r\n"}).encode())
    assert report.status_code == 200
    assert [step["text"] for step in report.json()["steps"]] == steps
    assert b"\x00" not in report.content and b"\x1b" not in report.content


def test_a_body_of_100_megabytes_is_refused_at_its_length(server: Server) -> None:
    before = _resident(server)
    start = time.monotonic()
    head = _head(
        "POST /v1/verify", "Content-Type: application/json", f"Content-Length: {100 << 20}"
    )
    with _connected(server) as connection:
        connection.sendall(head)
        answer = connection.recv(1 << 16)  # before a byte of it is sent
        assert time.monotonic() - start < 10
    assert b" 413 " in answer and not _LEAK.search(answer)
    assert b"connection: close" in answer.lower()
    _refused(_post(server, "/v1/verify", b" " * (100 << 20)), 413)
    assert _resident(server) - before < 60 << 20
    assert server.alive()


def test_a_body_without_a_length_is_refused_where_it_grows_too_large(server: Server) -> None:
    before = _resident(server)

    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * (1 << 20)

    start = time.monotonic()
    found = httpx.post(
        f"{server.url}/v1/verify",
        content=pieces(),
        headers={"Content-Type": "application/json"},
        timeout=30,
    )
    _refused(found, 413)
    assert time.monotonic() - start < 10
    assert _resident(server) - before < 60 << 20
    assert server.alive()


def test_a_body_that_dawdles_is_408(impatient: Server) -> None:
    head = _head("POST /v1/verify", "Content-Type: application/json", "Content-Length: 1000")
    with _connected(impatient) as connection:
        connection.sendall(head)
        start = time.monotonic()
        answer = _trickled(connection, b" ", 0.1)
        assert _SECONDS * 0.8 < time.monotonic() - start < _SECONDS + 3
    assert b" 408 " in answer and not _LEAK.search(answer)
    assert b"connection: close" in answer.lower()


def test_a_body_that_breaks_off_disturbs_nobody(impatient: Server) -> None:
    for _ in range(20):
        with _connected(impatient) as connection:
            head = _head("POST /v1/verify", "Content-Type: application/json", "Content-Length: 9")
            connection.sendall(head + b"{")
    assert impatient.alive()
    assert impatient.tracebacks == 0


# --- heads -----------------------------------------------------------------------------------


def test_heads_that_dawdle_are_408(impatient: Server) -> None:
    with _connected(impatient) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        start = time.monotonic()
        answer = _trickled(connection, b"X-A: b\r\n", 0.1)
        assert _SECONDS * 0.8 < time.monotonic() - start < _SECONDS + 3
    assert b" 408 " in answer and b"application/problem+json" in answer


@pytest.mark.parametrize("first", [b"", b"\r\n", b"G"])
def test_connections_that_say_nothing_are_closed(impatient: Server, first: bytes) -> None:
    with _connected(impatient) as connection:
        connection.sendall(first)
        start = time.monotonic()
        _answer(connection)
        assert time.monotonic() - start < _SECONDS + 3


def test_two_hundred_that_dawdle_keep_nobody_waiting(impatient: Server) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(_connected(impatient)) for _ in range(200)]
        for i, connection in enumerate(slow):
            half = _head("POST /v1/verify", "Content-Type: application/json", "Content-Length: 50")
            connection.sendall(half + b"{" if i % 2 else half[:-2])
        start = time.monotonic()
        assert _post(impatient, "/v1/verify", b'{"steps": ["1 + 1 = 2"]}').status_code == 200
        assert time.monotonic() - start < _SECONDS
        for connection in slow:
            assert b" 408 " in _answer(connection)
    assert impatient.alive()


def test_one_connection_too_many_is_503_and_the_others_are_served(tmp_path: Path) -> None:
    with configured(tmp_path, files=200) as server, contextlib.ExitStack() as stack:
        first = stack.enter_context(_connected(server))
        for _ in range(80):  # of the 200 files some are kept for other things
            stack.enter_context(_connected(server))
        with _connected(server) as extra:
            answer = _answer(extra)
        assert b" 503 " in answer and b"retry-after: 1" in answer
        first.sendall(_head("GET /healthz", "Connection: close"))
        assert b" 200 " in _answer(first)
        stack.close()
        assert server.alive()


def test_who_does_not_read_is_let_go(impatient: Server) -> None:
    before = _settled(impatient)
    with _connected(impatient) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(1)
        deaf = _head("GET /openapi.json") * 50
        with contextlib.suppress(OSError):  # it reads no more when nobody reads its answers
            for _ in range(40):
                connection.sendall(deaf)
        end = time.monotonic() + _SECONDS + 10
        while _open_sockets(impatient) <= before:  # it is taken in when the service comes to it
            assert time.monotonic() < end
            time.sleep(0.01)
        while _open_sockets(impatient) > before:
            assert time.monotonic() < end
            time.sleep(0.1)
    assert impatient.alive()


@pytest.mark.parametrize(
    "headers",
    [
        [f"X-{i}: {'a' * 100}" for i in range(300)],
        [f"X-{i}: a" for i in range(101)],
        ["X-A: " + "a" * 70_000],
        ["Cookie: " + "a" * 300_000],
    ],
)
def test_floods_of_headers_are_431(server: Server, headers: list[str]) -> None:
    with _connected(server) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(_head("GET /healthz", *headers))
        answer = _answer(connection)
    assert b" 431 " in answer and b"application/problem+json" in answer
    assert server.alive()


def test_headers_without_end_are_431(server: Server) -> None:
    before = _resident(server)
    with _connected(server) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 50 << 20:
                connection.sendall(b"X-A: " + b"b" * 10_000 + b"\r\n")
                sent += 10_007
        with contextlib.suppress(ConnectionError):
            assert b" 431 " in _answer(connection)
    assert sent < 50 << 20
    assert _resident(server) - before < 20 << 20
    assert server.alive()


@pytest.mark.parametrize(
    "request_line",
    [
        b"nonsense",
        b"GET",
        b"GET /healthz HTTP/9.9",
        b"GET /health\x00z HTTP/1.1",
        b"GET /\x01\x02 HTTP/1.1",
        b"GET /\xff\xfe HTTP/1.1",
        b"G\x7fT / HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"PRI * HTTP/2.0",
        b"GET http://[ HTTP/1.1",
        b"GET /healthz HTTP/1.1\r\nA\x00b: c",
        b"GET /healthz HTTP/1.1\r\nA: b\x00c",
        b"POST /v1/verify HTTP/1.1\r\nContent-Length: -5",
        b"POST /v1/verify HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6",
        b"POST /v1/verify HTTP/1.1\r\nContent-Length: 99999999999999999999999999",
        b"POST /v1/verify HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5",
    ],
)
def test_what_is_no_http_is_4xx(server: Server, request_line: bytes) -> None:
    with _connected(server) as connection:
        connection.sendall(request_line + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            connection.shutdown(socket.SHUT_WR)
        answer = _answer(connection)
    assert re.match(rb"HTTP/1.1 4\d\d ", answer) and not _LEAK.search(answer), answer
    assert b"application/problem+json" in answer
    assert server.alive()


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "//etc/passwd",
        "/static/../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/static/%2e%2e/app.py",
        "/static/..\\..\\app.py",
        "/static/page.css%00.html",
        "/static//etc/passwd",
        "/v1/jobs/../../etc/passwd",
        "/v1/jobs/..%2f..%2fetc%2fpasswd",
        "/v1/jobs/%00",
        "/v1/jobs/%0d%0aSet-Cookie:%20a=b",
        "/v1/jobs/%ff%fe",
        "/v1/jobs/" + "0" * 31,
        "/v1/jobs/" + "0" * 33,
        "/v1/jobs/" + "A" * 32,
        "/v1/jobs/*",
        "/v1/jobs/1;DROP%20TABLE%20jobs",
        "/v1/jobs/' OR 1=1 --".replace(" ", "%20"),
        "/v1/sessions/..%2f",
        "/.git/config",
        "/v1/verify/",
    ],
)
def test_tricks_with_paths_are_404(server: Server, path: str) -> None:
    with _connected(server) as connection:
        connection.sendall(_head(f"GET {path}", "Connection: close"))
        answer = _answer(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1.1 40[45] ", head), head
    assert b"set-cookie" not in head.lower()
    assert b"root:" not in body and b"import " not in body
    assert json.loads(body)["status"] in (404, 405)


def test_addresses_that_are_too_long_are_414(server: Server) -> None:
    for address in ("/" + "a" * 9_000, "/healthz?" + "a" * 9_000):
        _refused(httpx.get(server.url + address), 414)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "GET"])
def test_other_methods_are_405(server: Server, method: str) -> None:
    _refused(httpx.request(method, f"{server.url}/v1/verify"), 405)


def test_an_upgrade_is_not_taken_up(server: Server) -> None:
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    with _connected(server) as connection:
        connection.sendall(_head("GET /healthz", *upgrade, "Sec-WebSocket-Key: aaaa"))
        connection.settimeout(15)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    assert server.alive()


# --- origins ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", ""]
)
def test_names_of_strangers_are_refused(server: Server, host: str) -> None:
    """A page whose own name resolves to 127.0.0.1 must not read what is here."""
    with _connected(server) as connection:
        connection.sendall(f"GET /v1/jobs HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        connection.settimeout(15)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.9.9.9", "[::1]:8000"])
def test_names_of_this_machine_are_not(server: Server, host: str) -> None:
    assert httpx.get(f"{server.url}/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_pages_of_other_origins_may_not_ask(server: Server, origin: str) -> None:
    body = json.dumps(_OPERATIONS["/v1/verify"]).encode()
    found = _post(server, "/v1/verify", body, Origin=origin)
    _refused(found, 403)
    _refused(httpx.post(f"{server.url}/v1/jobs/x/cancel", headers={"Origin": origin}), 403)
    preflight = httpx.options(
        f"{server.url}/v1/verify",
        headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
    )
    read = httpx.get(f"{server.url}/v1/jobs", headers={"Origin": origin})
    for answer in (found, preflight, read):
        assert not any(name.startswith("access-control") for name in answer.headers)


def test_its_own_page_may_ask(server: Server) -> None:
    body = json.dumps(_OPERATIONS["/v1/verify"]).encode()
    assert _post(server, "/v1/verify", body, Origin=server.url).status_code == 200


def test_an_origin_that_is_allowed_may_ask(impatient: Server) -> None:
    origin = "https://example.org"
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = httpx.options(f"{impatient.url}/v1/verify", headers={"Origin": origin, **asked})
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    body = json.dumps(_OPERATIONS["/v1/verify"]).encode()
    found = _post(impatient, "/v1/verify", body, Origin=origin)
    assert found.status_code == 200
    assert found.headers["Access-Control-Allow-Origin"] == origin
    _refused(_post(impatient, "/v1/verify", body, Origin="https://example.com"), 403)


# --- what is sent with every answer, and what is logged ------------------------------------------


def test_every_answer_says_what_browsers_may_do(server: Server) -> None:
    for path in ("/", "/healthz", "/nothing", "/v1/verify", "/openapi.json", "/static/page.css"):
        headers = httpx.get(server.url + path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "server" not in headers


def test_requests_have_ids(server: Server) -> None:
    first, second = (httpx.get(f"{server.url}/healthz").headers["X-Request-Id"] for _ in "ab")
    assert first != second
    own = httpx.get(f"{server.url}/healthz", headers={"X-Request-Id": "mine-1"})
    assert own.headers["X-Request-Id"] == "mine-1"
    server.logged('"id": "mine-1"')
    for bad in ("a b", "x" * 65, '"},{"'):
        found = httpx.get(f"{server.url}/healthz", headers={"X-Request-Id": bad})
        assert found.headers["X-Request-Id"] != bad


def test_the_log_has_one_line_of_json_for_each_request_and_no_body(server: Server) -> None:
    body = json.dumps({"steps": ["The secret is 7."], "question": "Whose secret?"}).encode()
    _post(server, "/v1/verify?secret=8", body, **{"X-Request-Id": "log-1"})
    forged = "/x%0a%7B%22id%22:%22forged%22%7D%1b[31m"
    httpx.get(server.url + forged, headers={"X-Request-Id": "log-2"})
    server.logged('"id": "log-2"')
    lines = [json.loads(line) for line in server.lines if line.startswith("{")]
    found = {line["id"]: line for line in lines}
    assert found["log-1"]["path"] == "/v1/verify" and found["log-1"]["status"] == 200
    assert found["log-1"]["method"] == "POST" and found["log-1"]["ms"] > 0
    assert found["log-1"]["client"] == "127.0.0.1" and found["log-1"]["sent"] > 100
    assert found["log-2"]["status"] == 404
    assert "forged" not in found
    assert "secret" not in server.log and "\x1b" not in server.log


def test_requests_are_counted_by_route_not_by_path(server: Server) -> None:
    for i in range(5):
        httpx.get(f"{server.url}/v1/jobs/{i:032x}")
        httpx.get(f"{server.url}/nothing-{i}")
    metrics = httpx.get(f"{server.url}/metrics").text
    assert 'route="/v1/jobs/{id}",status="404"' in metrics
    assert 'route="other",status="404"' in metrics
    assert "nothing-" not in metrics and f"{4:032x}" not in metrics


def test_what_was_not_foreseen_is_500_without_its_reasons(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("the password is hunter2")

    scope = {"type": "http", "method": "GET", "path": "/x", "headers": []}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    asyncio.run(Journal(broken, Metrics())(scope, receive, send))
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["status"] == 500
    assert b"hunter2" not in sent[1]["body"]
    id = dict(sent[0]["headers"])[b"x-request-id"].decode()
    assert id in caplog.text and "hunter2" in caplog.text  # for whom it is


def test_a_database_that_breaks_is_named_to_nobody(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        with sqlite3.connect(tmp_path / "neurosym.db") as connection:
            connection.execute("DROP TABLE outputs")
            connection.execute("DROP TABLE jobs")
            connection.execute("DROP TABLE results")
        for path in ("/v1/jobs", "/v1/jobs/" + "0" * 32, "/readyz"):
            _refused(httpx.get(server.url + path, timeout=30), 503)
        assert _post(server, "/v1/verify", b'{"steps": ["1 + 1 = 2"]}').status_code == 200
        assert server.alive()
        server.logged("cannot be used: no such table")


# --- the scan, by itself --------------------------------------------------------------------------

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text('ab"\\[]{}é\n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('"\\[{', max_size=3), inner)
    ),
    max_leaves=20,
)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@given(value=_VALUES, limit=st.integers(0, 5), ascii=st.booleans())
def test_nesting_is_counted_outside_strings(value: Any, limit: int, ascii: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii).encode()
    if _depth(value) <= limit:
        check_json(data, limit)
    else:
        with pytest.raises(ServiceProblem, match="nested deeper"):
            check_json(data, limit)


@pytest.mark.parametrize(
    ("data", "fine"),
    [
        (b'{"a": ' + b"1" * 100 + b"}", True),
        (b'{"a": ' + b"1" * 101 + b"}", False),
        (b'{"a": "' + b"1" * 101 + b'"}', True),
        (b'{"a": "\\"' + b"1" * 101 + b'"}', True),
        (b"[1e200, 1E+308, -1.5e308, 1e-99999]", True),
        (b"[2e308]", False),
        (b"[-" + b"9" * 100 + b".5e209]", False),
        (b"[0.00001e312]", True),
        (b"[1.2.3e309]", True),  # which the parser refuses
        (b"[e309]", True),
        (b"[1E+999999]", False),
        (b'["1e999"]', True),
        (b"[-Infinity]", False),
        (b'{"a": NaN}', False),
        (b'["NaN", "Infinity"]', True),
    ],
)
def test_numbers_outside_strings_are_limited(data: bytes, fine: bool) -> None:
    if fine:
        check_json(data, 64)
    else:
        with pytest.raises(ServiceProblem, match=r"number in the body|not JSON"):
            check_json(data, 64)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 2_000_000 + b"]" * 2_000_000,
        b"[" + b"[]," * 1_300_000 + b"[]]",
        b'"' + b'\\"' * 2_000_000 + b"[]" * 100,
        b'"' * 4_000_000 + b"[]" * 100,
        (b"[" * 64 + b"]" * 64) * 30_000,
        b"1e201" * 800_000,
        b"9" * 100 + (b".e399" * 800_000),
    ],
)
def test_the_scan_takes_linear_time(data: bytes) -> None:
    start = time.process_time()
    with contextlib.suppress(ServiceProblem):
        check_json(data, 64)
    assert time.process_time() - start < 40


# --- sockets -------------------------------------------------------------------------------------


def _post(server: Server, path: str, body: bytes, **headers: str) -> httpx.Response:
    kind = {"Content-Type": "application/json", **headers}
    return httpx.post(server.url + path, content=body, headers=kind, timeout=30)


def _refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of an answer with this status, which tells nothing else."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not _LEAK.search(answer.content), answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]
    return problem


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def _head(line: str, *headers: str) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
    return "\r\n".join(lines).encode()


def _answer(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    pieces = []
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


def _trickled(connection: socket.socket, piece: bytes, pause: float) -> bytes:
    """What comes back while a piece is sent again and again."""
    connection.settimeout(pause)
    answer = b""
    for _ in range(200):
        with contextlib.suppress(ConnectionError):
            connection.sendall(piece)
        try:
            more = connection.recv(1 << 16)
        except TimeoutError:
            continue
        except ConnectionResetError:
            return answer
        if not more:
            return answer
        answer += more
    raise AssertionError("the connection is still open")


def _open_sockets(server: Server) -> int:
    folder = Path(f"/proc/{server.process.pid}/fd")
    if not folder.exists():
        pytest.skip("needs /proc")
    found = 0
    for link in folder.iterdir():
        with contextlib.suppress(OSError):  # it was closed meanwhile
            found += str(link.readlink()).startswith("socket:")
    return found


def _settled(server: Server) -> int:
    """The sockets that are open when those of the tests before have been closed."""
    found = [_open_sockets(server)]
    while len(found) < 10 or len(set(found[-10:])) > 1:
        time.sleep(0.05)
        found.append(_open_sockets(server))
    return found[-1]


def _resident(server: Server) -> int:
    """Bytes of memory that the service holds."""
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        pytest.skip("needs /proc")
    found = re.search(r"VmRSS:\s*(\d+) kB", status.read_text())
    assert found is not None
    return int(found[1]) * 1024
