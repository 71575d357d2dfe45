"""Numbers in texts, new names, the search for numbers, and where a number comes from."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from neurosym.augment.numeric import names
from neurosym.augment.numeric.constraints import Keep, Order, Tie, choices, search
from neurosym.augment.numeric.mentions import mentions
from neurosym.augment.numeric.sources import constants
from neurosym.translate.arithmetic.nodes import Letter, Num, Product, Sum

X, Y = Letter("x"), Letter("y")


@pytest.mark.parametrize(
    ("text", "new", "written"),
    [
        ("It costs $1.50.", Fraction(3), "3.00"),
        ("It costs $1.50.", Fraction(5, 4), "1.25"),
        ("It weighs 2.5 kg.", Fraction(3), "3"),
        ("It weighs .5 kg.", Fraction(3, 4), ".75"),
        ("There are 12,000 people.", Fraction(8500), "8,500"),
        ("There are 1200 people.", Fraction(8500), "8500"),
        ("There are 900 people and 12,000 birds.", Fraction(1500), "1,500"),
        ("There are twelve people.", Fraction(21), "twenty-one"),
        ("Twelve people came.", Fraction(21), "Twenty-one"),
    ],
)
def test_a_number_is_written_as_the_original(text: str, new: Fraction, written: str) -> None:
    assert mentions(text)[0].style.write(new) == written


@pytest.mark.parametrize("text", ["There are 12 people.", "There are twelve people."])
def test_what_cannot_be_written_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        mentions(text)[0].style.write(Fraction(1, 3))


@pytest.mark.parametrize(
    "text",
    [
        "She came 3rd.",
        "It is 8 am.",
        "It is 8:30 now.",
        "He left in 1997.",
        "It takes 2 1/2 hours.",
        "She ate two-thirds of it.",
        "There are 3 hundred of them.",
        "The two of them left.",
        "It is room B12.",
    ],
)
def test_some_numbers_are_fixed(text: str) -> None:
    assert all(m.fixed for m in mentions(text))


@pytest.mark.parametrize(
    "text", ["She has 3 cats.", "It is 20% off.", "It costs $1997.", "1/3", "5kg"]
)
def test_other_numbers_are_not(text: str) -> None:
    assert not mentions(text)[-1].fixed


def test_names_keep_their_gender() -> None:
    new = names.rename(("Paula", "Tom"), frozenset({"Adam"}), random.Random(1))
    assert set(new) == {"Paula", "Tom"}
    assert len({*new, *new.values()}) == 4
    assert new["Paula"] in names._WOMEN
    assert new["Tom"] in names._MEN
    assert "Adam" not in new.values()


def test_only_names_that_stand_alone_are_found() -> None:
    text = "Paula met Tom Smith in Lima. Mark's dog saw Paulas."
    assert [name for _, _, name in names.find(text)] == ["Paula", "Mark"]


def test_words_bring_constants_along() -> None:
    assert {Fraction(7), Fraction(12), Fraction(1, 2)} <= constants("half a dozen a week, 5 cats")
    assert Fraction(5) not in constants("5 dogs")
    assert Fraction(60) not in constants("5 dogs")
    assert {Fraction(3), Fraction(2), Fraction(1, 3)} <= constants("two-thirds of them")
    assert Fraction(50) not in constants("the two of them")


def test_choices_are_as_round_as_the_original() -> None:
    found = choices(Fraction(200), None, random.Random(0))
    assert found
    assert all(v % 50 == 0 and 100 <= v <= 400 and v != 200 for v in found)
    assert max(choices(Fraction(5), Fraction(7), random.Random(0))) <= 7
    assert all(v < 1 for v in choices(Fraction(1, 2), None, random.Random(0)))


def test_search_keeps_every_rule() -> None:
    share = Product(((False, Sum(((False, X), (True, Y)))), (True, Num(Fraction(4)))))
    rules = (Keep(share, Fraction(5), 0), Order(Y, X, True), Keep(Y, Fraction(10), 0))
    originals = {"x": Fraction(30), "y": Fraction(10)}
    for seed in range(20):
        values = search(originals, {}, rules, random.Random(seed))
        assert values is not None
        assert (values["x"] - values["y"]) % 4 == 0
        assert values["x"] > values["y"] != 10


def test_search_follows_ties_and_gives_up() -> None:
    originals = {"x": Fraction(5), "y": Fraction(10)}
    double = Product(((False, X), (False, Num(Fraction(2)))))
    values = search(originals, {}, (Tie(double, Y),), random.Random(0))
    assert values is not None
    assert values["y"] == 2 * values["x"]
    assert search(originals, {}, (Tie(X, Num(Fraction(5))),), random.Random(0)) is None
