"""Evidence checked again: certificates replayed, models evaluated, cores solved afresh.

The strongest check there is for each kind of evidence is used and named in the answer:

``certificate``   ground instances, checked by ``provers.logic.herbrand`` with no solver
``evaluated``     models, evaluated by ``provers.logic.models`` with no solver
``replayed``      a TSTP derivation, each step proved again (``provers.tstp``)
``judged again``  a Lean file, judged by Lean against the problem's own statement
``solved again``  the used premises alone, by another solver than the one that answered,
                  or, where there is no other, by the same one in a fresh process
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provers import certificates, registry
from provers.base import (
    AnyProblem,
    LeanProblem,
    LeanProof,
    Limits,
    OneModel,
    Outcome,
    Problem,
    Refutation,
    Result,
    ScriptAnswer,
    ScriptProblem,
    TwoModels,
)
from provers.errors import BrokenToolError, MissingToolError
from provers.logic.models import Model, ModelError, evaluate
from provers.logic.syntax import Formula, Not
from provers.smt import SmtProver
from provers.solver import Question, Timer

if TYPE_CHECKING:
    from provers.lean.base import Checker

_STEP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Recheck:
    """Whether the evidence held, how that was established, and what was wrong if not."""

    ok: bool
    how: str
    detail: str = ""


def recheck(
    problem: AnyProblem,
    result: Result,
    limits: Limits = Limits(),
    *,
    checker: Checker | None = None,
) -> Recheck:
    """Check a conclusive result's evidence against its problem, trusting nothing else in it.

    A result that is not conclusive claims nothing: it is ok, ``nothing claimed``. Lean is asked
    through ``checker``, or else through one that is opened for it.

    Raises MissingToolError if evidence in Lean is to be checked and there is no Lean.
    """
    if not result.conclusive:
        return Recheck(True, "nothing claimed")
    match problem, result.evidence:
        case Problem(), Refutation() as evidence:
            return _refutation(problem, evidence, result.prover, limits)
        case Problem(), TwoModels(goal_true=positive, goal_false=negative):
            return _two_models(problem, positive, negative)
        case Problem(), OneModel(model=model):
            return _evaluated(problem.premises, model)
        case ScriptProblem(), ScriptAnswer() as answer:
            return _script(problem, answer, result, limits)
        case ScriptProblem(language="tptp", text=text), _:
            from provers.tptp import read_tptp

            return recheck(read_tptp(text), result, limits)
        case LeanProblem(), LeanProof() as proof:
            return _lean(problem, proof, limits, checker)
        case _:
            return Recheck(False, "none", "the evidence does not fit the problem")


# --- models --------------------------------------------------------------------------------


def _evaluated(formulas: Sequence[Formula], model: Model) -> Recheck:
    try:
        for number, formula in enumerate(formulas):
            if not evaluate(formula, model):
                return Recheck(False, "evaluated", f"formula {number} is false in the model")
    except ModelError as error:
        return Recheck(False, "evaluated", str(error))
    return Recheck(True, "evaluated")


def _two_models(problem: Problem, positive: Model, negative: Model) -> Recheck:
    if problem.goal is None:
        return Recheck(False, "evaluated", "the problem has no goal")
    first = _evaluated([*problem.premises, problem.assumption("negation")], positive)
    if not first.ok:
        return first
    return _evaluated([*problem.premises, problem.assumption("goal")], negative)


# --- refutations ---------------------------------------------------------------------------


def _refutation(problem: Problem, evidence: Refutation, prover: str, limits: Limits) -> Recheck:
    try:
        formulas = problem.contradictory(evidence.claim, evidence.used)
    except ValueError as error:
        return Recheck(False, "none", str(error))
    if evidence.consistency is not None:
        consistent = _evaluated(problem.premises, evidence.consistency)
        if not consistent.ok:
            return consistent
    if evidence.instances is not None:
        try:
            held = certificates.check(formulas, evidence.instances)
        except ValueError as error:
            return Recheck(False, "certificate", str(error))
        detail = "" if held else "the instances do not contradict each other"
        return Recheck(held, "certificate", detail)
    if evidence.proof is not None and evidence.proof.format == "tstp":
        return _replayed(evidence.proof.text, formulas, limits)
    return _solved_again(formulas, prover, limits)


def _solved_again(formulas: dict[int, Formula], prover: str, limits: Limits) -> Recheck:
    labels = {f"f{i}": formula for i, formula in formulas.items()}
    question = Question(labels)
    tried = []
    for name in _solvers(prover):
        solver = _load(name)
        if solver is None:
            continue
        try:
            timer = Timer(limits.seconds)
            answer = solver.solver.decide(labels, [question], timer, limits)[0]
        finally:
            solver.close()
        if answer.status == "unsat":
            return Recheck(True, "solved again", name)
        if answer.status == "sat":
            return Recheck(False, "solved again", f"{name} has a model of the used formulas")
        tried.append(f"{name}: {answer.reason}")
    return Recheck(False, "solved again", "; ".join(tried))


def _solvers(prover: str) -> list[str]:
    """Another solver than the one that answered first, then that one."""
    return sorted(("z3", "cvc5"), key=lambda name: name == prover)


def _load(name: str) -> SmtProver | None:
    try:
        prover = registry.load(name)
    except MissingToolError:
        return None
    return prover if isinstance(prover, SmtProver) else None


def _replayed(text: str, formulas: dict[int, Formula], limits: Limits) -> Recheck:
    from provers import tstp

    premises = tuple(formula for index, formula in formulas.items() if index >= 0)
    with_limits = _Entails(limits)
    try:
        ok, detail = tstp.replay(
            text, premises, formulas.get(-1), with_limits, seconds=limits.seconds
        )
    finally:
        with_limits.close()
    return Recheck(ok, "replayed", detail)


class _Entails:
    """Whether one step's parents entail its conclusion, by a solver process of its own."""

    def __init__(self, limits: Limits) -> None:
        prover = registry.load("z3")
        assert isinstance(prover, SmtProver)
        self.prover = prover
        self.limits = limits
        self.timer = Timer(limits.seconds)

    def __call__(self, parents: Sequence[Formula], conclusion: Formula) -> bool:
        labels = {f"f{i}": f for i, f in enumerate([*parents, Not(conclusion)])}
        question = Question(labels)
        if self.timer.left <= 0:  # a hostile derivation may have any number of steps
            return False
        timer = Timer(min(_STEP_SECONDS, self.timer.left))
        answer = self.prover.solver.decide(labels, [question], timer, self.limits)[0]
        return answer.status == "unsat"

    def close(self) -> None:
        self.prover.close()


