"""What a text denies against what its formula denies: how often, and of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from neurosym.verify.fidelity.base import Mismatch
from neurosym.verify.fidelity.words import (
    LIGHT,
    Matcher,
    Word,
    alike,
    base_of,
    content_parts,
    parts,
    word_list,
)
from provers.errors import InputError
from provers.logic.formats import write
from provers.logic.syntax import (
    NUMERIC,
    And,
    Apply,
    Eq,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Xor,
    subformulas,
    terms,
    walk,
)

_CUES: Final = frozenset(
    word_list(
        "not no never none nobody nothing neither nor without unless non hardly lack lacks lacking "
        "fail fails failed nowhere impossible"
    )
)
# Words that deny only behind, or some words behind, others: "it is false to say", "rules out".
_PHRASES: Final = (
    (("anything", "but"), 1),
    (("false", "to"), 0),
    (("false", "that"), 0),
    (("untrue", "that"), 0),
    (("rule", "out"), 1),
    (("rules", "out"), 1),
    (("ruling", "out"), 1),
)
_KEEPING: Final = frozenset(word_list("keep keeps keeping prevent prevents stop stops"))
_NAME_CUES: Final = frozenset(
    word_list("not no never none non neither nor without lack lacks fail fails failed isnt doesnt")
)
_NOT_DENYING: Final = (
    ("whether", "or", "not"),
    ("not", "only"),
    ("no", "matter"),
    ("no", "more", "than"),
    ("no", "less", "than"),
    ("no", "fewer", "than"),
    ("no", "later", "than"),
    ("not", "necessarily"),
    ("nothing", "but"),
    ("no", "doubt"),
    ("without", "exception"),
    ("without", "fail"),
    ("never", "fail"),
)
_HAVING: Final = frozenset(word_list("have has had having with"))
_PRONOUNS: Final = frozenset(word_list("he she it they"))
_AUXILIARY: Final = frozenset(
    word_list(
        "is are was were be do does did can could will would may might must shall should has have "
        "had"
    )
)
_AFTER_SUBJECT: Final = _AUXILIARY | frozenset(word_list("who that which whose not"))
_NO_SUCH: Final = frozenset(word_list("no none nothing nobody impossible"))
_FINDING: Final = frozenset(word_list("find come meet see encounter one single"))
_WITH_ALL: Final = frozenset(word_list("do does did go goes together so is are was"))
_ENDS: Final = frozenset(word_list(", ; : . then if but unless because since while although"))


@dataclass(frozen=True, slots=True)
class _Count:
    """How many denials there may be: a reading that spares some and one that spells out all."""

    least: int
    most: int

    def meets(self, other: _Count) -> bool:
        return self.least <= other.most and other.least <= self.most


def check(words: tuple[Word, ...], formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """Denials that only one side has, or that stand at another predicate.

    Counted are negation words of the text ("not", "no", "without", ...; a prefix as in "unaware"
    where the formula has ``aware``) against ``Not``. "Neither ... nor" is one denial or two, a
    ``Not`` over an equality none; what "either both or neither" repeats may be left out.
    """
    cues = cues_of(words, formula)
    said = _said(words, cues, _inside_names(words, cues, formula, matcher))
    found = _found(words, cues, formula)
    if not said.meets(found) and not _cancelled(said, found):
        more = found.least > said.most
        denials = [f for f in walk(formula) if isinstance(f, Not) and not isinstance(f.body, Eq)]
        shown = _spell(denials[0]) if more and denials else ""
        text_part = " ".join(words[i].text for i in cues)
        message = (
            f"the formula denies {found.least} time(s), the text {said.most}"
            if more
            else f"the text denies {said.least} time(s), the formula {found.most}"
        )
        yield Mismatch("negation", message, text_part, shown)
        return
    yield from _misplaced(words, cues, formula, matcher)
    yield from _half_denied(words, cues, formula, matcher)


def _half_denied(
    words: tuple[Word, ...], cues: list[int], formula: Formula, matcher: Matcher
) -> Iterator[Mismatch]:
    """ "Not a tall clerk" as a clerk who is not tall: it denies only the two together."""
    for node in walk(formula):
        if not isinstance(node, And) or len(node.args) != 2:
            continue
        for denied, kept in (node.args, node.args[::-1]):
            if not (isinstance(denied, Not) and isinstance(denied.body, Pred)):
                continue
            if not isinstance(kept, Pred):
                continue
            first, second = (matcher.name(atom.name)[0] for atom in (denied.body, kept))
            if not first or not second or first & second or min(second) != max(first) + 1:
                continue
            begin = min(first) - 2
            article = words[begin + 1].low in ("a", "an")
            if article and begin in cues and words[begin].low == "not":
                part = " ".join(words[i].text for i in range(begin, max(second) + 1))
                yield Mismatch(
                    "negation", f"{part!r} denies the two together", part, _spell(denied)
                )


def cues_of(words: tuple[Word, ...], formula: Formula) -> list[int]:
    """Indices of the words that deny something the formula could deny."""
    return _cues(words, {p for f in walk(formula) if isinstance(f, Pred) for p in parts(f.name)})


def _cues(words: tuple[Word, ...], names: set[str]) -> list[int]:
    """Indices of the words that deny something the formula could deny."""
    found: list[int] = []
    lows = [w.low for w in words]
    for i, low in enumerate(lows):
        if _denies(lows, i):
            found.append(i)
        elif low in _CUES:
            if _idle(lows, i) or (low in names and low not in ("not", "no")):
                continue
            if low == "no" and lows[i + 1 : i + 2] in (["."], ["1"]):
                continue
            found.append(i)
        elif (low == "different" and "same" in names and low not in names) or (
            (base := base_of(low)) and _has(names, base) and not _has(names, low)
        ):
            found.append(i)
    return found


def _denies(lows: list[str], i: int) -> bool:
    """Whether the word denies together with others: "false to", "rules out", "keeps it from"."""
    if any(tuple(lows[max(0, i - at) : i - at + len(phrase)]) == phrase for phrase, at in _PHRASES):
        return True
    return lows[i] == "from" and not _KEEPING.isdisjoint(lows[max(0, i - 4) : i])


def _has(names: set[str], word: str) -> bool:
    """Whether a part of a name is a form of the word, prefix included."""
    return any(p == word or (alike(p, word) and p[0] == word[0]) for p in names)


def _idle(lows: list[str], i: int) -> bool:
    for phrase in _NOT_DENYING:
        for offset, word in enumerate(phrase):
            begin = i - offset
            if (
                word == lows[i]
                and begin >= 0
                and tuple(lows[begin : begin + len(phrase)]) == phrase
            ):
                return True
    if lows[i] != "not":
        return False
    return (lows[i - 1 : i] == ["but"] and "both" in lows[i + 1 : i + 2]) or _otherwise(lows, i)


def _otherwise(lows: list[str], i: int) -> bool:
    """ "either sings or, if she does not, dances" says "or" and denies nothing."""
    at = i - 1
    for kind in (_AUXILIARY, _PRONOUNS):
        at -= lows[at : at + 1] != [] and lows[at] in kind
    if at < 1 or lows[at] != "if":
        return False
    return lows[at - 1] == "or" or (lows[at - 1] == "," and lows[max(0, at - 2)] == "or")


def _said(words: tuple[Word, ...], cues: list[int], spared: int) -> _Count:
    nor = sum(words[i].low == "nor" for i in cues)
    return _Count(max(0, len(cues) - nor - spared), len(cues))


def _inside_names(
    words: tuple[Word, ...], cues: list[int], formula: Formula, matcher: Matcher
) -> int:
    """Denials of words that no name takes up: "an only child with no siblings" as ``OnlyChild``.

    None where some name of the formula is not in the text, since it may say the same in another
    word.
    """
    taken: set[int] = set()
    names = {f.name for f in walk(formula) if isinstance(f, Pred)}
    names |= {t.name for t in terms(formula) if isinstance(t, Apply) and t.sort not in NUMERIC}
    for name in names:
        places, share = matcher.name(name)
        if share < 0.5:
            return 0
        taken |= places
    spared = 0
    for cue in cues:
        end = cue + 1
        while end < len(words) and words[end].low not in _ENDS:
            end += 1
        content = [i for i in range(cue + 1, end) if words[i].low not in LIGHT]
        spared += bool(content) and taken.isdisjoint(range(cue, end))
    return spared


def _found(words: tuple[Word, ...], cues: list[int], formula: Formula) -> _Count:
    """Denials of the formula; repeated ones may be one, and so may De Morgan's."""
    total = 0
    distinct: set[tuple[str, ...]] = set()
    shared = 0
    structural = 0
    lows = {w.low for w in words}
    stack: list[Formula] = [formula]
    while stack:
        node = stack.pop()
        stack.extend(subformulas(node))
        match node:
            case Not(Eq()):
                pass
            case Not(Xor() | Iff()):
                structural += 1
                total += 1
                distinct.add(("", str(structural)))
            case Not(body):
                total += 1
                distinct.add(tuple(f.name for f in walk(body) if isinstance(f, Pred)))
            case And(args) if cues and ("or" in lows or "nor" in lows):
                shared += max(0, sum(isinstance(a, Not) for a in args) - 1)
            case Or(args) if cues and "and" in lows:
                shared += max(0, sum(isinstance(a, Not) for a in args) - 1)
            case Pred(name) if not _NAME_CUES.isdisjoint(parts(name)):
                total += sum(
                    p in _NAME_CUES and (p in ("not", "no") or p not in lows) for p in parts(name)
                )
                distinct.add((name,))
            case _:
                pass
    least = min(len(distinct), total) - shared - structural
    repeated = structural and any(words[i].low in ("neither", "not") for i in cues)
    return _Count(max(0, least), total + (len(cues) if repeated else 0))


