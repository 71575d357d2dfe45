"""Back-translation: readable, total, and read back as the same formula where English has a form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.translate.english import translate
from neurosym.translate.rendering import MAX_DEPTH, render
from provers.base import Limits, Outcome, Problem
from provers.logic.formats import parse
from provers.logic.syntax import (
    And,
    Apply,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Term,
    Var,
    Xor,
)
from provers.z3 import Z3Prover
from tests.provers.logic.strategies import UNICODE, formulas

X = Var("x")
UNARY = ("dog", "wumpus", "computer_scientist", "big", "kind", "red", "bark", "british")
BINARY = ("eat", "like", "taller_than", "live_in", "afraid_of", "in", "chase")
CONSTANTS = tuple(map(Apply, ("bob", "the_cat", "harry_potter", "the_bald_eagle")))


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("∀x (dog(x) → ¬big(x))", "Every dog is not big."),
        ("∀x (big(x) → like(x, the_cat))", "If something is big then it likes the cat."),
        ("eat(bob, the_cat)", "Bob eats the cat."),
        ("¬eat(bob, the_cat)", "Bob does not eat the cat."),
        ("taller_than(bob, harry_potter)", "Bob is taller than Harry Potter."),
        ("∃x (dog(x) ∧ ¬red(x))", "Something is a dog and is not red."),
        ("¬∃x (dog(x) ∧ red(x))", "It is not the case that something is a dog and is red."),
        ("dog(bob) → (big(bob) ∧ red(bob))", "If Bob is a dog then Bob is big and Bob is red."),
        ("LovesDog(rina)", "Rina loves dog."),
        ("WantToBeAddicted(rina)", "Rina wants to be addicted."),
        ("¬IsStudent(rina)", "Rina is not a student."),
        ("ProducedBy(tintin, paramount)", "Tintin is produced by Paramount."),
        ("CanFly(newYorkCity)", "New York City can fly."),
        ("age(bob) > 30", "The age of Bob is more than 30."),
        ("price = 3 * (nuts + 12)", "Price is 3 times (Nuts plus 12)."),
        (
            "∀x ∃y (Knows(x, y) ⊕ ¬P(y))",
            "For every x, for some y, either x knows y or y is not a p but not both.",
        ),
    ],
)
def test_says_it_in_english(formula: str, text: str) -> None:
    assert render(parse(formula, "unicode")) == text


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    z3 = Z3Prover()
    yield z3
    z3.close()


def _atoms(terms: tuple[Term, ...], others: tuple[Term, ...]) -> st.SearchStrategy[Formula]:
    one = st.builds(lambda n, t: Pred(n, (t,)), st.sampled_from(UNARY), st.sampled_from(terms))
    two = st.builds(
        lambda n, a, b: Pred(n, (a, b)),
        st.sampled_from(BINARY),
        st.sampled_from(terms),
        st.sampled_from(others),
    )
    return one | two


def _literals(terms: tuple[Term, ...]) -> st.SearchStrategy[Formula]:
    atoms = _atoms(terms, CONSTANTS)
    return atoms | atoms.map(Not)


def _lists(literals: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(literals, min_size=2, max_size=3).map(tuple)
    return literals | several.map(And) | several.map(Or)


ABOUT = _lists(_literals((X,)))
FACTS = _literals(CONSTANTS)
FRAGMENT: st.SearchStrategy[Formula] = st.one_of(
    st.builds(lambda a, b: Forall((X,), Implies(a, b)), ABOUT, ABOUT),
    st.builds(lambda a, b: Forall((X,), Implies(a, b)), ABOUT, FACTS),
    ABOUT.map(lambda body: Exists((X,), body)),
    ABOUT.map(lambda body: Forall((X,), body)),
    _literals((X,)).map(lambda body: Not(Exists((X,), body))),
    _lists(FACTS),
    st.builds(Implies, _lists(FACTS), _lists(FACTS)),
    st.builds(Iff, FACTS, FACTS),
    st.builds(Xor, FACTS, FACTS),
)


@settings(max_examples=150)
@given(FRAGMENT)
def test_reads_back_as_the_same(prover: Z3Prover, formula: Formula) -> None:
    back = translate(render(formula))
    assert len(back.formulas) == 1, back.messages
    same = Problem((), Iff(formula, back.formulas[0]))
    assert back.formulas[0] == formula or (
        prover.prove(same, Limits(seconds=5)).outcome is Outcome.PROVED
    )


@given(formulas(UNICODE))
def test_never_fails(formula: Formula) -> None:
    text = render(formula)
    assert text.endswith(".")
    assert "\n" not in text


def test_odd_names() -> None:
    for name in ("", "_", "é", "𝔸", "1", "is", "a b", "x" * 5000, "The", "n\n"):
        assert render(Pred(name, (Apply(name),))).endswith(".")
        assert render(Pred(name)).endswith(".")


def test_deep_formulas_are_named_and_not_walked() -> None:
    formula: Formula = Pred("p")
    for _ in range(100_000):
        formula = Not(formula)
    assert render(formula) == f"A formula nested deeper than {MAX_DEPTH}."
