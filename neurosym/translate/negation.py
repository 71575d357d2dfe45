"""The negation test: Lean statements that cannot say what was meant are rejected, with a proof.

A formalization that is wrong is often false, or true for the wrong reason. After FormalMATH
(Yu et al., arXiv 2505.02735), which disproves candidates by proving their negation, a statement
``∀ x, hypotheses → conclusion`` is rejected where Lean proves

- ``negation_proved``: its negation, so it is false;
- ``hypotheses_contradict``: that its hypotheses contradict each other, so it says nothing;
- ``contrary_proved``: that its hypotheses refute its conclusion, so it is one of these two;
- ``trivial``: that it repeats a hypothesis, or compares a thing with itself.

Every rejection carries a file that the judge accepted. What was not decided is kept, and says what
was tried: that is no word in a statement's favour.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from provers.base import Attempts, LeanProblem, LeanProof, Limits, Message, Outcome, Result
from provers.lean.base import Checker
from provers.lean.binders import Statement, Token, read_statement, tokens
from provers.lean.goals import parse_goals
from provers.lean.hunt import Hunt
from provers.lean.judge import judge, read_messages
from provers.lean.negation import judge_negation
from provers.lean.source import bare_statement, before_proof, split_header, without_proof
from provers.recheck import Recheck

Verdict: TypeAlias = Literal["kept", "rejected", "ill_formed", "failed"]
Reason: TypeAlias = Literal[
    "negation_proved",
    "hypotheses_contradict",
    "contrary_proved",
    "trivial",
    "proved",
    "consistent",
    "untested",
    "",
]

SECONDS = 15.0
_LEAST = 2.0  # seconds: with less, another search is not begun
_DEEPER = 0.15  # of the time, for each of two longer searches
_CHEAP = ("intros; omega", "intros; simp_all; done", "intros; grind")
_CHEAP_STEPS = 10_000
_TRIVIAL = "intros\nfirst\n  | assumption\n  | rfl\n  | trivial\n  | (apply Eq.symm; assumption)"
# What extends as far to the right as it can: an arrow behind it is its own.
_OPENERS = frozenset({"∀", "∃", "λ", "fun", "let", "have", "if", "match", "Σ", "∑", "↔", "<"})


@dataclass(frozen=True, slots=True)
class StatementTest:
    """What came of the test of one statement.

    ``reason`` of a rejected statement is its fault, and ``evidence`` a LeanProof of it, about the
    statement or what ``question`` says: the same hypotheses with another conclusion. A kept one
    is ``proved`` (its proof is the evidence; the hypotheses were not shown to contradict each
    other), ``consistent`` (open, with hypotheses that can hold) or ``untested`` (nothing was
    found out); evidence then is what was tried. ``consistency`` proves that the hypotheses can
    hold. ``messages`` are Lean's where the statement is ``ill_formed`` or Lean ``failed``.
    """

    statement: str
    verdict: Verdict
    reason: Reason = ""
    evidence: LeanProof | Attempts | None = None
    question: str = ""
    consistency: LeanProof | None = None
    messages: tuple[Message, ...] = ()
    seconds: float = 0.0

    def __post_init__(self) -> None:
        proof = self.verdict == "rejected" or self.reason == "proved"
        if proof and not isinstance(self.evidence, LeanProof):
            raise ValueError(f"{self.verdict} for {self.reason} needs a proof")


def test_statement(
    statement: str, checker: Checker, limits: Limits = Limits(SECONDS)
) -> StatementTest:
    """Look for a reason to reject a statement, within ``limits`` for all that is tried.

    Raises ParseError for text that is no Lean file, and MissingToolError or BrokenToolError where
    Lean cannot be started.
    """
    return _Test(statement, checker, limits).run()


def recheck(test: StatementTest, checker: Checker, limits: Limits = Limits(60.0)) -> Recheck:
    """Judge the evidence again, from the statement and the proof alone.

    What a kept statement's test merely tried claims nothing: it is ok, ``nothing claimed``.
    """
    proof = test.evidence
    if not isinstance(proof, LeanProof):
        return Recheck(True, "nothing claimed")
    if test.reason == "negation_proved":
        again = judge_negation(checker, test.statement, proof.code, limits)
        return _judged(again.conclusive, again)
    asked = test.statement
    if test.question:
        asked = test.question
        read = read_statement(test.statement)
        wanted = read and _questions(checker, read, limits).get(test.reason)
        if wanted != asked:
            return Recheck(False, "judged again", "the proof is about other hypotheses")
    again = judge(checker, LeanProblem(proof.code, asked), limits)
    if test.reason == "trivial" and not _is_trivial(test.statement, checker, limits):
        return Recheck(False, "judged again", "the statement is not trivial")
    return _judged(again.outcome is Outcome.PROVED, again)


def _judged(ok: bool, again: Result) -> Recheck:
    detail = "" if ok else "; ".join(m.text for m in again.messages) or str(again.outcome)
    return Recheck(ok, "judged again", detail)


class _Test:
    """One run of the test; not to be used twice."""

    def __init__(self, statement: str, checker: Checker, limits: Limits) -> None:
        self.statement = statement
        self.checker = checker
        self.limits = limits
        self.begun = time.monotonic()
        self.deadline = self.begun + limits.seconds
        self.tried: list[tuple[str, str, float]] = []
        self.consistency: LeanProof | None = None

    def run(self) -> StatementTest:
        read = read_statement(self.statement)
        problem = LeanProblem(without_proof(self.statement), self.statement)
        stated = judge(self.checker, problem, self.limits)
        # Starting Lean and importing is not the test's time.
        self.begun = time.monotonic()
        self.deadline = self.begun + self.limits.seconds
        if stated.outcome is Outcome.ILL_FORMED:
            return self._done("ill_formed", messages=stated.messages)
        if read is None or "sorry" not in stated.flags:  # it is stated, but not judged
            return self._kept(stated)
        proof = _trivial(self.statement, self.checker, self._limits(1.0))
        if proof is not None:
            return self._done("rejected", "trivial", proof)
        questions = _questions(self.checker, read, self._limits(1.0))
        clash, contrary = questions.get("hypotheses_contradict"), questions.get("contrary_proved")
        for question in filter(None, (clash, contrary)):
            found = self._attempt(question)
            if found is None:
                continue
            if question == clash:
                return self._rejected("hypotheses_contradict", found, question)
            stated = self._hunt("statement", self.statement, 0.5)
            if stated.outcome is Outcome.REFUTED:
                return self._rejected("negation_proved", stated)
            return self._rejected("contrary_proved", found, question)
        stated = self._hunt("statement", self.statement, 0.7)
        if stated.outcome is Outcome.REFUTED:
            return self._rejected("negation_proved", stated)
        return self._deeper(clash, contrary) or self._kept(stated)

    def _deeper(self, clash: str | None, contrary: str | None) -> StatementTest | None:
        """A rejection by a longer search, which may instead find that the hypotheses can hold.

        What refutes either question is values that make all hypotheses true.
        """
        questions: tuple[tuple[Reason, str | None], ...] = (
            ("contrary_proved", contrary),
            ("hypotheses_contradict", clash),
        )
        for reason, question in questions:
            if question is None or self._left() < _LEAST:
                continue
            share = _DEEPER * self.limits.seconds / self._left()
            found = self._hunt(reason, question, min(1.0, share))
            if found.outcome is Outcome.PROVED:
                return self._rejected(reason, found, question)
            if isinstance(found.evidence, LeanProof):
                self.consistency = found.evidence
                break
        return None

    def _attempt(self, question: str) -> Result | None:
        """A proof by one of a few tactics; they count Lean's steps, and so end by themselves."""
        read = read_statement(question)
        assert read is not None  # it was written from one that was read
        start = time.monotonic()
        theorems = [read.declare(f"attempt_{i}", p) for i, p in enumerate(_CHEAP)]
        held = hold(self.checker, read.preamble, theorems, self._limits(0.5), _CHEAP_STEPS)
        working = next((p for p, ok in zip(_CHEAP, held, strict=True) if ok), None)
        found = None
        if working is not None:
            code = _with_tactics(question, working)
            result = judge(self.checker, LeanProblem(code, question), self._limits(1.0))
            found = result if result.outcome is Outcome.PROVED else None
        what = " ".join(read.conclusion.split())
        answer = "proved" if found else "not proved"
        self.tried.append((f"{what}: {'; '.join(_CHEAP)}", answer, time.monotonic() - start))
        return found

    def _hunt(self, what: str, text: str, share: float) -> Result:
        """Search for a proof or refutation with a share of the time that is left."""
        start = time.monotonic()
        result = Hunt(self.checker, text, self._limits(share)).run()
        spent = time.monotonic() - start
        self.tried.append((what, f"{result.outcome} {result.reason}".rstrip(), round(spent, 3)))
        return result

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _limits(self, share: float) -> Limits:
        return Limits(max(0.5, self._left() * share), self.limits.megabytes)

    def _rejected(self, reason: Reason, found: Result, question: str = "") -> StatementTest:
        assert isinstance(found.evidence, LeanProof)
        return self._done("rejected", reason, found.evidence, question)

    def _kept(self, stated: Result) -> StatementTest:
        if stated.outcome is Outcome.FAILED:
            return self._done("failed", messages=stated.messages)
        if isinstance(stated.evidence, LeanProof):
            return self._done("kept", "proved", stated.evidence)
        reason: Reason = "untested" if self.consistency is None else "consistent"
        return self._done("kept", reason, Attempts(tuple(self.tried)), messages=stated.messages)

    def _done(
        self,
        verdict: Verdict,
        reason: Reason = "",
        evidence: LeanProof | Attempts | None = None,
        question: str = "",
        messages: tuple[Message, ...] = (),
    ) -> StatementTest:
        seconds = time.monotonic() - self.begun
        return StatementTest(
            self.statement,
            verdict,
            reason,
            evidence,
            question,
            self.consistency,
            messages,
            seconds,
        )


