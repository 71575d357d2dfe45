"""Entailment by an SMT solver: both questions asked, every answer turned into evidence.

What Z3 and cvc5 share.
"""

from __future__ import annotations

from typing import Any

from provers import finite, grounding, instantiation
from provers.base import (
    AnyProblem,
    Attempts,
    Claim,
    Limits,
    Message,
    OneModel,
    Outcome,
    Problem,
    Proof,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
    TwoModels,
)
from provers.errors import BrokenToolError, InputError
from provers.failures import failure, unsupported
from provers.logic.models import Model
from provers.logic.signature import infer
from provers.logic.syntax import Formula
from provers.scripts import read_script
from provers.solver import Answer, Question, Solver, Timer

_FIRST_SHARE = 0.7
_RESERVE_SECONDS = 0.3


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

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """Answer a first-order problem or an SMT-LIB script.

        Never raises for what the solver does: a crash is ``failed``.
        """
        # Reading answers and writing evidence take time of their own, within the limit too.
        timer = Timer(limits.seconds - min(_RESERVE_SECONDS, limits.seconds / 20))
        try:
            match problem:
                case Problem():
                    return _Entailment(self.solver, problem, limits, timer).result()
                case ScriptProblem(language="smtlib", text=text):
                    return self._script(text, limits, timer)
                case _:
                    return unsupported(self.name, problem, timer.spent)
        except (InputError, BrokenToolError) as error:
            return failure(self.name, error, timer.spent)

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
            message = Message(answer["message"], "error")
            return self._result(Outcome.ILL_FORMED, timer, messages=(message,))
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
        against = self._question("against", self.problem.assumption("goal"))
        beside = self._question("beside", self.problem.assumption("negation"))
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

    def _question(self, label: str, assumption: Formula) -> Question:
        return Question({**self.labels, label: assumption}, tuple(self.labels))

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
        if answer.status == "sat":  # what counts as the negation is not the goal's complement
            message = "the goal and its negation both follow from premises that have a model"
            return self._unknown(Answer("unknown", "incomplete", message=message))
        if answer.status == "unsat":
            return self._refuted_premises(answer)
        return self._refuted_premises(Answer("unsat", core=tuple(used)))

    def _refuted_premises(self, answer: Answer) -> Result:
        evidence = self._evidence("premises", answer, None)
        if evidence is None:
            return self._unproved("the premises contradict each other")
        return self._done(Outcome.INCONSISTENT, evidence=evidence)

    def _refutation(self, outcome: Outcome, claim: Claim, answer: Answer, other: Answer) -> Result:
        evidence = self._evidence(claim, answer, other.model)
        if evidence is None:
            return self._unproved(f"the {claim} follows")
        messages = (
            ()
            if other.model is not None
            else (Message("the premises were not shown to be satisfiable", "warning"),)
        )
        return self._done(outcome, evidence=evidence, messages=messages)

    def _evidence(
        self, claim: Claim, answer: Answer, consistency: Model | None
    ) -> Refutation | None:
        indices = map(grounding.formula_index, answer.core)
        used = tuple(sorted(index for index in indices if index >= 0))
        formulas = self.problem.contradictory(claim, used)
        instances = answer.instances
        if instances is None:
            timer = Timer(self.timer.left / 2)
            instances = instantiation.find(self.solver, formulas, timer, self.limits)
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
