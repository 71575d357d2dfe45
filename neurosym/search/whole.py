"""Whole proofs from a model: drawn, checked together, sent back with Lean's complaints."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from neurosym.llm.base import Completion, Message, Request
from neurosym.search.answers import MOST_PROOF, read_proof, same_text
from neurosym.search.base import Attempt, Plan, Selector
from neurosym.search.meter import Meter, TokensSpentError
from neurosym.search.premises import listed, usable
from neurosym.search.verdicts import proved, without_proof_found
from neurosym.translate import prompts
from provers.base import LeanProblem, Limits, Outcome, Result
from provers.lean.base import Checker, Reply
from provers.lean.bundle import Bundle, bundle, is_objection
from provers.lean.hunt import Hunt
from provers.lean.judge import judge
from provers.lean.source import split_header, with_proof

PROMPT: Final = "prove"
MAX_TOKENS: Final = 768
# So many are drawn and checked before the next: the first proof ends the search.
_TOGETHER: Final = 4
_HEARTBEATS: Final = 60_000
_CHECK_SECONDS: Final = 30.0
_MOST_ERRORS: Final = 3
_ERROR_LENGTH: Final = 600
_SHOWN_PROOF: Final = 3_000
# What a line of a proof has in front of its tactic: bullets, and the pattern of a case.
_LEAD: Final = re.compile(r"\s*(?:[·.]\s+|(?:\||case|next)[^\n]*?=>\s+)*")

Said: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A candidate that failed: what the model wrote, and what is wrong with it."""

    text: str
    complaint: str


class Whole:
    """One search for a whole proof; ``attempts`` may be read while it goes on."""

    prompt = prompts.load(PROMPT).hash

    def __init__(
        self, hunt: Hunt, checker: Checker, meter: Meter, plan: Plan, select: Selector
    ) -> None:
        """``hunt`` has been opened: it knows the statement."""
        self.attempts: list[Attempt] = []
        self.proof = ""
        self._hunt = hunt
        self._checker = checker
        self._meter = meter
        self._plan = plan
        self._select = select
        self._seen: set[str] = set()
        self._replies: list[Reply] = []
        self._begun = time.monotonic()

    def run(self) -> Result:
        """``proved``, or why not. Raises what Lean, the model and the selector raise."""
        try:
            found = self._search()
        except TokensSpentError:
            found = None
        return found or without_proof_found(
            self.attempts,
            time.monotonic() - self._begun,
            short=self._meter.short,
            crashes=self._crashes(),
            why=f"none of {len(self.attempts)} proofs was accepted",
        )

    def _search(self) -> Result | None:
        chosen = listed(usable(self._select(self._hunt.text, self._hunt.header)))
        asked = prompts.load(PROMPT).messages(self._hunt.text.strip(), premises=chosen)
        request = Request(asked, temperature=self._plan.temperature, max_tokens=MAX_TOKENS)
        # The likeliest answer is always the same.
        samples = self._plan.samples if self._plan.temperature else 1
        failed: list[_Draft] = []
        for number in range(0, samples, _TOGETHER):
            n = min(_TOGETHER, samples - number)
            drawn = self._meter.draw([_drawn(request, n)])
            found, wrong = self._examine(drawn[0], 0)
            if found is not None:
                return found
            failed += wrong
        for count in range(1, self._plan.rounds + 1):
            again: list[_Draft] = []
            for place in range(0, len(failed), _TOGETHER):
                some = failed[place : place + _TOGETHER]
                drawn = self._meter.draw([_told(request, draft) for draft in some])
                answers = [sample for samples_ in drawn for sample in samples_]
                found, wrong = self._examine(answers, count)
                if found is not None:
                    return found
                again += wrong
            failed = again
        return None

    # --- candidates ------------------------------------------------------------------------

    def _examine(
        self, answers: Sequence[Completion], count: int
    ) -> tuple[Result | None, list[_Draft]]:
        """The shortest proof among the answers, judged; else those that may be mended."""
        proofs: list[str] = []
        failed: list[_Draft] = []
        for answer in answers:
            draft = read_proof(answer.text, self._hunt.read.name)
            if draft.meaning is None:
                cut = ", and your answer was cut off" if answer.finish == "length" else ""
                failed += self._fail(answer.text, f"refused: {draft.complaint}{cut}", count)
            elif same_text(draft.meaning) in self._seen:
                self._note(draft.meaning, "repeated", count)
            else:
                self._seen.add(same_text(draft.meaning))
                proofs.append(draft.meaning)
        start = time.monotonic()
        complaints = self._check(proofs) if proofs else []
        seconds = (time.monotonic() - start) / max(1, len(proofs))
        for proof, complaint in sorted(zip(proofs, complaints, strict=True), key=_length):
            if complaint:
                failed += self._fail(proof, f"error: {complaint}", count, seconds)
                continue
            problem = LeanProblem(with_proof(self._hunt.text, proof), self._hunt.text)
            found = judge(self._checker, problem, self._limits())
            if found.outcome is Outcome.PROVED:
                self._note(proof, "proved", count, seconds + found.seconds)
                self.proof = proof
                return proved(found, self._hunt, time.monotonic() - self._begun), []
            words = found.messages[0].text if found.messages else found.reason
            failed += self._fail(proof, f"not accepted: {words}", count, seconds + found.seconds)
        return None, failed

    def _fail(self, text: str, answer: str, count: int, seconds: float = 0.0) -> list[_Draft]:
        self._note(text, answer, count, seconds)
        return [_Draft(text, answer.partition(": ")[2])]

    def _note(self, text: str, answer: str, count: int, seconds: float = 0.0) -> None:
        kept = text if len(text) <= MOST_PROOF else f"{text[:_SHOWN_PROOF]}…"
        self.attempts.append(Attempt(kept, answer, count, seconds))

    # --- Lean ------------------------------------------------------------------------------

    def _check(self, proofs: Sequence[str]) -> list[str]:
        """What Lean says against each proof, empty where nothing; all of them in one request."""
        together, reply = self._ask(proofs)
        if reply.body is None:
            if len(proofs) > 1:  # one of them took the others along
                return [self._check([proof])[0] for proof in proofs]
            return [f"Lean was stopped ({reply.stopped}): find a simpler proof"]
        answers = together.shared_out(reply.body["messages"])
        errors = [
            _errors(proof, said, last)
            for proof, said, (_, last) in zip(proofs, answers, together.spans, strict=True)
        ]
        unclear = [i for i, found in enumerate(errors) if found and not _shows_goal(found)]
        goals = self._goals([_until(proofs[i], errors[i][0][0]) for i in unclear])
        for i, goal in zip(unclear, goals, strict=True):
            if goal:
                line, text = errors[i][0]
                errors[i][0] = (line, f"{text}\nThe goal there:\n{goal[:_ERROR_LENGTH]}")
        return ["\n".join(f"line {line}: {text}" for line, text in found) for found in errors]

    def _goals(self, proofs: Sequence[str]) -> list[str]:
        """The goal at the end of each proof, which shows it and gives up; empty if unknown."""
        if not proofs:
            return []
        together, reply = self._ask(proofs)
        if reply.body is None:
            return ["" for _ in proofs]
        answers = together.shared_out(reply.body["messages"])
        shown = ([m["text"] for m in said if "⊢" in m["text"] and _is_info(m)] for said in answers)
        return [texts[-1] if texts else "" for texts in shown]

    def _ask(self, proofs: Sequence[str]) -> tuple[Bundle, Reply]:
        read = self._hunt.read
        name = read.fresh("attempt")
        together = bundle(
            read.preamble, [read.declare(f"{name}_{i}", p) for i, p in enumerate(proofs)]
        )
        source = split_header(together.code)
        request = {"op": "check", "code": source.body, "heartbeats": _HEARTBEATS}
        reply = self._checker.ask(source.header, request, self._limits())
        self._replies.append(reply)
        return together, reply

    def _limits(self) -> Limits:
        return Limits(_CHECK_SECONDS, self._hunt.limits.megabytes)

    def _crashes(self) -> bool:
        """Whether Lean did nothing but crash."""
        return bool(self._replies) and all(r.stopped == "crash" for r in self._replies)


