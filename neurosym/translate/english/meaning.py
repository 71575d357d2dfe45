"""From trees to formulas: quantifiers, negation, and what pronouns refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from neurosym.translate.english.cursor import Unreadable
from neurosym.translate.english.trees import (
    Clause,
    Combined,
    Conditional,
    Definite,
    Denied,
    Joined,
    Joint,
    Named,
    Noun,
    OnlyThose,
    Opposite,
    Predicate,
    Pronoun,
    Property,
    Quantified,
    Relation,
    Same,
    Sentence,
    There,
    Together,
)
from provers.logic.syntax import (
    TRUE,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Pred,
    Term,
    Var,
    Xor,
    conjunction,
    disjunction,
    negate,
)

# How an indefinite ("someone", "a dog") is read here. ``plain``: there is one. ``condition``: it is
# a variable of the whole rule, as in "if someone ...". ``lifted``: the same, in a consequence that
# stands before its condition. ``denied``: there is one, below a negation. ``asked``: in a question.
Mode: TypeAlias = Literal["plain", "condition", "lifted", "denied", "asked"]
Body: TypeAlias = Callable[[Term, Mode], Formula]


@dataclass(frozen=True, slots=True)
class _Referent:
    term: Term
    noun: str
    person: bool | None


class Meaning:
    """The referents and variables of one sentence."""

    def __init__(self) -> None:
        self.referents: list[_Referent] = []
        self.variables = 0
        self.rule: list[Var] = []
        self.demands: list[Formula] = []

    # --- sentences -------------------------------------------------------------------------

    def sentence(self, tree: Sentence, mode: Mode = "plain") -> Formula:
        """The formula of ``tree``. Raises Unreadable for pronouns and scopes that are unclear."""
        match tree:
            case Clause(subject, predicate):
                return self._clause(subject, predicate, mode)
            case There(noun):
                return self._there(noun, mode)
            case OnlyThose(noun, predicate):
                return self._only(noun, predicate)
            case Opposite(body):
                return negate(self.sentence(body, "denied"))
            case Joined(joint, parts):
                return _join(joint, tuple(self.sentence(p, mode) for p in parts))
            case Conditional():
                return self._conditional(tree)

    def _there(self, noun: Quantified, mode: Mode) -> Formula:
        """That there is one, or is none, of what the noun phrase describes."""
        if not noun.conditions and noun.relative is None:
            raise Unreadable(noun.at)
        x = self._variable()
        if mode == "condition" and noun.quantity != "no":
            self.rule.append(x)
            self._introduce(_Referent(x, noun.noun, noun.person))
            return self._restriction(noun, x, self.rule)
        inner: list[Var] = []
        restriction = self._restriction(noun, x, inner)
        found = Exists((x, *inner), restriction)
        return negate(found) if noun.quantity == "no" else found

    def _clause(self, subject: Noun, predicate: Predicate, mode: Mode) -> Formula:
        parts = subject.parts if isinstance(subject, Together) else (subject,)
        for part in parts:
            if isinstance(part, Quantified) and part.quantity == "a":
                if mode not in ("condition", "lifted") and not _says_kind(predicate):
                    noun = part.noun.replace("_", " ")
                    raise Unreadable(part.at, f'"a {noun}" may mean every {noun} or one')
                if mode == "denied":
                    raise Unreadable(part.at)
        return self._noun(
            subject, mode, lambda term, m: self._predicate(predicate, term, m), subject=True
        )

    def _only(self, noun: Quantified, predicate: Predicate) -> Formula:
        x = self._variable()
        with_it = self._predicate(predicate, x, "plain")
        return Forall((x,), Implies(with_it, self._restriction(noun, x, [])))

    def _conditional(self, tree: Conditional) -> Formula:
        if tree.both:
            left = self.sentence(tree.condition, "lifted")
            right = self.sentence(tree.consequence, "plain")
            if self.demands:
                raise Unreadable(0, "the two sides do not speak of the same thing")
            return self._generalised(Iff(left, right))
        if tree.reverse:
            consequence = self.sentence(tree.consequence, "lifted")
            condition = self.sentence(tree.condition, "condition")
        else:
            condition = self.sentence(tree.condition, "condition")
            consequence = self.sentence(tree.consequence, "plain")
        return self._generalised(Implies(_all([*self.demands, condition]), consequence))

    def _generalised(self, formula: Formula) -> Formula:
        return Forall(tuple(self.rule), formula) if self.rule else formula

    # --- noun phrases ----------------------------------------------------------------------

    def _noun(self, noun: Noun, mode: Mode, body: Body, *, subject: bool = False) -> Formula:
        match noun:
            case Named(constant, _, kind):
                term = Apply(constant)
                if not kind:
                    self._introduce(_Referent(term, constant, None))
                return body(term, "plain" if mode == "lifted" else mode)
            case Definite(name):
                earlier = [r.term for r in self.referents if r.noun == name]
                if len(earlier) > 1:
                    raise Unreadable(noun.at, f'"the {name}" may be more than one')
                found: Term = earlier[0] if earlier else Apply(f"the_{name}")
                if not earlier:
                    self._introduce(_Referent(found, name, None))
                return body(found, "plain" if mode == "lifted" else mode)
            case Pronoun(word, at):
                return body(self._refer(word, at), "plain" if mode == "lifted" else mode)
            case Together(joint, parts, negative):
                if negative:
                    return _all(
                        negate(self._noun(p, "denied", body, subject=subject)) for p in parts
                    )
                made = tuple(self._noun(p, mode, body, subject=subject) for p in parts)
                return _join(joint, made)
            case Quantified():
                return self._quantified(noun, mode, body, subject=subject)

    def _quantified(self, noun: Quantified, mode: Mode, body: Body, *, subject: bool) -> Formula:
        quantity = noun.quantity
        bare = noun.person and not noun.conditions and noun.relative is None
        general = quantity in ("every", "no") or (quantity == "any" and mode in ("plain", "lifted"))
        if bare and (general or (mode == "plain" and quantity == "some")):
            # Not all that there is are people: of "the tower", "everyone" says nothing.
            raise Unreadable(noun.at, 'say "every person", "a person" or "everything"')
        if quantity == "any":
            if mode == "plain" and not subject:
                raise Unreadable(noun.at)
            quantity = "every" if mode in ("plain", "lifted") else "some"
        if quantity == "a" and subject and mode in ("plain", "asked"):
            if any(r.noun == noun.noun and isinstance(r.term, Var) for r in self.referents):
                raise Unreadable(noun.at, f'"a {noun.noun}" may be the one before or every one')
            quantity = "every"
        if quantity == "no" and mode == "denied" and not subject:
            raise Unreadable(noun.at, "a double negation")
        if quantity == "some" and noun.quantity != "any" and mode == "denied" and not subject:
            raise Unreadable(noun.at, '"some" below "not": say "any" or "no"')
        if mode == "lifted" and not subject:
            mode = "plain"
        x = self._variable()
        if mode == "lifted":
            return self._lifted(noun, quantity, x, body)
        match quantity:
            case "every" | "no":
                before = len(self.referents)
                self._introduce(_Referent(x, noun.noun, noun.person))
                bound: list[Var] = []
                restriction = self._restriction(noun, x, bound)
                if quantity == "no":
                    claim = negate(body(x, "denied"))
                else:
                    claim = body(x, "plain" if mode == "condition" else mode)
                del self.referents[before:]
                scope = claim if restriction == TRUE else Implies(restriction, claim)
                return Forall((x, *bound), scope)
            case _:
                if mode == "condition":
                    self.rule.append(x)
                    self._introduce(_Referent(x, noun.noun, noun.person))
                    restriction = self._restriction(noun, x, self.rule, condition=True)
                    return _all([restriction, body(x, mode)])
                before = len(self.referents)
                self._introduce(_Referent(x, noun.noun, noun.person))
                inner: list[Var] = []
                restriction = self._restriction(noun, x, inner)
                scope = _all([restriction, body(x, mode)])
                del self.referents[before:]
                return Exists((x, *inner), scope)

    def _lifted(self, noun: Quantified, quantity: str, x: Var, body: Body) -> Formula:
        self.rule.append(x)
        self._introduce(_Referent(x, noun.noun, noun.person))
        restriction = self._restriction(noun, x, self.rule, condition=True)
        if restriction != TRUE:
            self.demands.append(restriction)
        return negate(body(x, "denied")) if quantity == "no" else body(x, "plain")

    def _restriction(
        self, noun: Quantified, x: Var, bound: list[Var], *, condition: bool = False
    ) -> Formula:
        """What the noun phrase demands of ``x``; indefinites of its relative clause are bound."""
        names = noun.conditions
        if condition and noun.person:
            # "If a person is cold" says no more than "if someone is cold".
            names = tuple(n for n in names if n != "person")
        parts: list[Formula] = [Pred(name, (x,)) for name in names]
        if noun.relative is not None:
            outer, self.rule = self.rule, bound
            parts.append(self._predicate(noun.relative, x, "condition"))
            self.rule = outer
        return _all(parts)

    def _variable(self) -> Var:
        names = "xyzuvw"
        count = self.variables
        self.variables += 1
        return Var(names[count] if count < len(names) else f"x{count}")

    def _introduce(self, referent: _Referent) -> None:
        if all(r.term != referent.term for r in self.referents):
            self.referents.append(referent)

    def _refer(self, word: str, at: int) -> Term:
        """The one thing a pronoun can mean: what "someone", "a dog", ... introduced, or a name.

        Raises Unreadable where there is none, or more than one.
        """
        if word == "it":
            found = [r for r in self.referents if r.person is not True]
        elif word in ("they", "them"):
            found = [r for r in self.referents if not self._is_definite(r)]
        else:
            found = [r for r in self.referents if r.person is not False]
        fitting = [r.term for r in found]
        # "Someone" and "something" are taken up before what has a name of its own; "a dog" beside
        # Bob is not, nor is "someone" by "he" where Bob may be meant.
        open_ = [r.term for r in found if isinstance(r.term, Var) and r.noun in ("person", "thing")]
        named = any(isinstance(r.term, Apply) and not self._is_definite(r) for r in found)
        first = len(open_) == 1 and (word in ("it", "they", "them") or not named)
        chosen = open_ if first else fitting
        if len(chosen) != 1:
            few = "nothing before it" if not chosen else "more than one thing before it"
            raise Unreadable(at, f"it may refer to {few}" if chosen else f"it refers to {few}")
        return chosen[0]

    @staticmethod
    def _is_definite(referent: _Referent) -> bool:
        """ "the cat", where no cat was introduced before"""
        return isinstance(referent.term, Apply) and referent.term.name.startswith("the_")

    # --- predicates ------------------------------------------------------------------------

    def _predicate(self, predicate: Predicate, term: Term, mode: Mode) -> Formula:
        match predicate:
            case Property(names):
                return _all(Pred(name, (term,)) for name in names)
            case Relation(name, target, passive):
                if isinstance(target, Pronoun) and self._refer(target.word, target.at) == term:
                    raise Unreadable(target.at, "it would be the subject itself")
                return self._noun(
                    target,
                    mode,
                    lambda other, _m: Pred(name, (other, term) if passive else (term, other)),
                )
            case Same(other):
                return self._noun(other, mode, lambda found, _m: Eq(term, found))
            case Denied(body):
                return negate(self._predicate(body, term, "denied"))
            case Combined(joint, parts):
                return _join(joint, tuple(self._predicate(p, term, mode) for p in parts))


def _says_kind(predicate: Predicate) -> bool:
    """ "is a mammal", "is not a mammal": what is said of a kind, not of one animal."""
    match predicate:
        case Property(_, noun):
            return noun
        case Denied(body):
            return _says_kind(body)
        case Combined(_, parts):
            return _says_kind(parts[0])
        case _:
            return False


def _all(parts: Iterable[Formula]) -> Formula:
    return conjunction(tuple(p for p in parts if p != TRUE))


def _join(joint: Joint, parts: tuple[Formula, ...]) -> Formula:
    match joint:
        case "and":
            return _all(parts)
        case "or":
            return disjunction(parts)
        case "xor":
            left, right = parts
            return Xor(left, right)
