"""Inputs and evidence that once got a wrong answer, a traceback or an endless wait."""

from __future__ import annotations

import dataclasses
import time

import pytest

from provers import registry
from provers.base import (
    AnyProblem,
    Instance,
    Limits,
    Outcome,
    Problem,
    Proof,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
)
from provers.errors import InputError, ParseError
from provers.logic import herbrand
from provers.logic.formats import parse
from provers.logic.syntax import INT, Apply, Eq, Forall, Formula, Not, Pred, Var
from provers.logic.transform import clausify
from provers.portfolio import Portfolio
from provers.problems import read_problem
from provers.recheck import recheck
from provers.tptp import read_tptp, recheck_script
from provers.tstp import read_symbols, replay

LIMITS = Limits(5)


def solved(problem: AnyProblem, prover: str = "z3") -> Result:
    return registry.load(prover).prove(problem, LIMITS)


# --- notations -----------------------------------------------------------------------------


def test_a_plain_text_is_in_the_notation_of_the_others() -> None:
    # In NLTK's notation every name from u to z is a variable: 'everything is a dog'.
    problem = read_problem(["∀x (Dog(x) → Animal(x))", "Dog(yolanda)"], "Animal(felix)")
    assert not problem.flags
    assert solved(problem).outcome is Outcome.INDEPENDENT
    problem = read_problem(["![X]: (dog(X) => animal(X))", "dog(vera)"], "animal(rex)")
    assert solved(problem).outcome is Outcome.INDEPENDENT
    assert read_problem(["all x. Dog(x)", "Dog(vera)"]).flags == ("free_variable",)


def test_formulas_in_several_notations_are_refused() -> None:
    with pytest.raises(InputError, match="several notations"):
        read_problem(["∀x Dog(x)"], "all x. Dog(x)")


def test_a_variable_glued_to_a_predicate_is_not_a_vacuous_quantifier() -> None:
    with pytest.raises(ParseError, match="put a space"):
        parse("∀xP(rex)", "unicode")
    assert parse("∀person(Happy(person))", "unicode") == Forall(
        (Var("person"),), Pred("Happy", (Var("person"),))
    )


def test_equivalent_spellings_of_a_name_are_one_name() -> None:
    assert parse("P('e\u0301')", "unicode") == parse("P(\u00e9)", "unicode")
    assert parse("P(e\u0301)", "nltk") == parse("P(\u00e9)", "nltk")


def test_many_variables_nest_like_many_quantifiers() -> None:
    names = [f"x{i}" for i in range(3000)]
    body = " | ".join(f"P({name})" for name in names)
    with pytest.raises(ParseError, match="nests deeper"):
        parse(f"all {' '.join(names)}. ({body})", "nltk")
    with pytest.raises(ParseError, match="nests deeper"):
        parse(f"∀{', '.join(names)} ({body})", "unicode")


# --- names and clauses ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["§0.0", "§5.0", "§-1.3", "§0._def0"])
def test_names_kept_for_skolem_functions_are_ill_formed(name: str) -> None:
    result = solved(read_problem([f"P('{name}')"], f"P('{name}')", "nltk"))
    assert result.outcome is Outcome.ILL_FORMED
    assert "kept for Skolem functions" in result.messages[0].text


def test_a_long_disjunction_takes_time_in_proportion_to_its_length() -> None:
    x = Var("x")
    args: tuple[Formula, ...] = tuple(Pred(f"P{i}", (x, Apply(f"a{i}"))) for i in range(4000))
    body = args[0]
    from provers.logic.syntax import Or

    start = time.process_time()
    (clause,) = clausify(Forall((x,), Or(args)))
    assert time.process_time() - start < 20
    assert len(clause.literals) == len(args) and clause.literals[0].atom == body