def _cancelled(said: _Count, found: _Count) -> bool:
    """Two denials of the text that the formula leaves out ("no one who does not ...")."""
    return said.least >= 2 and found.least == found.most == said.least - 2


def _misplaced(
    words: tuple[Word, ...], cues: list[int], formula: Formula, matcher: Matcher
) -> Iterator[Mismatch]:
    """Denied atoms whose words stand where the text denies nothing.

    "There is no A that is not B" denies that there is one: what it denies of A itself must be
    denied again.
    """
    reach: set[int] = set()
    own: set[int] = set()
    lows = [w.low for w in words]
    conditions = _denied_conditions(formula)
    for cue in cues:
        if words[cue].low == "different" or base_of(words[cue].low):
            reach.add(cue)
            own.add(cue)
        at = cue + 1
        if words[cue].low == "no" and cue and lows[cue - 1] in _HAVING:
            reach.add(cue - 1)  # "has no teeth" denies of the teeth that there are any
        elif words[cue].low in ("no", "none") and lows[cue + 1 : cue + 2] != ["longer"]:
            at = _after_noun(words, at)
        begin = at
        while at < len(words) and (lows[at] not in _ENDS or _lists(lows, at)):
            reach.add(at)
            if not _frames(lows, cue):
                own.add(at)
            at += 1
        if all(words[i].low in LIGHT | _WITH_ALL for i in range(begin, at)):
            reach.update(range(cue))  # "running is what it never does"
            own.update(range(cue))
    for node in walk(formula):
        if not (isinstance(node, Not) and isinstance(node.body, Pred)):
            continue
        name = node.body.name
        if not content_parts(name):
            continue
        places, share = matcher.name(name)
        if share < 1 or not places:
            continue
        near = own if node in conditions else reach
        if not near.isdisjoint(places) and not _elsewhere(node.body, places, near, matcher):
            continue
        where = " ".join(words[i].text for i in sorted(places))
        yield Mismatch(
            "negation", f"the formula denies {name}, the text does not", where, _spell(node)
        )


