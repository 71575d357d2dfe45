"""What every way of asking Lean has in common: a request, a reply, and how one can stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from provers.base import Limits

Header: TypeAlias = tuple[str, ...]
"""The modules that a file imports, in order."""

INIT: Header = ("Init",)

MOST_MESSAGES = 200
"""How many messages of a text a server passes on; `maxMessages` in lean/NeuroSym/Elaborate.lean."""

# What core Lean's axioms are: a proof may rest on these and on no others.
ALLOWED_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})

Stop: TypeAlias = Literal["", "timeout", "memory", "stack", "crash", "header", "cancelled"]
"""Why there is no answer: out of time, memory or stack, a crash, an import that failed, or nobody
waits for it any more."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Lean's answer to one request, or why there is none.

    ``body`` is the answer's object where ``stopped`` is empty, and None otherwise;
    ``seconds`` is what the request took inside Lean where it answered, else in all;
    ``detail`` are the last words of what stopped it.
    """

    body: dict[str, Any] | None
    seconds: float
    stopped: Stop = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LeanVersion:
    """Which Lean answered: its version and kind of toolchain (``native`` or ``embedded``)."""

    version: str
    toolchain: str


class Checker(Protocol):
    """Something that passes requests to a Lean server; thread-safe; blocks until answered.

    A request has an ``op`` (``check`` or ``judge``) and that operation's fields, as
    ``lean/NeuroSym/Server.lean`` reads them. What a request does never reaches another.
    """

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        """Ask a server that imported ``header``; raises MissingToolError or BrokenToolError."""
        ...

    def version(self) -> LeanVersion:
        """Which Lean answers; starts nothing that is not started yet."""
        ...

    def warm(self, header: Header = INIT) -> None:
        """Start a server for the header in the background."""
        ...

    def close(self) -> None:
        """Stop what was started; the checker may be used again afterwards."""
        ...
