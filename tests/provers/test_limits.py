"""Hostile queries: a limit is kept, the process survives, and the next problem is answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers import registry
from provers.base import Limits, Outcome, Prover, ScriptProblem
from provers.errors import MissingToolError
from provers.problems import read_problem

SECONDS = 1.0
# The promise is half a second; the rest is for machines that are busy with other tests.
SLACK = 0.5 + 5.0

FERMAT = """(set-logic QF_NIA)
(declare-fun a () Int)(declare-fun b () Int)(declare-fun c () Int)
(assert (and (> a 1) (> b 1) (> c 1) (= (+ (* a a a) (* b b b)) (* c c c))))
(check-sat)"""

HOLES = 13
PIGEONS = "\n".join(
    [
        *(f"(declare-fun p{i}_{j} () Bool)" for i in range(HOLES + 1) for j in range(HOLES)),
        *(f"(assert (or {' '.join(f'p{i}_{j}' for j in range(HOLES))}))" for i in range(HOLES + 1)),
        *(
            f"(assert (not (and p{i}_{j} p{k}_{j})))"
            for j in range(HOLES)
            for i in range(HOLES + 1)
            for k in range(i)
        ),
        "(check-sat)",
    ]
)

POWER = "(declare-fun x () Real)(assert (= (* x x x x x) (+ (^ x 4000000) 1.0)))(check-sat)"

HUGE = (
    "".join(f"(declare-fun x{i} () Int)(assert (> x{i} {i}))" for i in range(60_000))
    + "(check-sat)"
)

ALTERNATION = """(set-logic UFLIA)
(declare-fun f (Int Int) Int)
(assert (forall ((x Int)) (exists ((y Int)) (forall ((z Int)) (exists ((w Int))
  (> (f (f x y) (f z w)) (f (f w z) (f y x))))))))
(assert (forall ((x Int) (y Int)) (< (f x y) (f y (+ x 1)))))
(check-sat)"""

DEEP = "(declare-fun a () Bool)(assert " + "(not " * 200_000 + "a" + ")" * 200_001 + "(check-sat)"


@pytest.fixture(scope="module", params=["z3", "cvc5"])
def prover(request: pytest.FixtureRequest) -> Iterator[Prover]:
    try:
        found = registry.load(request.param)
    except MissingToolError as error:
        pytest.skip(str(error))
    yield found
    found.close()


@pytest.mark.parametrize(
    "script",
    [FERMAT, PIGEONS, POWER, HUGE, ALTERNATION, DEEP],
    ids=["nonlinear", "pigeons", "power", "huge", "alternation", "deep"],
)
def test_a_hostile_script_keeps_its_limit(prover: Prover, script: str) -> None:
    easy = read_problem(["P(A)"], "P(A)", "nltk")
    assert prover.prove(easy, Limits(10)).outcome is Outcome.PROVED
    start = time.monotonic()
    result = prover.prove(ScriptProblem("smtlib", script), Limits(SECONDS, 512))
    assert time.monotonic() - start < SECONDS + SLACK
    assert not result.conclusive
    assert prover.prove(easy, Limits(10)).outcome is Outcome.PROVED


def test_a_hostile_problem_keeps_its_limit(prover: Prover) -> None:
    premises = [
        "all x. exists y. R(x, y)",
        "all x. all y. all z. ((R(x, y) & R(y, z)) -> R(x, z))",
        "all x. -R(x, x)",
    ]
    problem = read_problem(premises, "P(A)", "nltk")
    start = time.monotonic()
    result = prover.prove(problem, Limits(SECONDS))
    assert time.monotonic() - start < SECONDS + SLACK
    assert result.outcome is Outcome.UNKNOWN
    assert result.reason in ("timeout", "incomplete")


@pytest.mark.parametrize("megabytes", [64, 200])
def test_memory_has_its_own_name(prover: Prover, megabytes: int) -> None:
    result = prover.prove(ScriptProblem("smtlib", HUGE), Limits(60, megabytes))
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "memory")


def test_a_script_reaches_no_files(
    prover: Prover, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        '(set-option :regular-output-channel "stolen.txt")'
        '(set-option :diagnostic-output-channel "stolen.txt")(check-sat)'
    )
    assert prover.prove(ScriptProblem("smtlib", text), Limits(5)).outcome is Outcome.SATISFIABLE
    assert not list(tmp_path.iterdir())
    text = '(include "other.smt2")(check-sat)'
    result = prover.prove(ScriptProblem("smtlib", text), Limits(5))
    assert result.outcome is Outcome.ILL_FORMED
    assert "files" in result.messages[0].text


@pytest.mark.parametrize("text", ["(((((", "hello", "(assert true))", "(assert (foo))"])
def test_a_script_that_does_not_parse_is_ill_formed(prover: Prover, text: str) -> None:
    result = prover.prove(ScriptProblem("smtlib", text), Limits(5))
    assert result.outcome is Outcome.ILL_FORMED
    assert result.messages[0].text


@pytest.mark.parametrize(
    "text",
    [
        "(declare-const a Bool)(push)(assert a)(assert (not a))(pop)(check-sat)",
        "(check-sat)(assert false)(check-sat)",
        "(declare-const a Bool)(check-sat-assuming (a))",
        "(assert false)(reset)(check-sat)",
        "(ASSERT false)(check-sat)",
        "(assert-not true)(check-sat)",
        "(|push| 1)(check-sat)",
        "(check-sat-using smt)",
        "(declare-rel p ())(rule p)(check-sat)",
    ],
)
def test_a_script_that_not_all_solvers_read_alike_gets_no_answer(prover: Prover, text: str) -> None:
    result = prover.prove(ScriptProblem("smtlib", text), Limits(5))
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "unsupported")
    words = result.messages[0].text
    assert "several questions" in words or "is not supported" in words


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("(check-sat)(assert false)", Outcome.SATISFIABLE),
        ("(assert false)(exit)", Outcome.INCONSISTENT),
        ("(exit)(assert false)(check-sat)", Outcome.SATISFIABLE),
        ("(declare-const |(check-sat)| Bool)(assert (not |(check-sat)|))", Outcome.SATISFIABLE),
        ("(assert false) ; (reset)", Outcome.INCONSISTENT),
    ],
)
def test_what_counts_is_what_was_asserted_before_the_question(
    prover: Prover, text: str, outcome: Outcome
) -> None:
    assert prover.prove(ScriptProblem("smtlib", text), Limits(5)).outcome is outcome


def test_a_module_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "z3.py").write_text("open('stolen.txt', 'w')\n")
    monkeypatch.chdir(tmp_path)
    prover = registry.load("z3")
    try:
        problem = read_problem(["P(A)"], "P(A)", "nltk")
        assert prover.prove(problem, Limits(10)).outcome is Outcome.PROVED
    finally:
        prover.close()
    assert not (tmp_path / "stolen.txt").exists()
