"""Certificates in reports: filled in from the background, and why they are missing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from neurosym.verify.base import Report
from neurosym.verify.certify import (
    ENDED,
    MODEL,
    NOT_IN_TIME,
    NOT_READY,
    Certifier,
    Lean,
    Opener,
    missing,
)
from neurosym.verify.evidence import recheck_report
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import Record
from neurosym.verify.report import write_report
from provers.base import LeanProof, Limits
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import INIT, Header, LeanVersion, Reply
from provers.records import read_evidence
from provers.z3 import Z3Prover

RECORD = Record(
    premises=["All dogs are animals.", "Rex is a dog.", "No animal is green."],
    steps=["Rex is an animal.", "Rex is green.", "Rex is big.", "15 / 3 = 5.", "Hello!"],
)
LIMITS = Limits(5.0)


class Answering:
    """A checker whose Lean accepts everything, once ``go`` is set."""

    def __init__(self, *, tag: str = "proof", stopped: str = "") -> None:
        self.go = threading.Event()
        self.go.set()
        self.asked: list[dict[str, Any]] = []
        self.closed = False
        self.tag = tag
        self.stopped = stopped

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        self.asked.append(request)
        self.go.wait(30)
        if self.stopped:
            return Reply(None, 0.1, self.stopped)  # type: ignore[arg-type]
        body = {"tag": self.tag, "detail": "", "messages": [], "theorems": ["claim"]}
        return Reply({**body, "axioms": [], "declared": [], "replayed": 1}, 0.1)

    def version(self) -> LeanVersion:
        return LeanVersion("4.0.0", "embedded")

    def warm(self, header: Header = INIT) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class Raising(Answering):
    """The same, which raises each of these errors once first."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        if self.errors:
            self.asked.append(request)
            raise self.errors.pop(0)
        return super().ask(header, request, limits)


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3Prover]:
    prover = Z3Prover()
    yield prover
    prover.close()


@pytest.fixture
def checker() -> Answering:
    return Answering()


def verified(z3: Z3Prover, opener: Opener) -> tuple[Certifier, Report]:
    certifier = Certifier(opener, LIMITS)
    verification = Verification(RECORD, z3, LIMITS)
    for step in verification:
        certifier.add(step)
    return certifier, verification.report()


def certificates(report: Report) -> list[LeanProof | str]:
    claims = [claim for step in report.steps for claim in step.claims]
    return [claim.certificate or claim.uncertified for claim in claims]


def test_decided_claims_get_certificates(z3: Z3Prover, checker: Answering) -> None:
    certifier, report = verified(z3, lambda: Lean(checker))
    assert certifier.wait(30)
    animal, green, big, sum_ = certificates(certifier.certified(report))
    assert isinstance(animal, LeanProof)
    assert isinstance(green, LeanProof)
    assert (animal.claim, green.claim) == ("goal", "negation")
    assert big == MODEL
    assert isinstance(sum_, LeanProof)
    assert "15 : Rat" in sum_.statement
    assert missing(certifier.certified(report)) == ((), "")
    certifier.close()
    assert checker.closed


def test_the_record_holds_the_certificate(z3: Z3Prover, checker: Answering) -> None:
    certifier, report = verified(z3, lambda: Lean(checker))
    assert write_report(report)["steps"][0]["certificate"] == {
        "kind": "none",
        "reason": "not asked for",
    }
    certifier.wait(30)
    steps = write_report(certifier.certified(report))["steps"]
    assert steps[0]["evidence"]["kind"] == "refutation"
    assert steps[0]["certificate"]["kind"] == "lean"
    assert isinstance(read_evidence(steps[0]["certificate"]), LeanProof)
    assert steps[2]["certificate"] == {"kind": "none", "reason": MODEL}
    assert steps[4]["certificate"] is None
    certifier.close()


def test_nobody_waits_for_a_lean_that_is_not_there_yet(z3: Z3Prover, checker: Answering) -> None:
    checker.go.clear()
    certifier, report = verified(z3, lambda: Lean(checker))
    assert not certifier.wait(30, start_seconds=0.01)
    now = certifier.certified(report)
    assert certificates(now) == [NOT_READY, NOT_READY, MODEL, NOT_READY]
    assert missing(now) == ((1, 2, 4), NOT_READY)
    checker.go.set()
    assert certifier.wait(30, start_seconds=30)
    assert missing(certifier.certified(report)) == ((), "")
    certifier.close()


def test_a_lean_that_is_up_is_waited_for_a_little(z3: Z3Prover, checker: Answering) -> None:
    checker.go.clear()
    certifier, report = verified(z3, lambda: Lean(checker, ready=True))
    assert not certifier.wait(0.3, start_seconds=30)
    assert missing(certifier.certified(report)) == ((1, 2, 4), NOT_IN_TIME)
    checker.go.set()
    assert certifier.wait(30)
    certifier.close()


def test_what_is_not_accepted_says_so(z3: Z3Prover) -> None:
    for checker, words in (
        (Answering(tag="error"), "no proof"),
        (Answering(stopped="timeout"), "timeout"),
    ):
        certifier, report = verified(z3, lambda checker=checker: Lean(checker))  # type: ignore[misc]
        assert certifier.wait(30)
        found = certificates(certifier.certified(report))
        assert all(isinstance(one, str) and words in one for one in (found[0], found[1], found[3]))
        certifier.close()


