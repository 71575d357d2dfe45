"""E on problems and files: outcomes, evidence, and what may not be claimed."""

from __future__ import annotations

import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers import atp
from provers.base import (
    Attempts,
    LeanProblem,
    Limits,
    Outcome,
    Problem,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
)
from provers.errors import InputError, MissingToolError, ParseError
from provers.logic.formats.tptp import parse_formula
from provers.logic.syntax import INT, Compare, Forall, Formula, Not, Pred, Var, closure
from provers.recheck import recheck
from provers.tptp import EProver, TptpProver, VampireProver, read_tptp


@pytest.fixture(scope="module")
def eprover() -> Iterator[EProver]:
    try:
        prover = EProver()
    except MissingToolError as error:
        pytest.skip(str(error))
    yield prover
    prover.close()


def f(text: str) -> Formula:
    return closure(parse_formula(text))


def problem(goal: str | None, *premises: str) -> Problem:
    return Problem(tuple(map(f, premises)), None if goal is None else f(goal))


RULE = "![X]: (dog(X) => animal(X))"
# No finite model, and nothing that E saturates.
ORDER = ("![X]: ?[Y]: lt(X,Y)", "![X,Y,Z]: ((lt(X,Y) & lt(Y,Z)) => lt(X,Z))", "![X]: ~lt(X,X)")


@pytest.mark.parametrize(
    ("asked", "outcome", "used"),
    [
        (problem("animal(rex)", "cat(tom)", RULE, "dog(rex)"), Outcome.PROVED, (1, 2)),
        (problem("~animal(rex)", "cat(tom)", RULE, "dog(rex)"), Outcome.REFUTED, (1, 2)),
        (problem("p | ~p"), Outcome.PROVED, ()),
        (problem("q", "r", "p", "~p"), Outcome.INCONSISTENT, (1, 2)),
        (problem("p", "p", "~p"), Outcome.INCONSISTENT, (0, 1)),
        (problem(None, "r", "p", "~p"), Outcome.INCONSISTENT, (1, 2)),
        (problem("![X]: ?[Y]: r(X,Y)", "![X]: r(X,f(X))"), Outcome.PROVED, (0,)),
    ],
)
def test_outcomes_carry_minimal_evidence_that_is_replayed(
    eprover: EProver, asked: Problem, outcome: Outcome, used: tuple[int, ...]
) -> None:
    result = eprover.prove(asked, Limits(5))
    assert result.outcome is outcome, result
    assert isinstance(result.evidence, Refutation)
    assert result.evidence.used == used
    assert result.evidence.minimal
    checked = recheck(asked, result)
    assert checked.ok and checked.how == "replayed", checked


def test_saturation_on_both_sides_is_not_independence(eprover: EProver) -> None:
    result = eprover.prove(problem("animal(rex)", RULE), Limits(5))
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "incomplete")
    assert result.szs == "CounterSatisfiable"
    assert isinstance(result.evidence, Attempts) and len(result.evidence.tried) == 2


def test_satisfiable_premises_need_a_model(eprover: EProver) -> None:
    result = eprover.prove(problem(None, "p"), Limits(5))
    assert (result.outcome, result.reason, result.szs) == (
        Outcome.UNKNOWN,
        "incomplete",
        "Satisfiable",
    )


def test_time_is_kept_and_named(eprover: EProver) -> None:
    start = time.monotonic()
    result = eprover.prove(problem("lt(a,b)", *ORDER, "lt(c,f(c))"), Limits(1))
    assert time.monotonic() - start < 6
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout"), result


def test_a_proof_without_a_consistency_check_says_so(eprover: EProver) -> None:
    result = eprover.prove(problem("q", *ORDER, "p", "p => q"), Limits(3))
    assert result.outcome is Outcome.PROVED
    assert any("not shown to be satisfiable" in m.text for m in result.messages)


def test_names_that_tptp_tools_would_mix_up_are_kept_apart(eprover: EProver) -> None:
    assert eprover.prove(problem("'$true'", "p"), Limits(5)).outcome is Outcome.UNKNOWN
    assert eprover.prove(problem("1 != 2", "p"), Limits(5)).outcome is Outcome.UNKNOWN
    assert eprover.prove(problem("p(esk1_0)", "?[X]: p(X)"), Limits(5)).outcome is Outcome.UNKNOWN
    asked = problem("?[X]: 'É t'(X,dog)", "dog(dog)", "![X]: (dog(X) => 'É t'(dog(X),X))")
    result = eprover.prove(asked, Limits(5))
    assert result.outcome is Outcome.PROVED, result
    assert recheck(asked, result).ok


