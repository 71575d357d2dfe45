"""Solutions that a model wrote, and which of them is believed: by what is proved, then by votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from neurosym.translate import answers
from neurosym.verify.base import Report, StepReport, Verdict
from neurosym.verify.vacuity import VACUOUS

End: TypeAlias = Literal["answered", "ended", "rejected", "cut", "endless", "empty", "failed"]
"""How a sample ended: it stated its answer; stopped without one; was stopped at a refuted step;
ran out of tokens; ran out of steps; held no step; or the model failed."""

_SHAKY = frozenset({VACUOUS, "unfaithful", "depends_on_refuted", "assumed"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a model wrote, and the tokens that it took (0 where the model does not say)."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was thrown away and written again, and the refuted step in it."""

    line: Line
    step: StepReport


@dataclass(frozen=True, slots=True)
class Sample:
    """One solution; ``index`` counts from 1.

    ``report`` is on ``lines``, all of them whole: a line that was cut off is not verified. It is
    None where there are none. ``tokens`` counts all that were generated, ``prompt_tokens`` all that
    were sent (much of which an engine may have kept), both as far as the model says.
    ``tokens_when_refuted``: those generated when the first refuted step was there.
    """

    index: int
    end: End
    lines: tuple[Line, ...]
    report: Report | None
    rejections: tuple[Rejection, ...] = ()
    failure: str = ""
    tokens: int = 0
    prompt_tokens: int = 0
    requests: int = 0
    tokens_when_refuted: int | None = None

    @property
    def answer(self) -> str | None:
        """What it states as its answer; a rejected sample states none."""
        if self.report is None or self.end in ("rejected", "failed"):
            return None
        return self.report.answer.value

    @property
    def refuted(self) -> StepReport | None:
        """Its first refuted step."""
        return None if self.report is None else refuted_step(self.report)

    @property
    def arrives(self) -> bool:
        """Whether its proved steps carry its answer."""
        return self.report is not None and self.report.answer.verdict is Verdict.PROVED

    @property
    def proved(self) -> int:
        """How many steps are proved without reserve."""
        return sum(map(_is_proved, self._claiming))

    @property
    def claiming(self) -> int:
        """How many steps claim something, unread ones among them."""
        return len(self._claiming)

    @property
    def share(self) -> float:
        """The share of its claiming steps that are proved without reserve; 0 without any."""
        return self.proved / self.claiming if self.claiming else 0.0

    @property
    def _claiming(self) -> list[StepReport]:
        steps = () if self.report is None else self.report.steps
        return [s for s in steps if s.verdict is not Verdict.NO_CLAIM and VACUOUS not in s.flags]


def _is_proved(step: StepReport) -> bool:
    return step.verdict is Verdict.PROVED and not _SHAKY & set(step.flags)


def refuted_step(report: Report) -> StepReport | None:
    """The first refuted step of a report."""
    return next((step for step in report.steps if step.verdict is Verdict.REFUTED), None)


# --- choosing ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """The sample whose answer is believed, if any; ``why`` is a sentence.

    ``agreement``: the share of the samples with an answer that have this one.
    """

    sample: Sample | None
    why: str
    agreement: float = 0.0


def choose(samples: Sequence[Sample]) -> Choice:
    """The best sample of the answer that most is proved for.

    Answers are compared by: in how many samples the proved steps carry it; the sum of the samples'
    shares of proved steps; votes. Samples with a refuted step count only where all have one.
    """
    stating = [sample for sample in samples if sample.answer is not None]
    sound = [sample for sample in stating if sample.refuted is None]
    groups = grouped(sound or stating)
    if not groups:
        return Choice(None, _why_none(samples))
    group = max(groups, key=_weight)  # the first of equals
    best = max(group, key=_merit)
    same = [s for s in stating if s in group or _same(s, best)]
    carried = sum(sample.arrives for sample in group)
    why = (
        f"{len(same)} of {len(samples)} samples answer {best.answer}; "
        f"in {carried} of them the proved steps arrive at it"
    )
    if not sound:
        why += "; every sample has a refuted step"
    return Choice(best, why, len(same) / len(stating))


def vote(samples: Sequence[Sample]) -> Sample | None:
    """The first sample of the most frequent answer, whatever is proved: the plain majority."""
    groups = grouped([sample for sample in samples if sample.answer is not None])
    return max(groups, key=len)[0] if groups else None


def grouped(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Samples by their answers, in order; answers are compared by value where they are numbers."""
    groups: list[list[Sample]] = []
    for sample in samples:
        group = next((g for g in groups if _same(g[0], sample)), None)
        if group is None:
            groups.append([sample])
        else:
            group.append(sample)
    return groups


def _same(a: Sample, b: Sample) -> bool:
    return bool(answers.equivalent(a.answer or "", b.answer or ""))


def _weight(group: Sequence[Sample]) -> tuple[int, float, int]:
    return sum(s.arrives for s in group), sum(s.share for s in group), len(group)


def _merit(sample: Sample) -> tuple[bool, bool, float, int]:
    whole = sample.report is not None and sample.report.verdict is Verdict.PROVED
    return whole, sample.arrives, sample.share, sample.proved


def _why_none(samples: Sequence[Sample]) -> str:
    rejected = sum(sample.end == "rejected" for sample in samples)
    if rejected == len(samples):
        return "every sample was stopped at a refuted step"
    more = f"; {rejected} of {len(samples)} were stopped at a refuted step" if rejected else ""
    return f"no sample states an answer{more}"


# --- tokens --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saving:
    """Tokens that stopping at a refuted step saves, and their share of what would be generated.

    ``exact`` where the samples went on to their ends, so that what comes after a refuted step is
    known: it was generated, and would not have been. Otherwise a stopped sample is taken to have
    become as long as the finished ones are on average.
    """

    tokens: int
    share: float
    exact: bool


def saving(samples: Sequence[Sample], early_stop: bool) -> Saving | None:
    """What stopping early saves; None where no sample was finished that others could be compared
    with, or the model does not count tokens.
    """
    spent = sum(sample.tokens for sample in samples)
    if not early_stop:
        marks = [(s.tokens, s.tokens_when_refuted) for s in samples]
        tokens = sum(total - mark for total, mark in marks if mark is not None)
        return Saving(tokens, tokens / spent, True) if spent else None
    whole = [s.tokens for s in samples if s.end in ("answered", "ended")]
    if not whole or not spent:
        return None
    mean = sum(whole) / len(whole)
    tokens = round(sum(max(0.0, mean - s.tokens) for s in samples if s.end == "rejected"))
    return Saving(tokens, tokens / (spent + tokens), False)
