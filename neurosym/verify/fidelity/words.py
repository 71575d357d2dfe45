"""Words of a text, parts of a name, and which of them mean the same."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from neurosym.translate.english import lexicon

_TOKEN: Final = re.compile(
    r"(?<![\d\w])\.\d++|\d++(?:,\d{3})*+(?:\.\d++)?+(?:(?:st|nd|rd|th)(?![^\W\d_]))?"
    r"|[^\W\d_]++(?:'[^\W\d_]++)?+|[^\w\s]"
)
_PART: Final = re.compile(
    r"\d++(?:[.,]\d++)*+(?:(?:st|nd|rd|th)(?![^\W\d_A-Z]))?"
    r"|(?<![A-Za-z])[a-z][A-Z]+(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+"
)


def word_list(text: str) -> tuple[str, ...]:
    """The words of a list that is written as running text."""
    return tuple(text.split())


# Words that a name may carry, or do without, whatever the text says.
LIGHT: Final = frozenset(
    word_list(
        "a an the of to in on at by for with from as into and or is are be been was were am has "
        "have had do does did can could will would may might must shall should than that this "
        "these those it its they them their he she his her who which what such there any some "
        "all every each both so if then else very really just also too one ones someone "
        "something anyone everyone other person people human thing things individual object "
        "entity year yr num number value amount named called located locate situated s t y x mo "
        "no not non never none neither nor without"
    )
)
_IRREGULAR: Final = {
    "ran": "run", "ate": "eat", "saw": "see", "went": "go", "gone": "go", "came": "come",
    "gave": "give", "took": "take", "made": "make", "knew": "know", "thought": "think",
    "bought": "buy", "brought": "bring", "caught": "catch", "taught": "teach", "fought": "fight",
    "sought": "seek", "told": "tell", "sold": "sell", "held": "hold", "felt": "feel",
    "kept": "keep", "left": "leave", "lost": "lose", "paid": "pay", "said": "say", "sat": "sit",
    "slept": "sleep", "spoke": "speak", "stood": "stand", "stole": "steal", "sang": "sing",
    "sung": "sing", "swam": "swim", "drank": "drink", "drove": "drive",
    "rode": "ride", "rose": "rise", "risen": "rise", "wrote": "write", "wore": "wear",
    "won": "win", "woke": "wake", "threw": "throw", "thrown": "throw", "grew": "grow",
    "flew": "fly", "flown": "fly", "flight": "fly", "flies": "fly", "drew": "draw",
    "drawn": "draw", "broke": "break", "broken": "break", "chose": "choose", "choice": "choose",
    "began": "begin", "begun": "begin", "became": "become", "forgot": "forget", "got": "get",
    "hid": "hide", "sent": "send", "spent": "spend", "fell": "fall", "fled": "flee",
    "shot": "shoot", "born": "birth", "dying": "die", "dead": "die", "death": "die",
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "spanish": "spain",
    "french": "france", "lain": "lie", "lay": "lay", "laid": "lay",
    "swept": "sweep", "found": "find", "founded": "found", "struck": "strike",
}  # fmt: skip
_SUFFIXES: Final = (
    "ational", "ization", "isation", "fulness", "ousness", "iveness", "ically", "ation", "ition",
    "ments", "ment", "ness", "ance", "ence", "ible", "able", "ship", "hood", "ings", "ists", "ist",
    "isms", "ism", "ity", "ing", "ion", "ors", "ers", "ies", "ied", "ier", "est", "ous", "ive",
    "ful", "ish", "ian", "ese", "ant", "ent", "ate", "ize", "ise", "ify", "age", "ual",
    "or", "er", "ed", "es", "ly", "al", "ic", "an", "y", "e", "s",
)  # fmt: skip
NEGATIVE_PREFIXES: Final = ("non", "un", "in", "im", "ir", "il", "dis")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or mark of the text; ``low`` is in lower case and without accents."""

    text: str
    low: str
    at: int

    @property
    def is_word(self) -> bool:
        return self.low[0].isalnum() or self.low[-1].isdigit()


