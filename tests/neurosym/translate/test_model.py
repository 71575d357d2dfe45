"""Sentences through a model: constrained, examined, sent back, grouped by meaning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.llm.base import Completion, Completions, Request
from neurosym.translate.base import Status
from neurosym.translate.model import MAX_CHARACTERS, ModelTranslator, Prove, Sampling
from neurosym.translate.vocabulary import Vocabulary
from provers.base import Limits
from provers.errors import ModelError
from provers.logic.formats import parse, write
from provers.z3 import Z3Prover
from tests.neurosym.tables import Table

LOGIC = Sampling(samples=1, rounds=2, routes=("logic",))


@pytest.fixture(scope="module")
def prove() -> Iterator[Prove]:
    prover = Z3Prover()
    yield lambda problem: prover.prove(problem, Limits(5))
    prover.close()


def spelled(formula: object) -> str:
    return write(formula, "unicode")  # type: ignore[arg-type]


def test_a_sentence_becomes_a_formula(prove: Prove) -> None:
    model = Table(logic={"Cold is Bob.": ["cold(bob)"]})
    done = ModelTranslator(model, prove, sampling=LOGIC).translate("Cold is Bob.")
    assert done.status is Status.TRANSLATED and spelled(done.formula) == "cold(bob)"
    assert done.agreement == 1.0 and done.tokens == 7 and done.model == "table"
    assert [name for name, _ in done.prompts] == ["fol"] and len(done.prompts[0][1]) == 64
    (request,) = model.asked
    assert request.grammar is not None and '"cold"' in request.grammar
    assert request.temperature == 0.0


@pytest.mark.parametrize(
    ("first", "fault", "said"),
    [
        ("cold(bob", "syntax", "too early"),
        ("cold(x)", "syntax", "no quantifier binds x"),
        ("see(bob)", "signature", "see takes 2"),
        ("cold(bob) ∨ ¬cold(bob)", "empty", "always true"),
        ("cold(bob) ∧ ¬cold(bob)", "empty", "never true"),
    ],
)
def test_what_is_wrong_goes_back_in_words(prove: Prove, first: str, fault: str, said: str) -> None:
    words = Vocabulary()
    words.declare([parse("see(bob, the_cat)", "unicode")])
    model = Table(logic={"Cold is Bob.": [first, "cold(bob)"]})
    done = ModelTranslator(model, prove, words, LOGIC).translate("Cold is Bob.")
    assert [attempt.fault for attempt in done.attempts] == [fault, ""]
    assert said in model.asked[1].messages[-1].content
    assert model.asked[1].messages[-2].content == first
    assert spelled(done.formula) == "cold(bob)"


def test_rounds_end_and_the_reason_is_kept(prove: Prove) -> None:
    model = Table(logic={"Cold is Bob.": ["cold(bob"]})
    done = ModelTranslator(model, prove, sampling=LOGIC).translate("Cold is Bob.")
    assert done.status is Status.UNTRANSLATED and done.formula is None
    assert len(done.attempts) == 3 and "syntax" in done.messages[0]


def test_samples_that_say_the_same_are_one_meaning(prove: Prove) -> None:
    text = "All that is cold is red."
    model = Table(logic={text: ["∀x (cold(x) → red(x))", "¬∃x (cold(x) ∧ ¬red(x))", "cold(red)"]})
    sampling = Sampling(samples=3, rounds=0, routes=("logic",))
    done = ModelTranslator(model, prove, sampling=sampling).translate(text)
    assert [one.votes for one in done.alternatives] == [2] and len(model.asked) == 2


def test_samples_are_drawn_until_the_majority_cannot_change(prove: Prove) -> None:
    text = "Not all that is cold is red."
    model = Table(
        logic={text: ["¬∀x (cold(x) → red(x))", "∀x (cold(x) → ¬red(x))", "∃x (cold(x) ∧ ¬red(x))"]}
    )
    sampling = Sampling(samples=3, rounds=0, routes=("logic",))
    done = ModelTranslator(model, prove, sampling=sampling).translate(text)
    assert [one.votes for one in done.alternatives] == [2, 1]
    assert spelled(done.formula) == "¬∀x (cold(x) → red(x))"
    assert [request.temperature for request in model.asked] == [0.0, 0.7, 0.7]
    assert len({request.seed for request in model.asked}) == 3


def test_plain_english_is_another_way(prove: Prove) -> None:
    text = "Nothing is cold without being red."
    model = Table(logic={text: ["∀x (cold(x) → red(x))"]}, english={text: ["Every cold is red."]})
    sampling = Sampling(samples=2, rounds=0)
    done = ModelTranslator(model, prove, sampling=sampling).translate(text)
    assert {attempt.route for attempt in done.attempts} == {"logic", "english"}
    assert done.agreement == 1.0


def test_plain_english_that_rules_do_not_read_goes_back(prove: Prove) -> None:
    text = "Nothing is cold without being red."
    model = Table(english={text: ["Colds cannot but be red.", "Every cold is red."]})
    sampling = Sampling(samples=1, rounds=1, routes=("english",))
    done = ModelTranslator(model, prove, sampling=sampling).translate(text)
    assert [attempt.fault for attempt in done.attempts] == ["unread", ""]


def test_a_doubt_goes_back_but_spoils_nothing(prove: Prove) -> None:
    model = Table(logic={"Cold is Bob.": ["¬cold(bob)"]})
    translator = ModelTranslator(
        model, prove, sampling=LOGIC, check=lambda text, formula: "the text has no negation"
    )
    done = translator.translate("Cold is Bob.")
    assert done.status is Status.TRANSLATED and done.complaint == "the text has no negation"
    assert len(done.attempts) == 3


def test_eager_draws_more_only_where_something_is_said_against_the_first(prove: Prove) -> None:
    text = "No toad is red at all."

    def check(sentence: str, formula: object) -> str:
        return "" if spelled(formula) == "¬∃x (toad(x) ∧ red(x))" else "not what it says"

    model = Table(english={text: ["Every toad is red."]}, logic={text: ["¬∃x (toad(x) ∧ red(x))"]})
    sampling = Sampling(samples=2, rounds=0, eager=True)
    done = ModelTranslator(model, prove, sampling=sampling, check=check).translate(text)
    assert [attempt.route for attempt in done.attempts] == ["english", "logic"]
    assert spelled(done.formula) == "¬∃x (toad(x) ∧ red(x))"
    good = Table(english={text: ["Every toad is not red."]})
    assert len(ModelTranslator(good, prove, sampling=sampling).translate(text).attempts) == 1


def test_a_cut_off_completion_is_no_formula(prove: Prove) -> None:
    class Endless(Table):
        def complete(self, request: Request) -> Completions:
            return Completions((Completion("¬" * 100, "length", 120),), "endless")

    done = ModelTranslator(Endless(), prove, sampling=LOGIC).translate("Cold is Bob.")
    assert done.status is Status.UNTRANSLATED and "cut_off" in done.messages[0]


def test_a_server_without_grammars_is_parsed_and_repaired(prove: Prove) -> None:
    def refuse(request: Request) -> ModelError | None:
        return ModelError("no grammars", reason="unsupported") if request.grammar else None

    model = Table(logic={"Cold is Bob.": ["```\ncold(bob)\n```"]}, failing=refuse)
    done = ModelTranslator(model, prove, sampling=LOGIC).translate("Cold is Bob.")
    assert spelled(done.formula) == "cold(bob)"


def test_a_model_that_cannot_be_asked_is_an_error(prove: Prove) -> None:
    model = Table(failing=lambda request: ModelError("down", reason="unreachable"))
    with pytest.raises(ModelError) as caught:
        ModelTranslator(model, prove, sampling=LOGIC).translate("Cold is Bob.")
    assert caught.value.reason == "unreachable"


@pytest.mark.parametrize("text", ["cold " * MAX_CHARACTERS, "It is what it is.", "", "?!"])
def test_what_cannot_be_asked_about_is_untranslated(prove: Prove, text: str) -> None:
    model = Table()
    done = ModelTranslator(model, prove, sampling=LOGIC).translate(text)
    assert done.status is Status.UNTRANSLATED and done.messages and not model.asked
