"""The judge on cheats, none of which is a proof, and on honest proofs, all of which are."""

from __future__ import annotations

import pytest

from provers.base import LeanProblem, LeanProof, Limits, Outcome, Result
from provers.lean.base import Checker
from provers.lean.judge import judge
from tests.provers.lean.kept import Kept
from tests.provers.lean.submissions import Submission, read_suite

CHEATS = read_suite("cheats")
HONEST = read_suite("honest")


def judged(checker: Checker, submission: Submission) -> Result:
    problem = LeanProblem(submission.code, submission.statement)
    return judge(checker, problem, Limits(seconds=60.0))


@pytest.mark.parametrize("submission", CHEATS, ids=lambda s: s.name)
def test_cheats_are_not_proofs(
    lean_checker: Checker, kept_checker: Kept, submission: Submission
) -> None:
    # The pool starts a new server behind each that is refused. Where none of its programs can have
    # run, the next needs none.
    programs = submission.compiles == "varies"
    result = judged(lean_checker if programs else kept_checker, submission)
    if "program" in result.flags:
        kept_checker.close()
    assert result.outcome in (Outcome.UNKNOWN, Outcome.ILL_FORMED), submission.why
    said = [message.text for message in result.messages]
    assert result.evidence is None and said, submission.why
    # Refused for what it is, not because the statement or a limit is at fault.
    assert not any(text.startswith("statement:") for text in said), said
    assert result.reason not in ("timeout", "memory"), said
    if submission.compiles == "yes":
        assert result.outcome is Outcome.UNKNOWN and result.flags, said
    elif submission.compiles == "no":
        assert result.outcome is Outcome.ILL_FORMED, said


@pytest.mark.parametrize("submission", HONEST, ids=lambda s: s.name)
def test_honest_proofs_are_proofs(kept_checker: Kept, submission: Submission) -> None:
    result = judged(kept_checker, submission)
    said = [message.text for message in result.messages]
    assert result.outcome is Outcome.PROVED, (submission.why, said)
    assert isinstance(result.evidence, LeanProof)
    assert result.evidence.code == submission.code


def test_the_suites_are_there() -> None:
    assert len(CHEATS) >= 75 and len(HONEST) >= 75
    for suite in (CHEATS, HONEST):
        assert len({(s.statement, s.code) for s in suite}) == len(suite)
    assert all(s.compiles == "yes" for s in HONEST)
