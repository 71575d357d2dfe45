"""Recursive descent from tokens to trees; see ``GRAMMAR_DOC`` for the language.

Every alternative is tried in a fixed order and the work is bounded by ``MAX_STEPS``. The token at
which the text could not be continued is the furthest one that any alternative reached.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, TypeVar

from neurosym.translate.english import lexicon
from neurosym.translate.english.tokens import Token
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
    Quantity,
    Relation,
    Same,
    Sentence,
    There,
    Together,
)

MAX_STEPS: Final = 20_000
MAX_DEPTH: Final = 40

Number: TypeAlias = Literal["s", "p"]
# What must come after a noun phrase: a finite verb; the base verb or the complement of a question;
# a boundary.
Follow: TypeAlias = Literal["verb", "base", "complement", "end"]
T = TypeVar("T")
_NUMBERS: Final[tuple[Number, ...]] = ("s", "p")
_AFTER_SUBJECT: Final = lexicon.AUXILIARIES | lexicon.RELATIVES
_COMPLEMENT_START: Final = frozenset({"a", "an", "the", "not", "more", "either", "neither", "both"})


class Unreadable(Exception):
    """The text is not in the language; ``at`` is the index of the token it stumbles on."""

    def __init__(self, at: int, why: str = "") -> None:
        super().__init__(why)
        self.at = at
        self.why = why


class TooMuch(Exception):
    """Work beyond ``MAX_STEPS``; no ``Unreadable``, so that it ends every alternative."""


class Parser:
    """One sentence's tokens and how far they are read.

    ``start`` is the index of the token that is capitalised only because a sentence starts there;
    -1 where there is none.
    """

    def __init__(self, tokens: tuple[Token, ...], begin: int = 0, start: int = 0) -> None:
        self.tokens = tokens
        self.i = begin
        self.start = start
        self.furthest = begin
        self.why = ""
        self.steps = 0
        self.depth = 0

    # --- tokens ----------------------------------------------------------------------------

    def low(self, ahead: int = 0) -> str:
        at = self.i + ahead
        return self.tokens[at].low if at < len(self.tokens) else ""

    def at(self, *words: str) -> bool:
        return self.low() in words

    def follows(self, *words: str) -> bool:
        """Whether exactly these words come next."""
        return all(self.low(k) == word for k, word in enumerate(words))

    def take(self, *words: str) -> bool:
        """Step over ``words`` if they come next."""
        if self.follows(*words):
            self.i += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        if self.low() not in words:
            raise self.fail()
        self.i += 1

    def fail(self, at: int | None = None, why: str = "") -> Unreadable:
        position = self.i if at is None else at
        if position > self.furthest or (why and position == self.furthest):
            self.furthest, self.why = position, why
        return Unreadable(position, why)

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.furthest, self.why = self.i, "too many ways to read this"
            raise TooMuch

    def done(self) -> bool:
        return self.i >= len(self.tokens)

    def is_content(self, at: int) -> bool:
        """A word of an open class: noun, name, adjective or verb."""
        if at >= len(self.tokens):
            return False
        token = self.tokens[at]
        return (
            token.is_word
            and token.low not in lexicon.FUNCTION
            and "'" not in token.text
            and not any(c.isdigit() for c in token.text)
        )

    def is_name(self, at: int) -> bool:
        """A capitalised word where capitals mean something (not at the start)."""
        return at != self.start and self.is_content(at) and self.tokens[at].text[0].isupper()

    def run(self) -> list[str]:
        """The words of open classes from here; a name begins or ends where the case changes."""
        at = self.i
        while self.is_content(at) and (at == self.i or not self._case_break(at)):
            at += 1
        return [t.low for t in self.tokens[self.i : at]]

    def _case_break(self, at: int) -> bool:
        upper = self.tokens[at].text[0].isupper()
        before = self.tokens[at - 1].text[0].isupper()
        if at - 1 == self.start:
            # A name may go on after a capital that only marks the start; "Dogs chase" may not.
            return False
        return upper != before

    # --- alternatives and lists ------------------------------------------------------------

    def attempt(self, rule: Callable[[], T]) -> T | None:
        """The rule's tree, or None with nothing read."""
        before = self.i
        try:
            return rule()
        except Unreadable:
            self.i = before
            return None

    def nested(self, rule: Callable[[], T]) -> T:
        self.step()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(why="nested too deep")
        try:
            return rule()
        finally:
            self.depth -= 1

    def listed(
        self, item: Callable[[bool], T], boundary: Callable[[], bool]
    ) -> tuple[tuple[T, ...], tuple[str, ...], tuple[int, ...]]:
        """``item (, item)* (,)? (and|or|but) item``: items, joining words and their places.

        A further item counts only where a boundary follows it; a comma list counts only where a
        joining word closes it. "and" and "or" in one list are not read. ``item`` is told
        whether it is a further one.
        """
        items = [item(False)]
        words: list[str] = []
        places: list[int] = []
        single, commas = self.i, 0
        while True:
            self.step()
            mark = self.i
            comma = self.take(",")
            place = self.i
            word = self.low() if self.at("and", "or", "but") else ""
            if word:
                self.i += 1
            elif not comma or words:
                self.i = mark
                break
            try:
                new = item(True)
                if not boundary():
                    raise self.fail()
            except Unreadable:
                self.i = mark
                break
            items.append(new)
            if word:
                words.append(word)
                places.append(place)
            else:
                commas += 1
        if commas and not words:
            self.i = single
            return (items[0],), (), ()
        if "or" in words and len(set(words)) > 1:
            other = next(p for p, w in zip(places, words, strict=True) if w != words[0])
            raise self.fail(other, '"and" and "or" together: say which goes first')
        return tuple(items), tuple(words), tuple(places)

    def boundary(self, inside: bool) -> Callable[[], bool]:
        """Whether a phrase may end here; ``inside`` a relative clause a verb may follow."""

        def check() -> bool:
            if self.done() or self.at(",") or self.low() in lexicon.CONNECTIVES:
                return True
            return inside and (self.low() in lexicon.AUXILIARIES or self.is_content(self.i))

        return check

    # --- sentences -------------------------------------------------------------------------

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
        parts, words, _ = self.listed(lambda _further: self.clause(), lambda: True)
        return _joined(parts, words)

    def _either(self) -> Sentence:
        self.expect("either")
        first = self.clause()
        self.take(",")
        self.expect("or")
        second = self.clause()
        return Joined("xor" if self._not_both() else "or", (first, second))

    def _not_both(self) -> bool:
        return self.take(",", "but", "not", "both") or self.take("but", "not", "both")

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

    # --- noun phrases ----------------------------------------------------------------------

    def subject(self, follow: Follow = "verb") -> tuple[Noun, Number]:
        negative = self.take("neither")
        exclusive = not negative and self.take("either")
        if not negative:
            self.take("both")
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
            if negative or exclusive:
                raise self.fail()
            return first, number
        if not word or any(isinstance(p, Pronoun) for p in parts):
            raise self.fail()
        if word == "and" and any(isinstance(p, Quantified) and p.quantity == "no" for p in parts):
            raise self.fail()
        joined = Together("and" if word == "and" else "or", tuple(parts), negative)
        if word == "and":
            number = "p"
        return joined, number

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
            head = Quantified(_quantity(quantity), (), "person" if person else "thing", person, begin)
            return self._with_relative(head, "s", follow), "s"
        if word in ("those", "whoever"):
            self.i += 1 if word == "those" else 0
            number: Number = "p" if word == "those" else "s"
            head = Quantified("every", (), "person", True, begin)
            if word == "those" and self.low() not in lexicon.RELATIVES:
                raise self.fail()
            return self._with_relative(head, number, follow, whoever=word == "whoever"), number
        if word in lexicon.DETERMINERS:
            self.i += 1
            return self._determined(word, begin, follow)
        if self.is_content(begin):
            return self._bare(begin, follow, plural_some)
        raise self.fail()

    def _with_relative(
        self, head: Quantified, number: Number, follow: Follow, whoever: bool = False
    ) -> Quantified:
        if not whoever and self.low() not in lexicon.RELATIVES:
            return head
        self.i += 1
        relative = self.predicate(number, follow == "verb")
        return Quantified(
            head.quantity, head.conditions, head.noun, head.person, head.at, relative
        )

    def _determined(self, word: str, begin: int, follow: Follow) -> tuple[Noun, Number]:
        before = self._modifiers(begin, determined=True) if word != "the" else []
        words = self._phrase(word, follow)
        head_at = self.i - 1
        head = words[-1]
        singular = word in ("a", "an", "the", "every", "each")
        if singular and not lexicon.is_singular(head):
            raise self.fail(head_at)
        if word == "the":
            return Definite("_".join(_spell(w) for w in words), begin), "s"
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
            quantity: Quantity = "some" if plural_some else "every"
            return self._quantified(quantity, before, words, begin, follow, "p"), "p"
        if before or plural_some:
            raise self.fail(begin)
        capital = all(t.text[0].isupper() for t in self.tokens[begin : self.i])
        if not capital and len(words) > 1 and lexicon.is_adjective(words[0]):
            raise self.fail(begin, "a singular noun without an article")
        return Named("_".join(_spell(w) for w in words), begin), "s"

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
            return Named("_".join(_spell(w) for w in words), begin), "s"
        keep = 0
        while keep < len(words) - 1 and lexicon.is_adjective(words[keep]):
            keep += 1
        words = words[: keep + 1]
        if lexicon.unfit_object(words[-1]):
            raise self.fail(begin + keep)
        self.i += len(words)
        plural = lexicon.is_plural(words[-1])
        return Named("_".join(_spell(w) for w in words), begin, True), "p" if plural else "s"

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
            if len(run) < 2 and not any(map(lexicon.is_adjective, found)):
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
                if follow == "base" or following not in _AFTER_SUBJECT:
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
        if self.is_content(after) or (
            follow == "verb" and following in ("and", "or", "nor", ",")
        ):
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
            if fits:
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
            return tuple(_spell(w) for w in [*before, *front]), head, False
        if head in lexicon.PERSONS or words[-1] in lexicon.PERSONS:
            return (*(_spell(w) for w in [*before, *front]), "person"), "person", True
        known = 0
        while known < len(front) and lexicon.is_adjective(front[known]):
            known += 1
        compound = front[known:]
        if any(map(lexicon.is_adjective, compound)):
            raise self.fail(first + known)
        if compound and lexicon.is_plural(compound[-1]) and head in lexicon.verbs():
            raise self.fail(self.i - 1)
        noun = "_".join(_spell(w) for w in [*compound, head])
        return (*(_spell(w) for w in [*before, *front[:known]]), noun), noun, None

    # --- predicates ------------------------------------------------------------------------

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
        parts, words, _ = self.listed(
            lambda _further: self._verb_phrase(number, inside), self.boundary(inside)
        )
        return _combined(parts, words)

    def _either_of(self, item: Callable[[], Predicate]) -> Predicate:
        self.expect("either")
        first = item()
        self.expect("or")
        second = item()
        return Combined("xor" if self._not_both() else "or", (first, second))

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
        if lemma is None:
            raise self.fail()
        self.i += 1
        name = _spell(lemma)
        if self.low() in lexicon.PREPOSITIONS and not self.at("by"):
            if self.at("to") and self.low(1) in lexicon.verbs():
                raise self.fail()
            name = f"{name}_{self.low()}"
            self.i += 1
        elif not self._object_starts(inside):
            return Property((name,))
        at = self.i
        target = self.objects(inside, denied)
        if isinstance(target, Quantified) and target.quantity in ("a", "some"):
            if lemma in lexicon.INTENSIONAL:
                raise self.fail(at, f'"{lemma}" does not say that there is one')
        if lemma in lexicon.CLAUSAL and isinstance(target, Quantified):
            raise self.fail(at)
        if lemma == "have" and isinstance(target, Named) and target.kind:
            if not lexicon.is_plural(self.tokens[self.i - 1].low):
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
        if self.low(1) in _AFTER_SUBJECT:
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
        if denied and "or" not in words:
            raise self.fail(places[0], '"not" before "and": say "or", or repeat "not"')
        return Together("or" if "or" in words else "and", parts)

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
            return Denied(self._complement(number, inside, further))
        begin, word = self.i, self.low()
        if word in ("a", "an"):
            return self._is_a(inside)
        if word == "the":
            return self._is_the(inside, further)
        if self.follows("more", self.low(1), "than"):
            if not self.is_content(begin + 1):
                raise self.fail(begin + 1)
            name = f"more_{_spell(self.low(1))}_than"
            self.i += 3
            return Relation(name, self.objects(inside, False))
        if word in lexicon.PREPOSITIONS:
            if word in ("of", "to", "for", "from", "about", "by", "with", "as", "than"):
                raise self.fail()
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
            if before or len(words) > 1:
                raise self.fail(begin)
            return Relation(f"{noun}_of", self.objects(inside, False))
        if not conditions:
            raise self.fail(begin)
        if self.low() in ("who", "that", "which"):
            self.i += 1
            relative = self.predicate("s", inside)
            return Combined("and", (Property(conditions, noun=True), relative))
        return Property(conditions, noun=True)

    def _is_the(self, inside: bool, further: bool) -> Predicate:
        begin = self.i
        self.i += 1
        words = self._phrase("the", "verb" if inside else "end")
        if further or not lexicon.is_singular(words[-1]) or lexicon.unfit_adjective(words[0]):
            raise self.fail(begin + 1)
        noun = "_".join(_spell(w) for w in words)
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
            return Relation(f"{_spell(word)}_than", self.objects(inside, False))
        if self.low(1) == "by":
            verb = lexicon.participle(word)
            if verb is None:
                raise self.fail(begin + 1)
            self.i += 2
            return Relation(_spell(verb), self.objects(inside, False), passive=True)
        if number == "p" and not inside:
            plural = self.attempt(self._plural_noun)
            if plural is not None:
                return plural
        lemma = lexicon.singular(word) if number == "p" else word
        if number == "s" and lexicon.is_plural(word) and not lexicon.is_singular(word):
            if not lexicon.is_adjective(word):
                raise self.fail()
        if lexicon.is_adjective(word):
            lemma = word
        if lexicon.unfit_adjective(word):
            raise self.fail()
        if further and number == "p" and word in lexicon.verbs() and not lexicon.is_adjective(word):
            raise self.fail()
        self.i += 1
        if self.low() in lexicon.PREPOSITIONS and (
            self.low(1) in lexicon.DETERMINERS
            or self.low(1) in lexicon.SOMEONE
            or self.low(1) in lexicon.PRONOUNS
            or self.is_content(self.i + 1)
        ):
            if self.at("to") and self.low(1) in lexicon.verbs():
                raise self.fail()
            name = f"{_spell(word)}_{self.low()}"
            self.i += 1
            return Relation(name, self.objects(inside, False))
        return Property((_spell(lemma),))

    def _plural_noun(self) -> Predicate:
        """ "are big cats" """
        words = self.run()
        if len(words) < 2 or not lexicon.is_plural(words[-1]):
            raise Unreadable(self.i)
        self.i += len(words)
        conditions, _, _ = self._conditions([], words)
        return Property(conditions)


def _spell(word: str) -> str:
    return word.replace("-", "_")


def _quantity(word: str) -> Quantity:
    match word:
        case "every" | "some" | "a" | "any" | "no":
            return word
        case _:
            raise ValueError(word)


def _joint(words: tuple[str, ...]) -> Joint:
    return "or" if "or" in words else "and"


def _joined(parts: tuple[Sentence, ...], words: tuple[str, ...]) -> Sentence:
    return Joined(_joint(words), parts) if words else parts[0]


def _combined(parts: tuple[Predicate, ...], words: tuple[str, ...]) -> Predicate:
    return Combined(_joint(words), parts) if words else parts[0]
