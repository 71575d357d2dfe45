"""Facts and rules in controlled English, with varied phrasings, each read back and compared.

A phrasing is kept only if ``neurosym.translate.english`` reads in it what it is meant to say.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from neurosym.augment.base import Statement
from neurosym.augment.logic.chaining import is_literal, literals
from neurosym.augment.logic.words import plural
from neurosym.translate import english
from neurosym.translate.base import Status
from neurosym.translate.clusters import Prove
from neurosym.translate.english import lexicon
from neurosym.translate.grammars.plain import third_person
from neurosym.translate.rendering import MAX_DEPTH, render
from provers.base import Outcome, Problem
from provers.errors import InputError
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    Apply,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Pred,
    Term,
    Var,
    depth,
    free_variables,
)

_TRIED: Final = 6  # phrasings of one formula, before the plain one
_VARIED: Final = 0.2  # of the facts
_Named: TypeAlias = Callable[[Term], str]


def statement(text: str) -> Statement:
    """One sentence and what it says. Raises InputError for what is not read, or says two things."""
    found, why = _reading(text)
    if found is None:
        raise InputError(f"{why or 'the sentence says several things'}; say it in one plain claim.")
    return Statement(text, found)


@lru_cache(maxsize=16_384)
def _reading(text: str) -> tuple[Formula | None, str]:
    read = english.translate(text)
    clear = read.status is Status.TRANSLATED and not (read.flags or read.assumptions)
    if not clear or len(read.formulas) != 1:
        return None, "; ".join(read.messages)
    return read.formulas[0], ""


def agrees(one: Statement, prove: Prove | None = None) -> bool:
    """Whether the text is read as the formula, or as one that ``prove`` shows to be equivalent."""
    found, _ = _reading(one.text)
    if found is None or depth(one.formula) > MAX_DEPTH:
        return False
    if canonical(found) == canonical(one.formula):
        return True
    if prove is None:
        return False
    return prove(Problem((), Iff(found, one.formula))).outcome is Outcome.PROVED


def word(formula: Formula, rng: random.Random, prove: Prove | None = None) -> Statement | None:
    """The formula in one of its phrasings that is read back as the formula; None if none is."""
    texts = list(dict.fromkeys(_phrasings(formula)))
    # A fact's plain sentence comes first and is what most texts say.
    if not is_literal(formula) or rng.random() < _VARIED:
        rng.shuffle(texts)
    for text in texts[:_TRIED]:
        said = Statement(f"{text[:1].upper()}{text[1:]}.", formula)
        if agrees(said):
            return said
    plain = Statement(render(formula), formula)
    return plain if agrees(plain, prove) else None


# --- sentences -------------------------------------------------------------------------------


def _phrasings(formula: Formula) -> Iterator[str]:
    match formula:
        case _ if is_literal(formula):
            yield from _fact(formula)
        case Forall((var,), Implies(left, right)) if is_literal(right):
            conditions = literals(left)
            if conditions is not None:
                yield from _rule(var, conditions, right)
        case Implies(left, right) if is_literal(right):
            conditions = literals(left)
            if conditions is not None and not free_variables(formula):
                yield f"if {' and '.join(map(_clause, conditions))} then {_clause(right)}"
                yield f"{_clause(right)} if {' and '.join(map(_clause, conditions))}"
        case Exists((var,), body):
            conditions = literals(body)
            if conditions is not None and len(conditions) == 2:
                yield from _some(var, *conditions)
        case Not(Forall((var,), Implies(left, right))) if is_literal(left) and is_literal(right):
            if _is_kind(left, var):
                yield f"not every {_kind(left)} {_says(right, var)}"
        case _:
            return


def _fact(fact: Formula) -> Iterator[str]:
    said = _clause(fact)
    yield said
    if isinstance(fact, Not):
        yield f"it is not the case that {_clause(fact.body)}"
        yield f"it is false that {_clause(fact.body)}"
    else:
        yield f"it is true that {said}"


def _rule(var: Var, conditions: Sequence[Formula], conclusion: Formula) -> Iterator[str]:
    yield _if("something", "it", False, var, conditions, conclusion)
    yield _if("someone", "they", True, var, conditions, conclusion)
    about = all(_is_about(one, var) for one in conditions) and _is_about(conclusion, var)
    if not about:
        return
    last = _says(conclusion, var)
    where = " and ".join(_says(one, var) for one in conditions)
    for who in ("everything that", "anything that", "whatever"):
        yield f"{who} {where} {last}"
    yield f"something {last} if it {where}"
    words = [one.name for one in conditions if isinstance(one, Pred) and len(one.args) == 1]
    if len(words) == len(conditions) and all(map(lexicon.is_adjective, words)):
        listed = ", ".join(map(spaced, words))
        many = _says(conclusion, var, many=True)
        yield f"all {listed} things {many}"
        yield f"{listed} things {many}"
        yield f"{listed} people {many}"
        yield f"each {listed} thing {last}"
        yield f"if something is {' and '.join(words)} then it {last}"
    first, *rest = conditions
    if _is_kind(first, var):
        yield from _about_kind(_kind(first), rest, var, conclusion)


def _about_kind(kind: str, rest: Sequence[Formula], var: Var, conclusion: Formula) -> Iterator[str]:
    last = _says(conclusion, var)
    if rest:
        where = " and ".join(_says(one, var) for one in rest)
        yield f"every {kind} that {where} {last}"
        yield f"if a {kind} {where} then it {last}"
        return
    many = _says(conclusion, var, many=True)
    yield f"every {kind} {last}"
    yield f"each {kind} {last}"
    yield f"{_many(kind)} {many}"
    yield f"all {_many(kind)} {many}"
    if isinstance(conclusion, Not):
        yield f"no {kind} {_says(conclusion.body, var)}"
    elif _is_kind(conclusion, var):
        yield f"{_a(kind)} {last}"


def _some(var: Var, one: Formula, other: Formula) -> Iterator[str]:
    if not (_is_about(one, var) and _is_about(other, var)):
        return
    yield f"something {_says(one, var)} and {_says(other, var)}"
    if _is_kind(one, var):
        yield f"some {_kind(one)} {_says(other, var)}"
        yield f"there is {_a(_kind(one))} that {_says(other, var)}"


def _if(
    first: str,
    then: str,
    many: bool,
    var: Var,
    conditions: Sequence[Formula],
    conclusion: Formula,
) -> str:
    """ "If something is red and it is not cold then it chases the cat" """
    met = False
    clauses: list[str] = []
    for one in (*conditions, conclusion):
        atom = one.body if isinstance(one, Not) else one
        word = then if met else first
        clauses.append(_clause(one, {var: word}, many and met))
        met = met or (isinstance(atom, Pred) and var in atom.args)
    *where, last = clauses
    return f"if {' and '.join(where)} then {last}"


# --- clauses ---------------------------------------------------------------------------------


def _clause(literal: Formula, words: dict[Var, str] | None = None, many: bool = False) -> str:
    atom = literal.body if isinstance(literal, Not) else literal
    assert isinstance(atom, Pred)  # callers pass literals only
    known = words or {}
    subject = atom.args[0] if atom.args else None
    plural_subject = many and isinstance(subject, Var)
    said = _predicate(
        atom, isinstance(literal, Not), plural_subject, lambda t: _term(t, known), kinds=False
    )
    return said if subject is None else f"{_term(subject, known)} {said}"


def _says(literal: Formula, var: Var, *, many: bool = False) -> str:
    """What is said of ``var``: "is red", "does not chase the cat", "are wumpuses"."""
    atom = literal.body if isinstance(literal, Not) else literal
    assert isinstance(atom, Pred) and atom.args[:1] == (var,)
    return _predicate(atom, isinstance(literal, Not), many, lambda t: _term(t, {}))


def _predicate(atom: Pred, denied: bool, many: bool, term: _Named, *, kinds: bool = True) -> str:
    """ "is red", "does not chase the cat", "are wumpuses", or without ``kinds`` "are a wumpus" """
    name = spaced(atom.name)
    first, *rest = name.split()
    objects = "".join(f" {term(one)}" for one in atom.args[1:])
    verb = len(atom.args) == 2 and not lexicon.is_adjective(first) and rest[-1:] != ["than"]
    if verb or (
        len(atom.args) == 1 and first in lexicon.verbs() and not lexicon.is_adjective(name)
    ):
        tail = "".join(f" {one}" for one in rest) + objects
        if denied:
            return f"{'do' if many else 'does'} not {first}{tail}"
        return f"{first if many else third_person(first)}{tail}"
    copula = ("are" if many else "is") + (" not" if denied else "")
    if len(atom.args) == 2 or lexicon.is_adjective(name):
        return f"{copula} {name}{objects}"
    return f"{copula} {_many(name) if many and kinds else _a(name)}"


def _term(term: Term, words: dict[Var, str]) -> str:
    match term:
        case Var():
            return words.get(term, term.name)
        case Apply(_, ()):
            return named(term)
        case _:
            return "something"  # reads back as something else, so that this phrasing is left out


def _is_about(literal: Formula, var: Var) -> bool:
    """Whether it says something of ``var``, which is not what it says of it."""
    atom = literal.body if isinstance(literal, Not) else literal
    return isinstance(atom, Pred) and atom.args[:1] == (var,) and var not in atom.args[1:]


def _is_kind(literal: Formula, var: Var) -> bool:
    return (
        isinstance(literal, Pred)
        and literal.args == (var,)
        and not lexicon.is_adjective(literal.name)
        and literal.name not in lexicon.verbs()
    )


def _kind(literal: Formula) -> str:
    assert isinstance(literal, Pred)
    return spaced(literal.name)


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _many(noun: str) -> str:
    *front, last = noun.split()
    return " ".join([*front, plural(last)])


def named(individual: Apply) -> str:
    """An individual in English: "Anne", "the bear"."""
    name = spaced(individual.name)
    if name.startswith("the "):
        return name
    return " ".join(part.capitalize() for part in individual.name.split("_"))


def spaced(name: str) -> str:
    """A symbol's name in English: "talk to"."""
    return name.replace("_", " ")
