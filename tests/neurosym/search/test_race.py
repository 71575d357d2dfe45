"""The refutation beside the search: who ends whom, within which time, and what contradicts."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from neurosym.search import MODES, Mode, Plan, Searcher, find, write_found
from provers.base import Conflict, LeanProof, Limits, Outcome
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import INIT, Checker, Header, LeanVersion, Reply
from provers.lean.pool import Pool
from tests.neurosym.search.models import Adviser, Failing, Sleeper, Writer

AMPLE = Limits(120)
FALSE = "theorem t (n : Nat) : n * n ≥ 2 * n"
SWAP = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p"
# Nothing that is tried here decides it.
OPEN = "theorem t (f : Nat → Nat) (h : ∀ x, f (f x) = x + 2) : f 0 = 1 ∨ f 0 > 40"


@pytest.mark.parametrize("mode", ["whole", "best-first"])
def test_a_refutation_ends_the_search(lean_checker: Pool, mode: Mode) -> None:
    model = Sleeper([["rfl"]])
    found = find(FALSE, checker=lean_checker, model=model, mode=mode, limits=AMPLE)
    assert model.begun.is_set() and not model.woken.is_set()  # it was not waited for
    assert found.result.outcome is Outcome.REFUTED, found
    assert isinstance(found.result.evidence, LeanProof)
    assert found.result.evidence.claim == "negation"
    assert found.result.messages[0].text == "counterexample: n = 1"
    assert (found.attempts, found.proof) == ((), "")
    lane = next(t for t in threading.enumerate() if t.name == "lean search")
    model.woken.set()
    lane.join(10)
    assert not lane.is_alive()
    assert len(model.asked) == 1


def test_without_negation_nothing_is_refuted(lean_checker: Pool) -> None:
    model = Writer([["rfl"]])
    found = find(
        FALSE, checker=lean_checker, model=model, samples=1, rounds=0, negate=False, limits=AMPLE
    )
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "incomplete")


def test_no_time_is_a_timeout_and_a_late_proof_none(lean_checker: Pool) -> None:
    model = Sleeper([["exact h.symm"]])
    start = time.monotonic()
    found = find(SWAP, checker=lean_checker, model=model, limits=Limits(1.5))
    assert time.monotonic() - start < 30
    assert (found.result.outcome, found.result.reason) == (Outcome.UNKNOWN, "timeout")
    assert found.result.szs == "Timeout"
    assert (found.proof, found.attempts) == ("", ())
    lane = next(t for t in threading.enumerate() if t.name == "lean search")
    model.woken.set()
    lane.join(10)
    assert found.result.outcome is Outcome.UNKNOWN


def test_a_refutation_is_waited_for_once_the_model_has_no_more(lean_checker: Pool) -> None:
    found = find(FALSE, checker=lean_checker, model=Writer([["x"]]), samples=1, rounds=0)
    assert found.result.outcome is Outcome.REFUTED


def test_a_model_that_fails(lean_checker: Pool) -> None:
    found = find(SWAP, checker=lean_checker, model=Failing([]), limits=AMPLE)
    assert found.result.outcome is Outcome.FAILED
    assert "unreachable" in found.result.messages[0].text
    false = find(FALSE, checker=lean_checker, model=Failing([]), limits=AMPLE)
    assert false.result.outcome is Outcome.REFUTED
    long = find(SWAP, checker=lean_checker, model=Failing([], reason="too_long"), limits=AMPLE)
    assert (long.result.outcome, long.result.reason) == (Outcome.UNKNOWN, "unsupported")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("statement", ["theorem t : 1 + = 2", "def x := 3", "", "theorem t : \0"])
def test_the_model_is_not_asked_about_what_is_none(
    lean_checker: Pool, mode: Mode, statement: str
) -> None:
    model = Writer([["rfl"]])
    found = find(statement, checker=lean_checker, model=model, mode=mode, limits=AMPLE)
    assert found.result.outcome is Outcome.ILL_FORMED, found
    assert model.asked == []


def test_portfolio_asks_no_model(lean_checker: Pool) -> None:
    model = Writer([["rfl"]])
    found = find(SWAP, checker=lean_checker, model=model, mode="portfolio", limits=AMPLE)
    assert found.result.outcome is Outcome.PROVED
    assert (model.asked, found.model) == ([], "")
    assert write_found(found)["search"]["mode"] == "portfolio"


def test_several_at_once_with_one_lean(lean_checker: Pool) -> None:
    searcher = Searcher(lean_checker, Writer([["exact h.symm"]]), Plan(samples=1, rounds=0))
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(searcher.find, [SWAP, FALSE, SWAP]))
    assert [one.result.outcome for one in found] == [
        Outcome.PROVED,
        Outcome.REFUTED,
        Outcome.PROVED,
    ]


def test_what_the_selector_raises_is_passed_on(lean_checker: Pool) -> None:
    def select(text: str, header: Any) -> list[Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        find(SWAP, checker=lean_checker, model=Writer([["rfl"]]), premises=select, limits=AMPLE)


# --- without Lean --------------------------------------------------------------------------


def test_a_search_with_a_model_needs_one() -> None:
    with pytest.raises(InputError, match="needs a language model"):
        find(SWAP, checker=Liar(), mode="whole")
    with pytest.raises(InputError, match="at least one sample"):
        Plan(samples=0)
    with pytest.raises(InputError, match="no search"):
        Plan(mode="magic")  # type: ignore[arg-type]


def said(severity: str, text: str, column: int) -> dict[str, Any]:
    return {"severity": severity, "text": text, "line": 1, "column": column}


class Liar:
    """A Lean that finds nothing wrong with anything; both searches come to their end together."""

    def __init__(self) -> None:
        self.judging = threading.Barrier(2)

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        body: dict[str, Any] = {"errors": False, "messages": []}
        if "trace_state" in request["code"]:
            body["messages"] = [said("info", "⊢ p ∧ q", 0)] * 2
        elif request["code"].endswith("skip\n"):
            left = said("error", "unsolved goals\n⊢ p ∧ q", len(f"{SWAP} := "))
            body = {"errors": True, "messages": [left]}
        if request["op"] == "judge":
            self.judging.wait(20)
            body |= {"tag": "proof", "detail": "", "axioms": [], "declared": [], "theorems": ["t"]}
        return Reply(body, 0.01)

    def version(self) -> LeanVersion:
        return LeanVersion("4", "embedded")

    def warm(self, header: Header = INIT) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize("mode", ["whole", "best-first"])
def test_a_proof_and_a_refutation_are_a_conflict(mode: Mode) -> None:
    model = Adviser([], advise=lambda text: [("assumption", -0.1)])
    found = find(SWAP, checker=Liar(), model=model, mode=mode, limits=AMPLE)
    assert found.result.outcome is Outcome.FAILED, found
    assert found.result.evidence == Conflict((("search", "proved"), ("negation", "refuted")))
    assert found.proof == ""


class Broken(Liar):
    """A Lean that reads the statement, and then breaks."""

    def __init__(self, error: Exception | Reply) -> None:
        super().__init__()
        self.error = error

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        if "trace_state" in request["code"]:
            return super().ask(header, request, limits)
        if isinstance(self.error, Exception):
            raise self.error
        return self.error


@pytest.mark.parametrize("mode", ["whole", "best-first"])
def test_a_lean_that_breaks(mode: Mode) -> None:
    model = Writer([["rfl"]])

    def outcome(checker: Checker) -> Outcome:
        return find(SWAP, checker=checker, model=model, mode=mode).result.outcome

    assert outcome(Broken(BrokenToolError("it is gone"))) is Outcome.FAILED
    assert outcome(Broken(Reply(None, 0.1, "crash", "its last words"))) is Outcome.FAILED
    with pytest.raises(MissingToolError):
        outcome(Broken(MissingToolError("there is none")))
