"""First-order theorem provers that speak TPTP: E and Vampire.

Both questions, whether the goal follows and whether its negation does, run side by side. A
goal is only ``proved`` if the derivation uses it and the premises alone were not refuted in
the time that was left for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from provers import atp, tstp
from provers.base import (
    AnyProblem,
    Attempts,
    Claim,
    Limits,
    Message,
    Outcome,
    Problem,
    Proof,
    Reason,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
)
from provers.errors import BrokenToolError, InputError, ParseError
from provers.failures import failure, unsupported
from provers.logic.formats import tptp
from provers.logic.syntax import (
    Formula,
    conjunction,
    negate,
)
from provers.skolem import rename_symbols
from provers.solver import Timer

_PREMISE_ROLES: Final = frozenset(
    {"axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary", "plain"}
)
# Whether the premises contradict each other is looked into at least so long after a proof.
_CONSISTENCY_SECONDS: Final = 0.3
_MINIMIZE_SHARE: Final = 0.5
_MINIMIZE_LIMIT: Final = 40
_DISTINCT: Final = "$distinct"
"""The label of the premise that TPTP itself supplies."""


# --- problems ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Script:
    """A TPTP file as a question: labels of the premises, the premises, and the goal."""

    labels: tuple[str, ...]
    premises: tuple[Formula, ...]
    goal: Formula | None
    goal_labels: tuple[str, ...] = ()
    clauses: bool = False


def read_tptp(text: str) -> Problem:
    """The problem that a TPTP file (FOF and CNF, no ``include``) states, for any prover.

    Several conjectures are one goal, their conjunction. ``negated_conjecture`` formulas state
    the negation of the goal. That different numerals and distinct objects are different things,
    as TPTP has it, is one more premise after the others. Raises ParseError, InputError for roles
    that are not supported.
    """
    script = _read(text)
    return Problem(script.premises, script.goal)


def _read(text: str) -> _Script:
    premises: list[tuple[str, Formula]] = []
    goals: list[tuple[str, Formula]] = []
    negated: list[tuple[str, Formula]] = []
    problem = tptp.parse_problem(text)
    for entry in problem.entries:
        if entry.role == "conjecture" and entry.form == "cnf":
            raise InputError(
                f"The cnf formula {entry.name!r} is a conjecture: "
                "state its negation as negated_conjecture, or use fof."
            )
        if entry.role in _PREMISE_ROLES:
            premises.append((entry.name, entry.formula))
        elif entry.role in ("conjecture", "negated_conjecture"):
            (goals if entry.role == "conjecture" else negated).append((entry.name, entry.formula))
        else:
            raise InputError(
                f"The formula {entry.name!r} has the role {entry.role}, which is not supported: "
                f"use conjecture, negated_conjecture, {', '.join(sorted(_PREMISE_ROLES))}."
            )
    if goals and negated:
        raise InputError("A file has conjectures or negated conjectures, not both.")
    if problem.distinct:
        premises.append((_DISTINCT, conjunction(problem.distinct)))
    goal: Formula | None = None
    if goals:
        goal = conjunction(tuple(formula for _, formula in goals))
    elif negated:
        goal = negate(conjunction(tuple(formula for _, formula in negated)))
    return _Script(
        tuple(name for name, _ in premises),
        tuple(formula for _, formula in premises),
        goal,
        tuple(name for name, _ in (goals or negated)),
        clauses=not goals,
    )


def recheck_script(
    text: str,
    answer: ScriptAnswer,
    entails: tstp.Entails,
    *,
    outcome: Outcome | None = None,
    seconds: float = float("inf"),
) -> tuple[bool, str]:
    """Whether a script's derivation shows ``outcome``, and what was wrong or what was checked.

    For ``inconsistent`` it may not use the goal; None stands for what the answer's core says.
    ``entails`` and ``seconds`` are those of ``tstp.replay``.
    """
    if answer.status != "unsat" or answer.proof is None or answer.proof.format != "tstp":
        return False, "the answer has no TSTP derivation"
    try:
        script = _read(text)
    except InputError as error:
        return False, str(error)
    core = {name for name in answer.core if isinstance(name, str)}
    assumption = None if script.goal is None else negate(script.goal)
    if outcome is Outcome.INCONSISTENT or not core & set(script.goal_labels):
        assumption = None
    if outcome is Outcome.PROVED and assumption is None:
        return False, "the derivation does not use the goal"
    used = [f for n, f in zip(script.labels, script.premises, strict=True) if n in core]
    return tstp.replay(answer.proof.text, used, assumption, entails, seconds=seconds)


# --- proving -------------------------------------------------------------------------------


class TptpProver:
    """A theorem prover run as a program, one process a question."""

    def __init__(self, command: atp.Command) -> None:
        self.command = command
        self.name = command.name

    def warm(self) -> None:
        """Each question is a process of its own: there is nothing to start before."""

    def close(self) -> None:
        """Nothing is kept between problems."""

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """Answer a first-order problem or a TPTP file.

        Never raises for what the prover does: a crash is ``failed``.
        """
        timer = Timer(limits.seconds)
        try:
            match problem:
                case Problem(premises=premises, goal=goal):
                    names = [f"p{i}" for i in range(len(premises))]
                    negation = None if goal is None else problem.negated_goal
                    task = _Task(self.command, names, premises, goal, negation, limits, timer)
                    return task.problem()
                case ScriptProblem(language="tptp", text=text):
                    return self._script(text, limits, timer)
                case _:
                    return unsupported(self.name, problem, timer.spent)
        except (InputError, BrokenToolError) as error:
            return failure(self.name, error, timer.spent)

    def _script(self, text: str, limits: Limits, timer: Timer) -> Result:
        script = _read(text)
        task = _Task(self.command, script.labels, script.premises, script.goal, None, limits, timer)
        return task.script(script)


class EProver(TptpProver):
    """E (Schulz, Cruanes, Vukmirovic 2019). Raises MissingToolError where it is not there."""

    def __init__(self) -> None:
        super().__init__(atp.eprover())


class VampireProver(TptpProver):
    """Vampire (Kovacs, Voronkov 2013). Raises MissingToolError where it is not on PATH."""

    def __init__(self) -> None:
        super().__init__(atp.vampire())


class _Task:
    """One question on its way to a result."""

    def __init__(
        self,
        command: atp.Command,
        names: Sequence[str],
        premises: Sequence[Formula],
        goal: Formula | None,
        negation: Formula | None,
        limits: Limits,
        timer: Timer,
    ) -> None:
        self.command = command
        self.limits = limits
        self.timer = timer
        self.goal = goal
        self.negation = negation
        everything = [*premises, *(f for f in (goal, negation) if f is not None)]
        self.obstacle = atp.unsupported(everything)
        self.tried: list[tuple[str, str, float]] = []
        if self.obstacle is not None:
            return
        self.spelled = atp.spelling(everything)
        self.labels = atp.labels(names)
        self.index = {label: i for i, label in enumerate(self.labels)}
        self.lines = [
            f"fof({label}, axiom, {self._write(premise)}).\n"
            for label, premise in zip(self.labels, premises, strict=True)
        ]

    def _write(self, formula: Formula) -> str:
        return tptp.write_formula(rename_symbols(formula, self.spelled))

    def _text(self, premises: Sequence[int], conjecture: Formula | None) -> str:
        text = "".join(self.lines[i] for i in premises)
        if conjecture is None:
            return text
        return text + f"fof({atp.GOAL}, conjecture, {self._write(conjecture)}).\n"

    def _all(self) -> range:
        return range(len(self.labels))

    # Results.

    def problem(self) -> Result:
        """The result for a ``Problem``."""
        if self.obstacle is not None:
            return self._cannot()
        if self.goal is None or self.negation is None:
            return self._alone(*self._run("premises", [self._text(self._all(), None)]))
        texts = [self._text(self._all(), f) for f in (self.goal, self.negation)]
        first, second = self._run("goal, negation", texts)
        for answer in (first, second):
            if answer is not None and answer.refuted and not self._uses_goal(answer):
                return self._contradiction(answer)
        if first is not None and first.refuted:
            return self._follows("goal", Outcome.PROVED, first, second)
        if second is not None and second.refuted:
            return self._follows("negation", Outcome.REFUTED, second, first)
        assert first is not None and second is not None
        if first.saturated and second.saturated:
            words = "neither the goal nor its negation follows, but there are no models to show it"
            return self._unknown("incomplete", f"{self.command.name} says that {words}", first)
        return self._unknown_of([a for a in (first, second) if not a.saturated])

    def script(self, script: _Script) -> Result:
        """The result for a whole file."""
        if self.obstacle is not None:
            return self._cannot()
        (answer,) = self._run("file", [self._text(self._all(), self.goal)])
        assert answer is not None
        if answer.refuted:
            if not self._uses_goal(answer):
                return self._script_answer(Outcome.INCONSISTENT, answer, script)
            contradiction, note = self._consistency(None)
            if contradiction is not None:
                return self._script_answer(Outcome.INCONSISTENT, contradiction, script)
            return self._script_answer(Outcome.PROVED, answer, script, note)
        if answer.saturated:
            status = "Satisfiable" if script.clauses else "CounterSatisfiable"
            words = "says that this is so, but has no model to show it"
            message = f"{self.command.name} {words}: {status}"
            return self._unknown("incomplete", message, answer, szs=status)
        return self._unknown_of([answer])

    def _alone(self, answer: atp.Answer | None) -> Result:
        assert answer is not None
        if answer.refuted:
            return self._contradiction(answer)
        if answer.saturated:
            words = "says that the premises have a model, but does not show it"
            message = f"{self.command.name} {words}"
            return self._unknown("incomplete", message, answer, szs="Satisfiable")
        return self._unknown_of([answer])

    def _follows(
        self, claim: Claim, outcome: Outcome, answer: atp.Answer, other: atp.Answer | None
    ) -> Result:
        contradiction, note = self._consistency(other)
        if contradiction is not None:
            return self._contradiction(contradiction)
        if other is not None and other.refuted:
            message = "the goal and its negation both follow, but the premises were not refuted"
            return self._unknown("timeout", message, answer)
        return self._refutation(claim, outcome, answer, note)

    def _consistency(
        self, other: atp.Answer | None
    ) -> tuple[atp.Answer | None, tuple[Message, ...]]:
        """A refutation of the premises alone, or what can be said about their consistency."""
        if other is not None and other.saturated:
            return None, ()
        seconds = max(_CONSISTENCY_SECONDS, self.timer.spent)
        if other is not None and other.refuted:
            seconds = self.timer.left
        (answer,) = self._run("premises", [self._text(self._all(), None)], seconds)
        if answer is not None and answer.refuted:
            return answer, ()
        if answer is not None and answer.saturated:
            return None, ()
        return None, (Message("the premises were not shown to be satisfiable", "warning"),)

    def _contradiction(self, answer: atp.Answer) -> Result:
        return self._refutation("premises", Outcome.INCONSISTENT, answer, ())

    def _refutation(
        self, claim: Claim, outcome: Outcome, answer: atp.Answer, notes: tuple[Message, ...]
    ) -> Result:
        conjecture = {"goal": self.goal, "negation": self.negation}.get(claim)
        answer, used, minimal = self._minimized(answer, conjecture)
        if conjecture is not None and not self._uses_goal(answer):
            return self._contradiction(answer)  # found by leaving premises out
        evidence = Refutation(claim, used, minimal, proof=self._proof(answer))
        return self._result(outcome, evidence=evidence, messages=notes)

    def _script_answer(
        self,
        outcome: Outcome,
        answer: atp.Answer,
        script: _Script,
        notes: tuple[Message, ...] = (),
    ) -> Result:
        core = [script.labels[i] for i in self._used(answer)]
        if self._uses_goal(answer):
            core += script.goal_labels
        szs = {Outcome.PROVED: "Theorem"}.get(outcome, "ContradictoryAxioms")
        if script.clauses and (outcome is Outcome.PROVED or script.goal is None):
            szs = "Unsatisfiable"
        evidence = ScriptAnswer("unsat", tuple(core), self._proof(answer))
        return self._result(outcome, evidence=evidence, messages=notes, szs=szs)

    def _proof(self, answer: atp.Answer) -> Proof:
        return Proof("tstp", tstp.write_symbols(self.spelled) + answer.derivation)

    def _cannot(self) -> Result:
        message = Message(f"{self.command.name} does not read {self.obstacle}: use an SMT solver")
        return self._result(Outcome.UNKNOWN, reason="unsupported", messages=(message,))

    def _unknown_of(self, answers: Sequence[atp.Answer]) -> Result:
        errors = [answer for answer in answers if answer.error]
        if errors:
            return self._unknown("unsupported", errors[0].error, errors[0])
        order: tuple[Reason, ...] = ("memory", "timeout", "incomplete", "unsupported")
        answer = min(answers, key=lambda a: order.index(cast(Reason, a.reason or "incomplete")))
        return self._unknown(answer.reason or "incomplete", None, answer)

    def _unknown(
        self, reason: Reason, text: str | None, answer: atp.Answer, szs: str = ""
    ) -> Result:
        messages = () if text is None else (Message(text),)
        if not szs:
            szs = answer.status if not answer.refuted else "Timeout"
        tried = Attempts(tuple(self.tried))
        return self._result(
            Outcome.UNKNOWN, reason=reason, messages=messages, evidence=tried, szs=szs
        )

    def _result(self, outcome: Outcome, **fields: Any) -> Result:
        return Result(outcome, self.command.name, self.timer.spent, **fields)

    # Runs.

    def _run(
        self, what: str, texts: Sequence[str], seconds: float | None = None
    ) -> list[atp.Answer | None]:
        seconds = min(self.timer.left, self.timer.left if seconds is None else seconds)
        answers = atp.together(self.command, texts, max(0.05, seconds), self.limits, _enough)
        for name, answer in zip(what.split(", "), answers, strict=True):
            if answer is not None:
                self.tried.append((f"{self.command.name}: {name}", answer.status, answer.seconds))
        return answers

    def _leaves(self, answer: atp.Answer) -> tuple[str, ...]:
        try:
            names = tstp.leaves(tstp.read(answer.derivation))
        except ParseError as error:
            raise BrokenToolError(
                f"{self.command.name} printed a derivation that cannot be read: {error}."
            ) from error
        strange = [name for name in names if name != atp.GOAL and name not in self.index]
        if strange:
            raise BrokenToolError(
                f"{self.command.name} used {strange[0]!r}, which the problem does not have."
            )
        return names

    def _uses_goal(self, answer: atp.Answer) -> bool:
        return atp.GOAL in self._leaves(answer)

    def _used(self, answer: atp.Answer) -> tuple[int, ...]:
        return tuple(sorted(self.index[n] for n in self._leaves(answer) if n != atp.GOAL))

    def _minimized(
        self, answer: atp.Answer, conjecture: Formula | None
    ) -> tuple[atp.Answer, tuple[int, ...], bool]:
        """Used premises left out one by one; and whether none of the rest can be.

        The refutation that is left may be one of the premises alone.
        """
        used = self._used(answer)
        timer = Timer(self.timer.left * _MINIMIZE_SHARE)
        if len(used) > _MINIMIZE_LIMIT:
            return answer, used, False
        minimal = True
        open_ = list(used)
        while open_:
            if timer.left < 0.02:
                return answer, used, False
            candidate = open_.pop()
            fewer = [i for i in used if i != candidate]
            share = max(0.2, timer.left / (len(open_) + 1))
            (again,) = self._run(
                "minimize", [self._text(fewer, conjecture)], min(share, timer.left)
            )
            assert again is not None
            if again.refuted:
                answer, used = again, self._used(again)
                if conjecture is not None and not self._uses_goal(answer):
                    return answer, used, False
                open_ = [i for i in open_ if i in used]
            elif not again.saturated:
                minimal = False
        return answer, used, minimal


def _enough(answers: Sequence[atp.Answer | None]) -> bool:
    return any(answer is not None and answer.refuted for answer in answers)
