"""Which names a formula may use for what a text says: the text's own words, in their base form.

The names are those that the controlled English makes (``wumpus``, ``fond_of``, ``the_cat``,
``harry_potter``), so that formulas of a model and formulas of the rules speak of the same things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from neurosym.translate.english import lexicon
from neurosym.translate.grammars.plain import Words

MAX_WORDS: Final = 60
_LONGEST: Final = 3
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:\.\d+)?|[^\w\s]")
_WORD: Final = re.compile(r"[^\W\d_]")
_INSIDE: Final = (lexicon.PREPOSITIONS - {"by"}) | {"after", "up", "out", "off"}
# What follows a quality that something has towards another: "fond of", "taller than".
_OF_OTHERS: Final = frozenset({"of", "to", "than", "from", "with"})
# Words that say nothing of what is spoken of, in this company.
_IDIOMS: Final = re.compile(
    r"\b(?:(?:as|so) long as|(?:a|one) single|at the same time|in the event|on condition|"
    r"last one|into the bargain|by any chance|in fact|as a rule|(?:any|some) kind of)\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(r"n['’]t$")
_VARIABLE: Final = re.compile(r"[u-z]\d{0,2}")
# Said of a whole statement, or of being at all: no property of anything.
_EMPTY: Final = lexicon.words(
    "be being been is are was were get gets got getting happen happens bound turn turns fact case "
    "true false make makes made count counts means imply implies entail entails follow "
    "follows thing things sure must will would can could may might should never always fail fails "
    "whatever whoever anything anyone everything everyone called found quality qualities property "
    "properties nature possible impossible able unable"
)
_AFTER_NAMES: Final = lexicon.AUXILIARIES | lexicon.words(
    "can cannot can't could will won't would must may might should was never isn't doesn't hasn't "
    "happens turns counts"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a text offers: for predicates, and for constants, in order of the text."""

    predicates: tuple[str, ...]
    constants: tuple[str, ...]

    @property
    def words(self) -> Words:
        """The same names as words of plain English.

        A quality of several words is written as one ("low-in-temperature"), which keeps it one
        predicate; one that ends in a preposition is of something else ("fond of").
        """
        qualities: dict[str, None] = {}
        actions: dict[str, None] = {}
        for name in self.predicates:
            first, _, rest = name.partition("_")
            last = name.rpartition("_")[2]
            if first in lexicon.verbs() and (not rest or rest in lexicon.PREPOSITIONS):
                actions.setdefault(name.replace("_", " "))
            elif last not in _INSIDE | {"than"}:
                qualities.setdefault(name.replace("_", "-"))
            elif rest in _OF_OTHERS:
                qualities.setdefault(name.replace("_", " "))
        return Words(tuple(map(_spoken, self.constants)), tuple(qualities), tuple(actions))


def names_in(text: str) -> Names:
    """The names that the words of ``text`` offer, from its first ``MAX_WORDS`` words.

    A predicate is a content word in its base form, or up to three words in a row that begin with
    one (``computer_scientist``, ``fond_of``). A constant is a capitalised name or ``the`` with its
    noun in the singular.
    """
    tokens = _TOKEN.findall(_IDIOMS.sub(_set_aside, text))[:MAX_WORDS]
    predicates: dict[str, None] = {}
    constants: dict[str, None] = {}
    things: dict[str, None] = {}
    proper: set[int] = set()
    for at, token in enumerate(tokens):
        name, length = _proper(tokens, at)
        if length:
            constants.setdefault(name)
            proper.update(range(at, at + length))
        if not _is_content(token):
            continue
        definite = at > 0 and tokens[at - 1].lower() == "the"
        for name, length in _spans(tokens, at):
            last = tokens[at + length - 1].lower()
            if at not in proper and not (length == 1 and _is_respect(tokens, at)):
                predicates.setdefault(name)
            if definite and _is_thing(last):
                constants.setdefault(f"the_{name}")
                things.setdefault(name)
    # "The bear" speaks of one thing: that it is a bear is not what the sentence says of it.
    lows = [lemma(token.lower()) for token in tokens]
    for name in things:
        if all(lows[i - 1] == "the" for i, low in enumerate(lows) if low == name):
            predicates.pop(name, None)
    return Names(_plain(predicates), _plain(constants))


