"""Samples that are complained of are drawn again, the others left alone."""

from __future__ import annotations

from neurosym.llm.base import Message, Request
from neurosym.translate.drafting import Draft, draw
from tests.neurosym.translate.scripted import Scripted

ASKED = Request((Message("user", "a number"),), n=2, temperature=0.5, seed=7)


def number(text: str) -> Draft[int]:
    return Draft(int(text)) if text.isdigit() else Draft(None, f"{text} is no number")


def test_only_what_is_wrong_is_drawn_again() -> None:
    model = Scripted(["1", "two", "three", "3"])
    drawn = draw(model, ASKED, number, lambda why: f"No: {why}", rounds=2, temperature=0.7)
    assert (drawn.good, drawn.at_once, drawn.rounds) == ([1, 3], 1, 2)
    assert drawn.complaints == [] and drawn.tokens == len("1" + "two" + "three" + "3")
    again = model.asked[-1]
    assert [m.content for m in again.messages] == ["a number", "three", "No: three is no number"]
    assert (again.n, again.temperature, again.seed) == (1, 0.7, 2008)


def test_what_stays_wrong_is_said_once() -> None:
    drawn = draw(Scripted(["x", "x"]), ASKED, number, str, rounds=0, temperature=0.7)
    assert drawn.good == [] and drawn.complaints == ["x is no number"] and drawn.rounds == 0