def _drawn(request: Request, n: int) -> Request:
    return Request(
        request.messages, n=n, temperature=request.temperature, max_tokens=request.max_tokens
    )


def _told(request: Request, draft: _Draft) -> Request:
    """The request for a mended proof; the last draft alone is shown: contexts are soon full."""
    told = (
        f"That proof fails:\n{draft.complaint}\n"
        "Answer with the whole corrected proof only, its tactics one on each line."
    )
    turns = (
        Message("assistant", draft.text[:_SHOWN_PROOF]),
        Message("user", prompts.as_data(told)),
    )
    return Request(
        (*request.messages, *turns),
        temperature=request.temperature,
        max_tokens=request.max_tokens,
    )


def _length(checked: tuple[str, str]) -> int:
    return len(checked[0])


def _is_info(message: dict[str, Any]) -> bool:
    return str(message["severity"]) == "info"


def _errors(proof: str, said: Said, last: int) -> list[tuple[int, str]]:
    """The first of Lean's errors in a proof that ends in line ``last`` of a file, by its lines."""
    lines = proof.count("\n") + 1
    before = last - lines

    def order(message: dict[str, Any]) -> tuple[bool, int, int]:
        # That goals are left says little where something else is wrong too.
        left = str(message["text"]).startswith("unsolved goals")
        return left, message["line"], message["column"]

    objections = sorted(filter(is_objection, said), key=order)
    return [
        (min(lines, max(1, m["line"] - before)), str(m["text"]).strip()[:_ERROR_LENGTH])
        for m in objections[:_MOST_ERRORS]
    ]


def _shows_goal(errors: list[tuple[int, str]]) -> bool:
    return "⊢" in errors[0][1]


def _until(proof: str, line: int) -> str:
    """The proof up to a line (from 1), at which it shows the goal and gives up."""
    lines = proof.split("\n")
    lead = _LEAD.match(lines[line - 1])
    assert lead is not None  # all of it may be empty
    return "\n".join([*lines[: line - 1], f"{lead.group()}trace_state; sorry"])
