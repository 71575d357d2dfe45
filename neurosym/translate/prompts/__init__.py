"""Prompts as plain files: an instruction, worked examples, and the question to fill in.

A file holds sections that begin with a line ``=== system``, ``=== user`` or ``=== assistant``. The
last section is the user's and has slots in braces (``{text}``); nothing else is replaced. What
fills a slot is data: it cannot open a section, since sections are split before slots are filled.
"""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import Final

from neurosym.llm.base import Message, Role

_SECTION: Final = re.compile(r"^=== (system|user|assistant)[ \t]*\n", re.MULTILINE)
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_MARK: Final = re.compile(r"<(?=[|/]?\w{1,40}[|]?>)")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file: its name, the SHA-256 of its text (64 hex digits), and its turns."""

    name: str
    hash: str
    turns: tuple[Message, ...]

    def messages(self, text: str, **slots: str) -> tuple[Message, ...]:
        """The conversation that asks about ``text``; other slots by name.

        Raises ValueError for a slot that is not given.
        """
        given = {"text": text, **slots}

        def fill(match: re.Match[str]) -> str:
            try:
                return as_data(given[match.group(1)])
            except KeyError:
                raise ValueError(f"the prompt {self.name} needs {match.group(1)!r}") from None

        last = self.turns[-1]
        return (*self.turns[:-1], Message(last.role, _SLOT.sub(fill, last.content)))


def as_data(text: str) -> str:
    """Text that stands in a prompt and commands nothing: marks of chat templates are broken up."""
    return _MARK.sub(lambda found: found.group() + " ", text)


@functools.cache
def load(name: str) -> Prompt:
    """The prompt in the file ``name``.txt of this package.

    Raises ValueError for a file that does not end with the user's turn.
    """
    text = resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    pieces = _SECTION.split(text)[1:]
    turns = tuple(
        Message(_role(role), content.strip("\n"))
        for role, content in zip(pieces[::2], pieces[1::2], strict=True)
    )
    if not turns or turns[-1].role != "user":
        raise ValueError(f"the prompt {name} does not end with the user's turn")
    return Prompt(name, hashlib.sha256(text.encode()).hexdigest(), turns)


def _role(name: str) -> Role:
    return "system" if name == "system" else "user" if name == "user" else "assistant"