# --- scripts -------------------------------------------------------------------------------


def _script(
    problem: ScriptProblem, answer: ScriptAnswer, result: Result, limits: Limits
) -> Recheck:
    if problem.language == "tptp":
        from provers.tptp import recheck_script

        with_limits = _Entails(limits)
        try:
            ok, detail = recheck_script(
                problem.text,
                answer,
                with_limits,
                outcome=result.outcome,
                seconds=limits.seconds,
            )
        finally:
            with_limits.close()
        return Recheck(ok, "replayed", detail)
    if result.outcome is Outcome.PROVED:
        return Recheck(False, "none", "a script has no goal that could be proved")
    wanted = Outcome.SATISFIABLE if answer.status == "sat" else Outcome.INCONSISTENT
    tried = []
    for name in _solvers(result.prover):
        prover = _load(name)
        if prover is None:
            continue
        try:
            again = prover.prove(problem, limits)
        finally:
            prover.close()
        if again.outcome is wanted:
            return Recheck(True, "solved again", name)
        if again.conclusive:
            return Recheck(False, "solved again", f"{name} answers {again.outcome}")
        tried.append(f"{name}: {again.reason or again.outcome}")
    return Recheck(False, "solved again", "; ".join(tried))


# --- Lean ----------------------------------------------------------------------------------


def _lean(
    problem: LeanProblem, proof: LeanProof, limits: Limits, checker: Checker | None
) -> Recheck:
    from provers.lean.checkers import open_checker

    opened = checker or open_checker()
    try:
        return _judged(problem, proof, limits, opened)
    except BrokenToolError as error:
        return Recheck(False, "judged again", str(error))
    finally:
        if checker is None:
            opened.close()


def _judged(problem: LeanProblem, proof: LeanProof, limits: Limits, checker: Checker) -> Recheck:
    from provers.lean.judge import judge
    from provers.lean.negation import judge_negation

    if proof.claim == "negation":
        if problem.statement is None:
            return Recheck(False, "none", "there is no statement that could be refuted")
        again = judge_negation(checker, problem.statement, proof.code, limits)
    elif problem.statement is None and proof.code != problem.code:
        # Without a statement the claim is that this very file holds.
        return Recheck(False, "none", "the evidence is another file than the problem's")
    else:
        again = judge(checker, LeanProblem(proof.code, problem.statement), limits)
    if again.conclusive:
        return Recheck(True, "judged again")
    errors = [m.text for m in again.messages if m.severity == "error"]
    return Recheck(False, "judged again", (errors or [again.reason or str(again.outcome)])[0])
