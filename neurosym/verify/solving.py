"""Answer a question by a language model under the eyes of a prover.

Several solutions are written line by line, side by side. Each line is verified as soon as it is
there, and a solution ends at the first step that is refuted (early rejection), or goes back to
before it. Which answer is believed is decided by what is proved, then by votes
(``neurosym.verify.samples``); what is said about it is the report on its solution, no more.

A request that ends with the assistant's turn asks for that turn to be continued. An engine may
repeat what it was given, which is taken off again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from neurosym.llm.base import Completion, Completions, Message, Model, Request
from neurosym.translate import answers, prompts
from neurosym.verify.base import Report, StepReport, Verdict
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.report import write_report
from neurosym.verify.samples import (
    Choice,
    End,
    Line,
    Rejection,
    Sample,
    Saving,
    choose,
    refuted_step,
    saving,
)
from provers.base import AnyProblem, Limits, Prover, Result
from provers.errors import InputError, ModelError

MAX_SAMPLES: Final = 256
MAX_QUESTION: Final = 100_000
MAX_SOLUTION: Final = 50_000  # characters; what is longer is cut off
_BLANKS: Final = 2  # so many blank lines in a row end a solution


@dataclass(frozen=True, slots=True)
class Sampling:
    """How solutions are sampled: at most ``max_steps`` lines and ``max_tokens`` tokens each.

    Where a step is refuted the sample ends, or with ``retries`` left goes back to before that line
    and on from another seed; without ``early_stop`` it goes on whatever is refuted.

    Raises InputError for what makes no sense.
    """

    samples: int = 4
    temperature: float = 0.7
    seed: int = 0
    max_tokens: int = 512
    max_steps: int = 40
    retries: int = 0
    early_stop: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.samples <= MAX_SAMPLES:
            raise InputError(f"{self.samples} samples cannot be drawn: give 1 to {MAX_SAMPLES}.")
        if self.max_tokens < 1 or self.max_steps < 1 or self.retries < 0 or self.temperature < 0:
            raise InputError("tokens and steps are at least 1, retries and temperature at least 0.")
        if self.temperature == 0 and (self.samples > 1 or self.retries):
            raise InputError(
                "at temperature 0 all samples and retries are the same: "
                "give one sample, or a temperature."
            )
        if self.retries and not self.early_stop:
            raise InputError("a refuted step is not written again where samples never stop at one.")


@dataclass(frozen=True, slots=True)
class Solved:
    """A question's samples and the choice among them.

    ``verdict`` is that of the chosen sample's report, ``unknown`` without one. ``prompt`` is the
    SHA-256 of the prompt file. ``saved`` is None where it cannot be told.
    """

    question: str
    model: str
    prompt: str
    samples: tuple[Sample, ...]
    choice: Choice
    saved: Saving | None
    seconds: float

    @property
    def answer(self) -> str | None:
        return None if self.choice.sample is None else self.choice.sample.answer

    @property
    def report(self) -> Report | None:
        """The report on the chosen sample."""
        return None if self.choice.sample is None else self.choice.sample.report

    @property
    def verdict(self) -> Verdict:
        return Verdict.UNKNOWN if self.report is None else self.report.verdict

    @property
    def tokens(self) -> int:
        """Tokens generated, as far as the model says; what was thrown away included."""
        return sum(sample.tokens for sample in self.samples)


def solve(
    question: str,
    model: Model,
    prover: Prover,
    limits: Limits = Limits(),
    sampling: Sampling = Sampling(),
) -> Solved:
    """Sample solutions, verify them as they are written, and choose. ``limits`` hold for each
    question to the prover.

    Raises InputError for an empty or too long question, ModelError where every sample failed,
    MissingToolError where the model's engine is not installed.
    """
    solving = Solving(question, model, prover, limits, sampling)
    for _ in solving:
        pass
    return solving.solved()


@dataclass(frozen=True, slots=True)
class Written:
    """A line that has just been written and verified, and the refuted step in it, if any."""

    sample: int
    line: Line
    refuted: StepReport | None


class Solving:
    """A question being answered: iterating yields each line as it is verified.

    Raises InputError for an empty or too long question.
    """

    def __init__(
        self, question: str, model: Model, prover: Prover, limits: Limits, sampling: Sampling
    ) -> None:
        if not question.strip():
            raise InputError("there is no question to answer: it is empty.")
        if len(question) > MAX_QUESTION:
            raise InputError(
                f"the question has {len(question):,} characters; at most {MAX_QUESTION:,} are read."
            )
        self._model = model
        self._limits = limits
        self._sampling = sampling
        self._prover = _Remembering(prover)
        self._prompt = prompts.load("solve")
        self._start = time.monotonic()
        self.question = question.strip()
        self._messages = self._prompt.messages(self.question)
        self._drafts = [_Draft(i + 1) for i in range(sampling.samples)]

    def __iter__(self) -> Iterator[Written]:
        while open_drafts := [draft for draft in self._drafts if draft.end is None]:
            requests = [self._request(draft) for draft in open_drafts]
            answers_ = _asked(self._model, requests)
            for draft, answer in zip(open_drafts, answers_, strict=True):
                written = self._take(draft, answer)
                if written is not None:
                    yield written

    def solved(self) -> Solved:
        """What came of it. Raises ModelError where every sample failed."""
        samples = tuple(draft.sample() for draft in self._drafts)
        errors = [draft.error for draft in self._drafts if draft.error is not None]
        if len(errors) == len(samples):
            raise errors[0]
        return Solved(
            self.question,
            self._model.name,
            self._prompt.hash,
            samples,
            choose(samples),
            saving(samples, self._sampling.early_stop),
            time.monotonic() - self._start,
        )

    def _request(self, draft: _Draft) -> Request:
        """What asks for the draft's next line."""
        begun = draft.given_back
        return Request(
            (*self._messages, Message("assistant", begun)) if begun else self._messages,
            temperature=self._sampling.temperature,
            seed=_seed(self._sampling.seed, draft),
            max_tokens=max(1, self._sampling.max_tokens - draft.tokens),
            stop=("\n",),
        )

    def _take(self, draft: _Draft, answer: Completions | ModelError) -> Written | None:
        """Add what a model wrote to a draft, and decide whether the draft ends."""
        draft.requests += 1
        if isinstance(answer, ModelError):
            draft.error = answer
            draft.end = "failed"
            return None
        draft.prompt_tokens += answer.prompt_tokens or 0
        completion = answer.samples[0]
        tokens = completion.tokens or 0
        draft.tokens += tokens
        text = completion.text.removeprefix(draft.given_back)
        if completion.finish == "length" or len(draft.given_back) + len(text) > MAX_SOLUTION:
            draft.end = "cut"  # half a line may say "3 + 4 = 1" of "3 + 4 = 12"
            return None
        if not text.strip():
            draft.blanks += 1
            if draft.blanks == _BLANKS:
                draft.end = "ended" if draft.lines else "empty"
            return None
        written = self._verified(draft, Line(text.strip(), tokens))
        if draft.end is None and draft.tokens >= self._sampling.max_tokens:
            draft.end = "cut"
        return written

    def _verified(self, draft: _Draft, line: Line) -> Written | None:
        lines = [*draft.lines, line]
        text = "\n".join(one.text for one in lines)
        try:
            record = record_of({"question": self.question, "solution": text})
            report = verify(record, self._prover, self._limits)
        except InputError:  # more steps than are verified
            draft.end = "cut"
            return None
        refuted = refuted_step(report)
        written = Written(draft.index, line, refuted if draft.refuted_at is None else None)
        if refuted is not None and len(draft.rejections) < self._sampling.retries:
            draft.rejections.append(Rejection(line, refuted))
            return written
        draft.lines, draft.report, draft.blanks = lines, report, 0
        if refuted is not None and draft.refuted_at is None:
            draft.refuted_at = draft.tokens
        if refuted is not None and self._sampling.early_stop:
            draft.end = "rejected"
        elif answers.extract(line.text) is not None:
            draft.end = "answered"
        elif len(lines) == self._sampling.max_steps:
            draft.end = "endless"
        return written


