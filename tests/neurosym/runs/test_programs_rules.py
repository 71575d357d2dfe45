"""Rule programs and first-order programs: worlds, signs, slips, and what is no program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.runs.programs import formulas, rules
from neurosym.runs.programs.base import ProgramError, Reply
from provers.z3 import Z3Prover

ZOO = """Predicates:
Furry($x, bool) ::: Is x furry?
Loud($x, bool) ::: Is x loud?
Sees($x, $y, bool) ::: Does x see y?

Facts:
Furry(Ozo, True) ::: Ozo is furry.
Loud(Ulm, False) ::: Ulm is not loud.

Rules:
Furry($x, True) >>> Loud($x, {value})

Query:
{query}
"""
FIRST_ORDER = """Predicates:
Furry(x) ::: x is furry.
Premises:
{premise} ::: All furry things are loud.
Furry(ozo) ::: Ozo is furry.
Conclusion:
{conclusion}
"""


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    made = Z3Prover()
    yield made
    made.close()


def zoo(prover: Z3Prover, query: str, *, value: str = "True", **options: bool | str) -> Reply:
    program = ZOO.format(query=query, value=value)
    return rules.solve(program, prover.prove, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("Loud(Ozo, True)", "A"),
        ("Loud(Ozo, False)", "B"),
        ("Loud(Ulm, True)", "B"),
        ("Sees(Ozo, Ulm, True)", "C"),
        # Backwards: what is not loud is not furry. No rule is used so.
        ("Furry(Ulm, False)", "C"),
    ],
)
def test_rules_are_read_forwards_in_an_open_world(
    prover: Z3Prover, query: str, answer: str
) -> None:
    assert zoo(prover, query).answer == answer


def test_what_is_not_derived_is_false_only_in_a_closed_world(prover: Z3Prover) -> None:
    reply = zoo(prover, "Furry(Ulm, True)", unknown=False)
    assert (reply.answer, reply.failure) == ("", "no_option")
    assert zoo(prover, "Furry(Ulm, True)", unknown=False, closed=True).answer == "B"


def test_a_query_that_denies_its_sentence_is_turned_round_and_it_is_said(
    prover: Z3Prover,
) -> None:
    reply = zoo(prover, "Loud(Ozo, False)", statement="Ozo is loud.")
    assert reply.answer == "A" and [one.kind for one in reply.mended] == ["sign"]
    kept = zoo(prover, "Loud(Ozo, False)", statement="Ozo is loud.", meaning=False)
    assert kept.answer == "B" and not kept.mended
    fair = zoo(prover, "Loud(Ozo, False) ::: Ozo isn't loud.", statement="Ozo is loud.")
    assert fair.answer == "B" and not fair.mended


def test_a_program_that_says_both_is_contradictory(prover: Z3Prover) -> None:
    program = ZOO.format(query="Loud(Ozo, True)", value="True")
    both = program.replace("Loud(Ulm, False) ::: Ulm is not loud.", "Loud(Ozo, False)")
    reply = rules.solve(both, prover.prove)
    assert (reply.answer, reply.failure) == ("", "contradictory")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("Furry($x, True) >>>", "Furry(x, True) >>>"), "variable"),
        (("Furry(Ozo, True) :::", "Furry(Ozo) :::"), "truth_value"),
        (("Furry(Ozo, True) :::", "Not(Furry(Ozo, False)) :::"), "negation"),
        (("Rules:\n", "Sees($x, $x, True) >>> Furry($x, True)\nRules:\n"), "rule_among_facts"),
    ],
)
def test_slips_are_mended_and_said(prover: Z3Prover, change: tuple[str, str], kind: str) -> None:
    program = ZOO.format(query="Loud(Ozo, True)", value="True").replace(*change)
    reply = rules.solve(program, prover.prove)
    assert reply.answer == "A" and [one.kind for one in reply.mended] == [kind]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", "syntax"),
        ("Loud(Ozo, True)\nLoud(Ulm, True)", "syntax"),
        ("Loud(Ozo, Perhaps)", "syntax"),
        ("Loud(Ozo", "syntax"),
        ("__import__('os').system('true')", "syntax"),
        ("Loud(Oz(o), True)", "syntax"),
        ("Loud(" + "a, " * 20 + "True)", "too_large"),
        ("Not(" * 400 + "Loud(Ozo, True)" + ")" * 400, "syntax"),
        ("Loud(Ozo, True) :::" + "x" * 60_000, "too_large"),
        ("Or(Loud(Ozo, True), Loud(Ulm, True))", "syntax"),
    ],
)
def test_what_is_no_query(prover: Z3Prover, query: str, kind: str) -> None:
    with pytest.raises(ProgramError) as caught:
        zoo(prover, query)
    assert caught.value.kind == kind


def test_a_program_may_have_no_rules(prover: Z3Prover) -> None:
    facts = ZOO.format(query="Furry(Ozo, True)", value="True").replace("Rules:\n", "")
    assert rules.solve(facts, prover.prove).answer == "A"


def test_statements_come_after_the_question() -> None:
    asked = "Is the following statement true or false? Ozo is loud."
    assert rules.statement_of(asked) == "Ozo is loud."
    assert rules.statement_of("no question") == "no question"


@pytest.mark.parametrize(
    ("conclusion", "answer"),
    [("Loud(ozo)", "A"), ("¬Loud(ozo)", "B"), ("Loud(ulm)", "C"), ("Furry(ozo) ∧ Loud(ozo", "A")],
)
def test_first_order_programs(prover: Z3Prover, conclusion: str, answer: str) -> None:
    program = FIRST_ORDER.format(premise="∀x (Furry(x) → Loud(x))", conclusion=conclusion)
    assert formulas.solve(program, prover.prove).answer == answer


def test_first_order_programs_that_contradict_themselves(prover: Z3Prover) -> None:
    program = FIRST_ORDER.format(premise="∀x ¬Furry(x)", conclusion="Loud(ozo)")
    assert formulas.solve(program, prover.prove).failure == "contradictory"


@pytest.mark.parametrize("conclusion", ["", "∀∀∀", "Loud(ozo) Loud(ozo)", "import os"])
def test_what_is_no_first_order_program(prover: Z3Prover, conclusion: str) -> None:
    with pytest.raises(ProgramError) as caught:
        formulas.solve(
            FIRST_ORDER.format(premise="∀x (Furry(x) → Loud(x))", conclusion=conclusion),
            prover.prove,
        )
    assert caught.value.kind == "syntax"
