"""The front door: notations by name, and by the look of the text."""

from __future__ import annotations

import pytest

from provers.errors import InputError
from provers.logic.formats import detect, parse, write
from provers.logic.syntax import Apply, Forall, Implies, Pred, Var

DOGS = Forall((Var("x"),), Implies(Pred("Dog", (Var("x"),)), Pred("Animal", (Var("x"),))))


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("all x. (Dog(x) -> Animal(x))", "nltk"),
        ("Dog(rex)", "nltk"),
        ("∀x (Dog(x) → Animal(x))", "unicode"),
        ("¬Dog(rex)", "unicode"),
        ("! [X] : (dog(X) => animal(X))", "tptp"),
        ("~ dog(rex)", "tptp"),
    ],
)
def test_auto_goes_by_symbols(text: str, notation: str) -> None:
    assert detect(text) == notation


@pytest.mark.parametrize("notation", ["nltk", "unicode"])
def test_both_ways(notation: str) -> None:
    text = write(DOGS, notation)
    assert parse(text, notation) == parse(text) == DOGS


def test_an_unknown_notation_is_named_with_the_known_ones() -> None:
    for use in (lambda: parse("P", "prolog"), lambda: write(Pred("P", (Apply("a"),)), "prolog")):
        with pytest.raises(InputError, match=r"'prolog'.*nltk, unicode, tptp, auto"):
            use()
