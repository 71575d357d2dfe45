"""GSM8K answered by the default local model, under the eyes of a prover and without them.

For each question the same samples are judged in four ways: the first one alone, their majority,
the choice by what is proved, and that choice where samples stop at a refuted step. Samples are run
to their ends, so what stopping saves is counted, not estimated. Questions with a refuted sample are
run again with stopping and with refuted lines written anew, which shows too that a sample that
stops is the one that ran on. The recorded solutions of the data (four models, one solution each)
are judged in the same ways without any model.

``NEUROSYM_BENCHMARK_MODEL`` names another model; with ``NEUROSYM_BENCHMARK_RECORD`` answers are
kept in that file, and taken from it (times are then those of the replay).
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.models import open_benchmark_model
from neurosym.llm.base import Model, Request
from neurosym.translate import answers, prompts
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.samples import Sample, choose, saving, vote
from neurosym.verify.solving import Sampling, solve
from provers.base import Limits, Prover
from provers.z3 import Z3Prover

QUESTIONS = 10
RETRIES = 2
AT_ONCE = 2  # so many questions are also answered in one piece, to see what going by lines costs
LIMITS = Limits(seconds=5)
SAMPLING = Sampling(samples=4, temperature=0.7, seed=0, max_tokens=400, early_stop=False)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All measures; ``limit`` bounds the questions. Raises MissingToolError without the model."""
    path = data / "bench" / "gsm8k_test_solutions.jsonl"
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    prover = Z3Prover()
    try:
        figures = {"recorded": _recorded(records[:limit], prover)}
        model = open_benchmark_model()
        try:
            count = QUESTIONS if limit is None else min(limit, QUESTIONS)
            figures["model"] = _model(records[:count], model, prover)
            few = records[: min(count, AT_ONCE)]
            figures["by_lines_or_at_once"] = _compare(few, model, prover)
        finally:
            model.close()
    finally:
        prover.close()
    return figures


# --- a model's own samples -----------------------------------------------------------------


def _model(records: Sequence[dict[str, Any]], model: Model, prover: Prover) -> dict[str, Any]:
    begun = time.monotonic()
    samples: list[list[Sample]] = []
    for record in records:
        samples.append(list(solve(record["question"], model, prover, LIMITS, SAMPLING).samples))
    seconds = time.monotonic() - begun
    every = [sample for group in samples for sample in group]
    saved = saving(every, early_stop=False)
    ends = [sample.end for sample in every]
    return {
        "model": model.name,
        "prompt": prompts.load("solve").hash,
        "samples": SAMPLING.samples,
        "temperature": SAMPLING.temperature,
        **_judged(records, samples),
        "tokens": sum(sample.tokens for sample in every),
        "prompt_tokens_sent": sum(sample.prompt_tokens for sample in every),
        "requests": sum(sample.requests for sample in every),
        "saved_tokens": None if saved is None else saved.tokens,
        "saved_percent": None if saved is None else round(100 * saved.share, 2),
        "rewritten": _rewritten(records, samples, model, prover),
        "ends": {end: ends.count(end) for end in sorted(set(ends))},
        "seconds": round(seconds, 1),
    }


def _rewritten(
    records: Sequence[dict[str, Any]], samples: list[list[Sample]], model: Model, prover: Prover
) -> dict[str, Any]:
    """Questions with a refuted sample, run again with stopping and up to two refuted lines
    written anew; the others are as they were.
    """
    sampling = dataclasses.replace(SAMPLING, early_stop=True, retries=RETRIES)
    refuted = same = rejected = right = tokens = 0
    for record, group in zip(records, samples, strict=True):
        if any(sample.refuted is not None for sample in group):
            again = list(solve(record["question"], model, prover, LIMITS, sampling).samples)
        else:
            again = group
        for before, after in zip(group, again, strict=True):
            if before.refuted is not None:
                refuted += 1
                same += _agree_until_refuted(before, after)
        rejected += sum(sample.end == "rejected" for sample in again)
        right += _is_right(choose(again).sample, str(record["gold_answer"]))
        tokens += sum(sample.tokens for sample in again)
    return {
        "retries": RETRIES,
        "refuted_samples": refuted,
        "same_text_until_refuted": same,
        "rejected_still": rejected,
        "right": right,
        "accuracy_percent": round(100 * right / max(1, len(records)), 2),
        "tokens": tokens,
    }


