"""Constraint programs: read, written out, answered, and the same answers by trying all cases."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

import pytest

from neurosym.runs.programs import assignments, games
from neurosym.runs.programs.base import ProgramError, Reply
from neurosym.runs.programs.constraints import (
    Cell,
    Constant,
    Constraint,
    ConstraintProblem,
    Domain,
    Expression,
    Function,
    Operation,
    Operator,
    Over,
    Variable,
    cases,
    evaluate,
)
from neurosym.runs.programs.encoding import Encoder
from neurosym.runs.programs.options import Ask, Lettered, answer
from provers.base import Outcome, Problem, TwoModels
from provers.recheck import recheck
from provers.z3 import Z3Prover

SHELF = """Domain:
1: left
3: right
Variables:
cup [IN] [1, 2, 3]
jug [IN] [1, 2, 3]
pot [IN] [1, 2, 3]
Constraints:
cup < jug ::: The cup is left of the jug.
pot == {pot} ::: The pot has its place.
AllDifferentConstraint([cup, jug, pot]) ::: Each has a place of its own.
Query:
A) cup == 3 ::: The cup is rightmost.
B) jug == 3 ::: The jug is rightmost.
C) pot == 3 ::: The pot is rightmost.
"""
TENTS = """# Declarations
scouts = EnumSort([Ada, Ben, Cy])
tents = EnumSort([1, 2, 3])
sleeps = Function([scouts] -> [tents])

# Constraints
{constraints}

