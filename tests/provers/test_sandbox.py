"""What contained programs can do: tried by programs that try it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from provers import confinement, sandbox
from provers.base import Limits
from provers.children import Child, DiedError
from provers.errors import BrokenToolError
from provers.lean import node
from provers.lean.base import INIT, Reply
from provers.lean.pool import Pool
from provers.lean.program import server_command
from provers.lean.toolchain import Toolchain
from provers.process import MEGABYTE
from provers.sandbox import Box, Scratch, contained, describe

SECONDS = 60.0
needs_landlock = pytest.mark.skipif(
    confinement.landlock() == 0, reason="this kernel has no Landlock"
)
needs_filters = pytest.mark.skipif(
    not confinement.filters(), reason="system calls cannot be filtered on this machine"
)
PYTHON = Box(read=(Path(sys.base_prefix), Path(sys.prefix)), run=(Path(sys.executable).resolve(),))

# Each line does one thing and prints what came of it.
PROBE = """
import json, os, socket, subprocess, sys, threading
input()
secret, outside, port = sys.argv[1:]
found = {}
def attempt(name, act):
    try:
        found[name] = repr(act())
    except BaseException as error:
        found[name] = "refused: " + type(error).__name__
def connect(kind):
    with socket.socket(socket.AF_INET, kind) as s:
        s.connect(("127.0.0.1", int(port))); return s.send(b"x")
def write(path):
    with open(path, "w") as file: return file.write("x")
def thread():
    made = []
    t = threading.Thread(target=made.append, args=(1,)); t.start(); t.join(); return made
