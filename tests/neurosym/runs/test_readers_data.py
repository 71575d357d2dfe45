"""The readers on the public sets themselves, where they are at hand."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from neurosym.runs import inputs
from neurosym.runs.problems import ProblemRecord, problem_of
from neurosym.verify.records import Record

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("NEUROSYM_DATA") or ROOT.parent / "shared" / "data")

# File, form, items, bad ones, the most common answer.
SETS = [
    ("bench/arlsat", "arlsat", 116, 0, "E"),
    ("bench/folio_train", "folio", 1004, 0, "True"),
    ("bench/folio_v2_train", "folio", 1001, 0, "True"),
    ("bench/gsm8k_test_solutions", "gsm8k", 2640, 0, "wrong"),
    ("bench/gsm8k_train_1000", "gsm8k", 1000, 0, "5"),
    ("bench/logicaldeduction", "logicaldeduction", 150, 0, "A"),
    ("bench/logicbench_bqa", "logicbench", 760, 0, "no"),
    ("bench/math500", "math", 250, 0, "4"),
    ("bench/minif2f_valid", "minif2f", 244, 0, None),
    ("bench/minif2f_yangky11_valid", "minif2f", 244, 0, None),
    ("bench/multilogieval", "multilogieval", 778, 0, "yes"),
    ("bench/prmbench", "prmbench", 3046, 0, "wrong"),
    ("bench/prontoqa", "prontoqa", 250, 0, "A"),
    # Seven of its statements define a structure, which is nothing to prove.
    ("bench/proofnet_valid", "proofnet", 185, 7, None),
    ("bench/proofwriter", "proofwriter", 600, 0, "A"),
    ("bench/valimath", "valimath", 1072, 0, "valid"),
    ("provers/smtlib", "smtlib", 200, 0, "sat"),
    ("provers/tptp", "tptp", 50, 0, "Theorem"),
    ("recorded/linc_gpt4_folio_8shot", "linc", 182, 0, "Uncertain"),
    ("recorded/linc_gpt35_folio_8shot", "linc", 182, 0, "Uncertain"),
    ("recorded/linc_gpt4_proofwriter_8shot", "linc", 360, 0, "True"),
    ("recorded/logiclm_gpt4", "logiclm-programs", 1833, 0, "A"),
    ("recorded/logiclm_davinci003", "logiclm-programs", 1834, 0, "A"),
]


@pytest.mark.parametrize(("name", "form", "count", "bad", "common"), SETS, ids=[s[0] for s in SETS])
def test_a_public_set_is_read(
    name: str, form: str, count: int, bad: int, common: str | None
) -> None:
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set NEUROSYM_DATA")
    items = list(inputs.items([str(path)]))
    assert {i.origin.form for i in items} == {form}
    assert (len(items), sum(i.ill_formed for i in items)) == (count, bad)
    answers = Counter(i.gold for i in items if i.gold is not None)
    if common is None:
        assert not answers
    else:
        top = max(answers.values())
        assert answers[common] == top
    for item in items:
        if isinstance(item.payload, Record):
            assert item.payload.segmented()
        if isinstance(item.payload, ProblemRecord) and item.payload.language == "lean4":
            statement = item.payload.statement or ""
            assert statement and not statement.rstrip().endswith((":=", "by", "sorry"))
        elif isinstance(item.payload, ProblemRecord) and form == "smtlib":
            problem_of(item.payload)


def test_folio_formulas_are_problems() -> None:
    path = DATA / "bench" / "folio_v2_train.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there: set NEUROSYM_DATA")
    formal = [i.formal for i in inputs.items([str(path)])]
    assert all(formal) and len(formal) == 1001
