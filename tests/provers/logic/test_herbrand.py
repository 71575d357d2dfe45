"""The certificate checker: sound against z3 and brute force, and strong enough to be of use."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from provers.logic.herbrand import (
    Symbols,
    check,
    function_symbols,
    ground_clauses,
    is_contradictory,
    read_term,
    skolem_prefix,
    write_term,
)
from provers.logic.syntax import (
    INDIVIDUAL,
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
)
from provers.logic.transform import Clause, Literal, clausify

X, Y = Var("x"), Var("y")


def lit(atom: Pred | Eq | Compare, positive: bool = True) -> Literal:
    return Literal(atom, positive)


def clauses(*formulas: Formula) -> list[Clause]:
    return [c for i, f in enumerate(formulas) for c in clausify(f, skolem_prefix(i))]


def num(value: int | str, sort: Sort = REAL) -> Number:
    return Number(Fraction(value), sort)


def const(name: str, sort: Sort = REAL) -> Apply:
    return Apply(name, (), sort)


def op(kind: ArithOp, *args: Term) -> Arith:
    return Arith(kind, args, args[0].sort)


# --- z3 as the judge -----------------------------------------------------------------------

U = z3.DeclareSort("U")
SORTS = {INDIVIDUAL: U, INT: z3.IntSort(), REAL: z3.RealSort()}


def z3_term(term: Term) -> z3.ExprRef:
    match term:
        case Apply(name, args, sort):
            sorts = [SORTS[a.sort] for a in args] + [SORTS[sort]]
            return z3.Function(name, *sorts)(*map(z3_term, args))
        case Number(value, sort):
            return z3.IntVal(int(value)) if sort == INT else z3.RealVal(str(value))
        case Arith(kind, args):
            first, *rest = map(z3_term, args)
            if not rest:
                return -first
            for other in rest:
                first = {
                    "+": lambda a, b: a + b,
                    "-": lambda a, b: a - b,
                    "*": lambda a, b: a * b,
                    "/": lambda a, b: a / b,
                }[kind](first, other)
            return first
    raise AssertionError(term)


def z3_literal(literal: Literal) -> z3.BoolRef:
    match literal.atom:
        case Pred(name, args):
            sorts = [SORTS[a.sort] for a in args] + [z3.BoolSort()]
            found = z3.Function(name, *sorts)(*map(z3_term, args))
        case Eq(left, right):
            found = z3_term(left) == z3_term(right)
        case Compare(kind, left, right):
            a, b = z3_term(left), z3_term(right)
            found = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[kind]
    return found if literal.positive else z3.Not(found)


def z3_answer(ground: list[Clause]) -> str:
    solver = z3.Solver()
    solver.set("timeout", 500)
    for clause in ground:
        solver.add(z3.Or([z3_literal(literal) for literal in clause.literals]))
    return str(solver.check())


# --- strategies ----------------------------------------------------------------------------

CONSTANTS: st.SearchStrategy[Term] = st.sampled_from([Apply(n) for n in "abc"])
TERMS: st.SearchStrategy[Term] = st.recursive(
    CONSTANTS, lambda t: t.map(lambda a: Apply("f", (a,))), max_leaves=3
)


def numeric(sort: Sort) -> st.SearchStrategy[Term]:
    leaves: st.SearchStrategy[Term] = st.one_of(
        st.sampled_from([const(n + sort.name, sort) for n in "xyz"]),
        st.integers(-3, 3).map(lambda i: num(i, sort)),
        CONSTANTS.map(lambda a: Apply("g" + sort.name, (a,), sort)),
    )
    ops: list[ArithOp] = ["+", "-", "*"]
    if sort == REAL:
        ops.append("/")

    def extend(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.one_of(
            st.tuples(st.sampled_from(ops), inner, inner).map(lambda p: op(p[0], p[1], p[2])),
            inner.map(lambda a: op("-", a)),
            inner.map(lambda a: Apply("h" + sort.name, (a,), sort)),
        )

    return st.recursive(leaves, extend, max_leaves=4)


def arithmetic_atoms(sort: Sort) -> st.SearchStrategy[Pred | Eq | Compare]:
    inner = numeric(sort)
    kinds: list[CompareOp] = ["<", "<=", ">", ">="]
    return st.one_of(
        st.tuples(inner, inner).map(lambda p: Eq(*p)),
        st.tuples(st.sampled_from(kinds), inner, inner).map(lambda p: Compare(*p)),
        st.tuples(inner).map(lambda p: Pred("N" + sort.name, p)),
    )


def clause_sets(
    atoms: st.SearchStrategy[Pred | Eq | Compare], largest: int = 2
) -> st.SearchStrategy[list[Clause]]:
    literals = st.tuples(atoms, st.booleans()).map(lambda p: Literal(*p))
    return st.lists(
        st.lists(literals, min_size=1, max_size=largest).map(lambda ls: Clause(tuple(ls))),
        min_size=1,
        max_size=8,
    )


SYMBOLIC: st.SearchStrategy[Pred | Eq | Compare] = st.one_of(
    st.tuples(TERMS, TERMS).map(lambda p: Eq(*p)),
    st.tuples(TERMS).map(lambda p: Pred("P", p)),
    st.sampled_from([Pred("q"), Pred("r")]),
)


# --- soundness -----------------------------------------------------------------------------


@given(clause_sets(SYMBOLIC))
@settings(max_examples=400, deadline=None)
def test_equality_agrees_with_z3(ground: list[Clause]) -> None:
    expected = z3_answer(ground)
    assert expected in ("sat", "unsat")
    assert is_contradictory(ground) is (expected == "unsat")


@given(clause_sets(st.sampled_from([Pred(n) for n in "pqrs"]), largest=3))
@settings(max_examples=200, deadline=None)
def test_propositions_agree_with_truth_tables(ground: list[Clause]) -> None:
    satisfiable = any(
        all(
            any(row["pqrs".index(lit.atom.name)] is lit.positive for lit in clause.literals)  # type: ignore[union-attr]
            for clause in ground
        )
        for row in itertools.product((False, True), repeat=4)
    )
    assert is_contradictory(ground) is not satisfiable


def holds(ground: list[Clause], value: dict[str, int], f: tuple[int, ...], p: set[int]) -> bool:
    """Whether the clauses of SYMBOLIC hold in the structure given (q true, r false)."""

    def term(t: Term) -> int:
        assert isinstance(t, Apply)
        return f[term(t.args[0])] if t.args else value[t.name]

    def true(atom: Pred | Eq | Compare) -> bool:
        if isinstance(atom, Eq):
            return term(atom.left) == term(atom.right)
        assert isinstance(atom, Pred)
        return term(atom.args[0]) in p if atom.args else atom.name == "q"

    return all(any(true(x.atom) is x.positive for x in c.literals) for c in ground)


@given(
    clause_sets(SYMBOLIC),
    st.fixed_dictionaries({n: st.integers(0, 2) for n in "abc"}),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.sets(st.integers(0, 2)),
)
@settings(max_examples=300, deadline=None)
def test_what_a_structure_satisfies_is_not_contradictory(
    ground: list[Clause], value: dict[str, int], f: tuple[int, ...], p: set[int]
) -> None:
    kept = [clause for clause in ground if holds([clause], value, f, p)]
    assert is_contradictory(kept) is False


@pytest.mark.parametrize("sort", [INT, REAL])
def test_arithmetic_is_sound_against_z3(sort: Sort) -> None:
    found = {True: 0, False: 0}

    @given(clause_sets(arithmetic_atoms(sort)))
    @settings(max_examples=400, deadline=None)
    def run(ground: list[Clause]) -> None:
        if is_contradictory(ground) is True:
            found[True] += 1
            assert z3_answer(ground) != "sat"
        else:
            found[False] += 1

    run()
    assert found[True] > 10
    assert found[False] > 10


LINEAR = st.tuples(*[st.integers(-2, 2)] * 4)


@given(
    st.lists(
        st.tuples(LINEAR, st.sampled_from(["<", "<=", ">", ">=", "=", "!="])),
        min_size=2,
        max_size=7,
    )
)
@settings(max_examples=300, deadline=None)
def test_linear_real_arithmetic_agrees_with_z3(
    rows: list[tuple[tuple[int, ...], str]],
) -> None:
    ground = []
    for (a, b, c, d), relation in rows:
        total = op(
            "+",
            op("*", num(a), const("x")),
            op("*", num(b), const("y")),
            op("*", num(c), const("z")),
        )
        if relation in ("=", "!="):
            ground.append(Clause((lit(Eq(total, num(d)), relation == "="),)))
        else:
            ground.append(Clause((lit(Compare(relation, total, num(d))),)))  # type: ignore[arg-type]
    assert is_contradictory(ground) is (z3_answer(ground) == "unsat")


# --- strength ------------------------------------------------------------------------------

A, B = const("a"), const("b")
TWO, ZERO = num(2), num(0)

CONTRADICTIONS: dict[str, list[Formula]] = {
    "evaluation": [Not(Eq(op("/", num(48), num(2)), num(24)))],
    "evaluation with sums": [Not(Eq(op("+", num(48), op("/", num(48), num(2))), num(72)))],
    "binomial": [
        Not(
            Eq(
                op("*", op("+", A, B), op("+", A, B)),
                op("+", op("*", A, A), op("*", TWO, A, B), op("*", B, B)),
            )
        )
    ],
    "values into a product": [
        Eq(const("total"), op("*", const("price"), const("count"))),
        Eq(const("price"), num(3)),
        Eq(op("-", const("count"), num(1)), num(3)),
        Not(Eq(const("total"), num(12))),
    ],
    "values into a quotient": [
        Eq(const("rate"), op("/", A, B)),
        Eq(A, num(10)),
        Eq(B, num(4)),
        Not(Eq(const("rate"), num("5/2"))),
    ],
    "a divisor that is not zero": [
        Compare("<", ZERO, B),
        Not(Eq(op("*", op("/", A, B), B), A)),
    ],
    "order is transitive": [
        Compare("<", A, B),
        Compare("<=", B, const("c")),
        Not(Compare("<", A, const("c"))),
    ],
    "bounds from both sides": [
        Compare("<=", A, B),
        Compare("<=", B, A),
        Pred("P", (A,)),
        Not(Pred("P", (B,))),
    ],
    "integers have gaps": [
        Compare("<", num(2, INT), const("n", INT)),
        Compare("<", const("n", INT), num(3, INT)),
    ],
    "integers are even or odd": [
        Eq(
            op("*", num(2, INT), const("n", INT)),
            op("+", num(1, INT), op("*", num(2, INT), const("m", INT))),
        )
    ],
    "arithmetic inside functions": [
        Eq(A, num(3)),
        Eq(B, op("+", TWO, num(1))),
        Not(Eq(Apply("f", (A,), REAL), Apply("f", (B,), REAL))),
    ],
    "congruence": [
        Eq(Apply("f", (Apply("f", (Apply("f", (Apply("a"),)),)),)), Apply("a")),
        Eq(
            Apply("f", (Apply("f", (Apply("f", (Apply("f", (Apply("f", (Apply("a"),)),)),)),)),)),
            Apply("a"),
        ),
        Not(Eq(Apply("f", (Apply("a"),)), Apply("a"))),
    ],
    "a split": [
        Or((Eq(A, num(1)), Eq(A, num(2)))),
        Not(Eq(op("*", op("-", A, num(1)), op("-", A, num(2))), ZERO)),
    ],
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_found(name: str) -> None:
    ground = clauses(*CONTRADICTIONS[name])
    assert is_contradictory(ground) is True
    for i in range(len(ground)):
        if name not in ("order is transitive",):
            assert is_contradictory(ground[:i] + ground[i + 1 :]) is False


def test_division_by_zero_has_no_value() -> None:
    nothing = op("/", num(1), ZERO)
    for value in (ZERO, num(1), num(7)):
        assert is_contradictory(clauses(Eq(nothing, value))) is False
        assert is_contradictory(clauses(Not(Eq(nothing, value)))) is False
    assert is_contradictory(clauses(Not(Eq(op("*", nothing, ZERO), ZERO)))) is True
    assert is_contradictory(clauses(Not(Eq(op("*", op("/", A, B), B), A)))) is False
    assert is_contradictory(clauses(Eq(op("/", A, B), num(1)), Eq(A, TWO), Eq(B, ZERO))) is False


def test_same_name_at_two_sorts_is_two_things() -> None:
    ground = clauses(Pred("P", (num(1, INT),)), Not(Pred("P", (num(1, REAL),))))
    assert is_contradictory(ground) is False


# --- budgets -------------------------------------------------------------------------------


def test_a_hard_search_runs_out_of_steps() -> None:
    holes, pigeons = range(7), range(8)
    ground = [Clause(tuple(lit(Pred(f"p{i}_{j}")) for j in holes)) for i in pigeons]
    ground += [
        Clause((lit(Pred(f"p{i}_{j}"), False), lit(Pred(f"p{k}_{j}"), False)))
        for j in holes
        for i, k in itertools.combinations(pigeons, 2)
    ]
    started = time.process_time()
    assert is_contradictory(ground) is None
    assert time.process_time() - started < 30


def test_numbers_do_not_explode() -> None:
    chain: list[Formula] = [Eq(const("x0"), num(3))]
    for i in range(60):
        chain.append(Eq(const(f"x{i + 1}"), op("*", const(f"x{i}"), const(f"x{i}"))))
    started = time.process_time()
    assert is_contradictory(clauses(*chain, Eq(const("x60"), num(1)))) is None
    assert time.process_time() - started < 30


def test_deep_terms_are_left_alone() -> None:
    term: Term = Apply("a")
    for _ in range(5000):
        term = Apply("f", (term,))
    assert is_contradictory([Clause((lit(Pred("P", (term,))),))]) is None


def test_open_clauses_are_refused() -> None:
    with pytest.raises(ValueError, match="variable"):
        is_contradictory([Clause((lit(Pred("P", (X,))),))])


# --- terms as text -------------------------------------------------------------------------

ANIMAL = Sort("Animal")
SYMBOLS: Symbols = {
    ("rex", 0): (INDIVIDUAL,),
    ("f", 2): (INDIVIDUAL, ANIMAL, INDIVIDUAL),
    ("cat", 0): (ANIMAL,),
    ("age", 1): (INDIVIDUAL, INT),
    ('odd, (name)\n"', 1): (REAL, INDIVIDUAL),
    ("§0.3", 1): (INDIVIDUAL, INDIVIDUAL),
    ("3", 0): (INDIVIDUAL,),
}
REX = Apply("rex")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (REX, "rex"),
        (Apply("f", (REX, Apply("cat", (), ANIMAL))), "f(rex,cat)"),
        (num(3, INT), "3"),
        (num("-1/2"), "-1/2"),
        (op("+", Apply("age", (REX,), INT), num(-1, INT)), "+(age(rex),-1)"),
        (op("-", num(1)), "-(1)"),
        (Apply("3"), '"3"'),
        (Apply("§0.3", (REX,)), "§0.3(rex)"),
        (Apply('odd, (name)\n"', (op("/", num(1), num(2)),)), '"odd, (name)\\n\\""(/(1,2))'),
        (Apply("new", (), REAL), "new"),
    ],
)
def test_terms_are_written_and_read(term: Term, text: str) -> None:
    assert write_term(term) == text
    assert read_term(text, term.sort, SYMBOLS) == term


@given(st.text(max_size=12), st.sampled_from([INDIVIDUAL, INT, REAL, ANIMAL]))
def test_any_name_survives(name: str, sort: Sort) -> None:
    inner = Apply(name, (), sort)
    outer = Apply(name, (inner, inner))
    symbols: Symbols = {(name, 0): (sort,), (name, 2): (sort, sort, INDIVIDUAL)}
    assert read_term(write_term(outer), INDIVIDUAL, symbols) == outer


@given(st.text(alphabet='frexcatage31/-+*(),"\\ §.0', max_size=25))
def test_any_text_is_a_term_or_a_value_error(text: str) -> None:
    try:
        term = read_term(text, INDIVIDUAL, SYMBOLS)
    except ValueError:
        return
    assert read_term(write_term(term), INDIVIDUAL, SYMBOLS) == term


@pytest.mark.parametrize(
    "text",
    ["", "f(rex)", "f(rex,rex)", "cat", "3", "rex rex", "f(rex,cat", "age(rex)", "x(y)", '"\\x"'],
)
def test_ill_sorted_and_broken_terms_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_term(text, INDIVIDUAL, SYMBOLS)


def test_nesting_and_length_of_terms_are_capped() -> None:
    with pytest.raises(ValueError, match="deeper"):
        read_term("§0.3(" * 500 + "rex" + ")" * 500, INDIVIDUAL, SYMBOLS)
    with pytest.raises(ValueError, match="longer"):
        read_term("f(" * 100_000, INDIVIDUAL, SYMBOLS)
    with pytest.raises(ValueError, match="not ground"):
        write_term(X)


# --- certificates --------------------------------------------------------------------------

DOGS: dict[int, Formula] = {
    0: Forall((X,), Implies(Pred("Dog", (X,)), Pred("Animal", (X,)))),
    1: Pred("Dog", (REX,)),
    -1: Not(Pred("Animal", (REX,))),
}
PROOF: list[tuple[int, int, dict[str, str]]] = [(0, 0, {"x": "rex"}), (1, 0, {}), (-1, 0, {})]


def test_a_certificate_checks() -> None:
    assert check(DOGS, PROOF) is True
    for i in range(len(PROOF)):
        assert check(DOGS, PROOF[:i] + PROOF[i + 1 :]) is False
    assert check(DOGS, [(0, 0, {"x": "tom"}), *PROOF[1:]]) is False


def test_skolem_terms_may_be_used_in_other_formulas() -> None:
    formulas: dict[int, Formula] = {
        0: Exists((X,), And((Pred("P", (X,)), Forall((Y,), Pred("R", (X, Y)))))),
        1: Forall((X,), Implies(Pred("P", (X,)), Exists((Y,), Not(Pred("R", (X, Y)))))),
    }
    witness = "§0.0"
    proof: list[tuple[int, int, dict[str, str]]] = [
        (0, 0, {}),
        (1, 0, {"x": witness}),
        (0, 1, {"y": f"§1.0({witness})"}),
    ]
    assert check(formulas, proof) is True


def test_a_sort_without_constants_still_has_something_in_it() -> None:
    formulas: dict[int, Formula] = {
        0: Forall((X,), Pred("P", (X,))),
        -1: Forall((X,), Not(Pred("P", (X,)))),
    }
    assert check(formulas, [(0, 0, {"x": "anything"}), (-1, 0, {"x": "anything"})]) is True


@pytest.mark.parametrize(
    "instance",
    [
        (7, 0, {}),
        (0, 1, {"x": "rex"}),
        (0, -1, {"x": "rex"}),
        (0, 0, {}),
        (0, 0, {"x": "rex", "y": "rex"}),
        (0, 0, {"x": "f(rex)"}),
        (0, 0, {"x": "3"}),
    ],
)
def test_certificates_that_do_not_fit_are_refused(
    instance: tuple[int, int, dict[str, str]],
) -> None:
    with pytest.raises(ValueError):
        check(DOGS, [*PROOF, instance])


def test_names_kept_for_skolem_functions_are_refused() -> None:
    formulas: dict[int, Formula] = {
        0: Exists((X,), Pred("P", (X,))),
        1: Not(Pred("P", (Apply("§0.0"),))),
    }
    with pytest.raises(ValueError, match="kept for Skolem"):
        check(formulas, [(0, 0, {}), (1, 0, {})])


def test_ill_sorted_formulas_are_refused() -> None:
    with pytest.raises(ValueError, match="different sorts"):
        ground_clauses({0: And((Pred("P", (REX,)), Pred("P", (num(1),))))}, [])
    with pytest.raises(ValueError, match="relates"):
        function_symbols([Clause((lit(Eq(REX, num(1))),))])


def test_prefixes_do_not_meet() -> None:
    prefixes = [skolem_prefix(i) for i in range(-1, 120)]
    names = {p + suffix + str(n) for p in prefixes for suffix in ("", "_def") for n in range(120)}
    assert len(names) == 121 * 2 * 120


def test_a_typical_certificate_holds() -> None:
    steps = 30
    formulas: dict[int, Formula] = {
        i: Forall((X,), Implies(Pred(f"P{i}", (X,)), Pred(f"P{i + 1}", (X,)))) for i in range(steps)
    }
    formulas[steps] = Pred("P0", (REX,))
    formulas[-1] = Not(Pred(f"P{steps}", (REX,)))
    proof: list[tuple[int, int, dict[str, str]]] = [(i, 0, {"x": "rex"}) for i in range(steps)]
    proof += [(steps, 0, {}), (-1, 0, {})]
    assert check(formulas, proof)
    assert not check(formulas, proof[1:])


def test_equivalences_in_a_certificate() -> None:
    formulas: dict[int, Formula] = {0: Iff(Pred("p"), Pred("q")), 1: Pred("p"), -1: Not(Pred("q"))}
    assert check(formulas, [(0, i, {}) for i in range(2)] + [(1, 0, {}), (-1, 0, {})])
