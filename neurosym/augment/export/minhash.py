"""Texts that are nearly the same, by MinHash and locality-sensitive hashing.

The signature of a text holds, for each of some permutations, the least hash among its shingles;
two texts agree in one place with the probability that is the Jaccard similarity of their
shingles. Signatures are cut into bands, and texts that agree in all of one band are compared.

Sources: Broder, "On the resemblance and containment of documents", SEQUENCES 1997; Leskovec,
Rajaraman and Ullman, "Mining of Massive Datasets", section 3.4 (bands).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from provers.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PRIME: Final = (1 << 31) - 1  # Mersenne: products of two hashes fit 64 bits
_PERMUTATIONS: Final = 128
_SHINGLES: Final = 50_000  # of a text; the rest of a very long one is not looked at
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Words, numbers and signs, in small letters."""
    return _TOKEN.findall(text.casefold())


def shingles(text: str, size: int = 3) -> frozenset[str]:
    """All runs of ``size`` tokens; of a shorter text the whole."""
    found = tokens(text)
    runs = range(min(max(1, len(found) - size + 1), _SHINGLES))
    return frozenset("\0".join(found[at : at + size]) for at in runs)


class MinHash:
    """Finds among the texts that it was given those that are nearly the same.

    ``threshold`` is the Jaccard similarity from which two texts are: what the bands find is
    compared exactly, so nothing below it is found; a pair at the threshold is missed with a chance
    below one in a hundred, and more similar ones more seldom.
    """

    def __init__(self, threshold: float = 0.8, *, size: int = 3, seed: int = 0) -> None:
        """Raises InputError for a threshold that is not between 0.3 and 1, or no shingles."""
        import numpy as np

        if not 0.3 <= threshold <= 1:
            raise InputError(f"the threshold {threshold} is not between 0.3 and 1.")
        if size < 1:
            raise InputError(f"a shingle of {size} tokens is none.")
        random = np.random.default_rng(seed)
        self.threshold = threshold
        self._size = size
        self._rows = _rows(threshold)
        self._by = random.integers(1, _PRIME, (_PERMUTATIONS, 1), dtype=np.uint64)
        self._plus = random.integers(0, _PRIME, (_PERMUTATIONS, 1), dtype=np.uint64)
        self._bands: list[dict[bytes, list[int]]] = [{} for _ in range(_PERMUTATIONS // self._rows)]
        self._kept: list[tuple[str, frozenset[str]]] = []

    def signature(self, text: str) -> NDArray[np.uint64]:
        """The least hash under each permutation; shape (128,)."""
        return self._signature(shingles(text, self._size))

    def find(self, text: str) -> Iterator[str]:
        """The names of the texts kept that are nearly the same, in their order."""
        runs = shingles(text, self._size)
        places: set[int] = set()
        for band, key in zip(self._bands, self._keys(runs), strict=True):
            places.update(band.get(key, ()))
        for place in sorted(places):
            name, other = self._kept[place]
            if len(runs & other) >= self.threshold * len(runs | other):
                yield name

    def keep(self, name: str, text: str) -> None:
        """Have later texts compared with this one."""
        runs = shingles(text, self._size)
        for band, key in zip(self._bands, self._keys(runs), strict=True):
            band.setdefault(key, []).append(len(self._kept))
        self._kept.append((name, runs))

    def _keys(self, runs: frozenset[str]) -> Iterator[bytes]:
        signature = self._signature(runs)
        for at in range(0, len(self._bands) * self._rows, self._rows):
            yield signature[at : at + self._rows].tobytes()

    def _signature(self, runs: frozenset[str]) -> NDArray[np.uint64]:
        import numpy as np

        least = np.full(_PERMUTATIONS, _PRIME, dtype=np.uint64)
        hashes = np.fromiter((_hash(one) for one in runs), dtype=np.uint64, count=len(runs))
        for part in range(0, len(hashes), 1000):  # so that a long text takes little memory
            permuted = (self._by * hashes[part : part + 1000] + self._plus) % np.uint64(_PRIME)
            np.minimum(least, permuted.min(axis=1), out=least)
        return least


def _hash(text: str) -> int:
    """The same on every machine, unlike Python's own."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % _PRIME


def _rows(threshold: float) -> int:
    """The most rows in a band with which a pair at the threshold is missed less than 1 in 100."""
    fitting = (
        rows
        for rows in range(_PERMUTATIONS, 1, -1)
        if (1 - threshold**rows) ** (_PERMUTATIONS // rows) < 0.01
    )
    return next(fitting, 1)