attempt("read", lambda: open(secret).read())
attempt("list", lambda: os.listdir(os.path.dirname(secret)))
attempt("passwd", lambda: open("/etc/passwd").read(3))
attempt("write", lambda: write(outside))
attempt("make", lambda: os.mkdir(outside + ".d"))
attempt("remove", lambda: os.remove(secret))
attempt("rename", lambda: os.rename(secret, "mine"))
attempt("link", lambda: os.link(secret, "mine"))
attempt("through a link", lambda: (os.symlink(secret, "s"), open("s").read()))
attempt("tcp", lambda: connect(socket.SOCK_STREAM))
attempt("udp", lambda: connect(socket.SOCK_DGRAM))
attempt("unix", lambda: socket.socket(socket.AF_UNIX))
attempt("spawn", lambda: subprocess.run([sys.executable, "-c", ""]).returncode)
attempt("fork", os.fork)
attempt("execute", lambda: os.execv("/bin/sh", ["sh", "-c", "exit 0"]))
attempt("parent's memory", lambda: open(f"/proc/{os.getppid()}/mem", "rb"))
attempt("parent's variables", lambda: open(f"/proc/{os.getppid()}/environ", "rb").read())
attempt("kill", lambda: os.kill(os.getppid(), 0))
attempt("scratch", lambda: (write("here"), os.mkdir("d"), os.rename("here", "d/there")))
attempt("thread", thread)
attempt("variables", lambda: sorted(os.environ))
attempt("folder", os.getcwd)
print(json.dumps(found), flush=True)
input()
"""
REFUSED = (
    *("read", "list", "passwd", "write", "make", "remove", "rename", "link", "through a link"),
    *("tcp", "udp", "unix", "spawn", "fork", "execute", "parent's memory", "parent's variables"),
)


def python(code: str, *words: str, box: Box = PYTHON) -> Child:
    executable = str(Path(sys.executable).resolve())
    return Child([executable, "-I", "-c", code, *words], env={"PYTHONHOME": ""}, box=box)


def answer(child: Child, message: bytes = b"\n") -> str:
    return child.exchange(message, time.monotonic() + SECONDS).decode()


@needs_landlock
@needs_filters
def test_a_program_can_use_its_own_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        child = python(PROBE, str(secret), str(tmp_path / "outside"), str(port))
        try:
            found = json.loads(answer(child))
            scratch = Path(found["folder"].strip("'"))
            assert (scratch / "d" / "there").exists()
        finally:
            child.stop()
    assert {name: found[name] for name in REFUSED if "refused: " not in found[name]} == {}
    if confinement.landlock() >= 6:
        assert found["kill"] == "refused: PermissionError"
    assert found["thread"] == "[1]"
    assert found["scratch"] == "(1, None, None)"
    assert "SOME_API_KEY" not in found["variables"] and "PATH" not in found["variables"]
    assert "HOME" in found["variables"] and "TMPDIR" in found["variables"]
    assert "do not tell" not in json.dumps(found)
    assert secret.read_text() == "do not tell"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret"]
    assert not scratch.exists()


def test_a_box_opens_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "read").mkdir()
    (tmp_path / "write").mkdir()
    (tmp_path / "read" / "a").write_text("A")
    code = (
        "import sys; r, w = sys.argv[1:]; input();"
        "t = open(r + '/a').read(); open(w + '/b', 'w').write(t + 'B');"
        "print(t + open(w + '/b').read(), flush=True); input()"
    )
    box = Box(read=(*PYTHON.read, tmp_path / "read"), run=PYTHON.run, write=(tmp_path / "write",))
    child = python(code, str(tmp_path / "read"), str(tmp_path / "write"), box=box)
    try:
        assert answer(child) == "AAB"
    finally:
        child.stop()
    assert (tmp_path / "write" / "b").read_text() == "AB"


def test_files_and_addresses_are_limited() -> None:
    code = (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); input()\n"
        "def attempt(act):\n"
        "    try: return act()\n"
        "    except (OSError, MemoryError) as e: return type(e).__name__\n"
        "def fill():\n"
        "    with open('f', 'wb') as f: f.truncate(300 << 20)\n"
        "print(attempt(fill), attempt(lambda: len(bytearray(2 << 30))), flush=True); input()"
    )
    child = python(code, box=Box(PYTHON.read, PYTHON.run, address_megabytes=1024))
    try:
        assert answer(child) == "OSError MemoryError"
    finally:
        child.stop()


def test_node_is_held_too(tmp_path: Path) -> None:
    """Also where Node.js itself permits everything, with its worker threads."""
    runner = node.find()
    if runner is None or not runner.usable:
        pytest.skip("there is no Node.js that is new enough")
    if confinement.landlock() == 0 or not confinement.filters():
        pytest.skip("this system can do neither")
    (tmp_path / "secret").write_text("do not tell")
    code = """
    const fs = require("fs"), found = [];
    const attempt = (act) => { try { found.push(String(act())) } catch (e) { found.push(e.code) } };
    attempt(() => fs.readFileSync(process.argv[1], "utf8"));
    attempt(() => fs.writeFileSync(process.argv[1] + ".new", "x"));
    attempt(() => require("child_process").execFileSync(process.execPath, ["-e", "0"]));
    attempt(() => require("os").cpus().length > 0);
    require("net").connect(9, "127.0.0.1").on("error", (e) => {
      found.push(e.code);
      const worker = new (require("worker_threads").Worker)(
        "require('worker_threads').parentPort.postMessage(7)", { eval: true });
      worker.on("message", (m) => { console.log([...found, m].join(" ")); });
    });
    """
    libraries = runner.program.resolve().parent.parent / "lib"
    env = {"OPENSSL_CONF": os.devnull}
    argv = [str(runner.program), "-e", code, str(tmp_path / "secret")]
    child = Child(argv, env=env, box=Box(read=(libraries,)))
    try:
        assert answer(child) == "EACCES EACCES EPERM true EACCES 7"
    finally:
        child.stop()
    assert [p.name for p in tmp_path.iterdir()] == ["secret"]


def test_a_program_that_is_not_there() -> None:
    child = Child(["/no/such/prover"], box=Box())
    try:
        with pytest.raises(DiedError) as caught:
            answer(child)
        assert caught.value.returncode == 126
        assert "/no/such/prover cannot be started in its sandbox" in caught.value.stderr
    finally:
        child.stop()


def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what cannot be contained; the environment and the scratch folder stay."""
    monkeypatch.setenv("NEUROSYM_SANDBOX", "off")
    (tmp_path / "file").write_text("told")
    code = "import os, sys; input(); print(open(sys.argv[1]).read(), os.getcwd(), flush=True)"
    child = python(code, str(tmp_path / "file"))
    try:
        told, _, folder = answer(child).partition(" ")
        assert told == "told" and Path(folder).name.startswith("neurosym-scratch-")
    finally:
        child.stop()
    assert not Path(folder).exists()
    assert describe() == ["Lean is NOT contained: NEUROSYM_SANDBOX is 'off'."]