@dataclass(slots=True)
class _Draft:
    """A solution being written; ``end`` is None while it is open."""

    index: int
    lines: list[Line] = field(default_factory=list)
    report: Report | None = None
    rejections: list[Rejection] = field(default_factory=list)
    end: End | None = None
    error: ModelError | None = None
    blanks: int = 0
    tokens: int = 0
    prompt_tokens: int = 0
    requests: int = 0
    refuted_at: int | None = None

    @property
    def given_back(self) -> str:
        """What the model has to continue; empty before the first line."""
        text = "".join(f"{line.text}\n" for line in self.lines)
        return prompts.as_data(text) + "\n" * self.blanks

    def sample(self) -> Sample:
        return Sample(
            self.index,
            self.end or "cut",
            tuple(self.lines),
            self.report,
            tuple(self.rejections),
            "" if self.error is None else f"{self.error.reason}: {self.error}",
            self.tokens,
            self.prompt_tokens,
            self.requests,
            self.refuted_at,
        )


def _seed(seed: int, draft: _Draft) -> int:
    """A seed for each line of each sample, so that no two draw alike; 31 bits."""
    place = f"{seed}/{draft.index}/{len(draft.lines)}/{draft.blanks}/{len(draft.rejections)}"
    return int.from_bytes(hashlib.sha256(place.encode()).digest()[:4], "big") >> 1


