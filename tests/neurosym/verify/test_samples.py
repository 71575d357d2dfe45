"""Choosing among solutions, whose reports are real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.verify.base import Verdict
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.samples import End, Sample, choose, grouped, saving, vote
from provers import registry
from provers.base import Limits, Prover

QUESTION = "A box holds 4 rows of 6 pens. Half of the pens are red. How many are red?"


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    found = registry.load("z3")
    yield found
    found.close()


def sample(
    prover: Prover,
    text: str,
    index: int = 1,
    end: End = "answered",
    tokens: int = 0,
    refuted_at: int | None = None,
) -> Sample:
    record = record_of({"question": QUESTION, "solution": text})
    report = verify(record, prover, Limits(seconds=5))
    return Sample(index, end, (), report, tokens=tokens, tokens_when_refuted=refuted_at)


@pytest.mark.parametrize(
    ("text", "proved", "claiming"),
    [
        ("4 * 6 = 24\n24 / 2 = 12\nThe answer is 12.", 2, 2),
        ("Pens are lovely things, dear reader.\n37 + 37 = 74\nThe answer is 74.", 0, 2),
        ("12 = 12\nThe answer is 12.", 0, 0),
        ("4 * 6 = 25\nThe answer is 25.", 0, 1),
        ("The answer is 12.", 0, 0),
    ],
    ids=["all", "one unread, one from nowhere", "nothing said", "refuted", "no step"],
)
def test_only_what_is_proved_without_reserve_counts(
    prover: Prover, text: str, proved: int, claiming: int
) -> None:
    found = sample(prover, text)
    assert (found.proved, found.claiming) == (proved, claiming)
    assert found.share == (proved / claiming if claiming else 0)


def test_saying_nothing_carries_no_answer(prover: Prover) -> None:
    """A claim that a number is itself arrives at anything, and wins against nothing."""
    idle = [sample(prover, "7 = 7\nThe answer is 7.", i) for i in (1, 2)]
    honest = sample(prover, "4 * 6 = 24\n24 / 2 = 12\nThe answer is 12.", 3)
    majority = vote([*idle, honest])
    assert majority is not None and majority.answer == "7"
    choice = choose([*idle, honest])
    assert choice.sample is honest
    assert choice.agreement == pytest.approx(1 / 3)


def test_the_shown_sample_is_the_best_of_its_answer(prover: Prover) -> None:
    half = sample(prover, "There are lots of pens.\n4 * 6 / 2 = 12\nThe answer is 12.", 1)
    whole = sample(prover, "4 * 6 = 24\n24 / 2 = 12\nThe answer is 12 pens.", 2)
    choice = choose([half, whole])
    assert choice.sample is whole and choice.agreement == 1
    assert whole.report is not None and whole.report.verdict is Verdict.PROVED


def test_a_refuted_sample_does_not_vote(prover: Prover) -> None:
    wrong = [sample(prover, "4 * 6 = 20\n20 / 2 = 10\nThe answer is 10.", i) for i in (1, 2)]
    unread = sample(prover, "It must be a dozen.\nThe answer is 12.", 3)
    assert choose([*wrong, unread]).sample is unread
    assert choose(wrong).sample is wrong[0]
    assert choose([]).sample is None and vote([]) is None


def test_answers_are_compared_by_value(prover: Prover) -> None:
    texts = ["The answer is 1,200.", "The answer is $1200", "The answer is 12.", "#### 12 pens"]
    groups = grouped([sample(prover, text, i) for i, text in enumerate(texts, 1)])
    assert [[s.index for s in group] for group in groups] == [[1, 2], [3, 4]]


def test_what_stopping_saves(prover: Prover) -> None:
    right = sample(prover, "4 * 6 / 2 = 12\nThe answer is 12.", 1, tokens=100)
    ran_on = sample(prover, "4 * 6 = 20\nThe answer is 20.", 2, tokens=60, refuted_at=20)
    exact = saving([right, ran_on], early_stop=False)
    assert exact is not None and (exact.tokens, exact.share, exact.exact) == (40, 0.25, True)
    stopped = sample(prover, "4 * 6 = 20", 2, "rejected", tokens=20, refuted_at=20)
    guessed = saving([right, stopped], early_stop=True)
    assert guessed is not None and (guessed.tokens, guessed.share) == (80, 0.4)
    longer = sample(prover, "4 * 6 = 20", 2, "rejected", tokens=200, refuted_at=200)
    none = saving([right, longer], early_stop=True)
    assert none is not None and none.tokens == 0
    assert saving([stopped], early_stop=True) is None
