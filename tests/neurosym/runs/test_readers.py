"""Each form: told by its content, and read to the items that it holds."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from neurosym.runs import inputs
from neurosym.runs.inputs import Recognised
from neurosym.runs.items import Item, Puzzle, Question, Statement
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers import READERS
from neurosym.verify.records import Record

HEADER = "import Mathlib\n\nopen Real\n\n"
THEOREM = "theorem mathd_algebra_7 (x : ℕ) (h : x = 2) : x + 1 = 3 := by sorry"
CHOICE = {
    "context": "Ann is kind. Kind people are calm.",
    "question": "Based on the above information, is the following statement true, false, or "
    "unknown? Ann is calm.",
    "options": ["A) True", "B) False", "C) Unknown"],
    "answer": "A",
}
ORDER = {
    "context": "The following paragraphs each describe a set of three objects arranged in a "
    "fixed order.\n\nThere are three cups: a red, a blue and a green one. The red one is first.",
    "question": "Which of the following is true?",
    "options": ["A) The red cup is first.", "B) The blue cup is first."],
    "answer": "A",
}


def written(folder: Path, name: str, *records: Any, array: bool = False) -> str:
    """A file of JSON Lines, or of one JSON array, and its path."""
    path = folder / name
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text(
        json.dumps(records, indent=2, ensure_ascii=False) if array else "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    return str(path)


def form(path: str) -> str:
    """The one form that an input has."""
    (found,) = {f.reader.FORM for f in inputs.recognised([path]) if isinstance(f, Recognised)}
    return found


def only(path: str) -> Item:
    (item,) = inputs.items([path])
    return item


# Form, record, kind, gold answer. The file's name says nothing.
RECORDS: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("neurosym", {"premises": ["P(a)"], "goal": "P(a)"}, "prove", None),
    ("neurosym", {"language": "lean4", "statement": "theorem t : 1 = 1"}, "prove", None),
    ("neurosym", {"language": "smtlib", "problem": "(check-sat)"}, "prove", None),
    ("neurosym", {"steps": ["1 + 1 = 2"], "answer": "2"}, "verify", "2"),
    ("neurosym", {"question": "How many?", "solution": "2 + 2 = 4."}, "verify", None),
    ("neurosym", {"premises": ["P(a)"], "attempts": [{"goal": "P(a)"}]}, "prove", None),
    ("neurosym", {"question": "How?", "answer": 2, "attempts": [{"steps": ["2"]}]}, "verify", "2"),
    (
        "neurosym",
        {"language": "lean4", "statement": "theorem t : 1 = 1", "proofs": ["rfl"]},
        "prove",
        None,
    ),
    (
        "linc",
        {"problem": 0, "sample": 0, "text": "TEXT:\tA.\nFOL:\tA(b)\n", "gold": "Uncertain"},
        "prove",
        "Uncertain",
    ),
    (
        "minif2f",
        {"name": "mathd_algebra_7", "header": HEADER, "formal_statement": THEOREM},
        "prove",
        None,
    ),
    ("minif2f", {"name": "mathd_algebra_7", "lean": HEADER + THEOREM}, "prove", None),
    (
        "proofnet",
        {
            "name": "exercise_1_2",
            "formal_statement": "theorem exercise_1_2 : 1 + 1 = 2 :=",
            "header": HEADER,
        },
        "prove",
        None,
    ),
    (
        "proofnet",
        {"id": "Munkres|exercise_3_1", "formal_statement": "theorem exercise_3_1 : 0 < 1 :="},
        "prove",
        None,
    ),
    (
        "putnambench",
        {"problem_name": "putnam_1990_a1", "informal_statement": "Show it."},
        "translate",
        None,
    ),
    (
        "putnambench",
        {"name": "putnam_1990_a1", "lean4_statement": "theorem putnam_1990_a1 : 1 = 1 :=\nsorry"},
        "prove",
        None,
    ),
    (
        "formalmath",
        {
            "theorem_names": "sum_is_three",
            "refined_statement": "Prove it.",
            "autoformalization": HEADER + THEOREM,
        },
        "prove",
        None,
    ),
    (
        "forml4",
        {
            "input": "Statement and proof in natural language:\n# Statement:\nOne is one.\n"
            "# Proof:\nLook.\n\nTranslate the statement and proof in natural language to Lean:",
            "output": "theorem one : 1 = 1 := by\n  rfl",
        },
        "translate",
        None,
    ),
    (
        "forml4",
        {
            "nl_statement": "One is one.",
            "nl_proof": "Look.",
            "formal": "theorem one : 1 = 1 := rfl",
        },
        "translate",
        None,
    ),
    (
        "folio",
        {
            "premises": ["Ann is kind."],
            "premises-FOL": ["Kind(ann)"],
            "conclusion": "Ann is kind.",
            "conclusion-FOL": "Kind(ann)",
            "label": "True",
        },
        "verify",
        "True",
    ),
    (
        "folio",
        {
            "story_id": 3,
            "example_id": 9,
            "premises": "Ann is kind.\nBob is not.",
            "premises-FOL": "Kind(ann)\n¬Kind(bob)",
            "conclusion": "Cy is kind.",
            "conclusion-FOL": "Kind(cy)",
            "label": "Uncertain",
        },
        "verify",
        "Unknown",
    ),
    ("proofwriter", {"id": "ProofWriter_OWA-D1-2_Q1", **CHOICE}, "verify", "A"),
    ("prontoqa", {"id": "ProntoQA_4", **CHOICE}, "verify", "A"),
    (
        "prontoqa",
        {
            "question": "Ann is a cat. Cats purr.",
            "query": "Prove: Ann purrs.",
            "chain_of_thought": ["Ann purrs."],
        },
        "verify",
        "True",
    ),
    ("logiclm-folio", {"id": "FOLIO_dev_2", **CHOICE}, "verify", "A"),
    ("logicaldeduction", ORDER, "puzzle", "A"),
    (
        "arlsat",
        {"id": "ar_lsat_200006_1-G_1_1", **ORDER, "context": "Three girls sit in a row."},
        "puzzle",
        "A",
    ),
    (
        "logiclm-programs",
        {"id": "logical_deduction_3", **ORDER, "raw_logic_programs": ["Domain:\n1: first"]},
        "puzzle",
        "A",
    ),
    (
        "gsm8k",
        {"question": "Two and three?", "answer": "2 + 3 = <<2+3=5>>5.\n#### 5"},
        "verify",
        "5",
    ),
    (
        "math",
        {
            "problem": "What is $1+1$?",
            "level": "Level 1",
            "type": "Algebra",
            "solution": "It is $\\boxed{2}$.",
        },
        "verify",
        "2",
    ),
    (
        "math",
        {
            "problem": "What is $1+1$?",
            "solution": "Two.",
            "answer": "2",
            "unique_id": "test/a/1.json",
        },
        "verify",
        "2",
    ),
    (
        "prmbench",
        {
            "idx": "p1",
            "question": "?",
            "modified_question": "2 and 2?",
            "original_process": ["4"],
            "modified_process": ["2 + 2 = 5"],
            "modified_steps": [1],
            "error_steps": [1],
        },
        "verify",
        "wrong",
    ),
    (
        "valimath",
        {
            "question": "What is 1 + 1?",
            "contradiction_check": "True",
            "condition_complete_check": "True",
            "gt": "True",
        },
        "verify",
        "valid",
    ),
    (
        "multilogieval",
        {
            "rule": "MP",
            "context": "If it rains it pours. It rains.",
            "question": "Does it pour?",
            "answer": "yes",
        },
        "verify",
        "yes",
    ),
    (
        "smtlib",
        {"id": "s", "smtlib": "(assert false)(check-sat)", "status": "unsat"},
        "prove",
        "unsat",
    ),
    (
        "tptp",
        {"name": "T", "problem": "fof(a, axiom, p). fof(g, conjecture, p).", "status": "Theorem"},
        "prove",
        "Theorem",
    ),
]


@pytest.mark.parametrize("array", [False, True], ids=["lines", "array"])
@pytest.mark.parametrize(
    ("expected", "record", "kind", "gold"),
    RECORDS,
    ids=[f"{n}-{r[0]}" for n, r in enumerate(RECORDS)],
)
def test_a_form_is_told_by_what_its_records_hold(
    tmp_path: Path, expected: str, record: dict[str, Any], kind: str, gold: str | None, array: bool
) -> None:
    path = written(tmp_path, "data", record, array=array)
    assert form(path) == expected
    item = only(path)
    assert (item.kind, item.gold, item.bad) == (kind, gold, "")
    assert item.origin.form == expected
    assert item.origin.line == (2 if array else 1)


def test_every_json_form_has_a_record_above() -> None:
    covered = {case[0] for case in RECORDS} | {"lean", "logicbench"}
    assert covered == {reader.FORM for reader in READERS}


@pytest.mark.parametrize(
    ("name", "text", "expected", "gold"),
    [
        ("a.txt", "import Mathlib\n\ntheorem t : 1 = 1 := by rfl\n", "lean", None),
        ("b", "/- theorem -/\n-- c\n@[simp] lemma t : 1 = 1 := rfl\n", "lean", None),
        (
            "c",
            "% Status   : Theorem\nfof(a, axiom, p).\nfof(g, conjecture, p).\n",
            "tptp",
            "Theorem",
        ),
        ("d", "/* x */ cnf(a, axiom, p).", "tptp", None),
        ("e", "; hi\n(set-info :status unsat)\n(assert false)\n(check-sat)\n", "smtlib", "unsat"),
    ],
)
def test_a_text_is_told_by_how_it_begins(
    tmp_path: Path, name: str, text: str, expected: str, gold: str | None
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert form(str(tmp_path / name)) == expected
    item = only(str(tmp_path / name))
    assert isinstance(item.payload, ProblemRecord)
    assert (item.kind, item.gold) == ("prove", gold)


def test_a_gzip_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    data = json.dumps({"question": "2 and 3?", "answer": "2 + 3 = 5\n#### 5"}).encode()
    for name in ("a.jsonl.gz", "b"):
        (tmp_path / name).write_bytes(gzip.compress(data + b"\n"))
        assert only(str(tmp_path / name)).gold == "5"
    assert only(str(tmp_path / "a.jsonl.gz")).id == "a-1"


# --- Lean ----------------------------------------------------------------------------------


def test_each_open_theorem_of_a_lean_file_is_a_problem_with_its_context(tmp_path: Path) -> None:
    path = tmp_path / "Valid.lean"
    path.write_text(
        "import Mathlib\nopen Real\n\n/-- The sum. -/\n"
        "theorem one (x : ℕ) : x + 0 = x := by sorry\n\n"
        "def two : ℕ := 2\n\n-- theorem none : False\n"
        "@[simp]\ntheorem three : two = 2 :=\nsorry\n\n"
        "theorem done : 1 = 1 := rfl\n",
        encoding="utf-8",
    )
    first, second = inputs.items([str(path)])
    assert (first.id, first.origin.line) == ("Valid/one", 5)
    assert (second.id, second.origin.line) == ("Valid/three", 10)
    assert isinstance(first.payload, ProblemRecord) and isinstance(second.payload, ProblemRecord)
    assert first.payload.statement == "import Mathlib\nopen Real\n\ntheorem one (x : ℕ) : x + 0 = x"
    assert second.payload.statement is not None
    assert "def two : ℕ := 2" in second.payload.statement
    assert "theorem one" not in second.payload.statement
    assert second.payload.statement.endswith("theorem three : two = 2")


def test_a_lean_file_without_open_theorems_is_checked_whole(tmp_path: Path) -> None:
    text = "theorem a : 1 = 1 := rfl\n\ntheorem b : 1 = 1 := a\n"
    (tmp_path / "ab.lean").write_text(text, encoding="utf-8")
    item = only(str(tmp_path / "ab.lean"))
    assert isinstance(item.payload, ProblemRecord)
    assert (item.id, item.payload.code, item.payload.statement) == ("ab", text, None)


PUTNAM = """import Mathlib