def test_prover9_negation_is_its_own_goal(eprover: EProver) -> None:
    asked = Problem((f("p(a)"), f("~p(b)")), f("![X]: p(X)"), f("![X]: ~p(X)"))
    # Not all are p and not all are not p, so nothing is refuted here.
    assert eprover.prove(asked, Limits(5)).outcome is Outcome.UNKNOWN
    assert eprover.prove(Problem(asked.premises, asked.goal), Limits(5)).outcome is Outcome.REFUTED


def test_wrong_evidence_does_not_pass_the_recheck(eprover: EProver) -> None:
    asked = problem("animal(rex)", RULE, "dog(rex)")
    result = eprover.prove(asked, Limits(5))
    assert not recheck(problem("animal(rex)", RULE, "dog(tom)"), result).ok
    assert not recheck(problem("animal(tom)", RULE, "dog(rex)"), result).ok
    assert isinstance(result.evidence, Refutation)
    fewer = Refutation("goal", (0,), proof=result.evidence.proof)
    assert not recheck(asked, Result(Outcome.PROVED, "eprover", 0.1, evidence=fewer)).ok


def test_what_is_not_first_order_is_unsupported(eprover: EProver) -> None:
    number = Var("n", INT)
    arithmetic = Problem((Forall((number,), Compare("<", number, number)),), Pred("p"))
    for asked in (arithmetic, ScriptProblem("smtlib", "(check-sat)"), LeanProblem("")):
        result = eprover.prove(asked, Limits(5))
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "unsupported")


# --- files ---------------------------------------------------------------------------------

THEOREM = """
fof('all men', axiom, ![X]: (man(X) => mortal(X))).   % a comment
fof(man, hypothesis, man(socrates)).
fof(unused, axiom, man(plato)).
fof(claim, conjecture, mortal(socrates)).
"""
CLAUSES = """
cnf(rule, axiom, ~man(X) | mortal(X)).
cnf(fact, hypothesis, man(socrates)).
cnf(goal, negated_conjecture, ~mortal(socrates)).
"""


@pytest.mark.parametrize(
    ("text", "outcome", "szs", "core"),
    [
        (THEOREM, Outcome.PROVED, "Theorem", {"all men", "man", "claim"}),
        (CLAUSES, Outcome.PROVED, "Unsatisfiable", {"rule", "fact", "goal"}),
        (
            CLAUSES + "cnf(not, axiom, ~man(X)).",
            Outcome.INCONSISTENT,
            "ContradictoryAxioms",
            {"fact", "not"},
        ),
        ("cnf(a, axiom, p). cnf(b, axiom, ~p).", Outcome.INCONSISTENT, "Unsatisfiable", {"a", "b"}),
        (
            "fof(a, axiom, p). fof(a, axiom, ~p). fof(g, conjecture, q).",
            Outcome.INCONSISTENT,
            "ContradictoryAxioms",
            {"a"},
        ),
    ],
)
def test_files_with_an_answer(
    eprover: EProver, text: str, outcome: Outcome, szs: str, core: set[str]
) -> None:
    asked = ScriptProblem("tptp", text)
    result = eprover.prove(asked, Limits(5))
    assert (result.outcome, result.szs) == (outcome, szs), result
    assert isinstance(result.evidence, ScriptAnswer)
    assert set(result.evidence.core) == core
    checked = recheck(asked, result)
    assert checked.ok and checked.how == "replayed", checked


@pytest.mark.parametrize(
    ("text", "szs"),
    [
        ("fof(a, axiom, p). fof(g, conjecture, q).", "CounterSatisfiable"),
        # E takes several conjectures for alternatives; here each of them must follow.
        (
            "fof(a, axiom, p). fof(g, conjecture, p). fof(h, conjecture, q).",
            "CounterSatisfiable",
        ),
        ("fof(a, axiom, p).", "Satisfiable"),
        ("cnf(a, axiom, p(X)). cnf(b, negated_conjecture, ~q).", "Satisfiable"),
        ("cnf(a, axiom, p(X)). cnf(b, negated_conjecture, q | ~q).", "Satisfiable"),
    ],
)
def test_files_that_saturate_settle_nothing(eprover: EProver, text: str, szs: str) -> None:
    result = eprover.prove(ScriptProblem("tptp", text), Limits(5))
    assert (result.outcome, result.reason, result.szs) == (Outcome.UNKNOWN, "incomplete", szs)