# Options
Question ::: {question}
{options}
"""


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    made = Z3Prover()
    yield made
    made.close()


def tents(
    prover: Z3Prover,
    *constraints: str,
    options: tuple[str, ...],
    question: str = "Which is it?",
    meaning: bool = True,
) -> Reply:
    lettered = [f"{one} ::: ({letter})" for one, letter in zip(options, "ABCDE", strict=False)]
    text = TENTS.format(
        constraints="\n".join(f"{one} ::: said" for one in constraints),
        question=question,
        options="\n".join(lettered),
    )
    return games.solve(text, prover.prove, meaning)


# --- puzzles with variables ------------------------------------------------------------------


def test_the_one_option_that_every_case_makes_true_answers(prover: Z3Prover) -> None:
    reply = assignments.solve(SHELF.format(pot=2), prover.prove)
    assert (reply.answer, reply.failure) == ("B", None)
    standings = {o.label: o.evidence[0][1] for o in reply.options}
    assert standings == {"A": "impossible", "B": "entailed", "C": "impossible"}


def test_every_options_evidence_is_checked_again(prover: Z3Prover) -> None:
    problem, options, _ = assignments.read(SHELF.format(pot=2).replace("cup < jug", "cup != 5"))
    encoder = Encoder(problem)
    for option in options:
        asked = Problem(encoder.encoded().premises, encoder.formula(option.ask.claims[0]))
        result = prover.prove(asked)
        assert recheck(asked, result).ok
        if isinstance(result.evidence, TwoModels):
            case = encoder.case(result.evidence.goal_true)
            assert evaluate(problem, option.ask.claims[0], case) is True


def test_a_program_without_a_case_is_contradictory_and_says_which_conditions(
    prover: Z3Prover,
) -> None:
    reply = assignments.solve(SHELF.format(pot=7), prover.prove)
    assert (reply.answer, reply.failure) == ("", "contradictory")
    assert "The pot has its place." in reply.message and "cup" not in reply.message


def test_no_answer_is_guessed(prover: Z3Prover) -> None:
    open_ended = SHELF.format(pot=2).replace("cup < jug", "cup != 5")
    assert assignments.solve(open_ended, prover.prove).failure == "no_option"
    twice = SHELF.format(pot=2).replace("C) pot == 3 ::: The pot is rightmost.", "C) pot == 2")
    reply = assignments.solve(twice, prover.prove)
    assert (reply.answer, reply.failure) == ("", "several_options")
    assert reply.ran


def test_many_things_in_a_row_are_decided(prover: Z3Prover) -> None:
    names = [f"book{n}" for n in range(7)]
    lines = "\n".join(f"{name} [IN] [1, 2, 3, 4, 5, 6, 7]" for name in names)
    order = "\n".join(f"{a} < {b}" for a, b in itertools.pairwise(names[:5]))
    text = (
        f"Domain:\n1: first\nVariables:\n{lines}\nConstraints:\n{order}\nbook6 == 6\nbook5 == 2\n"
        f"AllDifferentConstraint([{', '.join(names)}])\nQuery:\n"
        + "\n".join(f"{letter}) {name} == 7" for letter, name in zip("ABCDEFG", names, strict=True))
    )
    assert assignments.solve(text, prover.prove).answer == "E"


# --- games -----------------------------------------------------------------------------------


def test_what_must_be_what_can_be_and_what_cannot_be(prover: Z3Prover) -> None:
    rules = ("Distinct([s:scouts], sleeps(s))", "sleeps(Ada) == 1", "sleeps(Ben) != 2")
    places = [f"sleeps(Ben) == {n}" for n in (1, 2, 3)]
    assert tents(prover, *rules, options=tuple(f"is_valid({p})" for p in places)).answer == "C"
    assert tents(prover, *rules, options=tuple(f"is_sat({p})" for p in places)).answer == "C"
    exceptions = tuple(f"is_exception(is_unsat({p}))" for p in places)
    assert tents(prover, *rules, options=exceptions).answer == "C"
    cannot = ("is_unsat(sleeps(Cy) == 2)", "is_unsat(sleeps(Cy) == 3)")
    assert tents(prover, *rules, options=cannot).answer == "B"


def test_an_accurate_list_has_one_that_must_hold_and_each_can(prover: Z3Prover) -> None:
    lists = (
        "is_accurate_list([sleeps(Cy) == 2])",
        "is_accurate_list([sleeps(Cy) == 2, sleeps(Cy) == 3])",
        "is_accurate_list([sleeps(Cy) == 1, sleeps(Cy) == 2, sleeps(Cy) == 3])",
    )
    reply = tents(prover, "sleeps(Cy) != 1", options=lists)
    assert reply.answer == "B"


def test_counts_extremes_and_equivalence(prover: Z3Prover) -> None:
    count = "Count([s:scouts], sleeps(s) == 1)"
    most = tuple(f"is_max({count}, {n})" for n in range(4))
    assert tents(prover, f"{count} <= 2", options=most).answer == "C"
    least = tuple(f"is_min({count} == {n})" for n in range(4))
    assert tents(prover, f"{count} > 0", options=least).answer == "B"
    same = (
        "is_equivalent(sleeps(Ada) != 3, sleeps(Ada) == 1)",
        "is_equivalent(sleeps(Ada) != 3, sleeps(Ada) < 3)",
    )
    assert tents(prover, "sleeps(Ada) != 3", options=same).answer == "B"
    fixed = ("is_determined(sleeps(Cy) == 1)", "is_determined(sleeps(Ben) == 1)")
    rules = ("Distinct([s:scouts], sleeps(s))", "Or(sleeps(Ada) == 2, sleeps(Cy) == 1)")
    assert tents(prover, *rules, "sleeps(Ada) != 3", options=fixed).failure is not None


def test_names_are_ordered_as_listed_and_it_is_said(prover: Z3Prover) -> None:
    text = TENTS.format(
        constraints="visits(Mon) != visits(Tue)\nForAll([d:days], visits(d) != visits(d+1))",
        question="?",
        options="is_sat(visits(Wed) == visits(Mon)) ::: (A)\n"
        "is_sat(visits(Wed) == visits(Tue)) ::: (B)",
    ).replace(
        "sleeps =",
        "days = EnumSort([Mon, Tue, Wed])\nvisits = Function([days] -> [tents])\nsleeps =",
    )
    reply = games.solve(text, prover.prove)
    assert reply.answer == "A"
    assert {one.kind for one in reply.mended} >= {"order", "edge"}


def test_a_thing_compared_with_itself_means_the_others(prover: Z3Prover) -> None:
    rules = ("ForAll([s:scouts], sleeps(Ada) != sleeps(s))", "sleeps(Ben) == sleeps(Cy)")
    options = ("is_sat(sleeps(Ada) == sleeps(Ben))", "is_sat(sleeps(Ada) != sleeps(Ben))")
    reply = tents(prover, *rules, options=options)
    assert reply.answer == "B" and [one.kind for one in reply.mended] == ["other"]
    assert tents(prover, *rules, options=options, meaning=False).failure == "contradictory"


def test_the_question_decides_between_must_and_can(prover: Z3Prover) -> None:
    options = ("is_valid(sleeps(Ada) == 3)", "is_valid(sleeps(Ada) == 2)")
    ask = "Which one of the following could be true?"
    reply = tents(prover, "sleeps(Ada) != 3", options=options, question=ask)
    assert reply.answer == "B" and [one.kind for one in reply.mended] == ["asked"]
    said = tents(prover, "sleeps(Ada) != 3", options=options, question=ask, meaning=False)
    assert said.failure == "no_option"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which one of the following must be true?", ("must", False)),
        ("If he can go, which one of the following must be false?", ("can", True)),
        ("Which one of the following CANNOT be true?", ("can", True)),
        ("Each of the following could be true EXCEPT:", ("can", True)),
        ("Each of the following must be true EXCEPT:", ("must", True)),
        ("Which one of the following could be the order?", ("can", False)),
        ("How many are there?", None),
        ("Which one of the following could be what must be there?", None),
    ],
)
def test_what_a_question_asks(question: str, expected: tuple[str, bool] | None) -> None:
    assert games.asks(question) == expected


# --- what is no program ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "kind"),
    [
        ("__import__('os').system('true') == 1", "syntax"),
        ("sleeps(Ada).__class__ == 1", "syntax"),
        ("(lambda: 1)() == 1", "syntax"),
        ("exec(Ada) == 1", "unknown_symbol"),
        ("sleeps(Dan) == 1", "unknown_symbol"),
        ("sleeps(1) == 1", "sort"),
        ("sleeps(Ada, Ben) == 1", "sort"),
        ("sleeps(Ada)", "sort"),
        ("Ada == Mon", "unknown_symbol"),
        ("ForAll([b:boys], sleeps(b) == 1)", "unknown_symbol"),
        ("ForAll([s], sleeps(s) == 1)", "syntax"),
        ("Implies(sleeps(Ada) == 1)", "syntax"),
        ("sleeps(Ada) == ", "syntax"),
        ("sleeps)Ada( == 1", "syntax"),
        ("(" * 2000 + "sleeps(Ada) == 1", "too_large"),
        ("Not(" * 70 + "sleeps(Ada) == 1" + ")" * 70, "too_large"),
        ("-" * 1000 + "1 == sleeps(Ada)", "too_large"),
        (" not" * 1000 + " sleeps(Ada) == 1", "too_large"),
        ("1 +" * 2000 + " 1 == sleeps(Ada)", "too_large"),
        ("2 ** 99999999 == sleeps(Ada)", "syntax"),
        ("sleeps(Ada) % 0 == 1 and sleeps(\x00) == 1", "syntax"),
    ],
)
def test_hostile_constraints_have_a_named_failure(
    prover: Z3Prover, constraint: str, kind: str
) -> None:
    with pytest.raises(ProgramError) as caught:
        tents(prover, constraint, options=("is_sat(sleeps(Ada) == 1)",))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("option", "kind"),
    [
        ("is_funny(sleeps(Ada) == 1)", "unsupported"),
        ("is_max(sleeps(Ada))", "unsupported"),
        ("Ada", "unsupported"),
        ("is_equivalent(sleeps(Ada) == 3, sleeps(Ada) == 1)", "unsupported"),
    ],
)
def test_questions_that_are_not_understood(prover: Z3Prover, option: str, kind: str) -> None:
    with pytest.raises(ProgramError) as caught:
        tents(prover, "sleeps(Ada) != 3", options=(option,))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "syntax"),
        ("x" * 60_000, "too_large"),
        ("\n" * 600, "too_large"),
        ("# Declarations\n# Constraints\n", "syntax"),
        ("# Declarations\n# Constraints\n# Constraints\n# Options\n", "syntax"),
        ("# Declarations\n# Constraints\n# Options\n", "syntax"),
        (f"# Declarations\na = EnumSort([{', '.join(map(str, range(300)))}])\n# Constraints\n"
         "# Options\n", "too_large"),
        ("# Declarations\na = EnumSort([1, 1])\n# Constraints\n# Options\n", "syntax"),
        ("# Declarations\na = EnumSort([])\n# Constraints\n# Options\n", "syntax"),
        ("# Declarations\na = EnumSort([p])\nf = Function([a] -> [int])\n# Constraints\n"
         "# Options\nis_sat(f(p) == 1) ::: (A)\n", "unsupported"),
    ],
)  # fmt: skip
def test_what_is_no_game(text: str, kind: str) -> None:
    with pytest.raises(ProgramError) as caught:
        games.read(text)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("cup [IN] [1, 2, 3]", "cup in a bag"), "syntax"),
        (("jug [IN]", "cup [IN]"), "syntax"),
        (("cup < jug", "cup < vase"), "unknown_symbol"),
        (("cup < jug", "cup"), "sort"),
        (("A) ", ""), "syntax"),
        (("B) ", "A) "), "syntax"),
        (("Query:", "Quest:"), "syntax"),
    ],
)
def test_what_is_no_puzzle(change: tuple[str, str], kind: str) -> None:
    with pytest.raises(ProgramError) as caught:
        assignments.read(SHELF.format(pot=2).replace(*change))
    assert caught.value.kind == kind


def test_a_problem_that_explodes_when_written_out_is_too_large(prover: Z3Prover) -> None:
    scope = ", ".join(f"s{n}:scouts" for n in range(14))
    with pytest.raises(ProgramError) as caught:
        tents(prover, f"ForAll([{scope}], sleeps(s1) == 1)", options=("is_sat(sleeps(Ada) == 1)",))
    assert caught.value.kind == "too_large"


# --- against trying all cases ----------------------------------------------------------------

PEOPLE = Domain("people", ("ann", "bob", "cat"))
SEATS = Domain("seats", (Fraction(1), Fraction(2), Fraction(3)))
FUNCTIONS = {
    "seat": Function("seat", (PEOPLE,), SEATS),
    "likes": Function("likes", (PEOPLE,), PEOPLE),
}
_ARITHMETIC: tuple[Operator, ...] = ("+", "-", "*", "%")
_COMPARISONS: tuple[Operator, ...] = ("==", "!=", "<", "<=", ">", ">=")
_CONNECTIVES: tuple[Operator, ...] = ("and", "or", "implies", "xor")
_QUANTIFIERS: tuple[Literal["all", "some"], ...] = ("all", "some")
PLACES = {"ann": 1, "bob": 2, "cat": 3}


def some_number(chance: random.Random, scope: tuple[str, ...], depth: int) -> Expression:
    pick = chance.randrange(6 if depth else 3)
    person = some_person(chance, scope, depth - 1)
    sign: Operator
    match pick:
        case 0:
            return Constant(Fraction(chance.randrange(4)))
        case 1 | 2:
            return Cell("seat", (person,))
        case 3:
            sign = chance.choice(_ARITHMETIC)
            first = some_number(chance, scope, depth - 1)
            return Operation(sign, (first, some_number(chance, scope, depth - 1)))
        case 4:
            body = some_truth(chance, (*scope, "n"), depth - 1)
            return Over("count", (("n", PEOPLE),), body)
        case _:
            return Over("sum", (("m", PEOPLE),), some_number(chance, (*scope, "m"), depth - 1))


def some_person(chance: random.Random, scope: tuple[str, ...], depth: int) -> Expression:
    if scope and chance.random() < 0.6:
        return Variable(chance.choice(scope))
    if depth > 0 and chance.random() < 0.4:
        inner = some_person(chance, scope, depth - 1)
        after = Operation("+", (inner, Constant(Fraction(1))))
        return Cell("likes", (chance.choice((inner, after)),))
    return Constant(chance.choice(("ann", "bob", "cat")))


def some_truth(chance: random.Random, scope: tuple[str, ...], depth: int) -> Expression:
    pick = chance.randrange(9 if depth else 2)
    sign: Operator
    match pick:
        case 0:
            sign = chance.choice(_COMPARISONS)
            left, right = (some_number(chance, scope, depth) for _ in range(2))
            return Operation(sign, (left, right))
        case 1:
            sign = chance.choice(_COMPARISONS[:3])
            left, right = (some_person(chance, scope, depth) for _ in range(2))
            return Operation(sign, (left, right))
        case 2 | 3 | 4:
            sign = chance.choice(_CONNECTIVES)
            left, right = (some_truth(chance, scope, depth - 1) for _ in range(2))
            return Operation(sign, (left, right))
        case 5:
            return Operation("not", (some_truth(chance, scope, depth - 1),))
        case 6:
            return Over("distinct", (("d", PEOPLE),), some_number(chance, (*scope, "d"), depth - 1))
        case _:
            return Over(
                chance.choice(_QUANTIFIERS),
                (("p", PEOPLE),),
                some_truth(chance, (*scope, "p"), depth - 1),
            )


@pytest.mark.parametrize("seed", range(60))
def test_the_prover_agrees_with_trying_all_cases(prover: Z3Prover, seed: int) -> None:
    chance = random.Random(seed)
    constraints = tuple(Constraint(some_truth(chance, (), 3)) for _ in range(2))
    problem = ConstraintProblem(FUNCTIONS, constraints, PLACES)
    claim = some_truth(chance, (), 3)
    truths = {evaluate(problem, claim, case) is True for case in cases(problem)}
    encoder = Encoder(problem)
    goal = encoder.formula(claim)
    result = prover.prove(Problem(encoder.encoded().premises, goal))
    expected = {
        frozenset(): Outcome.INCONSISTENT,
        frozenset({True}): Outcome.PROVED,
        frozenset({False}): Outcome.REFUTED,
        frozenset({True, False}): Outcome.INDEPENDENT,
    }[frozenset(truths)]
    assert result.outcome is expected
    if isinstance(result.evidence, TwoModels):
        for model, wanted in (
            (result.evidence.goal_true, True),
            (result.evidence.goal_false, False),
        ):
            assert (evaluate(problem, claim, encoder.case(model)) is True) is wanted


def test_a_fixed_claim_leaves_exactly_one_case(prover: Z3Prover) -> None:
    one = Domain("one", (Fraction(1), Fraction(2)))
    functions = {name: Function(name, (), one) for name in ("a", "b")}
    differ = Constraint(Operation("!=", (Cell("a"), Cell("b"))))
    claim = Operation("==", (Cell("a"), Constant(Fraction(1))))
    for constraints, expected in (((differ,), True), ((), False)):
        problem = ConstraintProblem(functions, constraints)
        asked = (Lettered("A", Ask("fixed", (claim,))),)
        reply = answer(problem, asked, (), prover.prove)
        assert reply.options[0].holds is expected
