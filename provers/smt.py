"""Entailment by an SMT solver: both questions asked, every answer turned into evidence.

What Z3 and cvc5 share. A solver sits in a worker process and speaks the protocol of
``provers.z3_worker``; everything it answers is read back here and checked before it becomes a
``Result``: models are evaluated, refutations get a certificate or a proof.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from provers import certificates, finite, grounding
from provers.base import (
    AnyProblem,
    Attempts,
    Claim,
    Instance,
    Limits,
    Message,
    OneModel,
    Outcome,
    Problem,
    Proof,
    Reason,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
    TwoModels,
)
from provers.errors import BrokenToolError, InputError
from provers.logic.formats import smtlib
from provers.logic.models import Model, ModelError, evaluate
from provers.logic.signature import infer
from provers.logic.syntax import Formula, Not, negate
from provers.workers import DiedError, OverdueError, Pool

_FIRST_SHARE = 0.7
_STEPS_A_SECOND = 200_000
# Commands that change what is asked on the way: such a script has no single answer.
_CHANGING = frozenset({"push", "pop", "reset", "reset-assertions", "check-sat-assuming"})
# Commands that say nothing about the question. Options among them could make a solver write
# files, so they never reach one.
_IDLE = frozenset({"set-option", "set-info", "echo"})
# Solvers skip commands that they do not know, or each knows others: only these are understood.
_STATING = re.compile(r"set-logic|declare-\w[\w-]*|define-\w[\w-]*|assert")
_RELATIONS = frozenset({"declare-rel", "declare-var", "declare-pool", "declare-heap"})


def read_script(text: str) -> str | Message:
    """The part of an SMT-LIB script that a solver is given: up to its one ``check-sat``.

    A message instead for a script that asks several questions. Raises ParseError for text that
    is no script, InputError for one that reaches files.
    """
    kept: list[str] = []
    asked = False
    for name, source in smtlib.commands(text):
        if name == "include":
            raise InputError("A script may not use 'include', which reaches files; remove it.")
        if name in _CHANGING or (name == "check-sat" and asked):
            return Message(
                f"a script with '{name}' asks several questions; give each a script of its own"
            )
        if name == "check-sat":
            asked = True
        elif name == "exit":
            break
        elif name in _IDLE or name.startswith("get-"):
            continue
        elif name in _RELATIONS or not _STATING.fullmatch(name):
            return Message(f"a script with the command '{name[:40]}' is not supported")
        elif not asked:
            kept.append(source)
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class Answer:
    """A solver's answer to one satisfiability question."""

    status: Literal["sat", "unsat", "unknown"]
    reason: Reason = ""
    core: tuple[str, ...] = ()
    minimal: bool = False
    model: Model | None = None
    instances: tuple[Instance, ...] | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Are the labelled formulas satisfiable together?"""

    formulas: dict[str, Formula]
    optional: tuple[str, ...] = ()


class Timer:
    """What is left of a limit, in seconds."""

    def __init__(self, seconds: float) -> None:
        self.start = time.monotonic()
        self.end = self.start + seconds

    @property
    def left(self) -> float:
        return max(0.0, self.end - time.monotonic())

    @property
    def spent(self) -> float:
        return time.monotonic() - self.start


class Solver:
    """One kind of worker, asked in this package's terms.

    ``grounds``: it answers the ``clauses`` request, for problems written out ground.
    """

    def __init__(
        self, name: str, module: str, *, proof_format: str, grounds: bool = False, size: int = 1
    ) -> None:
        self.name = name
        self.grounds = grounds
        self.proof_format = proof_format
        self.pool = Pool(module, size=size)

    def ask(self, request: dict[str, Any], seconds: float, megabytes: int) -> dict[str, Any]:
        """One request; an overdue or dead worker is answered for.

        Raises BrokenToolError for a worker that crashed for another reason than memory, or
        that reports an error of its own.
        """
        end = time.monotonic() + seconds
        try:
            with self.pool.worker(seconds) as worker:
                left = max(0.01, end - time.monotonic())
                request["seconds"] = left
                answer = worker.ask(request, seconds=left, megabytes=megabytes)
        except OverdueError:
            return {"stopped": "timeout"}
        except DiedError as error:
            if error.out_of_memory:
                return {"stopped": "memory"}
            raise BrokenToolError(f"{self.name} crashed: {error}.", stderr=error.stderr) from error
        if "error" in answer:
            if "memory" in answer["message"]:
                return {"stopped": "memory"}
            raise BrokenToolError(f"{self.name} reported: {answer['message']}")
        return answer

    def decide(
        self, formulas: dict[str, Formula], cases: Sequence[Question], timer: Timer, limits: Limits
    ) -> list[Answer]:
        """Answer several questions over the same labelled formulas in one exchange."""
        return self.decide_texts(
            smtlib.declarations(formulas.values()),
            {label: smtlib.write_formula(formula) for label, formula in formulas.items()},
            cases,
            timer,
            limits,
        )

    def decide_texts(
        self,
        declare: str,
        texts: dict[str, str],
        cases: Sequence[Question],
        timer: Timer,
        limits: Limits,
    ) -> list[Answer]:
        request = {
            "op": "check",
            "declare": declare,
            "assert": texts,
            "cases": [list(case.formulas) for case in cases],
            "minimize": sorted({label for case in cases for label in case.optional}),
        }
        answer = self.ask(request, timer.left, limits.megabytes)
        if "stopped" in answer:
            reason = cast(Reason, answer["stopped"])
            return [Answer("unknown", reason) for _ in cases]
        return [_read(one, case, timer) for one, case in zip(answer["answers"], cases, strict=True)]

    def decide_ground(
        self, cases: Sequence[Question], ground: grounding.Grounding, timer: Timer, limits: Limits
    ) -> list[Answer]:
        """Answer questions whose formulas were written out as ground instances."""
        labels = len(ground.instances)
        request = {
            "op": "clauses",
            "dimacs": ground.dimacs(),
            "atoms": [labels + 1, labels + len(ground.atoms)],
            "cases": [[ground.owned[label] for label in case.formulas] for case in cases],
            "minimize": [label in cases[0].optional for label in cases[0].formulas],
        }
        answer = self.ask(request, timer.left, limits.megabytes)
        if "stopped" in answer:
            reason = cast(Reason, answer["stopped"])
            return [Answer("unknown", reason) for _ in cases]
        return [
            _read_ground(one, case, ground, timer)
            for one, case in zip(answer["answers"], cases, strict=True)
        ]

    def proof(self, formulas: Sequence[Formula], seconds: float, megabytes: int) -> Proof | None:
        """The solver's own proof that ``formulas`` are contradictory."""
        request = {
            "op": "proof",
            "declare": smtlib.declarations(formulas),
            "formulas": [smtlib.write_formula(f) for f in formulas],
        }
        text = self.ask(request, seconds, megabytes).get("proof", "")
        return Proof(self.proof_format, text) if text else None


