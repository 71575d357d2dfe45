"""Attempts at Lean problems: code is judged, bare statements are searched for a proof."""

from __future__ import annotations

from dataclasses import replace

from neurosym.runs.batch.base import Task
from neurosym.runs.batch.work.finding import Finding
from neurosym.runs.batch.work.formal import judged
from neurosym.runs.batch.work.meter import Meter, MeteredChecker
from neurosym.runs.batch.work.tools import Tools
from neurosym.runs.problems import ProblemRecord
from neurosym.search import Plan, find, write_found
from provers.base import LeanProblem, Outcome

_SETTLED = frozenset({Outcome.REFUTED, Outcome.ILL_FORMED})


def judge(task: Task, record: ProblemRecord, tools: Tools, meter: Meter) -> Finding:
    """Whether the code proves its statement, or all that it states.

    Raises MissingToolError without Lean, SpentError where no time is left.
    """
    problem = LeanProblem(record.code or "", record.statement)
    result = meter.take(tools.lean.prove(problem, meter.limits(tools.limits)))
    return judged(task.item, record, result)


def prove(task: Task, record: ProblemRecord, tools: Tools, meter: Meter) -> Finding:
    """What one search finds, from a seed of the attempt's own where a model suggests.

    Further attempts are pointless where the statement is refuted or does not elaborate, and where
    nothing was drawn. Raises MissingToolError without Lean or the model, and SpentError.
    """
    configuration = tools.configuration
    mode = configuration.search
    model = None if mode == "portfolio" else tools.model
    found = find(
        record.statement or "",
        checker=MeteredChecker(tools.checker(), meter),
        model=model,
        mode=mode,
        limits=meter.limits(tools.limits),
        tokens=meter.tokens_left,
        samples=1 if mode == "whole" else Plan().samples,
        rounds=configuration.rounds,
        temperature=configuration.temperature,
        seed=configuration.seed + task.sample,
        negate=configuration.negate,
        premises=() if tools.hints is None else tools.hints.lemmas,
    )
    meter.tokens += found.tokens
    finding = judged(task.item, record, found.result)
    drawn = found.requests > 0 and configuration.temperature > 0
    final = finding.final and (not drawn or found.result.outcome in _SETTLED)
    output = {**finding.output, "search": write_found(found)["search"]}
    return replace(finding, final=final, output=output)
