"""The words of made theories: ordinary ones, and nouns that no text has used before.

Invented nouns keep what a model knows of the world out of its answers (Saparov and He, "Language
Models Are Greedy Reasoners", ICLR 2023, whose wumpuses are among them).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final

from neurosym.translate.english import lexicon
from provers.logic.syntax import Apply


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# From "u" on, NLTK's notation takes names for variables.
_NAMES: Final = _listed(
    "anne bob charlie dave erin fiona gary harry max rex sally stella polly alex sam nadia omar "
    "lena hugo ines karl mira otto"
)
_ANIMALS: Final = _listed(
    "bear cat cow dog lion mouse rabbit squirrel tiger horse goat hen fox crow owl camel"
)
_NOUNS: Final = _listed(
    "painter doctor teacher farmer sailor poet lawyer baker singer dancer pilot student gardener "
    "nurse actor musician chemist tailor plumber potter writer hunter"
)
_WUMPUSES: Final = _listed(
    "wumpus yumpus zumpus dumpus rompus numpus tumpus vumpus impus jompus gorpus shumpus lempus "
    "sterpus grimpus lorpus brimpus"
)
_ADJECTIVES: Final = _listed(
    "red blue green kind nice quiet rough round smart white young furry cold brave calm clever "
    "gentle happy shy sour loud proud lazy busy polite honest jolly grumpy sleepy hungry shiny "
    "sweet bitter wooden metallic floral earthy opaque transparent orange brown cheerful dull "
    "angry nervous curious careful generous selfish stubborn sticky wealthy"
)
POOLS: Final = (_NAMES, _ANIMALS, _NOUNS, _WUMPUSES, _ADJECTIVES)
"""Words that can stand for each other in a sentence, but for verbs, which are inflected."""
_VERBS: Final = _listed(
    "chase like eat see visit help follow admire trust teach thank greet push defend"
)
_MORE_VERBS: Final = _listed("talk_to listen_to write_to travel_with dance_with live_with")
_SYLLABLES: Final = (
    _listed("b bl br c cl cr d dr f fl g gl gr h j k l m n p pl pr r s sn t tr v z"),
    _listed("a e i o u"),
    _listed("b d g l lb lt m mb n nd nt p r rd rk rp t x"),
    _listed("et in on ock ub ig an or el op"),
)


class Words:
    """Words for one theory, none given twice; ``taken`` are names that are in use already.

    With ``invented``, nouns are invented ones. Where adjectives, nouns or names run out, invented
    words follow.
    """

    def __init__(self, rng: random.Random, *, invented: bool, taken: Iterable[str] = ()) -> None:
        self._rng = rng
        self._invented = invented
        self._taken: set[str] = set()
        for word in taken:
            self._take(word)

    def adjective(self) -> str:
        """The name of a predicate that is said with "is": "red"; a noun when none is left."""
        return self._one(_ADJECTIVES) or self.noun()

    def noun(self) -> str:
        """The name of a kind: "wumpus", "painter"."""
        pool = _NOUNS
        if self._invented:
            pool = _WUMPUSES if self._rng.random() < 0.5 else ()
        return self._one(pool) or self._new()

    def verb(self) -> str:
        """The name of a relation: "chase", "talk_to"; empty where none is left."""
        return self._one(_VERBS) or self._one(_MORE_VERBS)

    def individual(self, *, animal: bool = False) -> Apply:
        """A name, or "the bear"."""
        animals = tuple(f"the_{name}" for name in _ANIMALS)
        return Apply(self._one(animals if animal else _NAMES) or self._new())

    def _one(self, pool: tuple[str, ...]) -> str:
        """A word of the pool that is free; empty where none is."""
        free = [word for word in pool if word not in self._taken]
        if not free:
            return ""
        word = self._rng.choice(free)
        self._take(word)
        return word

    def _new(self) -> str:
        while True:
            word = "".join(map(self._rng.choice, _SYLLABLES))
            if word not in self._taken and _is_free(word):
                self._take(word)
                return word

    def _take(self, word: str) -> None:
        # "The bear" and a kind named "bear" would be one word for two things.
        self._taken |= {word, word.removeprefix("the_"), f"the_{word}"}


def _is_free(word: str) -> bool:
    """Whether the reader takes the word for a noun in the singular and for nothing else."""
    return (
        lexicon.is_singular(word)
        and lexicon.singular(plural(word)) == word
        and not lexicon.is_adjective(word)
        and word not in lexicon.verbs()
        and word not in lexicon.FUNCTION
    )


def plural(noun: str) -> str:
    """The regular plural of a noun: "wumpuses", "bodies"."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + "s"
