"""LeanDojo's results as ours, with its own classes where it is installed and their like if not.

Its process is replaced by a script of answers: tracing a repository needs the network.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import shutil
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from provers.base import Limits
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean import leandojo
from provers.lean.base import Header, LeanVersion, Reply
from provers.lean.leandojo import TracedDojo, load
from provers.lean.tactics import (
    LeanError,
    ProofFinished,
    ProofGivenUp,
    TacticCrash,
    TacticResult,
    TacticState,
    TacticTimeout,
)


def _stand_in() -> SimpleNamespace:
    """Classes with the names and fields of LeanDojo's."""

    def shape(name: str, *fields: Any) -> type:
        return dataclasses.make_dataclass(name, fields, frozen=True)

    message = ("message", str | None, None)

    class DojoCrashError(Exception):
        @property
        def is_out_of_memory(self) -> bool:
            return str(self) == "OOM"

    return SimpleNamespace(
        TacticState=shape("TacticState", ("pp", str), ("id", int), message),
        ProofFinished=shape("ProofFinished", ("tactic_state_id", int), message),
        ProofGivenUp=shape("ProofGivenUp"),
        LeanError=shape("LeanError", ("error", str)),
        DojoCrashError=DojoCrashError,
        DojoTacticTimeoutError=type("DojoTacticTimeoutError", (Exception,), {}),
        DojoInitError=type("DojoInitError", (Exception,), {}),
    )


def _installed() -> SimpleNamespace:
    package = pytest.importorskip("lean_dojo")
    return SimpleNamespace(**{name: getattr(package, name) for name in vars(_stand_in())})


@pytest.fixture(params=[_stand_in, _installed], ids=["like", "installed"])
def package(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The package whose ``Dojo`` plays ``package.script``: answers, or exceptions to raise."""
    found: SimpleNamespace = request.param()
    found.script = []
    found.opened = []

    class Scripted:
        def __init__(self, theorem: Any, timeout: int) -> None:
            found.opened.append((theorem, timeout))

        def __enter__(self) -> tuple[Scripted, Any]:
            return self, self.run_tac(None, "")

        def __exit__(self, *words: Any) -> None:
            found.opened.append("closed")

        def run_tac(self, state: Any, tactic: str) -> Any:
            answer = found.script.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    found.Dojo = Scripted
    monkeypatch.setattr(leandojo, "load", lambda: found)
    return found


class Judging:
    """A checker whose judge gives this answer."""

    def __init__(self, tag: str = "proof", axioms: tuple[str, ...] = ()) -> None:
        self.requests: list[dict[str, Any]] = []
        self.body = {
            "tag": tag,
            "detail": "",
            "messages": [],
            "axioms": list(axioms),
            "declared": [],
            "replayed": 1,
            "theorems": ["t"],
        }

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        self.requests.append(request)
        return Reply(self.body, 0.0)

    def version(self) -> LeanVersion:
        return LeanVersion("4.0.0", "native")

    def warm(self, header: Header = ("Init",)) -> None:
        return None

    def close(self) -> None:
        return None


STATEMENT = "theorem t : True ∧ True"


def play(package: SimpleNamespace, checker: Judging, *answers: Any) -> TacticResult:
    """The result of the last of these answers; those before it are states."""
    package.script = [package.TacticState("⊢ True ∧ True", 0), *answers]
    with TracedDojo("the theorem", STATEMENT, checker, Limits(7.5)) as (dojo, state):
        assert dojo.start() == state
        result: TacticResult = state
        for number, _ in enumerate(answers):
            assert isinstance(result, TacticState)
            result = dojo.run_tac(result, f"tactic{number}")
    assert package.opened == [("the theorem", 8), "closed"]
    return result


def test_states_are_ours(package: SimpleNamespace) -> None:
    pp = "case left\nh : True\n⊢ True\n\ncase right\n⊢ True"
    result = play(package, Judging(), package.TacticState(pp, 3, "said"))
    assert isinstance(result, TacticState)
    assert (result.pp, result.message, result.num_goals) == (pp, "said", 2)
    assert result.goals[0].hypotheses[0].name == "h"


def test_what_it_calls_finished_is_judged(package: SimpleNamespace) -> None:
    checker = Judging()
    second = package.TacticState("⊢ True", 1)
    result = play(package, checker, second, package.ProofFinished(2, ""))
    assert isinstance(result, ProofFinished)
    assert result.code == f"{STATEMENT} := by\n  tactic0\n  tactic1\n"
    assert checker.requests[0]["op"] == "judge"


@pytest.mark.parametrize(
    ("checker", "kind"),
    [
        (Judging(axioms=("sorryAx",)), ProofGivenUp),
        (Judging(axioms=("Lean.ofReduceBool",)), LeanError),
        (Judging("statement"), LeanError),
        (Judging("kernel"), LeanError),
    ],
)
def test_what_the_judge_rejects_is_not_finished(
    package: SimpleNamespace, checker: Judging, kind: type
) -> None:
    assert isinstance(play(package, checker, package.ProofFinished(1, None)), kind)


def test_errors_and_giving_up(package: SimpleNamespace) -> None:
    assert play(package, Judging(), package.LeanError("no")) == LeanError("no")
    package.opened.clear()
    assert isinstance(play(package, Judging(), package.ProofGivenUp()), ProofGivenUp)


def test_a_timeout_and_a_crash_end_the_session(package: SimpleNamespace) -> None:
    for error, kind in (
        (package.DojoTacticTimeoutError(), TacticTimeout),
        (package.DojoCrashError("OOM"), TacticCrash),
    ):
        package.script = [package.TacticState("⊢ True", 0), error]
        with TracedDojo("the theorem", STATEMENT, Judging()) as (dojo, state):
            first = dojo.run_tac(state, "a")
            assert isinstance(first, kind)
            assert dojo.run_tac(state, "b") == first
        if isinstance(first, TacticCrash):
            assert first.cause == "memory"


def test_a_theorem_that_it_cannot_open(package: SimpleNamespace) -> None:
    package.script = [package.DojoInitError("Failed to locate the theorem")]
    with (
        pytest.raises(BrokenToolError, match="Failed to locate"),
        TracedDojo("the theorem", STATEMENT, Judging()),
    ):
        pass


def test_several_lines_never_reach_it(package: SimpleNamespace) -> None:
    package.script = [package.TacticState("⊢ True", 0)]
    with TracedDojo("the theorem", STATEMENT, Judging()) as (dojo, state):
        assert isinstance(dojo.run_tac(state, "a\nb"), LeanError)
        with pytest.raises(InputError, match="not one of this session"):
            dojo.run_tac(TacticState("⊢ False", 0), "a")


def test_an_answer_that_is_new(package: SimpleNamespace) -> None:
    with pytest.raises(BrokenToolError, match="int, which is new"):
        play(package, Judging(), 7)


def test_it_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    with pytest.raises(MissingToolError, match="needs lean, lake, git on PATH"):
        load()
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))
    with pytest.raises(MissingToolError, match=r"below 3\.13"):
        load()


def test_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("lean_dojo") is not None:
        pytest.skip("LeanDojo is installed")
    monkeypatch.setattr(shutil, "which", lambda tool: f"/bin/{tool}")
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    with pytest.raises(MissingToolError, match="not installed"):
        load()


def test_it_is_there_with_a_native_lean() -> None:
    """The package itself, as far as can be seen without tracing a repository."""
    try:
        package = load()
    except MissingToolError as error:
        pytest.skip(str(error))
    for name in vars(_stand_in()):
        assert hasattr(package, name)
