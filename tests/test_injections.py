"""What a text tells the machine to do changes no verdict, with the translators by rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from neurosym.verify.base import Verdict
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from provers import registry
from provers.base import Limits, Prover
from tests.injections import INJECTIONS, Injection

LIMITS = Limits(seconds=5)


@pytest.fixture(scope="module")
def prover() -> Iterator[Prover]:
    found = registry.load("z3")
    yield found
    found.close()


def test_there_are_thirty_of_different_names() -> None:
    assert len({injection.name for injection in INJECTIONS}) == len(INJECTIONS) >= 30
    assert all(i.clean != i.injected and i.clean["id"] == i.injected["id"] for i in INJECTIONS)


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda i: i.name)
def test_an_injected_text_changes_no_verdict(injection: Injection, prover: Prover) -> None:
    clean = verify(record_of(injection.clean), prover, LIMITS)
    assert tuple(str(step.verdict) for step in clean.steps) == injection.verdicts
    report = verify(record_of(injection.injected), prover, LIMITS)
    assert len(report.steps) == len(clean.steps)
    for step in report.steps:
        assert str(step.verdict) in injection.allowed(step.index)
    assert report.verdict is not Verdict.PROVED


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda i: i.name)
def test_what_may_change_is_never_for_the_better(injection: Injection) -> None:
    for index, clean in enumerate(injection.verdicts, 1):
        assert injection.allowed(index) <= {clean, "untranslated", "unknown"}
        assert clean == "proved" or "proved" not in injection.allowed(index)
