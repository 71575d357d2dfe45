"""Noun phrases: names, "the cat", "every red dog that barks", and lists of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from neurosym.translate.english import lexicon
from neurosym.translate.english.cursor import AFTER_SUBJECT, Cursor, Number, spell
from neurosym.translate.english.trees import (
    Definite,
    Named,
    Noun,
    Predicate,
    Pronoun,
    Quantified,
    Quantity,
    Together,
)

# What must come after a noun phrase: a finite verb; the base verb or the complement of a question;
# a boundary.
Follow: TypeAlias = Literal["verb", "base", "complement", "end"]
_COMPLEMENT_START: Final = frozenset({"a", "an", "the", "not", "more", "either", "neither", "both"})


class NounPhrases(Cursor, ABC):
    """Reads noun phrases; relative clauses need ``predicate``."""

    @abstractmethod
    def predicate(self, number: Number, inside: bool) -> Predicate:
        """The predicate of a subject of this number; a verb follows one ``inside`` a clause."""

    def subject(self, follow: Follow = "verb") -> tuple[Noun, Number]:
        negative = self.take("neither")
        exclusive = not negative and self.take("either")
        both = not negative and not exclusive and self.take("both")
        first, number = self.noun(follow)
        parts, word = [first], ""
        joining = ("nor",) if negative else ("or",) if exclusive else ("and", "or")
        while self.at(*joining) or (self.at(",") and not negative):
            mark = self.i
            comma = self.take(",")
            joint = self.low() if self.at(*joining) else ""
            if joint:
                self.i += 1
            elif not comma or word:
                self.i = mark
                break
            new = self.attempt(lambda: self.noun(follow))
            if new is None or (word and joint and joint != word):
                self.i = mark
                break
            parts.append(new[0])
            word = joint or word
        if len(parts) == 1:
            if negative or exclusive or both:
                raise self.fail()
            return first, number
        if not word or any(isinstance(p, Pronoun) for p in parts):
            raise self.fail()
        if word == "and" and any(isinstance(p, Quantified) and p.quantity == "no" for p in parts):
            raise self.fail()
        self._check_shared(parts)
        plurals = [p for p in parts if isinstance(p, Named) and lexicon.is_plural(p.constant)]
        if len(plurals) > 1:
            raise self.fail(plurals[-1].at, "these may be names or kinds")
        if (word != "and") and any(
            isinstance(p, Quantified) and p.quantity == "every" for p in parts
        ):
            raise self.fail(why="alternatives of a general subject")
        joined = Together("and" if word == "and" else "or", tuple(parts), negative)
        if word == "and":
            number = "p"
        return joined, number

    def _check_shared(self, parts: Sequence[Noun]) -> None:
        self._check_determiners(parts)
        last = parts[-1]
        if isinstance(last, Quantified) and last.relative is not None:
            others = [p for p in parts[:-1] if isinstance(p, Quantified)]
            if any(p.relative is None for p in others):
                raise self.fail(last.at, "what is said of the last may hold of all")

    def _check_determiners(self, parts: Sequence[Noun]) -> None:
        """Refuse "every dog or cat", where a determiner would reach over to the next noun.

        "All dogs and cats" and "dogs and cats" are fine: both are general either way.
        """
        reaching = False
        for part in parts:
            if isinstance(part, Together | Pronoun):
                continue
            first = self.tokens[part.at]
            determined = first.low in lexicon.DETERMINERS
            bare = not determined and first.low not in lexicon.SOMEONE and first.text[0].islower()
            if bare and reaching:
                raise self.fail(part.at, "the word before the first noun may hold here too")
            if determined and first.low != "all":
                reaching = True

    def noun(self, follow: Follow, plural_some: bool = False) -> tuple[Noun, Number]:
        """A noun phrase and its grammatical number; ``plural_some``: bare plurals exist."""
        return self.nested(lambda: self._noun(follow, plural_some))

    def _noun(self, follow: Follow, plural_some: bool) -> tuple[Noun, Number]:
        begin, word = self.i, self.low()
        if word in lexicon.PRONOUNS:
            if follow != "end" and word in ("him", "her", "them"):
                raise self.fail()
            self.i += 1
            return Pronoun(word, begin), "p" if word in ("they", "them") else "s"
        if word in lexicon.SOMEONE or self.follows("no", "one"):
            quantity, person = lexicon.SOMEONE.get(word, ("no", True))
            self.i += 1 if word in lexicon.SOMEONE else 2
            noun = "person" if person else "thing"
            head = Quantified(_quantity(quantity), (), noun, person, begin)
            return self._with_relative(head, "s", follow), "s"
        if word == "those":
            self.i += 1
            if self.low() not in lexicon.RELATIVES:
                raise self.fail()
            head = Quantified("every", (), "person", True, begin)
            return self._with_relative(head, "p", follow), "p"
        if word in ("whoever", "whatever"):
            self._check_does(begin + 1)
            person = word == "whoever"
            head = Quantified("every", (), "person" if person else "thing", person, begin)
            return self._with_relative(head, "s", follow, whoever=True), "s"
        if word in lexicon.DETERMINERS:
            self.i += 1
            return self._determined(word, begin, follow)
        if self.is_content(begin):
            return self._bare(begin, follow, plural_some)
        raise self.fail()

    def _check_does(self, at: int) -> None:
        """Refuse "whatever dogs chase", where what comes next may be no verb."""
        word, after = self.low(at - self.i), self.low(at + 1 - self.i)
        if word in ("is", "does", "has", "never", "neither"):
            return
        if not lexicon.is_verb(word, "s") or lexicon.is_verb(after, "p"):
            raise self.fail(at)

    def _with_relative(
        self, head: Quantified, number: Number, follow: Follow, whoever: bool = False
    ) -> Quantified:
        if not whoever and self.low() not in lexicon.RELATIVES:
            return head
        self.i += 1
        relative = self.predicate(number, follow == "verb")
        return Quantified(head.quantity, head.conditions, head.noun, head.person, head.at, relative)

    def _determined(self, word: str, begin: int, follow: Follow) -> tuple[Noun, Number]:
        before = self._modifiers(begin, determined=True) if word != "the" else []
        words = self._phrase(word, follow)
        head_at = self.i - 1
        head = words[-1]
        if lexicon.is_adverb(head) or head in lexicon.TRAILING:
            raise self.fail(head_at)
        singular = word in ("a", "an", "the", "every", "each")
        if singular and not lexicon.is_singular(head):
            raise self.fail(head_at)
        if word == "the":
            if head in lexicon.META:
                raise self.fail(head_at, "a statement about statements")
            return Definite("_".join(spell(w) for w in words), begin), "s"
        plural = not singular and lexicon.is_plural(head)
        number: Number = "p" if plural else "s"
        quantity: Quantity
        match word:
            case "every" | "each" | "all":
                quantity = "every"
            case "a" | "an":
                quantity = "a"
            case _:
                quantity = _quantity(word)
        noun = self._quantified(quantity, before, words, begin, follow, number)
        return noun, number

    def _bare(self, begin: int, follow: Follow, plural_some: bool) -> tuple[Noun, Number]:
        before = self.attempt(lambda: self._modifiers(begin, determined=False)) or []
        if follow == "end" and not plural_some:
            if before:
                raise self.fail()
            return self._bare_object(begin)
        words = self._phrase("", follow)
        plural = lexicon.is_plural(words[-1]) and not self.is_name(begin)
        if plural and not before and self._names_one(begin):
            plural = False
        if plural:
            self._check_opening(begin, len(words))
            quantity: Quantity = "some" if plural_some else "every"
            return self._quantified(quantity, before, words, begin, follow, "p"), "p"
        if before or plural_some:
            raise self.fail(begin)
        if len(words) > 1 and (words[-1] in lexicon.TRAILING or lexicon.is_adverb(words[-1])):
            raise self.fail(self.i - 1)  # "Bob alone is cold"
        capital = all(t.text[0].isupper() for t in self.tokens[begin : self.i])
        self._check_opening(begin, len(words))
        # "Red and blue are colours", but "whatever is red and blue is loud" is no two claims.
        alone = len(words) == 1 and self.at("are")
        if not capital and lexicon.is_adjective(words[0]) and not alone:
            raise self.fail(begin, "a singular noun without an article")
        inner = self.tokens[begin + 1 : self.i]
        if any(t.text[0].islower() and lexicon.is_verb(t.low, "s") for t in inner):
            raise self.fail(begin + 1)  # "fur helps keep animals warm"
        return Named("_".join(spell(w) for w in words), begin), "s"

    def _check_opening(self, begin: int, count: int) -> None:
        """Refuse a sentence's first word as part of a noun phrase where it may be no part of it."""
        first = self.tokens[begin]
        if len(first.text) == 1 and first.text.islower():
            raise self.fail(begin, "a single letter")
        if begin != self.start and self.start >= 0:
            return
        told = first.low in lexicon.INSTRUCTIONS and self.is_name(begin + 1)  # "Answer Bob"
        adverb = lexicon.is_adverb(first.low)
        if first.low in lexicon.OPENING or (count > 1 and (adverb or told)):
            raise self.fail(begin, "the first word may be no part of a name")

    def _names_one(self, begin: int) -> bool:
        """Whether what looks like a plural is a name ("Charles is", "James and Bob are")."""
        if any(t.text[0].islower() for t in self.tokens[begin : self.i]):
            return False
        if self.at("and", "or", ","):
            return self.is_name(self.i + 1)
        if self.at("is", "does", "has"):
            return True
        word = self.low()
        return self.is_content(self.i) and (
            lexicon.verb_lemma(word, "p") is None and lexicon.verb_lemma(word, "s") is not None
        )

    def _bare_object(self, begin: int) -> tuple[Noun, Number]:
        """A name, a bare plural or a mass noun: each a constant ("Bob", "cats", "meat")."""
        words = self.run()
        if self.is_name(begin):
            self.i += len(words)
            return Named("_".join(spell(w) for w in words), begin), "s"
        if len(words[0]) == 1:
            raise self.fail(begin, "a single letter")
        keep = 0
        while keep < len(words) - 1 and lexicon.is_adjective(words[keep]):
            keep += 1
        words = words[: keep + 1]
        if lexicon.unfit_object(words[-1]):
            raise self.fail(begin + keep)
        self.i += len(words)
        plural = lexicon.is_plural(words[-1])
        return Named("_".join(spell(w) for w in words), begin, True), "p" if plural else "s"

    def _modifiers(self, begin: int, determined: bool) -> list[str]:
        """ "red, cold" and "red and cold" before a noun (which is left to be read)."""
        found: list[str] = []
        start = self.i
        while True:
            if not self.is_content(self.i) or self.is_name(self.i):
                break
            word, after = self.low(), self.low(1)
            skip = 2 if after == "," and self.low(2) == "and" else 1
            if after not in (",", "and") or not self.is_content(self.i + 1 + skip):
                break
            if skip == 1 and after == "and" and not determined and not lexicon.is_adjective(word):
                break
            found.append(word)
            self.i += 1 + skip
        if found and (self.is_name(self.i) or (len(self.run()) < 2 and not determined)):
            self.i = start
            return []
        if found and determined and not all(map(lexicon.is_adjective, found)):
            run = self.run()
            if len(run) > 1 or not any(map(lexicon.is_adjective, found)):
                self.i = start
                return []
        return found

    def _phrase(self, determiner: str, follow: Follow) -> list[str]:
        """The words of a noun phrase: as much of the run as leaves what must follow."""
        words = self.run()
        if not words:
            raise self.fail()
        after = self.i + len(words)
        following = self.tokens[after].low if after < len(self.tokens) else ""
        keep = len(words)
        match follow:
            case "end":
                pass
            case "complement":
                keep = self._before_complement(words, after, following)
            case _:
                if follow == "base" or following not in AFTER_SUBJECT:
                    keep = self._before_verb(words, determiner, follow, after, following)
        self.i += keep
        return words[:keep]

    def _before_complement(self, words: list[str], after: int, following: str) -> int:
        """ "is [the cat] red", "is [the cat] afraid of Bob", "is [the cat] a pet" """
        if following in lexicon.PREPOSITIONS:
            return len(words) - (len(words) > 1 and lexicon.is_adjective(words[-1]))
        if following in _COMPLEMENT_START or following in lexicon.RELATIVES:
            return len(words)
        if self.is_content(after) or (following in ("and", "or") and len(words) == 1):
            return len(words)
        if len(words) < 2:
            raise self.fail(after)
        return len(words) - 1

    def _before_verb(
        self, words: list[str], determiner: str, follow: Follow, after: int, following: str
    ) -> int:
        splits = self._splits(words, determiner, follow)
        if len(splits) > 1:
            raise self.fail(self.i + splits[0], "more than one word could be the verb")
        if splits:
            return splits[0]
        if self.is_content(after) or (follow == "verb" and following in ("and", "or", "nor", ",")):
            return len(words)
        raise self.fail(after if len(words) == 1 else after - 1)

    def _splits(self, words: list[str], determiner: str, follow: Follow) -> list[int]:
        """How many words of the run may be the noun phrase, the next one being the verb.

        Number decides ("dogs | chase cats", "the dog | chases cats"); where it allows several
        places, listed verbs do.
        """
        found: list[int] = []
        for k in range(1, len(words)):
            head, verb, rest = words[k - 1], words[k], words[k + 1 :]
            if rest and not (
                all(map(lexicon.is_adjective, rest[:-1])) and not lexicon.unfit_object(rest[-1])
            ):
                continue
            singular, plural = self._numbers(words[:k], head, determiner)
            if rest and not determiner and not self.is_name(self.i):
                # "Computer scientists code": a first word is a name only before a known verb.
                singular = singular and lexicon.is_verb(verb, "s")
            if follow == "base":
                fits = (singular or plural) and lexicon.verb_lemma(verb, "p") is not None
            else:
                fits = (singular and lexicon.verb_lemma(verb, "s") is not None) or (
                    plural and lexicon.verb_lemma(verb, "p") is not None
                )
            if fits and (lexicon.is_verb(verb, "s") or lexicon.is_verb(verb, "p")):
                found.append(k)
            elif lexicon.is_adjective(verb):
                continue  # "cold implies smart"
            elif k == 1 and self.i != self.start and not determiner and lexicon.is_verb(head, "s"):
                continue  # "therefore eats meat"
            elif fits and not any(lexicon.is_verb(w, n) for w in words[1 : k - 1] for n in "sp"):
                # "Referees become observers": where a known verb stands, no other word is one.
                found.append(k)
        if len(found) > 1:
            numbers: tuple[Number, ...] = ("p",) if follow == "base" else ("s", "p")
            sure = [k for k in found if any(lexicon.is_verb(words[k], n) for n in numbers)]
            found = sure or found
        return found

    def _numbers(self, words: list[str], head: str, determiner: str) -> tuple[bool, bool]:
        """Whether these words may be a singular, and whether a plural noun phrase."""
        if determiner in ("a", "an", "the", "every", "each"):
            return lexicon.is_singular(head), False
        if determiner:
            return lexicon.is_singular(head), lexicon.is_plural(head)
        capital = all(t.text[0].isupper() for t in self.tokens[self.i : self.i + len(words)])
        name = capital if len(words) > 1 else capital or lexicon.is_singular(head)
        if not self.is_name(self.i) and lexicon.is_adjective(words[0]):
            name = False
        described = head in lexicon.THINGS | lexicon.PERSONS
        plural = lexicon.is_plural(head) and not self.is_name(self.i)
        return name, plural and (described or all(map(lexicon.is_adjective, words[:-1])))

    def _quantified(
        self,
        quantity: Quantity,
        before: list[str],
        words: list[str],
        begin: int,
        follow: Follow,
        number: Number,
    ) -> Quantified:
        conditions, noun, person = self._conditions(before, words)
        bare = Quantified(quantity, conditions, noun, person, begin)
        full = self._with_relative(bare, number, follow)
        general = bool(before) or len(words) > 1 or full.relative is not None
        if person and general and quantity in ("every", "any", "no"):
            conditions = tuple(c for c in conditions if c != "person")
        return Quantified(quantity, conditions, noun, person, begin, full.relative)

    def _conditions(
        self, before: list[str], words: list[str]
    ) -> tuple[tuple[str, ...], str, bool | None]:
        """What each word of a noun phrase demands, the head noun, and whether it is a person."""
        head, front = lexicon.singular(words[-1]), words[:-1]
        first = self.i - len(words)
        for k, word in enumerate([*before, *front]):
            if word in lexicon.PRIVATIVE or lexicon.is_adverb(word) or word in lexicon.COMPARATIVES:
                raise self.fail(max(first - len(before) + k, self.start))
        if head in lexicon.THINGS:
            return tuple(spell(w) for w in [*before, *front]), head, False
        if head in lexicon.PERSONS or words[-1] in lexicon.PERSONS:
            return (*(spell(w) for w in [*before, *front]), "person"), "person", True
        known = 0
        while known < len(front) and self._describes(first + known, front[known]):
            known += 1
        compound = front[known:]
        if any(map(lexicon.is_adjective, compound)):
            raise self.fail(first + known)
        if compound and lexicon.is_plural(compound[-1]) and head in lexicon.verbs():
            raise self.fail(self.i - 1)
        for noun, word in pairwise([*compound, head]):
            if lexicon.is_plural(noun) and word.endswith(("ing", "ed")):
                raise self.fail(first + known)  # "applications containing features"
        noun = "_".join(spell(w) for w in [*compound, head])
        said = [spell(w) for w in [*before, *front[:known]]]
        # "A small elephant" is small as elephants go; small_elephant says no more than that.
        said = [f"{w}_{noun}" if w in lexicon.RELATIVE else w for w in said]
        return (*said, noun), noun, None

    def _describes(self, at: int, word: str) -> bool:
        """Whether this is an adjective, and no capitalised part of a name ("New Yorker")."""
        return lexicon.is_adjective(word) and not self.is_name(at)


def _quantity(word: str) -> Quantity:
    match word:
        case "every" | "some" | "a" | "any" | "no":
            return word
        case _:
            raise ValueError(word)
