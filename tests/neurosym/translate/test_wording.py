"""Plain sentences whose verbs the rules do not know."""

from __future__ import annotations

import pytest

from neurosym.translate.wording import read
from provers.logic.formats import write

ACTIONS = ("make a meal of", "drop in on", "drop in", "chase")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("the mouse makes a meal of the cow.", "make_a_meal_of(the_mouse, the_cow)"),
        ("Tom does not drop in on the cow.", "¬drop_in_on(tom, the_cow)"),
        ("If something drops in on Tom then it chases Tom.",
         "∀x (drop_in_on(x, tom) → chase(x, tom))"),
        ("If something makes a meal of the greeter then it drops in on the greeter.",
         "∀x (make_a_meal_of(x, the_greeter) → drop_in_on(x, the_greeter))"),
    ],
)  # fmt: skip
def test_verbs_of_several_words_are_read(text: str, formula: str) -> None:
    (found,), messages = read(text, ACTIONS)
    assert write(found, "unicode") == formula and not messages


def test_what_is_no_plain_sentence_is_not_read() -> None:
    formulas, messages = read("the mouse is makes a meal of the cow.", ACTIONS)
    assert not formulas and messages
