"""Lean statements from a model: what it may write, Lean's complaints, and the vote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.llm.opening import open_model
from neurosym.translate import propositions, statements
from neurosym.translate.statements import HEADER, check_statement, translate_statement
from provers.base import LeanProblem, Limits, Outcome
from provers.errors import MissingToolError, ParseError
from provers.lean.base import Checker
from provers.lean.judge import judge
from provers.lean.source import without_proof
from tests.neurosym.translate.scripted import Scripted, Strings

TEXT = "Two numbers add up to 7 and differ by 3. Show that the larger is 5."
GOOD = "theorem step (x y : ℤ) (h1 : x + y = 7) (h2 : x - y = 3) : x = 5"
OTHER = "theorem step (a b : ℤ) (h1 : a - b = 3) (h2 : b + a = 7) : a = 5"
WRONG = "theorem step (x y : ℤ) (h1 : x + y = 7) (h2 : x - y = 3) : x = 4"
BAD = "theorem step (x y : ℤ) (h1 : x + y = 7) : foo x = 5"


def test_a_statement_that_lean_elaborates_is_kept(lean_checker: Checker) -> None:
    model = Scripted([GOOD])
    found = translate_statement(TEXT, model, lean_checker)
    assert (found.status, found.statement) == ("translated", HEADER + GOOD)
    assert (found.at_once, found.elaborated, found.rounds) == (1, 1, 0)
    assert (found.agreement, found.tokens, found.model) == (1.0, len(GOOD), "scripted")
    assert len(found.prompt) == 64 and found.messages == ()
    assert TEXT in model.asked[0].messages[-1].content
    assert model.asked[0].grammar == statements.grammar()


def test_what_is_kept_has_no_proof(lean_checker: Checker) -> None:
    found = translate_statement(TEXT, Scripted([GOOD]), lean_checker)
    judged = judge(
        lean_checker, LeanProblem(without_proof(found.statement), found.statement), Limits(60.0)
    )
    assert judged.outcome is Outcome.UNKNOWN and judged.flags == ("sorry",)


def test_lean_s_complaint_goes_back_to_the_model(lean_checker: Checker) -> None:
    model = Scripted([BAD, GOOD])
    found = translate_statement(TEXT, model, lean_checker)
    assert (found.status, found.at_once, found.elaborated, found.rounds) == ("translated", 0, 1, 1)
    shown, told = model.asked[1].messages[-2:]
    assert shown.content == BAD
    assert f"line 1, column {BAD.index('foo') + 1}: " in told.content


def test_only_the_last_draft_is_shown_again(lean_checker: Checker) -> None:
    model = Scripted([BAD, BAD.replace("foo", "bar"), BAD])
    found = translate_statement(TEXT, model, lean_checker)
    assert (found.status, found.statement, found.rounds) == ("untranslated", "", 2)
    assert "foo" in found.messages[0]
    first, last = model.asked[1].messages, model.asked[2].messages
    assert len(first) == len(last) and "bar" in last[-1].content and "foo" not in last[-1].content


def test_samples_that_say_the_same_are_one_answer(lean_checker: Checker) -> None:
    found = translate_statement(TEXT, Scripted([WRONG, GOOD, OTHER]), lean_checker, samples=3)
    assert found.status == "translated"
    assert [(c.statement, c.votes) for c in found.candidates] == [
        (HEADER + GOOD, 2),
        (HEADER + WRONG, 1),
    ]
    assert found.agreement == pytest.approx(2 / 3)


def test_as_many_for_another_reading_are_ambiguous(lean_checker: Checker) -> None:
    found = translate_statement(TEXT, Scripted([WRONG, GOOD]), lean_checker, samples=2)
    assert found.status == "ambiguous" and len(found.candidates) == 2


def test_rational_numbers_for_real_ones_are_remarked(lean_checker: Checker) -> None:
    statement = "theorem step (x : ℚ) (h : 2 * x = 3) : x = 3 / 2"
    found = translate_statement("For a real x, 2x = 3.", Scripted([statement]), lean_checker)
    assert found.status == "translated" and "rational" in found.messages[0]


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("theorem step : 1 = 1 := rfl", ":="),
        ("theorem step : 1 = 1 := by sorry", ":="),
        ("theorem step : sorry", "sorry"),
        ("theorem step : sorryAx Prop", "sorryAx"),
        ("theorem step : 1 = 1\naxiom a : 1 = 2", "axiom"),
        ("theorem step : 1 = 1\ntheorem step2 : 1 = 2", "theorem"),
        ("import Lean\ntheorem step : 1 = 1", "import"),
        ('theorem step : 1 = 1 #eval "x"', "#eval"),
        ("theorem step (h : by exact 1 = 2) : 1 = 2", "by"),
        ("theorem step : (fun x => x) 1 = 1", "fun"),
        ("theorem step -- : 1 = 1\n : 1 = 2", "-- :"),
        ("theorem step (True : Prop) : True", "True"),
        ("theorem step", "the end"),
        ("", "the end"),
        ("theorem step (y : ℕ) : x + y = 2", "x is not declared"),
        ("theorem step : 1 / 2 + 1 / 3 = 0", "use ℚ"),
        ("theorem step : " + "(" * 5000, "longer than"),
    ],
)
def test_what_is_no_statement_is_refused(statement: str, complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint.replace("(", r"\(").replace("#", r"\#")):
        check_statement(statement)


def test_a_model_that_ignores_the_grammar_proves_nothing(lean_checker: Checker) -> None:
    answers = [f"{WRONG} := by sorry", f"{WRONG} := by native_decide", "I refuse."]
    found = translate_statement(TEXT, Scripted(answers), lean_checker)
    assert found.status == "untranslated" and found.candidates == ()


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.integers(10, 120))
def test_what_the_grammar_generates_is_read(seed: int, size: int) -> None:
    statement = STRINGS.draw(seed, size)
    try:
        check_statement(statement)
    except ParseError as error:  # what a reader may have against well-formed text, and no more
        allowed = ("not declared", "use ℚ", "longer than")
        assert any(words in str(error) for words in allowed), statement


STRINGS = Strings(statements.grammar())


@pytest.mark.parametrize("word", ["by", "sorry", "sorryAx", "axiom", "True", "Nat", "import"])
def test_the_grammar_spells_no_word_of_a_proof(word: str) -> None:
    xgrammar = pytest.importorskip("xgrammar")
    testing = pytest.importorskip("xgrammar.testing")
    grammar = xgrammar.Grammar.from_ebnf(statements.grammar())
    accepts = testing._is_grammar_accept_string
    assert accepts(grammar, f"theorem step (x{word} : ℕ) : x{word} = 1")
    assert not accepts(grammar, f"theorem step ({word} : ℕ) : 2 = 1")
    assert not accepts(grammar, f"theorem step : 2 = 1 := {word}")


# --- what says the same --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("(x : ℕ) (h : 2 * x = 14) : x = 7", "(y : ℕ) (k : 2 * y = 14) : y = 7", True),
        ("(n : ℕ) (h : n % 2 = 1) : n * n % 2 = 1", ": ∀ m : ℕ, m % 2 = 1 → m * m % 2 = 1", True),
        ("(x : ℚ) (h : 2 * x = 14) : x = 7", "(x : ℚ) (h : x = 14 / 2) : 7 = x", True),
        (": 16 - 3 - 4 = 9", ": 16 - (3 + 4) = 9", True),
        # Both follow, and are two claims.
        (
            "(x y : ℤ) (h : x = 3) (k : y = 4) : x + y = 7",
            "(x y : ℤ) (h : x = 3) (k : y = 4) : x * y = 12",
            False,
        ),
        (": 3 + 4 = 7", ": 2 * 9 = 18", False),
        ("(x : ℚ) (h : 2 * x = 14) : x = 7", "(x : ℤ) (h : 2 * x = 14) : x = 7", False),
        ("(x : ℕ) (h : 2 * x = 14) : x = 7", "(x : ℕ) (h : 3 * x = 21) : x = 8", False),
        ("(x : ℕ) (h : x < 12) : x < 20", "(x : ℕ) (h : x < 1) : x < 20", False),
    ],
)
def test_same(first: str, second: str, wanted: bool, lean_checker: Checker) -> None:
    one, other = f"{HEADER}theorem step {first}", f"{HEADER}theorem step {second}"
    assert propositions.same(one, other, lean_checker) is wanted
    assert propositions.same(other, one, lean_checker) is wanted


def test_a_bound_variable_is_not_captured(lean_checker: Checker) -> None:
    one = f"{HEADER}theorem step (x : ℕ) : ∃ y : ℕ, y = x + 1"
    other = f"{HEADER}theorem step (y : ℕ) : ∃ y : ℕ, y = y + 1"
    assert not propositions.same(one, other, lean_checker)


@pytest.mark.model
def test_the_default_model_states_a_text(lean_checker: Checker) -> None:
    try:
        model = open_model("default")
    except MissingToolError as error:
        pytest.skip(str(error))
    try:
        found = translate_statement(
            "Find the remainder of 2^8 when it is divided by 5. Show that it is 1.",
            model,
            lean_checker,
        )
    finally:
        model.close()
    assert found.status == "translated"
    check_statement(found.statement.removeprefix(HEADER))
