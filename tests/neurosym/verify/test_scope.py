"""What stands under an assumption, what letters mean, and units of answers."""

from __future__ import annotations

import time

import pytest

from neurosym.verify.measures import unit_conflict
from neurosym.verify.scope import Meanings, Scope, takes_back


def standing(*texts: str) -> list[int | None]:
    scope = Scope()
    return [scope.enter(i, text) for i, text in enumerate(texts, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "Suppose Bob is cold.",
        "Assume for contradiction that Bob is cold.",
        "We argue by contradiction.",
        "Case 1: x > 3.",
        "**Case 2:** x is even.",
        "In case (ii), x is odd.",
        "If we assume that Bob is cold, he is red.",
        "Let us say 2 + 2 = 5.",
        "Suppose x is the smallest counterexample.",
        "Suppose x = 5.",
    ],
)
def test_what_opens_an_assumption(text: str) -> None:
    assert standing(text, "Then 1 = 2.") == [1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Let x be the number of apples.",
        "Let x = 5.",
        "Suppose Tom has x apples.",
        "Let's say the number of books is x.",
        "Assume x is the number of cows.",
        "Let's say that Allen's age is x.",
        "Each case costs 24 dollars.",
        "He buys 2 cases of 12 cans.",
        "If x = 3 then y = 4.",
    ],
)
def test_what_opens_none(text: str) -> None:
    assert standing(text, "Then 1 = 2.") == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        "Wait, that's not right.",
        "Hmm, wait - this is wrong: it should be 4.",
        "No, that can't be right.",
        "That is incorrect.",
        "Oops, I made a sign error.",
        "Scratch that.",
    ],
)
def test_what_takes_back(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tom says that is wrong.",
        "That is not right-angled.",
        "Wait, now add 3.",
        "That's right.",
        "The wrong answer is 3.",
        "It is not correct to say so of Bob alone.",
    ],
)
def test_what_takes_nothing_back(text: str) -> None:
    assert not takes_back(text)


def test_assumptions_end() -> None:
    assert standing("Suppose A.", "This is a contradiction.", "So B.") == [1, 1, None]
    assert standing("Suppose A.", "Therefore the assumption is false.", "So B.") == [1, 1, None]
    assert standing("Suppose A.", "Suppose B.", "Contradiction.", "C.") == [1, 2, 2, 1]
    cases = standing("Case 1: A.", "B.", "Case 2: C.", "D.", "In either case E.", "F.")
    assert cases == [1, 1, 3, 3, 3, None]


@pytest.mark.parametrize("text", ["call ", "suppose ", "in case ", "let x be "])
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    for hostile in (text + " " * 100_000 + "!", text * 20_000, text + "a " * 50_000):
        Scope().enter(1, hostile)
        Meanings().take(hostile)
    assert time.process_time() - start < 50


def test_meanings() -> None:
    meanings = Meanings()
    assert meanings.take("Let x be Tom's age.") == frozenset()
    assert meanings.take("Let x be Tom's age.") == frozenset()
    assert meanings.take("Let x = 5.") == frozenset()
    assert meanings.take("Let x = 6.") == {"x"}
    assert meanings.take("x = the number of cows") == {"x"}
    assert meanings.take("So x = 5.") == frozenset()
    assert meanings.take("Let x be the number of cows left.") == {"x"}
    assert meanings.take("Let x be the number.") == frozenset()
    assert meanings.letters == {"x"}


@pytest.mark.parametrize(
    ("answer", "text", "conflict"),
    [
        ("20 hours", "10+10=20 minutes", True),
        ("20 hours", r"$4\cdot 5 = 20\text{ minutes}$", True),
        ("20 hours", "20 * 1 = 20 minutes", True),
        ("$20", "= 20 cents", True),
        ("20 feet", "4 * 5 = 20 inches", True),
        ("20 pounds", "4 * 5 = 20 ounces", True),
        ("0.2%", "1/5 = 0.2", True),
        ("20 hrs", "10 + 10 = 20 hours", False),
        ("$1,200", "= 1,200 dollars", False),
        ("$20", "5*4=$<<5*4=20>>20 a day", False),
        ("20%", "20/100*100=20", False),
        ("20", "= 20 minutes", False),
        ("20 apples", "= 20 minutes", False),
        ("20 feet", "4 * 5 = 20 square feet", False),
        ("20 hours", "4 * 5 = 20", False),
        ("9" * 9_000 + " hours", "9" * 9_000 + " minutes", False),
    ],
)
def test_units(answer: str, text: str, conflict: bool) -> None:
    assert bool(unit_conflict(answer, text)) is conflict