@needs_landlock
def test_a_script_around_a_program_is_refused_with_advice(tmp_path: Path) -> None:
    script = tmp_path / "lean"
    script.write_text("#!/bin/sh\nexec cat\n")
    script.chmod(0o755)
    child = Child([str(script)], box=Box())
    try:
        with pytest.raises(DiedError) as caught:
            answer(child)
        assert "set NEUROSYM_SANDBOX=off if you trust" in caught.value.stderr
    finally:
        child.stop()


@pytest.mark.parametrize("flaw", ["full", "open to others"])
def test_no_folder_becomes_writable_by_accident(tmp_path: Path, flaw: str) -> None:
    """A caller that forgets the scratch folder must not give away the current one."""
    place = tmp_path / "project"
    place.mkdir(mode=0o700)
    if flaw == "full":
        (place / "file").write_text("x")
    else:
        place.chmod(0o755)
    done = subprocess.run(
        contained(["/bin/echo", "started"], Box()), cwd=place, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (126, "")
    assert "is no empty folder of this user alone" in done.stderr


# --- scratch folders -----------------------------------------------------------------------


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files."""
    monkeypatch.setattr(sandbox.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_scratch_folder_goes_with_all_that_is_in_it(temporary: Path) -> None:
    kept = temporary / "kept"
    kept.write_text("x")
    scratch = Scratch()
    assert scratch.path.stat().st_mode & 0o777 == 0o700
    (scratch.path / "a" / "b").mkdir(parents=True)
    (scratch.path / "a" / "b" / "c").write_text("x")
    (scratch.path / "a" / "link").symlink_to(kept)
    (scratch.path / "folder").symlink_to(temporary)
    (scratch.path / "a" / "b").chmod(0)
    scratch.close()
    scratch.close()
    assert [p.name for p in temporary.iterdir()] == ["kept"]
    assert kept.read_text() == "x"


def test_what_a_killed_process_left_is_removed_by_the_next(temporary: Path) -> None:
    code = (
        "import tempfile, sys, time; tempfile.tempdir = sys.argv[1];"
        "from provers.sandbox import Scratch; print(Scratch().path, flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", code, str(temporary)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        left = Path(child.stdout.readline().strip())
        in_use = Scratch()
        assert left.exists(), "somebody uses it"
        child.send_signal(signal.SIGKILL)
    in_use.close()
    assert left.exists()
    Scratch().close()
    assert list(temporary.iterdir()) == []


def test_many_scratch_folders_at_once(temporary: Path) -> None:
    made: list[bool] = []

    def work() -> None:
        for _ in range(20):
            scratch = Scratch()
            made.append(scratch.path.is_dir())
            scratch.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [True] * 160
    assert list(temporary.iterdir()) == []


def test_no_room_for_a_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(BrokenToolError, match=r"No scratch folder can be made in .*nowhere"):
        Child(["/bin/echo"], box=Box())


# --- what is said --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "filtered", "said", "unsaid"),
    [
        (7, True, ["Landlock 7", "no socket can be opened"], ["NOT contained", "by this kernel"]),
        (1, True, ["Landlock 1", "truncation of files, signals"], ["TCP ports", "NOT contained"]),
        (4, False, ["no TCP. NOT contained"], ["no socket"]),
        (0, True, ["NOT contained for a native Lean", "no socket can be opened"], ["(Landlock"]),
        (0, False, ["Files: NOT contained", "Network and processes: NOT contained"], ["(Landlock"]),
    ],
)
def test_describe(
    monkeypatch: pytest.MonkeyPatch,
    version: int,
    filtered: bool,
    said: list[str],
    unsaid: list[str],
) -> None:
    monkeypatch.setattr(confinement, "landlock", lambda: version)
    monkeypatch.setattr(confinement, "filters", lambda: filtered)
    text = "\n".join(describe())
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []
    assert all(sentence.endswith(".") for sentence in describe())


# --- Lean ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool(lean_toolchain: Toolchain) -> Pool:
    made = Pool(lean_toolchain, workers=1)
    yield made
    made.close()


LEAN_ATTEMPTS = (
    '#eval show IO Unit from do IO.println (← IO.FS.readFile "{secret}")',
    'run_cmd do let t ← IO.FS.readFile "{secret}"; Lean.logInfo t',
    '#eval show IO Unit from do IO.println (← System.FilePath.pathExists "{secret}")',
    '#eval IO.FS.writeFile "{folder}/new" "x"',
    '#eval IO.FS.createDir "{folder}/new"',
    '#eval IO.FS.removeFile "{secret}"',
    'def told : String := include_str "{secret}"\n#print told',
    "#eval show IO Unit from do IO.println (← IO.Process.output "
    '{{ cmd := "/bin/cat", args := #["{secret}"] }}).stdout',
    "#eval show IO Unit from do let c ← IO.Process.spawn "
    '{{ cmd := "/bin/sh", args := #["-c", "echo x > {folder}/new"] }}; discard c.wait',
    '#eval show IO Unit from do IO.println (← IO.getEnv "SOME_API_KEY")',
    '#eval show IO Unit from do IO.println (← IO.FS.readFile "/proc/self/environ")',
    'initialize IO.FS.writeFile "{folder}/new" "x"',
)
ENDINGS = {
    "a socket": "#eval show IO Unit from do discard Std.Internal.UV.TCP.Socket.new",
    "an exit": "#eval (IO.Process.exit 0 : IO Unit)",
}


def ask(pool: Pool, code: str) -> Reply:
    names = {"run_cmd": "Lean", "Std.": "Std.Internal.UV.TCP"}
    modules = (*INIT, *(module for word, module in names.items() if word in code))
    return pool.ask(modules, {"op": "check", "code": code}, Limits(60.0, 1024))


def test_lean_code_gets_nothing(
    lean_toolchain: Toolchain, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "do not tell")
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    attempts = [a.format(secret=secret, folder=tmp_path) for a in LEAN_ATTEMPTS]
    apart = [a for a in attempts if "run_cmd" in a]  # it needs other imports
    together = "\n".join(a for a in attempts if a not in apart)
    for code in (together, *apart):
        reply = ask(pool, code)
        assert reply.body is not None, reply
        shown = json.dumps(reply.body)
        assert "do not tell" not in shown and "SOME_API_KEY=" not in shown
        assert [p.name for p in tmp_path.iterdir()] == ["secret"]
        assert secret.read_text() == "do not tell"
        errors = {m["line"] for m in reply.body["messages"] if m["severity"] == "error"}
        if lean_toolchain.kind == "embedded" and code is together:
            # All fail but asking whether a file is there and for a variable: neither is.
            told = [m["text"].strip() for m in reply.body["messages"] if m["severity"] == "info"]
            assert {"false", "none"} <= set(told) and "true" not in told
            assert len(errors) >= len(attempts) - 4
    assert works(pool)


@pytest.mark.parametrize("name", ENDINGS)
def test_a_server_outlives_what_ends_its_process(pool: Pool, name: str) -> None:
    reply = ask(pool, ENDINGS[name])
    if reply.body is not None:
        assert any(m["severity"] == "error" for m in reply.body["messages"]), reply.body
    else:
        assert reply.stopped in ("crash", "header")
    assert works(pool)


def works(pool: Pool) -> bool:
    reply = pool.ask(INIT, {"op": "check", "code": "example : 1 + 1 = 2 := rfl"}, Limits(30.0))
    return reply.body is not None and not reply.body["errors"]


def test_lean_runs_in_its_box(lean_toolchain: Toolchain, pool: Pool) -> None:
    command = server_command(lean_toolchain, megabytes=2048)
    assert command.box is not None and not command.box.write
    pool.ask(INIT, {"op": "check", "code": ""}, Limits(30.0))
    (status,) = pool.status()
    proc = Path(f"/proc/{status['pid']}")
    if not proc.exists():
        pytest.skip("needs /proc to look at a process")
    assert (proc / "cwd").resolve().name.startswith("neurosym-scratch-")
    facts = dict(
        line.split(":\t", 1) for line in (proc / "status").read_text().splitlines() if ":\t" in line
    )
    if confinement.filters():
        assert (facts["Seccomp"], facts["NoNewPrivs"]) == ("2", "1")
    names = {word.split("=")[0] for word in (proc / "environ").read_text().split("\0") if word}
    assert names <= {"PATH", "LANG", "HOME", "TMPDIR", "LD_LIBRARY_PATH"} | {
        name for name in names if name.startswith(("LC_", "LEAN_", "NEUROSYM_", "OPENSSL_"))
    }
    limits = (proc / "limits").read_text()
    assert str(sandbox.FILE_MEGABYTES * MEGABYTE) in limits
