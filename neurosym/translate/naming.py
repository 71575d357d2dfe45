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
# What makes a verb another one: "run after", "drop in on", "make a meal of", "set eyes on".
_PARTICLES: Final = lexicon.words("after on upon of for at to up out off over")
# What an object begins with, beside a capital.
_OBJECTS: Final = lexicon.words("the it him her them")
_ANY_OBJECTS: Final = _OBJECTS | lexicon.words("something anything someone anyone")
_DENIED: Final = re.compile(r"n['’]t$")
_VARIABLE: Final = re.compile(r"[u-z]\d{0,2}")
# Said of a whole statement, or of being at all: no property of anything.
_EMPTY: Final = lexicon.words(
    "be being been is are was were get gets got getting happen happens bound turn turns fact case "
    "true false make makes made count counts means imply implies entail entails follow "
    "follows thing things sure must will would can could may might should never always fail fails "
    "whatever whoever anything anyone everything everyone called found quality qualities property "
    "properties nature possible impossible able unable call calls"
)
_AFTER_NAMES: Final = lexicon.AUXILIARIES | lexicon.words(
    "can cannot can't could will won't would must may might should was never isn't doesn't hasn't "
    "happens turns counts"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a text offers: for predicates, and for constants, in order of the text.

    ``relations`` are the predicates that the text gives an object each time.
    """

    predicates: tuple[str, ...]
    constants: tuple[str, ...]
    relations: frozenset[str] = frozenset()

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
            verbal = first in lexicon.verbs() | lexicon.LIGHT_VERBS
            if verbal and (not rest or rest in lexicon.PREPOSITIONS or name in self.relations):
                actions.setdefault(name.replace("_", " "))
            elif last not in _INSIDE | {"than"}:
                qualities.setdefault(name.replace("_", "-"))
            elif rest in _OF_OTHERS:
                qualities.setdefault(name.replace("_", " "))
        return Words(tuple(map(_spoken, self.constants)), tuple(qualities), tuple(actions))


def names_in(text: str) -> Names:
    """The names that the words of ``text`` offer, from its first ``MAX_WORDS`` words.

    A predicate is a content word in its base form, or up to three words in a row that begin with
    one (``computer_scientist``, ``fond_of``); a verb of several words is one name and offers no
    part of it (``make_a_meal_of``). A constant is a capitalised name or ``the`` with its noun in
    the singular.
    """
    tokens = _TOKEN.findall(_IDIOMS.sub(_set_aside, text))[:MAX_WORDS]
    predicates: dict[str, None] = {}
    constants: dict[str, None] = {}
    things: dict[str, None] = {}
    relations: dict[str, bool] = {}
    proper: set[int] = set()
    end = 0
    for at, token in enumerate(tokens):
        if at < end:  # inside a verb of several words
            continue
        name, length = _phrasal(tokens, at)
        if length:
            predicates.setdefault(name)
            relations[name] = True
            end = at + length
            continue
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
                # A word with an object at once is a verb, known or not: "pursues the cow".
                relating = not lexicon.is_adjective(token) and _has_object(tokens, at + length)
                relations[name] = relations.get(name, True) and relating and length == 1
            if definite and _is_thing(last):
                constants.setdefault(f"the_{name}")
                things.setdefault(name)
    # "The bear" speaks of one thing: that it is a bear is not what the sentence says of it.
    lows = [lemma(token.lower()) for token in tokens]
    for name in things:
        if all(lows[i - 1] == "the" for i, low in enumerate(lows) if low == name):
            predicates.pop(name, None)
    always = frozenset(name for name, relating in relations.items() if relating)
    return Names(_plain(predicates), _plain(constants), always)


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
        if _is_predicated(tokens, at, at + length - 1):
            break
        found.append(("_".join(map(lemma, words)).replace("-", "_"), length))
    return found


def _is_predicated(tokens: list[str], noun: int, at: int) -> bool:
    """Whether a word is said of "the NOUN" before it: "requires" in "the cow requires the dog"."""
    after_the = noun > 0 and tokens[noun - 1].lower() == "the"
    after = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    relating = after == "is" or _has_object(tokens, at + 1) or _phrasal(tokens, at)[1] > 0
    return after_the and _is_verb(tokens, at) and relating


def _phrasal(tokens: list[str], at: int) -> tuple[str, int]:
    """The verb of several words that begins at a word, with its length; 0: none.

    A verb with one or two particles and, after a verb that says little, a noun before them.
    """
    if not _is_verb(tokens, at):
        return "", 0
    verb = _verb(tokens[at].lower())
    end = at + 1
    if verb in lexicon.LIGHT_VERBS:
        article = tokens[end : end + 1] in (["a"], ["an"])
        end += article
        if not article and verb in {"get", "have"}:  # "gets run after", "has eyes"
            return "", 0
        if end >= len(tokens) or not tokens[end].islower() or not _is_content(tokens[end]):
            return "", 0
        end += 1
    inside = end
    while end < min(len(tokens), inside + 2) and _is_particle(tokens, end, inside):
        end += 1
    # "What it runs after is the cow", "it gets run after by the cow": the object is elsewhere.
    closing = tokens[end].lower() in {"by", "is", ".", ","} if end < len(tokens) else True
    if end == inside or not (closing or _has_object(tokens, end, _ANY_OBJECTS)):
        return "", 0
    return "_".join([verb, *(token.lower() for token in tokens[at + 1 : end])]), end - at


def _is_particle(tokens: list[str], at: int, first: int) -> bool:
    """Whether a word is a particle; "in" is one only where another follows ("drop in on")."""
    low = tokens[at].lower()
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else ""
    return low in _PARTICLES or (at == first and low == "in" and following in _PARTICLES)


def _is_verb(tokens: list[str], at: int) -> bool:
    """Whether a word may be a verb where it stands."""
    low = tokens[at].lower()
    before = tokens[at - 1].lower() if at else ""
    if before in {"the", "a", "an"} or lexicon.is_adjective(low) or low in lexicon.FUNCTION:
        return False
    return _verb(low) in lexicon.verbs() | lexicon.LIGHT_VERBS


def _verb(low: str) -> str:
    """The base form of a word that may be a verb, else the word itself."""
    found = lexicon.participle(low) or lexicon.progressive(low) or lexicon.verb_lemma(low, "s")
    return low if found is None or low in lexicon.verbs() else found


def _has_object(tokens: list[str], at: int, objects: frozenset[str] = _OBJECTS) -> bool:
    """Whether what may be an object begins here; of a passive verb, "by" says that there is one."""
    after = tokens[at] if at < len(tokens) else ""
    nothing = at + 1 < len(tokens) and tokens[at + 1].lower() in _EMPTY  # "the quality of"
    return (after.lower() in objects and not nothing) or after == "by" or after[:1].isupper()


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
    verb = lexicon.participle(word) or lexicon.progressive(word)
    if verb is None and lexicon.is_verb(word, "s"):
        verb = lexicon.verb_lemma(word, "s")
    return (verb or lexicon.singular(word)).replace("-", "_")