def _lists(lows: list[str], at: int) -> bool:
    """Whether a comma goes on with what is denied: "not a jay, or a wren"."""
    return lows[at] == "," and lows[at + 1 : at + 2] in (["or"], ["nor"])


def _frames(lows: list[str], cue: int) -> bool:
    """Whether a word denies that there is such a thing, not what is said of the thing."""
    if lows[cue] in _NO_SUCH:
        return True
    found = not _FINDING.isdisjoint(lows[cue + 1 : cue + 4])
    there = lows[max(0, cue - 2) : cue] in (["there", "is"], ["there", "are"])
    return lows[cue] in ("not", "never") and (found or there)


def _denied_conditions(formula: Formula) -> frozenset[Formula]:
    """The denied atoms in the condition of a rule."""
    while isinstance(formula, Forall):
        formula = formula.body
    if not isinstance(formula, Implies):
        return frozenset()
    return frozenset(node for node in walk(formula.left) if isinstance(node, Not))


def _after_noun(words: tuple[Word, ...], at: int) -> int:
    """Past the noun of "no loud cars", which is not itself denied."""
    if (
        at < len(words)
        and words[at].low in LIGHT
        and words[at].low not in ("of", "person", "people")
    ):
        return at  # "no one who ..."
    while at < len(words) and words[at].low in ("of", "the", "these", "those", "our"):
        at += 1
    begin = at
    while at < len(words) and words[at].is_word and words[at].low not in LIGHT:
        at += 1
    # Where the run goes to the end, or on to a preposition with no other verb behind it, the verb
    # is somewhere in it: "no dog barks", "no clerk works at home".
    end = at
    while end < len(words) and words[end].low not in _ENDS | _AFTER_SUBJECT:
        end += 1
    if end >= len(words) or words[end].low not in _AFTER_SUBJECT:
        return begin + 1
    return at


def _elsewhere(atom: Pred, places: frozenset[int], reach: set[int], matcher: Matcher) -> bool:
    """Whether of several like verbs in the text the denied one has another object."""
    if len(atom.args) != 2 or len(places) < 2:
        return False
    target = atom.args[1]
    if not isinstance(target, Apply) or target.args:
        return False
    where = matcher.name(target.name)[0]
    return bool(where) and reach.isdisjoint(where)


def _spell(formula: Formula) -> str:
    try:
        return write(formula, "unicode")
    except InputError:
        return str(formula)
