"""Best-first search: what it finds, in which order, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from provers.base import Attempts, LeanProof, Limits, Outcome, Result
from provers.errors import InputError
from provers.lean.base import Checker
from provers.lean.search import SearchLimits, core_tactics, search
from provers.lean.tactics import (
    Dojo,
    LeanError,
    NoState,
    ProofFinished,
    ProofGivenUp,
    TacticCrash,
    TacticResult,
    TacticState,
    TacticTimeout,
)


@pytest.mark.parametrize(
    "statement",
    [
        "theorem t (a b : Nat) (h : a = b) : b = a ∧ a + 0 = a",
        "theorem t (p q : Prop) : p ∧ q → q ∧ p",
        "theorem t (p q r : Prop) (h : p ∨ q) (f : p → r) (g : q → r) : r",
        "theorem t : ∃ n : Nat, n + 1 = 2",
        "theorem t (xs : List Nat) : (xs ++ []).length = xs.length",
        "def double : Nat → Nat\n  | 0 => 0\n  | n + 1 => double n + 2\n"
        "theorem t (n : Nat) : double n = 2 * n",
    ],
)
def test_core_tactics_prove(lean_checker: Checker, statement: str) -> None:
    result = search(Dojo(lean_checker, statement), core_tactics, SearchLimits(120))
    assert result.outcome is Outcome.PROVED, result
    assert isinstance(result.evidence, LeanProof)
    assert result.evidence.statement == statement


def test_what_is_false_is_not_proved(lean_checker: Checker) -> None:
    limits = SearchLimits(120, expansions=5)
    result = search(Dojo(lean_checker, "theorem t (n : Nat) : n = n + 1"), core_tactics, limits)
    assert result.outcome is Outcome.UNKNOWN
    assert isinstance(result.evidence, Attempts)
    assert result.evidence.tried


def test_giving_up_is_no_way_to_win(lean_checker: Checker) -> None:
    cheats = ["sorry", "admit", "exact sorryAx _", "native_decide", "all_goals sorry"]
    result = search(
        Dojo(lean_checker, "theorem t : 1 = 2"), lambda _: [(cheat, -1.0) for cheat in cheats]
    )
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "incomplete")


def test_a_statement_that_does_not_elaborate(lean_checker: Checker) -> None:
    result = search(Dojo(lean_checker, "theorem t : Nonsense"), core_tactics)
    assert result.outcome is Outcome.ILL_FORMED


# --- without Lean ---------------------------------------------------------------------------

PROVED = Result(
    Outcome.PROVED,
    "lean",
    0.0,
    evidence=LeanProof("goal", "theorem t : True := trivial", "t", "", (), "4", "embedded"),
)


class Graph:
    """States by name, and where each tactic leads from them."""

    def __init__(
        self, edges: dict[tuple[str, str], str | TacticResult], start: str | NoState = "s"
    ) -> None:
        self.edges = edges
        self.first = start
        self.taken: list[tuple[str, str]] = []

    def start(self) -> TacticState | NoState:
        return self._state(self.first) if isinstance(self.first, str) else self.first

    def run_tac(
        self, state: TacticState, tactic: str, limits: Limits | None = None
    ) -> TacticResult:
        name = state.goals[0].conclusion
        self.taken.append((name, tactic))
        target = self.edges.get((name, tactic), LeanError("no such edge"))
        return self._state(target) if isinstance(target, str) else target

    def _state(self, name: str) -> TacticState:
        return TacticState(f"⊢ {name}", len(self.taken))


def test_the_likeliest_unfinished_proof_is_carried_on_first() -> None:
    graph = Graph({("s", "a"): "x", ("s", "b"): "y", ("y", "b"): "z"})
    search(graph, lambda s: [("a", -3.0), ("b", -1.0)])
    order = list(dict.fromkeys(name for name, _ in graph.taken))
    assert order == ["s", "y", "z", "x"]


def test_states_with_the_same_goals_count_once() -> None:
    graph = Graph({("s", "a"): "x", ("s", "b"): "x", ("x", "a"): "s", ("x", "b"): "x"})
    result = search(graph, lambda s: [("a", -1.0), ("b", -1.0)])
    assert len(graph.taken) == 4
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "incomplete")


def test_what_was_tried_is_told() -> None:
    graph = Graph(
        {
            ("s", "a"): "x",
            ("s", "b"): ProofGivenUp(),
            ("s", "c"): TacticTimeout("slow"),
            ("s", "d"): TacticCrash("gone", "stack"),
            ("x", "a"): ProofFinished(7, PROVED),
        }
    )
    names = ["e", "d", "c", "b"]

    def suggest(state: TacticState) -> Sequence[tuple[str, float]]:
        return [(name, -1.0) for name in [*names, "a"]]

    missing = search(Graph({k: v for k, v in graph.edges.items() if k[0] == "s"}), suggest)
    assert isinstance(missing.evidence, Attempts)
    answers = {what: answer for what, answer, _ in missing.evidence.tried}
    assert answers["e"] == "error: no such edge"
    assert (answers["d"], answers["c"], answers["b"]) == ("stack", "timeout", "given up")
    assert (answers["a"], answers["a\na"]) == ("1 goal", "error: no such edge")
    found = search(graph, suggest)
    assert found.outcome is Outcome.PROVED
    assert found.evidence == PROVED.evidence


def test_the_number_of_expansions_is_limited() -> None:
    endless = {(f"{n}", "a"): f"{n + 1}" for n in range(100)}
    graph = Graph(dict(endless), start="0")
    result = search(graph, lambda s: [("a", -1.0)], SearchLimits(expansions=7))
    assert len(graph.taken) == 7
    assert result.reason == "incomplete"
    assert "7" in result.messages[0].text


def test_no_time_is_a_timeout() -> None:
    result = search(Graph({("s", "a"): "x"}), lambda s: [("a", -1.0)], SearchLimits(seconds=0))
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")


def test_few_records_are_kept() -> None:
    graph = Graph({})
    limits = SearchLimits(records=2)
    result = search(graph, lambda s: [(f"t{n}", -1.0) for n in range(5)], limits)
    assert isinstance(result.evidence, Attempts)
    assert [what for what, _, _ in result.evidence.tried] == ["t0", "t1"]
    assert "5 tactics were tried" in result.messages[0].text


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        (LeanError("wrong"), Outcome.ILL_FORMED),
        (TacticTimeout("slow"), Outcome.UNKNOWN),
        (TacticCrash("gone"), Outcome.FAILED),
    ],
)
def test_a_session_that_does_not_start(first: NoState, outcome: Outcome) -> None:
    result = search(Graph({}, start=first), lambda s: [("a", -1.0)])
    assert result.outcome is outcome
    assert result.messages[0].text == first.error


@pytest.mark.parametrize("number", [0.5, float("nan"), float("-inf"), float("inf")])
def test_numbers_that_are_no_logarithms(number: float) -> None:
    with pytest.raises(InputError, match="logarithm"):
        search(Graph({}), lambda s: [("a", number)])


def test_core_tactics_name_nothing_that_cannot_be_written() -> None:
    state = TacticState("h✝ : p ∧ q\nn : Nat\nh : p ∨ q\n⊢ p", 0)
    names = [tactic for tactic, _ in core_tactics(state)]
    assert not any("✝" in name for name in names)
    assert "induction n" in names
    assert "cases h" in names
