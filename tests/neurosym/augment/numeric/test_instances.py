"""Instances and corruptions: recomputed without the project's arithmetic, proved by others."""

from __future__ import annotations

import ast
import json
import re
from fractions import Fraction

import pytest

from neurosym.augment.base import Example
from neurosym.augment.numeric import (
    Instance,
    Instances,
    Template,
    WordProblem,
    corruptions,
    examples,
    instances,
    template,
)
from neurosym.augment.numeric.corrupt import equation
from provers.base import Limits, Outcome, Prover
from provers.errors import InputError
from provers.z3 import Z3Prover
from tests.neurosym.augment.numeric.conftest import BAKERY, SALE, WRITTEN


def grown(problem: WordProblem, prover: Z3Prover, number: int = 4, seed: int = 0) -> Instances:
    found = template(problem, prover)
    assert isinstance(found, Template), found
    return instances(found, number, seed=seed, prover=prover)


@pytest.fixture(scope="module")
def kept(z3: Z3Prover) -> list[Instance]:
    return [one for problem in WRITTEN for one in grown(problem, z3).kept]


def numbers(text: str) -> list[Fraction]:
    found = re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+", text)
    return [Fraction(piece.replace(",", "")) for piece in found]


def test_answers_are_right(z3: Z3Prover) -> None:
    shop, sale, bakery = (grown(problem, z3).kept for problem in WRITTEN)
    assert len(shop) == len(sale) == len(bakery) == 4
    for one in shop:
        pens, price, pages, book, paid = numbers(one.question)
        assert pages == 24
        assert one.answer == paid - (pens * price + book) > 0
    for one in sale:
        coat, percent = numbers(one.question)
        word = re.search(r"(\w+) friends", one.question)
        assert word is not None
        shown = numbers(one.steps[2].text)
        assert shown[0] == coat * (100 - percent) / 100
        assert one.answer == shown[0] / shown[1]
        assert 0 < percent < 100
    for one in bakery:
        rolls, box = numbers(one.question)
        assert one.answer == (rolls + rolls / 2) / box
        assert one.answer.denominator == 1
        # each number that is shown follows from the two of the question
        half = rolls / 2
        assert [n for step in one.steps for n in numbers(step.text)] == [
            *(rolls, 2, half),
            *(rolls, half, rolls + half),
            *(rolls + half, box, one.answer),
        ]


ORIGINAL = {
    "shop": ("Paula", ["12", "1.50", "24", "8", "30"]),
    "sale": ("Jack", ["1,200", "20"]),
    "bakery": ("Tom", ["48", "8"]),
}


def test_no_original_number_or_name_is_left(kept: list[Instance]) -> None:
    for one in kept:
        name, shown = ORIGINAL[one.lineage.seed]
        new = re.findall(r"\d[\d,]*(?:\.\d+)?", one.question)
        same = {a for a, b in zip(shown, new, strict=True) if a == b}
        assert same == ({"24"} if one.lineage.seed == "shop" else set())  # the unused one
        assert name not in one.context(len(one.steps))
        assert "three friends" not in one.question


def test_each_example_is_a_proved_step(kept: list[Instance], z3: Z3Prover) -> None:
    for one in kept:
        found = examples(one, z3)
        assert len(found) == len(one.steps)
        for at, example in enumerate(found):
            assert example.label is Outcome.PROVED
            assert example.kind == "step"
            assert example.premises == ()
            assert example.context.startswith(one.question)
            assert example.context.count("\n") == at
            assert example.facts["step"] == at + 1
            assert example.facts["answer"] == str(one.answer)
            assert example.lineage.seed in {p.id for p in WRITTEN}
            json.dumps(dict(example.facts))


def test_corruptions_are_refuted_and_small(kept: list[Instance], z3: Z3Prover) -> None:
    kinds = set()
    for one in kept:
        for example in corruptions(one, seed=1, prover=z3).examples:
            kinds.add(example.kind)
            right = one.steps[example.facts["step"] - 1].text
            assert example.label is Outcome.REFUTED
            assert example.claim.text != right
            assert changed(right, example.claim.text) == 1
            assert example.reason.endswith(".")
            assert example.context == one.context(example.facts["step"] - 1)
            assert example.lineage.changes[-1] == example.kind
    assert kinds == {
        "wrong_operand",
        "wrong_operator",
        "off_by_one",
        "swapped_digits",
        "sign",
        "hundredfold",
        "carried_over",
    }


def changed(one: str, two: str) -> int:
    """How many numbers and signs differ."""
    split = [re.findall(r"-?\d[\d,.]*\d|-?\d|[-+*/]|\w+", text) for text in (one, two)]
    assert len(split[0]) == len(split[1])
    return sum(a != b for a, b in zip(*split, strict=True))


