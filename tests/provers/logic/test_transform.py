"""Normal forms keep meaning: checked by truth tables, and by z3 where there are quantifiers."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from fractions import Fraction

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from provers.errors import InputError
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
    Truth,
    Var,
    Xor,
    closure,
    subterms,
    walk,
)
from provers.logic.transform import Clause, Literal, clausify, nnf, simplify, symbol_names

X, Y, Z = Var("x"), Var("y"), Var("z")
A, B, C = Pred("A"), Pred("B"), Pred("C")


def props(count: int) -> st.SearchStrategy[Formula]:
    leaf = st.sampled_from([Pred(f"p{i}") for i in range(count)] + [TRUE, FALSE])
    return compound(leaf, False)


def compound(leaf: st.SearchStrategy[Formula], quantified: bool) -> st.SearchStrategy[Formula]:
    def extend(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
        pairs = st.tuples(inner, inner)
        many = st.lists(inner, min_size=2, max_size=3).map(tuple)
        options: list[st.SearchStrategy[Formula]] = [
            inner.map(Not),
            many.map(And),
            many.map(Or),
            pairs.map(lambda p: Implies(*p)),
            pairs.map(lambda p: Iff(*p)),
            pairs.map(lambda p: Xor(*p)),
        ]
        if quantified:
            bound = st.sampled_from([(X,), (Y,), (X, Y), (Z,)])
            options += [
                st.tuples(bound, inner).map(lambda p: Forall(*p)),
                st.tuples(bound, inner).map(lambda p: Exists(*p)),
            ]
        return st.one_of(options)

    return st.recursive(leaf, extend, max_leaves=12)


TERM: st.SearchStrategy[Term] = st.sampled_from(
    [X, Y, Z, Apply("c"), Apply("f", (X,)), Apply("f", (Y,))]
)
FOL = compound(
    st.one_of(
        st.tuples(TERM).map(lambda p: Pred("P", p)),
        st.tuples(TERM, TERM).map(lambda p: Pred("R", p)),
        st.tuples(TERM, TERM).map(lambda p: Eq(*p)),
    ),
    True,
).map(closure)


def truth(formula: Formula, row: dict[str, bool]) -> bool:
    match formula:
        case Truth(value):
            return value
        case Pred(name):
            return row[name]
        case Not(body):
            return not truth(body, row)
        case And(args):
            return all(truth(arg, row) for arg in args)
        case Or(args):
            return any(truth(arg, row) for arg in args)
        case Implies(left, right):
            return not truth(left, row) or truth(right, row)
        case Iff(left, right):
            return truth(left, row) is truth(right, row)
        case Xor(left, right):
            return truth(left, row) is not truth(right, row)
    raise AssertionError(formula)


def rows(names: list[str]) -> list[dict[str, bool]]:
    return [
        dict(zip(names, values, strict=True))
        for values in itertools.product((False, True), repeat=len(names))
    ]


U = z3.DeclareSort("U")


def to_z3(formula: Formula, env: dict[Var, z3.ExprRef] | None = None) -> z3.BoolRef:
    env = env or {}

    def term(t: Term) -> z3.ExprRef:
        if isinstance(t, Var):
            return env[t]
        assert isinstance(t, Apply)
        return z3.Function(t.name, *[U] * (len(t.args) + 1))(*map(term, t.args))

    match formula:
        case Truth(value):
            return z3.BoolVal(value)
        case Pred(name, args):
            return z3.Function(name, *[U] * len(args), z3.BoolSort())(*map(term, args))
        case Eq(left, right):
            return term(left) == term(right)
        case Not(body):
            return z3.Not(to_z3(body, env))
        case And(args):
            return z3.And([to_z3(arg, env) for arg in args])
        case Or(args):
            return z3.Or([to_z3(arg, env) for arg in args])
        case Implies(left, right):
            return z3.Implies(to_z3(left, env), to_z3(right, env))
        case Iff(left, right):
            return to_z3(left, env) == to_z3(right, env)
        case Xor(left, right):
            return z3.Xor(to_z3(left, env), to_z3(right, env))
        case Forall(bound, body) | Exists(bound, body):
            fresh = [z3.Const(f"{v.name}!{len(env)}", U) for v in bound]
            inner = {**env, **dict(zip(bound, fresh, strict=True))}
            kind = z3.ForAll if isinstance(formula, Forall) else z3.Exists
            return kind(fresh, to_z3(body, inner))
    raise AssertionError(formula)


def solve(formulas: list[Formula]) -> str:
    solver = z3.Solver()
    solver.set("timeout", 300)
    solver.add([to_z3(f) for f in formulas])
    return str(solver.check())


@given(props(4))
def test_nnf_and_simplify_keep_the_truth_table(formula: Formula) -> None:
    for row in rows([f"p{i}" for i in range(4)]):
        expected = truth(formula, row)
        assert truth(nnf(formula), row) is expected
        assert truth(simplify(formula), row) is expected


@given(FOL)
def test_nnf_has_negation_on_atoms_only(formula: Formula) -> None:
    for sub in walk(nnf(formula)):
        assert not isinstance(sub, Implies | Iff | Xor)
        if isinstance(sub, Not):
            assert isinstance(sub.body, Pred | Eq)


@given(FOL)
@settings(max_examples=60, deadline=None)
def test_simplify_and_nnf_are_equivalent_in_first_order_logic(formula: Formula) -> None:
    assert solve([Xor(formula, nnf(formula))]) != "sat"
    assert solve([Xor(formula, simplify(formula))]) != "sat"


@given(props(4))
@settings(deadline=None)
def test_clauses_are_satisfiable_exactly_if_the_formula_is(formula: Formula) -> None:
    clauses = clausify(formula)
    names = [f"p{i}" for i in range(4)]
    extra = sorted({n for c in clauses for n in symbol_names(c.formula)} - set(names))
    for row in rows(names):
        satisfied = any(all(truth(c.formula, row | more) for c in clauses) for more in rows(extra))
        assert satisfied is truth(formula, row)


@given(FOL)
@settings(max_examples=150, deadline=None)
def test_first_order_clauses_are_equisatisfiable(formula: Formula) -> None:
    answers = {solve([formula]), solve([c.formula for c in clausify(formula)])} - {"unknown"}
    assert len(answers) < 2


@given(FOL)
@settings(max_examples=100, deadline=None)
def test_clauses_imply_the_formula(formula: Formula) -> None:
    assert solve([Not(formula), *(c.formula for c in clausify(formula))]) != "sat"


@given(FOL)
def test_variables_of_a_clause_have_different_names(formula: Formula) -> None:
    for clause in clausify(formula):
        names = [v.name for v in clause.variables]
        assert len(names) == len(set(names))


def lit(atom: Pred | Eq | Compare, positive: bool = True) -> Literal:
    return Literal(atom, positive)


def test_skolem_functions_take_only_the_variables_that_occur() -> None:
    inner = Exists((Z,), Pred("R", (Y, Z)))
    formula = Forall((X,), Implies(Pred("P", (X,)), Forall((Y,), inner)))
    expected = Clause((lit(Pred("P", (X,)), False), lit(Pred("R", (Y, Apply("sk0", (Y,)))))))
    assert clausify(formula) == (expected,)


def test_skolem_terms_carry_the_sort_of_their_variable() -> None:
    n = Var("n", INT)
    (clause,) = clausify(Exists((n,), Compare("<", Number(Fraction(3), INT), n)), "k")
    assert clause.literals[0].atom == Compare("<", Number(Fraction(3), INT), Apply("k0", (), INT))


def test_variables_are_renamed_apart() -> None:
    formula = And((Forall((X,), Pred("P", (X,))), Forall((X,), Pred("Q", (X,)))))
    first, second = clausify(formula)
    assert first.variables == (X,)
    assert second.variables == (Var("x_1"),)


def test_same_name_in_two_sorts_gives_two_names() -> None:
    n = Var("x", INT)
    formula = Forall((X,), Forall((n,), Or((Pred("P", (X,)), Pred("Q", (n,))))))
    (clause,) = clausify(formula)
    assert clause.variables == (X, Var("x_1", INT))


def test_shadowed_variables_refer_to_the_inner_quantifier() -> None:
    formula = Forall((X,), Or((Pred("P", (X,)), Exists((X,), Pred("Q", (X,))))))
    (clause,) = clausify(formula)
    assert clause.literals[1].atom == Pred("Q", (Apply("sk0"),))


@pytest.mark.parametrize(
    ("formula", "clauses"),
    [
        (TRUE, ()),
        (FALSE, (Clause(()),)),
        (Or((A, Not(A))), ()),
        (And((A, A)), (Clause((lit(A),)),)),
        (Iff(A, B), (Clause((lit(A, False), lit(B))), Clause((lit(A), lit(B, False))))),
        (Xor(A, B), (Clause((lit(A, False), lit(B, False))), Clause((lit(A), lit(B))))),
        (Not(Implies(A, B)), (Clause((lit(A),)), Clause((lit(B, False),)))),
    ],
)
def test_small_clause_sets(formula: Formula, clauses: tuple[Clause, ...]) -> None:
    assert clausify(formula) == clauses


def test_definitions_keep_distribution_small() -> None:
    formula = Or(tuple(And((Pred(f"a{i}"), Pred(f"b{i}"))) for i in range(400)))
    clauses = clausify(formula)
    assert len(clauses) < 2000
    assert any("sk_def" in name for c in clauses for name in symbol_names(c.formula))


def test_definitions_carry_the_variables_in_scope() -> None:
    parts = tuple(And((Pred(f"a{i}", (X,)), Pred(f"b{i}", (Y,)))) for i in range(8))
    formula = Forall((X,), Exists((Y,), Or(parts)))
    heads = {
        literal.atom
        for clause in clausify(formula)
        for literal in clause.literals
        if isinstance(literal.atom, Pred) and "_def" in literal.atom.name
    }
    assert heads
    assert all(head.args == (X,) for head in heads)
    assert solve([Not(formula), *(c.formula for c in clausify(formula))]) == "unsat"


def test_nested_equivalences_stay_linear() -> None:
    formula: Formula = Forall((X,), Pred("P", (X,)))
    for i in range(60):
        formula = Iff(formula, Exists((Y,), Pred(f"Q{i}", (Y,))))
    started = time.process_time()
    clauses = clausify(formula)
    assert time.process_time() - started < 20
    assert len(clauses) < 5000
    with pytest.raises(InputError, match="nested"):
        nnf(formula)


def test_deep_formulas_do_not_exhaust_the_stack() -> None:
    formula: Formula = A
    for i in range(120):
        formula = Forall((Var(f"v{i}"),), Or((formula, Pred("Q", (Var(f"v{i}"),)))))
    assert len(clausify(formula)[0].literals) == 121
    for _ in range(50):
        formula = Implies(Not(formula), B)
    with pytest.raises(InputError, match="nests deeper"):
        clausify(formula)


def test_open_formulas_and_clashing_names_are_refused() -> None:
    with pytest.raises(ValueError, match="closed"):
        clausify(Pred("P", (X,)))
    with pytest.raises(InputError, match="kept for Skolem functions"):
        clausify(Pred("P", (Apply("sk0"),)))
    with pytest.raises(InputError, match="kept for Skolem functions"):
        clausify(Pred("P", (Apply("§7._def2"),)), "§0.")
    assert clausify(Pred("P", (Apply("skate"),)))


def test_clauses_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "from provers.logic.syntax import *\n"
        "from provers.logic.transform import clausify\n"
        "x, y = Var('x'), Var('y')\n"
        "r, p = Pred('R', (x, y)), Pred('P', (y,))\n"
        "f = Forall((x,), Iff(Exists((y,), r), Iff(Exists((y,), p), Iff(Exists((y,), r),"
        " Xor(Exists((y,), And((r, p))), Forall((y,), Or((p, r))))))))\n"
        "print(clausify(f))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (Eq(Apply("c"), Apply("c")), TRUE),
        (Eq(Number(Fraction(1)), Number(Fraction(2))), FALSE),
        (Compare(">=", Number(Fraction(2)), Number(Fraction(2))), TRUE),
        (Not(Not(A)), A),
        (Forall((X, Y), Pred("P", (Y,))), Forall((Y,), Pred("P", (Y,)))),
        (Exists((X,), A), A),
        (And((A, Or((B, TRUE)), A)), A),
        (Implies(A, FALSE), Not(A)),
        (Xor(A, TRUE), Not(A)),
        (Iff(Or((A, C)), Or((A, C))), TRUE),
    ],
)
def test_simplify(formula: Formula, expected: Formula) -> None:
    assert simplify(formula) == expected


def test_clause_formula_is_closed() -> None:
    clause = Clause((lit(Pred("P", (X,))), lit(Pred("R", (Y, X)), False)))
    assert clause.formula == Forall((X, Y), Or((Pred("P", (X,)), Not(Pred("R", (Y, X))))))
    assert Clause(()).formula == FALSE
    assert [t for t in subterms(Apply("f", (X,))) if isinstance(t, Var)] == [X]