def _asked(model: Model, requests: Sequence[Request]) -> list[Completions | ModelError]:
    """Every request's answer or what is wrong with it; one that fails takes no other along."""
    try:
        return list(model.complete_all(requests))
    except ModelError as error:
        if len(requests) == 1:
            return [_blank(model) if error.reason == "empty" else error]
    return [answer for request in requests for answer in _asked(model, [request])]


def _blank(model: Model) -> Completions:
    """A blank line, which an engine may report as an error."""
    return Completions((Completion("", "stop"),), model.name)


class _Remembering:
    """A prover that is asked each question once: every line is verified with all before it."""

    def __init__(self, prover: Prover) -> None:
        self.name = prover.name
        self._prover = prover
        self._known: dict[tuple[AnyProblem, Limits], Result] = {}

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        known = self._known.get((problem, limits))
        if known is None:
            known = self._prover.prove(problem, limits)
            if known.conclusive:  # what ran out of time may fare better again
                self._known[problem, limits] = known
        return known

    def warm(self) -> None:
        self._prover.warm()

    def close(self) -> None:
        self._prover.close()


# --- as JSON -------------------------------------------------------------------------------


def write_solved(solved: Solved) -> dict[str, Any]:
    """The output record: ``answer``, ``verdict``, why, tokens, and every sample's report."""
    saved = solved.saved
    chosen = solved.choice.sample
    return {
        "answer": solved.answer,
        "verdict": str(solved.verdict),
        "answer_verdict": None if solved.report is None else str(solved.report.answer.verdict),
        "chosen": None if chosen is None else chosen.index,
        "why": solved.choice.why,
        "agreement": round(solved.choice.agreement, 4),
        "samples": [_sample(sample) for sample in solved.samples],
        "tokens": {
            "generated": solved.tokens,
            "prompt": sum(sample.prompt_tokens for sample in solved.samples),
            "saved": None if saved is None else saved.tokens,
            "saved_share": None if saved is None else round(saved.share, 4),
            "saved_exact": None if saved is None else saved.exact,
        },
        "model": solved.model,
        "prompt": solved.prompt,
        "seconds": round(solved.seconds, 3),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    refuted = sample.refuted
    return {
        "sample": sample.index,
        "end": sample.end,
        "answer": sample.answer,
        "proved": sample.proved,
        "claiming": sample.claiming,
        "refuted_step": None if refuted is None else refuted.index,
        "rewritten": [{"line": r.line.text, "step": r.step.index} for r in sample.rejections],
        "failure": sample.failure,
        "tokens": sample.tokens,
        "prompt_tokens": sample.prompt_tokens,
        "requests": sample.requests,
        "report": None if sample.report is None else write_report(sample.report),
    }
