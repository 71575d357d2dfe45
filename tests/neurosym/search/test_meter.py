"""Tokens are counted, and no request goes beyond the budget."""

from __future__ import annotations

import pytest

from neurosym.llm.base import Completion, Completions, Message, Request
from neurosym.search.base import Stop, StoppedError
from neurosym.search.meter import LEAST_TOKENS, Meter, TokensSpentError
from tests.neurosym.search.models import Writer

ASK = Request((Message("user", "?"),), n=4, temperature=0.7, max_tokens=100)


def meter(model: Writer, budget: int | None = None, seed: int = 0) -> Meter:
    return Meter(model, Stop(), budget=budget, seed=seed)


def test_without_a_budget_all_is_asked_at_once() -> None:
    model = Writer([["a", "b", "c", "d"]])
    found = meter(model).draw([ASK])
    assert [sample.text for sample in found[0]] == ["a", "b", "c", "d"]
    assert len(model.asked) == 1


def test_no_request_can_take_more_than_is_left() -> None:
    model = Writer([["a", "b", "c", "d"]], tokens=10)
    counting = meter(model, budget=250)
    found = counting.draw([ASK, ASK])
    assert [len(samples) for samples in found] == [4, 4]
    assert counting.tokens == 80 and not counting.short
    left = 250
    for request in model.asked:
        assert request.n * request.max_tokens <= left
        left -= 10 * request.n


def test_the_budget_ends() -> None:
    model = Writer([["a", "b", "c", "d"]], tokens=100)
    counting = meter(model, budget=300 + LEAST_TOKENS - 1)
    assert [len(samples) for samples in counting.draw([ASK, ASK])] == [3, 0]
    assert counting.short
    with pytest.raises(TokensSpentError):
        counting.draw([ASK])
    assert len(model.asked) == 1


def test_an_answer_cut_off_by_the_budget_is_told() -> None:
    class Endless(Writer):
        def complete(self, request: Request) -> Completions:
            sample = Completion("a", "length", request.max_tokens)
            return Completions((sample,), self.name)

    counting = meter(Endless([[]]), budget=50)
    counting.draw([Request(ASK.messages, max_tokens=100)])
    assert counting.short and counting.tokens == 50


def test_tokens_that_an_engine_does_not_count_are_estimated() -> None:
    counting = meter(Writer([["ab∀∀"]], tokens=None))
    counting.draw([Request(ASK.messages)])
    assert counting.tokens == 3  # eight bytes


def test_no_two_requests_have_a_seed_in_common() -> None:
    model = Writer([["a"]])
    for seed in range(3):
        counting = meter(model, seed=seed)
        counting.draw([ASK, ASK])
        counting.draw([ASK])
    assert len({request.seed for request in model.asked}) == 9


def test_nothing_is_asked_once_it_is_to_stop() -> None:
    model = Writer([["a"]])
    stop = Stop()
    stop.call()
    with pytest.raises(StoppedError):
        Meter(model, stop, budget=None, seed=0).draw([ASK])
    assert model.asked == []