@pytest.mark.parametrize(
    "text",
    [
        "fof(a, axiom, p",
        "include('/etc/passwd').",
        "thf(a, axiom, p).",
        "fof(a, axiom, p(X)).",
        "fof(a, conjecture, p(X)).",
        "cnf(a, conjecture, p).",
        "fof(a, type, p).",
        "fof(a, conjecture, p). cnf(b, negated_conjecture, q).",
    ],
)
def test_files_that_cannot_be_read_are_ill_formed(eprover: EProver, text: str) -> None:
    result = eprover.prove(ScriptProblem("tptp", text), Limits(5))
    assert result.outcome is Outcome.ILL_FORMED
    assert result.messages[0].severity == "error"
    with pytest.raises(InputError):
        read_tptp(text)


def test_reading_files_as_problems() -> None:
    read = read_tptp(THEOREM)
    assert len(read.premises) == 3 and read.goal == f("mortal(socrates)")
    clauses = read_tptp(CLAUSES + "cnf(goal2, negated_conjecture, p(X) | q).")
    assert clauses.goal == Not(f("~mortal(socrates) & ![X]: (p(X) | q)"))
    assert read_tptp("cnf(a, axiom, p(X)).").goal is None
    with pytest.raises(ParseError) as caught:
        read_tptp("fof(a, axiom, p).\nfof(b, axiom, q &).")
    assert caught.value.line == 2


# --- tools that are broken or missing ------------------------------------------------------


def fake(folder: Path, script: str) -> TptpProver:
    """A program in a prover's place that prints what a broken one might."""
    path = folder / "fake"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return TptpProver(atp.Command("fake", str(path), lambda _seconds, _megabytes: []))


DERIVED = "echo '% SZS output start Proof'; echo \"{}\"; echo '% SZS output end Proof'"


@pytest.mark.parametrize(
    ("script", "outcome", "reason"),
    [
        ("echo boom >&2; exit 3", Outcome.FAILED, ""),
        ("kill -SEGV $$", Outcome.FAILED, ""),
        ("echo '% SZS status Theorem'", Outcome.UNKNOWN, "incomplete"),
        ("echo '% SZS status CounterSatisfiable'", Outcome.UNKNOWN, "incomplete"),
        ("echo '% SZS status Timeout'", Outcome.UNKNOWN, "timeout"),
        ("echo '% SZS status MemoryOut'", Outcome.UNKNOWN, "memory"),
        ("echo '% SZS status ResourceOut'", Outcome.UNKNOWN, "memory"),
        (
            "echo '% SZS status ResourceOut'; echo 'CPU time limit exceeded' >&2; exit 8",
            Outcome.UNKNOWN,
            "timeout",
        ),
        ("echo '% SZS status GaveUp'", Outcome.UNKNOWN, "incomplete"),
        ("echo '% SZS status Nonsense'", Outcome.FAILED, ""),
        ("echo '% SZS status Error'", Outcome.FAILED, ""),
        ("echo '% SZS status Theorem'; sleep 60", Outcome.UNKNOWN, "timeout"),
        ("exec >&-; sleep 60", Outcome.FAILED, ""),
        ("echo '% SZS status Theorem'; " + DERIVED.format("rubbish"), Outcome.FAILED, ""),
        (
            "echo '% SZS status Theorem'; "
            + DERIVED.format("cnf(a,axiom,\\$false,file(x,nothing))."),
            Outcome.FAILED,
            "",
        ),
    ],
)
def test_broken_provers_prove_nothing(
    tmp_path: Path, script: str, outcome: Outcome, reason: str
) -> None:
    start = time.monotonic()
    for asked in (problem("p", "q"), ScriptProblem("tptp", THEOREM)):
        result = fake(tmp_path, script).prove(asked, Limits(0.5))
        assert (result.outcome, result.reason) == (outcome, reason), result
    assert time.monotonic() - start < 15


def test_the_last_words_of_a_crash_are_kept(tmp_path: Path) -> None:
    result = fake(tmp_path, "echo boom >&2; exit 3").prove(problem("p", "q"), Limits(1))
    assert any("boom" in message.text for message in result.messages)


def test_a_missing_prover_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingToolError, match="PATH"):
        VampireProver()
    monkeypatch.setattr(atp, "_packaged_eprover", lambda: None)
    with pytest.raises(MissingToolError, match="pip install"):
        EProver()


def test_a_program_that_lost_its_permission_is_run_from_a_copy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "eprover"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "eprover-ho").write_text("#!/bin/sh\necho '% SZS status GaveUp'\n")
    (package / "eprover-ho").chmod(0o644)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "eprover", raising=False)
    found = Path(atp._packaged_eprover.__wrapped__() or "")
    assert found.parent != package
    command = atp.Command("copy", str(found), lambda _seconds, _megabytes: [])
    result = TptpProver(command).prove(problem("p"), Limits(1))
    assert result.reason == "incomplete"
