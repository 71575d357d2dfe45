"""Ground contradictions that are too long for the small checker are still proved."""

from __future__ import annotations

import itertools

import pytest

from provers.base import Outcome, Problem, Refutation
from provers.logic.syntax import Apply, Formula, Not, Or, Pred
from provers.recheck import recheck
from provers.z3 import Z3Prover


@pytest.mark.parametrize(("pigeons", "certified"), [(3, True), (7, False)])
def test_one_pigeon_too_many(pigeons: int, certified: bool) -> None:
    def sits(pigeon: int, hole: int) -> Formula:
        return Pred("Sits", (Apply(f"pigeon{pigeon}"), Apply(f"hole{hole}")))

    holes = range(pigeons - 1)
    somewhere = [Or(tuple(sits(p, h) for h in holes)) for p in range(pigeons)]
    alone = [
        Or((Not(sits(p, h)), Not(sits(q, h))))
        for p, q in itertools.combinations(range(pigeons), 2)
        for h in holes
    ]
    prover = Z3Prover()
    try:
        problem = Problem((*somewhere, *alone))
        result = prover.prove(problem)
    finally:
        prover.close()
    assert result.outcome is Outcome.INCONSISTENT
    assert isinstance(result.evidence, Refutation)
    assert (result.evidence.instances is not None) is certified
    assert (result.evidence.proof is not None) is not certified
    assert recheck(problem, result).ok
