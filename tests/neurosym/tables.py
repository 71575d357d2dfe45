"""A model that answers by what is asked, for tests of what stands around a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from neurosym.llm.base import Completion, Completions, Request
from provers.errors import ModelError


@dataclass
class Table:
    """Answers the last sentence asked about with its texts in turn, the last one again and again.

    ``logic`` maps a sentence to formulas, ``english`` to plain sentences, ``words`` a word to the
    word that it is said to be closest to, and the same as. What is in no table gets a text that
    nobody can use.
    """

    logic: dict[str, list[str]] = field(default_factory=dict)
    english: dict[str, list[str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    name: str = "table"
    asked: list[Request] = field(default_factory=list)
    failing: Callable[[Request], ModelError | None] | None = None
    _given: dict[tuple[str, str], int] = field(default_factory=dict)

    def complete(self, request: Request) -> Completions:
        self.asked.append(request)
        error = self.failing(request) if self.failing is not None else None
        if error is not None:
            raise error
        system = request.messages[0].content
        # With complaints behind it, the question is the last that asks about something.
        asking = next(
            (m for m in reversed(request.messages) if m.role == "user" and _asks(m.content)),
            request.messages[-1],
        )
        if "closest" in system:
            word = asking.content.partition("Word: ")[2]
            return self._answer(self.words.get(word, "nothing"))
        if "mean the same" in system:
            one, _, other = request.messages[-1].content.partition(" / ")
            return self._answer("yes" if self.words.get(one) == other else "no")
        sentence = asking.content.removeprefix("Sentence: ")
        kind, table = ("logic", self.logic) if "logic" in system else ("english", self.english)
        texts = table.get(sentence, ["(unusable"])
        at = self._given.get((kind, sentence), 0)
        self._given[kind, sentence] = at + 1
        return self._answer(texts[min(at, len(texts) - 1)])

    def _answer(self, text: str) -> Completions:
        return Completions((Completion(text, "stop", 7, -0.1),), self.name, 11, 0.01)

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        pass


def _asks(text: str) -> bool:
    return text.startswith(("Sentence: ", "List: "))
