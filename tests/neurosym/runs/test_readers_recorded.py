"""Samples that models wrote before: several for each problem, read into one item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.runs import inputs
from neurosym.runs.items import Item, Puzzle, Recorded, Unread
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.survey import survey
from neurosym.verify.records import Record
from tests.neurosym.runs.test_readers import ORDER, only, written


def samples(item: Item) -> tuple[Any, ...]:
    assert isinstance(item.payload, Recorded)
    assert item.samples == len(item.payload.samples)
    return item.payload.samples


# --- LINC ----------------------------------------------------------------------------------


def row(problem: int, sample: int, *formulas: str, **more: Any) -> dict[str, Any]:
    text = "".join(f"TEXT:\tWords.\nFOL:\t{formula}\n" for formula in formulas)
    id = f"linc/p{problem:03}/s{sample}"
    return {"id": id, "problem": problem, "sample": sample, "text": text, "gold": "True"} | more


def test_rows_of_one_problem_are_one_item(tmp_path: Path) -> None:
    rows = [row(p, s, f"A(x{s})", "B(c)") for p in range(3) for s in range(2)]
    first, *others = inputs.items([written(tmp_path, "g.jsonl", *rows)])
    assert [item.id for item in (first, *others)] == ["linc/p000", "linc/p001", "linc/p002"]
    assert [item.origin.line for item in (first, *others)] == [1, 3, 5]
    assert all(len(samples(item)) == 2 for item in others)
    one, two = samples(first)
    assert isinstance(one, ProblemRecord)
    assert (one.premises, one.goal, one.notation, one.id) == (["A(x0)"], "B(c)", "nltk", first.id)
    assert two.premises == ["A(x1)"]
    assert (first.gold, first.answers.answer("independent")) == ("True", "Uncertain")


def test_rows_without_ids_are_called_after_their_run(tmp_path: Path) -> None:
    rows = [row(p, s, "A(b)", id=f"{p}{s}", run="gpt") for p in range(2) for s in range(2)]
    assert [i.id for i in inputs.items([written(tmp_path, "g.jsonl", *rows)])] == [
        "gpt-p0",
        "gpt-p1",
    ]


def test_a_generation_without_formulas_is_a_sample_that_says_so(tmp_path: Path) -> None:
    item = only(written(tmp_path, "g.jsonl", row(0, 0, "A(b)"), row(0, 1)))
    good, bad = samples(item)
    assert isinstance(good, ProblemRecord) and good.premises == []
    assert isinstance(bad, Unread) and "FOL:" in bad.why


def test_a_bad_line_within_a_problem_costs_no_sample(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    lines = [json.dumps(row(0, s, "A(b)")) for s in range(3)]
    path.write_text("\n".join([lines[0], "{broken", *lines[1:]]) + "\n", encoding="utf-8")
    found = list(inputs.items([str(path)]))
    assert [item.ill_formed for item in found] == [True, False]
    assert len(samples(found[1])) == 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(0, 0, "A(b)"), row(0, 1, "A(b)", gold="False"), row(0, 2, "A(b)")], "do not agree"),
        ([row(0, s, "A(b)") for s in range(1001)], "more than 1,000"),
        (
            [row(0, 0, "A(b)"), {**row(0, 1, "A(b)"), "problem": None}],
            "neither a number nor a name",
        ),
    ],
)
def test_rows_that_do_not_fit_together_are_named(
    tmp_path: Path, rows: list[dict[str, Any]], why: str
) -> None:
    found = list(inputs.items([written(tmp_path, "g.jsonl", *rows)]))
    (bad,) = [item for item in found if item.ill_formed]
    assert why in bad.bad


def test_a_problem_whose_rows_are_apart_is_a_duplicate(tmp_path: Path) -> None:
    rows = [row(0, 0, "A(b)"), row(1, 0, "A(b)"), row(0, 1, "A(b)")]
    assert [i.ill_formed for i in inputs.items([written(tmp_path, "g.jsonl", *rows)])] == [
        False,
        False,
        True,
    ]


# --- our own records -----------------------------------------------------------------------


def test_attempts_take_what_is_common_from_their_record(tmp_path: Path) -> None:
    attempts = [{"goal": "P(a)"}, {"premises": ["Q(a)"], "goal": "Q(a)"}, {"goal": 3}, "x"]
    item = only(
        written(tmp_path, "o.jsonl", {"id": "p", "premises": ["P(a)"], "attempts": attempts})
    )
    first, second, third, fourth = samples(item)
    assert (item.id, item.kind, first.premises, first.goal) == ("p", "prove", ["P(a)"], "P(a)")
    assert second.premises == ["Q(a)"]
    assert isinstance(third, Unread) and "goal" in third.why
    assert isinstance(fourth, Unread)


def test_attempts_at_a_question_are_reasoning(tmp_path: Path) -> None:
    record = {
        "id": "q",
        "question": "2 and 2?",
        "answer": "4",
        "attempts": [{"solution": "2 + 2 = 4"}, {"steps": ["2 + 2 = 5"]}],
    }
    item = only(written(tmp_path, "o.jsonl", record))
    first, second = samples(item)
    assert (item.kind, item.gold) == ("verify", "4")
    assert isinstance(first, Record) and first.question == second.question == "2 and 2?"
    assert (first.solution, second.steps) == ("2 + 2 = 4", ["2 + 2 = 5"])


def test_proofs_are_put_behind_their_statement(tmp_path: Path) -> None:
    statement = "theorem t : 1 = 1 := by sorry"
    proofs = ["by simp", ":= rfl", "theorem t : 1 = 1 := rfl", "", 3]
    record = {"language": "lean4", "statement": statement, "proofs": proofs}
    by, term, whole, empty, number = samples(only(written(tmp_path, "o.jsonl", record)))
    assert by.code == "theorem t : 1 = 1\n  := by simp\n"
    assert term.code == "theorem t : 1 = 1\n  := rfl\n"
    assert whole.code == proofs[2]
    assert {one.statement for one in (by, term, whole)} == {statement}
    assert isinstance(empty, Unread) and isinstance(number, Unread)


@pytest.mark.parametrize(
    "record",
    [
        {"premises": ["P(a)"], "attempts": []},
        {"premises": ["P(a)"], "attempts": "P(a)"},
        {"premises": ["P(a)"], "attempts": [{"goal": "P(a)"}] * 1001},
        {"language": "lean4", "statement": "theorem t : 1 = 1", "proofs": {}},
        {"language": "lean4", "proofs": ["rfl"]},
        {"language": "fol", "premises": ["P(a)"], "proofs": ["rfl"]},
    ],
)
def test_what_is_no_list_of_samples_is_named(tmp_path: Path, record: dict[str, Any]) -> None:
    item = only(written(tmp_path, "o.jsonl", record))
    assert item.ill_formed and item.bad


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("theorem t : 1 = 1 := by sorry", "theorem t : 1 = 1"),
        ("def a := 1\n\ntheorem t : a = 1 := sorry\n", "def a := 1\n\ntheorem t : a = 1"),
        ("theorem t : 1 = 1 := rfl", None),
        ("theorem s : 1 = 1 := sorry\n\ntheorem t : 1 = 1 := sorry", None),
    ],
)
def test_lean_code_that_lacks_its_proof_is_a_statement(
    tmp_path: Path, code: str, statement: str | None
) -> None:
    payload = only(written(tmp_path, "o.jsonl", {"language": "lean4", "code": code})).payload
    assert isinstance(payload, ProblemRecord)
    assert payload.statement == statement
    assert (payload.code is None) == (statement is not None)


def test_a_record_keeps_its_world(tmp_path: Path) -> None:
    item = only(written(tmp_path, "o.jsonl", {"steps": ["Rex barks."], "world": "closed"}))
    assert item.answers.world == "closed"


# --- the rest ------------------------------------------------------------------------------


def test_several_programs_of_a_question_are_samples(tmp_path: Path) -> None:
    record = {"id": "logical_deduction_3", **ORDER, "raw_logic_programs": ["Domain:", None, "x"]}
    found = samples(only(written(tmp_path, "r.jsonl", record)))
    assert [isinstance(one, Puzzle) and one.program for one in found] == ["Domain:", None, "x"]


def test_a_survey_counts_recorded_samples(tmp_path: Path) -> None:
    rows = [row(p, s, "A(b)") for p in range(3) for s in range(p + 1)]
    (part,) = survey([written(tmp_path, "g.jsonl", *rows)]).parts
    assert (part.items, part.recorded, part.samples) == (3, 3, 6)