# --- the same hypotheses with another conclusion -------------------------------------------


def _questions(checker: Checker, read: Statement, limits: Limits) -> dict[str, str]:
    """Statements that are asked beside the statement itself, by the reason that they give.

    None of them where Lean does not see that the statement's hypotheses are the same.
    """
    for peeled in (peel(read), read):
        if peeled.binders and _same(checker, read, peeled, limits):
            contrary = _concluding(peeled, f"¬ ({peeled.conclusion}\n  )")
            if peeled.conclusion.strip() == "False":
                return {}
            clash = _concluding(peeled, "False")
            return {"contrary_proved": contrary, "hypotheses_contradict": clash}
    return {}


def _concluding(read: Statement, conclusion: str) -> str:
    changed = replace(read, conclusion=conclusion)
    return bare_statement(read.preamble + changed.declare(read.fresh("question"), "sorry"))


def _same(checker: Checker, read: Statement, peeled: Statement, limits: Limits) -> bool:
    """Whether Lean takes both for the same proposition, and for what the theorem states."""

    def closed(one: Statement) -> str:
        return f"∀ {one.binders}\n  , ({one.conclusion}\n  )" if one.binders else one.conclusion

    stated = read.fresh("statement")
    text = (
        f"{read.preamble}{read.declare(stated, 'sorry')}\n"
        f"{read.scope}example : ({closed(read)}) ↔ ({closed(peeled)}) := Iff.rfl\n"
        f"{read.scope}example : {closed(read)} := @{read.beside(stated)}\n"
    )
    source = split_header(text)
    reply = checker.ask(source.header, {"op": "check", "code": source.body}, limits)
    return reply.body is not None and reply.body["errors"] is False


