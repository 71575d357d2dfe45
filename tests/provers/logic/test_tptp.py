"""TPTP: reading and writing, one formula and whole problems."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provers.errors import InputError, ParseError
from provers.logic.formats.tptp import parse_formula, parse_problem, write_formula, write_problem
from provers.logic.syntax import (
    FALSE,
    INT,
    TRUE,
    And,
    Apply,
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
    Term,
    Var,
    Xor,
)

X, Y = Var("X"), Var("Y")
P, Q, R = Pred("p"), Pred("q"), Pred("r")
A = Apply("a")

DATA = Path(os.environ.get("NEUROSYM_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("p & q & r", And((P, Q, R))),
        ("p | (q & r)", Or((P, And((Q, R))))),
        ("p => (q => r)", Implies(P, Implies(Q, R))),
        ("p <= q", Implies(Q, P)),
        ("p <=> q", Iff(P, Q)),
        ("p <~> q", Xor(P, Q)),
        ("p ~| q", Not(Or((P, Q)))),
        ("p ~& q", Not(And((P, Q)))),
        ("~ ~p", Not(Not(P))),
        ("$true & $false", And((TRUE, FALSE))),
        ("! [X,Y] : p & q", And((Forall((X, Y), P), Q))),
        ("![X]:?[Y]:X=Y", Forall((X,), Exists((Y,), Eq(X, Y)))),
        ("~ a = b", Not(Eq(A, Apply("b")))),
        ("a != b", Not(Eq(A, Apply("b")))),
        (
            "'dog' & 'big dog' % a comment\n & /* one * more */ p",
            And((Pred("dog"), Pred("big dog"), P)),
        ),
        ("'it\\'s \\\\'(a)", Pred("it's \\", (A,))),
        ('p("a b",3,-1/2,4.5e1)', Pred("p", tuple(map(Apply, ('"a b"', "3", "-1/2", "4.5e1"))))),
        ("3 = '3'", Eq(Apply("3"), Apply("'3'"))),
        ("p(f(X,g(a)))", Pred("p", (Apply("f", (X, Apply("g", (A,)))),))),
    ],
)
def test_formulas_are_read(text: str, formula: Formula) -> None:
    assert parse_formula(text) == formula
    assert parse_formula(write_formula(formula)) == formula


@pytest.mark.parametrize(
    ("text", "line", "column", "piece"),
    [
        ("p & q | r", 1, 7, "|"),
        ("p =>\n  => q", 2, 3, "=>"),
        ("p => q => r", 1, 8, "=>"),
        ("p(X", 1, 4, ""),
        ("", 1, 1, ""),
        ("p(#)", 1, 3, "#"),
        ("$less(a,b)", 1, 1, "$"),
        ("p ('abc)", 1, 4, "'"),
        ("X", 1, 2, ""),
        ("p(q & r)", 1, 5, "&"),
    ],
)
def test_errors_say_where(text: str, line: int, column: int, piece: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_formula(text)
    assert (caught.value.line, caught.value.column, caught.value.text) == (line, column, piece)


def test_errors_say_what_was_expected() -> None:
    with pytest.raises(ParseError) as caught:
        parse_formula("! [X] p")
    assert caught.value.expected == ("':'",)


# --- round trip ----------------------------------------------------------------------------

NAMES = st.one_of(
    st.sampled_from(["p", "big dog", "Dog", "3", "'3'", '"x"', "''3''", "$true", "a\\b", "é", "~"]),
    st.text(min_size=1, max_size=6).filter(str.isprintable),
)
VARIABLES = st.sampled_from([X, Y, Var("Z_1")])
TERMS: st.SearchStrategy[Term] = st.recursive(
    st.one_of(VARIABLES, NAMES.map(Apply)),
    lambda t: st.tuples(NAMES, st.lists(t, min_size=1, max_size=2).map(tuple)).map(
        lambda p: Apply(*p)
    ),
    max_leaves=4,
)


def compound(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    pairs = st.tuples(inner, inner)
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    bound = st.lists(VARIABLES, min_size=1, max_size=2, unique=True).map(tuple)
    options: list[st.SearchStrategy[Formula]] = [
        inner.map(Not),
        many.map(And),
        many.map(Or),
        pairs.map(lambda p: Implies(*p)),
        pairs.map(lambda p: Iff(*p)),
        pairs.map(lambda p: Xor(*p)),
        st.tuples(bound, inner).map(lambda p: Forall(*p)),
        st.tuples(bound, inner).map(lambda p: Exists(*p)),
    ]
    return st.one_of(options)


ATOMS: st.SearchStrategy[Formula] = st.one_of(
    st.tuples(NAMES, st.lists(TERMS, max_size=2).map(tuple)).map(lambda p: Pred(*p)),
    st.tuples(TERMS, TERMS).map(lambda p: Eq(*p)),
    st.sampled_from([TRUE, FALSE]),
)
FORMULAS = st.recursive(ATOMS, compound, max_leaves=8)


@given(FORMULAS)
@settings(max_examples=200, deadline=None)
def test_what_is_written_reads_back(formula: Formula) -> None:
    assert parse_formula(write_formula(formula)) == formula


def test_variables_get_names_of_their_own() -> None:
    names = ["x", "X", "x'", "x_", "été", "1", ""]
    formula = Forall(tuple(map(Var, names)), Pred("p", tuple(map(Var, names))))
    read = parse_formula(write_formula(formula))
    assert isinstance(read, Forall)
    assert len(set(read.vars)) == len(names)
    assert read.vars[1] == X
    assert read.body == Pred("p", read.vars)


@given(st.text(alphabet="pqXY()[]!?:~&|=<>,.'\"$3 %\n/*\\", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_formula_or_a_parse_error(text: str) -> None:
    try:
        formula = parse_formula(text)
    except ParseError:
        return
    assert parse_formula(write_formula(formula)) == formula


@pytest.mark.parametrize(
    "formula",
    [
        Forall((Var("n", INT),), P),
        Pred("p", (Number(1, INT),)),  # type: ignore[arg-type]
        Compare("<", Apply("n", (), INT), Apply("m", (), INT)),
        Pred(""),
        Pred("a\nb"),
    ],
)
def test_what_fof_cannot_say_is_refused(formula: Formula) -> None:
    with pytest.raises(InputError):
        write_formula(formula)


# --- problems ------------------------------------------------------------------------------

PROBLEM = """\
% a comment, with 'a quote
fof(first,axiom, ! [X] : (dog(X) => animal(X)), file('x.ax',[1,(2)])).
fof('the second', hypothesis,
    dog('rex, (the) "dog"')).   /* more. */
