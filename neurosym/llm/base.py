"""What a language model is asked and what it answers; nothing here knows an engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Role: TypeAlias = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """What ``complete`` takes.

    ``grammar`` is GBNF with the start symbol ``root`` (llama.cpp's, xgrammar's and vLLM's common
    form); None leaves the text free. ``n`` samples are drawn at ``temperature`` (0 is greedy)
    from ``seed``; each ends by itself, at a ``stop`` text (which is not part of it), or after
    ``max_tokens`` tokens. Where the last message is the assistant's, it is continued.
    """

    messages: tuple[Message, ...]
    grammar: str | None = None
    n: int = 1
    temperature: float = 0.0
    seed: int = 0
    max_tokens: int = 512
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.messages:
            raise ValueError("a request needs a message")
        if self.n < 1 or self.max_tokens < 1 or self.temperature < 0:
            raise ValueError("n and max_tokens are at least 1, temperature at least 0")

    @property
    def key(self) -> str:
        """SHA-256 of all that decides the answer but the model itself; 64 hex digits."""
        content = [
            [[m.role, m.content] for m in self.messages],
            self.grammar,
            self.n,
            float(self.temperature),
            self.seed,
            self.max_tokens,
            list(self.stop),
        ]
        text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Completion:
    """One sample. ``finish`` is ``length`` where ``max_tokens`` cut it off.

    ``tokens`` counts those of the sample and ``logprob`` is the sum of their natural
    log-probabilities, each None where the engine does not say.
    """

    text: str
    finish: Literal["stop", "length"]
    tokens: int | None = None
    logprob: float | None = None


@dataclass(frozen=True, slots=True)
class Completions:
    """The answer to one request: its ``n`` samples, tokens of the prompt, wall-clock seconds."""

    samples: tuple[Completion, ...]
    model: str
    prompt_tokens: int | None = None
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens generated, as far as they are known."""
        return sum(sample.tokens or 0 for sample in self.samples)


def is_empty(request: Request, samples: Sequence[Completion]) -> bool:
    """Whether nothing was generated; to meet a stop text at once is an answer."""
    ended = bool(request.stop) and all(sample.finish == "stop" for sample in samples)
    return not ended and not any(sample.text for sample in samples)


class Model(Protocol):
    """A language model; thread-safe; blocks until it has answered or failed.

    Every failure is a ``ModelError`` whose ``reason`` names it. ``name`` is what reports show:
    engine and model, never a key or a URL's password.
    """

    name: str

    def complete(self, request: Request) -> Completions:
        """The completions of one request.

        Raises ModelError (see its ``reason``), or MissingToolError where the engine is not
        installed.
        """
        ...

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """Many requests at once, as the engine does it best; answers in the requests' order.

        Raises what ``complete`` raises, for the first request that fails.
        """
        ...

    def close(self) -> None:
        """Let go of memory, connections and processes; the model is not used afterwards."""
        ...
