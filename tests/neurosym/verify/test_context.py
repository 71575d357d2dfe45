"""References to earlier steps, and what was built on a refuted one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from neurosym.verify.context import Context, references, without_references
from neurosym.verify.values import numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From 1 and 3, Tom is big.", {1, 3}),
        ("By step 2, it is red.", {2}),
        ("Using steps 1, 2 and 4 we get it.", {1, 2, 4}),
        ("It holds (1).", {1}),
        ("Combining (2) and (3), it holds.", {2, 3}),
        ("This follows from 2.", {2}),
        ("From 1 to 3 there are 2.", set()),
        ("He takes 3 from 5.", set()),
        ("Subtract 2 from 4, giving 2.", set()),
        ("By step 9, which is later.", set()),
        ("We find f(2) is 4.", set()),
        ("There are (3)(2) = 6.", set()),
        ("So 2 * (3) = 6.", set()),
    ],
)
def test_references(text: str, expected: set[int]) -> None:
    assert references(text, 6, {}) == frozenset(expected)


def test_references_go_by_the_steps_own_numbers() -> None:
    assert references("By step 12, done.", 3, {11: 1, 12: 2}) == {2}
    assert references("By step 2, done.", 3, {11: 1, 12: 2}) == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("From 1 and 3, Tom is big.", "Tom is big."),
        ("By step 2, it is red.", "It is red."),
        ("It is red by steps 1 and 2.", "It is red."),
        ("It is red (from 1).", "It is red."),
        ("It is red (2).", "It is red."),
        ("It takes 3 from 5.", "It takes 3 from 5."),
    ],
)
def test_without_references(text: str, expected: str) -> None:
    assert without_references(text) == expected


def test_numbers() -> None:
    assert numbers("1,200 and 3.5, x2, 7.") == (Fraction(1200), Fraction(7, 2), Fraction(7))


def test_a_refuted_result_is_recognised() -> None:
    context = Context()
    context.refuted.add(1)
    context.sound_numbers.add(Fraction(5))
    context.taint(1, [Fraction(5), Fraction(9)])
    assert context.refuted_source([Fraction(9)], frozenset()) == 1
    assert context.refuted_source([Fraction(5)], frozenset()) is None
    assert context.refuted_source([], frozenset({1})) == 1


def test_numerals_of_any_length_are_passed_over() -> None:
    assert numbers("9" * 5_000 + " and 7") == (Fraction(7),)