cnf(3,negated_conjecture, ( ~ p(X,Y) | X = Y | Y != a )).
fof(goal,conjecture, ? [X] : animal(X) ).
"""


def test_a_problem_is_read() -> None:
    entries = parse_problem(PROBLEM).entries
    assert [(e.name, e.role, e.form) for e in entries] == [
        ("first", "axiom", "fof"),
        ("the second", "hypothesis", "fof"),
        ("3", "negated_conjecture", "cnf"),
        ("goal", "conjecture", "fof"),
    ]
    assert entries[1].formula == Pred("dog", (Apply('rex, (the) "dog"'),))
    clause = Or((Not(Pred("p", (X, Y))), Eq(X, Y), Not(Eq(Y, A))))
    assert entries[2].formula == Forall((X, Y), clause)


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        (
            "fof(a,axiom,p).\ninclude('Axioms/X.ax').",
            "include('Axioms/X.ax') is not read: write the axioms out",
            2,
            1,
        ),
        ("tff(a,type,x: $i).", "tff is not read: only fof and cnf are", 1, 1),
        ("fof(a,axiom,\n p &\n).", "the formula ends too early", 2, 5),
        ("fof(a,axiom,\n p & & q).", "unexpected text", 2, 6),
        ("fof(a,axiom,p)\nfof(b,axiom,p).", "an annotated formula ends with '.'", 2, 1),
        ("fof(a,axiom,(p).", "the annotated formula has no end", 1, 5),
        ("fof(a,axiom,p('x)).", "this has no end", 1, 15),
        ("fof(a,axiom).", "fof(name, role, formula) has three parts", 1, 1),
        ("fof(a,axiom,p(X)).", "nothing binds the variable X", 1, 13),
        ("cnf(a,axiom,p & q).", "a cnf formula is a disjunction of literals", 1, 13),
        ("fof(a b,axiom,p).", "this names no formula", 1, 5),
        ("fof(a,Axiom,p).", "this is no role", 1, 7),
        ("Dog(rex)", "no annotated formula", 1, 1),
    ],
)
def test_problems_that_are_refused(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse_problem(text)
    error = caught.value
    assert (error.message, error.line, error.column) == (message, line, column)


@pytest.mark.parametrize(
    "text",
    [
        "garbage " * 130_000,
        "fof(a,axiom," + "(" * 1_000_000,
        "fof(a,axiom," + "~ " * 500_000 + "p).",
        "fof(a,axiom," + "![X]:" * 200_000 + "p).",
        "fof(a,axiom," + "![X]:" * 12_000 + "p).",
        "fof(a,axiom," + "p&" * 500_000 + ").",
        "fof(a,axiom,'" + "a" * 1_000_000,
        "fof(a,axiom," + "\\'" * 500_000,
        "/*" * 500_000,
        "/*" + "*" * 1_000_000,
        "%\n" * 500_000 + "x",
        "f(\n" * 300_000,
        "[" * 1_000_000,
    ],
    ids=lambda text: text[:20],
)
def test_garbage_fails_quickly(text: str) -> None:
    started = time.process_time()
    with pytest.raises(ParseError):
        parse_problem(text)
    assert time.process_time() - started < 20


def test_formulas_as_deep_as_allowed_are_read() -> None:
    assert parse_formula("(p=>" * 110 + "p" + ")" * 110)
    assert parse_formula("~" * 110 + "p")
    with pytest.raises(ParseError, match="deeper"):
        parse_formula("(p=>" * 119 + "~p(f(a))" + ")" * 119)


def test_a_problem_is_written() -> None:
    x = Var("x")
    every = Forall((x,), Implies(Pred("Dog", (x,)), Pred("animal", (x,))))
    text = write_problem([every, Pred("Dog", (Apply("Rex's"),))], Pred("animal", (Apply("Dog"),)))
    assert text == (
        "fof(ax_0, axiom, ! [X] : ('Dog'(X) => animal(X))).\n"
        "fof(ax_1, axiom, 'Dog'('Rex\\'s')).\n"
        "fof(goal, conjecture, animal('Dog_1')).\n"
    )
    assert [e.role for e in parse_problem(text).entries] == ["axiom", "axiom", "conjecture"]
    assert write_problem([], None) == "\n"
    with pytest.raises(ValueError, match="closed"):
        write_problem([Pred("p", (x,))], None)


def test_numerals_are_constants_like_any_other_in_a_written_problem() -> None:
    formula = Not(Eq(Apply("3"), Apply('"x"')))
    assert write_problem([formula, Pred("n_3"), Pred("$true")], None) == (
        "fof(ax_0, axiom, n_3_1 != 'n_\"x\"').\n"
        "fof(ax_1, axiom, n_3).\n"
        "fof(ax_2, axiom, 'n_$true').\n"
    )


def test_distinct_objects_and_numerals_are_said_to_differ() -> None:
    text = 'fof(a,axiom, p("a","b",1,2,2.0,1/0,1e99999,\'3\',c)).'
    assert parse_problem(text).distinct == (
        Not(Eq(Apply('"a"'), Apply('"b"'))),
        Not(Eq(Apply("1"), Apply("2"))),
    )


@pytest.mark.skipif(
    not (DATA / "provers" / "tptp.jsonl").exists(), reason="no data: set NEUROSYM_DATA"
)
def test_library_problems_are_read_and_written() -> None:
    with (DATA / "provers" / "tptp.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for record in records:
        for entry in parse_problem(record["problem"]).entries[:300]:
            assert parse_formula(write_formula(entry.formula)) == entry.formula