def hold(
    checker: Checker, preamble: str, theorems: Sequence[str], limits: Limits, heartbeats: int
) -> list[bool]:
    """Which of some theorems, proofs included, Lean has nothing against; asked all at once."""
    text, spans = preamble.rstrip("\n") + "\n", []
    for theorem in theorems:
        first = text.count("\n") + 1
        text += theorem.rstrip("\n") + "\n"
        spans.append((first, text.count("\n")))
    source = split_header(text)
    request = {"op": "check", "code": source.body, "heartbeats": heartbeats}
    reply = checker.ask(source.header, request, limits)
    if reply.body is None:
        return [False] * len(theorems)
    bad = {
        message.line
        for message in read_messages(reply.body)
        if message.severity == "error" or "declaration uses" in message.text
    }
    return [bad.isdisjoint(range(first, last + 1)) for first, last in spans]


def peel(read: Statement) -> Statement:
    """The statement with what its conclusion quantifies and assumes among its binders.

    This is reading of text: whoever relies on it lets Lean compare the two.
    """
    binders, conclusion = [read.binders] if read.binders else [], read.conclusion.strip()
    name = read.fresh("assumed")
    while step := _outermost(conclusion, f"{name}_{len(binders)}"):
        binders.append(step[0])
        conclusion = step[1]
    return replace(read, binders=" ".join(binders), conclusion=conclusion)


