"""Whole records through the real translators and a real prover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from neurosym.verify.base import Report, Verdict
from neurosym.verify.evidence import recheck_report
from neurosym.verify.pipeline import Verification, verify
from neurosym.verify.records import Outset, record_of, record_of_text
from neurosym.verify.report import write_report
from provers import registry
from provers.base import Limits, Outcome, Prover
from provers.errors import InputError
from provers.problems import read_problem
from provers.recheck import recheck
from provers.records import read_evidence

LIMITS = Limits(seconds=5)
RULES = ["Rex is a dog.", "All dogs are animals.", "If something is an animal then it is big."]


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    found = registry.load("z3")
    yield found
    found.close()


def check(prover: Prover, **record: Any) -> Report:
    return verify(record_of(record), prover, LIMITS)


def verdicts(report: Report) -> list[str]:
    return [str(step.verdict) for step in report.steps]


# --- logic ---------------------------------------------------------------------------------


def test_a_chain_is_proved_and_says_from_what(prover: Prover) -> None:
    report = check(prover, premises=RULES, steps=["Rex is an animal.", "Rex is big."])
    assert report.verdict is Verdict.PROVED
    assert [str(s) for s in report.steps[0].depends_on] == ["premise 1", "premise 2"]
    assert "step 1" in [str(s) for s in report.steps[1].depends_on] or set(
        map(str, report.steps[1].depends_on)
    ) == {"premise 1", "premise 2", "premise 3"}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Rex is big.", "proved"),
        ("Rex is not big.", "refuted"),
        ("Rex is red.", "independent"),
        ("Rex gleefully outfoxed the moon yesterday.", "untranslated"),
    ],
)
def test_true_false_or_unknown(prover: Prover, statement: str, expected: str) -> None:
    report = check(prover, premises=[" ".join(RULES)], steps=[statement])
    assert verdicts(report) == [expected]
    assert str(report.verdict) == expected


def test_closed_world(prover: Prover) -> None:
    opened = check(prover, premises=RULES, steps=["Rex is not red."])
    closed = check(prover, premises=RULES, steps=["Rex is not red."], world="closed")
    assert verdicts(opened) == ["independent"]
    assert verdicts(closed) == ["proved"]
    assert "assumed" in closed.steps[0].flags
    assert "vacuous" not in closed.steps[0].flags


def test_closed_world_is_not_needed_for_what_follows_anyway(prover: Prover) -> None:
    report = check(prover, premises=RULES, steps=["Rex is big."], world="closed")
    assert verdicts(report) == ["proved"]
    assert report.steps[0].flags == ()


def test_an_unread_premise_makes_independence_unknown(prover: Prover) -> None:
    premises = [*RULES, "Whoever has ever outfoxed the moon might well be red."]
    report = check(prover, premises=premises, steps=["Rex is red.", "Rex is big."])
    assert verdicts(report) == ["unknown", "proved"]
    assert report.steps[0].reason == "incomplete"
    assert "premise 4" in " ".join(report.steps[0].messages)
    assert [str(source) for source, _ in report.question.unread] == ["premise 4"]


def test_an_unread_premise_closes_no_world(prover: Prover) -> None:
    premises = [*RULES, "Whoever has ever outfoxed the moon might well be red."]
    report = check(prover, premises=premises, steps=["Rex is not red."], world="closed")
    assert verdicts(report) == ["unknown"]
    assert any("closed world" in message for message in report.question.messages)


def test_contradictory_premises(prover: Prover) -> None:
    report = check(prover, premises=["Rex is big. Rex is not big."], steps=["Rex is red."])
    assert report.verdict is Verdict.INCONSISTENT
    assert report.steps[0].flags == ("vacuous",)
    assert report.question.consistency is not None
    assert report.question.consistency.outcome is Outcome.INCONSISTENT


def test_a_restated_premise_is_vacuous(prover: Prover) -> None:
    report = check(prover, premises=RULES, steps=["Rex is a dog."])
    assert verdicts(report) == ["proved"]
    assert report.steps[0].flags == ("vacuous",)


def test_a_tautology_is_vacuous(prover: Prover) -> None:
    report = check(prover, premises=RULES, steps=["If Rex is red then Rex is red."])
    assert verdicts(report) == ["proved"]
    assert "vacuous" in report.steps[0].flags


def test_a_condition_that_never_holds_is_vacuous(prover: Prover) -> None:
    premises = [*RULES, "Rex is not red."]
    report = check(prover, premises=premises, steps=["If Rex is red then Rex is cold."])
    assert verdicts(report) == ["proved"]
    assert "vacuous" in report.steps[0].flags


def test_a_refuted_step_is_no_premise(prover: Prover) -> None:
    steps = ["Rex is not an animal.", "So Rex is an animal.", "By step 1, Rex is red."]
    report = check(prover, premises=RULES, steps=steps)
    assert verdicts(report)[:2] == ["refuted", "proved"]
    assert report.verdict is Verdict.REFUTED
    assert "depends_on_refuted" in report.steps[2].flags


def test_an_unproved_step_is_an_assumption_of_what_needs_it(prover: Prover) -> None:
    premises = [*RULES, "All red things are cold."]
    report = check(prover, premises=premises, steps=["Rex is red.", "Rex is cold."])
    assert verdicts(report) == ["independent", "proved"]
    assert report.steps[1].flags == ("assumed",)
    assert [str(s) for s in report.steps[1].depends_on] == ["premise 4", "step 1"]
    assert report.verdict is Verdict.INDEPENDENT


def test_an_unproved_step_refutes_nothing(prover: Prover) -> None:
    report = check(prover, premises=RULES, steps=["Rex is red.", "Rex is not red."])
    assert verdicts(report) == ["independent", "independent"]
    assert "contradicts step 1" in " ".join(report.steps[1].messages)


def test_explicit_references_are_honoured(prover: Prover) -> None:
    premises = ["Rex is a dog."]
    steps = ["All dogs are red.", "All dogs are cold.", "From 1, Rex is cold."]
    report = check(prover, premises=premises, steps=steps)
    assert verdicts(report)[2] == "independent"
    report = check(prover, premises=premises, steps=[*steps[:2], "From 2, Rex is cold."])
    assert verdicts(report)[2] == "proved"


def test_a_step_with_an_unread_sentence_is_not_proved(prover: Prover) -> None:
    steps = ["Rex is big. Moreover it would seem he might have sung."]
    report = check(prover, premises=RULES, steps=steps)
    assert verdicts(report) == ["untranslated"]
    assert report.steps[0].claims[0].verdict is Verdict.PROVED


def test_facts_of_the_question_may_be_used(prover: Prover) -> None:
    text = "All dogs are big. Rex is a dog. Is Rex big?\n\nRex is big."
    report = verify(record_of_text(text), prover, LIMITS)
    assert report.verdict is Verdict.PROVED
    assert [str(s) for s in report.steps[0].depends_on] == ["question 1", "question 2"]


def test_a_question_is_no_fact(prover: Prover) -> None:
    text = "Rex is a dog. Is Rex big?\n\nRex is big."
    assert verdicts(verify(record_of_text(text), prover, LIMITS)) == ["independent"]


def test_an_answer_in_words_must_follow(prover: Prover) -> None:
    steps = ["Rex is an animal.", "Rex is big."]
    good = check(prover, premises=RULES, steps=steps, answer="Rex is big.")
    bad = check(prover, premises=RULES, steps=steps, answer="Rex is cold.")
    assert good.verdict is Verdict.PROVED
    assert bad.verdict is Verdict.UNKNOWN


# --- arithmetic ----------------------------------------------------------------------------

QUESTION = "Ann has 4 bags with 12 nuts each and eats 8 nuts. How many nuts are left?"
GOOD = "She has 4 * 12 = 48 nuts.\nThen 48 - 8 = 40 are left.\n#### 40"


def test_right_arithmetic_is_proved_and_not_vacuous(prover: Prover) -> None:
    report = check(prover, question=QUESTION, solution=GOOD)
    assert verdicts(report) == ["proved", "proved", "no_claim"]
    assert report.verdict is Verdict.PROVED
    assert report.answer.step == 2
    assert all(step.flags == () for step in report.steps)
    assert write_report(report)["summary"]["limits"]


def test_a_wrong_step_and_what_builds_on_it(prover: Prover) -> None:
    report = check(prover, question=QUESTION, solution=GOOD.replace("48", "46"))
    assert verdicts(report) == ["refuted", "refuted", "no_claim"]
    report = check(
        prover,
        question=QUESTION,
        solution="She has 4 * 12 = 46 nuts.\nThen 46 - 8 = 38 are left.\n#### 38",
    )
    assert verdicts(report) == ["refuted", "proved", "no_claim"]
    assert "depends_on_refuted" in report.steps[1].flags
    assert report.answer.verdict is not Verdict.PROVED
    assert report.verdict is Verdict.REFUTED


def test_an_answer_that_nothing_supports(prover: Prover) -> None:
    report = check(prover, question=QUESTION, solution=GOOD.replace("#### 40", "#### 41"))
    assert report.answer.verdict is Verdict.UNKNOWN
    assert report.verdict is Verdict.UNKNOWN


def test_an_intermediate_result_is_not_the_answer(prover: Prover) -> None:
    report = check(prover, question=QUESTION, solution=GOOD.replace("#### 40", "#### 48"))
    assert report.verdict is Verdict.UNKNOWN


def test_a_given_answer_that_the_text_contradicts(prover: Prover) -> None:
    report = check(prover, question=QUESTION, solution=GOOD, answer="41")
    assert report.answer.verdict is Verdict.REFUTED
    assert report.verdict is Verdict.REFUTED
    assert check(prover, question=QUESTION, solution=GOOD, answer=40).verdict is Verdict.PROVED


def test_a_number_from_nowhere_keeps_the_whole_from_proved(prover: Prover) -> None:
    solution = "She has 4 * 17 = 68 nuts.\n#### 68"
    report = check(prover, question=QUESTION, solution=solution)
    assert "unfaithful" in report.steps[0].flags
    assert report.verdict is Verdict.UNKNOWN


def test_all_claims_of_a_step_must_hold(prover: Prover) -> None:
    report = check(prover, steps=["We get 2 + 2 = 4 and then 4 + 4 = 9."])
    assert verdicts(report) == ["refuted"]
    assert len(write_report(report)["steps"][0]["claims"]) == 2


def test_an_unread_relation_beside_a_claim_is_not_passed_over(prover: Prover) -> None:
    report = check(prover, steps=["We get 2 + 2 = 4, so f(x) = ∫ 3 dx."])
    assert verdicts(report) == ["untranslated"]


def test_an_assumption_leaves_the_whole_unproved(prover: Prover) -> None:
    report = check(prover, steps=["Let x = 7.", "So x + 1 = 8.", "The answer is 8."])
    assert report.verdict is not Verdict.PROVED


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("So $x^2 = -1$.", "unknown"),  # complex numbers, or an equation without a solution
        ("The difference is $ab - ba = 27$.", "unknown"),  # digits
        ("So $x + 1 = x + 2$.", "refuted"),
        ("So $2x + 3x = 5x$.", "proved"),
    ],
)
def test_what_holds_for_no_real_numbers(prover: Prover, step: str, expected: str) -> None:
    assert verdicts(check(prover, steps=[step])) == [expected]


def test_an_equation_that_is_given(prover: Prover) -> None:
    steps = ["So x = 3.", "So x = 4."]
    told = check(prover, question="We know that 2x + 1 = 7. Find x.", steps=steps)
    asked = check(prover, question="If 2x + 1 = 7, what is x?", steps=steps)
    assert verdicts(told) == verdicts(asked) == ["proved", "refuted"]
    assert [str(s) for s in told.steps[0].depends_on] == ["question 1"]


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        (r"$3+4 \neq 8$", "8", "unknown"),
        ("If x = 9 then 2x = 18.", "9", "unknown"),
        ("3 <= 5.", "3", "unknown"),
        ("10/3 = 3.33", "0.005", "unknown"),
        ("10/3 = 3.33", "3.33", "proved"),
        ("10/3 ≈ 3.33", "3.33", "proved"),
        ("42 = 42", "42", "unknown"),
        ("42 = 42", "42 = 42", "unknown"),
        ("10 + 10 = 20 minutes.", "20 hours", "unknown"),
        ("10 + 10 = 20 minutes.", "20 minutes", "proved"),
        ("10 + 10 = 20 minutes.", "20", "proved"),
        ("10 + 10 = 20 cents.", "$20", "unknown"),
        ("10 + 10 = $20.", "20 dollars", "proved"),
        ("1/5 = 0.2", "0.2%", "unknown"),
    ],
)
def test_only_what_a_claim_arrives_at_is_an_answer(
    prover: Prover, step: str, answer: str, expected: str
) -> None:
    report = check(prover, steps=[step], answer=answer)
    assert verdicts(report) == ["proved"]
    assert str(report.verdict) == str(report.answer.verdict) == expected
    assert bool(report.answer.message) is (expected == "unknown")


def test_a_number_that_is_itself_is_vacuous_and_passed_over(prover: Prover) -> None:
    report = check(prover, steps=["5 + 3 = 8.", "8 = 8."], answer="8")
    assert report.steps[1].flags == ("vacuous",)
    assert report.verdict is Verdict.PROVED
    assert report.answer.step == 1
    assert check(prover, steps=["5 + 3 = 8.", "2 + 7 = 9."], answer="9").verdict is Verdict.PROVED
    assert check(prover, steps=["5 + 3 = 8.", "9 = 9."], answer="9").verdict is Verdict.UNKNOWN


# --- assumptions and letters ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["Suppose 2+2=5.", "Then 2+2+1=6."], ["untranslated", "unknown"]),
        (["Suppose 2+2=5. Then 2+2+1=6."], ["unknown"]),
        (["Case 1: it rains.", "2+2=5."], ["untranslated", "unknown"]),
        (["Suppose it rains.", "A contradiction.", "2+2=5."], [*["untranslated"] * 2, "refuted"]),
        (["Suppose it rains.", "2+2=4."], ["untranslated", "proved"]),
        (["2+2=5.", "Suppose it rains."], ["refuted", "untranslated"]),
        (["Let x = 5.", "2+2=5."], ["no_claim", "refuted"]),
        (["Let x be the number of apples.", "2+2=5."], ["no_claim", "refuted"]),
    ],
)
def test_what_stands_under_an_assumption(
    prover: Prover, steps: list[str], expected: list[str]
) -> None:
    report = check(prover, steps=steps)
    assert verdicts(report) == expected
    for step in report.steps:
        told = any("stands under an assumption" in message for message in step.messages)
        assert told is (step.verdict is Verdict.UNKNOWN)


def test_a_reductio_is_not_refuted(prover: Prover) -> None:
    steps = [
        "Assume for contradiction that Rex is not big.",
        "Rex is not a dog.",
        "This contradicts what is given.",
        "Rex is big.",
        "Rex is not a dog.",
    ]
    report = check(prover, premises=RULES, steps=steps)
    assert verdicts(report) == ["untranslated", "unknown", "untranslated", "proved", "refuted"]
    assert "stands under an assumption made in step 1" in report.steps[1].messages


def test_complex_numbers_contradict_nothing(prover: Prover) -> None:
    report = check(prover, question="We know that x^2 + 1 = 0. Find x.", steps=["So x = 3."])
    assert verdicts(report) == ["unknown"]
    assert report.steps[0].reason == "incomplete"
    assert report.question.consistency is not None
    assert report.question.consistency.outcome is Outcome.UNKNOWN
    assert any("no real numbers" in message for message in report.question.messages)
    rechecked = recheck_report(report, write_report(report), LIMITS)
    assert rechecked["verdict"] == "unknown"


def test_one_letter_for_two_things(prover: Prover) -> None:
    question = "Let x be Tom's age. We know x = 5. Let x be Ann's age. We know x = 3."
    report = check(prover, question=question, steps=["So x + 1 = 4.", "So x + 1 = 6."])
    assert verdicts(report) == ["proved", "refuted"]
    silent = check(prover, question="Tom's age is x and x = 5. Ann's age x = 3.", steps=["x = 3."])
    assert silent.verdict is Verdict.UNKNOWN
    assert any("'x' may stand" in message for message in silent.steps[0].messages)
    meant = check(prover, question="Let x be Tom's age. We know x = 5. Also x = 3.", steps=["x=3"])
    assert meant.verdict is Verdict.INCONSISTENT


def test_a_new_meaning_of_a_letter_frees_it(prover: Prover) -> None:
    question = "Let x be Tom's age. We know that x = 5."
    steps = ["So x + 1 = 7.", "Let x be Ann's age.", "So x + 1 = 7."]
    report = check(prover, question=question, steps=steps)
    assert verdicts(report) == ["refuted", "no_claim", "unknown"]
    assert "'x' got another meaning in step 2" in " ".join(report.steps[2].messages)
    same = check(prover, question=question, steps=["Let x be Tom's age.", "So x + 1 = 7."])
    assert verdicts(same) == ["no_claim", "refuted"]


def test_nothing_claimed(prover: Prover) -> None:
    report = check(prover, steps=["Is it so?"])
    assert report.verdict is Verdict.NO_CLAIM


# --- records and reports -------------------------------------------------------------------


def test_the_written_evidence_can_be_checked_again(prover: Prover) -> None:
    steps = ["Rex is big.", "Rex is not an animal.", "Rex is red.", "2 + 3 = 5."]
    report = check(prover, premises=RULES, steps=steps)
    written = write_report(report)
    for step, record in zip(report.steps, written["steps"], strict=True):
        formal = record["formal"]
        problem = read_problem(formal["premises"], formal["goal"], formal["notation"])
        evidence = read_evidence(record["evidence"])
        decided = step.deciding
        assert decided is not None and evidence == decided.result.evidence
        assert recheck(problem, decided.result).ok
    rechecked = recheck_report(report, written, LIMITS)
    assert all(step["recheck"]["ok"] for step in rechecked["steps"])


def test_an_interrupted_run_reports_what_is_done(prover: Prover) -> None:
    record = record_of({"steps": ["1 + 1 = 2.", "2 + 2 = 4.", "3 + 3 = 6."]})
    verification = Verification(record, prover, LIMITS)
    next(iter(verification))
    report = verification.report()
    assert len(report.steps) == 1
    assert not report.complete
    assert report.verdict is Verdict.UNKNOWN
    assert write_report(report)["interrupted"] is True


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "an array"),
        ({}, "'steps' or 'solution'"),
        ({"steps": ["a"], "solution": "b"}, "'steps' or 'solution'"),
        ({"steps": []}, "empty"),
        ({"steps": [" "]}, "empty"),
        ({"steps": [1]}, "'steps.0'"),
        ({"steps": "a"}, "'steps'"),
        ({"solution": "a", "world": "flat"}, "'world'"),
        ({"solution": "a", "premises": "b"}, "'premises'"),
        ({"solution": "a" * 1_000_001}, "1,000,001"),
    ],
)
def test_records_that_are_none(data: Any, named: str) -> None:
    with pytest.raises(InputError, match=named):
        record_of(data)


# --- steps that come later -------------------------------------------------------------------


def _undated(report: Report) -> dict[str, Any]:
    written = write_report(report)
    written["summary"].pop("seconds")
    written["summary"].pop("prover_seconds")
    written["question"].get("consistency", {}).pop("seconds", None)
    for step in written["steps"]:
        step.pop("seconds")
        for claim in step.get("claims", ()):
            claim.pop("seconds")
    return written


@pytest.mark.parametrize(
    ("outset", "steps"),
    [
        ({"premises": RULES}, ["Rex is an animal.", "Rex is not big.", "From 1, Rex is big."]),
        ({"question": "Ann has 3."}, ["1. 3 * 12 = 36", "2. 36 - 5 = 30", "3. 30 + 1 = 31"]),
        ({"answer": "4"}, ["Suppose 2 + 2 = 5.", "Let x = 2.", "x + 2 = 4"]),
    ],
)
def test_steps_that_come_one_at_a_time_are_verified_alike(
    prover: Prover, outset: dict[str, Any], steps: list[str]
) -> None:
    verification = Verification(Outset(**outset), prover, LIMITS)
    added = [verification.add(step) for step in steps]
    assert [step.index for step in added] == [1, 2, 3]
    whole = check(prover, **outset, steps=steps)
    assert _undated(verification.report()) == _undated(whole)


def test_a_report_before_any_step_says_that_nothing_is_claimed(prover: Prover) -> None:
    report = Verification(Outset(question="What is 1 + 1?"), prover, LIMITS).report()
    assert report.verdict is Verdict.NO_CLAIM and report.steps == ()


def test_steps_can_be_added_to_a_record(prover: Prover) -> None:
    verification = Verification(record_of({"steps": ["1 + 1 = 2"]}), prover, LIMITS)
    assert verification.add("2 + 1 = 4").index == 2
    assert [step.verdict for step in verification.done] == [Verdict.PROVED, Verdict.REFUTED]
    assert list(verification) == []


def test_there_is_an_end_to_adding(prover: Prover) -> None:
    verification = Verification(Outset(premises=["a" * 999_990]), prover, LIMITS)
    with pytest.raises(InputError, match="characters"):
        verification.add("1 + 1 = 2, and so on")
    assert verification.done == []
    full = Verification(record_of({"steps": ["so"] * 5_000}), prover, LIMITS)
    with pytest.raises(InputError, match="5,000 steps"):
        full.add("so")


def test_what_is_not_reached_is_unknown(prover: Prover) -> None:
    verification = Verification(record_of({"steps": ["1 + 1 = 2"] * 3}), prover, LIMITS)
    next(iter(verification))
    left = verification.end()
    assert [(step.index, step.verdict, step.reason) for step in left] == [
        (2, Verdict.UNKNOWN, "timeout"),
        (3, Verdict.UNKNOWN, "timeout"),
    ]
    report = verification.report()
    assert report.verdict is Verdict.UNKNOWN and not report.complete
    assert write_report(report)["interrupted"] is True


def test_what_a_step_takes_back_is_not_refuted(prover: Prover) -> None:
    """It was refuted once, though the step says itself that it is wrong and goes on without it."""
    steps = ["So 8 * 9 = 71. Wait, that's not right. So 8 * 9 = 72."]
    (step,) = check(prover, steps=steps).steps
    assert step.verdict is Verdict.UNKNOWN
    assert [str(claim.verdict) for claim in step.claims] == ["unknown", "proved"]
    (kept,) = check(prover, steps=["So 8 * 9 = 71. Wait, that's right."]).steps
    assert kept.verdict is Verdict.REFUTED