def _read_ground(
    answer: dict[str, Any], case: Question, ground: grounding.Grounding, timer: Timer
) -> Answer:
    match answer["status"]:
        case "unsat":
            instances = ground.certificate(answer["core"])
            formulas = {grounding.formula_index(k): f for k, f in case.formulas.items()}
            if not certificates.check(formulas, instances):
                return Answer("unknown", "incomplete", message="its certificate failed")
            core = tuple(sorted(ground.owners(answer["core"])))
            return Answer("unsat", core=core, minimal=answer["minimal"], instances=instances)
        case "sat":
            return _evaluated(ground.model(answer["true"]), case, timer)
        case _:
            return Answer("unknown", cast(Reason, answer["reason"]))


def _evaluated(model: Model, case: Question, timer: Timer) -> Answer:
    """A model that does not satisfy the formulas is no evidence, and so no answer."""
    steps = int(timer.left * _STEPS_A_SECOND) + 1000
    try:
        wrong = [n for n, f in case.formulas.items() if not evaluate(f, model, steps=steps)]
    except ModelError as error:
        return Answer("unknown", "incomplete", message=f"no finite model: {error}")
    if wrong:
        return Answer("unknown", "incomplete", message="its model failed evaluation")
    return Answer("sat", model=model)


def _read(answer: dict[str, Any], case: Question, timer: Timer) -> Answer:
    match answer["status"]:
        case "unsat":
            return Answer("unsat", core=tuple(answer["core"]), minimal=answer["minimal"])
        case "sat":
            try:
                model = smtlib.read_model(answer["model"])
            except ModelError as error:
                return Answer("unknown", "incomplete", message=f"no finite model: {error}")
            return _evaluated(model, case, timer)
        case _:
            return Answer("unknown", cast(Reason, answer["reason"]))