noncomputable abbrev putnam_1999_a9_solution : ℕ := sorry
-- 4
/--
What is 2 + 2?
-/
theorem putnam_1999_a9 : 2 + 2 = putnam_1999_a9_solution :=
sorry
"""


def test_the_answer_in_the_comment_of_putnambench_is_put_in(tmp_path: Path) -> None:
    path = tmp_path / "putnam_1999_a9.lean"
    path.write_text(PUTNAM, encoding="utf-8")
    item = only(str(path))
    assert isinstance(item.payload, ProblemRecord) and item.payload.statement is not None
    assert "putnam_1999_a9_solution : ℕ := 4" in item.payload.statement
    assert item.origin.form == "putnambench"
    path.write_text(PUTNAM.replace("-- 4\n", ""), encoding="utf-8")
    assert "left open" in only(str(path)).bad


def test_a_statement_has_its_header_and_no_proof(tmp_path: Path) -> None:
    record = {"name": "mathd_algebra_7", "header": HEADER, "formal_statement": THEOREM}
    item = only(written(tmp_path, "x", record))
    assert item.id == "mathd_algebra_7"
    assert isinstance(item.payload, ProblemRecord)
    assert item.payload.statement == (
        "import Mathlib\n\nopen Real\n\ntheorem mathd_algebra_7 (x : ℕ) (h : x = 2) : x + 1 = 3"
    )


def test_forml4_has_the_text_and_the_statement_it_is_of(tmp_path: Path) -> None:
    record = next(case[1] for case in RECORDS if case[0] == "forml4")
    payload = only(written(tmp_path, "x", record)).payload
    assert payload == Statement("One is one.", "theorem one : 1 = 1")


# --- how verdicts become answers -------------------------------------------------------------


def test_answers_of_options_are_their_letters(tmp_path: Path) -> None:
    item = only(written(tmp_path, "x", {"id": "ProofWriter_1", **CHOICE}))
    assert isinstance(item.payload, Record)
    assert item.payload.steps == ["Ann is calm."]
    assert (item.payload.world, item.answers.world) == ("forward", "forward")
    verdicts = ("proved", "refuted", "independent", "unknown")
    assert [item.answers.answer(v) for v in verdicts] == ["A", "B", "C", None]


def test_ai2_proofwriter_asks_each_question_in_the_world_of_its_labels(tmp_path: Path) -> None:
    questions = {
        "Q1": {"question": "Ann is kind.", "answer": True, "QDep": 0},
        "Q2": {"question": "Ann is cold.", "answer": "Unknown", "QDep": 0},
    }
    theory = {"id": "AttNoneg-OWA-D0-7", "theory": "Ann is kind.", "questions": questions}
    closed = {
        "id": "t2",
        "context": "Ann is kind.",
        "questions": [{"id": "t2-1", "text": "Ann is cold.", "label": False}],
    }
    path = written(tmp_path, "x", theory, closed)
    assert form(path) == "proofwriter"
    items = list(inputs.items([path]))
    assert [(i.id, i.gold) for i in items] == [
        ("AttNoneg-OWA-D0-7_Q1", "True"),
        ("AttNoneg-OWA-D0-7_Q2", "Unknown"),
        ("t2_t2-1", "False"),
    ]
    worlds = [i.payload.world for i in items if isinstance(i.payload, Record)]
    assert worlds == ["forward", "forward", "closed"]


def test_prontoqa_is_read_from_its_examples(tmp_path: Path) -> None:
    def example(query: str, answer: str) -> dict[str, Any]:
        told = {"question": "Ann is a cat. Cats purr.", "query": query, "answer": answer}
        return {
            "test_example": {**told, "chain_of_thought": ["Cats purr."]},
            "in_context_example0": {},
        }

    path = tmp_path / "hops.json"
    text = {
        "example1": example("True or false: Ann purrs.", "True"),
        "example2": example("True or false: Ann does not purr.", "False"),
    }
    path.write_text(json.dumps(text, indent=1))
    assert form(str(path)) == "prontoqa"
    items = list(inputs.items([str(path)]))
    assert [(i.id, i.gold) for i in items] == [
        ("hops/example1", "True"),
        ("hops/example2", "False"),
    ]
    assert isinstance(items[1].payload, Record)
    assert items[1].payload.steps == ["Ann does not purr."]


def test_recorded_programs_of_all_sets_may_share_a_file(tmp_path: Path) -> None:
    sets = {
        "ProntoQA": (CHOICE, "rules"),
        "ProofWriter": (CHOICE, "rules"),
        "FOLIO": (CHOICE, "formulas"),
        "LogicalDeduction": (ORDER, "constraints"),
        "AR-LSAT": (ORDER, "z3"),
    }
    records = [
        {"id": name, "dataset": name, **of, "program": "Facts:"} for name, (of, _) in sets.items()
    ]
    items = list(inputs.items([written(tmp_path, "x", *records)]))
    found = [i.payload.dialect for i in items if isinstance(i.payload, Puzzle)]
    assert found == [dialect for _, dialect in sets.values()]
    assert items[0].answers.answer("refuted") == "B"
    assert items[3].answers.answer("B") == "B"


def test_folio_keeps_its_formulas_beside_its_english(tmp_path: Path) -> None:
    record = [case[1] for case in RECORDS if case[0] == "folio"][1]
    item = only(written(tmp_path, "x", record))
    assert item.id == "folio-9"
    assert isinstance(item.payload, Record)
    assert item.payload.premises == ["Ann is kind.", "Bob is not."]
    assert item.formal is not None
    assert (item.formal.premises, item.formal.goal) == (["Kind(ann)", "¬Kind(bob)"], "Kind(cy)")
    assert item.answers.answer("independent") == "Unknown"


def test_yes_no_questions_become_statements(tmp_path: Path) -> None:
    samples = [
        {
            "id": 1,
            "context": "Ann sings or Bob does.",
            "qa_pairs": [
                {
                    "question": "Can we say at least one of the following must always be true? "
                    "(a) Ann sings and (b) Bob sings",
                    "answer": "yes",
                },
                {"question": "Does this imply that Ann sings?", "answer": "No"},
            ],
        }
    ]
    path = tmp_path / "data_instances.json"
    path.write_text(
        json.dumps({"type": "pl", "axiom": "commutation", "samples": samples}, indent=1)
    )
    assert form(str(path)) == "logicbench"
    items = list(inputs.items([str(path)]))
    steps = [i.payload.steps for i in items if isinstance(i.payload, Record)]
    assert steps == [["Ann sings or Bob sings."], ["Ann sings."]]
    assert [(i.id, i.gold) for i in items] == [
        ("pl/commutation/1/1", "yes"),
        ("pl/commutation/1/2", "no"),
    ]
    assert [items[0].answers.answer(v) for v in ("proved", "independent")] == ["yes", "no"]


def test_multilogieval_is_read_from_its_samples(tmp_path: Path) -> None:
    samples = [
        {
            "id": 1,
            "context": "It rains.",
            "question": "Can we conclude that it rains?",
            "answer": "yes",
        }
    ]
    path = tmp_path / "MP.json"
    path.write_text(
        json.dumps({"logic": "pl", "rule": "MP", "depth": "d1", "samples": samples}, indent=1)
    )
    item = only(str(path))
    assert (item.id, item.gold, item.origin.form) == ("d1/pl/MP/1", "yes", "multilogieval")
    assert isinstance(item.payload, Record)
    assert item.payload.steps == ["It rains."]


def test_gsm8k_answers_are_numbers_and_models_solutions_are_judged(tmp_path: Path) -> None:
    gold = {"question": "?", "answer": "10 * 100 = <<10*100=1000>>1000\n#### $1,000"}
    assert only(written(tmp_path, "a", gold)).gold == "1000"
    models = {
        "question": "2 and 3?",
        "ground_truth": "2 + 3 = 5\n#### 5",
        "6b_finetuning": {"solution": "2 + 3 = 6", "is_correct": False},
        "175b_verification": {"solution": "2 + 3 = 5", "is_correct": True},
    }
    items = list(inputs.items([written(tmp_path, "b", models)]))
    assert [(i.id, i.gold) for i in items] == [
        ("b-1/6b_finetuning", "wrong"),
        ("b-1/175b_verification", "right"),
    ]
    assert isinstance(items[0].payload, Record)
    assert items[0].payload.answer == "5"
    assert items[0].answers.answer("refuted") == "wrong"


def test_math_is_read_from_its_folder(tmp_path: Path) -> None:
    for name, answer in (("algebra/1", "\\frac{1}{2}"), ("geometry/1", "3")):
        path = tmp_path / "test" / f"{name}.json"
        path.parent.mkdir(parents=True)
        solution = f"First $1=1$, so \\boxed{{0}}; no: $\\boxed{{{answer}}}$."
        path.write_text(
            json.dumps({"problem": "?", "level": "Level 1", "solution": solution}, indent=1)
        )
    items = list(inputs.items([str(tmp_path)]))
    assert [(i.id, i.gold) for i in items] == [
        ("test/algebra/1", "\\frac{1}{2}"),
        ("test/geometry/1", "3"),
    ]


def test_prmbench_labels_steps_that_are_there(tmp_path: Path) -> None:
    record = next(case[1] for case in RECORDS if case[0] == "prmbench")
    item = only(
        written(tmp_path, "x", {**record, "classification": "circular", "error_steps": [1, 9]})
    )
    assert (item.id, item.error_steps) == ("circular/p1", (1,))


def test_valimath_is_a_question_without_reasoning(tmp_path: Path) -> None:
    record = next(case[1] for case in RECORDS if case[0] == "valimath")
    item = only(written(tmp_path, "x", {**record, "gt": "False"}))
    assert (item.payload, item.gold) == (Question("What is 1 + 1?"), "flawed")
