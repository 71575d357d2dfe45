"""The process: what it says at the start, and how it ends."""

from __future__ import annotations

import concurrent.futures
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from neurosym.service import serving
from neurosym.settings import Settings
from provers.errors import InputError
from tests.neurosym.service.servers import served
from tests.neurosym.service.test_prove import HARD

EASY: dict[str, Any] = {"goal": "p | -p"}


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "neurosym.cli", "serve", *options],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def test_it_says_where_it_listens_and_what_is_contained(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        assert server.url.startswith("http://127.0.0.1:")
        server.logged("no token is needed; results are kept in sqlite:///")
        server.logged("(?i)lean runs in processes")
        server.logged("contained|socket")


def test_its_data_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEUROSYM_DATA_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert Settings().database == f"sqlite:///{tmp_path}/neurosym/neurosym.db"
    monkeypatch.setenv("NEUROSYM_DATA_HOME", str(tmp_path / "mine"))
    assert Settings().database == f"sqlite:///{tmp_path}/mine/neurosym.db"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_is_finished_and_nothing_more_is_taken(tmp_path: Path, number: int) -> None:
    """A question that would take a minute ends with the grace period, as unknown."""
    with (
        served(tmp_path, "--grace", "1.5") as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        concurrent.futures.ThreadPoolExecutor(2) as threads,
    ):
        assert client.post("/v1/prove", json=EASY).json()["outcome"] == "proved"
        slow = threads.submit(httpx.post, f"{server.url}/v1/prove", json=HARD, timeout=30)
        time.sleep(0.6)
        start = time.monotonic()
        server.process.send_signal(number)
        time.sleep(0.3)
        with pytest.raises(httpx.TransportError):
            for _ in range(20):  # the port is closed as soon as the signal is seen
                httpx.get(f"{server.url}/healthz", timeout=5)
                time.sleep(0.05)
        answer = slow.result()
        assert answer.status_code == 200
        assert (answer.json()["outcome"], answer.json()["reason"]) == ("unknown", "timeout")
        assert server.process.wait(10) == 0
        assert 1 < time.monotonic() - start < 8


def test_an_open_connection_is_told_that_it_ends(tmp_path: Path) -> None:
    """While one request of a connection is finished, others are refused with 503."""
    with served(tmp_path, "--grace", "3") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.settimeout(20)
            slow = {**HARD, "budget": 2.0}
            connection.sendall(request(slow))
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            connection.sendall(request(EASY))
            received = b""
            while piece := connection.recv(65536):
                received += piece
        assert received.startswith(b"HTTP/1.1 200")
        # The second is answered 503, or not at all once the server has closed the connection.
        assert received.count(b"HTTP/1.1 200") == 1
        assert server.process.wait(10) == 0


def request(body: dict[str, Any]) -> bytes:
    data = json.dumps(body).encode()
    head = (
        "POST /v1/prove HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def test_nothing_is_left_running(tmp_path: Path) -> None:
    with served(tmp_path) as server:
        httpx.post(f"{server.url}/v1/prove", json=EASY, timeout=30)
        children = _children(server.process.pid)
        assert children
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if not found.exists():
        pytest.skip("this system does not list a process's children")
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(c) for task in tasks for c in (task / "children").read_text().split()]


def test_an_address_that_is_taken_is_said(tmp_path: Path) -> None:
    with serving.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        done = run("--port", str(port), "--database", f"sqlite:///{tmp_path}/a.db")
    assert done.returncode == 2 and done.stdout == ""
    assert f"port {port}" in done.stderr and len(done.stderr.splitlines()) == 1
    with pytest.raises(InputError, match="cannot listen on no such host"):
        serving.listen("no such host", 0)


def test_strangers_are_not_let_in_without_tokens(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/a.db"
    for options in (["--host", "0.0.0.0"], ["--host", "0.0.0.0", "--auth", "off"]):
        done = run("--port", "0", "--database", database, *options)
        assert done.returncode == 2 and "token" in done.stderr


def test_a_database_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"this is no database" * 1000)
    done = run("--port", "0", "--database", f"sqlite:///{file}")
    assert done.returncode in (2, 3) and "a.db" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    """Without the extra the command says how to get it."""
    code = (
        "import sys, importlib.util as u; real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'fastapi' else real(name, *a)\n"
        "from neurosym.cli import main; main(['serve'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and "pip install 'neurosym[service]'" in done.stderr


def test_the_address_is_written_as_a_url() -> None:
    with serving.listen("127.0.0.1", 0) as one:
        assert serving.url_of(one) == f"http://127.0.0.1:{one.getsockname()[1]}"
    if socket.has_ipv6:
        with serving.listen("::1", 0) as two:
            assert serving.url_of(two) == f"http://[::1]:{two.getsockname()[1]}"
