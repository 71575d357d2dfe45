"""The judge on real Lean: every outcome, every flag, and the shapes of bad input."""

from __future__ import annotations

from typing import Any

import pytest

from provers.base import LeanProblem, LeanProof, Limits, Outcome, Result
from provers.lean.base import Checker, Header, LeanVersion, Reply
from provers.lean.judge import judge

LIMITS = Limits(60.0)
TWO = "theorem two : 1 + 1 = 2"


def ask(checker: Checker, code: str, statement: str | None = None, **more: Any) -> Result:
    return judge(checker, LeanProblem(code, statement), LIMITS, **more)


@pytest.mark.parametrize("statement", [None, TWO, TWO + " := by sorry", TWO + " -- a comment"])
def test_a_proof_is_proved_with_its_file(lean_checker: Checker, statement: str | None) -> None:
    code = TWO + " := rfl"
    result = ask(lean_checker, code, statement)
    assert result.outcome is Outcome.PROVED
    proof = result.evidence
    assert isinstance(proof, LeanProof)
    assert (proof.code, proof.tier, proof.axioms) == (code, "replayed", ())
    assert proof.theorem == ("two" if statement else "")
    assert proof.lean.startswith("4.") and proof.toolchain in ("native", "embedded")


def test_a_proof_of_the_negation_is_refuted(lean_checker: Checker) -> None:
    code = "theorem no : ¬ (1 + 1 = 3) := by decide"
    result = ask(lean_checker, code, "theorem no : ¬ (1 + 1 = 3)", claim="negation")
    assert result.outcome is Outcome.REFUTED


def test_the_axioms_of_core_lean_are_allowed_and_named(lean_checker: Checker) -> None:
    result = ask(lean_checker, "theorem em (p : Prop) : p ∨ ¬ p := Classical.em p")
    assert isinstance(result.evidence, LeanProof)
    assert set(result.evidence.axioms) <= {"propext", "Classical.choice", "Quot.sound"}


@pytest.mark.parametrize(
    ("code", "statement", "flag"),
    [
        (TWO + " := sorry", TWO, "sorry"),
        ("axiom cheat : False\n" + TWO + " := cheat.elim", TWO, "axiom"),
        ("theorem two : 2 = 2 := rfl", TWO, "statement_changed"),
        (
            "theorem two (n : Int) : n = n := rfl",
            "theorem two (n : Nat) : n = n",
            "statement_changed",
        ),
        (
            "theorem two {n : Nat} : n = n := rfl",
            "theorem two (n : Nat) : n = n",
            "statement_changed",
        ),
        (
            "def d (n : Nat) := 0 * n\ntheorem two : d 0 = 0 := rfl",
            "def d (n : Nat) := 2 * n\ntheorem two : d 0 = 0",
            "statement_changed",
        ),
        ("theorem three : 1 + 1 = 2 := rfl", TWO, "missing_theorem"),
        ("", TWO, "missing_theorem"),
        ("def two : 1 + 1 = 2 := rfl", TWO, "not_theorem"),
        (TWO + " := by native_decide", TWO, "unsafe"),
        ("unsafe def f := 1\n" + TWO + " := rfl", TWO, "unsafe"),
        ("set_option debug.skipKernelTC true\n" + TWO + " := rfl", TWO, "unsafe"),
    ],
)
def test_what_is_no_proof_says_why(
    lean_checker: Checker, code: str, statement: str, flag: str
) -> None:
    result = ask(lean_checker, code, statement)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "incomplete")
    assert result.flags == (flag,)
    assert result.messages[0].severity == "error"


def test_a_program_in_the_code_is_not_judged(lean_checker: Checker) -> None:
    result = ask(lean_checker, "#eval 1\n" + TWO + " := rfl", TWO)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "unsupported")
    assert result.flags == ("program",)


def test_errors_have_the_position_in_the_code_that_was_sent(lean_checker: Checker) -> None:
    result = ask(lean_checker, "import Std\n\ntheorem t : 1 = 2 := rfl")
    assert result.outcome is Outcome.ILL_FORMED
    error = next(m for m in result.messages if m.severity == "error")
    assert (error.line, error.column) == (3, 21) or error.line == 3


