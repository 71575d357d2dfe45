"""Facts and rules that leave a claim as it is, and look as if they did not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from neurosym.augment.logic import chaining
from neurosym.augment.logic.chains import generalise, signed
from provers.base import Outcome
from provers.logic.syntax import Apply, Formula, Implies, Not, Pred, Term, conjunction, negate

MOST_DISTRACTORS: Final = 40
_TRIED: Final = 12  # for one distractor
_CHANCE_FACT: Final = 0.4
_CHANCE_FRESH: Final = 0.35  # of a predicate that nothing else speaks of


def distractors_for(
    premises: Sequence[Formula],
    claim: Formula,
    number: int,
    rng: random.Random,
    fresh: Callable[[Apply], Pred],
) -> list[Formula]:
    """``number`` facts and rules over the individuals and predicates of the theory, and over those
    that ``fresh`` makes, that are ``harmless``; fewer where too many tries are not.
    """
    found: list[Formula] = []
    for _ in range(number):
        every = [*premises, *found]
        for _ in range(_TRIED):
            new = _statement([*every, claim], rng, fresh)
            if new is not None and harmless(every, new, claim):
                found.append(new)
                break
        else:
            break
    return found


def harmless(premises: Sequence[Formula], new: Formula, claim: Formula) -> bool:
    """Whether, as far as chaining tells, ``new`` contradicts nothing and says nothing about the
    claim that was not known, nor makes it known sooner.
    """
    if new in premises or new == claim or any(map(_is_idle, chaining.rules(new))):
        return False
    longer = [*premises, new]
    before, after = chaining.depths(premises), chaining.depths(longer)
    if chaining.contradiction(before) != chaining.contradiction(after):
        return False
    return all(
        chaining.depth(premises, claim, label) == chaining.depth(longer, claim, label)
        for label in (Outcome.PROVED, Outcome.REFUTED)
    )


def _is_idle(rule: chaining.Rule) -> bool:
    """Whether it concludes what it assumes or the contrary, or cannot apply."""
    same = {rule.conclusion, negate(rule.conclusion)} & set(rule.conditions)
    return bool(same) or any(negate(one) in rule.conditions for one in rule.conditions)


def _statement(
    formulas: Sequence[Formula], rng: random.Random, fresh: Callable[[Apply], Pred]
) -> Formula | None:
    """A fact or a rule, whatever it says; None without predicates and individuals to speak of."""
    parts = [p for f in formulas for r in chaining.rules(f) for p in (*r.conditions, r.conclusion)]
    pool = list(dict.fromkeys(one.body if isinstance(one, Not) else one for one in parts))
    named = chaining.individuals(formulas)
    if not pool or not named:
        return None
    about = rng.choice(named)

    others: list[Term] = [one for one in named if one != about] or [about]

    def literal() -> Formula:
        if rng.random() < _CHANCE_FRESH:
            return signed(fresh(about), rng)
        atom = rng.choice(pool)
        assert isinstance(atom, Pred)  # rules are made of literals
        # Nothing acts on itself here: English says that with "itself", which is not read.
        objects: list[Term] = [
            one if one in others else rng.choice(others) for one in atom.args[1:]
        ]
        return signed(Pred(atom.name, (about, *objects)), rng)

    if rng.random() < _CHANCE_FACT:
        return literal()
    conditions = tuple(dict.fromkeys(literal() for _ in range(rng.choice((1, 1, 2)))))
    return generalise(Implies(conjunction(conditions), literal()), about)