def _agree_until_refuted(before: Sample, after: Sample) -> bool:
    """Whether stopping met what running on had met: the same lines up to the refuted one."""
    if not after.rejections:
        return False
    line = after.rejections[0].line
    at = before.lines.index(line) if line in before.lines else -1
    return at >= 0 and before.lines[:at] == after.lines[:at]


def _compare(records: Sequence[dict[str, Any]], model: Model, prover: Prover) -> dict[str, Any]:
    """Time and tokens of solutions by lines (verified, not stopped) and of solutions at once."""
    prompt = prompts.load("solve")
    figures: dict[str, Any] = {"questions": len(records)}
    begun = time.monotonic()
    lines = [
        sample
        for record in records
        for sample in solve(
            record["question"], model, prover, LIMITS, dataclasses.replace(SAMPLING, seed=1)
        ).samples
    ]
    figures["by_lines"] = {
        "seconds": round(time.monotonic() - begun, 1),
        "tokens": sum(sample.tokens for sample in lines),
        "prompt_tokens_sent": sum(sample.prompt_tokens for sample in lines),
    }
    begun = time.monotonic()
    tokens = sent = 0
    for record in records:
        requests = [
            Request(
                prompt.messages(record["question"]),
                temperature=SAMPLING.temperature,
                seed=1000 + seed,
                max_tokens=SAMPLING.max_tokens,
            )
            for seed in range(SAMPLING.samples)
        ]
        for answer in model.complete_all(requests):
            tokens += answer.tokens
            sent += answer.prompt_tokens or 0
    seconds = round(time.monotonic() - begun, 1)
    figures["at_once"] = {"seconds": seconds, "tokens": tokens, "prompt_tokens_sent": sent}
    return figures


# --- judging -------------------------------------------------------------------------------


def _judged(records: Sequence[dict[str, Any]], samples: list[list[Sample]]) -> dict[str, Any]:
    """How many questions each way of choosing answers rightly, and what stopping throws away."""
    right = {"first": 0, "majority": 0, "verified": 0, "stopped_early": 0, "any_sample": 0}
    pairs = {"verified_only": 0, "majority_only": 0}
    rejected = rejected_wrong = samples_right = proved = proved_right = 0
    for record, group in zip(records, samples, strict=True):
        gold = str(record["gold_answer"])
        of_samples = [_is_right(sample, gold) for sample in group]
        choice = choose(group).sample
        majority = _is_right(vote(group), gold)
        verified = _is_right(choice, gold)
        right["first"] += of_samples[0]
        right["majority"] += majority
        right["verified"] += verified
        right["stopped_early"] += _is_right(choose([_early(s) for s in group]).sample, gold)
        right["any_sample"] += any(of_samples)
        pairs["verified_only"] += verified and not majority
        pairs["majority_only"] += majority and not verified
        samples_right += sum(of_samples)
        refuted = [ok for ok, s in zip(of_samples, group, strict=True) if s.refuted is not None]
        rejected += len(refuted)
        rejected_wrong += refuted.count(False)
        if choice is not None and choice.arrives:
            proved += 1
            proved_right += verified
    count = len(records)
    return {
        "questions": count,
        "samples_right": samples_right,
        "right": right,
        "accuracy_percent": {k: round(100 * v / max(1, count), 2) for k, v in right.items()},
        "against_majority": pairs,
        "rejected": rejected,
        "rejected_and_wrong": rejected_wrong,
        "answers_proved": proved,
        "answers_proved_and_right": proved_right,
    }


def _is_right(sample: Sample | None, gold: str) -> bool:
    return sample is not None and answers.equivalent(sample.answer or "", gold) is True


def _early(sample: Sample) -> Sample:
    """The sample as it would be where it had stopped at its first refuted step."""
    return sample if sample.refuted is None else dataclasses.replace(sample, end="rejected")


def _recorded(records: Sequence[dict[str, Any]], prover: Prover) -> dict[str, Any]:
    begun = time.monotonic()
    samples = [
        [
            Sample(
                index,
                "answered",
                (),
                verify(
                    record_of({"question": record["question"], "solution": solution["text"]}),
                    prover,
                    LIMITS,
                ),
            )
            for index, solution in enumerate(record["solutions"], 1)
        ]
        for record in records
    ]
    return {**_judged(records, samples), "seconds": round(time.monotonic() - begun, 1)}