def _outermost(conclusion: str, name: str) -> tuple[str, str] | None:
    """The first binder of a proposition, and the rest of it; None where none can be made out."""
    found = list(tokens(conclusion))
    if not found:
        return None
    flat = [i for i, token in enumerate(found) if token.depth == 0]
    if found[0].text == "(" and len(flat) == 2 and found[-1].text == ")":
        return _outermost(conclusion[found[0].end : found[-1].start].strip(), name)
    if found[0].text == "∀":
        comma = next((i for i in flat if found[i].text == ","), None)
        if comma is None:
            return None
        binders = _typed(conclusion, found[1:comma])
        rest = conclusion[found[comma].end :].strip()
        return (binders, rest) if binders else None
    arrow = next((i for i in flat if found[i].text == "→"), None)
    if arrow is None or any(found[i].text == "↔" for i in flat):
        return None
    before = found[:arrow]
    if not before or any(t.depth == 0 and t.text in _OPENERS - {"<"} for t in before):
        return None
    assumption = conclusion[: found[arrow].start].strip()
    if before[0].text in "([{" and any(t.text == ":" and t.depth == 1 for t in before):
        return None  # a dependent arrow, or an ascription
    return f"({name} : {assumption})", conclusion[found[arrow].end :].strip()


def _typed(text: str, found: Sequence[Token]) -> str | None:
    """Binders with their types, in brackets; None for ``∀ x`` and ``∀ x > 0``."""
    if not found:
        return None
    written = text[found[0].start : found[-1].end]
    if found[0].text in "([{⦃":
        return written
    colon = next((t for t in found if t.text == ":" and t.depth == 0), None)
    plain = colon is not None and all(t.kind == "word" for t in found if t.start < colon.start)
    return f"({written})" if plain else None


# --- triviality ----------------------------------------------------------------------------


def _trivial(statement: str, checker: Checker, limits: Limits) -> LeanProof | None:
    if not _is_trivial(statement, checker, limits):
        return None
    code = _with_tactics(statement, _TRIVIAL)
    result = judge(checker, LeanProblem(code, statement), limits)
    return result.evidence if isinstance(result.evidence, LeanProof) else None


def _is_trivial(statement: str, checker: Checker, limits: Limits) -> bool:
    """Whether the goal is printed as a hypothesis is, or as one thing on both sides."""
    source = split_header(_with_tactics(statement, "intros\ntrace_state\nsorry"))
    reply = checker.ask(source.header, {"op": "check", "code": source.body}, limits)
    if reply.body is None:
        return False
    states = [m.text for m in read_messages(reply.body) if m.severity == "info"]
    try:
        goal = parse_goals(states[-1])[0]
    except (ValueError, IndexError):  # the statement's own text printed something else
        return False
    conclusion = " ".join(goal.conclusion.split())
    left, equals, right = conclusion.partition(" = ")
    said = {" ".join(h.type.split()) for h in goal.hypotheses}
    if conclusion == "True" or conclusion in said:
        return True
    return bool(equals) and " = " not in right and (left == right or f"{right} = {left}" in said)


def _with_tactics(statement: str, tactics: str) -> str:
    lines = "\n".join(f"  {line}" for line in tactics.split("\n"))
    return f"{before_proof(statement)}\n{lines}\n"
