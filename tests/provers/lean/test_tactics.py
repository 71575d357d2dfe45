"""Tactic by tactic: every way it can go has its own result, and only the judge finishes a proof."""

from __future__ import annotations

from typing import Any

import pytest

from provers.base import Limits, Outcome
from provers.errors import BrokenToolError, InputError, ParseError
from provers.lean.base import Checker, Header, LeanVersion, Reply, Stop
from provers.lean.goals import Hypothesis
from provers.lean.tactics import (
    Dojo,
    LeanError,
    ProofFinished,
    ProofGivenUp,
    TacticCrash,
    TacticResult,
    TacticState,
    TacticTimeout,
)

BOTH = "theorem both (a b : Nat) (h : a = b) : b = a ∧ a + 0 = a := by sorry"


def run(checker: Checker, statement: str, *tactics: str) -> TacticResult:
    """The result of the last tactic; those before it must leave goals."""
    with Dojo(checker, statement, Limits(60)) as (dojo, state):
        result: TacticResult = state
        for tactic in tactics:
            assert isinstance(result, TacticState), result
            result = dojo.run_tac(result, tactic)
        return result


class Scripted:
    """A checker that gives the same reply to everything."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def version(self) -> LeanVersion:
        return LeanVersion("4.0.0", "embedded")

    def warm(self, header: Header = ("Init",)) -> None:
        return None

    def close(self) -> None:
        return None


# --- with Lean ------------------------------------------------------------------------------


def test_the_first_state_shows_the_goal(lean_checker: Checker) -> None:
    with Dojo(lean_checker, BOTH) as (_, state):
        assert state.pp == "a b : Nat\nh : a = b\n⊢ b = a ∧ a + 0 = a"
        assert state.num_goals == 1
        assert state.goals[0].hypotheses[-1] == Hypothesis("h", "a = b")
        assert state.goals[0].conclusion == "b = a ∧ a + 0 = a"


def test_several_goals_are_proved_one_after_the_other(lean_checker: Checker) -> None:
    with Dojo(lean_checker, BOTH) as (dojo, first):
        split = dojo.run_tac(first, "constructor")
        assert isinstance(split, TacticState)
        assert [goal.case for goal in split.goals] == ["left", "right"]
        right = dojo.run_tac(split, "exact h.symm")
        assert isinstance(right, TacticState)
        assert right.num_goals == 1
        done = dojo.run_tac(right, "rfl")
        assert isinstance(done, ProofFinished)
        assert done.result.outcome is Outcome.PROVED
        assert done.proof.theorem == "both"
        assert done.code == (
            "theorem both (a b : Nat) (h : a = b) : b = a ∧ a + 0 = a := by\n"
            "  constructor\n  exact h.symm\n  rfl\n"
        )
        # The states before are still there: another way on from the first.
        again = dojo.run_tac(first, "omega")
        assert isinstance(again, ProofFinished)


def test_a_wrong_tactic_is_an_error_and_leaves_the_state_usable(lean_checker: Checker) -> None:
    with Dojo(lean_checker, BOTH) as (dojo, state):
        for wrong in ("rfl", "exact nonsense", "not a tactic", "exact (", "omega\nrfl"):
            assert isinstance(dojo.run_tac(state, wrong), LeanError), wrong
        assert isinstance(dojo.run_tac(state, "omega"), ProofFinished)


def test_a_block_inside_the_proof_must_be_finished(lean_checker: Checker) -> None:
    result = run(lean_checker, BOTH, "have extra : 1 + 1 = 2 := by\n  skip")
    assert isinstance(result, LeanError)
    assert "unsolved goals" in result.error


def test_tactics_of_several_lines(lean_checker: Checker) -> None:
    block = "    constructor\n    · exact h.symm\n    · rfl\n"
    assert isinstance(run(lean_checker, BOTH, block), ProofFinished)


def test_what_lean_says_about_a_tactic_is_passed_on(lean_checker: Checker) -> None:
    result = run(lean_checker, BOTH, "constructor", "simp? [h]")
    assert isinstance(result, TacticState)
    assert result.message is not None
    assert "Try this" in result.message


def test_imports_definitions_and_a_comment_at_the_end(lean_checker: Checker) -> None:
    text = "import Init\n\ndef two : Nat := 2\n\ntheorem t : two + n = n + 2 -- easy\n"
    result = run(lean_checker, text, "unfold two", "omega")
    assert isinstance(result, ProofFinished)
    assert result.code.startswith("import Init\n")


@pytest.mark.parametrize("tactic", ["sorry", "admit", "exact sorry", "all_goals sorry", "stop"])
def test_giving_up_is_said_at_once(lean_checker: Checker, tactic: str) -> None:
    assert isinstance(run(lean_checker, BOTH, tactic), ProofGivenUp)


def test_sorry_in_words_is_not_giving_up(lean_checker: Checker) -> None:
    result = run(lean_checker, BOTH, "omega -- sorry, no better idea")
    assert isinstance(result, ProofFinished)


@pytest.mark.parametrize(
    "tactic",
    [
        "exact sorryAx _ false",
        "all_goals exact (sorryAx _)",
        "constructor <;> first | exact sorryAx _",
        "exact (by intros; exact «sorryAx» _)",
    ],
)
def test_disguised_sorry_never_finishes(lean_checker: Checker, tactic: str) -> None:
    assert isinstance(run(lean_checker, BOTH, tactic), ProofGivenUp | LeanError)


@pytest.mark.parametrize(
    "tactic",
    [
        "native_decide",
        "decide +native",
        "exact of_decide_eq_true (Lean.ofReduceBool _ true rfl)",
        "set_option debug.skipKernelTC true in native_decide",
    ],
)
def test_compiled_code_never_finishes(lean_checker: Checker, tactic: str) -> None:
    assert isinstance(run(lean_checker, "theorem big : 2 ^ 9 = 512", tactic), LeanError)


@pytest.mark.parametrize(
    "tactic",
    [
        "sorry\naxiom cheat : False\ntheorem other : True := by",
        "trivial\ntheorem other : True := by",
        "exact cheat\naxiom cheat : 1 = 2",
    ],
)
def test_a_tactic_cannot_leave_the_proof(lean_checker: Checker, tactic: str) -> None:
    text = "theorem wrong : 1 = 2"
    with Dojo(lean_checker, text) as (dojo, state):
        first = dojo.run_tac(state, tactic)
        assert not isinstance(first, ProofFinished)
        if isinstance(first, TacticState):
            assert not isinstance(dojo.run_tac(first, "trivial"), ProofFinished)


def test_an_axiom_in_front_is_no_proof(lean_checker: Checker) -> None:
    text = "axiom cheat : 1 = 2\ntheorem wrong : 1 = 2"
    result = run(lean_checker, text, "exact cheat")
    assert isinstance(result, LeanError)
    assert "axiom" in result.error


def test_lean_s_own_limit_on_work_is_a_timeout(lean_checker: Checker) -> None:
    text = "set_option maxHeartbeats 200 in\ntheorem long (a b c : Nat) : a + b + c = c + b + a"
    result = run(lean_checker, text, "exact?")
    assert isinstance(result, TacticTimeout)


def test_a_tactic_out_of_time_costs_only_itself(lean_checker: Checker) -> None:
    with Dojo(lean_checker, "theorem t (n : Nat) : n = n") as (dojo, state):
        endless = "set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000000 in\n"
        endless += "repeat (have := n)"
        assert isinstance(dojo.run_tac(state, endless, Limits(2)), TacticTimeout | TacticCrash)
        assert isinstance(dojo.run_tac(state, "rfl", Limits(120)), ProofFinished)


@pytest.mark.parametrize(
    "statement",
    ["theorem t : no such thing", "def f : Nat := 1", "", "import Nowhere\ntheorem t : True"],
)
def test_a_statement_that_lean_rejects(lean_checker: Checker, statement: str) -> None:
    with (
        pytest.raises(InputError, match="Lean does not accept the statement"),
        Dojo(lean_checker, statement),
    ):
        pass


# --- without Lean ---------------------------------------------------------------------------

GOAL = Reply(
    {
        "errors": True,
        "messages": [
            {
                "severity": "error",
                "text": "unsolved goals\n⊢ True",
                "line": 1,
                "column": 23,
                "end": None,
            }
        ],
    },
    0.0,
)
TRUE = "theorem true : True"


@pytest.mark.parametrize(
    ("stopped", "kind"),
    [
        ("timeout", TacticTimeout),
        ("memory", TacticCrash),
        ("stack", TacticCrash),
        ("crash", TacticCrash),
    ],
)
def test_what_stops_lean_is_named(stopped: Stop, kind: type) -> None:
    checker = Scripted(GOAL, Reply(None, 1.0, stopped, "last words"))
    with Dojo(checker, TRUE) as (dojo, state):
        result = dojo.run_tac(state, "trivial")
    assert isinstance(result, kind)
    assert "last words" in result.error
    if isinstance(result, TacticCrash):
        assert result.cause == stopped


def test_a_start_that_is_stopped_is_no_wrong_statement() -> None:
    checker = Scripted(Reply(None, 1.0, "timeout"))
    with pytest.raises(BrokenToolError, match="timeout"), Dojo(checker, TRUE):
        pass


def test_an_answer_without_messages_is_no_success() -> None:
    checker = Scripted(GOAL, Reply({"errors": True, "messages": []}, 0.0))
    with Dojo(checker, TRUE) as (dojo, state):
        assert isinstance(dojo.run_tac(state, "trivial"), LeanError)


def test_goals_that_were_cut_are_no_state() -> None:
    cut = {**GOAL.body["messages"][0], "text": "unsolved goals\nh : True ∧ …"}  # type: ignore[index]
    checker = Scripted(GOAL, Reply({"errors": True, "messages": [cut]}, 0.0))
    with Dojo(checker, TRUE) as (dojo, state):
        result = dojo.run_tac(state, "skip")
    assert isinstance(result, LeanError)
    assert "cannot be read" in result.error


@pytest.mark.parametrize("tactic", ["", "  \n ", "-- nothing", "/- nothing -/", "a\0b", "\ud800"])
def test_what_is_no_tactic_never_reaches_lean(tactic: str) -> None:
    with Dojo(Scripted(GOAL), TRUE) as (dojo, state):
        assert isinstance(dojo.run_tac(state, tactic), LeanError)


def test_a_state_of_another_session_is_refused() -> None:
    checker = Scripted(GOAL)
    with Dojo(checker, TRUE) as (dojo, _):
        with pytest.raises(InputError, match="not one of this session"):
            dojo.run_tac(TacticState("⊢ False", 0), "skip")
        with pytest.raises(InputError, match="not one of this session"):
            dojo.run_tac(TacticState("⊢ True", 99), "skip")


def test_text_that_no_file_can_hold() -> None:
    with pytest.raises(ParseError, match="NUL"):
        Dojo(Scripted(GOAL), "theorem t : \0")


def test_a_finished_proof_needs_evidence() -> None:
    from provers.base import Result

    with pytest.raises(ValueError, match="evidence"):
        ProofFinished(1, Result(Outcome.UNKNOWN, "lean", 0.0, reason="incomplete"))
