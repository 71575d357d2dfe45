"""Records that rules cannot read, with a model: verdicts, doubts, disagreement, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from neurosym.llm.base import Completions, Request
from neurosym.translate.model import Sampling
from neurosym.verify.base import Report, Verdict
from neurosym.verify.modelling import Modelling
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import record_of
from neurosym.verify.report import write_report
from provers.base import Limits
from provers.errors import ModelError
from provers.z3 import Z3Prover
from tests.neurosym.tables import Table

ONE = Sampling(samples=1, rounds=0, routes=("logic",))
RULE = "Being a wumpus makes something cold."
FACT = "Max counts as a wumpus."
CLAIM = "Max happens to be cold."
TABLE = {
    RULE: ["∀x (wumpus(x) → cold(x))"],
    FACT: ["wumpus(max)"],
    CLAIM: ["cold(max)"],
}


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def verified(
    z3: Z3Prover, record: dict[str, Any], model: Table, sampling: Sampling = ONE, **more: bool
) -> Report:
    verification = Verification(
        record_of(record), z3, Limits(5), Modelling(model, sampling, **more)
    )
    for _ in verification:
        pass
    return verification.report()


def test_a_model_reads_what_rules_cannot(z3: Z3Prover) -> None:
    record = {"premises": [RULE, FACT], "steps": [CLAIM]}
    report = verified(z3, record, Table(logic=TABLE))
    (step,) = report.steps
    assert step.verdict is Verdict.PROVED and report.verdict is Verdict.PROVED
    output = write_report(report)
    written = output["steps"][0]
    assert written["translation"]["formula"] == "cold(max)"
    assert written["translation"]["rendered"] == "Max is cold."
    assert output["translation"]["translated"] == 3
    assert set(output["translation"]["prompts"]) == {"fol"}


def test_rules_come_first(z3: Z3Prover) -> None:
    model = Table(logic=TABLE)
    record = {"premises": ["Every wumpus is cold.", FACT], "steps": ["Max is not cold."]}
    report = verified(z3, record, model)
    assert report.steps[0].verdict is Verdict.REFUTED
    assert report.translation is not None and report.translation.sentences == 1


def test_without_a_usable_translation_a_step_is_untranslated(z3: Z3Prover) -> None:
    report = verified(z3, {"premises": [RULE], "steps": [CLAIM]}, Table(logic={RULE: TABLE[RULE]}))
    assert report.steps[0].verdict is Verdict.UNTRANSLATED
    assert any("could not be used" in message for message in report.steps[0].messages)


def test_numbers_are_left_to_arithmetic(z3: Z3Prover) -> None:
    model = Table()
    verified(z3, {"premises": ["Max has 3 wumpuses."], "steps": ["Max is rich."]}, model)
    assert not model.asked


def test_a_question_is_not_translated(z3: Z3Prover) -> None:
    model = Table()
    verified(z3, {"question": "Does Max happen to be cold?", "steps": ["Max is cold."]}, model)
    assert not model.asked


def test_an_unfaithful_translation_is_flagged_and_the_whole_not_proved(z3: Z3Prover) -> None:
    record = {"premises": [FACT, "Max is red."], "steps": ["Max is cold."]}
    report = verified(z3, record, Table(logic={FACT: ["cold(max)"]}))
    step = report.steps[0]
    assert step.verdict is Verdict.PROVED and "unfaithful" in step.flags
    assert any("unfaithful" in message for message in report.question.messages)
    assert report.verdict is not Verdict.PROVED


def test_what_the_text_shows_to_be_wrong_is_mended_and_said(z3: Z3Prover) -> None:
    record = {"premises": ["Every wumpus is cold.", FACT], "steps": [CLAIM]}
    report = verified(z3, record, Table(logic={FACT: ["¬wumpus(max)"], CLAIM: ["cold(max)"]}))
    assert report.steps[0].verdict is Verdict.PROVED
    assert report.translation is not None
    ((text, change),) = report.translation.mended
    assert text == FACT and "took the denial off wumpus" in change


EITHER = "Max happens to be cold or red."
INCLUSIVE, EXCLUSIVE = "cold(max) ∨ red(max)", "cold(max) ⊕ red(max)"


def test_samples_that_disagree_on_the_verdict_are_ambiguous(z3: Z3Prover) -> None:
    sampling = Sampling(samples=3, rounds=0, routes=("logic",))
    record = {"premises": ["Max is cold.", "Max is red."], "steps": [EITHER]}
    table = {EITHER: [INCLUSIVE, EXCLUSIVE, INCLUSIVE]}
    report = verified(z3, record, Table(logic=table), sampling)
    (claim,) = report.steps[0].claims
    assert report.steps[0].verdict is Verdict.AMBIGUOUS and claim.majority is Verdict.PROVED
    written = write_report(report)["steps"][0]
    assert written["majority"] == "proved"
    assert written["disagreements"] == [{"of": "step", "formula": EXCLUSIVE, "verdict": "refuted"}]
    assert report.verdict is not Verdict.PROVED


def test_disagreement_about_a_premise_counts_too(z3: Z3Prover) -> None:
    sampling = Sampling(samples=2, rounds=0, routes=("logic",))
    record = {"premises": [EITHER, "Max is red."], "steps": ["Max is cold."]}
    report = verified(z3, record, Table(logic={EITHER: [INCLUSIVE, EXCLUSIVE]}), sampling)
    assert report.steps[0].verdict is Verdict.AMBIGUOUS
    assert report.steps[0].claims[0].disagreements[0].verdict is Verdict.REFUTED


def test_disagreement_that_changes_nothing_is_no_matter(z3: Z3Prover) -> None:
    sampling = Sampling(samples=2, rounds=0, routes=("logic",))
    record = {"premises": [EITHER, "Max is not red."], "steps": ["Max is cold."]}
    report = verified(z3, record, Table(logic={EITHER: [INCLUSIVE, EXCLUSIVE]}), sampling)
    assert report.steps[0].verdict is Verdict.PROVED


def test_another_word_for_a_name_is_merged_and_reported(z3: Z3Prover) -> None:
    chilly = "Max happens to be chilly."
    table = TABLE | {chilly: ["chilly(max)"]}
    record = {"premises": [RULE, FACT], "steps": [chilly]}
    same = {"chilly": "cold", "cold": "chilly"}
    report = verified(z3, record, Table(logic=table, words=same))
    assert report.steps[0].verdict is Verdict.PROVED
    assert report.translation is not None
    assert [merge.accepted for merge in report.translation.merges] == [True]
    apart = verified(z3, record, Table(logic=table, words=same), merge=False)
    assert apart.steps[0].verdict is Verdict.INDEPENDENT


def test_words_that_the_premises_tell_apart_are_not_merged(z3: Z3Prover) -> None:
    record = {
        "premises": ["Max is cold.", "Max is not chilly.", FACT],
        "steps": ["Max is cold."],
    }
    same = {"chilly": "cold", "cold": "chilly"}
    report = verified(z3, record, Table(logic=TABLE, words=same))
    assert report.steps[0].verdict is Verdict.PROVED
    assert report.translation is not None
    assert not any(merge.accepted for merge in report.translation.merges)


def test_a_gap_is_closed_only_beside_the_verdict(z3: Z3Prover) -> None:
    class Knowing(Table):
        def complete(self, request: Any) -> Any:
            if request.grammar is None:
                return self._answer("Every wumpus is cold.")
            return super().complete(request)

    record = {"premises": ["Max is a wumpus."], "steps": ["Max is cold."]}
    report = verified(z3, record, Knowing(), infer=True)
    assert report.steps[0].verdict is Verdict.INDEPENDENT
    written = write_report(report)["steps"][0]["follows_assuming"]
    assert written["assumed"] == "Every wumpus is cold." and "assumed" in written["flags"]
    assert written["result"]["outcome"] == "proved"
    assert report.verdict is not Verdict.PROVED


def test_what_the_model_says_of_the_pair_is_only_reported(z3: Z3Prover) -> None:
    class Denying(Table):
        def complete(self, request: Any) -> Any:
            if request.grammar == 'root ::= "yes" | "no"':
                return self._answer("no")
            return super().complete(request)

    record = {"premises": [RULE, FACT], "steps": [CLAIM]}
    report = verified(z3, record, Denying(logic=TABLE), ask=True)
    assert report.verdict is Verdict.PROVED
    assert write_report(report)["steps"][0]["translation"]["asked"]["same"] == "no"


def test_a_model_that_is_down_is_an_error_with_a_name(z3: Z3Prover) -> None:
    model = Table(failing=lambda request: ModelError("down", reason="unreachable"))
    with pytest.raises(ModelError, match="down"):
        verified(z3, {"premises": [RULE], "steps": [CLAIM]}, model)


class Guessing(Table):
    """Answers questions with options by a letter, too."""

    letter = "A"

    def complete(self, request: Request) -> Completions:
        if "right option" in request.messages[0].content:
            self.asked.append(request)
            return self._answer(self.letter)
        return super().complete(request)


def test_a_guess_stands_beside_what_no_prover_decides(z3: Z3Prover) -> None:
    model = Guessing(logic={RULE: TABLE[RULE], CLAIM: TABLE[CLAIM]})
    record = {"premises": [RULE], "steps": ["Max is shy.", CLAIM]}
    report = verified(z3, record, model, guess=True)
    first, second = write_report(report)["steps"]
    assert first["verdict"] == "independent" and first["guess"]["answer"] == "true"
    assert second["verdict"] == "independent" and second["guess"]["model"] == "table"
    shown = model.asked[-1].messages[-1].content
    assert shown.startswith(f"{RULE} Max is shy.\n\n") and CLAIM in shown
    assert report.verdict is Verdict.INDEPENDENT


def test_what_is_decided_is_not_guessed(z3: Z3Prover) -> None:
    model = Guessing(logic=TABLE)
    record = {"premises": [RULE, FACT], "steps": [CLAIM]}
    (step,) = write_report(verified(z3, record, model, guess=True))["steps"]
    assert step["verdict"] == "proved" and "guess" not in step


def test_a_letter_that_is_no_option_is_no_guess(z3: Z3Prover) -> None:
    model = Guessing(logic=TABLE)
    model.letter = "Z"
    (step,) = verified(z3, {"steps": [CLAIM]}, model, guess=True).steps
    assert step.guess is not None and step.guess.answer == ""
