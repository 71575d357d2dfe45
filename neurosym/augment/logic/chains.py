"""A claim with a derivation of known depth, and the facts and rules that the derivation needs."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from neurosym.augment.logic.chaining import is_literal
from neurosym.augment.logic.words import Words
from neurosym.translate.atoms import replace_atoms
from provers.logic.syntax import (
    Apply,
    Forall,
    Formula,
    Implies,
    Not,
    Pred,
    Term,
    Var,
    conjunction,
    negate,
    terms,
)

Style: TypeAlias = Literal["attributes", "relations", "kinds"]
STYLES: Final[tuple[Style, ...]] = get_args(Style)
"""``attributes`` ("Bob is red") and ``relations`` ("the bear chases the cat") are ProofWriter's
theories (Tafjord et al., 2021), ``kinds`` ("every wumpus is a tumpus") those of PrOntoQA (Saparov
and He, 2023)."""

X: Final = Var("x")

_CHANCE_NEGATIVE: Final = 0.25
_CHANCE_SECOND_CONDITION: Final = 0.4
_CHANCE_GROUND: Final = 0.15
_CHANCE_OF_OBJECT: Final = 0.4


@dataclass(frozen=True, slots=True)
class Chain:
    """What follows step by step: ``steps[i]`` from ``rules[i - 1]`` and what came before.

    ``given`` are the facts, of which ``steps[0]`` is the first.
    """

    steps: tuple[Formula, ...]
    given: tuple[Formula, ...]
    rules: tuple[Formula, ...]

    @property
    def premises(self) -> tuple[Formula, ...]:
        return (*self.given, *self.rules)

    @property
    def claim(self) -> Formula:
        return self.steps[-1]

    @property
    def general_claim(self) -> Formula:
        """ "Every wumpus is red": of all that the first step says of one. It follows from the rules
        of a ``general`` chain.
        """
        rule = Implies(self.steps[0], self.steps[-1])
        return generalise(rule, subject(self.steps[0]))


def subject(literal: Formula) -> Apply:
    """The individual that a ground literal is about first."""
    atom = literal.body if isinstance(literal, Not) else literal
    assert isinstance(atom, Pred) and isinstance(atom.args[0], Apply)
    return atom.args[0]


def exchange(formula: Formula, by: Mapping[Term, Term]) -> Formula:
    """The formula about other things: each argument of ``by`` replaced."""

    def atom(one: Formula) -> Formula:
        if not isinstance(one, Pred):
            return one
        return Pred(one.name, tuple(by.get(arg, arg) for arg in one.args))

    return replace_atoms(formula, atom)


def generalise(formula: Formula, individual: Apply) -> Formula:
    """The rule about all that it says of one individual."""
    return Forall((X,), exchange(formula, {individual: X}))


def signed(atom: Formula, rng: random.Random, chance: float = _CHANCE_NEGATIVE) -> Formula:
    """The atom, or with some chance its negation."""
    return Not(atom) if rng.random() < chance else atom


class Scene:
    """The individuals of one theory and new things to say of them."""

    def __init__(self, rng: random.Random, style: Style, invented: bool) -> None:
        self.rng = rng
        self.style = style
        self.words = Words(rng, invented=invented)
        animals = style == "relations" and rng.random() < 0.8
        count = rng.randint(2, 4) if style != "kinds" else rng.randint(1, 3)
        self.individuals = tuple(self.words.individual(animal=animals) for _ in range(count))

    def atom(self, about: Apply, *, last: bool = False) -> Pred:
        """Something that no statement has said yet."""
        match self.style:
            case "relations" if self.rng.random() < 0.5 and (verb := self.words.verb()):
                others = [one for one in self.individuals if one != about]
                return Pred(verb, (about, self.rng.choice(others)))
            case "kinds" if not (last and self.rng.random() < 0.6):
                return Pred(self.words.noun(), (about,))
            case _:
                return Pred(self.words.adjective(), (about,))

    def chain(self, length: int, *, general: bool = False) -> Chain:
        """A chain of ``length`` rules. If it is ``general``, no rule is about one individual alone
        or has a second condition.
        """
        about = self.individuals[0]
        simple = general or self.style == "kinds"
        first: Formula = self.atom(about, last=length == 0)
        if not simple or length == 0:
            first = signed(first, self.rng, 0.5 if length == 0 else _CHANCE_NEGATIVE)
        steps, given, rules = [first], [first], []
        for number in range(1, length + 1):
            rule, step, fact = self._step(steps, simple, last=number == length)
            rules.append(rule)
            steps.append(step)
            given += [] if fact is None else [fact]
        return Chain(tuple(steps), tuple(given), tuple(rules))

    def _step(
        self, steps: Sequence[Formula], simple: bool, *, last: bool
    ) -> tuple[Formula, Formula, Formula | None]:
        rng, current = self.rng, steps[-1]
        about = subject(current)
        found = [one for one in terms(current) if isinstance(one, Apply)]
        of_object = len(found) > 1 and not simple and rng.random() < _CHANCE_OF_OBJECT
        atom = self.atom(found[1] if of_object else about, last=last)
        chance = 0.5 if last else 0.0 if self.style == "kinds" else _CHANCE_NEGATIVE
        conclusion = signed(atom, rng, chance)
        conditions, fact = [current], None
        if not simple and rng.random() < _CHANCE_SECOND_CONDITION:
            earlier = [one for one in steps[:-1] if subject(one) == about]
            if earlier and rng.random() < 0.3:
                conditions.append(rng.choice(earlier))
            else:
                fact = signed(self.atom(about), rng)
                conditions.append(fact)
            rng.shuffle(conditions)
        rule: Formula = Implies(conjunction(tuple(conditions)), conclusion)
        if simple or rng.random() >= _CHANCE_GROUND:
            rule = generalise(rule, about)
        return rule, conclusion, fact


def converse(rule: Formula) -> Formula | None:
    """The rule the other way round; None for what is no rule, or has several conditions."""
    match rule:
        case Forall(bound, Implies() as body):
            turned = converse(body)
            return None if turned is None else Forall(bound, turned)
        case Implies(left, right) if is_literal(left) and is_literal(right):
            return Implies(right, left)
        case _:
            return None


def broken(
    chain: Chain, rng: random.Random, others: Sequence[Apply], *, general: bool = False
) -> tuple[tuple[Formula, ...], Formula, str]:
    """The chain's premises and claim so changed that neither it nor its negation is derived, and
    how: ``fact`` or ``rule`` is missing, a rule is there as its ``converse`` alone, or the claim is
    about another ``individual``. With ``general``, the claim is the general one, and a rule is
    missing or turned round.
    """
    ways = ["fact"]
    if chain.rules:
        ways += ["rule", "rule"]
    turned = [i for i, rule in enumerate(chain.rules) if converse(rule) is not None]
    if turned:
        ways.append("converse")
    about = subject(chain.claim)
    others = [one for one in others if one != about and one not in terms(chain.claim)]
    if others:
        ways.append("individual")
    claim = chain.claim if rng.random() < 0.5 else negate(chain.claim)
    if general:
        ways = [one for one in ways if one in ("rule", "converse")]
        claim = chain.general_claim
    way = rng.choice(ways)
    premises = list(chain.premises)
    match way:
        case "fact":
            premises.remove(rng.choice(chain.given))
        case "rule":
            premises.remove(rng.choice(chain.rules))
        case "converse":
            rule = chain.rules[rng.choice(turned)]
            other = converse(rule)
            assert other is not None
            premises[premises.index(rule)] = other
        case _:
            claim = exchange(claim, {about: rng.choice(others)})
    return tuple(premises), claim, way
