"""Examples in files: the same when they are read again, and nothing else is read."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.augment import formulas
from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.files import read_examples, write_example, write_examples
from neurosym.translate import arithmetic, english
from provers.base import Outcome
from provers.errors import InputError
from provers.logic.syntax import (
    INDIVIDUAL,
    INT,
    REAL,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Not,
    Number,
    Pred,
    Sort,
    Var,
    Xor,
)
from tests.neurosym.augment.made import example
from tests.provers.logic.strategies import FIRST_ORDER, UNICODE
from tests.provers.logic.strategies import formulas as made_up

SENTENCES = (
    "Every dog is an animal.",
    "Rex is a dog.",
    "No cat that is not tall likes Rex.",
    "Some pilots know Ann.",
    "Tom is either a pilot or a sailor, but not both.",
    "If Rex is big, then Rex is not kind.",
    "Ann is older than Tom.",
    "There is a dog that likes every cat.",
    "Zoë is nice.",
)
SUMS = (
    "1/4 * 4 = 1",
    "0.25 * 8 = 2",
    "-3 + 5 = 2",
    "She has 20 - 4/2 = 18 apples.",
    "25% of 80 is 20.",
    "1/3 of 9 is 3.",
    "2*x + 1 = 7",
    "7 > 3.5",
    "10 / 3 = 3.33",
)


def there_and_back(*given: Formula) -> None:
    written = formulas.write(given)
    assert formulas.read(written) == given
    assert all(text.isascii() for text in written.terms)


@pytest.mark.parametrize("text", SENTENCES)
def test_what_english_is_read_as(text: str) -> None:
    found = english.translate(text).formulas
    assert found
    there_and_back(*found)


@pytest.mark.parametrize("text", SUMS)
def test_what_arithmetic_is_read_as(text: str) -> None:
    found = arithmetic.translate(text).formulas
    assert found
    there_and_back(*found)


@given(made_up(FIRST_ORDER))
def test_any_formula(formula: Formula) -> None:
    there_and_back(formula)


@given(made_up(UNICODE))
def test_any_formula_with_orders(formula: Formula) -> None:
    there_and_back(formula)


@given(st.fractions(), st.sampled_from([INT, REAL]))
def test_any_number(value: Fraction, sort: Sort) -> None:
    number = Number(Fraction(value.numerator) if sort == INT else value, sort)
    there_and_back(Eq(Apply("x", (), sort), number))


def test_numbers_and_what_is_done_with_them_stay_apart() -> None:
    x = Apply("x", (), REAL)
    three, four = Number(Fraction(3)), Number(Fraction(4))
    for term in (
        Number(Fraction(-3)),
        Arith("-", (three,)),
        Number(Fraction(3, 4)),
        Arith("/", (three, four)),
        Number(Fraction(1, 3)),
        Arith("/", (Number(Fraction(1)), three)),
        Number(Fraction(-1, 3)),
    ):
        there_and_back(Eq(x, term))


@pytest.mark.parametrize("name", ["", "|", "a:b", "Übung ∀", "\ud800", "x/1f", "(", "%41."])
def test_names_of_any_kind(name: str) -> None:
    person = Sort(f"{name}s")
    x = Var(name, person)
    there_and_back(
        Forall((x,), Pred(name, (x, Apply(name, (x,), INDIVIDUAL)))),
        Exists((x,), Eq(x, Apply(name, (), person))),
    )


def test_a_solver_takes_it_as_it_is() -> None:
    import z3

    x = Apply("Zoë's age", (), REAL)
    written = formulas.write(
        [Eq(x, Number(Fraction(-1, 3))), Not(Compare("<", x, Number(Fraction(0))))]
    )
    asserted = "".join(f"(assert {term})" for term in written.terms)
    solver = z3.Solver()
    solver.from_string(written.declarations + asserted)
    assert solver.check() == z3.unsat


def deep(levels: int) -> Formula:
    formula: Formula = Pred("P")
    for _ in range(levels):
        formula = Not(formula)
    return formula


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (deep(200), "deeper than 120"),
        (And((Eq(Apply("a"), Apply("b")), Eq(Apply("a", (), REAL), Number(Fraction(1))))), "sort"),
        (Eq(Number(Fraction(10**5000)), Number(Fraction(1))), "too long"),
        (And(()), "not well built"),
        (And((Pred("P"),)), "not well built"),
        (Eq(Arith("+", (Number(Fraction(1)),)), Number(Fraction(1))), "not well built"),
        (Forall((), Pred("P")), "not well built"),
    ],
)
def test_what_cannot_be_carried_is_refused(formula: Formula, said: str) -> None:
    with pytest.raises(InputError, match=said):
        formulas.write([formula])


def test_depth_up_to_the_limit() -> None:
    third = Number(Fraction(-1, 3))
    bottom = Forall((Var("x"),), Eq(third, Arith("-", (third,))))
    for levels in range(110, 118):
        formula: Formula = bottom
        for _ in range(levels):
            formula = Not(formula)
        try:
            there_and_back(formula)
        except InputError as error:
            assert levels > 115 and "deeper than 120" in str(error)
        else:
            assert levels < 117


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        "true true",
        "(and)",
        "(= 1 2 3)",
        "(foo 1)",
        "|x/0f|",
        "(< |x/0f| 1.0)",
        "|P/1p|",
        "(|P/2p| 1.0)",
        "(forall () true)",
        "(forall ((x Int)) true)",
        "(= 1.0 (! (/ 1.0 0.0) :numeral true))",
        "(= 1.0 1)",
        "(= 1.0 1.00)",
        "(not  true)",
        "(not true) ; and more",
        "(let ((a true)) a)",
        "(" * 5000 + ")" * 5000,
        "|%ffffffffff./0p|",
    ],
)
def test_other_text_is_no_formula(text: str) -> None:
    with pytest.raises(InputError):
        formulas.read(formulas.Written("", (text,)))


# --- files ---------------------------------------------------------------------------------

FULL = Example(
    "a-1",
    "swap",
    Lineage("a", ("first", "then ∀")),
    (
        Statement("Zoë ist groß.", Pred("big", (Apply("Zoë"),))),
        Statement("P iff Q.", Iff(Pred("P"), Xor(Pred("Q"), Pred("R")))),
    ),
    Statement(
        "3 > 2\n\u2028\x00", Compare(">", Number(Fraction(3), INT), Number(Fraction(2), INT))
    ),
    Outcome.PROVED,
    "Wer? " * 1000,
    "none",
    {"depth": 3, "of": ["a", None, 1.5, {"b": True}]},
)


def test_the_same_examples_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    given = [FULL, *(example(id=f"e{n}", label=label) for n, label in enumerate(list(Outcome)[:4]))]
    assert write_examples(file, given) == 5
    assert list(read_examples(file)) == given
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]
    assert len(file.read_bytes().split(b"\n")) == 6


def test_the_form_of_a_line() -> None:
    told = json.loads(write_example(example()))
    assert told == {
        "id": "e",
        "kind": "negate",
        "seed": "s",
        "changes": ["negate"],
        "premises": [{"text": "Rex is a dog.", "formula": "(|dog/1p| |rex/0f|)"}],
        "claim": {"text": "Rex is a dog.", "formula": "(|dog/1p| |rex/0f|)"},
        "declarations": "(declare-sort |Individual/s| 0)\n"
        "(declare-fun |dog/1p| (|Individual/s|) Bool)\n"
        "(declare-fun |rex/0f| () |Individual/s|)",
        "label": "proved",
        "context": "",
        "reason": "",
        "facts": {},
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "unknown"}, "label"),
        ({"label": None}, "label"),
        ({"id": ""}, "id"),
        ({"id": 3}, "id"),
        ({"more": 1}, "more"),
        ({"premises": "no"}, "premises"),
        ({"claim": {"text": "x"}}, "claim.formula"),
        ({"claim": {"text": "x", "formula": "(|dog/1p| |tom/0f|)"}}, "not declared"),
        ({"declarations": "(exit)"}, "declaration"),
        ({"facts": [1]}, "facts"),
    ],
)
def test_a_line_that_is_no_example(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    file = tmp_path / "data.jsonl"
    bad = json.loads(write_example(example())) | change
    file.write_text(write_example(example(id="good")) + "\n" + json.dumps(bad), encoding="utf-8")
    with pytest.raises(InputError, match=rf"data\.jsonl' line 3 .*{said}"):
        list(read_examples(file))


@pytest.mark.parametrize("raw", [b"[1, 2", b"\xff\xfe", b"null", b'{"id": "\\ud800"}'])
def test_no_json(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "data.jsonl"
    file.write_bytes(raw)
    with pytest.raises(InputError, match="line 1 is no example"):
        list(read_examples(file))


def test_an_id_twice(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    file.write_text(write_example(example()) * 2, encoding="utf-8")
    with pytest.raises(InputError, match="line 2 has the id 'e' of line 1"):
        list(read_examples(file))
    with pytest.raises(InputError, match="Two examples have the id 'e'"):
        write_examples(tmp_path / "other.jsonl", [example(), example()])
    assert not (tmp_path / "other.jsonl").exists()


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (example(facts={"a": {1, 2}}), "no JSON"),
        (example(facts={"a": float("nan")}), "no JSON"),
        (example(context="\ud800"), "no JSON"),
        (example(context="x" * 1_000_001), "context"),
        (example(label=Outcome.UNKNOWN), "label"),
        (example(claim=Statement("deep", deep(200))), "deeper"),
    ],
)
def test_what_is_not_written(tmp_path: Path, bad: Example, said: str) -> None:
    file = tmp_path / "data.jsonl"
    with pytest.raises(InputError, match=f"example 'e' .*{said}"):
        write_examples(file, [replace(bad, id="e")])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(read_examples(tmp_path / "none.jsonl"))
    with pytest.raises(InputError, match="cannot be written"):
        write_examples(tmp_path / "no" / "data.jsonl", [example()])


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "data.jsonl"
    write_examples(file, [example()])

    def fails() -> Iterator[Example]:
        yield example(id="other")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputError, match="No space left"):
        write_examples(file, fails())
    assert [one.id for one in read_examples(file)] == ["e"]
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_a_file_appears_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "data.jsonl"

    def refused(partial: Path, target: Path) -> None:
        assert partial.read_text(encoding="utf-8").endswith("}\n") and not target.exists()
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(InputError, match="Disk quota exceeded"):
        write_examples(file, [example()])
    assert list(tmp_path.iterdir()) == []