def test_an_import_that_does_not_exist_is_named_where_it_stands(lean_checker: Checker) -> None:
    result = ask(lean_checker, "-- first\nimport Nope.Deep\n" + TWO + " := rfl")
    assert result.outcome is Outcome.ILL_FORMED
    (message,) = result.messages
    assert (message.line, message.column) == (2, 8)
    assert "Nope" in message.text


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("this is not Lean", None),
        ("theorem a : True := trivial\ntheorem a : True := trivial", None),
        ("theorem with spaces : True := trivial", None),
        ("theorem t : True := trivial", "theorem t : Nope"),
        ("theorem t : True := trivial", "not a theorem"),
        ("theorem t : Tr\0ue := trivial", None),
        ("theorem t : True := trivial", "theorem t : Tr\0ue"),
        ("module\ntheorem t : True := trivial", None),
        ("x" * 5_000_001, None),
    ],
)
def test_what_does_not_elaborate_is_ill_formed(
    lean_checker: Checker, code: str, statement: str | None
) -> None:
    result = ask(lean_checker, code, statement)
    assert result.outcome is Outcome.ILL_FORMED
    assert result.messages


def test_five_megabytes_of_garbage_end_with_a_name(lean_checker: Checker) -> None:
    result = judge(lean_checker, LeanProblem("garbage " * 600_000), Limits(20.0))
    assert result.outcome in (Outcome.ILL_FORMED, Outcome.UNKNOWN)
    assert result.outcome is not Outcome.UNKNOWN or result.reason in ("timeout", "memory")


def test_a_name_with_spaces_in_its_brackets_is_fine(lean_checker: Checker) -> None:
    statement = "theorem «one and one» : 1 + 1 = 2"
    result = ask(lean_checker, statement + " := rfl", statement)
    assert result.outcome is Outcome.PROVED


def test_requests_do_not_see_one_another(lean_checker: Checker) -> None:
    first = ask(lean_checker, "theorem shared : 1 + 1 = 2 := rfl")
    second = ask(lean_checker, "theorem other : 1 + 1 = 2 := shared")
    assert first.outcome is Outcome.PROVED
    assert second.outcome is Outcome.ILL_FORMED


def test_running_out_of_stack_has_its_own_name(lean_checker: Checker) -> None:
    deep = "theorem t : True := " + "(" * 200_000 + "trivial" + ")" * 200_000
    result = ask(lean_checker, deep)
    assert result.outcome in (Outcome.UNKNOWN, Outcome.ILL_FORMED)
    assert ask(lean_checker, TWO + " := rfl").outcome is Outcome.PROVED


class Stopped:
    """A checker whose server always stops in one way."""

    def __init__(self, stop: Any) -> None:
        self.stop = stop

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        return Reply(None, 1.0, self.stop, "last words")

    def version(self) -> LeanVersion:
        return LeanVersion("4.0.0", "native")

    def warm(self, header: Header = ("Init",)) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("stop", "outcome", "reason", "flags"),
    [
        ("timeout", Outcome.UNKNOWN, "timeout", ()),
        ("memory", Outcome.UNKNOWN, "memory", ()),
        ("stack", Outcome.UNKNOWN, "memory", ("stack",)),
        ("crash", Outcome.FAILED, "", ()),
        ("header", Outcome.ILL_FORMED, "", ()),
    ],
)
def test_no_answer_is_never_a_proof(
    stop: str, outcome: Outcome, reason: str, flags: tuple[str, ...]
) -> None:
    result = ask(Stopped(stop), TWO + " := rfl", TWO)
    assert (result.outcome, result.reason, result.flags) == (outcome, reason, flags)
    assert "last words" in result.messages[0].text or stop in ("timeout",)


def test_the_evidence_imports_what_the_statement_imports(lean_checker: Checker) -> None:
    result = ask(lean_checker, TWO + " := rfl", "import Std\n" + TWO)
    assert isinstance(result.evidence, LeanProof)
    assert result.evidence.code == "import Std\n" + TWO + " := rfl"


def test_a_program_in_the_statement_is_not_judged(lean_checker: Checker) -> None:
    result = ask(lean_checker, TWO + " := rfl", "#eval 1\n" + TWO)
    assert (result.outcome, result.flags) == (Outcome.UNKNOWN, ("program",))
    assert "in the statement" in result.messages[0].text
