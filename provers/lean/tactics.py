"""Proving tactic by tactic, in the shapes that LeanDojo made common.

A state is known by the tactics that led to it, and each step elaborates the statement with all of
them: nothing has to be kept in Lean, so a state outlives the server that showed it, any server of
a pool can take the next step, and what is finished is what was checked all along. A step costs
what its tactics cost, milliseconds for most.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from provers.base import LeanProblem, LeanProof, Limits, Message, Outcome, Result
from provers.errors import BrokenToolError, InputError, ParseError
from provers.lean.base import Checker, Stop
from provers.lean.goals import Goal, parse_goals
from provers.lean.judge import WORK_LIMIT, judge, read_messages
from provers.lean.source import before_proof, check_text, split_header

_UNSOLVED = "unsolved goals\n"
# Words outside strings and comments that end a proof without proving it.
_QUIET = re.compile(r'"(?:\\.|[^"\\])*"|--[^\n]*|/-.*?-/|«[^»\n]*»', re.DOTALL)
_GIVES_UP = re.compile(r"(?<![\w.])(?:sorry|admit|stop)(?![\w.!?'])")
_REFUSED = re.compile(r"(?<![\w.])native_decide(?![\w.!?'])|\bdecide\s*\+native\b")
_FIRST_TACTIC = "skip"


@dataclass(frozen=True, slots=True)
class TacticState:
    """What is left to prove: ``pp`` as Lean prints it, and the same in parts.

    ``id`` names the state within its session; ``message`` is what Lean said, other than errors,
    about the tactic that led to it.
    """

    pp: str
    id: int
    message: str | None = None
    goals: tuple[Goal, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError where ``pp`` is not goals."""
        object.__setattr__(self, "goals", parse_goals(self.pp))

    @property
    def num_goals(self) -> int:
        return len(self.goals)


@dataclass(frozen=True, slots=True)
class ProofFinished:
    """The judge accepted the whole theorem; ``result`` is its answer, evidence included."""

    id: int
    result: Result
    message: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.result.evidence, LeanProof):
            raise ValueError("a finished proof needs the judge's evidence")

    @property
    def proof(self) -> LeanProof:
        assert isinstance(self.result.evidence, LeanProof)
        return self.result.evidence

    @property
    def code(self) -> str:
        """The complete Lean file."""
        return self.proof.code


@dataclass(frozen=True, slots=True)
class LeanError:
    """Lean, or the judge of a proof without goals left, rejected the tactic."""

    error: str


@dataclass(frozen=True, slots=True)
class ProofGivenUp:
    """The tactic ends the proof with ``sorry``, in whatever disguise."""

    error: str = "it is not proved: `sorry` stands in for a proof"


@dataclass(frozen=True, slots=True)
class TacticTimeout:
    """Lean was not done in time, or reached its own limit on work."""

    error: str


@dataclass(frozen=True, slots=True)
class TacticCrash:
    """Lean ran out of memory or stack, or crashed; ``cause`` says which. The session goes on."""

    error: str
    cause: Stop = "crash"


TacticResult: TypeAlias = (
    TacticState | ProofFinished | LeanError | ProofGivenUp | TacticTimeout | TacticCrash
)
NoState: TypeAlias = LeanError | TacticTimeout | TacticCrash


class Session(Protocol):
    """Something in which a theorem is proved tactic by tactic."""

    def start(self) -> TacticState | NoState:
        """The state before any tactic, or why there is none."""
        ...

    def run_tac(
        self, state: TacticState, tactic: str, limits: Limits | None = None
    ) -> TacticResult:
        """What the tactic makes of a state of this session, which itself stays usable."""
        ...


