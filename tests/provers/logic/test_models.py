"""Evaluation in finite models, by hand, against brute force, and through JSON."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provers.logic.models import (
    FunctionTable,
    Model,
    ModelError,
    PredicateTable,
    evaluate,
    read_model,
    write_model,
)
from provers.logic.syntax import (
    INT,
    REAL,
    And,
    Apply,
    Arith,
    Compare,
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
    Truth,
    Var,
    Xor,
    free_variables,
)

X, Y, Z = Var("x"), Var("y"), Var("z")
ONE, HALF = Number(Fraction(1)), Number(Fraction(1, 2))


def _like(*pairs: tuple[str, str]) -> PredicateTable:
    return PredicateTable(dict.fromkeys(pairs, True))


MODEL = Model(
    {"Individual": ("a", "b", "c")},
    {("rex", 0): FunctionTable({(): "a"}), ("n", 0): FunctionTable({(): Fraction(3)})},
    {
        ("P", 1): PredicateTable({("a",): True, ("b",): True}),
        ("R", 2): _like(("a", "b"), ("b", "c"), ("c", "a")),
    },
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Pred("P", (Apply("rex"),)), True),
        (Forall((X,), Pred("P", (X,))), False),
        (Exists((X,), Not(Pred("P", (X,)))), True),
        (Forall((X,), Exists((Y,), Pred("R", (X, Y)))), True),
        (Exists((X,), Forall((Y,), Pred("R", (X, Y)))), False),
        (Forall((X, Y), Implies(Pred("R", (X, Y)), Not(Pred("R", (Y, X))))), True),
        (Pred("unlisted", (Apply("rex"),)), False),
        (Eq(Apply("unlisted"), Apply("rex")), True),
        (Eq(Arith("+", (HALF, HALF)), ONE), True),
        (Compare("<", HALF, ONE), True),
        (Eq(Arith("/", (ONE, Number(Fraction(3)))), Number(Fraction(1, 3))), True),
        (Eq(Apply("n", (), INT), Number(Fraction(3), INT)), True),
    ],
)
def test_evaluate(formula: Formula, expected: bool) -> None:
    assert evaluate(formula, MODEL) is expected


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (Forall((Var("n", INT),), Truth(True)), None),
        (Forall((Var("n", INT),), Eq(Var("n", INT), Var("n", INT))), "infinitely many"),
        (Eq(Arith("/", (ONE, Number(Fraction(0)))), ONE), "division by zero"),
        (Pred("P", (X,)), "no value"),
    ],
)
def test_what_has_no_truth_value_is_refused(formula: Formula, words: str | None) -> None:
    if words is None:  # a quantifier over nothing is no quantifier
        assert evaluate(formula, MODEL)
        return
    with pytest.raises(ModelError, match=words):
        evaluate(formula, MODEL)


def test_evaluation_is_bounded() -> None:
    big = Model({"Individual": tuple(f"e{i}" for i in range(40))}, {}, {})
    bound = tuple(Var(f"x{i}") for i in range(8))
    formula = Forall(bound, Not(Pred("P", tuple(bound))))
    with pytest.raises(ModelError, match="too large"):
        evaluate(formula, big, steps=10_000)


# --- against brute force -------------------------------------------------------------------

_ATOMS = st.one_of(
    st.builds(lambda v: Pred("P", (v,)), st.sampled_from([X, Y, Z])),
    st.builds(lambda v, w: Pred("R", (v, w)), *[st.sampled_from([X, Y, Z])] * 2),
    st.builds(Eq, st.sampled_from([X, Y, Z]), st.sampled_from([X, Y, Z])),
    st.builds(Truth, st.booleans()),
)


def _extend(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    pair = st.tuples(inner, inner)
    bound = st.lists(st.sampled_from([X, Y, Z]), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(
        st.builds(Not, inner),
        st.builds(And, pair),
        st.builds(Or, pair),
        st.builds(Implies, inner, inner),
        st.builds(Iff, inner, inner),
        st.builds(Xor, inner, inner),
        st.builds(Forall, bound, inner),
        st.builds(Exists, bound, inner),
    )


_FORMULAS = st.recursive(_ATOMS, _extend, max_leaves=8)


def _naive(formula: Formula, env: dict[Var, str], p: set[str], r: set[tuple[str, str]]) -> bool:
    """The definition of truth, written down once more and as plainly as can be."""
    match formula:
        case Truth(value):
            return value
        case Pred("P", (Var() as v,)):
            return env[v] in p
        case Pred("R", (Var() as v, Var() as w)):
            return (env[v], env[w]) in r
        case Eq(Var() as v, Var() as w):
            return env[v] == env[w]
        case Not(body):
            return not _naive(body, env, p, r)
        case And(args):
            return all(_naive(a, env, p, r) for a in args)
        case Or(args):
            return any(_naive(a, env, p, r) for a in args)
        case Implies(left, right):
            return not _naive(left, env, p, r) or _naive(right, env, p, r)
        case Iff(left, right):
            return _naive(left, env, p, r) == _naive(right, env, p, r)
        case Xor(left, right):
            return _naive(left, env, p, r) != _naive(right, env, p, r)
        case Forall(bound, body) | Exists(bound, body):
            values = [
                _naive(body, env | dict(zip(bound, row, strict=True)), p, r)
                for row in itertools.product("ab", repeat=len(bound))
            ]
            return all(values) if isinstance(formula, Forall) else any(values)
    raise AssertionError(formula)


@given(
    _FORMULAS,
    st.sets(st.sampled_from("ab")),
    st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from("ab"))),
)
def test_evaluation_agrees_with_the_definition(
    formula: Formula, p: set[str], r: set[tuple[str, str]]
) -> None:
    model = Model(
        {"Individual": ("a", "b")},
        {},
        {
            ("P", 1): PredicateTable({(e,): True for e in p}),
            ("R", 2): PredicateTable(dict.fromkeys(r, True)),
        },
    )
    env = dict.fromkeys(free_variables(formula), "a")
    assert evaluate(formula, model, env) is _naive(formula, dict(env), p, r)


def test_models_survive_json() -> None:
    assert read_model(json.loads(json.dumps(write_model(MODEL)))) == MODEL
    numbers = Model(
        {},
        {("f", 1): FunctionTable({(Fraction(1, 3),): Fraction(-2)}, Fraction(0))},
        {("q", 1): PredicateTable({(Fraction(1),): False}, True)},
    )
    assert read_model(json.loads(json.dumps(write_model(numbers)))) == numbers
    assert evaluate(Eq(Apply("f", (Number(Fraction(1, 3)),), REAL), Number(Fraction(-2))), numbers)
