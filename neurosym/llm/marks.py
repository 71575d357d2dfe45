"""Control tokens written out inside a message, made harmless.

A chat template puts marks such as ``<|im_end|>`` around what is said, and engines read a mark as
the control token wherever it stands: a text that quotes one could end its own message and speak as
the system. What is said is data, so every mark in it is broken by a space before the template
sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from neurosym.llm.base import Message

# Marks of this form are control tokens in most models, whether or not a tokenizer lists them.
_USUAL = r"<[|｜][^\s<>|｜]{1,64}[|｜]>"
_SHORTEST = 3


class Marks:
    """The marks of one model: those of the usual form, and ``others`` (exact texts).

    Others that are shorter than three characters or hold white space are left alone: a text could
    hardly be written without them, and no chat template builds on them.
    """

    def __init__(self, others: Iterable[str] = ()) -> None:
        usable = {m for m in others if len(m) >= _SHORTEST and not re.search(r"\s", m)}
        exact = sorted(usable, key=lambda mark: (-len(mark), mark))
        self._pattern = re.compile("|".join([*map(re.escape, exact), _USUAL]))

    def broken(self, text: str) -> str:
        """The text with a space behind the first character of every mark in it.

        A space in a mark also breaks what overlaps it, and makes no new one, so this ends.
        """
        while self._pattern.search(text):
            text = self._pattern.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
        return text

    def said(self, messages: Iterable[Message]) -> list[dict[str, str]]:
        """The messages as chat templates take them, with every mark in their contents broken."""
        return [{"role": m.role, "content": self.broken(m.content)} for m in messages]
