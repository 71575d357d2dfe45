"""The background process, as a process: a fake Lean behind it, and every way to lose it."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from provers.base import LeanProblem, Limits, Outcome
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean import checkers, client, protocol, runtime, toolchain
from provers.lean.base import INIT, Reply
from provers.lean.client import DaemonClient
from provers.lean.judge import judge
from provers.lean.pool import Pool
from tests.provers.lean.daemons import own_place, use_fake_lean

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="needs the sockets of Unix systems"
)
uses_lean = pytest.mark.usefixtures("lean")
PATIENCE = 60.0


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with own_place(monkeypatch) as folder:
        yield folder


@pytest.fixture
def lean(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use_fake_lean(place, monkeypatch)


def ask(code: str, seconds: float = 20.0, asker: DaemonClient | None = None) -> Reply:
    return (asker or DaemonClient()).ask(INIT, {"op": "check", "code": code}, Limits(seconds, 400))


def echoed(reply: Reply) -> object:
    assert reply.body is not None, reply
    return reply.body["echo"]


def pid() -> int:
    found = client.status()
    assert found is not None
    return int(found["pid"])


def eventually(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def background(work: Callable[[], object]) -> tuple[threading.Thread, list[Any]]:
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    return thread, results


def at_work(count: int) -> Callable[[], bool]:
    return lambda: (client.status() or {"at_work": -1})["at_work"] == count


# --- asking --------------------------------------------------------------------------------


@uses_lean
def test_the_first_request_starts_it_and_the_second_finds_it() -> None:
    assert client.status() is None
    assert echoed(ask("one")) == "one"
    first = pid()
    assert echoed(ask("two")) == "two"
    assert pid() == first


@uses_lean
def test_it_is_started_once_by_many_at_once() -> None:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda i=i: replies.append(ask(str(i)))) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(str(echoed(reply)) for reply in replies) == [str(i) for i in range(6)]
    found = client.status()
    assert found is not None and found["answered"] == 6


@uses_lean
def test_ends_have_their_names_and_the_limits_hold() -> None:
    for code, stopped in (("crash", "crash"), ("stack", "stack"), ("memory", "memory")):
        assert ask(code).stopped == stopped
    start = time.monotonic()
    assert ask("hang", 0.3).stopped == "timeout"
    assert time.monotonic() - start < PATIENCE
    assert ask("eat", 30.0).stopped in ("memory", "timeout")
    assert echoed(ask("after")) == "after"


@uses_lean
def test_a_header_that_fails_is_reported() -> None:
    reply = DaemonClient().ask(("Nope",), {"op": "check", "code": "x"}, Limits(20.0))
    assert reply.stopped == "header" and "Nope" in reply.detail


@uses_lean
def test_what_the_pool_raises_is_raised_here() -> None:
    with pytest.raises(BrokenToolError, match="not JSON"):
        ask("nonsense")
    with pytest.raises(BrokenToolError, match="not complete"):
        DaemonClient().ask(INIT, {"code": "no op"}, Limits())


@uses_lean
def test_text_that_is_no_text_arrives_as_it_is() -> None:
    text = "∀ \ud800 \0 \U0001f600"
    assert echoed(ask(text)) == text


@uses_lean
def test_five_megabytes_arrive() -> None:
    text = "x" * 5_000_000
    assert echoed(ask(text)) == text


@uses_lean
def test_what_is_longer_than_a_message_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="64 MB"):
        ask("x" * 2000)


@uses_lean
def test_one_client_is_answered_while_anothers_request_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask("start")
    found = client.status()
    assert found is not None
    thread, replies = background(lambda: ask("hang", 4.0))
    eventually(at_work(1))
    other, others = background(lambda: ask("quick"))
    other.join(PATIENCE)
    assert echoed(others[0]) == "quick"
    thread.join(PATIENCE)
    assert replies[0].stopped == "timeout"


@uses_lean
def test_a_client_that_goes_away_harms_no_other() -> None:
    ask("start")
    asker = DaemonClient()
    thread, replies = background(lambda: ask("hang", 3.0, asker))
    eventually(at_work(1))
    asker.close()
    thread.join(PATIENCE)
    assert replies[0].stopped == "crash"
    assert echoed(ask("other")) == "other"
    assert echoed(ask("again", asker=asker)) == "again"


@uses_lean
def test_the_version_is_known_before_and_after_a_start() -> None:
    before = DaemonClient().version()
    assert (before.version, before.toolchain) == ("4.28.0", "native")
    assert client.status() is None
    asker = DaemonClient()
    ask("x", asker=asker)
    assert asker.version() == before == DaemonClient().version()


@uses_lean
def test_warming_starts_it_without_waiting() -> None:
    assert checkers.running_checker() is None
    DaemonClient().warm()
    eventually(checkers.running_checker)
    checker = checkers.running_checker()
    assert isinstance(checker, DaemonClient)
    assert echoed(ask("x", asker=checker)) == "x"


@uses_lean
def test_it_is_ready_again_after_its_only_server_was_stopped() -> None:
    ask("hang", 0.2)
    eventually(checkers.running_checker)


# --- losing it -----------------------------------------------------------------------------


@uses_lean
def test_a_request_is_stopped_when_it_is_killed_and_the_next_starts_another() -> None:
    ask("start")
    first = pid()
    thread, replies = background(lambda: ask("hang", 60.0))
    eventually(at_work(1))
    workers = (client.status() or {})["workers"]
    os.kill(first, signal.SIGKILL)
    thread.join(PATIENCE)
    assert replies[0].stopped == "crash"
    assert echoed(ask("next")) == "next"  # the socket file of the first was still there
    assert pid() != first
    for worker in workers:  # a server that hangs does not see that nobody reads any more
        if alive(worker["pid"]):
            os.kill(worker["pid"], signal.SIGKILL)


@uses_lean
def test_silence_after_a_request_was_begun_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    ask("start")
    monkeypatch.setattr(client, "SILENCE_SECONDS", 3.0)
    number = pid()
    thread, replies = background(lambda: ask("hang", 60.0))
    eventually(at_work(1))
    os.kill(number, signal.SIGSTOP)
    thread.join(PATIENCE)
    assert replies[0].stopped == "crash"
    assert "silent" in replies[0].detail
    os.kill(number, signal.SIGCONT)


@uses_lean
def test_one_that_answers_nothing_is_named_and_stopped_by_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask("start")
    number = pid()
    os.kill(number, signal.SIGSTOP)
    monkeypatch.setattr(client, "SILENCE_SECONDS", 0.5)
    monkeypatch.setattr(client, "_STOP_SECONDS", 0.5)
    with pytest.raises(BrokenToolError, match=f"process {number}.*neurosym daemon stop"):
        ask("x")
    assert checkers.running_checker() is None
    assert client.stop() == number
    eventually(lambda: not alive(number))


@uses_lean
def test_a_busy_one_that_gets_nowhere_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    ask("start")
    monkeypatch.setattr(client, "RESERVE_SECONDS", -58.0)
    reply = ask("hang", 60.0)
    assert (reply.stopped, reply.body) == ("timeout", None)
    assert reply.detail == "Lean was busy with other requests"


@uses_lean
def test_stopping_cuts_what_is_at_work_and_leaves_nothing() -> None:
    ask("start")
    found = client.status()
    assert found is not None
    thread, replies = background(lambda: ask("hang", 60.0))
    eventually(at_work(1))
    workers = (client.status() or {})["workers"]
    assert client.stop() == found["pid"]
    thread.join(PATIENCE)
    assert replies[0].stopped == "crash"
    assert not alive(found["pid"])
    assert not any(alive(worker["pid"]) for worker in workers)
    assert client.status() is None
    assert client.stop() is None
    assert not runtime.socket_file().exists()


@uses_lean
def test_it_ends_on_a_signal() -> None:
    ask("start")
    number = pid()
    os.kill(number, signal.SIGTERM)
    eventually(lambda: not alive(number))
    assert not runtime.socket_file().exists()


@uses_lean
def test_it_ends_when_it_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(runtime.IDLE, "0.5")
    ask("start")
    eventually(lambda: client.status() is None)
    assert echoed(ask("again")) == "again"


@uses_lean
@pytest.mark.parametrize("text", ["soon", "-1", "nan", "0"])
def test_an_idle_time_that_is_none_is_an_error(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(runtime.IDLE, text)
    with pytest.raises(BrokenToolError, match=f"{runtime.IDLE} is '{text}'"):
        ask("start")


@uses_lean
def test_another_version_is_replaced_and_finishes_its_work(
    monkeypatch: pytest.MonkeyPatch, lean: Path
) -> None:
    ask("start")
    first = pid()
    thread, replies = background(lambda: ask("hang", 5.0))
    eventually(at_work(1))
    monkeypatch.setenv("ELAN_HOME", str(lean.parent))
    assert echoed(ask("other")) == "other"
    assert pid() != first
    thread.join(PATIENCE)
    assert replies[0].stopped == "timeout"
    eventually(lambda: not alive(first))
    assert echoed(ask("still")) == "still"


@uses_lean
def test_one_that_nobody_can_find_ends(place: Path) -> None:
    ask("start")
    number = pid()
    runtime.socket_file().unlink()
    eventually(lambda: not alive(number))
    assert echoed(ask("next")) == "next"


# --- the place -----------------------------------------------------------------------------


@uses_lean
def test_only_the_user_can_reach_it(place: Path) -> None:
    ask("start")
    assert place.stat().st_mode & 0o777 == 0o700
    for name in ("lean.sock", "lean.lock", "lean.log"):
        assert (place / name).stat().st_mode & 0o077 == 0


@uses_lean
def test_a_folder_that_others_can_use_is_refused(place: Path) -> None:
    place.mkdir(mode=0o700)
    place.chmod(0o755)
    with pytest.raises(BrokenToolError, match="can be used by other users"):
        ask("x")
    assert list(place.iterdir()) == []


@uses_lean
def test_a_link_to_a_folder_is_refused(place: Path, tmp_path: Path) -> None:
    place.symlink_to(tmp_path)
    with pytest.raises(BrokenToolError, match="is not a folder"):
        ask("x")


@uses_lean
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give folders away")
def test_another_users_folder_is_refused(place: Path) -> None:
    place.mkdir(mode=0o700)
    os.chown(place, 12345, -1)
    with pytest.raises(BrokenToolError, match="belongs to another user"):
        ask("x")


@uses_lean
def test_a_socket_that_others_can_use_is_refused(place: Path) -> None:
    ask("start")
    (place / "lean.sock").chmod(0o666)
    with pytest.raises(BrokenToolError, match=r"lean\.sock can be used by other users"):
        ask("x")


@uses_lean
def test_a_file_in_the_sockets_place_is_refused(place: Path) -> None:
    place.mkdir(mode=0o700)
    (place / "lean.sock").write_text("")
    (place / "lean.sock").chmod(0o600)
    with pytest.raises(BrokenToolError, match="is not a socket"):
        ask("x")


def test_a_runtime_folder_that_is_open_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "open"))
    monkeypatch.setenv("NEUROSYM_CACHE", str(tmp_path / "cache"))
    assert runtime.folder() == tmp_path / "cache" / "run"


@uses_lean
def test_the_peers_user_is_known(place: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("the system does not tell")
    left, right = socket.socketpair()
    with left, right:
        assert protocol.peer(left) == (os.getpid(), os.geteuid())


# --- nonsense on the socket ------------------------------------------------------------------


def raw(data: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(runtime.socket_file()))
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return protocol.receive(connection, time.monotonic() + PATIENCE)


@uses_lean
def test_nonsense_is_answered_and_harms_nobody() -> None:
    ask("start")
    first = pid()
    length = struct.Struct(">I")
    deep = b"[" * 200_000
    for data in (
        b"GET / HTTP/1.1\r\n\r\n",
        length.pack(protocol.MAX_BYTES + 1),
        length.pack(2**32 - 1) + b"x" * 100,
        length.pack(100) + b"cut off",
        length.pack(4) + b"null",
        length.pack(5) + b"\xff\xfe\xfd\xfc\xfb",
        length.pack(len(deep)) + deep,
        protocol.frame({"op": "ask", "identity": runtime.identity(), "header": 1}),
        protocol.frame({"op": "nothing", "identity": runtime.identity()}),
    ):
        message = raw(data)
        if message.get("state") == "begun":
            continue
        assert (message["state"], message["kind"]) == ("error", "request"), (data[:40], message)
    assert raw(protocol.frame({"op": "ask"}))["kind"] == "identity"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(runtime.socket_file()))
        assert echoed(ask("others")) == "others"
    assert pid() == first


def test_a_server_that_answers_nonsense_is_named(place: Path) -> None:
    place.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        mask = os.umask(0o177)
        listener.bind(str(place / "lean.sock"))
        os.umask(mask)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(b"\xff" * 100)

        thread, _ = background(serve)
        with pytest.raises(BrokenToolError, match="answers nonsense"):
            ask("x")
        thread.join(PATIENCE)
    (place / "lean.sock").unlink()


# --- choosing ------------------------------------------------------------------------------


@uses_lean
def test_a_process_is_used_unless_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(checkers.open_checker(), DaemonClient)
    assert isinstance(checkers.open_checker(daemon=False), Pool)
    monkeypatch.setenv(runtime.OFF, "1")
    assert isinstance(checkers.open_checker(), Pool)
    checkers.start_daemon()
    assert checkers.running_checker() is None


@uses_lean
def test_a_name_too_long_for_a_socket_means_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setenv("NEUROSYM_CACHE", f"/nowhere/{'x' * 200}")
    assert not runtime.wanted()
    assert isinstance(checkers.open_checker(), Pool)


@uses_lean
def test_it_starts_in_the_background_of_a_command() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from provers.lean import checkers as c; c.start_daemon(); "
            "import time; time.sleep(0.3)",
        ],
        timeout=PATIENCE,
    )
    assert done.returncode == 0
    eventually(checkers.running_checker)


def test_without_lean_nothing_starts(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_LEAN", "embedded")
    monkeypatch.setenv("NEUROSYM_CACHE", str(place.parent / "cache"))
    with pytest.raises(MissingToolError, match="neurosym setup lean"):
        ask("x")
    assert client.status() is None


def test_the_client_loads_nothing_heavy() -> None:
    heavy = (
        "pydantic",
        "typer",
        "rich",
        "z3",
        "lark",
        "subprocess",
        "tarfile",
        "importlib.metadata",
    )
    code = f"import provers.lean.checkers, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# --- Lean itself -----------------------------------------------------------------------------


def test_two_problems_are_judged_by_one_process(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if toolchain.find() is None:
        pytest.skip("Lean is not set up")
    one = checkers.open_checker()
    goal = "theorem t (a b : Nat) : a + b = b + a"
    proved = judge(one, LeanProblem(f"{goal} := by omega", goal), Limits(60.0))
    assert proved.outcome is Outcome.PROVED, proved
    one.close()
    first = pid()
    other = checkers.running_checker()
    assert other is not None
    refused = judge(other, LeanProblem(f"{goal} := by sorry", goal), Limits(60.0))
    assert (refused.outcome, refused.flags) == (Outcome.UNKNOWN, ("sorry",))
    assert pid() == first
    found = client.status()
    assert found is not None and found["answered"] == 2
    assert client.stop() == first
