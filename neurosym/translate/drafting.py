"""Samples of one answer, each sent back to the model with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from neurosym.llm.base import Message, Model, Request

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Draft(Generic[Meaning]):
    """What a sample means, or else (None) a sentence on what is wrong with it."""

    meaning: Meaning | None
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Drafts(Generic[Meaning]):
    """The last draft of each sample; ``at_once`` counts those that were right from the first.

    ``rounds`` of complaints were needed or allowed; ``tokens`` counts all that was generated.
    """

    drafts: tuple[Draft[Meaning], ...]
    at_once: int
    rounds: int
    tokens: int
    model: str

    @property
    def good(self) -> list[Meaning]:
        return [draft.meaning for draft in self.drafts if draft.meaning is not None]

    @property
    def complaints(self) -> list[str]:
        """What is still wrong, each once."""
        wrong = (draft.complaint for draft in self.drafts if draft.meaning is None)
        return list(dict.fromkeys(wrong))


def draw(
    model: Model,
    request: Request,
    examine: Callable[[str], Draft[Meaning]],
    told: Callable[[str], str],
    rounds: int,
    temperature: float,
) -> Drafts[Meaning]:
    """The samples of ``request``, those that ``examine`` complains of drawn again up to ``rounds``.

    ``told`` makes the words that the model gets of a complaint. Only the last draft is shown
    with it, so that the conversation does not outgrow a small context, and it is drawn at
    ``temperature``: greedy again would often answer what was refused.

    Raises ModelError where the model does not answer.
    """
    answer = model.complete(request)
    texts = [sample.text for sample in answer.samples]
    drafts = [examine(text) for text in texts]
    at_once = sum(draft.meaning is not None for draft in drafts)
    tokens, done = answer.tokens, 0
    while done < rounds and any(draft.meaning is None for draft in drafts):
        done += 1
        wrong = [i for i, draft in enumerate(drafts) if draft.meaning is None]
        requests = [
            replace(
                request,
                messages=(
                    *request.messages,
                    Message("assistant", texts[i]),
                    Message("user", told(drafts[i].complaint)),
                ),
                n=1,
                temperature=temperature,
                seed=request.seed + 1000 * done + i,
            )
            for i in wrong
        ]
        for i, again in zip(wrong, model.complete_all(requests), strict=True):
            tokens += again.tokens
            texts[i] = again.samples[0].text
            drafts[i] = examine(texts[i])
    return Drafts(tuple(drafts), at_once, done, tokens, answer.model)
