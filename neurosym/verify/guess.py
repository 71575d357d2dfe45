"""What a model thinks of a step that no prover decided: a guess, marked as one, never a verdict.

Logic-LM (Pan et al. 2023) falls back on the language model's own answer where its solver has none.
Here that answer stands beside the verdict and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from neurosym.llm.base import Message, Model, Request

MAX_CHARACTERS: Final = 8_000
OPTIONS: Final = {"A": "true", "B": "false", "C": "unknown"}
_SYSTEM: Final = (
    "Answer the question about the text from the text alone, with the letter of the right option."
)


@dataclass(frozen=True, slots=True)
class Guess:
    """The option that a model chose, or "" where it chose none.

    ``logprob`` is the natural log-probability of its letter, None where the engine does not say.
    ``seconds`` are the model's own.
    """

    answer: str
    logprob: float | None
    model: str
    seconds: float


def guess_step(model: Model, given: Sequence[str], step: str) -> Guess:
    """Whether ``model`` holds a step true, false or unknown, from the sentences given.

    Raises ModelError where it does not answer.
    """
    question = (
        "Based on the above information, is the following statement true, false, or unknown? "
    )
    options = [f"{letter}) {meaning.capitalize()}" for letter, meaning in OPTIONS.items()]
    chosen = choose(model, " ".join(given), question + step, options)
    return Guess(OPTIONS.get(chosen.answer, ""), chosen.logprob, chosen.model, chosen.seconds)


def choose(model: Model, text: str, question: str, options: Sequence[str]) -> Guess:
    """The first letter of the option that ``model`` chooses, greedily.

    Of the text, the last ``MAX_CHARACTERS`` characters are shown.

    Raises ModelError where it does not answer.
    """
    asked = f"{text[-MAX_CHARACTERS:]}\n\n{question[:MAX_CHARACTERS]}\n" + "\n".join(options)
    letters = " | ".join(f'"{option[0]}"' for option in options)
    messages = (Message("system", _SYSTEM), Message("user", asked))
    request = Request(messages, grammar=f"root ::= {letters}\n", max_tokens=4)
    answer = model.complete(request)
    sample = answer.samples[0]
    said = sample.text.strip()
    known = said if said in {option[0] for option in options} else ""
    return Guess(known, sample.logprob, answer.model, answer.seconds)
