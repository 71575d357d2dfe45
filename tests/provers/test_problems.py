"""From text to problem: closing of free variables, flags, and errors that say which text."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from provers.errors import ParseError, SortError
from provers.logic.syntax import Forall, Not, Pred, Var
from provers.problems import read_problem

x = Var("x")
Px = Pred("P", (x,))


def test_closed_text_has_no_flags() -> None:
    problem = read_problem(["all x. P(x)"], "P(a)", "nltk")
    assert problem.flags == () and problem.negation is None
    assert problem.negated_goal == Not(problem.goal)


def test_free_variables_close_goal_and_negation_apart() -> None:
    problem = read_problem(["Q(x)"], "P(x)", "nltk")
    assert problem.premises == (Forall((x,), Pred("Q", (x,))),)
    assert problem.goal == Forall((x,), Px)
    assert problem.negated_goal == Forall((x,), Not(Px))
    assert problem.flags == ("free_variable",)


def test_a_free_variable_in_a_premise_leaves_the_negation_alone() -> None:
    problem = read_problem(["P(x)"], "P(a)", "unicode")
    assert problem.negation is None and problem.flags == ("free_variable",)


def test_two_arities_are_flagged() -> None:
    assert read_problem(["P(a)"], "P(a, b)", "nltk").flags == ("symbol_arity_conflict",)


def test_no_goal() -> None:
    problem = read_problem(["P"], None, "nltk")
    assert problem.goal is None and problem.negation is None


def test_errors_say_which_text() -> None:
    with pytest.raises(ParseError, match="premise 2: ") as caught:
        read_problem(["P", "Q &"], "R", "nltk")
    assert caught.value.column == 4
    with pytest.raises(ParseError, match="goal: "):
        read_problem(["P"], "Q &", "nltk")
    with pytest.raises(SortError):
        read_problem(["P(a)"], "∃x (P(x) ∧ x > 1)", "unicode")


def _data() -> Path:
    default = Path(__file__).parents[2].parent / "shared" / "data"
    return Path(os.environ.get("NEUROSYM_DATA", default))


def test_what_ran_for_linc_is_read_here() -> None:
    folder = _data() / "recorded"
    if not folder.is_dir():
        pytest.skip("no recorded LINC outputs; set NEUROSYM_DATA")
    samples = failed = 0
    for name in ("gpt4_folio", "gpt35_folio"):
        for line in (folder / f"linc_{name}_8shot.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            if record["prover9"] == "Error":
                continue
            texts = [t[4:] for t in record["text"].split("\n") if t.startswith("FOL:")]
            samples += 1
            try:
                read_problem(texts[:-1], texts[-1], "nltk")
            except ParseError as error:
                # Prover9 took a minus sign before a term for a function.
                assert "negates a formula, not a term" in str(error)
                failed += 1
    assert samples > 2500 and failed <= 2