def _spoken(constant: str) -> str:
    """A constant as a thing that plain English names: "the cat", "Harry Potter"."""
    words = constant.split("_")
    return " ".join(words if words[0] == "the" else [word.capitalize() for word in words])


def _plain(names: Iterable[str]) -> tuple[str, ...]:
    """Names without those that the notation takes for variables."""
    return tuple(name for name in names if not _VARIABLE.fullmatch(name))


def _is_thing(word: str) -> bool:
    """Whether "the" with this word last means one thing: "the cat", not "the cats", "the old"."""
    return _is_content(word) and lexicon.is_singular(word) and not lexicon.is_adjective(word)


def _set_aside(idiom: re.Match[str]) -> str:
    """As many words that say nothing, so that places stay what they are."""
    return re.sub(r"\w+", "it", idiom.group())


def _is_respect(tokens: list[str], at: int) -> bool:
    """Whether a noun only says in what respect: the colour of "blue in colour"."""
    return (
        at > 1 and tokens[at - 1].lower() == "in" and lexicon.is_adjective(tokens[at - 2].lower())
    )


def _is_towards(tokens: list[str], at: int) -> bool:
    """Whether what follows a preposition may be other things: "fond of cats", not "of spirit"."""
    after = tokens[at] if at < len(tokens) else ""
    return not (after[:1].islower() and _is_content(after)) or lexicon.is_plural(after)


def _spans(tokens: list[str], at: int) -> list[tuple[str, int]]:
    """The names that begin at a word, with the number of words that each takes."""
    found = [(lemma(tokens[at].lower()), 1)]
    for length in range(2, _LONGEST + 1):
        words = [token.lower() for token in tokens[at : at + length]]
        if len(words) < length or not all(map(_WORD.match, words)):
            break
        relating = words[-1] in _INSIDE | {"than"} and _is_towards(tokens, at + length)
        if not (_is_content(words[-1]) or relating):
            continue
        if not all(_is_content(word) or word in _INSIDE for word in words[1:-1]):
            break
        found.append(("_".join(map(lemma, words)).replace("-", "_"), length))
    return found


def _proper(tokens: list[str], at: int) -> tuple[str, int]:
    """The name that a capitalised word begins, with those after it, and its length; 0: none.

    Every sentence begins with a capital: its first word is a name only where it cannot be
    another word and what follows a name follows.
    """
    end = at
    while end < len(tokens) and tokens[end][:1].isupper() and _may_name(tokens[end]):
        end += 1
    if at == 0 and end == 1:
        first, after = tokens[0].lower(), tokens[1].lower() if len(tokens) > 1 else ""
        common = lexicon.is_adjective(first) or lemma(first) != first or first in lexicon.verbs()
        if common or not (after in _AFTER_NAMES or lexicon.is_verb(after, "s")):
            return "", 0
    name = "_".join(tokens[at:end]).lower()
    return re.sub(r"[-'’]", "_", name), end - at


def _may_name(token: str) -> bool:
    low = token.lower()
    return (
        bool(_WORD.match(token))
        and not _DENIED.search(low)
        and low not in lexicon.FUNCTION
        and low not in _EMPTY
    )


def _is_content(token: str) -> bool:
    low = token.lower()
    return _may_name(token) and not lexicon.is_adverb(low)


def lemma(word: str) -> str:
    """The base form of a lower-case word: ``chases``, ``chased``, ``chasing`` are ``chase``."""
    word = re.sub(r"['’]s?$", "", word).replace("'", "_").replace("’", "_")
    if word in lexicon.adjectives():
        return word
    verb = lexicon.participle(word) or _progressive(word)
    if verb is None and lexicon.is_verb(word, "s"):
        verb = lexicon.verb_lemma(word, "s")
    return (verb or lexicon.singular(word)).replace("-", "_")


def _progressive(word: str) -> str | None:
    """The listed verb whose present participle ``word`` is."""
    if not word.endswith("ing") or len(word) < 5:
        return None
    stem = word[:-3]
    options = (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
    return next((option for option in options if option in lexicon.verbs()), None)