class Dojo:
    """A statement that is proved tactic by tactic: ``with Dojo(checker, text) as (dojo, state)``.

    ``statement`` is Lean text whose last declaration is the theorem, with or without
    ``:= by sorry`` at its end; imports and definitions may stand in front. ``limits`` hold for
    each tactic, together with those that led to its state, and so do Lean's ``heartbeats``
    (thousands of small allocations; None is its own 200,000).
    """

    def __init__(
        self,
        checker: Checker,
        statement: str,
        limits: Limits = Limits(),
        *,
        heartbeats: int | None = None,
    ) -> None:
        """Raises ParseError for text that no Lean file can hold."""
        check_text(statement)
        self._checker = checker
        self._limits = limits
        self._work = {} if heartbeats is None else {"heartbeats": heartbeats}
        self.statement = statement
        self._by = before_proof(statement)
        self._ids = itertools.count()
        self._states: dict[int, tuple[TacticState, tuple[str, ...]]] = {}

    def __enter__(self) -> tuple[Self, TacticState]:
        """Raises InputError for a statement Lean rejects, BrokenToolError where Lean stops."""
        match self.start():
            case TacticState() as state:
                return self, state
            case LeanError(error):
                raise InputError(f"Lean does not accept the statement: {error}")
            case TacticTimeout(error) | TacticCrash(error):
                raise BrokenToolError(f"the statement could not be read: {error}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._states.clear()

    def start(self) -> TacticState | NoState:
        """The statement's first state, or why there is none."""
        result = self._step((), _FIRST_TACTIC, self._limits)
        match result:
            case TacticState() | LeanError() | TacticTimeout() | TacticCrash():
                return result
            case ProofFinished() | ProofGivenUp():
                return LeanError("there is nothing to prove: end the text with the theorem")

    def run_tac(
        self, state: TacticState, tactic: str, limits: Limits | None = None
    ) -> TacticResult:
        """Run a tactic, or several of them on lines of their own, on the state's goals.

        Raises InputError for a state that this session did not give; MissingToolError or
        BrokenToolError if Lean cannot be started.
        """
        known = self._states.get(state.id)
        if known is None or known[0] != state:
            raise InputError(f"tactic state {state.id} is not one of this session: start there")
        try:
            check_text(tactic)
        except ParseError as error:
            return LeanError(str(error))
        words = _QUIET.sub(" ", tactic)
        if not words.strip():
            return LeanError("there is no tactic in it")
        if _GIVES_UP.search(words):
            return ProofGivenUp()
        if _REFUSED.search(words):
            return LeanError("`native_decide` trusts compiled code: use `decide`")
        return self._step(known[1], tactic, limits or self._limits)

    def script(self, state: TacticState) -> tuple[str, ...]:
        """The tactics that led to a state. Raises KeyError for a state of another session."""
        return self._states[state.id][1]

    def code(self, script: tuple[str, ...]) -> str:
        """The statement with the tactics as its proof: a complete file."""
        return "\n".join([self._by, *map(_indent, script)]) + "\n"

    def _step(self, script: tuple[str, ...], tactic: str, limits: Limits) -> TacticResult:
        # The first state is shown by `skip`, which no finished proof needs.
        script = script if tactic == _FIRST_TACTIC else (*script, tactic)
        shown = self.code(script or (_FIRST_TACTIC,))
        try:
            source = split_header(shown)
        except ParseError as error:
            return LeanError(str(error))
        request = {"op": "check", "code": source.body, **self._work}
        reply = self._checker.ask(source.header, request, limits)
        if reply.body is None:
            return _stopped(reply.stopped, reply.detail)
        messages = read_messages(reply.body)
        errors = [m for m in messages if m.severity == "error"]
        said = self._said(messages, shown, tactic)
        if not reply.body["errors"]:
            return self._finish(shown, limits, said)
        goals = self._unsolved(errors)
        if goals is None:
            return _rejected(errors)
        try:
            state = TacticState(goals, next(self._ids), said)
        except ValueError as error:  # too long to be shown whole
            return LeanError(f"the goals cannot be read: {error}")
        self._states[state.id] = (state, script)
        return state

    def _unsolved(self, errors: list[Message]) -> str | None:
        """The goals left, if that they are left is all that is wrong.

        The one error must stand at the theorem's own ``by``: those of a block inside the proof,
        or of a declaration that the tactic smuggled in, stand elsewhere.
        """
        if len(errors) != 1 or not errors[0].text.startswith(_UNSOLVED):
            return None
        line = self._by.count("\n") + 1
        column = len(self._by.rpartition("\n")[2]) - len("by") + 1
        if (errors[0].line, errors[0].column) != (line, column):
            return None
        return errors[0].text.removeprefix(_UNSOLVED)

    @staticmethod
    def _said(messages: tuple[Message, ...], shown: str, tactic: str) -> str | None:
        """What Lean said about the last tactic, other than errors."""
        first = shown.count("\n") - _indent(tactic).count("\n")
        said = [m.text for m in messages if m.severity != "error" and (m.line or 0) >= first]
        return "\n".join(said) or None

    def _finish(self, code: str, limits: Limits, said: str | None) -> TacticResult:
        result = judge(self._checker, LeanProblem(code, self.statement), limits)
        return judged(result, next(self._ids), said)


def judged(result: Result, id: int, message: str | None = None) -> TacticResult:
    """What the judge's answer about a proof without goals left means for its last tactic."""
    text = result.messages[0].text if result.messages else result.szs
    match result:
        case Result(outcome=Outcome.PROVED):
            return ProofFinished(id, result, message)
        case Result(reason="timeout"):
            return TacticTimeout(text)
        case Result(reason="memory", flags=flags):
            return TacticCrash(text, "stack" if "stack" in flags else "memory")
        case Result(outcome=Outcome.FAILED):
            return TacticCrash(text)
        case Result(flags=flags) if "sorry" in flags:
            return ProofGivenUp(text)
        case _:
            return LeanError(text)


def _indent(tactic: str) -> str:
    return textwrap.indent(textwrap.dedent(tactic.strip("\n")).rstrip(), "  ")


def _rejected(errors: list[Message]) -> LeanError | TacticTimeout:
    """The error that comes first in Lean's report; that goals are left then says nothing."""
    texts = [e.text for e in errors if not e.text.startswith(_UNSOLVED)] or [e.text for e in errors]
    if any(words in text for text in texts for words in WORK_LIMIT):
        return TacticTimeout(texts[0])
    return LeanError(texts[0] if texts else "there are more messages than can be shown")


def _stopped(stopped: Stop, detail: str) -> NoState:
    detail = f": {detail}" if detail else ""
    match stopped:
        case "timeout":
            return TacticTimeout(f"Lean was stopped: timeout{detail}")
        case "header":
            return LeanError(f"the imports cannot be made{detail}")
        case _:
            return TacticCrash(f"Lean was stopped: {stopped}{detail}", stopped)
