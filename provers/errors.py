"""The one exception tree: bad input, a missing tool, a broken tool.

An outcome of proving is a value (``provers.base.Outcome``), never an exception.
"""

from __future__ import annotations

from typing import Literal, TypeAlias


class NeurosymError(Exception):
    """Everything this project raises on purpose. ``str()`` is one sentence for a user."""


class InputError(NeurosymError):
    """The input is wrong; the sentence says what, where and what to do. Exit status 2."""


class ParseError(InputError):
    """Formal text that does not parse.

    ``line`` and ``column`` count from 1; ``expected`` names what could have stood there;
    ``text`` is the offending piece (at most 40 characters).
    """

    def __init__(
        self,
        message: str,
        *,
        line: int = 1,
        column: int = 1,
        expected: tuple[str, ...] = (),
        text: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.expected = expected
        self.text = text[:40]

    def __str__(self) -> str:
        found = f" at {self.text!r}" if self.text else ""
        wanted = f"; expected {', '.join(self.expected)}" if self.expected else ""
        return f"{self.message}{found} (line {self.line}, column {self.column}){wanted}"


class SortError(InputError):
    """A formula that parses but whose sorts do not fit together."""


class UnknownProverError(InputError):
    """A prover name that the registry does not hold."""


class MissingToolError(NeurosymError):
    """A tool that is needed is not installed; the sentence says how to get it. Exit status 3."""


class BrokenToolError(NeurosymError):
    """A tool is there but crashed or answered nonsense; ``stderr`` holds its last words."""

    def __init__(self, message: str, *, stderr: str = "") -> None:
        super().__init__(message)
        self.stderr = stderr[-2000:]


ModelFailure: TypeAlias = Literal[
    "unreachable",
    "timeout",
    "rate_limited",
    "refused",
    "server_error",
    "malformed",
    "truncated",
    "empty",
    "too_long",
    "unsupported",
    "not_recorded",
    "broken",
]


class ModelError(BrokenToolError):
    """A language model did not answer; ``reason`` names how.

    ``unreachable``: no server, or the connection broke. ``timeout``: no answer in time.
    ``rate_limited``: told to slow down (HTTP 429) until retries ran out. ``refused``: the request
    or key was not accepted (other 4xx). ``server_error``: 5xx until retries ran out.
    ``malformed``: the answer is not what the protocol says, or is larger than allowed.
    ``truncated``: the answer broke off in the middle. ``empty``: nothing was generated.
    ``too_long``: the prompt exceeds the context. ``unsupported``: the engine cannot do what was
    asked (a grammar, say). ``not_recorded``: a recording has no answer to this request.
    ``broken``: the engine or the model's files do not work.
    """

    def __init__(self, message: str, *, reason: ModelFailure, stderr: str = "") -> None:
        super().__init__(message, stderr=stderr)
        self.reason: ModelFailure = reason
