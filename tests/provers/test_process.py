"""The spawner's limits: time, output, memory, and the whole group killed."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from provers.errors import MissingToolError
from provers.process import OUTPUT_LIMIT, kill_group, limit_memory, run, spawn

PYTHON = sys.executable


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pid: int, seconds: float = 1.0) -> bool:
    """Whether a process is gone within some time."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_a_run_gives_output_errors_and_status() -> None:
    code = "import sys; print(sys.stdin.read().upper()); sys.stderr.write('e'); sys.exit(7)"
    done = run([PYTHON, "-c", code], stdin="hallo ü", seconds=10)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("HALLO Ü", "e", 7)
    assert not done.timed_out


def test_a_sleeper_is_killed_at_its_limit_and_keeps_what_it_printed() -> None:
    code = "import time; print('begun', flush=True); time.sleep(60)"
    done = run([PYTHON, "-c", code], seconds=0.5)
    assert done.timed_out
    assert 0.5 <= done.seconds < 1.0
    assert done.stdout == "begun\n"


def test_ignoring_sigterm_does_not_help() -> None:
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('armed', flush=True); time.sleep(60)"
    )
    done = run([PYTHON, "-c", code], seconds=0.7)
    assert done.timed_out and done.seconds < 1.2
    assert done.stdout == "armed\n"


def test_grandchildren_are_killed_with_the_group() -> None:
    done = run([PYTHON, "-m", "tests.provers.children.tree"], seconds=1.0)
    assert done.timed_out
    assert gone(int(done.stdout))


def test_grandchildren_are_killed_also_when_the_child_ends_by_itself() -> None:
    code = (
        "import subprocess, sys;"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    )
    done = run([PYTHON, "-c", code], seconds=10)
    assert not done.timed_out and done.seconds < 5
    assert gone(int(done.stdout))


def test_output_is_cut() -> None:
    code = "import sys\nfor _ in range(100): sys.stdout.write('x' * (1 << 20))"
    done = run([PYTHON, "-c", code], seconds=20)
    assert done.returncode == 0
    assert len(done.stdout) == OUTPUT_LIMIT


def test_output_that_is_not_utf8_is_read() -> None:
    code = r"import sys; sys.stdout.buffer.write(b'\xff\xfeok')"
    assert run([PYTHON, "-c", code], seconds=10).stdout.endswith("ok")


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_memory_is_limited() -> None:
    code = "import time; time.sleep(0.3); x = bytearray(1 << 30); print(len(x))"
    done = run([PYTHON, "-c", code], seconds=10, megabytes=400)
    assert done.returncode != 0
    assert "MemoryError" in done.stderr and done.stdout == ""
    assert run([PYTHON, "-c", code], seconds=10, megabytes=3000).returncode == 0


def test_a_child_that_dies_at_start_is_no_timeout() -> None:
    done = run([PYTHON, "-c", "import os; os.abort()"], seconds=10)
    assert done.returncode == -6 and not done.timed_out


def test_a_missing_program_is_named() -> None:
    with pytest.raises(MissingToolError, match="no-such-prover"):
        run(["no-such-prover"], seconds=1)
    with tempfile.TemporaryFile() as stderr, pytest.raises(MissingToolError):
        spawn(["no-such-prover"], stderr=stderr)


def test_arguments_reach_no_shell() -> None:
    code = "import sys; print(sys.argv[1])"
    assert run([PYTHON, "-c", code, "$(id); `id` | x"], seconds=10).stdout.strip() == (
        "$(id); `id` | x"
    )


def test_a_spawned_child_is_killed_with_its_group() -> None:
    with tempfile.TemporaryFile() as stderr:
        child = spawn([PYTHON, "-m", "tests.provers.children.tree"], stderr=stderr)
        assert child.stdin is not None and child.stdout is not None
        grandchild = int(child.stdout.readline())
        assert is_alive(grandchild)
        limit_memory(child.pid, 1000)
        kill_group(child)
        assert child.returncode == -9
        assert gone(grandchild)
        kill_group(child)  # once more does no harm
        limit_memory(child.pid, 1000)
        child.stdin.close()
        child.stdout.close()


def test_the_environment_is_what_was_given() -> None:
    code = "import os; print(sorted(k for k in os.environ if k != 'LC_CTYPE'))"
    done = run([PYTHON, "-c", code], seconds=30, env={"ONLY": "this"})
    assert done.stdout.strip() == "['ONLY']"


def test_whoever_waits_is_told_and_can_give_up() -> None:
    ticks: list[float] = []
    run([PYTHON, "-c", "import time; time.sleep(1)"], seconds=30, tick=lambda: ticks.append(1))
    assert ticks

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pid"
        code = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

        def give_up() -> None:
            if file.exists() and file.read_text():
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run([PYTHON, "-c", code], seconds=30, tick=give_up)
        assert gone(int(file.read_text()))


def test_a_limit_holds_while_someone_is_told() -> None:
    done = run([PYTHON, "-c", "import time; time.sleep(60)"], seconds=0.5, tick=lambda: None)
    assert done.timed_out


def test_memory_can_be_left_alone() -> None:
    code = "import mmap; mmap.mmap(-1, 8 << 30); print('reserved')"
    assert run([PYTHON, "-c", code], seconds=30, megabytes=None).stdout == "reserved\n"
    assert run([PYTHON, "-c", code], seconds=30).returncode != 0


@pytest.mark.parametrize("content", [b"no program at all", b"#!/there/is/no/loader\n"])
def test_a_file_that_the_system_cannot_run(tmp_path: Path, content: bytes) -> None:
    program = tmp_path / "program"
    program.write_bytes(content)
    program.chmod(0o755)
    with pytest.raises(MissingToolError, match=r"program cannot be started: .+\."):
        run([str(program)], seconds=5)
    with (
        tempfile.TemporaryFile() as err,
        pytest.raises(MissingToolError, match=r"program cannot be started: .+\."),
    ):
        spawn([str(program)], stderr=err)
