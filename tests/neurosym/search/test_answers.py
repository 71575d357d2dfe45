"""What is taken from a model's answer, and what is refused before Lean sees it."""

from __future__ import annotations

import time

import pytest

from neurosym.search.answers import MOST_ANSWER, read_proof, read_tactic

PROOFS = {
    "tactics": ("omega", "omega"),
    "several": ("intro h\nexact h", "intro h\nexact h"),
    "by": ("by\n  intro h\n  exact h", "intro h\nexact h"),
    "by on the line": ("by intro h\n   exact h", "intro h\nexact h"),
    "by_contra is no by": ("by_contra h\nomega", "by_contra h\nomega"),
    "a term": (":= rfl", "exact rfl"),
    "a long term": (":= fun h =>\n  h.symm", "exact\n  fun h =>\n  h.symm"),
    "a fence": ("Here it is:\n```lean4\nomega\n```\nDone.", "omega"),
    "the last fence": ("```\nsimp\n```\nNo, better:\n```lean\nomega\n```", "omega"),
    "an open fence": ("```lean\nomega\n", "omega"),
    "thoughts": ("<think>theorem t := sorry</think>omega", "omega"),
    "said again": ("theorem t (n : Nat) : n = n := by\n  rfl", "rfl"),
    "said again with imports": (
        "import Mathlib\nopen Nat\n\ntheorem t (n : Nat) (h : n = 1) :\n    n = n := by\n"
        "  cases n with\n  | zero => rfl\n  | succ n => rfl",
        "cases n with\n| zero => rfl\n| succ n => rfl",
    ),
    "said again wrongly": ("theorem t : True := trivial", "exact trivial"),
    "said under another name": ("theorem mine : 1 = 1 := by decide", "decide"),
    "behind a lemma": ("lemma a : 1 = 1 := rfl\ntheorem t : 2 = 2 := by exact rfl", "exact rfl"),
    "let in the statement": ("theorem t : let x := 1; x = 1 := by\n  rfl", "rfl"),
    "a namespace's end": ("theorem t : 1 = 1 := by\n  rfl\n\nend A.B\nend", "rfl"),
    "the first line further in": ("   rw [h]\nexact k", "rw [h]\nexact k"),
    "bullets": ("constructor\n· rfl\n· rfl", "constructor\n· rfl\n· rfl"),
    "tabs and Windows": ("cases h\r\n\t· rfl\r\n", "cases h\n  · rfl"),
    "commands in a comment": ("-- theorem, sorry, #eval\nrfl", "-- theorem, sorry, #eval\nrfl"),
    "an array": ("exact ⟨#[1], rfl⟩", "exact ⟨#[1], rfl⟩"),
    "a name that begins like a word": ("exact sorry_free.end", "exact sorry_free.end"),
}
REFUSED = {
    "nothing": ("", "no tactics"),
    "a comment alone": ("-- I cannot", "no tactics"),
    "sorry": ("intro h\nsorry", "proves nothing"),
    "admit": ("admit", "proves nothing"),
    "stop": ("stop\nrfl", "proves nothing"),
    "sorryAx": ("exact Lean.sorryAx _", "proves nothing"),
    "native_decide": ("native_decide", "compiled"),
    "decide +native": ("decide +native", "compiled"),
    "native configured": ("decide (config := { native := true })", "compiled"),
    "ofReduceBool": ("exact Lean.ofReduceBool _ _ rfl", "compiled"),
    "eval": ('trivial\n#eval IO.println "x"', "command"),
    "a program": ("run_tac do pure ()", "program"),
    "a term by a program": ("exact by_elab do return .lit (.natVal 1)", "program"),
    "import": ("trivial\nimport Lean", "does not belong"),
    "an axiom": ("exact a.elim\naxiom a : False", "does not belong"),
    "a theorem behind it": (
        "theorem t : 1 = 2 := by\n  trivial\n\ntheorem u : 1 = 2 := v",
        "does not belong",
    ),
    "a macro": ('trivial\nmacro "rfl" : tactic => `(tactic| trivial)', "does not belong"),
    "an option": ("set_option debug.skipKernelTC true in decide", "does not belong"),
    "an end in the middle": ("rfl\nend A\nrfl", "does not belong"),
    "an open comment": ("rfl /- ", "not closed"),
    "an open text": ('exact f "abc', "not closed"),
    "an open name": ("exact «abc", "not closed"),
    "an open bracket": ("exact (f (a)", "not closed"),
    "too deep": ("exact " + "(" * 90 + "x" + ")" * 90, "deep"),
    "a control character": ("rfl\x00", "U+0000"),
    "an escape": ("rfl\x1b[2J", "U+001B"),
    "half a pair": ("rfl \ud800", "U+D800"),
    "a statement alone": ("theorem t : 1 = 1", "no proof"),
    "a megabyte": ("rfl\n" * 250_000, "characters"),
}


@pytest.mark.parametrize("name", PROOFS)
def test_the_proof_in_an_answer(name: str) -> None:
    answer, proof = PROOFS[name]
    assert read_proof(answer, "t").meaning == proof


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    answer, complaint = REFUSED[name]
    found = read_proof(answer, "t")
    assert found.meaning is None
    assert complaint in found.complaint


@pytest.mark.parametrize(
    "piece",
    ["«", '"', "(", "/-", "```\n", "\nend x", ":= ", "theorem t ", "r#", "</think>", "\n", "'"],
)
def test_an_answer_is_read_in_no_time(piece: str) -> None:
    start = time.monotonic()
    read_proof((piece * MOST_ANSWER)[:MOST_ANSWER], "t")
    read_tactic((piece * MOST_ANSWER)[:MOST_ANSWER])
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("answer", "tactic"),
    [
        ("omega", "omega"),
        ("by omega", "omega"),
        ("intro h\nexact h", "intro h"),
        ("```lean\nintro h\n```", "intro h"),
        ("1. simp [a]\n2. rfl", "simp [a]"),
        ("- rfl", "rfl"),
        ("exact f (2 * m) - 1", "exact f (2 * m) - 1"),
        ("· rfl", "rfl"),
        (
            "cases h with\n| inl h => exact h\n| inr h => simp\nrfl",
            "cases h with\n| inl h => exact h\n| inr h => simp",
        ),
        ("have : a = b := by\n  omega\nrw [this]", "have : a = b := by\n  omega"),
        ("sorry", None),
        ("#eval 1", None),
        ("", None),
        ("rfl" * 1_000, None),
    ],
)
def test_the_tactic_in_an_answer(answer: str, tactic: str | None) -> None:
    assert read_tactic(answer).meaning == tactic
