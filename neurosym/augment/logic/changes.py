"""What can be done to a theory and its claim, and what should then become of the label."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from neurosym.augment.base import LABELS, Example, Statement
from neurosym.augment.logic import chaining
from neurosym.augment.logic.chains import generalise, subject
from neurosym.augment.logic.distractors import distractors_for
from neurosym.augment.logic.wording import word
from neurosym.augment.logic.words import Words
from neurosym.translate.atoms import predicates, rename_symbols
from neurosym.translate.clusters import Prove
from neurosym.translate.english import lexicon
from provers.base import Outcome
from provers.logic.syntax import (
    Apply,
    Forall,
    Formula,
    Implies,
    Not,
    Pred,
    Term,
    Var,
    negate,
    terms,
)

NOT_HERE: Final = "does not apply"
NO_WORDING: Final = "no wording"

_OPPOSITE: Final = {Outcome.PROVED: Outcome.REFUTED, Outcome.REFUTED: Outcome.PROVED}


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed theory and claim. ``expected`` are the labels that the change can have, ``said``
    is the change in words, and ``facts`` what is known of the result.
    """

    premises: tuple[Statement, ...]
    claim: Statement
    expected: tuple[Outcome, ...]
    said: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Theory:
    """An example to be changed. Each method makes one change, or says why it cannot."""

    def __init__(self, example: Example, rng: random.Random, prove: Prove) -> None:
        self.premises = example.premises
        self.claim = example.claim
        self.label = example.label
        self.needed: Sequence[int] = example.facts.get("needed", ())
        self.formulas = tuple(one.formula for one in (*example.premises, example.claim))
        self.rng = rng
        self._prove = prove
        self._words: Words | None = None

    @property
    def words(self) -> Words:
        """Words that the example does not use."""
        if self._words is None:
            names = {atom.name for atom in predicates(self.formulas)}
            names |= {t.name for f in self.formulas for t in terms(f) if isinstance(t, Apply)}
            invented = self.rng.random() < 0.5
            self._words = Words(self.rng, invented=invented, taken=names)
        return self._words

    # --- the same theory, said otherwise -----------------------------------------------------

    def rename(self) -> Changed | str:
        """Other predicates and individuals throughout, of the same kinds of word."""
        new: dict[tuple[str, int], str] = {}
        for atom in predicates(self.formulas):
            key = atom.name, len(atom.args)
            if key not in new:
                new[key] = self._like(*key)
        named = chaining.individuals(self.formulas)
        others = {
            one.name: self.words.individual(animal=one.name.startswith("the_")).name
            for one in named
        }
        worded = [
            self._word(
                rename_symbols(
                    formula,
                    lambda name, arity: new[name, arity],
                    lambda name, arity: name if arity else others[name],
                )
            )
            for formula in self.formulas
        ]
        done = [one for one in worded if one is not None]
        if len(done) < len(worded):
            return NO_WORDING
        return Changed(tuple(done[:-1]), done[-1], (self.label,), "renamed")

    def _like(self, name: str, arity: int) -> str:
        """A new word that is said as the old one is; the old one, where there is none."""
        first = name.split("_")[0]
        match arity:
            case 1 if lexicon.is_adjective(name):
                return self.words.adjective()
            case 1 if first not in lexicon.verbs():
                return self.words.noun()
            case 2 if first in lexicon.verbs():
                return self.words.verb() or name
            case _:
                return name

    def reorder(self) -> Changed | str:
        """The premises in another order."""
        order = list(self.premises)
        self.rng.shuffle(order)
        if order == list(self.premises):
            return NOT_HERE
        return Changed(tuple(order), self.claim, (self.label,), "reordered")

    # --- more or fewer premises --------------------------------------------------------------

    def distract(self) -> Changed | str:
        """One to three facts or rules more, which leave the label as it is."""

        def fresh(about: Apply) -> Pred:
            return Pred(self._quality(), (about,))

        number = self.rng.randint(1, 3)
        *formulas, claim = self.formulas
        found = distractors_for(formulas, claim, number, self.rng, fresh)
        if not found:
            return NOT_HERE
        worded = [one for one in map(self._word, found) if one is not None]
        if len(worded) < len(found):
            return NO_WORDING
        premises = list(self.premises)
        for one in worded:
            premises.insert(self.rng.randint(0, len(premises)), one)
        facts = {"distractors": sorted(premises.index(one) for one in worded)}
        said = f"added {' '.join(one.text for one in worded)}"
        return Changed(tuple(premises), self.claim, (self.label,), said, facts)

    def drop_needed(self) -> Changed | str:
        """Without one of the premises that the prover's proof uses; any label may come of it."""
        return self._without(self.needed, LABELS)

    def drop_unneeded(self) -> Changed | str:
        """Without a premise that the prover's proof does not use."""
        unneeded = [i for i in range(len(self.premises)) if i not in self.needed]
        return self._without(unneeded, (self.label,))

    def _without(self, places: Sequence[int], expected: tuple[Outcome, ...]) -> Changed | str:
        if not places or len(self.premises) < 2:
            return NOT_HERE
        place = self.rng.choice(places)
        left = tuple(one for i, one in enumerate(self.premises) if i != place)
        return Changed(left, self.claim, expected, f"left out {self.premises[place].text}")

    def contradict(self) -> Changed | str:
        """A premise more that denies what chaining derives."""
        if self.label is Outcome.INCONSISTENT:
            return NOT_HERE
        known = chaining.depths(self.formulas[:-1])
        if not known:
            return NOT_HERE
        denied = self.rng.choice(list(known))
        worded = self._word(negate(denied))
        if worded is None:
            return NO_WORDING
        place = self.rng.randint(0, len(self.premises))
        premises = (*self.premises[:place], worded, *self.premises[place:])
        said = f"added {worded.text}"
        facts = {"contradicts": place}
        return Changed(premises, self.claim, (Outcome.INCONSISTENT,), said, facts)

    # --- another claim -----------------------------------------------------------------------

    def negate(self) -> Changed | str:
        """The claim denied."""
        worded = self._word(chaining.denial(self.claim.formula))
        if worded is None:
            return NO_WORDING
        expected = (_OPPOSITE.get(self.label, self.label),)
        return Changed(self.premises, worded, expected, "denied the claim")

    def chain(self) -> Changed | str:
        """A rule that leads on from the claim, or from its negation, and the claim after that."""
        found = self._further()
        if found is None:
            return NOT_HERE
        rule, claim = map(self._word, found)
        if rule is None or claim is None:
            return NO_WORDING
        place = self.rng.randint(0, len(self.premises))
        premises = (*self.premises[:place], rule, *self.premises[place:])
        return Changed(premises, claim, (self.label,), f"added {rule.text} and asked for more")

    def _further(self) -> tuple[Formula, Formula] | None:
        said = self.claim.formula
        match said:
            case Forall((var,), Implies(left, right)) if (
                _about(right) == var and self.label is not Outcome.REFUTED
            ):
                more: Formula = Pred(self._quality(), (var,))
                return Forall((var,), Implies(right, more)), Forall((var,), Implies(left, more))
            case _ if isinstance(_about(said), Apply):
                about = subject(said)
                more = Pred(self._quality(), (about,))
                if self.label is Outcome.REFUTED:
                    return generalise(Implies(negate(said), more), about), negate(more)
                return generalise(Implies(said, more), about), more
            case _:
                return None

    # --- other rules that say as much --------------------------------------------------------

    def split(self) -> Changed | str:
        """A rule made two, with a new property between condition and conclusion."""

        def halves(rule: Formula) -> list[Formula]:
            match rule:
                case Forall((var,), Implies(left, right)) if _about(right) == var:
                    middle = Pred(self._quality(), (var,))
                    return [
                        Forall((var,), Implies(left, middle)),
                        Forall((var,), Implies(middle, right)),
                    ]
                case Implies(left, right) if isinstance(_about(right), Apply):
                    middle = Pred(self._quality(), (subject(right),))
                    return [Implies(left, middle), Implies(middle, right)]
                case _:
                    return []

        return self._instead(halves, "split")

    def contrapose(self) -> Changed | str:
        """A rule with one condition turned round, both sides denied."""

        def turned(rule: Formula) -> list[Formula]:
            match rule:
                case Forall(bound, Implies() as body):
                    return [Forall(bound, one) for one in turned(body)]
                case Implies(left, right) if all(map(chaining.is_literal, (left, right))):
                    return [Implies(negate(right), negate(left))]
                case _:
                    return []

        return self._instead(turned, "turned round")

    def _instead(self, made: Callable[[Formula], list[Formula]], said: str) -> Changed | str:
        """One premise replaced by what is made of it, a needed one where that can be."""
        places = list(range(len(self.premises)))
        self.rng.shuffle(places)
        places.sort(key=lambda place: place not in self.needed)
        for place in places:
            old = self.premises[place]
            found = made(old.formula)
            if not found:
                continue
            worded = [one for one in map(self._word, found) if one is not None]
            if len(worded) < len(found):
                return NO_WORDING
            premises = (*self.premises[:place], *worded, *self.premises[place + 1 :])
            return Changed(premises, self.claim, (self.label,), f"{said} {old.text}")
        return NOT_HERE

    # --- words -------------------------------------------------------------------------------

    def _quality(self) -> str:
        """A new adjective, or a new noun where no premise has an adjective."""
        names = [atom.name for atom in predicates(self.formulas) if len(atom.args) == 1]
        if names and not any(map(lexicon.is_adjective, names)):
            return self.words.noun()
        return self.words.adjective()

    def _word(self, formula: Formula) -> Statement | None:
        return word(formula, self.rng, self._prove)


def _about(literal: Formula) -> Term | None:
    """What a literal is about first; None for what is no literal or is about nothing."""
    atom = literal.body if isinstance(literal, Not) else literal
    if not isinstance(atom, Pred) or not atom.args:
        return None
    first = atom.args[0]
    plain = isinstance(first, Var) or (isinstance(first, Apply) and not first.args)
    return first if plain else None
