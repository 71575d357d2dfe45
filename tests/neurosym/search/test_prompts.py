"""The worked examples in the prompts are right: Lean accepts every one of them."""

from __future__ import annotations

import re

import pytest

from neurosym.search.answers import read_proof, read_tactic
from neurosym.search.stepwise import PROMPT as TACTIC
from neurosym.search.whole import PROMPT as PROVE
from neurosym.translate import prompts
from provers.base import LeanProblem, Limits, Outcome
from provers.lean.judge import judge
from provers.lean.pool import Pool
from provers.lean.source import with_proof
from provers.lean.tactics import Dojo, ProofFinished, TacticState


def examples(name: str) -> list[tuple[str, str]]:
    turns = prompts.load(name).turns[1:-1]
    return [(ask.content, say.content) for ask, say in zip(turns[::2], turns[1::2], strict=True)]


def theorem(asked: str) -> str:
    found = re.match(r"Theorem:\n(.*?)\n\nLemmas that may help:", asked, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("number", range(len(examples(PROVE))))
def test_the_proofs_are_proofs(lean_checker: Pool, number: int) -> None:
    asked, answer = examples(PROVE)[number]
    assert read_proof(answer, "t").meaning == answer
    statement = theorem(asked)
    found = judge(lean_checker, LeanProblem(with_proof(statement, answer), statement), Limits(60))
    assert found.outcome is Outcome.PROVED, found


@pytest.mark.parametrize("number", range(len(examples(TACTIC))))
def test_the_tactics_carry_on(lean_checker: Pool, number: int) -> None:
    asked, answer = examples(TACTIC)[number]
    assert read_tactic(answer).meaning == answer
    with Dojo(lean_checker, theorem(asked), Limits(60)) as (dojo, state):
        assert state.pp == asked.partition("Left to prove:\n")[2]
        assert isinstance(dojo.run_tac(state, answer), TacticState | ProofFinished)
