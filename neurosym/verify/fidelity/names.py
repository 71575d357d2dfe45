"""Names of a formula that the text does not give, and words of the text that no name gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from neurosym.verify.fidelity.base import Context, Mismatch
from neurosym.verify.fidelity.words import LIGHT, Matcher, Word, content_parts, stem, word_list
from provers.logic.syntax import NUMERIC, Apply, Formula, Iff, Pred, Xor, terms, walk

_PRONOUNS: Final = frozenset(word_list("he she it they him her them who which that both neither"))


@dataclass(frozen=True, slots=True)
class Symbol:
    """A predicate or an individual's name; numeric constants are labels and no symbols here."""

    name: str
    arity: int
    predicate: bool


def symbols(formula: Formula) -> Counter[Symbol]:
    """How often each predicate and each name of an individual occurs."""
    found: Counter[Symbol] = Counter(
        Symbol(f.name, len(f.args), True) for f in walk(formula) if isinstance(f, Pred)
    )
    found.update(
        Symbol(t.name, len(t.args), False)
        for t in terms(formula)
        if isinstance(t, Apply) and t.sort not in NUMERIC
    )
    return found


def check(
    words: tuple[Word, ...], formula: Formula, matcher: Matcher, context: Context
) -> Iterator[Mismatch]:
    """Names that one side lacks.

    A name of the formula needs half of its letters in words of the text (in another form, joined,
    abbreviated or misspelt). A known name that the text has in full, by words that no name of the
    formula takes, is missing; so is a capitalised name.
    """
    found = symbols(formula)
    taken: set[int] = set()
    strange = False
    for symbol in found:
        places, share = matcher.name(symbol.name)
        taken |= places
        if share < 0.5 and not _is_number(symbol.name):
            strange = True
            yield Mismatch("name", f"{symbol.name} is not in the text", "", symbol.name)
    if strange or not found:
        return
    yield from _reflexive(formula, matcher)
    yield from _missing(words, found, taken, matcher, context)
    yield from _traded(found, formula, matcher)


def _is_number(name: str) -> bool:
    return all(part[0].isdigit() for part in content_parts(name))


def _reflexive(formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """What bears a relation to itself without the text's saying "itself" or its name twice."""
    if any(w.low.endswith(("self", "selves")) for w in matcher.words):
        return
    for node in walk(formula):
        match node:
            case Pred(name, (Apply(constant), Apply(other))) if constant == other:
                said = [matcher.places(p) for p in content_parts(constant)]
                if said and min(map(len, said)) == 1:
                    message = f"{constant} bears {name} to itself, and the text names it once"
                    yield Mismatch("name", message, "", name)
                    return
            case _:
                pass


def _missing(
    words: tuple[Word, ...],
    found: Counter[Symbol],
    taken: set[int],
    matcher: Matcher,
    context: Context,
) -> Iterator[Mismatch]:
    used = {symbol.name for symbol in found}
    for name in sorted(context.names - used):
        if len("".join(content_parts(name))) < 3 or _is_number(name):
            continue
        places, share = matcher.name(name)
        left = places - taken
        if share == 1 and left and any(words[i].low not in LIGHT for i in left):
            part = " ".join(words[i].text for i in sorted(places))
            yield Mismatch("name", f"the text's {part!r} ({name}) is missing", part, "")
            return
    for i, word in enumerate(words):
        if i in taken or i == 0 or not word.text[0].isupper() or len(word.text) < 3:
            continue
        if word.low in LIGHT or not words[i - 1].is_word or words[i - 1].text[0].isupper():
            continue
        stems = {stem(words[k].low) for k in taken}
        if stem(word.low) not in stems:
            yield Mismatch("name", f"the text's {word.text!r} is missing", word.text, "")
            return


def _traded(found: Counter[Symbol], formula: Formula, matcher: Matcher) -> Iterator[Mismatch]:
    """A name that the formula has more often than the text beside one that it has less often.

    Of individuals only where no pronoun and no shared subject may stand for the one.
    """
    shared = any(isinstance(f, Xor | Iff) for f in walk(formula)) or any(
        w.low in _PRONOUNS for w in matcher.words
    )
    spare: list[Symbol] = []
    short: list[Symbol] = []
    for symbol, count in found.items():
        if shared and not symbol.predicate:
            continue
        places = [matcher.places(p) for p in content_parts(symbol.name)]
        said = min(map(len, places), default=0)
        if said and count > said:
            spare.append(symbol)
        elif said > count:
            short.append(symbol)
    for over in spare:
        for under in short:
            if (over.predicate, over.arity) == (under.predicate, under.arity):
                yield Mismatch(
                    "name",
                    f"{over.name} stands where the text says {under.name}",
                    "",
                    over.name,
                )
                return
