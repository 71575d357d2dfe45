"""The options of a constraint problem put to a prover, each with its evidence.

Every claim is a goal: proved, it is entailed (its negation contradicts the constraints); refuted,
it is impossible; independent, it is possible, with a case in which it is true and one in which it
is false. Both cases are checked against the constraints in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from neurosym.runs.programs.base import Mended, Option, Reply, Standing, choose
from neurosym.runs.programs.constraints import (
    ConstraintProblem,
    Expression,
    Operation,
    evaluate,
)
from neurosym.runs.programs.encoding import Encoder
from provers.base import OneModel, Outcome, Problem, Refutation, Result, TwoModels
from provers.errors import BrokenToolError

Prove: TypeAlias = Callable[[Problem], Result]
_STANDING: dict[Outcome, Standing] = {
    Outcome.PROVED: "entailed",
    Outcome.REFUTED: "impossible",
    Outcome.INDEPENDENT: "possible",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """What an option asks of one claim, or of several.

    ``must``, ``can``, ``cannot``: of the one claim. ``list``: one of the claims must hold and
    each can. ``most``, ``least``: the first claim can hold and the second cannot. ``fixed``: the
    claim leaves exactly one case. ``same``: instead of constraint ``index``, the claim leaves
    the same cases.
    """

    kind: Literal["must", "can", "cannot", "list", "most", "fixed", "same"]
    claims: tuple[Expression, ...]
    index: int = -1
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Lettered:
    """An option: its letter, what it asks, and the sentence it stands for."""

    label: str
    ask: Ask
    text: str = ""


def answer(
    problem: ConstraintProblem,
    options: Sequence[Lettered],
    mended: Sequence[Mended],
    prove: Prove,
) -> Reply:
    """The one option that the problem's cases answer.

    Raises:
        ProgramError: the problem, written out, is too large.
        BrokenToolError: a prover's model is no case of the problem.
    """
    asker = _Asker(problem, prove)
    if contradiction := asker.contradiction():
        return Reply("", "contradictory", contradiction, (), tuple(mended))
    return choose([asker.option(option) for option in options], mended)


class _Asker:
    def __init__(self, problem: ConstraintProblem, prove: Prove) -> None:
        self.problem = problem
        self.prove = prove
        self.encoder = Encoder(problem)

    def contradiction(self) -> str:
        """Which constraints contradict each other; nothing where some case satisfies all."""
        result = self.prove(Problem(self.encoder.encoded().premises))
        match result.evidence:
            case OneModel(model):
                self.encoder.case(model)
            case Refutation(used=used) if result.outcome is Outcome.INCONSISTENT:
                constraints = [
                    self.problem.constraints[i] for i in used if i < len(self.problem.constraints)
                ]
                said = "; ".join(
                    one.text or "a constraint without a sentence" for one in constraints
                )
                return f"the constraints contradict each other: {said}"
        return ""

    def option(self, option: Lettered) -> Option:
        ask = option.ask
        if ask.kind == "same":
            found = self._same(ask)
        elif ask.kind == "fixed":
            found = self._fixed(ask.claims[0])
        else:
            found = self._claims(ask)
        holds, evidence = found
        if holds is not None and ask.negated:
            holds = not holds
        return Option(option.label, holds, tuple(evidence))

    def _claims(self, ask: Ask) -> tuple[bool | None, list[tuple[str, Standing, Result]]]:
        claims: list[tuple[str, Expression]] = [("claim", claim) for claim in ask.claims]
        if ask.kind == "list":
            claims.insert(0, ("one of the list", Operation("or", ask.claims)))
        evidence = [(what, *self._standing(claim)) for what, claim in claims]
        stands = [standing for _, standing, _ in evidence]
        if "unknown" in stands:
            return None, evidence
        can = [standing != "impossible" for standing in stands]
        match ask.kind:
            case "must":
                return stands[0] == "entailed", evidence
            case "can":
                return can[0], evidence
            case "cannot":
                return not can[0], evidence
            case "list":
                return stands[0] == "entailed" and all(can), evidence
            case _:
                return can[0] and not can[1], evidence

    def _standing(self, claim: Expression) -> tuple[Standing, Result]:
        goal = self.encoder.formula(claim)
        result = self.prove(Problem(self.encoder.encoded().premises, goal))
        if isinstance(result.evidence, TwoModels):
            for model, wanted in (
                (result.evidence.goal_true, True),
                (result.evidence.goal_false, False),
            ):
                case = self.encoder.case(model)
                if (evaluate(self.problem, claim, case) is True) != wanted:
                    raise BrokenToolError(
                        "A model does not say of an option what it was found for."
                    )
        return _STANDING.get(result.outcome, "unknown"), result

    def _fixed(self, claim: Expression) -> tuple[bool | None, list[tuple[str, Standing, Result]]]:
        goal = self.encoder.formula(claim)
        premises = (*self.encoder.encoded().premises, goal)
        first = self.prove(Problem(premises))
        if not isinstance(first.evidence, OneModel):
            impossible = first.outcome is Outcome.INCONSISTENT
            stands: Standing = "impossible" if impossible else "unknown"
            return (False if impossible else None), [("claim", stands, first)]
        case = self.encoder.case(first.evidence.model)
        second = self.prove(Problem((*premises, self.encoder.differs(case))))
        match second.outcome:
            case Outcome.SATISFIABLE:
                return False, [("claim", "possible", first), ("another case", "possible", second)]
            case Outcome.INCONSISTENT:
                return True, [("claim", "possible", first), ("another case", "impossible", second)]
            case _:
                return None, [("claim", "possible", first), ("another case", "unknown", second)]

    def _same(self, ask: Ask) -> tuple[bool | None, list[tuple[str, Standing, Result]]]:
        kept = list(self.problem.constraints)
        old = kept.pop(ask.index)
        without = _Asker(replace(self.problem, constraints=tuple(kept)), self.prove)
        claim = Operation("xor", (old.expression, ask.claims[0]))
        standing, result = without._standing(claim)
        evidence = [("the old and the new condition differ", standing, result)]
        return (None if standing == "unknown" else standing == "impossible"), evidence


def extremes(value: Expression, number: Expression, most: bool) -> Ask:
    """That ``number`` is the largest, or the least, that ``value`` can be."""
    beyond = Operation(">" if most else "<", (value, number))
    return Ask("most", (Operation("==", (value, number)), beyond))
