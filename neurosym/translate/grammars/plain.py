"""Plain English that the rules read, as GBNF: facts and rules over a text's own words.

It is a small part of the controlled English (``neurosym.translate.english``), chosen so that a
sentence has one reading. A model is better at saying a thing plainly than at writing logic, and
what it says along this grammar has an exact meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.translate.grammars import choice, write


@dataclass(frozen=True, slots=True)
class Words:
    """What may be spoken of: single things ("Bob", "the cat"), and words in base form.

    ``qualities`` are adjectives and nouns ("cold", "wumpus", "fond of"; those with a preposition
    at the end take a thing), ``actions`` verbs ("chase", "feed on").
    """

    things: Sequence[str]
    qualities: Sequence[str]
    actions: Sequence[str]


def sentence_grammar(words: Words) -> str:
    """GBNF for one sentence with a full stop.

    Raises ValueError where there is nothing to say: no quality and no action.
    """
    made: dict[str, str] = {}
    predicates = []
    single = [word for word in words.qualities if " " not in word]
    relative = [word for word in words.qualities if " " in word]
    if single:
        made["quality"] = choice(single)
        predicates.append('"is " "not "? ("a " | "an ")? quality')
    if words.things:
        made["thing"] = choice(list(words.things))
        if relative:
            predicates.append(f'"is " "not "? {choice(relative)} " " thing')
        if words.actions:
            made["does"] = choice([third_person(action) for action in words.actions])
            made["do"] = choice(list(words.actions))
            predicates.append('(does | "does not " do) " " thing')
    if not predicates:
        raise ValueError("a plain sentence needs a word to say something with")
    made["says"] = "(" + " | ".join(predicates) + ")"
    claims = ['"If something " says (" and " next){0,3} " then " last']
    if single:
        claims.append('"Every " quality " " says')
    if words.things:
        fact = "thing " + '" " says'
        done = 'thing " " (does | "does not " do) " "' if "does" in made else ""
        claims += [fact, f'"If " {fact} (" and " {fact}){{0,2}} " then " {fact}']
        if done:
            claims.append(f'"If " {done} "something" (" and " next){{0,3}} " then " last')
        it = f' | {done} "it"' if done else ""
        made["next"] = f'("it " says | {fact}{it})'
    else:
        made["next"] = '"it " says'
    made["last"] = "next"
    return write({"root": "(" + " | ".join(claims) + ') "."', **made})


def third_person(verb: str) -> str:
    """The form after "it": "chases", "carries", "feeds on"."""
    first, gap, rest = verb.partition(" ")
    if first == "have":
        first = "has"
    elif first.endswith(("s", "sh", "ch", "x", "z", "o")):
        first += "es"
    elif first.endswith("y") and first[-2:-1] not in tuple("aeiou"):
        first = f"{first[:-1]}ies"
    else:
        first += "s"
    return first + gap + rest
