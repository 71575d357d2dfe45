"""SMT-LIB: names that survive any solver, models read back, scripts that say what is meant."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provers.base import Limits, Outcome, ScriptProblem
from provers.errors import ParseError
from provers.logic.formats import smtlib
from provers.logic.models import ModelError, evaluate
from provers.logic.syntax import INT, REAL, Apply, Arith, Compare, Eq, Number, Pred
from provers.problems import read_problem
from provers.z3 import Z3Prover


@given(st.text(min_size=1))
def test_names_survive_escaping(name: str) -> None:
    escaped = smtlib.escape(name)
    assert smtlib.unescape(escaped) == name
    assert escaped.isascii()
    assert not set(escaped) & set('|\\ "();/!@:?')


@pytest.mark.parametrize(
    ("value", "sort", "text"),
    [
        (Fraction(3), INT, "3"),
        (Fraction(-3), INT, "(- 3)"),
        (Fraction(3), REAL, "3.0"),
        (Fraction(-1, 3), REAL, "(- (/ 1.0 3.0))"),
    ],
)
def test_numbers_are_exact(value: Fraction, sort: object, text: str) -> None:
    assert smtlib.write_number(value, sort) == text  # type: ignore[arg-type]


def test_a_problem_is_unsat_exactly_if_the_goal_follows() -> None:
    prover = Z3Prover()
    yes = read_problem(["all x. (P(x) -> Q(x))", "P(A)"], "Q(A)", "nltk")
    no = read_problem(["all x. (P(x) -> Q(x))", "Q(A)"], "P(A)", "nltk")
    try:
        for problem, expected in ((yes, Outcome.INCONSISTENT), (no, Outcome.SATISFIABLE)):
            script = smtlib.write_problem(problem.premises, problem.goal)
            answer = prover.prove(ScriptProblem("smtlib", script), Limits(10))
            assert answer.outcome is expected
    finally:
        prover.close()


Z3_MODEL = """
;; universe for Individual/s:
;;   Individual/s!val!1 Individual/s!val!0
(declare-fun Individual/s!val!1 () Individual/s)
(declare-fun Individual/s!val!0 () Individual/s)
(forall ((x Individual/s)) (or (= x Individual/s!val!1) (= x Individual/s!val!0)))
(define-fun ?p0 () Bool true)
(define-fun rex/0f () Individual/s Individual/s!val!0)
(define-fun |my%20.dog/1p| ((x!0 Individual/s)) Bool
  (and (= x!0 Individual/s!val!0) (not (= x!0 Individual/s!val!1))))
(define-fun Sees/2p ((x!0 Individual/s) (x!1 Individual/s)) Bool
  (let ((a!1 (= x!0 x!1))) (ite a!1 false (or (= x!1 Individual/s!val!1) (not a!1)))))
(define-fun age/1f ((x!0 Individual/s)) Int (ite (= x!0 Individual/s!val!0) (- 3) 7))
(define-fun half/0f () Real (/ 1.0 2.0))
(define-fun f/1f ((x!0 Int)) Int (ite (= x!0 1) 5 (ite (= x!0 2) 6 0)))
"""


def test_a_printed_model_is_read_back() -> None:
    model = smtlib.read_model(Z3_MODEL)
    rex = Apply("rex")
    assert model.domains == {"Individual": ("Individual!0", "Individual!1")}
    assert evaluate(Pred("my dog", (rex,)), model)
    assert not evaluate(Pred("Sees", (rex, rex)), model)
    assert evaluate(Eq(Apply("age", (rex,), INT), Number(Fraction(-3), INT)), model)
    assert evaluate(Eq(Apply("half", (), REAL), Number(Fraction(1, 2))), model)
    six = Apply("f", (Number(Fraction(2), INT),), INT)
    assert evaluate(Eq(six, Number(Fraction(6), INT)), model)
    other = Apply("f", (Number(Fraction(9), INT),), INT)
    assert evaluate(Eq(other, Number(Fraction(0), INT)), model)


def test_cvc5s_spelling_is_read_back() -> None:
    text = """(
; cardinality of Individual/s is 2
(define-fun a/0f () Individual/s (as @Individual/s_0 Individual/s))
(define-fun b/0f () Individual/s (as @Individual/s_1 Individual/s))
(define-fun P/1p ((_arg_1 Individual/s)) Bool (= (as @Individual/s_0 Individual/s) _arg_1))
)"""
    model = smtlib.read_model(text)
    assert evaluate(Pred("P", (Apply("a"),)), model)
    assert not evaluate(Pred("P", (Apply("b"),)), model)


@pytest.mark.parametrize(
    "text",
    [
        "(define-fun f/1f ((x Int)) Int (* x x))",
        "(define-fun c/0f () Real (root-obj (+ (^ x 2) (- 2)) 2))",
        "(define-fun P/1p ((x Int)) Bool (> x 0))",
        "(define-fun |P/0p| () Bool " + "(not " * 3000 + "true" + ")" * 3001,
    ],
    ids=["expression", "algebraic", "predicate", "deep"],
)
def test_a_model_that_is_no_finite_table_is_refused(text: str) -> None:
    with pytest.raises(ModelError):
        smtlib.read_model(text)


@pytest.mark.parametrize("text", ["(", ")", "(a (b)", "(a))"])
def test_unbalanced_text_is_a_parse_error(text: str) -> None:
    with pytest.raises(ParseError):
        smtlib.read_sexprs(text)


def test_arithmetic_is_printed_with_its_sort() -> None:
    three, x = Number(Fraction(3), INT), Apply("x", (), INT)
    formula = Compare("<=", Arith("+", (x, three), INT), Arith("-", (x,), INT))
    assert smtlib.write_formula(formula) == "(<= (+ |x/0f| 3) (- |x/0f|))"
    assert smtlib.declarations([formula]) == "(declare-fun |x/0f| () Int)"


def test_the_module_needs_no_solver() -> None:
    code = "import sys, provers.logic.formats.smtlib; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