def test_wide_terms_in_certificates_are_read_in_linear_time() -> None:
    x = Var("x")
    a = Apply("a")
    formulas: dict[int, Formula] = {
        0: Forall((x,), Pred("P", (x,))),
        1: Pred("Q", (Apply("f", (a, a)),)),
    }
    wide = "f(" * 90 + "a" + ",a)" * 90
    assert not herbrand.check(formulas, [(0, 0, {"x": wide})])
    hostile = "f(a," * 90 + "f(" + ",".join("a" * 40_000) + ")" + ")" * 90
    start = time.process_time()
    with pytest.raises(ValueError, match="no function"):
        herbrand.check(formulas, [(0, 0, {"x": hostile})])
    assert time.process_time() - start < 20


def test_a_certificate_of_a_million_instances_is_refused() -> None:
    problem = read_problem(["all x. P(x)"], "P(a)", "nltk")
    instances = (Instance(0, 0, (("x", "a"),)),) * 1_000_000
    result = Result(Outcome.PROVED, "z3", 0.0, evidence=Refutation("goal", (0,), False, instances))
    start = time.process_time()
    checked = recheck(problem, result, LIMITS)
    assert not checked.ok and "more than" in checked.detail
    assert time.process_time() - start < 50


# --- provers that break --------------------------------------------------------------------


class _Broken:
    name = "broken"

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        raise ValueError("this is no answer")

    def close(self) -> None:
        pass


def test_a_prover_that_raises_does_not_hang_the_portfolio() -> None:
    result = Portfolio([_Broken()]).prove(read_problem(["P(a)"], "P(a)"), LIMITS)
    assert result.outcome is Outcome.FAILED
    assert "this is no answer" in result.messages[0].text


# --- TPTP ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ['fof(a,axiom,"Apple" = "Pear").', "fof(a,axiom,1 = 2)."])
def test_distinct_objects_and_numerals_differ(text: str) -> None:
    assert solved(read_tptp(text)).outcome is Outcome.INCONSISTENT
    script = ScriptProblem("tptp", text)
    result = solved(script, "eprover")
    assert result.outcome is Outcome.INCONSISTENT
    assert recheck(script, result, LIMITS).ok


def test_a_proof_of_the_goal_is_no_proof_that_the_axioms_contradict_each_other() -> None:
    text = "fof(a,axiom,p). fof(b,axiom,p=>q). fof(c,conjecture,q)."
    result = solved(ScriptProblem("tptp", text), "eprover")
    assert result.outcome is Outcome.PROVED and isinstance(result.evidence, ScriptAnswer)

    def entails(parents: object, conclusion: object) -> bool:
        return True

    ok, _ = recheck_script(text, result.evidence, entails, outcome=Outcome.PROVED)
    assert ok
    ok, _ = recheck_script(text, result.evidence, entails, outcome=Outcome.INCONSISTENT)
    assert not ok
    without_goal = dataclasses.replace(result.evidence, core=("a", "b"))
    ok, _ = recheck_script(text, without_goal, entails, outcome=Outcome.PROVED)
    assert not ok


def test_hostile_derivations_are_refused_and_not_raised_on() -> None:
    with pytest.raises(ParseError):
        read_symbols('% symbols: [["function","a",1e999,"b"]]\n')
    never = Pred("P", (Apply("n", (), INT),))
    text = "fof(a,axiom,p(n),file(x,a)). fof(b,plain,$false,inference(r,[status(thm)],[a]))."
    ok, detail = replay(text, [never], None, lambda parents, conclusion: True)
    assert not ok and "sorts" in detail
    problem = Problem((Eq(Apply("a"), Apply("b")),), Not(Eq(Apply("a"), Apply("b"))))
    evidence = Refutation("goal", (0,), proof=Proof("tstp", 5))  # type: ignore[arg-type]
    assert not recheck(problem, Result(Outcome.PROVED, "e", 0.0, evidence=evidence), LIMITS).ok


def test_a_long_derivation_ends_with_its_time() -> None:
    given = Pred("p", (Apply("a"),))
    text = "\n".join(f"fof(s{i},axiom,p(a),file(x,a))." for i in range(20_000))
    start = time.monotonic()
    ok, detail = replay(text, [given], None, lambda parents, conclusion: False, seconds=0.2)
    assert not ok and "time ran out" in detail
    assert time.monotonic() - start < 15
