"""The race: first conclusive answer, contradictions named, losers stopped."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from provers import registry
from provers.base import (
    AnyProblem,
    Conflict,
    Instance,
    Limits,
    Outcome,
    Problem,
    Reason,
    Refutation,
    Result,
)
from provers.errors import InputError, NeurosymError
from provers.portfolio import Portfolio
from provers.problems import read_problem

# Real provers do not contradict each other on demand, so these answer what a test tells them.
_CLAIM = {Outcome.PROVED: "goal", Outcome.REFUTED: "negation", Outcome.INCONSISTENT: "premises"}


@dataclass
class Scripted:
    name: str
    outcome: Outcome
    delay: float = 0.0
    reason: Reason = ""
    error: NeurosymError | None = None
    closed: list[str] = field(default_factory=list)

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        time.sleep(self.delay)
        if self.error is not None:
            raise self.error
        evidence = None
        if self.outcome in _CLAIM:
            evidence = Refutation(
                _CLAIM[self.outcome],  # type: ignore[arg-type]
                (),
                instances=(Instance(-1, 0, ()),),
            )
        return Result(self.outcome, self.name, self.delay, self.reason, evidence)

    def close(self) -> None:
        self.closed.append(self.name)


PROBLEM = Problem(())


def test_first_conclusive_answer_wins() -> None:
    slow = Scripted("slow", Outcome.PROVED, delay=5)
    fast = Scripted("fast", Outcome.PROVED)
    start = time.monotonic()
    result = Portfolio([slow, fast]).prove(PROBLEM, Limits(10))
    assert result.prover == "fast"
    assert time.monotonic() - start < 3
    assert slow.closed == ["slow"]


def test_others_start_when_the_first_gives_up() -> None:
    first = Scripted("first", Outcome.UNKNOWN, reason="incomplete")
    second = Scripted("second", Outcome.REFUTED)
    assert Portfolio([first, second]).prove(PROBLEM, Limits(5)).outcome is Outcome.REFUTED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_contradiction_is_failed_with_both_answers(order: tuple[int, int]) -> None:
    provers = [Scripted("yes", Outcome.PROVED), Scripted("no", Outcome.REFUTED)]
    result = Portfolio([provers[i] for i in order], agree=True).prove(PROBLEM, Limits(5))
    assert result.outcome is Outcome.FAILED
    assert isinstance(result.evidence, Conflict)
    assert set(result.evidence.answers) == {("yes", "proved"), ("no", "refuted")}


def test_who_noticed_contradictory_premises_is_right() -> None:
    provers = [Scripted("one", Outcome.PROVED), Scripted("two", Outcome.INCONSISTENT)]
    result = Portfolio(provers, agree=True).prove(PROBLEM, Limits(5))
    assert result.outcome is Outcome.INCONSISTENT


def test_nobody_knows() -> None:
    provers = [
        Scripted("a", Outcome.UNKNOWN, reason="unsupported"),
        Scripted("b", Outcome.UNKNOWN, reason="timeout"),
    ]
    result = Portfolio(provers).prove(PROBLEM, Limits(5))
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")


def test_a_crash_does_not_hide_an_answer() -> None:
    broken = Scripted("broken", Outcome.FAILED, error=NeurosymError("it broke"))
    good = Scripted("good", Outcome.PROVED)
    assert Portfolio([broken, good]).prove(PROBLEM, Limits(5)).outcome is Outcome.PROVED
    alone = Portfolio([broken]).prove(PROBLEM, Limits(5))
    assert alone.outcome is Outcome.FAILED
    assert "it broke" in alone.messages[0].text


def test_a_portfolio_of_nobody_is_refused() -> None:
    with pytest.raises(InputError):
        Portfolio([])


def test_real_provers_agree() -> None:
    portfolio = registry.portfolio(agree=True)
    problem = read_problem(["all x. (Dog(x) -> Animal(x))", "Dog(Rex)"], "Animal(Rex)", "nltk")
    try:
        assert portfolio.prove(problem, Limits(20)).outcome is Outcome.PROVED
    finally:
        portfolio.close()
