"""What Lean proves of others' answers, and, above all, what it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provers.base import (
    Instance,
    LeanProof,
    Limits,
    OneModel,
    Outcome,
    Problem,
    Refutation,
    Result,
    TwoModels,
)
from provers.lean.base import Checker
from provers.lean.certificates import Uncertified, certify, recheck, restate
from provers.logic.models import Model, PredicateTable, evaluate
from provers.logic.syntax import (
    FALSE,
    INT,
    REAL,
    And,
    Apply,
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Sort,
    Term,
    Var,
    Xor,
)
from provers.z3 import Z3Prover

X, Y = Var("x"), Var("y")
A, B = Apply("a"), Apply("b")
P, Q = Pred("P"), Pred("Q")
LIMITS = Limits(30.0)
_CLAIMS = {
    Outcome.PROVED: "goal",
    Outcome.REFUTED: "negation",
    Outcome.INCONSISTENT: "premises",
}


def number(value: str, sort: Sort = REAL) -> Number:
    return Number(Fraction(value), sort)


def unknown(name: str, sort: Sort = REAL) -> Apply:
    return Apply(name, (), sort)


def said(outcome: Outcome, *used: int) -> Result:
    """What a prover may have said, rightly or not."""
    claim = _CLAIMS[outcome]
    evidence = Refutation(claim, used, instances=())  # type: ignore[arg-type]
    return Result(outcome, "someone", 0.0, evidence=evidence)


def every(body: Formula, *bound: Var) -> Formula:
    return Forall(bound or (X,), body)


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def has(name: str, *args: Term) -> Pred:
    return Pred(name, args or (X,))


SQUARE = Arith("*", (unknown("x"), unknown("x")))
TRUE_CLAIMS = [
    Problem((), Eq(Arith("*", (number("1.5"), number("4"))), number("6"))),
    Problem((), Not(Eq(Arith("+", (number("1/3"), number("1/3"))), number("0.66")))),
    Problem(
        (), Eq(Arith("/", (number("4"), Arith("/", (number("1"), number("8"))))), number("32"))
    ),
    Problem(
        (), And((Compare("<", number("2"), number("3")), Compare(">=", number("2"), number("2"))))
    ),
    Problem((), Eq(Arith("-", (number("3", INT), number("5", INT)), INT), number("-2", INT))),
    Problem(
        (Eq(Arith("/", (unknown("x"), number("4"))), number("12")),), Eq(unknown("x"), number("48"))
    ),
    Problem((), Eq(SQUARE, Arith("*", (unknown("x"), unknown("x"), number("1"))))),
    Problem(
        (Compare(">", unknown("n", INT), number("2", INT)),),
        Compare(">=", unknown("n", INT), number("3", INT)),
    ),
    Problem((every(Implies(has("Dog"), has("Animal"))), has("Dog", A)), has("Animal", A)),
    Problem((has("Dog", A),), Exists((X,), has("Dog"))),
    Problem((every(has("Dog")),), Exists((X,), has("Dog"))),
    Problem(
        (Exists((X,), has("Dog")), every(Implies(has("Dog"), has("Animal")))),
        Exists((Y,), has("Animal", Y)),
    ),
    Problem((every(Exists((Y,), has("Owns", X, Y))),), Exists((X, Y), has("Owns", X, Y))),
    Problem((every(Implies(P, Q)), P), Q),
    Problem((every(has("R", A, X)), every(Implies(has("R", X, A), Not(has("S")))), has("S", A)), Q),
    Problem((Xor(P, Q), P), Not(Q)),
    Problem((Eq(A, B), has("Dog", A)), has("Dog", B)),
    Problem(
        (),
        every(
            Compare(
                ">", Arith("+", (Apply("age", (X,), REAL), number("1"))), Apply("age", (X,), REAL)
            )
        ),
    ),
]


@pytest.mark.parametrize("problem", TRUE_CLAIMS, ids=range(len(TRUE_CLAIMS)))
def test_what_is_decided_is_certified(
    problem: Problem, lean_checker: Checker, z3: Z3Prover
) -> None:
    assert problem.goal is not None
    for goal in (problem.goal, Not(problem.goal)):
        asked = dataclasses.replace(problem, goal=goal)
        result = z3.prove(asked, LIMITS)
        assert result.outcome in _CLAIMS
        proof = certify(lean_checker, asked, result, LIMITS)
        assert isinstance(proof, LeanProof), proof
        assert proof.code.startswith(proof.statement)
        assert "sorry" not in proof.code
        assert recheck(lean_checker, asked, result, proof, LIMITS) == ""


def test_only_used_premises_are_in_the_statement(lean_checker: Checker) -> None:
    problem = Problem((Pred("Noise"), P), P)
    proof = certify(lean_checker, problem, said(Outcome.PROVED, 1), LIMITS)
    assert isinstance(proof, LeanProof)
    assert "Noise" not in proof.statement


def test_the_negation_is_the_problems_own(lean_checker: Checker) -> None:
    problem = Problem((Pred("not_P"),), P, negation=Pred("not_P"))
    proof = certify(lean_checker, problem, said(Outcome.REFUTED, 0), LIMITS)
    assert isinstance(proof, LeanProof)
    assert proof.claim == "negation"
    assert proof.statement.endswith(": not_P) :\n    not_P")


# --- what must not be certified ------------------------------------------------------------

OVER_THE_REALS = Eq(SQUARE, number("2"))
DENSE = Forall(
    (Var("r", REAL),), Not(Eq(Arith("*", (Var("r", REAL), Var("r", REAL))), number("2")))
)
FALSE_CLAIMS = [
    (Problem((), Eq(Arith("+", (number("2"), number("2"))), number("5"))), said(Outcome.PROVED)),
    (Problem((), Eq(Arith("+", (number("2"), number("2"))), number("4"))), said(Outcome.REFUTED)),
    (Problem((has("Dog", A),), has("Dog", B)), said(Outcome.PROVED, 0)),
    (Problem((has("Dog", A),), every(has("Dog"))), said(Outcome.PROVED, 0)),
    (Problem((Exists((X,), has("Dog")),), has("Dog", A)), said(Outcome.PROVED, 0)),
    (Problem((P, Implies(P, Q)), Q), said(Outcome.PROVED, 1)),
    (Problem((P, Implies(P, Q)), Q), said(Outcome.INCONSISTENT, 0, 1)),
    (Problem((Implies(P, Q), Q), P), said(Outcome.PROVED, 0, 1)),
    (Problem((Or((P, Q)),), And((P, Q))), said(Outcome.PROVED, 0)),
    # Holds in the rationals and not in the reals.
    (Problem((OVER_THE_REALS,), P), said(Outcome.INCONSISTENT, 0)),
    (Problem((), DENSE), said(Outcome.PROVED)),
    # Holds in the integers and not in the reals.
    (
        Problem(
            (Compare(">", unknown("x"), number("2")),), Compare(">=", unknown("x"), number("3"))
        ),
        said(Outcome.PROVED, 0),
    ),
    (Problem((Pred("P", (A,)),), Pred("P", (A, A))), said(Outcome.PROVED, 0)),
    (Problem((), None), said(Outcome.PROVED)),
    (Problem((P,), P), said(Outcome.PROVED, 1)),
    (Problem((P,), P), said(Outcome.PROVED, -1)),
    # Lean would say that anything divided by zero is 0, and turn an integer into a rational.
    (Problem((), Eq(Arith("/", (number("1"), number("0"))), number("0"))), said(Outcome.PROVED)),
    (Problem((), Eq(Arith("/", (unknown("x"), unknown("x"))), number("1"))), said(Outcome.PROVED)),
    (
        Problem((), Eq(Arith("*", (unknown("n", INT), number("0"))), number("0"))),
        said(Outcome.PROVED),
    ),
    (Problem((), has("Dog")), said(Outcome.PROVED)),
]


@pytest.mark.parametrize(("problem", "result"), FALSE_CLAIMS, ids=range(len(FALSE_CLAIMS)))
def test_what_does_not_hold_is_not_certified(
    problem: Problem, result: Result, lean_checker: Checker
) -> None:
    found = certify(lean_checker, problem, result, LIMITS)
    assert isinstance(found, Uncertified)
    assert found.reason


def test_models_need_no_certificate(lean_checker: Checker) -> None:
    model = Model({}, {}, {})
    open_ = Result(Outcome.INDEPENDENT, "someone", 0.0, evidence=TwoModels(model, model))
    satisfiable = Result(Outcome.SATISFIABLE, "someone", 0.0, evidence=OneModel(model))
    unknown_ = Result(Outcome.UNKNOWN, "someone", 0.0, reason="timeout")
    for result, word in ((open_, "model"), (satisfiable, "model"), (unknown_, "decided")):
        found = certify(lean_checker, Problem((), P), result)
        assert isinstance(found, Uncertified)
        assert word in found.reason


def test_hints_that_are_wrong_prove_nothing(lean_checker: Checker) -> None:
    problem = Problem((every(Implies(has("Dog"), has("Animal"))), has("Dog", A)), has("Animal", B))
    for bindings in ((("x", "b"),), (("x", "((("),), (("nobody", "a"),), (("x", "3"),), ()):
        evidence = Refutation(
            "goal", (0, 1), instances=(Instance(0, 0, bindings), Instance(9, 9, ()))
        )
        result = Result(Outcome.PROVED, "someone", 0.0, evidence=evidence)
        assert isinstance(certify(lean_checker, problem, result, LIMITS), Uncertified)


def test_a_certificate_of_something_else_does_not_hold(lean_checker: Checker) -> None:
    problem, result = Problem((P, Q), P), said(Outcome.PROVED, 0)
    proof = certify(lean_checker, problem, result, LIMITS)
    assert isinstance(proof, LeanProof)
    other = Problem((P, Q), Q)
    assert "another claim" in recheck(lean_checker, other, result, proof, LIMITS)
    forged = dataclasses.replace(proof, code=f"{proof.statement} := by\n  sorry\n")
    assert recheck(lean_checker, problem, result, forged, LIMITS)
    changed = dataclasses.replace(
        proof, code="theorem claim (P : Prop) (h0 : False) : P := h0.elim"
    )
    assert recheck(lean_checker, problem, result, changed, LIMITS)


@pytest.mark.parametrize(
    "name",
    ["seal", "fun", "Real", "Rat", "Lean", "Std", "h0", "claim", "w", "n", "grind", "x", "a b"],
)
def test_names_do_not_get_in_the_way(name: str, lean_checker: Checker) -> None:
    r = Var("r", REAL)
    positive = Forall((r,), Implies(Pred(name, (r,)), Compare(">", r, number("0"))))
    problem = Problem(
        (positive, Pred(name, (unknown(name),))), Compare(">", unknown(name), number("-1"))
    )
    found = certify(lean_checker, problem, said(Outcome.PROVED, 0, 1), LIMITS)
    assert isinstance(found, LeanProof)


# --- both sides evaluated ------------------------------------------------------------------

_NUMBERS = st.fractions(-20, 20, max_denominator=6).map(Number)


def _sums(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    def made(op: ArithOp, left: Term, right: Term) -> Term:
        return Arith(op, (left, right))

    def negative(term: Term) -> Term:
        return Arith("-", (term,))

    ops: st.SearchStrategy[ArithOp] = st.sampled_from(["+", "-", "*", "/"])
    return st.one_of(st.builds(made, ops, inner, inner), st.builds(negative, inner))


def _relation(op: CompareOp, left: Term, right: Term) -> Formula:
    return Compare(op, left, right)


_TERMS: st.SearchStrategy[Term] = st.recursive(_NUMBERS, _sums, max_leaves=4)
_ORDERS: st.SearchStrategy[CompareOp] = st.sampled_from(["<", "<=", ">", ">="])
_SUMS: st.SearchStrategy[Formula] = st.one_of(
    st.builds(Eq, _TERMS, _TERMS), st.builds(_relation, _ORDERS, _TERMS, _TERMS)
)


def _connected(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Not, inner),
        *(st.builds(kind, inner, inner) for kind in (Implies, Iff, Xor)),
        *(st.builds(kind, pairs) for kind in (And, Or)),
    )


_CLOSED = st.recursive(_SUMS, _connected, max_leaves=3)
_PROPOSITIONS: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from([P, Q, FALSE]), _connected, max_leaves=6
)
_ONCE = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@_ONCE
@given(_CLOSED)
def test_a_computation_is_certified_exactly_where_it_holds(
    lean_checker: Checker, formula: Formula
) -> None:
    problem = Problem((), formula)
    if isinstance(restate(problem, said(Outcome.PROVED)), Uncertified):
        return  # it divides by zero
    truth = evaluate(formula, Model({}, {}, {}))
    for outcome, right in ((Outcome.PROVED, truth), (Outcome.REFUTED, not truth)):
        found = certify(lean_checker, problem, said(outcome), LIMITS)
        assert isinstance(found, LeanProof) is right, found


@_ONCE
@given(st.lists(_PROPOSITIONS, max_size=2), _PROPOSITIONS)
def test_propositions_are_certified_exactly_where_they_follow(
    lean_checker: Checker, premises: list[Formula], goal: Formula
) -> None:
    problem = Problem(tuple(premises), goal)
    worlds = [
        Model({}, {}, {("P", 0): _table(p), ("Q", 0): _table(q)})
        for p in (False, True)
        for q in (False, True)
    ]
    models = [world for world in worlds if all(evaluate(f, world) for f in premises)]
    truths = [evaluate(goal, world) for world in models]
    used = range(len(premises))
    for outcome, right in (
        (Outcome.PROVED, all(truths)),
        (Outcome.REFUTED, not any(truths)),
        (Outcome.INCONSISTENT, not models),
    ):
        found = certify(lean_checker, problem, said(outcome, *used), LIMITS)
        assert isinstance(found, LeanProof) is right, found


def _table(value: bool) -> PredicateTable:
    return PredicateTable({}, value)
