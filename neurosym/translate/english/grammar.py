"""Recursive descent from tokens to trees: sentences and clauses. See ``GRAMMAR_DOC``.

Every alternative is tried in a fixed order and the work is bounded by ``cursor.MAX_STEPS``. The
token at which the text could not be continued is the furthest one that any alternative reached.
"""

from __future__ import annotations

from neurosym.translate.english import lexicon
from neurosym.translate.english.predicates import Predicates
from neurosym.translate.english.trees import (
    Clause,
    Conditional,
    Denied,
    Joined,
    Named,
    OnlyThose,
    Opposite,
    Quantified,
    Sentence,
    There,
    Together,
)


class Parser(Predicates):
    """Reads sentences."""

    def sentence(self) -> Sentence:
        if self.at("if", "when", "whenever"):
            self.i += 1
            condition = self.clauses()
            comma = self.take(",")
            if not self.take("then") and not comma:
                raise self.fail()
            return Conditional(condition, self.clauses())
        first = self.clauses()
        before_comma = self.i
        self.take(",")
        if self.at("if", "only", "unless"):
            if isinstance(first, Opposite):
                raise self.fail(why="what is denied may go on here")
            if isinstance(first, Joined) and not self.follows("if", "and"):
                raise self.fail(why="the condition may be that of the last clause alone")
        if self.take("if", "and", "only", "if"):
            return Conditional(first, self.clauses(), both=True)
        if self.take("if"):
            return Conditional(self.clauses(), first, reverse=True)
        if self.take("only", "if"):
            return Conditional(first, self.clauses())
        if self.take("unless"):
            return Conditional(Opposite(self.clauses()), first, reverse=True)
        self.i = before_comma
        return first

    def clauses(self) -> Sentence:
        if self.at("either"):
            both = self.attempt(self._either)
            if both is not None:
                return both
        parts, words, places = self.listed(lambda _further: self.clause(), lambda: True)
        if words and any(isinstance(p, Opposite) for p in parts[:-1]):
            raise self.fail(places[0], "what is denied may go on here")
        return _joined(parts, words)

    def _either(self) -> Sentence:
        self.expect("either")
        first = self.clause()
        self.take(",")
        self.expect("or")
        second = self.clause()
        return Joined("xor" if self.not_both() else "or", (first, second))

    def clause(self) -> Sentence:
        return self.nested(self._clause)

    def _clause(self) -> Sentence:
        for start in (("the", "case", "that"), ("true", "that")):
            if self.take("it", "is", "not", *start):
                return Opposite(self.clause())
            if self.take("it", "is", *start):
                return self.clause()
        if self.take("it", "is", "false", "that"):
            return Opposite(self.clause())
        if self.take("not"):
            if not self.at("every", "all", "each", "everyone", "everything", "everybody"):
                raise self.fail()
            return Opposite(self.clause())
        if self.at("there"):
            return self._there()
        if self.take("only"):
            noun, number = self.noun("verb")
            if not isinstance(noun, Quantified) or noun.quantity != "every":
                raise self.fail()
            return OnlyThose(noun, self.predicate(number, False))
        subject, number = self.subject()
        if isinstance(subject, Together) and (
            self.follows("are", "a") or self.follows("are", "an")
        ):
            raise self.fail(self.i + 1, "may be about each or about all together")
        if isinstance(subject, Named) and self.follows("is", "the"):
            first = self.tokens[subject.at]
            if self.i == subject.at + 1 == self.start + 1 and lexicon.is_adjective(first.low):
                raise self.fail(self.i + 1, "it may be said the other way round")
        return Clause(subject, self.predicate(number, False))

    def _there(self) -> Sentence:
        self.expect("there")
        if self.low() not in ("is", "are", "exists", "exist"):
            raise self.fail()
        plural = self.at("are", "exist")
        self.i += 1
        denied = self.take("not")
        if denied and not self.at("a", "an", "any"):
            raise self.fail()
        begin = self.i
        noun, number = self.noun("end", plural_some=plural)
        if not isinstance(noun, Quantified) or noun.quantity not in ("some", "a", "any", "no"):
            raise self.fail(begin)
        if noun.quantity == "any" and not denied:
            raise self.fail(begin)
        if plural != (number == "p") and noun.quantity != "no":
            raise self.fail(begin)
        return Opposite(There(noun)) if denied else There(noun)

    def question(self) -> Sentence:
        """ "is Bob cold", "does the cat eat the dog" (the question mark is left out)."""
        if self.at("is", "are"):
            plural = self.at("are")
            self.i += 1
            subject, number = self.subject("complement")
            if plural != (number == "p"):
                raise self.fail()
            return Clause(subject, self.complement(number, False))
        if self.at("does", "do"):
            plural = self.at("do")
            self.i += 1
            subject, number = self.subject("base")
            if plural != (number == "p"):
                raise self.fail()
            denied = self.take("not")
            verb = self.base_verb(denied)
            return Clause(subject, Denied(verb) if denied else verb)
        raise self.fail()


def _joined(parts: tuple[Sentence, ...], words: tuple[str, ...]) -> Sentence:
    return Joined("or" if "or" in words else "and", parts) if words else parts[0]
