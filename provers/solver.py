"""One SMT solver in a worker process, asked in this package's terms.

A solver speaks the protocol of ``provers.z3_worker``. What it answers is read back here, and
believed only where it can be checked: a model must make the formulas true, a set of ground
instances must contradict itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from provers import certificates, grounding
from provers.base import Instance, Limits, Proof, Reason
from provers.children import DiedError, OverdueError
from provers.errors import BrokenToolError
from provers.logic.formats import smtlib
from provers.logic.models import Model, ModelError, evaluate
from provers.logic.syntax import Formula
from provers.workers import Pool

_STEPS_A_SECOND = 200_000


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
            core = tuple(sorted(ground.owners(answer["core"])))
            # Where the small check runs out of steps (pigeons and holes), the solver's own proof
            # is asked for, as for what is not ground.
            checked = instances if certificates.check(formulas, instances) else None
            return Answer("unsat", core=core, minimal=answer["minimal"], instances=checked)
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
