"""Dividing text into a question, steps and sentences."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.verify.segment import sentences, split_solution, split_text, step_of


def bodies(text: str) -> list[str]:
    return [step.body for step in split_solution(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs $3.50. That is fine.", ["It costs $3.50.", "That is fine."]),
        ("Pets, e.g. Dogs, bark. Cats do not.", ["Pets, e.g. Dogs, bark.", "Cats do not."]),
        ("Mr. Brown has 2 cars. Dr. Lee has 1.", ["Mr. Brown has 2 cars.", "Dr. Lee has 1."]),
        ("J. K. Lee lives here. She reads.", ["J. K. Lee lives here.", "She reads."]),
        ("Consider point B. Then it ends.", ["Consider point B.", "Then it ends."]),
        ("He pays $5. She pays $6. Done.", ["He pays $5.", "She pays $6.", "Done."]),
        ("Is it? Yes! It is.", ["Is it?", "Yes!", "It is."]),
        ("So $x = 2. Y$ holds. Good.", ["So $x = 2. Y$ holds.", "Good."]),
        (
            "We have\n\\[ x = 1. \n\n y = 2 \\]\nDone.",
            ["We have\n\\[ x = 1. \n\n y = 2 \\]", "Done."],
        ),
        ("So 5! * 3! = 720. Done.", ["So 5! * 3! = 720.", "Done."]),
        ("It is 5! Then it ends.", ["It is 5!", "Then it ends."]),
        ("It is number\nfour of them.", ["It is number\nfour of them."]),
        ("20 * 3 = 60\nShe gives 15.\n#### 60", ["20 * 3 = 60", "She gives 15.", "#### 60"]),
        ("", []),
        ("   \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


def test_environment_stays_whole() -> None:
    text = "Then\n\\begin{align*}\nx &= 1. \\\\\n\nY &= 2.\n\\end{align*}\nSo it ends."
    assert [s.splitlines()[0] for s in sentences(text)] == ["Then", "So it ends."]


def test_question_is_what_stands_before_the_first_blank_line() -> None:
    question, reasoning = split_text("How many\nare there?\n\nThere are 2.\n\nSo 2.")
    assert question == "How many\nare there?"
    assert bodies(reasoning) == ["There are 2.", "So 2."]


def test_a_heading_divides_question_and_reasoning() -> None:
    question, reasoning = split_text("Question: A cat.\n\nWhat is it?\nSolution: It is a cat.")
    assert question == "A cat.\n\nWhat is it?"
    assert bodies(reasoning) == ["It is a cat."]


def test_text_without_a_question() -> None:
    assert split_text("Tom is big. Tom is red.")[0] == ""
    assert split_text("1. First.\n\n2. Second.")[0] == ""


def test_numbered_steps_keep_their_text_and_number() -> None:
    steps = split_solution("1. One is 1.5 high. It is.\n2) Two.\n(3) Three.\nStep 4: Four.")
    assert [step.number for step in steps] == [1, 2, 3, 4]
    assert steps[0].text == "1. One is 1.5 high. It is."
    assert steps[0].body == "One is 1.5 high. It is."
    assert steps[3].body == "Four."


def test_bullets_below_a_step_belong_to_it() -> None:
    text = "## Step 1: Add\n- 1 + 1 = 2\n\n- 2 + 1 = 3\n\n## Step 2: Stop\nIt is 3."
    assert bodies(text) == ["Add\n- 1 + 1 = 2\n- 2 + 1 = 3", "Stop\nIt is 3."]


def test_text_after_a_list_is_not_part_of_it() -> None:
    text = "- one\n- two\n  more\n\nSo three. And four."
    assert bodies(text) == ["one", "two\n  more", "So three.", "And four."]


def test_a_decimal_is_no_marker() -> None:
    assert step_of("3.5 apples").number is None
    assert step_of("-5 + 3 = -2").body == "-5 + 3 = -2"


@given(st.text(alphabet="ab. \n$\\[](){}1.-*!?Mr", max_size=200))
def test_no_text_is_lost(text: str) -> None:
    kept = "".join("".join(s.split()) for s in sentences(text))
    assert kept == "".join(text.split())


@pytest.mark.parametrize(
    "piece", ["\\begin{a}", "\\(", "\\[", "$", "$$", "```", "(1) ", "1.\n", "<<", "a. B", "\n"]
)
def test_hostile_repetition_stays_fast(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    split_text(text)
    split_solution(text)
    assert time.process_time() - start < 50
