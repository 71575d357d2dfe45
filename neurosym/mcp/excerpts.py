"""Answers cut to a size that an agent can read, and every cut said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

ROOM = 40_000
"""About how many characters of JSON one answer has."""
_TEXT = 4_000
_ITEMS = 60
_CUTS = 30
_SAID = ("index", "text", "verdict", "reason", "flags", "depends_on", "messages")
_DETAILS = ("formal", "evidence", "certificate", "claims", "disagreements", "follows_assuming")
_SETTLED = frozenset({"proved", "no_claim"})


class Excerpt:
    """Makes one answer, and keeps count of what is in it and of what is not."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._cut: list[str] = []

    @property
    def cut(self) -> list[str]:
        """What was left out or shortened, the first of it by name."""
        rest = len(self._cut) - _CUTS
        return [*self._cut[:_CUTS], f"and {rest:,} more cuts"] if rest > 0 else self._cut

    def value(self, value: Any, where: str) -> Any:
        """A value with its long texts and lists shortened, all of it if there is no room."""
        shortened = self._shortened(value, where)
        if self._take(shortened):
            return shortened
        self._cut.append(f"{where}: left out, it is too long")
        return None

    def rows(self, rows: Sequence[Any], where: str) -> list[Any]:
        """As many of the first rows, each shortened, as there is room for."""
        kept: list[Any] = []
        for i, row in enumerate(rows):
            shortened = self._shortened(row, f"{where}[{i}]")
            if not self._take(shortened):
                self._cut.append(f"{where}: {len(kept):,} of {len(rows):,} are shown")
                break
            kept.append(shortened)
        return kept

    def steps(self, steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The steps in order. Where room is short, those that are not proved come first, and half
        of the room is for them and why they are not.
        """
        order = sorted(range(len(steps)), key=lambda i: (steps[i]["verdict"] in _SETTLED, i))
        shown: dict[int, dict[str, Any]] = {}
        half = self.room // 2
        for i in order:
            row = self._shortened({key: steps[i][key] for key in _SAID}, f"step {i + 1}")
            if not self._take(row):
                self._cut.append(f"steps: {len(shown):,} of {len(steps):,} are shown")
                break
            shown[i] = {**row, "formal": None, "evidence": None}
            if steps[i]["verdict"] not in _SETTLED and self.room > half:
                self._explain(shown[i], steps[i])
        left = [i for i in order if i in shown and shown[i]["formal"] is None]
        without = sum(not self._explain(shown[i], steps[i]) for i in left)
        if without:
            self._cut.append(f"steps: {without:,} are shown without formal statement and evidence")
        return [shown[i] for i in sorted(shown)]

    def _explain(self, row: dict[str, Any], step: Mapping[str, Any]) -> bool:
        """Add to a step's row what its verdict rests on; False where there is no room for it."""
        found = {key: step[key] for key in _DETAILS if step.get(key)}
        if found.get("certificate", {}).get("kind") == "none":
            del found["certificate"]  # that there is none is not worth a word
        details = self._shortened(found, f"step {step['index']}")
        if not self._take(details):
            return False
        row |= details
        return True

    def _take(self, value: Any) -> bool:
        """Whether there is room for the value, which it has from now on."""
        size = len(json.dumps(value, ensure_ascii=False))
        if size > self.room:
            return False
        self.room -= size
        return True

    def _shortened(self, value: Any, where: str) -> Any:
        match value:
            case str() if len(value) > _TEXT:
                self._cut.append(f"{where}: {_TEXT:,} of {len(value):,} characters are shown")
                return f"{value[: _TEXT - 1]}…"
            case list() | tuple():
                if len(value) > _ITEMS:
                    self._cut.append(f"{where}: {_ITEMS:,} of {len(value):,} items are shown")
                return [
                    self._shortened(item, f"{where}[{i}]") for i, item in enumerate(value[:_ITEMS])
                ]
            case dict():
                return {key: self._shortened(item, f"{where}.{key}") for key, item in value.items()}
            case _:
                return value
