"""Predicates: verbs with their objects, and what may follow "is"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from neurosym.translate.english import lexicon
from neurosym.translate.english.cursor import AFTER_SUBJECT, Number, Unreadable, spell
from neurosym.translate.english.nouns import Follow, NounPhrases
from neurosym.translate.english.trees import (
    Combined,
    Definite,
    Denied,
    Named,
    Noun,
    Predicate,
    Property,
    Quantified,
    Relation,
    Same,
    Together,
)

_NUMBERS: Final[tuple[Number, ...]] = ("s", "p")


class Predicates(NounPhrases):
    """Reads predicates.

    ``described``: within the relative clause of "is a ... who", where "and a ..." may go on with
    what the subject is. ``negated``: in a complement after "not".
    """

    described = False
    negated = False

    def predicate(self, number: Number, inside: bool) -> Predicate:
        return self.nested(lambda: self._predicate(number, inside))

    def _predicate(self, number: Number, inside: bool) -> Predicate:
        if self.take("neither"):
            first = self._verb_phrase(number, inside)
            self.expect("nor")
            second = self._verb_phrase(number, inside)
            return Combined("and", (Denied(first), Denied(second)))
        if self.at("either"):
            return self._either_of(lambda: self._verb_phrase(number, inside))
        parts, words, places = self.listed(
            lambda _further: self._verb_phrase(number, inside), self.boundary(inside)
        )
        if self.described and "or" in words:
            raise self.fail(places[0], "what is described may go on here")
        return _combined(parts, words)

    def _either_of(self, item: Callable[[], Predicate]) -> Predicate:
        self.expect("either")
        first = item()
        self.expect("or")
        second = item()
        return Combined("xor" if self.not_both() else "or", (first, second))

    def _verb_phrase(self, number: Number, inside: bool) -> Predicate:
        self.step()
        if self.take("never"):
            if self.low() in lexicon.AUXILIARIES and not self.at("has", "have"):
                raise self.fail()
            return Denied(self._verb(number, inside, denied=True))
        if self.at("is", "are"):
            if self.at("are") != (number == "p"):
                raise self.fail()
            self.i += 1
            return self.complement(number, inside)
        if self.at("do", "does"):
            if self.at("do") != (number == "p"):
                raise self.fail()
            self.i += 1
            self.expect("not")
            return Denied(self._verb("p", inside, denied=True))
        return self._verb(number, inside, denied=False)

    def base_verb(self, denied: bool) -> Predicate:
        """The verb phrase of "does Bob ...?"."""
        return self._verb("p", False, denied)

    def _verb(self, number: Number, inside: bool, denied: bool) -> Predicate:
        begin = self.i
        word = self.low()
        if not (self.is_content(begin) or word in ("has", "have")) or self.is_name(begin):
            raise self.fail()
        lemma = lexicon.verb_lemma(word, number)
        if lemma is None or lemma in ("exist", *lexicon.TRAILING):
            raise self.fail()
        self.i += 1
        name = spell(lemma)
        if self.low() in lexicon.PREPOSITIONS and not self.at("by"):
            if self.follows("at", "all") or (self.at("to") and self.low(1) in lexicon.verbs()):
                raise self.fail()
            name = f"{name}_{self.low()}"
            self.i += 1
        elif not self._object_starts(inside):
            if number == "p" and not denied and lemma in lexicon.TOGETHER:
                raise self.fail(begin, "may be about each or about all together")
            return Property((name,))
        if lemma == "include" and number == "p" and not denied:
            raise self.fail(begin, "may be about each or about all together")
        at = self.i
        target = self.objects(inside, denied)
        indefinite = isinstance(target, Quantified) and target.quantity in ("a", "some")
        if indefinite and lemma in lexicon.INTENSIONAL:
            raise self.fail(at, f'"{lemma}" does not say that there is one')
        if lemma in lexicon.CLAUSAL and isinstance(target, Quantified):
            raise self.fail(at)
        mass = isinstance(target, Named) and target.kind
        if lemma == "have" and mass and not lexicon.is_plural(self.tokens[self.i - 1].low):
            raise self.fail(at)
        return Relation(name, target)

    def _object_starts(self, inside: bool) -> bool:
        word = self.low()
        if word in lexicon.DETERMINERS or word in lexicon.SOMEONE or word in lexicon.PRONOUNS:
            return True
        if not self.is_content(self.i):
            return False
        if not inside or self.is_name(self.i):
            return True
        # In "every dog that barks chases cats" the next word is the main verb, not an object.
        if self.low(1) in AFTER_SUBJECT:
            return True
        if not self.is_content(self.i + 1):
            return False
        return not any(lexicon.is_verb(word, n) for n in _NUMBERS)

    def objects(self, inside: bool, denied: bool) -> Noun:
        """One object or several."""
        follow: Follow = "verb" if inside else "end"
        negative = self.take("neither")
        either = not negative and self.take("either")
        if not negative:
            self.take("both")

        def item(_further: bool) -> Noun:
            if self.at("he", "she", "they"):
                raise self.fail()
            if self.is_content(self.i):
                return self._bare_object(self.i)[0]
            return self.noun(follow)[0]

        if negative:
            first = item(False)
            self.expect("nor")
            return Together("or", (first, item(False)), True)
        parts, words, places = self.listed(item, self.boundary(inside))
        if either and words[:1] != ("or",):
            raise self.fail()
        if not words:
            return parts[0]
        if "but" in words:  # "every dog but Rex"
            raise self.fail(places[words.index("but")])
        if self.described and any(isinstance(p, Quantified) for p in parts[1:]):
            raise self.fail(places[0], "what is described may go on here")
        self._check_shared(parts)
        self._check_verbs(parts)
        if (denied or self.negated) and "or" not in words:
            raise self.fail(places[0], '"not" before "and": say "or", or repeat "not"')
        return Together("or" if "or" in words else "and", parts)

    def _check_verbs(self, parts: tuple[Noun, ...]) -> None:
        """Refuse "eats meat and drinks", where a later object may be a verb."""
        for part in parts[1:]:
            if isinstance(part, Named) and part.kind:
                word = self.tokens[part.at].low
                if any(lexicon.is_verb(word, n) for n in _NUMBERS):
                    raise self.fail(part.at, "it may be a noun or a verb")

    def complement(self, number: Number, inside: bool) -> Predicate:
        """What may follow "is" and "are"."""
        self.step()
        if self.take("neither"):
            first = self._complement(number, inside, False)
            self.expect("nor")
            second = self._complement(number, inside, False)
            return Combined("and", (Denied(first), Denied(second)))
        if self.at("either"):
            return self._either_of(lambda: self._complement(number, inside, False))
        self.take("both")
        parts, words, places = self.listed(
            lambda further: self._complement(number, inside, further), self.boundary(inside)
        )
        if words and isinstance(parts[0], Denied):
            open_ends = not any(isinstance(p, Denied) for p in parts[1:])
            if open_ends and "or" in words:
                first_body = parts[0].body
                return Denied(Combined("or", (first_body, *parts[1:])))
            if not all(isinstance(p, Denied) for p in parts) and "but" not in words:
                raise self.fail(places[0], '"not" before "and": say "or", or repeat "not"')
        return _combined(parts, words)

    def _complement(self, number: Number, inside: bool, further: bool) -> Predicate:
        self.step()
        if self.take("not") or self.take("never"):
            if self.take("either"):
                raise self.fail()
            outer, self.negated = self.negated, True
            try:
                return Denied(self.nested(lambda: self._complement(number, inside, further)))
            finally:
                self.negated = outer
        begin, word = self.i, self.low()
        if word in ("a", "an"):
            return self._is_a(inside)
        if word == "the":
            return self._is_the(inside, further)
        if self.follows("more", self.low(1), "than"):
            if not self.is_content(begin + 1):
                raise self.fail(begin + 1)
            name = f"more_{spell(self.low(1))}_than"
            self.i += 3
            return Relation(name, self.objects(inside, False))
        if word in lexicon.PREPOSITIONS:
            if word in ("of", "to", "for", "from", "about", "by", "with", "as", "than"):
                raise self.fail()
            if self.follows("at", "all"):
                raise self.fail(begin + 1)
            self.i += 1
            return Relation(word, self.objects(inside, False))
        if not self.is_content(begin):
            raise self.fail()
        return self._is_plain(number, inside, further)

    def _is_a(self, inside: bool) -> Predicate:
        begin = self.i
        self.i += 1
        before = self._modifiers(begin, determined=True)
        words = self._phrase("a", "verb" if inside else "end")
        if not lexicon.is_singular(words[-1]):
            raise self.fail(self.i - 1)
        conditions, noun, _ = self._conditions(before, words)
        if self.take("of"):
            if before or len(words) > 1 or noun in ("type", "kind", "sort", "form", "lot"):
                raise self.fail(self.i - 1)
            return Relation(f"{noun}_of", self.objects(inside, False))
        if not conditions:
            raise self.fail(begin)
        if self.low() in ("who", "that", "which"):
            self.i += 1
            outer, self.described = self.described, True
            try:
                relative = self.predicate("s", inside)
            finally:
                self.described = outer
            return Combined("and", (Property(conditions, noun=True), relative))
        return Property(conditions, noun=True)

    def _is_the(self, inside: bool, further: bool) -> Predicate:
        begin = self.i
        self.i += 1
        words = self._phrase("the", "verb" if inside else "end")
        if further or not lexicon.is_singular(words[-1]) or lexicon.unfit_adjective(words[0]):
            raise self.fail(begin + 1)
        noun = "_".join(spell(w) for w in words)
        if self.take("of"):
            return Relation(f"{noun}_of", self.objects(inside, False))
        return Same(Definite(noun, begin))

    def _is_plain(self, number: Number, inside: bool, further: bool) -> Predicate:
        begin, word = self.i, self.low()
        if self.is_name(begin) and word not in lexicon.DEMONYMS:
            demonym = lexicon.singular(word) in lexicon.DEMONYMS and number == "p"
            if not demonym:
                raise self.fail(why='a name after "is"')
        comparative = (word.endswith("er") or word == "worse") and self.low(1) == "than"
        if comparative:
            self.i += 2
            return Relation(f"{spell(word)}_than", self.objects(inside, False))
        if self.low(1) == "by":
            verb = lexicon.participle(word)
            if verb is None:
                raise self.fail(begin + 1)
            self.i += 2
            return Relation(spell(verb), self.objects(inside, False), passive=True)
        if number == "p" and word in lexicon.COLLECTIVE:
            raise self.fail(why="may be about each or about all together")
        if number == "p" and not inside:
            plural = self.attempt(self._plural_noun)
            if plural is not None:
                return plural
        lemma = lexicon.singular(word) if number == "p" else word
        if lexicon.is_adjective(word):
            lemma = word
        elif number == "s" and not lexicon.is_singular(word):
            raise self.fail()
        if lexicon.unfit_adjective(word):
            raise self.fail()
        if further and word in lexicon.verbs() and not lexicon.is_adjective(word):
            raise self.fail()
        self.i += 1
        if self.low() in lexicon.PREPOSITIONS and (
            self.low(1) in lexicon.DETERMINERS
            or self.low(1) in lexicon.SOMEONE
            or self.low(1) in lexicon.PRONOUNS
            or self.is_content(self.i + 1)
        ):
            if self.at("to") and self._may_be_infinitive():
                raise self.fail()
            if number == "p" and not lexicon.is_adjective(word) and lexicon.is_plural(word):
                if not self.at("of") or lemma in ("type", "kind", "sort", "form"):
                    raise self.fail(begin)
                word = lemma
            name = f"{spell(word)}_{self.low()}"
            compared = self.at("for") and word in lexicon.RELATIVE
            self.i += 1
            target = self.objects(inside, False)
            if compared and isinstance(target, Quantified):
                raise self.fail(begin, "a comparison within a kind")
            return Relation(name, target)
        return Property((spell(lemma),))

    def _may_be_infinitive(self) -> bool:
        """ "likely to occur", "free to modify", against "open to visitors", "married to Bob" """
        if not self.is_content(self.i + 1) or self.is_name(self.i + 1):
            return False
        return self.low(1) in lexicon.verbs() or self.low(-1) in lexicon.INFINITIVAL

    def _plural_noun(self) -> Predicate:
        """ "are big cats" """
        words = self.run()
        if len(words) < 2 or not lexicon.is_plural(words[-1]):
            raise Unreadable(self.i)
        self.i += len(words)
        conditions, _, _ = self._conditions([], words)
        return Property(conditions)


def _combined(parts: tuple[Predicate, ...], words: tuple[str, ...]) -> Predicate:
    return Combined("or" if "or" in words else "and", parts) if words else parts[0]
