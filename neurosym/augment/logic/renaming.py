"""A sentence and its formula with other words: what follows from what does not depend on them."""

from __future__ import annotations

import hashlib
import random
import re
from typing import Final

from neurosym.augment.logic.words import POOLS, plural

_PART: Final = re.compile(r"[^\W\d_]+")


def renamed(text: str, formula: str, most: int) -> list[tuple[str, str]]:
    """Up to ``most`` pairs that differ from the given one in names, kinds and qualities alone.

    The first line of the text is the sentence. A word of the formula is replaced, everywhere, by a
    free one of its sort if the sentence has it as it is; one that is said in other words there
    stays. The same pair always gives the same ones.
    """
    sentence, _, _ = text.partition("\n")
    spoken = set(_PART.findall(sentence.lower()))
    named = set(_PART.findall(formula.lower()))
    taken = named | set(_PART.findall(text.lower()))
    pools = {
        word: pool
        for word in sorted(named)
        for pool in POOLS
        if word in pool and not spoken.isdisjoint((word, plural(word)))
    }
    digest = hashlib.sha256(f"{text}\0{formula}".encode()).digest()
    rng = random.Random(digest)
    found: dict[tuple[str, str], None] = {}
    for _ in range(most if pools else 0):
        other: dict[str, str] = {}
        for word, pool in pools.items():
            free = [
                one
                for one in pool
                if one not in taken
                and one not in other.values()
                and (one[0] in "aeiou") == (word[0] in "aeiou")  # "a" and "an" stay right
            ]
            if free:
                other[word] = rng.choice(free)
        forms = other | {plural(word): plural(one) for word, one in other.items()}
        pair = (_put(text, forms), _put(formula, forms))
        if pair != (text, formula):
            found[pair] = None
    return list(found)


def _put(text: str, forms: dict[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        word = match.group()
        put = forms.get(word.lower())
        if put is None:
            return word
        return put.capitalize() if word[0].isupper() else put

    return _PART.sub(one, text)
