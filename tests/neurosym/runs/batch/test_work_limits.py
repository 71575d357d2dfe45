"""What ends an attempt early or breaks it: budgets, missing and broken tools, models, our bugs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from neurosym.llm import opening
from neurosym.llm.base import Model
from neurosym.runs.batch.base import Attempt, Configuration, Task
from neurosym.runs.batch.work import Worker, formal
from neurosym.runs.items import Item, Question, Recorded, Statement
from neurosym.runs.problems import ProblemRecord
from neurosym.verify.records import record_of
from provers import registry
from provers.base import (
    AnyProblem,
    Attempts,
    Conflict,
    Limits,
    Outcome,
    Prover,
    Result,
)
from provers.errors import (
    InputError,
    MissingToolError,
    ModelError,
    ModelFailure,
    UnknownProverError,
)
from provers.smt import SmtProver
from provers.solver import Solver
from tests.neurosym.runs.batch.test_work import HERE, TEXT, fol, item, rules, verify
from tests.neurosym.tables import Table
from tests.provers.test_process import gone

EASY = item(fol("P(A)", goal="P(A)"))


@pytest.fixture
def worker() -> Iterator[Callable[..., Worker]]:
    """Makes workers, which are closed in the end."""
    made: list[Worker] = []

    def make(**options: Any) -> Worker:
        made.append(Worker(Configuration(**({"prover": "z3"} | options))))
        return made[-1]

    yield make
    for one in made:
        one.close()


def use(monkeypatch: pytest.MonkeyPatch, prover: Prover) -> None:
    """Let ``z3`` be another prover."""
    monkeypatch.setitem(registry._LOADERS, "z3", lambda: prover)


class Saying:
    """A prover that says one thing to everything, after a while."""

    name = "saying"

    def __init__(self, result: Result, seconds: float = 0.0) -> None:
        self.result = replace(result, seconds=seconds)
        self.seconds = seconds
        self.limits: list[Limits] = []

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        self.limits.append(limits)
        time.sleep(self.seconds)
        return self.result

    def warm(self) -> None: ...
    def close(self) -> None: ...


UNKNOWN = Result(Outcome.UNKNOWN, "saying", 0.0, reason="incomplete", evidence=Attempts(()))


# --- budgets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [EASY, item(**verify("Tom is a feline.", premises=TEXT)), rules(), item(Question("x?"))],
    ids=["prove", "verify", "puzzle", "question"],
)
def test_nothing_is_tried_once_the_budget_is_spent(
    asked: Item, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    prover = Saying(UNKNOWN)
    use(monkeypatch, prover)
    made = worker().attempt(Task(0, asked, seconds=0.0))
    assert (made.outcome, made.reason, made.again) == ("unknown", "timeout", False)
    assert prover.limits == []
    assert made.output["messages"]


def test_the_budget_caps_the_limit_of_each_question(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    prover = Saying(UNKNOWN)
    use(monkeypatch, prover)
    made = worker(seconds=10, megabytes=512)
    made.attempt(Task(0, EASY))
    made.attempt(Task(0, EASY, seconds=3.0))
    made.attempt(Task(0, EASY, seconds=30.0))
    free, capped, ample = prover.limits
    assert free == ample == Limits(10, 512)
    assert 2 < capped.seconds <= 3 and capped.megabytes == 512


def test_a_hard_problem_ends_with_the_budget(worker: Callable[..., Worker]) -> None:
    # A pigeon too many: hopeless for a search through all ways.
    holes = 11
    pigeons = [
        " | ".join(f"In(p{pigeon}, h{hole})" for hole in range(holes))
        for pigeon in range(holes + 1)
    ]
    apart = "all x. all y. all z. ((In(x, z) & In(y, z)) -> x = y)"
    different = [f"-(p{i} = p{j})" for i in range(holes + 1) for j in range(i)]
    hard = item(fol(apart, *pigeons, *different, goal="Q(a)"))
    made = worker(seconds=60)
    made.attempt(Task(0, EASY))  # it is up before the clock runs
    start = time.monotonic()
    found = made.attempt(Task(0, hard, seconds=1.0))
    assert (found.outcome, found.reason, found.again) == ("unknown", "timeout", False)
    assert time.monotonic() - start < 6


def test_steps_that_are_not_reached_are_unknown(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Saying(UNKNOWN, seconds=0.2))
    steps = [f"{n} + 1 = {n + 1}" for n in range(40)]
    asked = worker()
    asked.attempt(Task(0, item(**verify("1 + 1 = 2"))))  # all is loaded before the clock runs
    made = asked.attempt(Task(0, item(**verify(*steps)), seconds=0.7))
    assert (made.outcome, made.reason) == ("unknown", "timeout")
    assert made.seconds < 4
    left = made.output["steps"][-1]
    assert (left["verdict"], left["reason"]) == ("unknown", "timeout")
    assert made.output["interrupted"] is True
    assert made.prover_seconds >= 0.4


def test_an_undecided_puzzle_says_why(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Saying(replace(UNKNOWN, reason="memory", szs="")))
    made = worker().attempt(Task(0, rules()))
    assert (made.outcome, made.reason, made.again) == ("unknown", "memory", False)
    assert made.output["failure"] == "undecided"


# --- broken tools --------------------------------------------------------------------------

CRASHING = [
    EASY,
    item(**verify("Tom is a feline.", premises=TEXT)),
    rules(),
    item(Question("A triangle has sides 1, 2 and 10. What is its area?"), "verify"),
]


@pytest.mark.parametrize("asked", CRASHING, ids=["prove", "verify", "puzzle", "question"])
def test_a_prover_that_crashes_is_worth_another_try(
    asked: Item, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = Solver("z3", "tests.provers.children.stillborn", proof_format="z3")
    use(monkeypatch, SmtProver(solver))
    made = worker().attempt(Task(0, asked))
    assert (made.outcome, made.reason) == ("failed", "crash"), made
    assert (made.again, made.final, made.solved) == (True, False, False)


@pytest.mark.parametrize("asked", CRASHING[:3], ids=["prove", "verify", "puzzle"])
def test_provers_that_contradict_each_other_are_not_asked_again(
    asked: Item, worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    conflict = Conflict((("one", "proved"), ("other", "refuted")))
    use(monkeypatch, Saying(Result(Outcome.FAILED, "saying", 0.0, evidence=conflict)))
    made = worker().attempt(Task(0, asked))
    assert (made.outcome, made.again, made.final) == ("failed", False, True), made


def test_a_worker_goes_on_after_a_crash(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = worker()
    assert made.attempt(Task(0, EASY)).outcome == "proved"
    prover = made._tools.prover
    assert isinstance(prover, SmtProver)
    with prover.solver.pool.worker() as child:
        child.kill()
    assert made.attempt(Task(1, EASY)).outcome == "proved"


def test_our_own_bug_costs_one_attempt(
    worker: Callable[..., Worker],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = worker()
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(formal, "prove", lambda *_: 1 / 0)
        found = made.attempt(Task(0, EASY))
    assert (found.outcome, found.reason, found.again) == ("failed", "error", False)
    assert "ZeroDivisionError" in found.output["messages"][0]["text"]
    assert "ZeroDivisionError" in caplog.text
    assert made.attempt(Task(0, EASY)).outcome == "proved"


# --- missing tools -------------------------------------------------------------------------


def test_a_prover_that_is_not_there_is_said_before_anything_begins(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    made = worker(prover="vampire")
    with pytest.raises(MissingToolError, match="Vampire"):
        made.prepare()
    with pytest.raises(MissingToolError, match="Vampire"):
        made.attempt(Task(0, EASY))


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"prover": "isabelle"}, UnknownProverError, "isabelle"),
        ({"model": "no-such-form"}, InputError, "names no model"),
        ({"model": "http://localhost/v1"}, InputError, "the model's name"),
        ({"search": "whole"}, InputError, "--model"),
        ({"search": "best-first"}, InputError, "--model"),
    ],
)
def test_a_configuration_that_cannot_work_is_said_before_anything_begins(
    options: dict[str, Any], error: type[Exception], why: str, worker: Callable[..., Worker]
) -> None:
    with pytest.raises(error, match=why):
        worker(**options).prepare()


def test_preparing_starts_nothing(worker: Callable[..., Worker]) -> None:
    made = worker(model="gguf:/no/such/file.gguf", search="whole")
    made.prepare()
    prover = made._tools.prover
    assert isinstance(prover, SmtProver)
    with prover.solver.pool.worker() as child:
        assert child.restarts == -1


def test_without_lean_its_records_fail_and_others_do_not(
    worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name, value in (
        ("NEUROSYM_LEAN", "native"),
        ("ELAN_HOME", str(tmp_path)),
        ("PATH", str(tmp_path)),
        ("NEUROSYM_NO_DAEMON", "1"),
    ):
        monkeypatch.setenv(name, value)
    made = worker()
    code = item(ProblemRecord(language="lean4", code="theorem t : 1 = 1 := rfl"))
    bare = item(ProblemRecord(language="lean4", statement="theorem t : 1 = 1"))
    for asked in (code, bare, code):
        found = made.attempt(Task(0, asked))
        assert (found.outcome, found.reason) == ("failed", "missing_tool"), found
        assert (found.again, found.final) == (False, True)
        assert "elan" in found.output["messages"][0]["text"]
    assert made.attempt(Task(0, EASY)).outcome == "proved"


def test_closing_stops_the_processes(worker: Callable[..., Worker]) -> None:
    made = worker()
    made.attempt(Task(0, EASY))
    prover = made._tools.prover
    assert isinstance(prover, SmtProver)
    with prover.solver.pool.worker() as child:
        assert child._child is not None
        pid = child._child.pid
    made.close()
    assert gone(pid)
    assert made.attempt(Task(0, EASY)).outcome == "proved"


# --- models --------------------------------------------------------------------------------

ODD = "Max happens to be cold."
READ = {"english": {ODD: ["Max is cold."]}}


@pytest.fixture
def modelled(monkeypatch: pytest.MonkeyPatch) -> Callable[[Model], dict[str, Any]]:
    """The options of a run with a model, which is opened in the place of any other."""

    def use(model: Model) -> dict[str, Any]:
        monkeypatch.setattr(opening, "open_model", lambda spec: model)
        return {"model": "gguf:some.gguf"}

    return use


def translating(model: Table) -> set[tuple[float, int]]:
    """With what temperature and seed the model was asked to translate."""
    sentences = [r for r in model.asked if r.messages[-1].content.startswith("Sentence: ")]
    return {(request.temperature, request.seed) for request in sentences}


def asked_of(worker: Worker, *samples: int, **budget: Any) -> list[Attempt]:
    record = item(**verify(ODD, premises="Rex is a dog."), gold="Unknown")
    return [worker.attempt(Task(0, record, sample, **budget)) for sample in samples]


def test_a_model_reads_what_rules_cannot(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    model = Table(**READ)
    (made,) = asked_of(worker(**modelled(model)), 0)
    assert (made.outcome, made.answer, made.solved) == ("independent", "Unknown", True)
    assert made.tokens == 7 * len(model.asked) > 0
    assert not made.final
    assert made.output["translation"]["model"] == "table"


def test_attempts_are_drawn_from_seeds_of_their_own(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    model = Table(**READ)
    made = worker(**modelled(model), samples=4, seed=100, temperature=0.5)
    asked_of(made, 0)
    assert translating(model) == {(0.5, 100)}
    model.asked.clear()
    asked_of(made, 3)
    assert translating(model) == {(0.5, 103)}


def test_one_attempt_alone_is_greedy_and_one_without_temperature_final(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    model = Table(**READ)
    asked_of(worker(**modelled(model)), 0)
    assert translating(model) == {(0.0, 0)}
    (made,) = asked_of(worker(**modelled(model), samples=3, temperature=0), 0)
    assert made.final


def test_a_model_that_is_not_needed_makes_nothing_different(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    model = Table()
    asked = item(**verify("Tom is a feline.", premises=TEXT), gold="True")
    made = worker(**modelled(model)).attempt(Task(0, asked))
    assert (made.outcome, made.final, made.tokens, model.asked) == ("proved", True, 0, [])


def test_a_model_is_not_asked_beyond_the_budget_of_tokens(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    model = Table()  # what it writes is of no use, so that it is asked again and again
    free = asked_of(worker(**modelled(model), rounds=5), 0)[0]
    asked = len(model.asked)
    assert free.outcome == "untranslated" and free.tokens == 7 * asked > 14
    model.asked.clear()
    (made,) = asked_of(worker(**modelled(model), rounds=5), 0, tokens=10)
    assert (made.outcome, made.reason) == ("unknown", "tokens")
    assert made.tokens == 14 and len(model.asked) == 2
    (none,) = asked_of(worker(**modelled(model), rounds=5), 0, tokens=0)
    assert (none.outcome, none.reason, none.tokens) == ("unknown", "tokens", 0)


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        ("unreachable", True),
        ("server_error", True),
        ("not_recorded", False),
        ("refused", False),
        ("too_long", False),
    ],
)
def test_a_model_that_does_not_answer_is_named(
    failure: ModelFailure,
    again: bool,
    worker: Callable[..., Worker],
    modelled: Callable[[Model], dict[str, Any]],
) -> None:
    model = Table(failing=lambda _: ModelError("nobody listens.", reason=failure))
    (made,) = asked_of(worker(**modelled(model)), 0)
    assert (made.outcome, made.reason, made.again) == ("failed", failure, again)
    assert made.output["messages"][0]["text"] == "nobody listens."


def test_a_model_that_is_not_there_fails_its_records(worker: Callable[..., Worker]) -> None:
    made = worker(model="gguf:/no/such/file.gguf")
    (found,) = asked_of(made, 0)
    assert (found.outcome, found.again) == ("failed", False), found
    stated = made.attempt(Task(0, Item("s", "translate", Statement("Two is even."), HERE)))
    assert (stated.outcome, stated.again) == ("failed", False), stated
    assert made.attempt(Task(0, EASY)).outcome == "proved"


def test_recorded_reasoning_is_read_by_the_model_too(
    worker: Callable[..., Worker], modelled: Callable[[Model], dict[str, Any]]
) -> None:
    record = record_of({"premises": ["Rex is a dog."], "steps": [ODD]})
    asked = item(Recorded((record, record)), "verify")
    made = worker(**modelled(Table(**READ)))
    assert [made.attempt(Task(0, asked, n)).outcome for n in (0, 1)] == ["independent"] * 2
