"""The real LeanDojo as a session: its traced repositories, our results, our judge.

LeanDojo audits no axioms and judges a finished proof by the tactic's own word, so a proof that it
calls finished is put together as a file and judged here like any other.
"""

from __future__ import annotations

import importlib
import itertools
import math
import shutil
import sys
import time
from contextlib import AbstractContextManager
from types import ModuleType, TracebackType
from typing import Any, Self

from provers.base import LeanProblem, Limits
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import Checker, Stop
from provers.lean.judge import judge
from provers.lean.tactics import (
    Dojo,
    LeanError,
    NoState,
    ProofGivenUp,
    TacticCrash,
    TacticResult,
    TacticState,
    TacticTimeout,
    judged,
)


def load() -> ModuleType:
    """The ``lean_dojo`` package. Raises MissingToolError that says all that it needs."""
    if sys.version_info >= (3, 13):
        raise MissingToolError(
            "LeanDojo runs on Python below 3.13 only: use provers.lean.tactics.Dojo, "
            "or install neurosym[leandojo] under Python 3.11 or 3.12."
        )
    missing = [tool for tool in ("lean", "lake", "git") if shutil.which(tool) is None]
    if missing:
        raise MissingToolError(
            f"LeanDojo needs {', '.join(missing)} on PATH, and network access to api.github.com "
            "while it traces a repository: install Lean with elan, "
            "or use provers.lean.tactics.Dojo, which needs neither."
        )
    try:
        return importlib.import_module("lean_dojo")
    except ModuleNotFoundError as error:
        raise MissingToolError(
            f"LeanDojo is not installed (no module {error.name}): "
            "run `pip install neurosym[leandojo]`."
        ) from error


class TracedDojo:
    """A theorem of a traced repository: ``with TracedDojo(theorem, text, checker) as (dojo, s)``.

    ``theorem`` is a ``lean_dojo.Theorem``. ``statement`` is the same theorem as a text by itself,
    with the imports and definitions that it needs; ``checker`` judges finished proofs against it,
    so it must be able to make those imports. ``seconds`` is LeanDojo's limit for each tactic; it
    has no other, and gives no more answers once a tactic ran out of it or crashed.
    """

    def __init__(
        self, theorem: Any, statement: str, checker: Checker, limits: Limits = Limits(60.0)
    ) -> None:
        """Raises MissingToolError where LeanDojo, or what it needs, is not there."""
        self._package = load()
        self._statement = statement
        self._checker = checker
        self._limits = limits
        self._text = Dojo(checker, statement, limits)
        seconds = max(1, math.ceil(limits.seconds))
        self._context: AbstractContextManager[tuple[Any, Any]] = self._package.Dojo(
            theorem, timeout=seconds
        )
        self._dojo: Any = None
        self._first: TacticState | NoState | None = None
        self._ended: TacticTimeout | TacticCrash | None = None
        self._ids = itertools.count()
        self._states: dict[int, tuple[TacticState, Any, tuple[str, ...]]] = {}

    def __enter__(self) -> tuple[Self, TacticState]:
        """Raises BrokenToolError with LeanDojo's words where it cannot open the theorem."""
        package = self._package
        try:
            self._dojo, first = self._context.__enter__()
        except (
            package.DojoInitError,
            package.DojoCrashError,
            AssertionError,  # its own way to say that a traced repository lacks a file
            OSError,
        ) as error:
            raise BrokenToolError(f"LeanDojo cannot open the theorem: {error}") from error
        state = self._known(first, ())
        self._first = state
        if isinstance(state, TacticState):
            return self, state
        self._context.__exit__(None, None, None)
        raise BrokenToolError(f"LeanDojo shows goals that cannot be read: {state.error}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._states.clear()
        self._context.__exit__(kind, error, traceback)

    def start(self) -> TacticState | NoState:
        """The theorem's first state. Raises InputError before the session is entered."""
        if self._first is None:
            raise InputError("the session is not open: enter it with `with` first")
        return self._first

    def run_tac(
        self, state: TacticState, tactic: str, limits: Limits | None = None
    ) -> TacticResult:
        """Run a tactic in LeanDojo; ``limits`` hold only for the judge of a finished proof.

        Raises InputError for a state of another session, and BrokenToolError for an answer that
        LeanDojo does not document.
        """
        known = self._states.get(state.id)
        if known is None or known[0] != state:
            raise InputError(f"tactic state {state.id} is not one of this session: start there")
        if self._ended is not None:
            return self._ended
        package = self._package
        _, theirs, script = known
        # LeanDojo reads one line at a time.
        line = tactic.strip()
        if "\n" in line:
            return LeanError("LeanDojo takes tactics of one line only")
        start = time.monotonic()
        try:
            answer = self._dojo.run_tac(theirs, line)
        except package.DojoTacticTimeoutError:
            self._ended = TacticTimeout(f"no answer in {time.monotonic() - start:.0f} s")
            return self._ended
        except package.DojoCrashError as error:
            cause: Stop = "memory" if error.is_out_of_memory else "crash"
            self._ended = TacticCrash(f"LeanDojo crashed: {error}", cause)
            return self._ended
        script = (*script, tactic)
        match answer:
            case package.TacticState():
                return self._known(answer, script)
            case package.ProofFinished(message=message):
                return self._finish(script, message, limits or self._limits)
            case package.LeanError(error=error):
                return LeanError(error)
            case package.ProofGivenUp():
                return ProofGivenUp()
            case _:
                raise BrokenToolError(f"LeanDojo answered {type(answer).__name__}, which is new")

    def _known(self, theirs: Any, script: tuple[str, ...]) -> TacticState | LeanError:
        try:
            state = TacticState(theirs.pp, next(self._ids), theirs.message or None)
        except ValueError as error:
            return LeanError(f"the goals cannot be read: {error}")
        self._states[state.id] = (state, theirs, script)
        return state

    def _finish(self, script: tuple[str, ...], message: str | None, limits: Limits) -> TacticResult:
        problem = LeanProblem(self._text.code(script), self._statement)
        return judged(judge(self._checker, problem, limits), next(self._ids), message or None)
