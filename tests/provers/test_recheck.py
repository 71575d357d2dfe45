"""Evidence that was tampered with is refused, whatever the verdict says."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from provers.base import (
    Instance,
    Limits,
    OneModel,
    Outcome,
    Problem,
    Proof,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
    TwoModels,
)
from provers.errors import InputError
from provers.logic.models import FunctionTable, Model, PredicateTable
from provers.logic.syntax import INT, Apply, Arith, Eq, Number
from provers.problems import read_problem
from provers.recheck import recheck
from provers.records import read_evidence
from provers.z3 import Z3Prover

RULE = "all x. (Dog(x) -> Animal(x))"
LIMITS = Limits(seconds=5)


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def _refutation(z3: Z3Prover) -> tuple[Problem, Result, Refutation]:
    problem = read_problem(["Cat(Tom)", RULE, "Dog(Rex)"], "Animal(Rex)", "nltk")
    result = z3.prove(problem, LIMITS)
    assert isinstance(result.evidence, Refutation)
    return problem, result, result.evidence


def test_certificate_names_only_what_is_needed(z3: Z3Prover) -> None:
    _, result, evidence = _refutation(z3)
    assert result.outcome is Outcome.PROVED
    assert evidence.used == (1, 2)
    assert evidence.minimal
    assert evidence.consistency is not None
    assert evidence.instances is not None


@pytest.mark.parametrize("drop", [0, 1, 2])
def test_certificate_without_one_instance_fails(z3: Z3Prover, drop: int) -> None:
    problem, result, evidence = _refutation(z3)
    assert evidence.instances is not None
    rest = evidence.instances[:drop] + evidence.instances[drop + 1 :]
    weaker = dataclasses.replace(evidence, instances=rest)
    assert not recheck(problem, dataclasses.replace(result, evidence=weaker)).ok


def test_certificate_for_another_term_fails(z3: Z3Prover) -> None:
    problem, result, evidence = _refutation(z3)
    assert evidence.instances is not None
    wrong = tuple(
        Instance(i.formula, i.clause, tuple((v, "Tom") for v, _ in i.bindings))
        for i in evidence.instances
    )
    changed = dataclasses.replace(evidence, instances=wrong)
    assert not recheck(problem, dataclasses.replace(result, evidence=changed)).ok


def test_certificate_that_uses_a_premise_that_is_not_there_fails(z3: Z3Prover) -> None:
    problem, result, evidence = _refutation(z3)
    changed = dataclasses.replace(evidence, used=(1, 2, 7))
    assert not recheck(problem, dataclasses.replace(result, evidence=changed)).ok


def test_certificate_does_not_carry_over_to_another_problem(z3: Z3Prover) -> None:
    _, result, _ = _refutation(z3)
    other = read_problem(["Cat(Tom)", RULE, "Dog(Tom)"], "Animal(Rex)", "nltk")
    assert not recheck(other, result).ok


def test_false_consistency_model_fails(z3: Z3Prover) -> None:
    problem, result, evidence = _refutation(z3)
    empty = Model({"Individual": ("a",)}, {}, {})
    changed = dataclasses.replace(evidence, consistency=empty)
    assert not recheck(problem, dataclasses.replace(result, evidence=changed)).ok


def test_models_swapped_fail(z3: Z3Prover) -> None:
    problem = read_problem([RULE, "Animal(Rex)"], "Dog(Rex)", "nltk")
    result = z3.prove(problem, LIMITS)
    assert isinstance(result.evidence, TwoModels)
    swapped = TwoModels(result.evidence.goal_false, result.evidence.goal_true)
    assert recheck(problem, result).ok
    assert not recheck(problem, dataclasses.replace(result, evidence=swapped)).ok


def test_model_of_other_premises_fails(z3: Z3Prover) -> None:
    problem = read_problem(["Dog(Rex)"], None, "nltk")
    result = z3.prove(problem, LIMITS)
    model = Model({"Individual": ("a",)}, {}, {("Dog", 1): PredicateTable({("a",): False})})
    changed = dataclasses.replace(result, evidence=OneModel(model))
    assert recheck(problem, result).ok
    assert not recheck(problem, changed).ok


def test_solver_proof_is_solved_again_by_another_solver() -> None:
    problem = read_problem(["P(A)"], "P(A)", "nltk")
    proof = Proof("z3", "(asserted false)")
    honest = Result(Outcome.PROVED, "z3", 0.0, evidence=Refutation("goal", (0,), proof=proof))
    lying = Result(Outcome.PROVED, "z3", 0.0, evidence=Refutation("goal", (), proof=proof))
    assert recheck(problem, honest).how == "solved again"
    assert recheck(problem, honest).ok
    assert not recheck(problem, lying).ok


def test_script_answer_is_solved_again() -> None:
    script = ScriptProblem("smtlib", "(declare-const a Int)(assert (> a a))(check-sat)")
    honest = ScriptAnswer("unsat", ("0",), Proof("z3", "(false)"))
    lying = ScriptAnswer("sat", model="(model)")
    good = Result(Outcome.INCONSISTENT, "z3", 0.0, evidence=honest)
    bad = Result(Outcome.SATISFIABLE, "z3", 0.0, evidence=lying)
    assert recheck(script, good).ok
    assert not recheck(script, bad).ok


@pytest.mark.parametrize(
    "outcome",
    [Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT, Outcome.INCONSISTENT],
)
def test_no_verdict_without_evidence(outcome: Outcome) -> None:
    with pytest.raises(ValueError, match="evidence"):
        Result(outcome, "z3", 0.0)


def test_evidence_must_fit_the_outcome() -> None:
    evidence = Refutation("goal", (), instances=())
    with pytest.raises(ValueError, match="cannot carry"):
        Result(Outcome.REFUTED, "z3", 0.0, evidence=evidence)
    with pytest.raises(ValueError, match="instances or a proof"):
        Result(Outcome.PROVED, "z3", 0.0, evidence=Refutation("goal", ()))
    with pytest.raises(ValueError, match="reason"):
        Result(Outcome.UNKNOWN, "z3", 0.0)


def test_a_value_outside_its_domain_makes_no_model() -> None:
    problem = read_problem(["all x. P(x)"], "P(a)", "nltk")
    domain = {"Individual": ("e",)}
    outside = {("a", 0): FunctionTable({(): "zz"})}
    bad = Model(domain, outside, {("P", 1): PredicateTable({("e",): True})})
    good = Model(domain, {}, {("P", 1): PredicateTable({}, True)})
    result = Result(Outcome.INDEPENDENT, "z3", 0.0, evidence=TwoModels(good, bad))
    assert not recheck(problem, result).ok


def test_a_half_is_no_integer() -> None:
    n = Apply("n", (), INT)
    odd = Eq(Arith("+", (n, n), INT), Number(Fraction(1), INT))
    half = Model({}, {("n", 0): FunctionTable({(): Fraction(1, 2)})}, {})
    result = Result(Outcome.SATISFIABLE, "z3", 0.0, evidence=OneModel(half))
    assert not recheck(Problem((odd,)), result).ok


@pytest.mark.parametrize(
    "evidence",
    [
        {"used": [float("inf")]},
        {"used": "x"},
        {"instances": [[0, 0, ["x"]]]},
        {"instances": [[0]]},
        {"consistency": {"domains": {}, "functions": [], "predicates": {}}},
        {"consistency": {"domains": {"A": ["a"]}, "functions": {"f": {}}, "predicates": {}}},
        {"consistency": {"domains": {}, "functions": {}, "predicates": {"p/1": {"rows": [[]]}}}},
        {"kind": "unheard of"},
    ],
)
def test_hostile_records_are_refused(evidence: dict[str, Any]) -> None:
    whole = {"kind": "refutation", "claim": "goal", "used": [], "minimal": False}
    with pytest.raises(InputError):
        read_evidence({**whole, "instances": None, "proof": None, "consistency": None, **evidence})


def test_an_answer_with_another_outcomes_evidence_fails() -> None:
    script = ScriptProblem("smtlib", "(declare-const a Int)(assert (> a a))(check-sat)")
    answer = ScriptAnswer("unsat", ("0",), Proof("z3", "(false)"))
    assert not recheck(script, Result(Outcome.PROVED, "z3", 0.0, evidence=answer)).ok
