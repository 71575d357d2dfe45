"""NLTK's notation: precedence, names as Prover9 has them, errors, caps, round trips."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from provers.errors import InputError, ParseError
from provers.logic.formats.nltk import parse_formula, write_formula
from provers.logic.syntax import (
    And,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Truth,
    Var,
    Xor,
    free_variables,
)
from tests.provers.logic.strategies import NLTK, formulas

P, Q, R, S = (Pred(name) for name in "PQRS")
x, y = Var("x"), Var("y")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("P -> Q -> R", Implies(Implies(P, Q), R)),
        ("P <-> Q <-> R", Iff(Iff(P, Q), R)),
        ("P | Q & R", Or((P, And((Q, R))))),
        ("P & Q -> R | S", Implies(And((P, Q)), Or((R, S)))),
        ("P -> Q <-> R", Iff(Implies(P, Q), R)),
        ("-P & Q", And((Not(P), Q))),
        ("--P", Not(Not(P))),
        ("(P & Q) & R", And((P, Q, R))),
        ("P & (Q & R)", And((P, Q, R))),
        ("not P and Q implies R or S", Implies(And((Not(P), Q)), Or((R, S)))),
        ("!P ^ Q => R", Implies(And((Not(P), Q)), R)),
        ("P iff Q", Iff(P, Q)),
        ("P <=> Q", Iff(P, Q)),
        ("all x. P(x) -> Q(x)", Implies(Forall((x,), Pred("P", (x,))), Pred("Q", (x,)))),
        ("all x. P(x) & Q", And((Forall((x,), Pred("P", (x,))), Q))),
        ("all x. x = y", Forall((x,), Eq(x, y))),
        ("-all x. P(x)", Not(Forall((x,), Pred("P", (x,))))),
        ("all x y. P(x, y)", Forall((x, y), Pred("P", (x, y)))),
        ("all x (P(x))", Forall((x,), Pred("P", (x,)))),
        ("all x exists y (P(x, y))", Forall((x,), Exists((y,), Pred("P", (x, y))))),
        ("forall x. exist y. P(x, y)", Forall((x,), Exists((y,), Pred("P", (x, y))))),
        ("some x. P(x)", Exists((x,), Pred("P", (x,)))),
        ("exists x.P(x)", Exists((x,), Pred("P", (x,)))),
        ("a = b", Eq(Apply("a"), Apply("b"))),
        ("a == b", Eq(Apply("a"), Apply("b"))),
        ("a != b", Not(Eq(Apply("a"), Apply("b")))),
        ("P & a = b", And((P, Eq(Apply("a"), Apply("b"))))),
        ("F(a) = F(b)", Eq(Apply("F", (Apply("a"),)), Apply("F", (Apply("b"),)))),
        ("P(Q(R))", Pred("P", (Apply("Q", (Apply("R"),)),))),
        ("P((a))", Pred("P", (Apply("a"),))),
        ("P(12)", Pred("P", (Apply("12"),))),
        ("all x. (P(x) & all x. Q(x))", None),
    ],
)
def test_reads_as_nltk_does(text: str, formula: Formula | None) -> None:
    if formula is None:
        formula = Forall((x,), And((Pred("P", (x,)), Forall((x,), Pred("Q", (x,))))))
    assert parse_formula(text) == formula


def test_prover9_decides_which_names_are_variables() -> None:
    formula = parse_formula("P(x, a, usa, e, Usa, t1, z9)")
    assert free_variables(formula) == {x, Var("usa"), Var("z9")}
    bound = parse_formula("all a. P(a, b)")
    assert bound == Forall((Var("a"),), Pred("P", (Var("a"), Apply("b"))))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("P(Northern China)", "Northern_China"),
        ("P(Asia-Pacific)", "Asia_Pacific"),
        ("P(42.3Billion)", "42.3Billion"),
        ("P('Ailton Silva')", "Ailton Silva"),
        ('P("Black Mirror")', '"Black Mirror"'),
        ("P(People's Republic of China)", "People's_Republic_of_China"),
    ],
)
def test_constants_that_models_write(text: str, name: str) -> None:
    assert parse_formula(text) == Pred("P", (Apply(name),))


@pytest.mark.parametrize(
    ("text", "line", "column", "offending"),
    [
        ("all x. (P(x) -> ", 1, 16, ""),
        ("P(a) &\n& Q(b)", 2, 1, "&"),
        ("P(a)) ", 1, 5, ")"),
        ("Exists x. P(x)", 1, 8, "x"),
        ("P(a) > Q", 1, 6, ">"),
        ("~P(a)", 1, 1, "~"),
        ("¬P(a)", 1, 1, "¬"),
        ("-x = Michael", 1, 2, "x"),
        ("P(-a)", 1, 3, "-"),
        ("all person. Happy(person)", 1, 5, "person"),
        ("x(a)", 1, 1, "x"),
        ("all P. P(a)", 1, 8, "P"),
        ("all x. (x & P)", 1, 9, "x"),
        ("P((Q & R))", 1, 4, "Q"),
        ("(P & Q) = R", 1, 2, "P"),
        ("a = b = c", 1, 7, "="),
        ("P()", 1, 3, ")"),
        (r"\x. P(x)", 1, 1, "\\"),
        ("iota x. P(x)", 1, 1, "iota"),
        ("all and. P", 1, 5, "and"),
        ("", 1, 1, ""),
    ],
)
def test_errors_say_where(text: str, line: int, column: int, offending: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_formula(text)
    assert (caught.value.line, caught.value.column, caught.value.text) == (line, column, offending)


def test_errors_say_what_was_expected() -> None:
    with pytest.raises(ParseError) as caught:
        parse_formula("P(a")
    assert "')'" in caught.value.expected and "','" in caught.value.expected


NESTED = {
    "parentheses": "(" * 201 + "P" + ")" * 201,
    "negations": "-" * 201 + "P",
    "quantifiers": "all x. " * 201 + "P(x)",
    "implications": "P -> " * 201 + "P",
    "grouped implications": "P -> (" * 201 + "P" + ")" * 201,
    "functions": "P(" + "f2(" * 201 + "a" + ")" * 202,
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="deeper than 120"):
        parse_formula(text)


def test_flat_text_may_be_long() -> None:
    formula = parse_formula(" & ".join(f"P{i}" for i in range(1000)))
    assert isinstance(formula, And) and len(formula.args) == 1000
    assert parse_formula(write_formula(formula)) == formula


GARBAGE = {
    "parentheses": "(" * 10**6,
    "negations": "-" * 10**6,
    "quantifiers": "all x. " * 150_000,
    "conjunctions": "P & " * 250_000,
    "bytes": "".join(chr(i * 7919 % 0x2FFF + 1) for i in range(10**6)),
}


@pytest.mark.parametrize("length", [10**6, 65_536])
@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_fails_fast(kind: str, length: int) -> None:
    started = time.process_time()
    with pytest.raises(ParseError):
        parse_formula(GARBAGE[kind][:length])
    assert time.process_time() - started < 40


@given(formulas(NLTK))
@settings(max_examples=200, deadline=None)
def test_round_trip(formula: Formula) -> None:
    assert parse_formula(write_formula(formula)) == formula


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        (Pred("P", (Apply("x"),)), "'x'"),
        (Pred("P", (Var("a"),)), "'a'"),
        (Pred("it's (odd)"), "it's (odd)"),
        (Forall((Var("person"),), P), "'person'"),
        (Forall((x,), Pred("P", (Apply("x"),))), "'x'"),
        (Truth(True), "'true'"),
        (Xor(P, Q), "'xor'"),
        (Pred(""), "''"),
    ],
)
def test_what_cannot_be_written_is_named(formula: Formula, named: str) -> None:
    with pytest.raises(InputError) as caught:
        write_formula(formula)
    assert named in str(caught.value)
