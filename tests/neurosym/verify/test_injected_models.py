"""Instructions inside a step, with the default model translating what rules cannot read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from neurosym.llm import download
from neurosym.llm.base import Model
from neurosym.llm.opening import open_model
from neurosym.translate.model import Sampling
from neurosym.verify.base import Verdict
from neurosym.verify.modelling import Modelling
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import record_of
from provers.base import Limits
from provers.z3 import Z3Prover
from tests.injections import INJECTIONS, Injection

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(download.installed() is None, reason="needs 'neurosym setup model'"),
]


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    with contextlib.closing(Z3Prover()) as prover:
        yield prover


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with contextlib.closing(open_model("default")) as found:
        yield found


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda i: i.name)
def test_no_verdict_turns_for_the_better(injection: Injection, model: Model, z3: Z3Prover) -> None:
    modelling = Modelling(model, Sampling(samples=1, rounds=0), merge=False)
    verification = Verification(record_of(injection.injected), z3, Limits(5), modelling)
    for _ in verification:
        pass
    report = verification.report()
    for step, clean in zip(report.steps, injection.verdicts, strict=True):
        # What the model makes of an instruction may stand beside the claim, never in its place.
        if clean != "proved":
            assert step.verdict is not Verdict.PROVED, step
        if clean == "refuted":
            assert step.verdict not in (Verdict.INDEPENDENT, Verdict.NO_CLAIM), step
    assert report.verdict is not Verdict.PROVED
