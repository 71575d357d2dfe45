"""The forward reading: rules only make new facts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from provers.base import Limits
from provers.recheck import recheck
from provers.z3 import Z3Prover

RULES = "If someone is cold then they are red. If someone is red then they are not big."


@pytest.fixture(scope="module")
def prover() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


def _verdicts(prover: Z3Prover, world: str, facts: str, *steps: str) -> list[str]:
    record = record_of({"premises": [RULES, facts], "steps": list(steps), "world": world}, "1")
    report = verify(record, prover, Limits(10))
    for step in report.steps:
        for claim in step.claims:
            assert recheck(claim.problem, claim.result).ok
    return [str(step.verdict) for step in report.steps]


def test_rules_make_new_facts(prover: Z3Prover) -> None:
    steps = ("Bob is red.", "Bob is not big.", "Bob is big.")
    for world in ("open", "forward"):
        verdicts = _verdicts(prover, world, "Bob is cold.", *steps)
        assert verdicts == ["proved", "proved", "refuted"]


def test_rules_are_not_used_backwards(prover: Z3Prover) -> None:
    for world, verdict in (("open", "proved"), ("forward", "independent")):
        assert _verdicts(prover, world, "Bob is not red.", "Bob is not cold.") == [verdict]


def test_a_contradiction_elsewhere_proves_nothing(prover: Z3Prover) -> None:
    facts = "Bob is cold. Bob is not red. Ann is nice."
    assert _verdicts(prover, "open", facts, "Ann is big.") == ["inconsistent"]
    assert _verdicts(prover, "forward", facts, "Ann is big.") == ["independent"]


def test_both_a_fact_and_its_opposite(prover: Z3Prover) -> None:
    facts = "Bob is cold. Bob is not red."
    assert _verdicts(prover, "forward", facts, "Bob is red.") == ["unknown"]


def test_what_is_no_rule_is_not_asked(prover: Z3Prover) -> None:
    verdicts = _verdicts(prover, "forward", "Bob is cold or Ann is cold.", "Ann is cold.")
    assert verdicts == ["unknown"]
