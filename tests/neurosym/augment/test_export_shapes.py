"""Rows in the shapes that trainers read: every one is what the examples say, and no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from neurosym.augment.base import Example, Lineage, Statement
from neurosym.augment.export.formal import Row, answer
from neurosym.augment.export.proofs import proofs, tactics, trace
from neurosym.augment.export.steps import Solution, math_shepherd, prm800k, solutions
from neurosym.augment.export.translations import pairs, preferences
from neurosym.search.answers import read_proof, read_tactic
from neurosym.train.translator.data import read_pairs, read_preferences, read_tasks
from neurosym.train.translator.judging import equivalent
from neurosym.translate import arithmetic, english
from neurosym.translate.equations import read_script
from provers.base import LeanProblem, Limits, Outcome
from provers.errors import InputError
from provers.lean.judge import judge
from provers.lean.pool import Pool
from provers.lean.source import with_proof
from provers.logic.formats import parse
from provers.logic.syntax import INT, Apply, Eq, Formula, Not, Number, Pred, Xor
from provers.z3 import Z3Prover
from tests.neurosym.augment.made import example, mutant
from tests.neurosym.augment.test_files import SENTENCES, SUMS


def said(text: str) -> Statement:
    read = arithmetic if any(sign in text for sign in "=<>") else english
    (formula,) = read.translate(text).formulas
    return Statement(text, formula)


def told(id: str, label: Outcome, *texts: str, seed: str = "s", context: str = "") -> Example:
    *premises, claim = map(said, texts)
    return example(
        id=id,
        lineage=Lineage(seed),
        premises=tuple(premises),
        claim=claim,
        label=label,
        context=context,
    )


RULES = ("Every dog is kind.", "Rex is a dog.")
KIND = told("kind", Outcome.PROVED, *RULES, "Rex is kind.")
NOT_KIND = told("not", Outcome.REFUTED, *RULES, "Rex is not kind.")
BIG = told("big", Outcome.INDEPENDENT, *RULES, "Rex is big.")
SUM = told("sum", Outcome.PROVED, "20 - 4/2 = 18")
WRONG_SUM = told("wrong", Outcome.REFUTED, "20 - 4/2 = 17")
ALL = [KIND, NOT_KIND, BIG, SUM, WRONG_SUM]


def write(file: Path, rows: Iterable[Row]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


# --- answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_answered_in_symbols(text: str) -> None:
    statement = said(text)
    assert parse(answer(statement.formula), "unicode") == statement.formula


@pytest.mark.parametrize("text", SUMS)
def test_arithmetic_is_answered_as_a_script(text: str) -> None:
    (formula,) = arithmetic.translate(text).formulas
    assert read_script(answer(formula)).claim is not None


def test_scripts_use_the_numbers_of_the_text() -> None:
    assert answer(said("20 - 4/2 = 18").formula) == (
        "(define-fun goal () Bool (= (- 20 (/ 4 2)) 18))"
    )
    assert answer(said("0.25 * x = -2").formula) == (
        "(declare-const x Real)\n(define-fun goal () Bool (= (* 0.25 x) (- 2)))"
    )


@pytest.mark.parametrize(
    "formula",
    [
        Pred("a(b", ()),
        Pred("x", ()),
        Xor(Eq(Number(1), Number(2)), Eq(Number(1), Number(1))),  # type: ignore[arg-type]
        Eq(Apply("two words", (), INT), Apply("y", (), INT)),
        Eq(Apply("goal", (), INT), Apply("y", (), INT)),
    ],
)
def test_what_no_notation_spells_has_no_row(formula: Formula) -> None:
    with pytest.raises(InputError):
        answer(formula)
    left_out: Counter[str] = Counter()
    given = [example(premises=(), claim=Statement("x", formula)), BIG]
    rows = list(pairs(given, left_out=left_out))
    assert [row["id"] for row in rows] == ["big/premise-1", "big/premise-2", "big/claim"]
    assert left_out == {"no notation spells the formula": 1}


# --- pairs and preferences -----------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_the_translator_s_trainer_reads_pairs(tmp_path: Path, whole: bool) -> None:
    file = write(tmp_path / "pairs.jsonl", pairs(ALL, whole=whole))
    found = read_pairs(file)
    by_text = {one.messages[-1].content: one.completion for one in found}
    assert by_text["Sentence: Every dog is kind."] == "∀x (dog(x) → kind(x))"
    assert by_text["Sentence: Rex is not kind."] == "¬kind(rex)"
    assert by_text["Step: 20 - 4/2 = 18"].endswith("(= (- 20 (/ 4 2)) 18))")
    assert len(found) == 7
    assert {len(one.messages) > 1 for one in found} == {whole}
    tasks = [one for one in read_tasks(file) if "Sentence" in one.messages[-1].content]
    prover = Z3Prover()
    judged = equivalent(lambda problem: prover.prove(problem, Limits()))
    assert [judged(one, "¬kind(rex)") for one in tasks].count(True) == 1  # references are read
    prover.close()


def test_no_pair_is_there_twice() -> None:
    left_out: Counter[str] = Counter()
    rows = list(pairs([KIND, replace(KIND, id="again")], left_out=left_out))
    assert [row["id"] for row in rows] == ["kind/premise-1", "kind/premise-2", "kind/claim"]
    assert left_out == {"pairs: the same again": 3}
    assert {row["seed"] for row in rows} == {"s"}


@pytest.mark.parametrize("whole", [False, True])
def test_the_translator_s_trainer_reads_preferences(tmp_path: Path, whole: bool) -> None:
    file = write(tmp_path / "preferences.jsonl", preferences(ALL, whole=whole))
    found = {one.messages[-1].content: (one.chosen, one.rejected) for one in read_preferences(file)}
    assert found.keys() == {
        "Sentence: Rex is kind.",
        "Sentence: Rex is not kind.",
        "Step: 20 - 4/2 = 18",
        "Step: 20 - 4/2 = 17",
    }
    assert found["Sentence: Rex is kind."] == ("kind(rex)", "¬kind(rex)")
    assert found["Sentence: Rex is not kind."] == ("¬kind(rex)", "kind(rex)")


def test_preferences_are_of_one_seed_and_the_same_premises() -> None:
    assert list(preferences([KIND, replace(NOT_KIND, lineage=Lineage("other"))])) == []
    assert list(preferences([KIND, replace(NOT_KIND, premises=KIND.premises[:1])])) == []
    assert list(preferences([KIND, replace(NOT_KIND, context="Where?")])) == []
    assert list(preferences([KIND, BIG])) == []
    left_out: Counter[str] = Counter()
    same_text = replace(NOT_KIND, claim=Statement("Rex is kind.", NOT_KIND.claim.formula))
    assert list(preferences([KIND, same_text], left_out=left_out)) == []
    assert left_out == {"preferences: one text, two meanings": 2}


def test_what_a_wrong_claim_was_made_of_is_preferred_to_it() -> None:
    happy = told("happy", Outcome.PROVED, *RULES, "Rex is a dog.")
    wrong = replace(NOT_KIND, facts={"original": "Rex is kind."})
    rule = told("rule", Outcome.REFUTED, *RULES, "No dog is kind.")
    rule = replace(rule, facts={"original": "Every dog is kind.", "step": "rule"})
    found = {row["id"]: row for row in preferences([happy, KIND, wrong, rule])}
    assert found.keys() == {
        "kind/not/not",
        "not/not/kind",
        "rule/premise-1/not/rule",
        "rule/not/rule/premise-1",
    }
    row = found["rule/premise-1/not/rule"]
    assert row["prompt"] == "Sentence: Every dog is kind."
    assert (row["chosen"], row["rejected"]) == ("∀x (dog(x) → kind(x))", "∀x (dog(x) → ¬kind(x))")


def test_there_are_no_more_preferences_than_asked_for() -> None:
    sums = [told(f"w{n}", Outcome.REFUTED, f"20 - 4/2 = {n}") for n in range(10)]
    assert len(list(preferences([SUM, *sums]))) == 8
    assert len(list(preferences([SUM, *sums], most=100))) == 20


# --- steps ---------------------------------------------------------------------------------

STORY = "Ann had 20 apples and gave 4 away. How many?"
STEPS = ("20 - 4 = 16", "16 / 2 = 8", "8 + 1 = 10", "8 + 1 = 9")
CHAIN = [
    told("s1", Outcome.PROVED, STEPS[0], context=STORY),
    told("s2", Outcome.PROVED, *STEPS[:2], context=STORY),
    told("s3", Outcome.REFUTED, *STEPS[:3], context=STORY),
    told("s4", Outcome.PROVED, *STEPS[:2], STEPS[3], context=STORY),
]


def test_examples_that_go_on_are_one_solution() -> None:
    right = ((STEPS[0], 1), (STEPS[1], 1))
    assert list(solutions(CHAIN[::-1])) == [
        Solution("s4", "s", STORY, (*right, (STEPS[3], 1))),
        Solution("s3", "s", STORY, (*right, (STEPS[2], -1))),
    ]


def test_steps_may_stand_in_the_context() -> None:
    contexts = ["\n".join([STORY, *STEPS[:n]]) for n in range(3)]
    given = [
        told("c1", Outcome.PROVED, STEPS[0], context=contexts[0]),
        told("c2", Outcome.PROVED, STEPS[1], context=contexts[1]),
        told("c3", Outcome.REFUTED, STEPS[2], context=contexts[2]),
    ]
    whole = ((STEPS[0], 1), (STEPS[1], 1), (STEPS[2], -1))
    assert list(solutions(given)) == [Solution("c3", "s", STORY, whole)]
    assert [one.question for one in solutions(given[1:])] == [contexts[1]]
    refuted = replace(given[1], label=Outcome.REFUTED)
    assert {one.id for one in solutions([given[0], refuted, given[2]])} == {"c2", "c3"}


def test_a_premise_that_nobody_proved_is_no_step() -> None:
    (found,) = solutions([CHAIN[2]])
    assert found.question == f"{STEPS[0]}\n{STEPS[1]}\n{STORY}"
    assert found.steps == ((STEPS[2], -1),)
    (other,) = solutions([replace(CHAIN[0], lineage=Lineage("other"), id="o")])
    assert [one.id for one in solutions([CHAIN[1], replace(CHAIN[0], context="")])] == ["s2", "s1"]
    assert other.id == "o"


def test_labels_of_steps() -> None:
    left_out: Counter[str] = Counter()
    odd = replace(KIND, id="odd", label=Outcome.INCONSISTENT)
    found = {one.id: one for one in solutions([KIND, NOT_KIND, BIG, odd], left_out)}
    assert {id: one.steps[-1][1] for id, one in found.items()} == {"kind": 1, "not": -1, "big": 0}
    assert left_out == {"steps: inconsistent premises": 1}


def test_prm800k() -> None:
    wrong = next(one for one in solutions(CHAIN) if one.id == "s3")
    row = prm800k(wrong)
    assert row["question"]["problem"] == STORY
    assert [step["completions"][0] for step in row["label"]["steps"]] == [
        {"text": STEPS[0], "rating": 1, "flagged": False},
        {"text": STEPS[1], "rating": 1, "flagged": False},
        {"text": STEPS[2], "rating": -1, "flagged": False},
    ]
    assert row["label"]["finish_reason"] == "found_error"
    assert prm800k(next(solutions([KIND])))["label"]["finish_reason"] == "solution"


def test_math_shepherd() -> None:
    wrong = next(one for one in solutions(CHAIN) if one.id == "s3")
    row = math_shepherd(wrong)
    assert row is not None
    assert row["input"] == (
        f"{STORY} Step 1: {STEPS[0]} ки\nStep 2: {STEPS[1]} ки\nStep 3: {STEPS[2]} ки"
    )
    assert row["label"] == (
        f"{STORY} Step 1: {STEPS[0]} +\nStep 2: {STEPS[1]} +\nStep 3: {STEPS[2]} -"
    )
    follows_not = math_shepherd(next(solutions([BIG])))
    assert follows_not is not None and follows_not["label"].endswith(" -")


def test_text_with_the_tag_in_it() -> None:
    left_out: Counter[str] = Counter()
    for bad in (
        Solution("a", "s", "Какие книги у Анны?", (("x", 1),)),
        Solution("b", "s", "?", (("2 ки", 1),)),
    ):
        assert math_shepherd(bad, left_out) is None
    assert left_out == {"math_shepherd: the tag is in the text": 2}


# --- Lean ----------------------------------------------------------------------------------

LONG = mutant(
    "mutant_2",
    "∀ (p q : Prop), p ∧ q → q ∧ p",
    "by\n  intro p q h\n  obtain ⟨a, b⟩ := h\n  constructor\n  · exact b\n  · exact a",
)
OPEN = mutant("mutant_3", proof="by\n  intro n")
TERM = mutant("mutant_4", proof="fun n => Nat.le_refl n")


def test_statement_and_proof(lean_checker: Pool) -> None:
    rows = list(proofs([LONG, TERM]))
    assert [row["seed"] for row in rows] == ["Nat.add_zero"] * 2
    assert rows[1]["completion"] == "exact fun n => Nat.le_refl n"
    for row, one in zip(rows, (LONG, TERM), strict=True):
        assert row["premises"] == ["Nat.le_of_eq", "Nat.add_zero"]
        assert one.statement in row["prompt"]
        proof = read_proof(row["completion"], one.name).meaning
        assert proof is not None and proof == row["completion"]
        code = with_proof(f"theorem t : {one.statement}", proof)
        assert judge(lean_checker, LeanProblem(code)).outcome is Outcome.PROVED


def test_state_and_tactic(lean_checker: Pool) -> None:
    left_out: Counter[str] = Counter()
    rows = list(tactics([LONG, OPEN, TERM], lean_checker, left_out=left_out))
    assert [row["id"] for row in rows] == [f"mutant_2/{n}" for n in range(1, 6)] + ["mutant_4/1"]
    assert [row["completion"] for row in rows[:3]] == [
        "intro p q h",
        "obtain ⟨a, b⟩ := h",
        "constructor",
    ]
    assert rows[1]["state"] == "p q : Prop\nh : p ∧ q\n⊢ q ∧ p"
    assert all(row["state"] in row["prompt"] for row in rows)
    assert all(read_tactic(row["completion"]).meaning for row in rows)
    assert left_out == {"tactics: the proof does not go step by step": 1}


def test_lemmas_are_listed_with_what_they_state() -> None:
    (row,) = proofs([LONG], lambda name: f"what {name} states")
    assert "Nat.le_of_eq : what Nat.le_of_eq states" in row["prompt"]
    (row,) = proofs([replace(LONG, lemma="← Nat.add_zero")])
    assert row["premises"] == ["Nat.add_zero"]
    (row,) = proofs([replace(LONG, lemma="k := 0")])  # no lemma, but what was put in
    assert row["premises"] == ["Nat.add_zero"]
    assert f"theorem mutant_2 : {LONG.statement}\n" in row["prompt"]


def test_what_is_proved_before_its_proof_ends_is_left_out(lean_checker: Pool) -> None:
    assert trace(mutant("m", proof="by\n  simp\n  exact absurd"), lean_checker) is None
    assert trace(mutant("m", proof="by sorry"), lean_checker) is None


def test_negations_are_not_lost() -> None:
    assert answer(Not(Pred("P"))) == "¬P"
