"""Provers and problems for the tests of arithmetic data."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.augment.numeric import WordProblem
from provers.cvc5 import Cvc5Prover
from provers.z3 import Z3Prover

DATA = Path(os.environ.get("NEUROSYM_DATA", Path(__file__).parents[5] / "shared" / "data"))
TRAIN = DATA / "bench" / "gsm8k_train_1000.jsonl"
TEST = DATA / "bench" / "gsm8k_test_solutions.jsonl"

SHOP = WordProblem(
    "shop",
    "Paula buys 12 pens for $1.50 each and a 24-page book for $8. "
    "She pays with $30. How much change does Paula get?",
    "The pens cost 12 * $1.50 = $18.\n"
    "Together Paula pays $18 + $8 = $26.\n"
    "She gets $30 - $26 = $4 back.\n"
    "#### 4",
)
SALE = WordProblem(
    "sale",
    "A coat costs $1,200. It is sold at a 20% discount, and Jack's three friends share the price "
    "equally. How much does each friend pay?",
    "The discount is 20/100 * 1,200 = $<<20/100*1200=240>>240.\n"
    "The price is $1,200 - $240 = $<<1200-240=960>>960.\n"
    "Each of the friends pays $960 / 3 = $<<960/3=320>>320.\n"
    "#### 320",
)
BAKERY = WordProblem(
    "bakery",
    "Tom bakes 48 rolls on Monday and half as many on Tuesday. He packs an 8-roll box for every "
    "customer. How many boxes does he pack?",
    "On Tuesday Tom bakes 48 / 2 = 24 rolls.\n"
    "He bakes 48 + 24 = 72 rolls in all.\n"
    "He packs 72 / 8 = 9 boxes.\n"
    "#### 9",
)
WRITTEN = (SHOP, SALE, BAKERY)


@pytest.fixture(scope="session")
def z3() -> Iterator[Z3Prover]:
    """One worker for all tests."""
    prover = Z3Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="session")
def cvc5() -> Iterator[Cvc5Prover]:
    """A second prover, which gave none of the labels."""
    prover = Cvc5Prover()
    yield prover
    prover.close()


@pytest.fixture(scope="session")
def real() -> list[WordProblem]:
    """Problems of GSM8K, from both files."""
    if not TRAIN.is_file() or not TEST.is_file():
        pytest.skip(f"{TRAIN.parent} does not have the problems of GSM8K: set NEUROSYM_DATA")
    train = [json.loads(line) for line in TRAIN.read_text(encoding="utf-8").splitlines()[:25]]
    test = [json.loads(line) for line in TEST.read_text(encoding="utf-8").splitlines()[:10]]
    return [WordProblem(d["id"], d["question"], d["answer"]) for d in train] + [
        WordProblem(d["id"], d["question"], d["gold_solution"]) for d in test
    ]
