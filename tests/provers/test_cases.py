"""Every prover on the one table, every answer re-checked, also after a trip through JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from provers import registry
from provers.base import Limits, Prover
from provers.errors import MissingToolError
from provers.problems import read_problem
from provers.recheck import recheck
from provers.records import read_result, write_result
from tests.cases import CASES, Case

LIMITS = Limits(seconds=10)
# E shows that nothing follows by saturation, which is no model that could be re-checked.
WEAKER = {"eprover": {"independent", "satisfiable"}, "vampire": {"independent", "satisfiable"}}


@pytest.fixture(scope="module", params=[name for name in registry.NAMES if name != "lean"])
def prover(request: pytest.FixtureRequest) -> Iterator[Prover]:
    try:
        found = registry.load(request.param)
    except MissingToolError as error:
        pytest.skip(str(error))
    yield found
    found.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_prover_answers_the_table(prover: Prover, case: Case) -> None:
    problem = read_problem(case.premises, case.goal, case.notation)
    result = prover.prove(problem, LIMITS)
    if case.expected in WEAKER.get(prover.name, ()):
        assert str(result.outcome) in (case.expected, "unknown"), result
    else:
        assert str(result.outcome) == case.expected, result
    checked = recheck(problem, result, LIMITS)
    assert checked.ok, checked
    restored = read_result(json.loads(json.dumps(write_result(result))))
    again = recheck(problem, restored, LIMITS)
    assert again.ok == checked.ok and again.how == checked.how