class SmtProver:
    """A prover built on one SMT solver."""

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self.name = solver.name

    def warm(self) -> None:
        """Start the worker in the background."""
        self.solver.pool.warm()

    def close(self) -> None:
        """Stop the workers; they start again when needed."""
        self.solver.pool.close()

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:  # noqa: B008
        """Answer a first-order problem or an SMT-LIB script.

        Never raises for what the solver does: a crash is ``failed``.
        """
        timer = Timer(limits.seconds)
        try:
            match problem:
                case Problem():
                    return _Entailment(self.solver, problem, limits, timer).result()
                case ScriptProblem(language="smtlib", text=text):
                    return self._script(text, limits, timer)
                case _:
                    kind = getattr(problem, "language", "lean4")
                    message = Message(f"{self.name} does not read {kind} problems")
                    return self._result(
                        Outcome.UNKNOWN, timer, reason="unsupported", messages=(message,)
                    )
        except InputError as error:
            return self._result(Outcome.ILL_FORMED, timer, messages=(_error(str(error)),))
        except BrokenToolError as error:
            words = (_error(str(error)), *([_error(error.stderr)] if error.stderr else []))
            return self._result(Outcome.FAILED, timer, messages=words)

    def _result(self, outcome: Outcome, timer: Timer, **fields: Any) -> Result:
        return Result(outcome, self.name, timer.spent, **fields)

    def _script(self, text: str, limits: Limits, timer: Timer) -> Result:
        found = read_script(text)
        if isinstance(found, Message):
            return self._result(Outcome.UNKNOWN, timer, reason="unsupported", messages=(found,))
        request = {"op": "script", "text": found}
        answer = self.solver.ask(request, timer.left, limits.megabytes)
        status = answer.get("status", "unknown")
        if status == "ill_formed":
            return self._result(Outcome.ILL_FORMED, timer, messages=(_error(answer["message"]),))
        if status == "sat" and answer.get("model"):
            evidence = ScriptAnswer("sat", model=answer["model"])
            return self._result(Outcome.SATISFIABLE, timer, evidence=evidence)
        if status == "unsat" and answer.get("proof"):
            evidence = ScriptAnswer(
                "unsat",
                core=tuple(map(str, answer["core"])),
                proof=Proof(self.solver.proof_format, answer["proof"]),
            )
            return self._result(Outcome.INCONSISTENT, timer, evidence=evidence, szs="Unsatisfiable")
        reason = answer.get("stopped") or answer.get("reason") or "timeout"
        tried = (("script", status, timer.spent),)
        return self._result(Outcome.UNKNOWN, timer, reason=reason, evidence=Attempts(tried))


def _error(text: str) -> Message:
    return Message(text, "error")