def plain(text: str) -> str:
    """Without accents and typographic quotes."""
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("ł", "l").replace("Ł", "L")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def read_words(text: str) -> tuple[Word, ...]:
    """The words, numbers and punctuation of ``text``; "doesn't" gives "does" and "not"."""
    found: list[Word] = []

    def add(piece: str) -> None:
        found.append(Word(piece, piece.lower(), len(found)))

    for match in _TOKEN.finditer(plain(text)):
        piece = match.group()
        low = piece.lower()
        if low.endswith("n't"):
            add({"ca": "can", "wo": "will", "sha": "shall"}.get(low[:-3], piece[:-3]))
            add("not")
        elif low == "cannot":
            add("can")
            add("not")
        elif "'" in low[1:]:
            head, _, tail = piece.partition("'")
            add(head)
            if tail.lower() in ("re", "ve", "ll", "m", "d"):
                add(
                    {"re": "are", "ve": "have", "ll": "will", "m": "am", "d": "would"}[tail.lower()]
                )
        else:
            add(piece)
    return tuple(found)


@functools.lru_cache(maxsize=8192)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``IsNBAPlayer`` is "is", "nba", "player"."""
    return tuple(m.group().lower() for m in _PART.finditer(plain(name)))


def content_parts(name: str) -> tuple[str, ...]:
    """The words of a name that a text must account for."""
    return tuple(p for p in parts(name) if p not in LIGHT)


@functools.lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """What inflection and derivation leave: "dependent", "depends" and "dependence" are one."""
    word = _IRREGULAR.get(word, word)
    base = lexicon.participle(word) or lexicon.singular(word)
    base = _IRREGULAR.get(base, base)
    for _ in range(2):
        for suffix in _SUFFIXES:
            if base.endswith(suffix) and len(base) - len(suffix) >= 3:
                base = base[: -len(suffix)]
                break
    if len(base) > 3 and base[-1] == base[-2]:
        base = base[:-1]
    return base[:-1] + "y" if base.endswith("i") and len(base) > 3 else base


@functools.lru_cache(maxsize=65536)
def alike(part: str, word: str) -> bool:
    """Whether a word of a name and a word of the text are forms of one word, or misspelt."""
    if part == word:
        return True
    if part[0].isdigit() or word[0].isdigit():
        return part.rstrip("stndrh") == word.rstrip("stndrh")
    a, b = stem(part), stem(word)
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if (
        len(short) >= 4
        and long.startswith(short)
        and len(long) - len(short) <= (3 if len(short) > 4 else 1)
    ):
        return True
    shared = _shared(part, word)
    if shared >= 5 and shared >= max(
        0.7 * min(len(part), len(word)), 0.5 * max(len(part), len(word))
    ):
        return True
    short, long = sorted((lexicon.singular(part), lexicon.singular(word)), key=len)
    if short[0] != long[0] or len(long) < 6 or (len(short) < 6 and len(short) == len(long)):
        return False
    return len(short) >= 5 and _edits(short, long, 1 if len(short) < 9 else 2)


def _shared(a: str, b: str) -> int:
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def _edits(a: str, b: str, most: int) -> bool:
    """Whether at most so many insertions, deletions, changes and swaps lead from a to b."""
    if abs(len(a) - len(b)) > most:
        return False
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1] <= most


def base_of(word: str) -> str:
    """The word without a negative prefix ("unaware": "aware"), or nothing where it has none."""
    for prefix in NEGATIVE_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 4:
            return word[len(prefix) :]
    return ""


class Matcher:
    """Finds where in a text the words of a name stand."""

    def __init__(
        self, words: tuple[Word, ...], synonyms: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self.words = words
        self._synonyms: dict[str, tuple[str, ...]] = {
            key.lower(): tuple(w.lower() for w in values)
            for key, values in (synonyms or {}).items()
        }
        self._listed = [w for w in words if w.is_word]
        self._squeezed = "".join(w.low for w in self._listed)
        self._initials = "".join(" " if w.low in LIGHT else w.low[0] for w in self._listed)
        self._cache: dict[str, frozenset[int]] = {}

    def places(self, part: str) -> frozenset[int]:
        """Indices of the words that one word of a name may stand for."""
        found = self._cache.get(part)
        if found is None:
            found = self._cache[part] = frozenset(self._places(part))
        return found

    def _places(self, part: str) -> list[int]:
        wanted = (part, *self._synonyms.get(part, ()))
        exact = [w.at for w in self._listed if w.low in wanted]
        if exact and part not in LIGHT:
            stems = {stem(p) for p in wanted}
            return [w.at for w in self._listed if w.low in wanted or stem(w.low) in stems]
        if exact:
            return exact
        joined = self._joined(part)
        if len(joined) > 1:
            return joined
        content = [w for w in self._listed if w.low not in LIGHT]
        close = [w.at for w in content if any(_means(p, w.low) for p in wanted)]
        return close or joined or self._shortened(part)

    def _joined(self, part: str) -> list[int]:
        """Words written as one: "barexam", or of words that stand apart, "luisparty"."""
        if len(part) < 5:
            return []
        start = self._squeezed.find(part)
        if start >= 0:
            found, position = [], 0
            for word in self._listed:
                if position < start + len(part) and position + len(word.low) > start:
                    found.append(word.at)
                position += len(word.low)
            return found
        found, rest = [], part
        while rest:
            fitting = [w for w in self._listed if len(w.low) >= 3 and rest.startswith(w.low)]
            if not fitting:
                return []
            longest = max(fitting, key=lambda w: len(w.low))
            found.append(longest.at)
            rest = rest[len(longest.low) :]
        return found

    def _shortened(self, part: str) -> list[int]:
        """Initials of words ("ai"), or a word cut off ("prereq")."""
        if 2 <= len(part) <= 5:
            start = self._initials.find(part)
            if start >= 0:
                return [w.at for w in self._listed[start : start + len(part)]]
        if len(part) >= 3:
            return [w.at for w in self._listed if w.low.startswith(part)]
        return []

    def name(self, name: str) -> tuple[frozenset[int], float]:
        """The words that a name stands for, and which share of it (0 to 1) they account for."""
        for other in self._synonyms.get(name.lower(), ()):
            places = [self.places(p) for p in parts(other) if p not in LIGHT]
            if places and all(places):
                return frozenset().union(*places), 1.0
        wanted = content_parts(name)
        if not wanted:
            return frozenset().union(*(self.places(p) for p in parts(name))), 1.0
        found: set[int] = set()
        met = 0
        for part in wanted:
            places_of = self.places(part)
            if places_of:
                met += len(part)
                found |= places_of
        share = met / sum(map(len, wanted))
        if share < 1:
            whole = self._whole(name)
            if whole:
                return frozenset(found) | frozenset(whole), 1.0
        if share < 0.5 and self._is_surname(wanted[-1]):
            share = 0.5
        return frozenset(found), share

    def _whole(self, name: str) -> list[int]:
        """The name without its joints, or by its initials in capitals ("US", "USA")."""
        joined = self._joined("".join(parts(name)))
        if joined:
            return joined
        initials = "".join(p[0] for p in parts(name))
        if len(initials) < 2:
            return []
        short = (initials, initials + "a")
        return [w.at for w in self._listed if w.low in short and w.text.isupper()]

    def _is_surname(self, part: str) -> bool:
        return len(part) >= 4 and any(
            self.words[at].text[0].isupper() and self.words[at].low == part
            for at in self.places(part)
        )


def _means(part: str, word: str) -> bool:
    """Whether the two are forms of one word, or one denies the other ("unaware", "aware")."""
    if alike(part, word):
        return True
    below, above = base_of(part), base_of(word)
    return bool((above and alike(part, above)) or (below and alike(below, word)))