def test_without_a_lean_the_reason_is_given(z3: Z3Prover) -> None:
    certifier, report = verified(z3, lambda: "there is no Lean")
    assert certifier.wait(30)
    assert certificates(certifier.certified(report))[0] == "there is no Lean"
    certifier.close()

    def broken() -> str:
        raise BrokenToolError("Lean cannot start")

    certifier, report = verified(z3, broken)
    assert certifier.wait(30)
    assert "cannot start" in str(certificates(certifier.certified(report))[0])
    certifier.close()


def test_the_same_claim_is_certified_once(z3: Z3Prover, checker: Answering) -> None:
    certifier = Certifier(lambda: Lean(checker), LIMITS)
    record = Record(steps=["15 / 3 = 5."] * 4)
    verification = Verification(record, z3, LIMITS)
    for step in verification:
        certifier.add(step)
    assert certifier.wait(30)
    found = certificates(certifier.certified(verification.report()))
    assert all(isinstance(one, LeanProof) for one in found)
    assert len(checker.asked) == 1
    certifier.close()


def test_a_certificate_that_does_not_hold_fails_the_step(z3: Z3Prover, checker: Answering) -> None:
    certifier, report = verified(z3, lambda: Lean(checker))
    certifier.wait(30)
    report = certifier.certified(report)
    output = recheck_report(report, write_report(report), LIMITS, certifier.recheck)
    assert output["steps"][0]["certificate"]["recheck"]["ok"] is True
    assert output["steps"][0]["verdict"] == "proved"
    checker.tag = "statement"
    output = recheck_report(report, write_report(report), LIMITS, certifier.recheck)
    assert output["steps"][0]["certificate"]["recheck"]["ok"] is False
    assert output["steps"][0]["verdict"] == output["verdict"] == "failed"
    certifier.close()


def test_a_closed_certifier_stops_what_it_opens(z3: Z3Prover) -> None:
    opened, go = threading.Event(), threading.Event()
    checker = Answering()

    def opener() -> Lean:
        opened.set()
        go.wait(30)
        return Lean(checker)

    certifier, _ = verified(z3, opener)
    assert opened.wait(30)
    certifier.close()
    go.set()
    certifier.wait(30)
    assert checker.closed


@pytest.mark.parametrize("error", [RecursionError("too deep"), KeyError("x")])
def test_what_goes_wrong_unexpectedly_is_a_reason(z3: Z3Prover, error: Exception) -> None:
    def opener() -> Lean:
        raise error

    certifier, report = verified(z3, opener)
    assert certifier.wait(30)
    assert type(error).__name__ in str(certificates(certifier.certified(report))[0])
    certifier.close()

    certifier, report = verified(z3, lambda: Lean(Raising(error)))
    assert certifier.wait(30)
    animal, green, _, sum_ = certificates(certifier.certified(report))
    assert type(error).__name__ in str(animal)
    assert isinstance(green, LeanProof)
    assert isinstance(sum_, LeanProof)
    assert certifier.failure == ""
    certifier.close()


def test_nobody_waits_for_a_certifier_that_has_ended(z3: Z3Prover) -> None:
    class Over(BaseException):
        pass

    def opener() -> Lean:
        raise Over

    hook, threading.excepthook = threading.excepthook, lambda _: None
    try:
        certifier, _ = verified(z3, opener)
        assert certifier.wait(30)
        certifier._thread.join(30)
    finally:
        threading.excepthook = hook
    late = Verification(Record(steps=["3 + 4 = 7."]), z3, LIMITS)
    for step in late:
        certifier.add(step)
    assert certifier.wait(30)
    assert certificates(certifier.certified(late.report())) == [ENDED]
    certifier.close()


@pytest.mark.parametrize("error", [BrokenToolError("it broke"), InputError("this claim is wrong")])
def test_one_error_is_no_reason_to_give_the_others_up(z3: Z3Prover, error: Exception) -> None:
    certifier, report = verified(z3, lambda: Lean(Raising(error)))
    assert certifier.wait(30)
    animal, green, _, sum_ = certificates(certifier.certified(report))
    assert animal == str(error)
    assert isinstance(green, LeanProof)
    assert isinstance(sum_, LeanProof)
    assert certifier.failure == ("it broke" if isinstance(error, BrokenToolError) else "")
    certifier.close()


@pytest.mark.parametrize(
    ("errors", "asked"),
    [([BrokenToolError("it broke")] * 9, 3), ([MissingToolError("it is gone")] * 9, 1)],
)
def test_a_lean_that_does_not_work_is_given_up(
    z3: Z3Prover, errors: list[Exception], asked: int
) -> None:
    checker = Raising(*errors)
    certifier = Certifier(lambda: Lean(checker), LIMITS)
    verification = Verification(
        Record(steps=[f"{n} + {n} = {2 * n}." for n in range(2, 8)]), z3, LIMITS
    )
    for step in verification:
        certifier.add(step)
    assert certifier.wait(30)
    assert certificates(certifier.certified(verification.report())) == [str(errors[0])] * 6
    assert len(checker.asked) == asked
    assert certifier.failure == str(errors[0])
    certifier.close()
