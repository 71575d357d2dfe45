"""Which ids were met before, for millions of them in little memory."""

from __future__ import annotations

import hashlib
from array import array

_MOST = 2**32 - 1
_FEWEST = 1024  # a power of two, as every size of the table


class Seen:
    """The ids met so far, and the line of each: two arrays, 24 to 48 bytes an id.

    An id is kept as 64 bits of its hash: among a million ids, two that differ are taken for one
    with a chance of one in thirty million.
    """

    def __init__(self) -> None:
        self._slots = array("Q", [0]) * _FEWEST
        self._lines = array("I", [0]) * _FEWEST
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, id: str, line: int) -> int | None:
        """Keep an id; where it was met before, the line of the first time."""
        key = int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8).digest()) or 1
        slot = self._find(key)
        if self._slots[slot]:
            return self._lines[slot]
        self._slots[slot] = key
        self._lines[slot] = min(line, _MOST)
        self._count += 1
        if 2 * self._count > len(self._slots):
            self._grow()
        return None

    def _find(self, key: int) -> int:
        mask = len(self._slots) - 1
        slot = key & mask
        while self._slots[slot] not in (0, key):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        slots, lines = self._slots, self._lines
        self._slots = array("Q", [0]) * (2 * len(slots))
        self._lines = array("I", [0]) * (2 * len(slots))
        for key, line in zip(slots, lines, strict=True):
            if key:
                slot = self._find(key)
                self._slots[slot], self._lines[slot] = key, line
