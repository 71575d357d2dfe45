"""Finding proofs, refutations and counterexamples of bare statements, and giving up honestly.

The limits in the tables are far above what the statements take, so that a busy machine changes
nothing.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest

from provers import recheck
from provers.base import (
    Attempts,
    LeanProblem,
    LeanProof,
    Limits,
    Outcome,
    Problem,
    Result,
    ScriptProblem,
)
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import ALLOWED_AXIOMS, Checker, Header, LeanVersion, Reply
from provers.lean.prover import LeanProver
from provers.records import read_result, write_result

AMPLE = Limits(240, 2048)

SUM = "def total : List Nat → Nat\n  | [] => 0\n  | x :: xs => x + total xs\n"

PROVABLE = {
    "numerals": "theorem t : 2 + 2 = 4",
    "with a sorry": "theorem t : 2 + 2 = 4 := by sorry",
    "with a comment": "theorem t : 2 + 2 = 4 -- done",
    "linear nat": "theorem t (x : Nat) (h : x > 3) : x + 1 > 4",
    "linear int": "theorem t (x y : Int) (h : x < y) : x + 1 ≤ y",
    "division": "theorem t (n : Nat) (h : n % 2 = 1) : n / 2 * 2 + 1 = n",
    "rat": "theorem t (x : Rat) (h : x / 4 = 12) : x = 48",
    "rat order": "theorem t (x y : Rat) (h : x < y) : x < (x + y) / 2",
    "squares": "theorem t (a b : Int) : a * a + b * b ≥ 2 * a * b",
    "products": "theorem t (a b : Rat) (ha : a > 0) (hb : b > 0) : a * b > 0",
    "bool": "theorem t (a b : Bool) : (a && b) = !(!a || !b)",
    "fin": "theorem t (i : Fin 4) : i * 4 = 0",
    "reverse": "theorem t (xs ys : List Nat) : (xs ++ ys).reverse = ys.reverse ++ xs.reverse",
    "length": "theorem t {α : Type} (xs : List α) : (xs ++ xs).length = 2 * xs.length",
    "definition": f"{SUM}theorem t (xs ys : List Nat) : total (xs ++ ys) = total xs + total ys",
    "implication": "theorem t (p q : Prop) : (p → q) → p → q",
    "Peirce": "theorem t (p q : Prop) : ((p → q) → p) → p",
    "syllogism": (
        "theorem t {α : Type} (P Q : α → Prop) (h : ∀ x, P x → Q x) (a : α) (ha : P a) : ∃ x, Q x"
    ),
    "witness": "theorem t : ∃ x : Nat, x * x = 49",
    "no witness": "theorem t : ¬ ∃ x : Nat, x < 0",
    "quantified": "theorem t : ∀ n m : Nat, n * m = m * n",
    "name with spaces": "theorem «a name with spaces» : 1 < 2",
    "namespace": "namespace A.B\ntheorem C.t (x : Nat) : x ≤ x + 1",
    "universe": "theorem t.{u} {α : Type u} (a b : α) (h : a = b) : b = a",
    "variable": "variable (n : Nat)\ntheorem t (h : n > 5) : n > 3",
    "scope": "open Nat in\n@[simp] theorem t (n : Nat) : n < succ n",
    "import": "import Init.Data.List\ntheorem t (n : Nat) : 0 + n = n",
}
VACUOUS = {
    "order": "theorem t (x : Int) (h : x > 3) (k : x < 2) : x = 100",
    "propositions": "theorem t (p q : Prop) (h : p) (k : ¬ p) : q",
    "quantified": "theorem t : ∀ n : Nat, n < 0 → n = 7",
}
REFUTABLE = {
    "numerals": ("theorem t : 2 + 2 = 5", ""),
    "nat": ("theorem t (x : Nat) (h : x > 3) : x < 20", "x = 20"),
    "subtraction": ("theorem t : ∀ x y : Nat, x - y + y = x", "x = 0, y = 1"),
    "int": ("theorem t (x : Int) : x * x > x", "x = 0"),
    "rat": ("theorem t (x : Rat) (h : x > 0) : x ≥ 1", "x = 1/2"),
    "bool": ("theorem t (a b : Bool) : (a || b) = a", "a = false, b = true"),
    "fin": ("theorem t (i : Fin 3) : i = 0", "i = 1"),
    "lists": ("theorem t (xs ys : List Nat) : xs ++ ys = ys ++ xs", "xs = [0], ys = [1]"),
    "definition": (f"{SUM}theorem t (xs : List Nat) : total xs = xs.length", "xs = [0]"),
    "propositions": ("theorem t (p q : Prop) (h : p ∨ q) : p ∧ q", "p = True, q = False"),
    "predicate": (
        "theorem t {α : Type u} (P : α → Prop) (h : ∃ x, P x) : ∀ x, P x",
        "α = Bool, P = fun x => x = true, x = false",
    ),
    "variable": ("variable (n : Nat)\ntheorem t (h : n > 5) : n > 10", "n = 7"),
    "notation": ("import NeuroSym.Compat\ntheorem t (x : ℤ) (h : x ≥ 0) : x * x > x", "x = 0"),
    "all are equal": ("theorem t : ∀ x y : Nat, x = y", "x = 0, y = 1"),
}
HARD = {
    "Fermat": (
        "theorem t (a b c n : Nat) (hn : n > 2) (ha : a > 0) (hb : b > 0) : a ^ n + b ^ n ≠ c ^ n"
    ),
    "no square": "theorem t : ∃ x : Nat, x * x * x * x = 50 * x + 7",
    "opaque": "theorem t (f : Nat → Nat) (h : ∀ x, f (f x) = x + 2) : f 0 = 1 ∨ f 0 > 40",
}
ILL_FORMED = {
    "syntax": ("theorem t (n : Nat) :\n  n + = 3", 2),
    "name": ("theorem t : nonsense = 3", 1),
    "type": ("theorem t (n : Nat) :\n\n n = true", 3),
    "NUL": ("theorem t :\n 1 = \0 2", 2),
    "unknown import": ("import Nowhere.At.All\ntheorem t : 1 = 1", 1),
    "module": ("module\ntheorem t : 1 = 1", 1),
}


@pytest.fixture(scope="module")
def prover(lean_checker: Checker) -> LeanProver:
    return LeanProver(lean_checker)


def rechecked(problem: LeanProblem, result: Result, checker: Checker) -> recheck.Recheck:
    """The result checked again after it was written as JSON and read."""
    again = read_result(write_result(result))
    return recheck.recheck(problem, again, AMPLE, checker=checker)


@pytest.mark.parametrize("name", PROVABLE)
def test_proved(prover: LeanProver, lean_checker: Checker, name: str) -> None:
    problem = LeanProblem("", PROVABLE[name])
    found = prover.prove(problem, AMPLE)
    assert found.outcome is Outcome.PROVED, found
    assert found.flags == ()
    assert isinstance(found.evidence, LeanProof)
    assert "sorry" not in found.evidence.code
    assert set(found.evidence.axioms) <= ALLOWED_AXIOMS
    assert rechecked(problem, found, lean_checker).ok


@pytest.mark.parametrize("name", VACUOUS)
def test_vacuous(prover: LeanProver, name: str) -> None:
    found = prover.prove(LeanProblem("", VACUOUS[name]), AMPLE)
    assert (found.outcome, found.flags) == (Outcome.PROVED, ("vacuous",))


@pytest.mark.parametrize("name", REFUTABLE)
def test_refuted(prover: LeanProver, lean_checker: Checker, name: str) -> None:
    statement, instance = REFUTABLE[name]
    problem = LeanProblem("", statement)
    found = prover.prove(problem, AMPLE)
    assert found.outcome is Outcome.REFUTED, found
    assert isinstance(found.evidence, LeanProof)
    assert found.evidence.claim == "negation"
    assert [m.text for m in found.messages] == ([f"counterexample: {instance}"] if instance else [])
    assert rechecked(problem, found, lean_checker).ok


@pytest.mark.parametrize("name", HARD)
def test_unknown(prover: LeanProver, name: str) -> None:
    found = prover.prove(LeanProblem("", HARD[name]), Limits(4, 2048))
    assert found.outcome is Outcome.UNKNOWN, found
    assert found.reason in ("timeout", "incomplete")
    assert isinstance(found.evidence, Attempts)
    assert found.evidence.tried


@pytest.mark.parametrize("name", ILL_FORMED)
def test_ill_formed(prover: LeanProver, name: str) -> None:
    statement, line = ILL_FORMED[name]
    found = prover.prove(LeanProblem("", statement), AMPLE)
    assert found.outcome is Outcome.ILL_FORMED, found
    errors = [m for m in found.messages if m.severity == "error" and m.line is not None]
    assert errors[0].line == line


@pytest.mark.parametrize("statement", ["", "   ", "-- nothing", "def x := 3", "example : 1 = 1"])
def test_no_theorem(prover: LeanProver, statement: str) -> None:
    found = prover.prove(LeanProblem("", statement), AMPLE)
    assert found.outcome is Outcome.ILL_FORMED, found
    assert found.messages


@pytest.mark.parametrize("garbage", ["%& ", "( ", "theorem ", "\n", "a"])
def test_five_megabytes(prover: LeanProver, garbage: str) -> None:
    text = (garbage * 5_000_001)[:5_000_001]
    found = prover.prove(LeanProblem("", text), AMPLE)
    assert found.outcome is Outcome.ILL_FORMED
    assert "characters" in found.messages[0].text


# --- given proofs --------------------------------------------------------------------------


def test_given_code_is_judged(prover: LeanProver, lean_checker: Checker) -> None:
    good = LeanProblem("theorem t : 1 + 1 = 2 := rfl", "theorem t : 1 + 1 = 2")
    found = prover.prove(good, AMPLE)
    assert found.outcome is Outcome.PROVED
    assert rechecked(good, found, lean_checker).ok
    bad = prover.prove(LeanProblem("theorem t : 1 + 1 = 3 := rfl"), AMPLE)
    assert bad.outcome is Outcome.ILL_FORMED
    other = prover.prove(LeanProblem("theorem t : True := trivial", "theorem t : 1 = 2"), AMPLE)
    assert (other.outcome, other.flags) == (Outcome.UNKNOWN, ("statement_changed",))


def test_theorems_without_proof_are_named(prover: LeanProver) -> None:
    code = "theorem a : 1 = 1 := rfl\ntheorem «b c» (x : Nat) : x = x := by\n  sorry\n"
    found = prover.prove(LeanProblem(code), AMPLE)
    assert (found.outcome, found.reason, found.flags) == (
        Outcome.UNKNOWN,
        "incomplete",
        ("sorry",),
    )
    assert found.messages[0].text == "not proved: «b c»"


# --- evidence checked again ----------------------------------------------------------------

FALSE = "theorem t (x : Nat) : x < 3"
NOT_ITS_NEGATION = {
    "a weaker bound": (
        "theorem refutation : ¬ (∀ (x : Nat)\n  , x < 2\n  ) := fun h => by have := h 5; omega"
    ),
    "no negation": "theorem refutation : 1 = 1 := rfl",
    "with an axiom": (
        "axiom a : ¬ ∀ x : Nat, x < 3\ntheorem refutation : ¬ (∀ (x : Nat)\n  , x < 3\n  ) := a"
    ),
    "with sorry": "theorem refutation : ¬ (∀ (x : Nat)\n  , x < 3\n  ) := sorry",
    "another Nat": (
        "inductive Nat' | z\nlocal notation \"Nat\" => Nat'\n"
        "instance : LT Nat' := ⟨fun _ _ => False⟩\n"
        "instance : OfNat Nat' n := ⟨.z⟩\n"
        "theorem refutation : ¬ (∀ (x : Nat)\n  , x < 3\n  ) := fun h => h .z"
    ),
}


def claimed(code: str, statement: str) -> Result:
    proof = LeanProof("negation", code, "refutation", statement, (), "4", "embedded")
    return Result(Outcome.REFUTED, "lean", 0.0, evidence=proof)


@pytest.mark.parametrize("name", NOT_ITS_NEGATION)
def test_wrong_refutations_do_not_hold(lean_checker: Checker, name: str) -> None:
    code = NOT_ITS_NEGATION[name]
    again = recheck.recheck(
        LeanProblem("", FALSE), claimed(code, FALSE), AMPLE, checker=lean_checker
    )
    assert not again.ok


def test_right_refutation_holds_for_its_statement_alone(lean_checker: Checker) -> None:
    code = "theorem refutation : ¬ (∀ (x : Nat)\n  , x < 3\n  ) := fun h => by have := h 5; omega"
    right = recheck.recheck(
        LeanProblem("", FALSE), claimed(code, FALSE), AMPLE, checker=lean_checker
    )
    assert (right.ok, right.how) == (True, "judged again")
    true = "theorem t (x : Nat) : x < x + 1"
    assert not recheck.recheck(
        LeanProblem("", true), claimed(code, true), AMPLE, checker=lean_checker
    ).ok


def test_proof_of_another_file_does_not_hold(lean_checker: Checker) -> None:
    proof = LeanProof("goal", "theorem u : 1 = 1 := rfl", "", "", (), "4", "embedded")
    result = Result(Outcome.PROVED, "lean", 0.0, evidence=proof)
    again = recheck.recheck(
        LeanProblem("theorem t : 1 = 2 := sorry"), result, AMPLE, checker=lean_checker
    )
    assert not again.ok


# --- without Lean --------------------------------------------------------------------------


class Stopping:
    """A checker that never answers."""

    def __init__(self, reply: Reply | None) -> None:
        self.reply = reply
        self.asked = 0
        self.closed = 0

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        self.asked += 1
        if self.reply is None:
            raise BrokenToolError("Lean cannot start", stderr="its last words")
        return self.reply

    def version(self) -> LeanVersion:
        return LeanVersion("4", "embedded")

    def warm(self, header: Header = ("Init",)) -> None:
        self.asked += 1

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(
    ("stopped", "outcome", "reason"),
    [
        ("timeout", Outcome.UNKNOWN, "timeout"),
        ("memory", Outcome.UNKNOWN, "memory"),
        ("stack", Outcome.UNKNOWN, "memory"),
        ("crash", Outcome.FAILED, ""),
    ],
)
def test_no_answer_is_no_success(stopped: Any, outcome: Outcome, reason: str) -> None:
    checker = Stopping(Reply(None, 0.1, stopped, "words"))
    found = LeanProver(checker).prove(LeanProblem("", "theorem t : 1 = 1"), Limits(5))
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_search_that_only_crashed_has_failed() -> None:
    class Crashing(Stopping):
        """It reads the statement and no proof of it."""

        def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
            reply = super().ask(header, request, limits)
            body = {"messages": [], "errors": False}
            return Reply(body, 0.1) if self.asked == 1 else reply

    found = LeanProver(Crashing(Reply(None, 0.1, "crash", "its last words"))).prove(
        LeanProblem("", "theorem t : 1 = 1"), Limits(60)
    )
    assert found.outcome is Outcome.FAILED, found
    assert "its last words" in found.messages[0].text


@pytest.mark.parametrize("statement", ["theorem t", "theorem t.{u"])
def test_a_form_that_is_not_read_is_unsupported(statement: str) -> None:
    class Lenient(Stopping):
        """Finds nothing wrong with the statement but that it has no proof."""

        def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
            self.asked += 1
            body = {"messages": [], "errors": False, "detail": "", "theorems": ["t"]}
            proof = {"tag": "proof", "axioms": ["sorryAx"], "declared": [], "replayed": 1}
            return Reply({**body, **proof}, 0.1)

    found = LeanProver(Lenient(None)).prove(LeanProblem("", statement), Limits(5))
    assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "unsupported"), found
    assert found.flags == ()
    assert "form is not read" in found.messages[0].text


def test_an_answer_without_messages_proves_nothing() -> None:
    body = {"messages": [], "errors": False, "tag": "missing", "detail": ""}
    found = LeanProver(Stopping(Reply(body, 0.1))).prove(
        LeanProblem("", "theorem t : 1 = 2"), Limits(5)
    )
    assert found.outcome is Outcome.UNKNOWN


def test_broken_lean_fails_with_its_last_words() -> None:
    found = LeanProver(Stopping(None)).prove(LeanProblem("", "theorem t : 1 = 1"), Limits(5))
    assert found.outcome is Outcome.FAILED
    assert [m.text for m in found.messages] == ["Lean cannot start", "its last words"]


def test_lean_is_opened_when_first_needed_and_closed_by_its_opener() -> None:
    given = Stopping(None)
    LeanProver(given).close()
    assert given.closed == 0
    opened: list[Stopping] = []

    def open_() -> Checker:
        opened.append(Stopping(None))
        return opened[-1]

    prover = LeanProver(open_)
    for other in (Problem(()), ScriptProblem("smtlib", "")):
        found = prover.prove(other)
        assert (found.outcome, found.reason) == (Outcome.UNKNOWN, "unsupported")
    assert opened == []
    prover.prove(LeanProblem("", "theorem t : 1 = 1"))
    prover.close()
    assert [o.closed for o in opened] == [1]
    prover.prove(LeanProblem("", "theorem t : 1 = 1"))
    assert len(opened) == 2


def test_missing_lean_is_raised() -> None:
    def missing() -> Checker:
        raise MissingToolError("there is no Lean")

    with pytest.raises(MissingToolError, match="no Lean"):
        LeanProver(missing).prove(LeanProblem("", "theorem t : 1 = 1"))


def test_input_that_a_checker_refuses_is_that_records_own_error() -> None:
    class Refusing(Stopping):
        def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
            raise InputError("a request of more than 64 MB")

    prover = LeanProver(Refusing(None))
    for problem in (LeanProblem("theorem t : 1 = 1 := rfl"), LeanProblem("", "theorem t : 1 = 1")):
        found = prover.prove(problem, Limits(5))
        assert found.outcome is Outcome.ILL_FORMED
        assert [m.text for m in found.messages] == ["a request of more than 64 MB"]


def test_closing_does_not_wait_for_an_opening() -> None:
    begun, go_on = threading.Event(), threading.Event()
    opened: list[Stopping] = []

    def open_() -> Checker:
        begun.set()
        assert go_on.wait(60)
        opened.append(Stopping(Reply(None, 0.1, "timeout")))
        return opened[-1]

    prover = LeanProver(open_)
    results: list[Result] = []
    problem = LeanProblem("", "theorem t : 1 = 1")
    thread = threading.Thread(target=lambda: results.append(prover.prove(problem, Limits(5))))
    thread.start()
    assert begun.wait(60)
    closing = threading.Thread(target=prover.close, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()
    assert opened == []
    go_on.set()
    thread.join(60)
    assert [(o.closed, o.asked) for o in opened] == [(1, 0)]
    assert results[0].outcome is Outcome.FAILED
    assert prover.checker() is opened[1]  # it can be opened again
    assert opened[1].closed == 0
