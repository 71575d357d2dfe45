"""Random problems: two solvers agree, and every conclusive answer survives its re-check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provers.base import Limits, Outcome, Problem
from provers.cvc5 import Cvc5Prover
from provers.logic.syntax import Formula, closure
from provers.recheck import recheck
from provers.z3 import Z3Prover
from tests.provers.logic.strategies import FIRST_ORDER, NLTK, UNICODE, formulas

LIMITS = Limits(seconds=2)


@pytest.fixture(scope="module")
def provers() -> Iterator[tuple[Z3Prover, Cvc5Prover]]:
    pair = (Z3Prover(), Cvc5Prover())
    yield pair
    for prover in pair:
        prover.close()


_VOCABULARIES = (NLTK, UNICODE, FIRST_ORDER)


@st.composite
def _problems(draw: st.DrawFn) -> tuple[list[Formula], Formula]:
    strategy = formulas(draw(st.sampled_from(_VOCABULARIES)), depth=2)
    return draw(st.lists(strategy, max_size=3)), draw(strategy)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(_problems())
def test_solvers_agree_and_evidence_holds(
    provers: tuple[Z3Prover, Cvc5Prover], drawn: tuple[list[Formula], Formula]
) -> None:
    premises, goal = drawn
    problem = Problem(tuple(map(closure, premises)), closure(goal))
    answers = set()
    for prover in provers:
        result = prover.prove(problem, LIMITS)
        assert result.outcome is not Outcome.FAILED, result
        if result.conclusive:
            checked = recheck(problem, result, LIMITS)
            assert checked.ok, (prover.name, result, checked)
            answers.add(result.outcome)
    # One prover may notice that the premises contradict each other where the other runs out
    # of time for that; any other disagreement is a wrong answer.
    assert len(answers - {Outcome.INCONSISTENT}) <= 1, answers
