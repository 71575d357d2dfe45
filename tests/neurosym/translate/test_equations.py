"""Arithmetic in SMT-LIB from a model: reading, complaints, the vote by what the solver says."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.translate import equations
from neurosym.translate.arithmetic import Quantities
from neurosym.translate.equations import Kind, read_script, translate_equations
from provers.base import Limits, Outcome
from provers.errors import InputError, ParseError, SortError
from provers.recheck import recheck
from provers.z3 import Z3Prover
from tests.neurosym.translate.scripted import Scripted, Strings

TEXT = "Tom is twice as old as Ann. In 4 years they will be 38 years together. How old is Ann?"
GOOD = """(declare-const tom Int)
(declare-const ann Int)
(assert (= tom (* 2 ann)))
(assert (= (+ (+ tom 4) (+ ann 4)) 38))
(get-value (ann))"""
SHORT = """(declare-const a Real)
(assert (= (+ (* 2 a) a 8) 38))
(get-value (a))"""
WRONG = GOOD.replace("(+ ann 4)", "ann")
CLAIM = "(define-fun goal () Bool (= ann 1))"
OPEN = """(declare-const tom Int)
(declare-const ann Int)
(assert (= tom (* 2 ann)))
(get-value (ann))"""


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def test_a_problem_has_the_solver_s_value(z3: Z3Prover) -> None:
    model = Scripted([GOOD])
    found = translate_equations(TEXT, model, z3)
    assert (found.status, found.value, found.flags) == ("translated", 10, ())
    assert (found.at_once, found.formed, found.rounds, found.agreement) == (1, 1, 0, 1.0)
    assert model.asked[0].grammar == equations.grammar("problem")
    assert model.asked[0].messages[-1].content == f"Problem: {TEXT}"
    assert found.problem is not None
    proved = z3.prove(found.problem, Limits(5.0))
    assert proved.outcome is Outcome.PROVED
    assert recheck(found.problem, proved).ok


def test_a_step_is_stated_and_not_decided(z3: Z3Prover) -> None:
    claim = "(define-fun goal () Bool (= (- 80 (* 80 0.25)) 61))"
    text = "25% of the 80 litres leak out, so 80 - 80 * 0.25 = 61 litres are left."
    found = translate_equations(text, Scripted([claim]), z3, kind="step")
    assert (found.status, found.value, found.flags) == ("translated", None, ())
    assert found.problem is not None
    assert z3.prove(found.problem, Limits(5.0)).outcome is Outcome.REFUTED


def test_numbers_from_nowhere_are_flagged(z3: Z3Prover) -> None:
    changed = GOOD.replace("38", "41")
    found = translate_equations(TEXT, Scripted([changed]), z3)
    assert found.flags == ("unfaithful",) and "41" in found.messages[-1]
    known = Quantities.from_text("Later it turns out that it is 41 years.")
    assert translate_equations(TEXT, Scripted([changed]), z3, known=known).flags == ()


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        (OPEN, "the assertions do not determine ann"),
        (GOOD.replace("(get", "(assert (> tom 50))\n(get"), "these assertions contradict"),
        (GOOD.replace("const tom Int", "const tom Real"), "declare ann Real too"),
        (GOOD.replace("(* 2 ann)", "(/ ann 2)"), "declare all quantities Real"),
        (GOOD.replace("(* 2 ann)", "(* 2 lea)"), "lea is not declared"),
        (GOOD[:-1], "'the end'"),
        (GOOD + "\n(check-sat)", "'(check-sat)'"),
        (
            GOOD.replace("(get-value (ann))", "(define-fun goal () Bool (= ann 1))"),
            "a problem ends",
        ),
        ("The answer is 10.", "'The answer is 10.'"),
    ],
)
def test_what_is_wrong_goes_back_to_the_model(script: str, complaint: str, z3: Z3Prover) -> None:
    model = Scripted([script, GOOD])
    found = translate_equations(TEXT, model, z3)
    assert (found.status, found.value) == ("translated", 10)
    assert (found.at_once, found.formed, found.rounds) == (0, 1, 1)
    shown, told = model.asked[1].messages[-2:]
    assert shown.content == script and complaint in told.content


def test_without_a_script_that_holds_there_is_no_translation(z3: Z3Prover) -> None:
    found = translate_equations(TEXT, Scripted([OPEN, OPEN, OPEN]), z3)
    assert (found.status, found.problem, found.rounds) == ("untranslated", None, 2)
    assert found.messages == ("the assertions do not determine ann",)


def test_samples_with_one_value_agree(z3: Z3Prover) -> None:
    found = translate_equations(TEXT, Scripted([WRONG, GOOD, SHORT]), z3, samples=3, rounds=0)
    assert (found.status, found.value, found.agreement) == ("translated", 10, pytest.approx(2 / 3))
    assert [c.votes for c in found.candidates] == [2]  # 34 years make no whole number
    assert found.candidates[0].script == GOOD


def test_as_many_for_another_value_are_ambiguous(z3: Z3Prover) -> None:
    other = SHORT.replace("a 8)", "a 4)")
    found = translate_equations(TEXT, Scripted([GOOD, other]), z3, samples=2)
    assert found.status == "ambiguous"
    assert [c.value for c in found.candidates] == [10, Fraction(34, 3)]


def test_steps_agree_where_they_compare_the_same_values(z3: Z3Prover) -> None:
    first = "(define-fun goal () Bool (= (- 16 3 4) 9))"
    second = "(define-fun goal () Bool (= 9 (- 16 (+ 3 4))))"
    third = "(define-fun goal () Bool (= (- 16 4) 12))"
    text = "She eats 3 and bakes 4 of her 16 eggs, so 16 - 3 - 4 = 9 are left."
    found = translate_equations(text, Scripted([third, first, second]), z3, kind="step", samples=3)
    assert found.status == "translated" and [c.votes for c in found.candidates] == [2, 1]


def test_steps_over_unknowns_agree_by_proof(z3: Z3Prover) -> None:
    head = "(declare-const x Real)\n(declare-const y Real)\n"
    first = f"{head}(define-fun goal () Bool (=> (< x y) (< (+ x 1) (+ y 1))))"
    second = f"{head}(define-fun goal () Bool (=> (> y x) (> (+ y 1) (+ x 1))))"
    found = translate_equations("x", Scripted([first, second]), z3, kind="step", samples=2)
    assert found.status in ("translated", "ambiguous") and found.formed == 2


def test_left_operands_come_first() -> None:
    script = read_script("(define-fun goal () Bool (= (- 10 3 2) (/ 10 2)))")
    again = read_script("(define-fun goal () Bool (= (- (- 10 3) 2) (/ 10 2)))")
    assert script.claim == again.claim


@pytest.mark.parametrize(
    "script",
    [
        "(" * 3000,
        "(assert " * 60,
        "(get-value (x))" * 400,
        "",
        "(define-fun goal () Bool (= 1 (+ 1)))",
    ],
)
def test_hostile_scripts_are_refused(script: str) -> None:
    with pytest.raises(ParseError):
        read_script(script)


def test_sorts_are_checked() -> None:
    with pytest.raises(SortError, match="do not mix"):
        read_script(GOOD.replace("const tom Int", "const tom Real"))


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(10, 120), st.sampled_from(["problem", "step"]))
def test_what_the_grammar_generates_is_read(seed: int, size: int, kind: Kind) -> None:
    script = STRINGS[kind].draw(seed, size)
    try:
        read = read_script(script)
    except InputError as error:  # what a reader may have against well-formed text, and no more
        allowed = ("declared", "declare", "longer than", "nests deeper", "takes two operands")
        assert any(words in str(error) for words in allowed), script
    else:
        assert (read.claim is None) is (kind == "problem")


STRINGS: dict[str, Strings] = {
    kind: Strings(equations.grammar(kind)) for kind in ("problem", "step")
}