def test_a_second_prover_gives_the_same_labels(
    kept: list[Instance], z3: Z3Prover, cvc5: Prover
) -> None:
    found: list[Example] = []
    for one in kept[::2]:
        found += [*examples(one, z3), *corruptions(one, seed=3, prover=z3).examples]
    assert len(found) >= 80
    for example in found[::2][:40]:
        result = cvc5.prove(example.problem, Limits(seconds=20.0))
        assert result.outcome is example.label, example


def test_small_decimals_are_corrupted_too(z3: Z3Prover) -> None:
    juice = WordProblem(
        "juice",
        "Some birds share 3 liters of juice, 5 of them equally. How much do 9 such birds drink?",
        "A bird gets 3 / 5 = 0.6 liters.\nThe 9 birds get 9 * 0.6 = 5.4 liters.\n#### 5.4",
    )
    for one in grown(juice, z3, 6).kept:
        found = corruptions(one, seed=0, prover=z3).examples
        assert {e.label for e in found} == {Outcome.REFUTED}
        assert found
        assert not any("-" in e.reason for e in found)


def test_everything_follows_from_the_seed(z3: Z3Prover) -> None:
    one, two = grown(SALE, z3, 3, seed=5), grown(SALE, z3, 3, seed=5)
    assert one == two
    assert grown(SALE, z3, 3, seed=6).kept != one.kept
    first = corruptions(one.kept[0], seed=2, prover=z3)
    assert first == corruptions(two.kept[0], seed=2, prover=z3)
    ids = [e.id for o in one.kept for e in examples(o, z3)] + [e.id for e in first.examples]
    assert len(ids) == len(set(ids))


def test_what_is_dropped_is_counted(z3: Z3Prover) -> None:
    # 10 is tied to 5 * 2, and 30 to three times that, so that little is left to choose
    tight = WordProblem(
        "tight",
        "Ann has 3 cats, and each eats 2 mice a day. How many mice do they eat a day?",
        "They eat 3 * 2 = 6 mice a day.\n#### 6",
    )
    found = grown(tight, z3, 60)
    assert found.tries == len(found.kept) + sum(found.dropped.values())
    assert found.dropped["repeated"] > 0


@pytest.mark.parametrize("number", [0, -1, 1001])
def test_a_wrong_number_of_instances_is_an_error(number: int, z3: Z3Prover) -> None:
    with pytest.raises(InputError, match="ask for 1 to 1000"):
        grown(BAKERY, z3, number)


@pytest.mark.parametrize(
    "text",
    ["No numbers.", "2 + 3", "2 + 3 = 5 and 3 + 3 = 6", "5 = 2 + 3", "3 * 1/4 = 3/4", "7 = 7"],
)
def test_only_one_plain_equation_is_corrupted(text: str) -> None:
    assert equation(text) is None


def test_an_equation_is_found() -> None:
    found = equation("She pays $30 - $26 x 2 = $4 back.")
    assert found is not None
    assert [m.text for m in found.operands] == ["30", "26", "2"]
    assert [found.text[i] for i in found.operators] == ["-", "x"]
    assert found.result.text == "4"


SIGNS = str.maketrans("−–×÷", "--*/")
EQUATION = re.compile(
    r"(?<![%/*+x-] )(?<![\w.,%/*+-])((?:\d|\.\d|\()[\d.,()+*/ -]*\d\)?) = (\d[\d,]*(?:\.\d+)?)"
    r"(?!\s?[%/*+-]|,?\.?\d)"
)


def computed(node: ast.expr) -> Fraction:
    """The value of a Python expression over numerals, by nothing but ``fractions``."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.BinOp(left=left, op=op, right=right):
            one, two = computed(left), computed(right)
            match op:
                case ast.Add():
                    return one + two
                case ast.Sub():
                    return one - two
                case ast.Mult():
                    return one * two
                case ast.Div():
                    return one / two
    raise ValueError(ast.dump(node))


def test_real_problems(real: list[WordProblem], z3: Z3Prover) -> None:
    made = [found for p in real if isinstance(found := template(p, z3), Template)]
    kept = [one for found in made for one in instances(found, 1, seed=0, prover=z3).kept]
    assert len(kept) >= len(made) // 2
    originals = {p.id: p.question for p in real}
    checked = 0
    for one in kept:
        assert one.question != originals[one.lineage.seed]
        for step in one.steps:
            visible = re.sub(r"<<[^<>]*>>", "", step.text).replace("$", "").replace("=", " = ")
            visible = visible.replace(" x ", " * ").translate(SIGNS)
            for left, right in EQUATION.findall(" ".join(visible.split())):
                value = computed(ast.parse(left.strip().replace(",", ""), mode="eval").body)
                assert value == Fraction(right.replace(",", "")), step.text
                checked += 1
        assert one.answer in numbers(one.steps[-1].text)
        assert {e.label for e in examples(one, z3)} == {Outcome.PROVED}
    assert checked >= len(kept)
