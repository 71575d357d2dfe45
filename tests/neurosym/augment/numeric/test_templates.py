"""Templates of problems, and the reasons why there is none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from neurosym.augment.numeric import Refusal, Template, WordProblem, template
from neurosym.augment.numeric.sources import number
from neurosym.augment.numeric.texts import NameSlot, render
from provers.errors import InputError
from provers.z3 import Z3Prover
from tests.neurosym.augment.numeric.conftest import BAKERY, SALE, SHOP, WRITTEN


def made(problem: WordProblem, prover: Z3Prover) -> Template:
    found = template(problem, prover)
    assert isinstance(found, Template), found
    return found


def test_numbers_that_are_used_become_variables(z3: Z3Prover) -> None:
    shop = made(SHOP, z3)
    assert [str(v) for v in shop.variables.values()] == ["12", "3/2", "8", "30"]
    assert "24" in "".join(p for p in shop.question if isinstance(p, str))  # never used
    assert shop.names == ("Paula",)
    assert sum(isinstance(p, NameSlot) for p in shop.question) == 2
    assert number(shop.answer, shop.variables) == 4
    assert shop.seed == "shop"


def test_a_template_gives_its_original_back(z3: Z3Prover) -> None:
    for problem in WRITTEN:
        found = made(problem, z3)
        assert render(found.question, found.variables, {}) == problem.question
        assert all(rule.holds(found.variables) for rule in found.rules)


def test_later_numbers_follow_from_the_first(z3: Z3Prover) -> None:
    bakery = made(BAKERY, z3)
    values = {name: 60 if v == 48 else 10 for name, v in bakery.variables.items()}
    assert [render(step, values, {"Tom": "Ben"}) for step in bakery.steps] == [
        "On Tuesday Ben bakes 60 / 2 = 30 rolls.",
        "He bakes 60 + 30 = 90 rolls in all.",
        "He packs 90 / 10 = 9 boxes.",
    ]
    assert "packs a 10-roll box" in render(bakery.question, values, {})


def test_the_same_problem_has_the_same_template(z3: Z3Prover) -> None:
    assert made(SALE, z3) == made(SALE, z3)
    assert made(SALE, z3).id != made(replace(SALE, id="other"), z3).id


QUESTION = "Ann has 5 cats and 9 dogs. How many pets does she have?"


@pytest.mark.parametrize(
    ("question", "solution", "reason"),
    [
        ("How many pets does Ann have?", "5 + 9 = 14\n#### 14", "no_numbers"),
        (QUESTION, "She has 5 + 9 = 15 pets.\n#### 15", "not_proved"),
        (QUESTION, "She has 5 + 9 = 14 pets.\n#### 15", "wrong_answer"),
        (QUESTION, "She has many pets.\n#### 14", "no_claims"),
        (QUESTION, "Let x = 5 + 9 = 14.\n#### 14", "assumption"),
        (QUESTION, "She has 5 + 9 + 17 = 31 pets.\n#### 31", "unfaithful"),
        (QUESTION, "x + 5 = 14, x - 9 = 0.\n#### 0", "letters"),
        (QUESTION, f"She has {'9' * 30} - {'9' * 30} = 0 pets.\n#### 0", "huge_number"),
        ("Ann has 10 cats and 3 bowls.", "Each gets 10 / 3 = 3.33 bowls.\n#### 3.33", "inexact"),
        # the 4 is 5 - 1, which was computed silently
        ("Ann and 5 birds eat 20 figs.", "4 others eat 20 / 4 = 5 figs.\n#### 5", "unfaithful"),
        ("9 dogs " * 200, "She has 5 + 9 = 14 pets.\n#### 14", "too_many_numbers"),
        ("The 1st cat has 1 mouse.", "It has 1 + 1 = 2 ears.\n#### 2", "all_fixed"),
    ],
)
def test_why_there_is_no_template(question: str, solution: str, reason: str, z3: Z3Prover) -> None:
    found = template(WordProblem("p", question, solution), z3)
    assert isinstance(found, Refusal)
    assert found.reason == reason, found
    assert found.detail


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (WordProblem("p", "", "1 + 1 = 2\n#### 2"), "has no question"),
        (WordProblem("p", QUESTION, " \n "), "has no solution"),
        (WordProblem("p", QUESTION, "5 + 9 = 14"), "has no answer"),
        (WordProblem("p", QUESTION, "#### 14"), "has 0 steps"),
        (WordProblem("p", "9 dogs " * 150_000, "5 + 9 = 14\n#### 14"), "longer than"),
        (WordProblem("p", QUESTION, "5 + 9 = 14\n" * 90_000 + "#### 14"), "longer than"),
        (WordProblem("p", QUESTION, "5 + 9 = 14\n" * 50 + "#### 14"), "has 50 steps"),
    ],
)
def test_bad_input_is_an_error(problem: WordProblem, words: str, z3: Z3Prover) -> None:
    with pytest.raises(InputError, match=words):
        template(problem, z3)


def test_two_sources_of_one_value_are_tied(z3: Z3Prover) -> None:
    question = "Ann has 10 cats and 5 bowls of 2 mice. How many mice and cats are there?"
    solution = "There are 5 * 2 = 10 mice.\nTogether there are 10 + 10 = 20.\n#### 20"
    found = made(WordProblem("tied", question, solution), z3)
    values = {"x10": 12, "x5": 3, "x2": 4}
    assert all(r.holds(values) for r in found.rules)
    assert not all(r.holds({**values, "x10": 11}) for r in found.rules)


def test_what_is_left_of_a_percentage_is_no_other_number(z3: Z3Prover) -> None:
    question = "Of 80 birds 20% fly away. How many birds stay?"
    solution = "There stay 80/100 * 80 = 64 birds.\n#### 64"
    # the first 80 is 100 - 20: 80 may not change alone, and 20 is not used elsewhere
    found = template(WordProblem("left", question, solution), z3)
    assert isinstance(found, Refusal)
    assert found.reason == "all_fixed"


def test_an_ordinal_does_not_change(z3: Z3Prover) -> None:
    question = "Ann has 3 cats, and an $8 bowl for each. What do the bowls cost?"
    solution = "The bowls up to the 3rd cost 3 * 8 = 24 dollars.\n#### 24"
    found = made(WordProblem("ordinal", question, solution), z3)
    assert list(found.variables) == ["x8"]
    assert "and a $9 bowl" in render(found.question, {"x8": Fraction(9)}, {})


def test_real_problems(real: list[WordProblem], z3: Z3Prover) -> None:
    found = [template(problem, z3) for problem in real]
    assert sum(isinstance(one, Template) for one in found) >= len(real) * 3 // 5
