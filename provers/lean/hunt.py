"""The search for a proof or a refutation of a bare Lean statement.

It tries core tactics, then proofs of the negation, then small instances that refute the
statement, cheap ones of each before dear ones of any. What it finds is judged like any other
proof, so the search itself need not be trusted.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from provers.base import (
    Attempts,
    LeanProblem,
    Limits,
    Message,
    Outcome,
    Reason,
    Result,
)
from provers.lean import candidates, instances
from provers.lean.base import Checker, Header, Reply
from provers.lean.binders import Statement, read_statement
from provers.lean.bundle import bundle, is_objection
from provers.lean.candidates import Group
from provers.lean.context import Context, read_context
from provers.lean.instances import Instance
from provers.lean.judge import PROVER, judge
from provers.lean.negation import Negation, contradicts, judge_negation, negations
from provers.lean.source import check_text, split_header, with_proof, without_proof

T = TypeVar("T")

Select: TypeAlias = Callable[[str, Header], Sequence[str]]
"""Names the premises that may help with a goal in a file with these imports, the best first."""

# Starting another server after one was stopped takes about this long: with less, it is given up.
RESTART_SECONDS = 4.0
_INSTANCES_TOGETHER = 40
_FIRST_INSTANCES = 16  # tried before anything dear
_HARD_INSTANCES = 48
_SUGGESTION = re.compile(r"Try this:\s*(?:\[apply\]\s*)?(exact\b.*)", re.DOTALL)


class _OutOfTimeError(Exception):
    """The search has used up its time."""


class Hunt:
    """One search for a proof or a refutation of a statement; not to be used twice.

    Without ``negate`` it looks for proofs alone. ``premises`` names what may help with a goal.
    ``accept`` says of a file whose proof was judged good whether that proof will do.
    """

    def __init__(
        self,
        checker: Checker,
        statement: str,
        limits: Limits,
        *,
        negate: bool = True,
        premises: Select | None = None,
        accept: Callable[[str], bool] | None = None,
    ) -> None:
        self.checker = checker
        self.text = statement
        self.limits = limits
        self.negate = negate
        self.premises = premises
        self.accept = accept
        self.begun = time.monotonic()
        self.deadline = self.begun + limits.seconds
        self.tried: list[tuple[str, str, float]] = []
        self.stops: list[Reply] = []
        self.read: Statement  # once it is open
        self.context = Context((), "")

    @property
    def header(self) -> Header:
        """What the statement's file imports."""
        return split_header(self.text).header

    def run(self) -> Result:
        """What was found. Raises ParseError, MissingToolError or BrokenToolError."""
        return self.open() or self._within_time(self._hunt)

    def refute(self) -> Result:
        """What was found by those stages alone that refute; ``open`` comes first."""
        return self._within_time(self._refutations)

    def open(self) -> Result | None:
        """Have Lean read the statement; the result where that settles it, else None.

        The search's time begins once Lean has. Raises what ``run`` raises.
        """
        check_text(self.text)
        probe = self._probe()
        # Starting Lean and importing is not the search's time.
        self.begun = time.monotonic() - probe.seconds
        self.deadline = self.begun + self.limits.seconds
        if probe.stopped == "crash":
            message = Message(f"Lean crashed: {probe.detail}", "error")
            return Result(Outcome.FAILED, PROVER, probe.seconds, messages=(message,))
        if probe.body is None and probe.stopped != "header":
            return self._gave_up()
        read = read_statement(self.text)
        if probe.body is None or probe.body["errors"] or read is None:
            stated = LeanProblem(without_proof(self.text), self.text)
            judged = judge(self.checker, stated, self._limits())
            return self._unread() if "sorry" in judged.flags else judged
        self.read = read
        states = [m["text"] for m in probe.body["messages"] if m["severity"] == "info"]
        # Where the statement's own text prints, or prints otherwise, nothing is known.
        with contextlib.suppress(TypeError, ValueError):
            self.context = read_context(*states[-2:])
        return None

    def vacuous(self) -> bool:
        """Whether Lean sees that the hypotheses contradict each other, if there are any."""
        context = self.context
        if context.goal == "False" or all(candidates.is_data(h) for h in context.hypotheses):
            return False
        proofs = candidates.CONTRADICTION
        attempts = [self.read.declare(f"attempt_{i}", p) for i, p in enumerate(proofs)]
        try:
            return bool(self._works("vacuous", proofs, attempts, 20_000))
        except _OutOfTimeError:
            return False

    def _within_time(self, stages: Callable[[], Result | None]) -> Result:
        try:
            return stages() or self._gave_up()
        except _OutOfTimeError:
            return self._gave_up()

    def _probe(self) -> Reply:
        tactics = "trace_state\nintros\ntrace_state\nsorry"
        return self._ask("the statement", with_proof(self.text, tactics), 200_000)

    def _hunt(self) -> Result | None:
        """The stages, the cheap ones first."""
        context, names = self.context, self.read.definitions
        usual = candidates.usual(context, names)
        first = dataclasses.replace(usual, proofs=usual.proofs[:2])
        rest = dataclasses.replace(usual, proofs=usual.proofs[2:])
        found = self._prove(candidates.quick(names))
        found = found or self._prove(first) or self._with_premises()
        if found:
            return found
        negation = self._negation()
        found = None if negation is None else self._refute_easily(negation)
        induction = candidates.inductions(context, names)
        stages = [rest, candidates.case_splits(context), candidates.products(context)]
        if names:  # what is defined here by recursion is proved by induction
            stages.insert(1, induction)
        for group in stages:
            found = found or self._prove(group)
        if not names:  # a library knows nothing of what is defined here
            found = found or self._library()
        if negation is not None:
            found = found or self._refute_hard(negation)
        if not names:
            found = found or self._prove(induction)
        return found or self._prove(candidates.kernel())

    def _refutations(self) -> Result | None:
        negation = self._negation()
        if negation is None:
            return None
        return self._refute_easily(negation) or self._refute_hard(negation)

    # --- proofs ----------------------------------------------------------------------------

    def _prove(self, group: Group) -> Result | None:
        for proofs in _batches(group.proofs, group.together):
            attempts = [self.read.declare(f"attempt_{i}", p) for i, p in enumerate(proofs)]
            working = self._works(group.name, proofs, attempts, group.heartbeats)
            for proof in sorted(working, key=len):
                found = self._judged(proof)
                if found is not None:
                    return found
        return None

    def _with_premises(self) -> Result | None:
        if self.premises is None:
            return None
        start = time.monotonic()
        names = self.premises(self.context.text or self.text, self.header)
        self.tried.append(("selection", f"{len(names)} premises", time.monotonic() - start))
        found = None
        for group in candidates.with_premises(self.context, names):
            found = found or self._prove(group)
        return found

    def _judged(self, proof: str) -> Result | None:
        problem = LeanProblem(with_proof(self.text, proof), self.text)
        found = judge(self.checker, problem, self._limits())
        if found.outcome is not Outcome.PROVED:
            words = found.messages[0].text if found.messages else found.reason
            self.tried.append((proof, f"not accepted: {words}"[:200], found.seconds))
            return None
        if self.accept is not None and not self.accept(problem.code):
            self.tried.append((proof, "not accepted: not wanted", found.seconds))
            return None
        flags = ("vacuous",) if self.vacuous() else ()
        return self._result(found, flags=flags, messages=())

    def _library(self) -> Result | None:
        group = candidates.search(self.context)
        suggested: list[str] = []
        for search in group.proofs:
            code = with_proof(self.text, search)
            reply = self._ask(group.name, code, group.heartbeats)
            for message in reply.body["messages"] if reply.body else ():
                match = _SUGGESTION.match(message["text"])
                if match and "sorry" not in match[1]:
                    term = " ".join(match[1].split())
                    suggested.append(search.replace("exact?", term))
        return self._prove(Group("suggested", tuple(suggested), group.heartbeats))

    # --- refutations -----------------------------------------------------------------------

    def _negation(self) -> Negation | None:
        """The first way to state the negation that contradicts the statement."""
        if not self.negate:
            return None
        start = time.monotonic()
        for negation in negations(self.text):
            if contradicts(self.checker, negation, self._limits()):
                return negation
        self.tried.append(("negation", "cannot be stated", time.monotonic() - start))
        return None

    def _refute_easily(self, negation: Negation) -> Result | None:
        small = list(instances.instances(self.context))[:_FIRST_INSTANCES]
        found = self._refute(negation, small, instances.EASY)
        return found or self._disprove(negation)

    def _refute_hard(self, negation: Negation) -> Result | None:
        small = list(instances.instances(self.context))
        found = self._refute(negation, small[_FIRST_INSTANCES:], instances.EASY)
        return found or self._refute(negation, small[:_HARD_INSTANCES], instances.HARD)

    def _disprove(self, negation: Negation) -> Result | None:
        group = candidates.negations()
        terms = [f"by {p}" if "\n" not in p else f"by\n    {p}" for p in group.proofs]
        return self._refuted(negation, group.name, terms, group.heartbeats, {})

    def _refute(self, negation: Negation, small: list[Instance], closing: str) -> Result | None:
        for some in _batches(small, _INSTANCES_TOGETHER):
            named = {instance.refutation(closing): str(instance) for instance in some}
            terms = list(named)
            found = self._refuted(negation, "instances", terms, 10_000, named)
            if found is not None:
                return found
        return None

    def _refuted(
        self,
        negation: Negation,
        name: str,
        terms: list[str],
        heartbeats: int,
        named: dict[str, str],
    ) -> Result | None:
        """Try terms for the negation; ``named`` are the instances that some of them use."""
        for term in self._terms(negation, name, terms, heartbeats):
            code = negation.proved_by(self._shortest(negation, term))
            found = judge_negation(self.checker, self.text, code, self._limits())
            if found.outcome is Outcome.REFUTED:
                values = named.get(term, "")
                messages = (Message(f"counterexample: {values}"),) if values else ()
                return self._result(found, messages=messages)
        return None

    def _shortest(self, negation: Negation, term: str) -> str:
        """The term with one tactic in place of the choice among several, if one does."""
        if instances.HARD not in term:
            return term
        terms = [term.replace(instances.HARD, tactic) for tactic in instances.SINGLE]
        return next(iter(self._terms(negation, "shorter", terms, 10_000)), term)

    def _terms(self, negation: Negation, name: str, terms: list[str], heartbeats: int) -> list[str]:
        """The terms that prove the negation."""
        stated = negation.text[len(self.read.preamble) :]
        attempts = [
            f"{stated.replace(negation.name, f'attempt_{i}', 1)}\n  := {term}\n"
            for i, term in enumerate(terms)
        ]
        return self._works(name, terms, attempts, heartbeats)

    # --- asking ----------------------------------------------------------------------------

    def _works(
        self,
        name: str,
        labels: Sequence[str],
        attempts: list[str],
        heartbeats: int,
    ) -> list[str]:
        """The labels of the attempts that Lean has nothing against, all asked in one request."""
        together = bundle(self.read.preamble, attempts)
        shown = f"{name}: {'; '.join(' '.join(label.split()) for label in labels)}"
        shown = shown if len(shown) < 200 else f"{shown[:199]}…"
        reply = self._ask(shown, together.code, heartbeats)
        if reply.body is None:
            return []
        answers = together.shared_out(reply.body["messages"])
        return [
            label
            for label, said in zip(labels, answers, strict=True)
            if not any(map(is_objection, said))
        ]

    def _ask(self, what: str, code: str, heartbeats: int) -> Reply:
        """One request within the time that is left. Raises _OutOfTimeError where there is none."""
        left = self.deadline - time.monotonic()
        if left <= 0 or (self.stops and left < RESTART_SECONDS):
            raise _OutOfTimeError
        source = split_header(code)
        request = {"op": "check", "code": source.body, "heartbeats": heartbeats}
        reply = self.checker.ask(source.header, request, Limits(left, self.limits.megabytes))
        answer = reply.stopped or "answered"
        self.tried.append((what, answer, round(reply.seconds, 4)))
        if reply.body is None:
            self.stops.append(reply)
        return reply

    def _limits(self) -> Limits:
        left = self.deadline - time.monotonic()
        return Limits(max(1.0, left), self.limits.megabytes)

    # --- results ---------------------------------------------------------------------------

    def _result(
        self, found: Result, *, flags: tuple[str, ...] = (), messages: tuple[Message, ...]
    ) -> Result:
        seconds = time.monotonic() - self.begun
        return dataclasses.replace(found, seconds=seconds, flags=flags, messages=messages)

    def _unread(self) -> Result:
        """The answer for a statement that elaborates and is in no form that is searched."""
        text = "the statement's form is not read: end it with one theorem, its binders and type"
        return Result(
            Outcome.UNKNOWN,
            PROVER,
            time.monotonic() - self.begun,
            reason="unsupported",
            messages=(Message(text, "error"),),
        )

    def _gave_up(self) -> Result:
        reasons = {reply.stopped for reply in self.stops}
        reason: Reason = "incomplete"
        if "timeout" in reasons or time.monotonic() >= self.deadline:
            reason = "timeout"
        elif reasons & {"memory", "stack"}:
            reason = "memory"
        elif reasons == {"crash"}:
            text = f"Lean crashed: {self.stops[-1].detail}"
            seconds = time.monotonic() - self.begun
            messages = (Message(text, "error"),)
            return Result(Outcome.FAILED, PROVER, seconds, messages=messages)
        return Result(
            Outcome.UNKNOWN,
            PROVER,
            time.monotonic() - self.begun,
            reason=reason,
            evidence=Attempts(tuple(self.tried)),
        )


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[at : at + size] for at in range(0, len(items), size))
