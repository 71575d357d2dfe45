"""Attempts at questions with options, from the program that a model wrote for each.

| what came of the program | outcome | reason |
|---|---|---|
| a statement (rules, formulas): it follows, its negation does, or neither | the prover's | |
| a question (constraints): exactly one option answers it | ``proved`` | |
| no option does, each with evidence; an undetermined statement that has no such option | \
``independent`` | ``no_option`` |
| several do | ``unknown`` | ``several_options`` |
| the constraints, facts or premises contradict each other | ``inconsistent`` | ``contradictory`` |
| the same, without a contradiction in classical logic (rules that derive both) | ``unknown`` | \
``contradictory`` |
| a prover gave up | ``unknown`` | the prover's |
| a prover crashed | ``failed`` | ``crash`` |
| the program does not parse, or its names do not fit | ``ill_formed`` | ``syntax``, \
``unknown_symbol``, ``sort`` |
| it is of the language, and beyond what is read | ``unknown`` | ``unsupported``, ``too_large`` |
| a formula does not say its sentence | ``untranslated`` | ``unfaithful`` |
| there is no program | ``untranslated`` | ``no_program`` |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from neurosym.runs.batch.work.finding import Finding, said
from neurosym.runs.batch.work.meter import Metered
from neurosym.runs.items import Item, Puzzle
from neurosym.runs.programs.base import ProgramError, Reply
from provers.base import AnyProblem, Limits, Outcome, Problem, Result
from provers.logic.formats import spell
from provers.records import write_result

_OUTCOMES: Final = {
    "syntax": "ill_formed",
    "unknown_symbol": "ill_formed",
    "sort": "ill_formed",
    "unsupported": "unknown",
    "too_large": "unknown",
    "contradictory": "unknown",
    "no_option": "independent",
    "several_options": "unknown",
    "unfaithful": "untranslated",
    "undecided": "unknown",
}


@dataclass(slots=True)
class _Asked:
    """A prover, and all that it was asked for one program."""

    prover: Metered
    limits: Limits
    answers: list[tuple[Problem, Result]] = field(default_factory=list)

    def prove(self, problem: AnyProblem) -> Result:
        result = self.prover.prove(problem, self.limits)
        assert isinstance(problem, Problem)
        self.answers.append((problem, result))
        return result

    def problem(self, result: Result) -> Problem:
        """The problem that a result answers."""
        return next(problem for problem, answer in self.answers if answer is result)


def solve(item: Item, puzzle: Puzzle, prover: Metered, limits: Limits, *, mend: bool) -> Finding:
    """What follows from a puzzle's program; what came of it is said by the table above.

    Raises BrokenToolError where a prover's model is no case of the problem.
    """
    if puzzle.program is None:
        return said(item.id, "untranslated", "no_program", "There is no program for the question.")
    asked = _Asked(prover, limits)
    try:
        reply = _reply(item, puzzle, asked, mend)
    except ProgramError as error:
        outcome = _OUTCOMES[error.kind]
        return said(item.id, outcome, error.kind, f"{error}.".replace("..", "."))
    return _finding(item, puzzle, reply, asked)


def _reply(item: Item, puzzle: Puzzle, asked: _Asked, mend: bool) -> Reply:
    program = puzzle.program or ""
    match puzzle.dialect:
        case "constraints":
            from neurosym.runs.programs import assignments

            return assignments.solve(program, asked.prove, mend)
        case "z3":
            from neurosym.runs.programs import games

            return games.solve(program, asked.prove, mend)
        case "formulas":
            from neurosym.runs.programs import formulas, rules

            statement = rules.statement_of(puzzle.question)
            return formulas.solve(program, asked.prove, statement, mend)
        case "rules":
            from neurosym.runs.programs import rules

            return rules.solve(
                program,
                asked.prove,
                statement=rules.statement_of(puzzle.question),
                # PrOntoQA's statements all follow or contradict: it has no such option.
                unknown=item.answers.answer("independent") is not None,
                meaning=mend,
            )
        case _:
            raise ProgramError("unsupported", "the language of the program is not named")


def _finding(item: Item, puzzle: Puzzle, reply: Reply, asked: _Asked) -> Finding:
    judged = puzzle.dialect in ("rules", "formulas")
    outcome, reason, again = _outcome(reply, asked, judged)
    answer = None
    if reply.failure is None:
        answer = item.answers.answer(outcome if judged else reply.answer)
    solved = answer is not None and (item.gold is None or answer == item.gold)
    output = {
        "id": item.id,
        "outcome": outcome,
        "reason": reason,
        "failure": reply.failure,
        "answer": answer,
        **_written(reply, asked, outcome),
        "mended": [{"kind": one.kind, "message": one.message} for one in reply.mended],
        "messages": [{"text": reply.message, "severity": "info"}] if reply.message else [],
    }
    return Finding(outcome, output, reason, answer, solved, asked.prover.name, not again, again)


def _outcome(reply: Reply, asked: _Asked, judged: bool) -> tuple[str, str, bool]:
    """Outcome and reason by the table above, and whether a prover crashed on the way."""
    results = [result for _, result in asked.answers]
    if reply.failure is None:
        standing = next((r for o in reply.options for _, _, r in o.evidence), None)
        return (str(standing.outcome) if judged and standing else "proved"), "", False
    if reply.failure == "contradictory" and _contradiction(asked) is not None:
        return "inconsistent", reply.failure, False
    if reply.failure != "undecided":
        return _OUTCOMES[reply.failure], reply.failure, False
    failed = next((r for r in results if r.outcome is Outcome.FAILED), None)
    if failed is not None:
        conflict = failed.evidence is not None
        return "failed", "conflict" if conflict else "crash", not conflict
    reasons = (r.reason for r in results if r.outcome is Outcome.UNKNOWN)
    return "unknown", next(reasons, reply.failure), False


def _contradiction(asked: _Asked) -> Result | None:
    """That the premises of a program contradict each other, as a prover showed."""
    return next((r for _, r in asked.answers if r.outcome is Outcome.INCONSISTENT), None)


def _written(reply: Reply, asked: _Asked, outcome: str) -> dict[str, Any]:
    """The options with how their claims stand, each piece of evidence once, with its problem."""
    shown: list[Result] = []
    if outcome == "inconsistent":
        found = _contradiction(asked)
        shown += [found] if found is not None else []
    options = []
    for option in reply.options:
        claims = []
        for what, standing, result in option.evidence:
            place = next((i for i, one in enumerate(shown) if one is result), len(shown))
            if place == len(shown):
                shown.append(result)
            claims.append({"claim": what, "standing": standing, "evidence": place})
        options.append({"label": option.label, "holds": option.holds, "claims": claims})
    return {"options": options, **_evidence([(asked.problem(one), one) for one in shown])}


def _evidence(shown: list[tuple[Problem, Result]]) -> dict[str, Any]:
    """Results, each with its goal and the place of its premises, which most of them share."""
    premises = list(dict.fromkeys(problem.premises for problem, _ in shown))
    written: list[dict[str, Any]] = [{} for _ in shown]
    problems = []
    for place, shared in enumerate(premises):
        here = [i for i, (problem, _) in enumerate(shown) if problem.premises == shared]
        formulas, owners = list(shared), []
        for i in here:
            problem = shown[i][0]
            for role, formula in (("goal", problem.goal), ("negation", problem.negation)):
                if formula is not None:
                    formulas.append(formula)
                    owners.append((i, role))
        notation, texts = spell(formulas)
        said = {"language": "fol", "notation": notation, "premises": texts[: len(shared)]}
        problems.append(said)
        for i in here:
            written[i] = {"problem": place, "goal": None, **write_result(shown[i][1])}
        for (i, role), text in zip(owners, texts[len(shared) :], strict=True):
            written[i][role] = text
    return {"problems": problems, "evidence": written}
