"""First-order programs held against their sentences: what is mended, and what is no answer."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from neurosym.runs.programs import formulas
from neurosym.runs.programs.base import ProgramError, Reply
from provers.z3 import Z3Prover


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    made = Z3Prover()
    yield made
    made.close()


def program(premises: dict[str, str], conclusion: str, sentence: str) -> str:
    lines = "\n".join(f"{code} ::: {text}" for code, text in premises.items())
    return f"Premises:\n{lines}\nConclusion:\n{conclusion} ::: {sentence}\n"


ZOO = {
    "∀x (Otter(x) → Swims(x))": "All otters swim.",
    "Otter(ozo)": "Ozo is an otter.",
    "¬Swims(ulm)": "Ulm does not swim.",
}


def solved(prover: Z3Prover, text: str, statement: str = "", meaning: bool = True) -> Reply:
    return formulas.solve(text, prover.prove, statement, meaning)


def kinds(reply: Reply) -> list[str]:
    return [one.kind for one in reply.mended]


@pytest.mark.parametrize(
    ("conclusion", "sentence", "written", "mended"),
    [
        ("¬Swims(ozo)", "Ozo swims.", "B", "A"),
        ("Swims(ulm)", "Ulm does not swim.", "B", "A"),
        ("¬∃x (Otter(x) ∧ Swims(x))", "Some otters swim.", "B", "A"),
        ("¬(Otter(ozo) ∧ Swims(ozo))", "Ozo is an otter and swims.", "B", "A"),
        ("¬Otter(ozo) → Swims(ulm)", "If Ozo is an otter then Ulm swims.", "A", "B"),
    ],
)
def test_a_conclusion_that_denies_its_sentence_is_turned_round(
    prover: Z3Prover, conclusion: str, sentence: str, written: str, mended: str
) -> None:
    text = program(ZOO, conclusion, sentence)
    assert solved(prover, text, meaning=False).answer == written
    reply = solved(prover, text)
    assert reply.answer == mended and kinds(reply) in (["sign"], ["meaning"])


def test_the_statement_that_is_asked_counts_more_than_the_programs_own(prover: Z3Prover) -> None:
    text = program(ZOO, "¬Swims(ozo)", "Ozo does not swim.")
    assert solved(prover, text).answer == "B"
    assert solved(prover, text, "Ozo swims.").answer == "A"


def test_a_plain_or_leaves_room_for_both(prover: Z3Prover) -> None:
    both = {"Otter(ozo) ∧ Swims(ozo)": "Ozo is an otter and swims."}
    reply = solved(prover, program(both, "Otter(ozo) ⊕ Swims(ozo)", "Ozo swims or is an otter."))
    assert reply.answer == "A" and kinds(reply) == ["or"]
    either = program(both, "Otter(ozo) ⊕ Swims(ozo)", "Ozo either swims or is an otter.")
    assert solved(prover, either).answer == "B"


@pytest.mark.parametrize(
    ("premises", "conclusion", "sentence"),
    [
        # The premise that the proof needs denies what its sentence says.
        ({"Otter(ozo) → ¬Swims(ozo)": "If Ozo is an otter then Ozo swims."}, "¬Swims(ozo)", ""),
        # "No" as "not all".
        (
            {"¬∀x (Otter(x) → Swims(x))": "No otters swim.", "Swims(ozo)": "Ozo swims."},
            "Otter(ida)",
            "Ida is an otter.",
        ),
        # A denial that moved from the condition to the consequence.
        (
            {"Otter(ozo) → ¬Swims(ozo)": "If Ozo is not an otter then Ozo swims."},
            "Swims(ozo)",
            "Ozo swims.",
        ),
        # A conclusion that says nothing, or nothing that depends on the premises.
        ({}, "False", "Ozo sings."),
        ({}, "Swims(ozo) → Swims(ozo)", "If Ozo will swim, Ozo can swim."),
        # A statement of two things, and a conclusion of one.
        ({"Tame(ulm)": "Ulm is tame."}, "Swims(ida)", "Ida, who is tame, swims."),
        # One name for a thing and for a kind.
        ({"Otter(ozo)": "Ozo is an otter."}, "Feeds(ozo, otter)", "Ozo feeds an otter."),
        # A number that the statement only bounds.
        ({"Costs(fish, 5)": "A fish costs 5."}, "Costs(fish, 7)", "A fish costs less than 7."),
        # A variable that may be meant as "some".
        (
            {
                "(Otter(ozo) ∧ Eats(ozo, y)) ⊕ ¬(Otter(ozo) ∨ Eats(ozo, y))": (
                    "Ozo is either an otter and eats, or is neither an otter nor eats."
                ),
                "Otter(ozo)": "Ozo is an otter.",
            },
            "Eats(ozo, fish)",
            "Ozo eats a fish.",
        ),
    ],
)
def test_an_answer_that_rests_on_an_unfaithful_formula_is_none(
    prover: Z3Prover, premises: dict[str, str], conclusion: str, sentence: str
) -> None:
    premises = {"Otter(ozo)": "Ozo is an otter.", **premises}
    text = program(premises, conclusion, sentence)
    assert solved(prover, text, meaning=False).failure is None
    reply = solved(prover, text)
    assert (reply.answer, reply.failure) == ("", "unfaithful") and reply.message
    assert not reply.ran


def test_only_what_the_answer_rests_on_counts(prover: Z3Prover) -> None:
    unused = {**ZOO, "¬Tame(ida)": "Ida is tame."}
    assert solved(prover, program(unused, "Swims(ozo)", "Ozo swims.")).answer == "A"
    # That nothing follows rests on all premises.
    assert solved(prover, program(unused, "Otter(ida)", "Ida is an otter.")).failure == "unfaithful"


def test_without_sentences_nothing_is_held_against_them(prover: Z3Prover) -> None:
    bare = "Premises:\nOtter(ozo)\nConclusion:\n¬Otter(ozo)\n"
    assert solved(prover, bare).answer == "B"


def test_errors_cross_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(ProgramError("sort", "neither true nor false")))
    assert (error.kind, str(error)) == ("sort", "neither true nor false")
