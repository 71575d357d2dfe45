"""The real MCP client against ``neurosym mcp`` as a process: every tool, bad input, and the end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

pytest.importorskip("mcp", reason="the MCP server needs the extra 'service'")
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from provers.lean.toolchain import Toolchain

ROOT = Path(__file__).resolve().parents[3]
NAMES = {"verify", "prove", "translate", "premises", "check_lean"}
Call = Callable[..., CallToolResult]
# Z3 works on this until it is stopped.
ENDLESS = (
    "(declare-fun f (Int Int) Int)(assert (forall ((x Int)(y Int)) (= "
    "(f x (f y x)) (+ 1 (* (f y x) (f x y))))))(check-sat)"
)


def _environment() -> dict[str, str]:
    """The client passes on little of ours; these say where tools are and that nothing may stay."""
    kept = {k: v for k, v in os.environ.items() if k.startswith(("NEUROSYM_", "XDG_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def _argv(folder: Path, *more: str) -> list[str]:
    database = f"sqlite:///{folder / 'mcp.db'}"
    return [sys.executable, "-m", "neurosym.cli", "mcp", "--database", database, *more]


def _server(folder: Path) -> StdioServerParameters:
    command, *arguments = _argv(folder)
    environment = {**_environment(), "NEUROSYM_DATA_HOME": str(folder / "data")}
    return StdioServerParameters(command=command, args=arguments, env=environment)


@pytest.fixture(scope="module")
def portal() -> Iterator[Any]:
    with start_blocking_portal() as found:
        yield found


@pytest.fixture(scope="module")
def client(portal: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("mcp")
    with portal.wrap_async_context_manager(Client(_server(folder))) as found:
        yield found


@pytest.fixture(scope="module")
def call(portal: Any, client: Client) -> Call:
    def call(name: str, **arguments: Any) -> CallToolResult:
        result: CallToolResult = portal.call(client.call_tool, name, arguments)
        return result

    return call


def _answer(result: CallToolResult) -> dict[str, Any]:
    """The structured content; the text says the same."""
    assert not result.is_error, result.content
    answer: dict[str, Any] = result.structured_content
    assert json.loads(result.content[0].text) == answer
    return answer


def _complaint(result: CallToolResult) -> str:
    assert result.is_error
    assert result.structured_content is None
    text: str = result.content[0].text
    assert "\n" not in text
    assert text.endswith(".")
    return text


# --- tools ---------------------------------------------------------------------------------


def test_every_tool_is_described(portal: Any, client: Client) -> None:
    tools = portal.call(client.list_tools).tools
    assert {tool.name for tool in tools} == NAMES
    for tool in tools:
        assert len(tool.description) > 80
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint


def test_verify_names_the_wrong_step_with_its_evidence(call: Call) -> None:
    question = "Ann has 3 bags of 12 nuts and eats 5. How many are left?"
    steps = ["3 * 12 = 36", "36 - 5 = 32"]
    answer = _answer(call("verify", question=question, steps=steps, answer="31"))
    assert answer["verdict"] == "refuted"
    assert answer["refuted"] == [2]
    assert answer["verdicts"] == {"proved": 1, "refuted": 1}
    assert [step["verdict"] for step in answer["steps"]] == ["proved", "refuted"]
    assert answer["steps"][1]["formal"]["goal"]
    assert answer["steps"][1]["evidence"]["kind"] == "refutation"
    assert answer["complete"]
    assert answer["cut"] == []


def test_verify_takes_a_solution_and_a_world(call: Call) -> None:
    given = {"premises": ["Rex is a dog. All dogs are animals."], "solution": "Rex is not a cat."}
    assert _answer(call("verify", **given))["verdict"] == "independent"
    assert _answer(call("verify", **given, world="closed"))["steps"][0]["verdict"] == "proved"


def test_independent_comes_with_two_models(call: Call) -> None:
    answer = _answer(call("verify", premises=["Rex is a dog."], steps=["Tom is a dog."]))
    assert answer["steps"][0]["evidence"]["kind"] == "models"


def test_long_answers_are_cut_and_say_so(call: Call) -> None:
    steps = [f"{i} + {i} = {2 * i}" for i in range(1, 400)] + ["2 + 2 = 5"]
    answer = _answer(call("verify", steps=steps))
    assert len(json.dumps(answer)) < 60_000
    assert answer["refuted"] == [400]
    assert answer["verdicts"] == {"proved": 399, "refuted": 1}
    assert answer["steps"][-1]["index"] == 400, "what is wrong is shown before what is right"
    assert answer["steps"][-1]["evidence"] is not None
    assert any("without formal statement and evidence" in line for line in answer["cut"])


def test_an_answer_of_thousands_of_wrong_steps_stays_readable(call: Call) -> None:
    text = "so that many words are said about it " * 200
    answer = _answer(call("verify", steps=["2 + 2 = 5"] * 900 + [text + "1 + 1 = 2"], seconds=120))
    assert len(json.dumps(answer)) < 60_000
    assert answer["verdicts"]["refuted"] == 900
    assert any(line.startswith("steps: ") and "of 901 are shown" in line for line in answer["cut"])


def test_prove_first_order(call: Call) -> None:
    premises = ["all x. (Dog(x) -> Animal(x))", "Dog(rex)"]
    answer = _answer(call("prove", premises=premises, goal="Animal(rex)"))
    assert answer["outcome"] == "proved"
    assert answer["evidence"]["used"] == [0, 1]


def test_prove_smtlib_and_what_is_ill_formed(call: Call) -> None:
    script = "(declare-const x Int)(assert (< x x))(check-sat)"
    assert _answer(call("prove", language="smtlib", problem=script))["outcome"] == "inconsistent"
    wrong = _answer(call("prove", premises=["all x. (P(x)"], goal="P(a)"))
    assert wrong["outcome"] == "ill_formed"
    assert wrong["messages"][0]["line"] == 1


def test_translate(call: Call) -> None:
    answer = _answer(call("translate", text="All dogs are animals. Blorp the zag.", to="nltk"))
    assert answer["notation"] == "nltk"
    read, unread = answer["sentences"]
    assert read["formulas"] == ["all x. (dog(x) -> animal(x))"]
    assert unread["status"] == "untranslated"


def test_premises_are_ranked(call: Call) -> None:
    candidates = ["Cats sleep.", "All loyal dogs bark.", "Seven is odd."]
    answer = _answer(call("premises", goal="loyal dogs", candidates=candidates, k=2))
    assert answer["results"][0]["index"] == 1
    assert answer["results"][0]["text"] == candidates[1]
    assert len(answer["results"]) <= 2


# --- Lean ----------------------------------------------------------------------------------


def test_check_lean(call: Call, lean_toolchain: Toolchain) -> None:
    proved = _answer(call("check_lean", code="theorem t : 1 + 1 = 2 := rfl", seconds=120))
    assert proved["outcome"] == "proved"
    assert proved["evidence"]["kind"] == "lean"
    cheated = _answer(call("check_lean", code="theorem t : 1 + 1 = 3 := sorry", seconds=120))
    assert (cheated["outcome"], cheated["flags"]) == ("unknown", ["sorry"])
    changed = _answer(
        call(
            "check_lean",
            code="theorem t : 1 + 1 = 2 := rfl",
            statement="theorem t : 1 + 1 = 3",
            seconds=120,
        )
    )
    assert changed["outcome"] == "unknown"
    assert changed["flags"] == ["statement_changed"]
    wrong = _answer(call("check_lean", code="theorem t : 1 + 1 = 3 := rfl", seconds=120))
    assert wrong["outcome"] == "ill_formed"
    assert wrong["messages"][0]["line"] == 1


MISCHIEF = {
    "prints": '#eval IO.println "{\\"jsonrpc\\": \\"2.0\\"}"\ntheorem t : True := trivial',
    "exits": "#eval (IO.Process.exit 0 : IO Unit)\ntheorem t : True := trivial",
    "reads": '#eval IO.FS.readFile "/etc/passwd"\ntheorem t : True := trivial',
    "spawns": '#eval IO.Process.run {cmd := "sleep", args := #["600"]}\ntheorem t : 1 = 1 := rfl',
    "loops": "partial def f (n : Nat) : Nat := f (n + 1)\n#eval f 0\ntheorem t : True := trivial",
    "is no text": "theorem t : True := \u0000\u202e\x1b[2J trivial",
}


@pytest.mark.parametrize("code", MISCHIEF.values(), ids=MISCHIEF.keys())
def test_a_snippet_that_misbehaves_proves_nothing_and_harms_nothing(
    call: Call, lean_toolchain: Toolchain, code: str
) -> None:
    answer = _answer(call("check_lean", code=code, seconds=10))
    assert answer["outcome"] in ("unknown", "ill_formed", "failed")
    assert "root:" not in json.dumps(answer)
    assert _answer(call("prove", goal="P(a) | -P(a)"))["outcome"] == "proved"


# --- bad input -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("verify", {}, "give either 'steps' or 'solution'"),
        ("verify", {"steps": ["1 = 1"], "solution": "1 = 1"}, "either"),
        ("verify", {"steps": []}, "'steps' is empty"),
        ("verify", {"steps": "1 = 1"}, "'steps'"),
        ("verify", {"steps": ["1 = 1"], "stepz": 1}, "'stepz'"),
        ("verify", {"steps": ["1 = 1"], "seconds": 0}, "'seconds'"),
        ("verify", {"steps": ["1 = 1"], "seconds": 1e9}, "'seconds'"),
        ("verify", {"steps": ["1 = 1"], "world": "flat"}, "'world'"),
        ("verify", {"steps": ["1 = 1"] * 5001}, "'steps'"),
        ("verify", {"solution": "x" * 1_000_001}, "'solution'"),
        ("prove", {}, "give 'premises', 'goal', or both"),
        ("prove", {"goal": "P(a)", "prover": "oracle"}, "'prover'"),
        ("prove", {"language": "lean4"}, "lean4 needs 'code', 'statement' or 'goal'"),
        ("translate", {}, "'text'"),
        ("translate", {"text": "  "}, "'text' is empty"),
        ("translate", {"text": "A dog.", "to": "klingon"}, "'to'"),
        ("premises", {"goal": "x", "candidates": []}, "'candidates'"),
        ("premises", {"goal": "x", "candidates": ["y"], "k": 0}, "'k'"),
        ("premises", {"goal": "n + 0 = n"}, "no finished corpus"),
        ("check_lean", {"code": 7}, "'code'"),
    ],
)
def test_bad_arguments_are_tool_errors_of_one_sentence(
    call: Call, name: str, arguments: dict[str, Any], why: str
) -> None:
    complaint = _complaint(call(name, **arguments))
    assert why in complaint
    assert len(complaint) < 400


def test_a_tool_that_there_is_not(call: Call) -> None:
    with pytest.raises(MCPError, match="choose one of verify"):
        call("format_disk")


def test_a_spent_budget_is_unknown_and_no_error(call: Call) -> None:
    start = time.monotonic()
    answer = _answer(call("prove", language="smtlib", problem=ENDLESS, prover="z3", seconds=0.5))
    assert (answer["outcome"], answer["reason"]) == ("unknown", "timeout")
    assert time.monotonic() - start < 10


# --- many at once, and the end -------------------------------------------------------------


def test_calls_at_once_get_their_own_answers(portal: Any, client: Client) -> None:
    async def ask_all() -> dict[int, Any]:
        found: dict[int, Any] = {}

        async def ask(i: int) -> None:
            wrong = i % 2
            result = await client.call_tool("verify", {"steps": [f"{i} + {i} = {2 * i + wrong}"]})
            found[i] = _answer(result)

        async with anyio.create_task_group() as tasks:
            for i in range(24):
                tasks.start_soon(ask, i)
        return found

    for i, answer in portal.call(ask_all).items():
        assert answer["steps"][0]["text"].startswith(f"{i} + {i} =")
        assert answer["verdict"] == ("refuted" if i % 2 else "proved")


def test_a_call_that_is_given_up_frees_its_place(tmp_path: Path) -> None:
    async def give_up() -> float:
        async with Client(_server(tmp_path)) as client:
            await client.call_tool("prove", {"goal": "P(a) | -P(a)"})
            for _ in range(8):
                with anyio.move_on_after(0.2):
                    arguments = {"language": "smtlib", "problem": ENDLESS, "seconds": 120.0}
                    await client.call_tool("prove", {**arguments, "prover": "z3"})
            start = time.monotonic()
            result = await client.call_tool("prove", {"goal": "Q(a) | -Q(a)", "seconds": 5.0})
            assert _answer(result)["outcome"] == "proved"
            return time.monotonic() - start

    assert anyio.run(give_up) < 5


def test_the_older_handshake_works_too(tmp_path: Path) -> None:
    async def ask() -> dict[str, Any]:
        async with Client(_server(tmp_path), mode="legacy") as client:
            assert client.server_info.name == "neurosym"
            return _answer(await client.call_tool("verify", {"steps": ["1 + 1 = 2"]}))

    assert anyio.run(ask)["verdict"] == "proved"


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server as a process, past its handshake, with a prover at work."""
    process = subprocess.Popen(
        _argv(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **_environment()},
    )
    try:
        hello = {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        }
        _send(process, 1, "initialize", hello)
        assert _received(process)["result"]["serverInfo"]["name"] == "neurosym"
        _send(process, None, "notifications/initialized", {})
        arguments = {"steps": ["2 + 2 = 4"]}
        _send(process, 2, "tools/call", {"name": "verify", "arguments": arguments})
        assert _received(process)["result"]["structuredContent"]["verdict"] == "proved"
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _send(process: subprocess.Popen[bytes], id: int | None, method: str, params: Any) -> None:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    assert process.stdin is not None
    process.stdin.write(json.dumps(message if id is None else {**message, "id": id}).encode())
    process.stdin.write(b"\n")
    process.stdin.flush()