class _Entailment:
    """One first-order problem on its way to a result."""

    def __init__(self, solver: Solver, problem: Problem, limits: Limits, timer: Timer) -> None:
        self.solver = solver
        self.problem = problem
        self.limits = limits
        self.timer = timer
        self.tried: list[tuple[str, str, float]] = []
        self.labels = {f"p{i}": p for i, p in enumerate(problem.premises)}
        goal = [problem.goal, problem.negated_goal] if problem.goal is not None else []
        infer([*problem.premises, *goal]).check()

    def result(self) -> Result:
        if self.problem.goal is None:
            return self._without_goal()
        against = Question({**self.labels, "against": Not(self.problem.goal)}, tuple(self.labels))
        beside = Question(
            {**self.labels, "beside": negate(self.problem.negated_goal)}, tuple(self.labels)
        )
        first, second = self._ask([against, beside])
        first = self._or_finite(first, against, "goal false")
        second = self._or_finite(second, beside, "goal true")
        match first.status, second.status:
            case "unsat", "unsat":
                return self._contradiction(first, second)
            case "unsat", _:
                if "against" not in first.core:
                    return self._refuted_premises(first)
                return self._refutation(Outcome.PROVED, "goal", first, second)
            case _, "unsat":
                if "beside" not in second.core:
                    return self._refuted_premises(second)
                return self._refutation(Outcome.REFUTED, "negation", second, first)
            case "sat", "sat":
                assert first.model is not None and second.model is not None
                evidence = TwoModels(goal_true=second.model, goal_false=first.model)
                return self._done(Outcome.INDEPENDENT, evidence=evidence)
            case _:
                return self._unknown(first if first.status == "unknown" else second)

    def _ask(self, questions: list[Question]) -> list[Answer]:
        formulas = {k: f for q in questions for k, f in q.formulas.items()}
        # Finite models and certificates come after, in what is left.
        timer = Timer(self.timer.left * _FIRST_SHARE)
        ground = grounding.ground(formulas) if self.solver.grounds else None
        if ground is not None:
            answers = self.solver.decide_ground(questions, ground, timer, self.limits)
        else:
            answers = self.solver.decide(formulas, questions, timer, self.limits)
        for question, answer in zip(questions, answers, strict=True):
            what = next((k for k in reversed(question.formulas) if k[0] != "p"), "premises")
            self.tried.append((f"{self.solver.name}: {what}", answer.status, timer.spent))
        return answers

    def _or_finite(self, answer: Answer, question: Question, what: str) -> Answer:
        """A small finite model where the solver gave up, or gave a model that is no evidence."""
        if answer.status != "unknown" or answer.reason == "memory" or self.timer.left < 0.05:
            return answer
        start = self.timer.spent
        timer = Timer(self.timer.left / 2)
        model = finite.find(self.solver, tuple(question.formulas.values()), timer, self.limits)
        status = "sat" if model is not None else "unknown"
        self.tried.append((f"finite model: {what}", status, self.timer.spent - start))
        return answer if model is None else Answer("sat", model=model)

    def _without_goal(self) -> Result:
        question = Question(self.labels, tuple(self.labels))
        answer = self._or_finite(self._ask([question])[0], question, "premises")
        match answer.status:
            case "sat":
                assert answer.model is not None
                return self._done(Outcome.SATISFIABLE, evidence=OneModel(answer.model))
            case "unsat":
                return self._refuted_premises(answer)
            case _:
                return self._unknown(answer)

    def _contradiction(self, first: Answer, second: Answer) -> Result:
        """Goal and negation both follow, so the premises used for the two contradict."""
        for answer, assumption in ((first, "against"), (second, "beside")):
            if assumption not in answer.core:
                return self._refuted_premises(answer)
        used = [label for label in self.labels if label in {*first.core, *second.core}]
        question = Question({k: self.labels[k] for k in used}, tuple(used))
        answer = self._ask([question])[0]
        if answer.status == "unsat":
            return self._refuted_premises(answer)
        return self._refuted_premises(Answer("unsat", core=tuple(used)))

    def _refuted_premises(self, answer: Answer) -> Result:
        evidence = self._evidence("premises", answer, None, None)
        if evidence is None:
            return self._unproved("the premises contradict each other")
        return self._done(Outcome.INCONSISTENT, evidence=evidence)

    def _refutation(self, outcome: Outcome, claim: Claim, answer: Answer, other: Answer) -> Result:
        formula = Not(self._goal()) if claim == "goal" else negate(self.problem.negated_goal)
        evidence = self._evidence(claim, answer, formula, other.model)
        if evidence is None:
            return self._unproved(f"the {claim} follows")
        messages = (
            ()
            if other.model is not None
            else (Message("the premises were not shown to be satisfiable", "warning"),)
        )
        return self._done(outcome, evidence=evidence, messages=messages)

    def _goal(self) -> Formula:
        assert self.problem.goal is not None
        return self.problem.goal

    def _evidence(
        self,
        claim: Claim,
        answer: Answer,
        assumption: Formula | None,
        consistency: Model | None,
    ) -> Refutation | None:
        indices = map(grounding.formula_index, answer.core)
        used = tuple(sorted(index for index in indices if index >= 0))
        formulas = {i: self.problem.premises[i] for i in used}
        if assumption is not None:
            formulas[-1] = assumption
        instances = answer.instances
        if instances is None:
            timer = Timer(self.timer.left / 2)
            instances = certificates.find(self.solver, formulas, timer, self.limits)
        proof = None
        if instances is None:
            left = max(self.timer.left, 0.05)
            proof = self.solver.proof(list(formulas.values()), left, self.limits.megabytes)
            if proof is None:
                return None
        return Refutation(claim, used, answer.minimal, instances, proof, consistency)

    def _unproved(self, what: str) -> Result:
        message = Message(
            f"{self.solver.name} says that {what}, but gave no proof in time; "
            "allow more time to get one",
            "warning",
        )
        return self._done(
            Outcome.UNKNOWN,
            reason="timeout",
            evidence=Attempts(tuple(self.tried)),
            messages=(message,),
        )

    def _unknown(self, answer: Answer) -> Result:
        messages = (Message(answer.message),) if answer.message else ()
        return self._done(
            Outcome.UNKNOWN,
            reason=answer.reason or "incomplete",
            evidence=Attempts(tuple(self.tried)),
            messages=messages,
        )

    def _done(self, outcome: Outcome, **fields: Any) -> Result:
        return Result(
            outcome, self.solver.name, self.timer.spent, flags=self.problem.flags, **fields
        )