def _received(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def _children(pid: int) -> set[int]:
    """All descendants of a process that are there now."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | _children(child)
    return found


def _alive(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _wait_until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + 5
    while (left := {pid for pid in pids if _alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
@pytest.mark.parametrize(
    ("end", "status"),
    [("eof", 0), (signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["eof", "interrupt", "terminate"],
)
def test_it_ends_cleanly_and_leaves_no_process(
    tmp_path: Path, end: str | signal.Signals, status: int, busy: bool
) -> None:
    with _started(tmp_path) as process:
        if busy:
            arguments = {"language": "smtlib", "problem": ENDLESS, "seconds": 120.0}
            _send(process, 3, "tools/call", {"name": "prove", "arguments": arguments})
            time.sleep(1)
        children = _children(process.pid)
        assert children, "a prover has been started"
        if isinstance(end, str):
            assert process.stdin is not None
            process.stdin.close()
        else:
            process.send_signal(end)
        assert process.wait(timeout=20) == status
        assert _wait_until_gone(children) == set()
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_what_is_no_message_is_survived_and_only_messages_are_written(tmp_path: Path) -> None:
    with _started(tmp_path) as process:
        assert process.stdin is not None
        for garbage in (b"not json\n", b"\xff\xfe\n", b"[1, 2]\n", b'{"jsonrpc": "2.0"}\n', b"\n"):
            process.stdin.write(garbage)
        _send(process, 7, "tools/list", {})
        while (answer := _received(process)).get("id") != 7:
            assert "error" in answer
        assert {tool["name"] for tool in answer["result"]["tools"]} == NAMES


# --- HTTP ----------------------------------------------------------------------------------


def test_http_serves_the_same_tools(tmp_path: Path) -> None:
    process = subprocess.Popen(
        _argv(tmp_path, "--http", "0"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **_environment()},
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        url = said.partition("listening at ")[2].strip()
        assert url.startswith("http://127.0.0.1:")

        async def ask() -> dict[str, Any]:
            async with Client(url) as client:
                return _answer(await client.call_tool("verify", {"steps": ["1 + 1 = 3"]}))

        assert anyio.run(ask)["verdict"] == "refuted"
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) in (0, 130)
        assert _wait_until_gone(children) == set()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            _argv(tmp_path, "--http", str(taken.getsockname()[1])),
            capture_output=True,
            timeout=60,
            env={**os.environ, **_environment()},
        )
    assert done.returncode == 2
    assert b"cannot be listened at" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_without_the_extra_it_says_what_to_install() -> None:
    hidden = "import sys; sys.modules['mcp'] = None; from neurosym.cli import main; main(['mcp'])"
    done = subprocess.run(
        [sys.executable, "-c", hidden],
        capture_output=True,
        timeout=60,
        env={**os.environ, **_environment()},
    )
    assert done.returncode == 3
    assert done.stdout == b""
    assert b"pip install 'neurosym[service]'" in done.stderr
    assert done.stderr.count(b"\n") == 1
