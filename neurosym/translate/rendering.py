"""From a formula back to plain English, by rule.

``render`` never fails. Of a formula in the controlled fragment (rules over one or no variable,
facts, "there is", flat lists of conditions, named objects) ``english.translate`` reads the result
back as an equivalent formula; of any other it is still one sentence, with variables and brackets
where English has no word order for it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from neurosym.translate.english import lexicon
from provers.logic.syntax import (
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Term,
    Truth,
    Var,
    Xor,
    depth,
    free_variables,
)

MAX_DEPTH: Final = 100
_PART: Final = re.compile(
    r"\d+(?:[.,]\d+)*|(?<![A-Za-z])[a-z][A-Z]+(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+"
)
_COPULAS: Final = ("is", "are", "be", "was", "were")
_MODALS: Final = ("can", "could", "will", "would", "may", "might", "must", "should")
_ORDERS: Final = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_OPERATORS: Final = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def render(formula: Formula) -> str:
    """One English sentence that says what the formula says; free variables stay letters."""
    if depth(formula) > MAX_DEPTH:
        return f"A formula nested deeper than {MAX_DEPTH}."
    text = _Sentence().whole(formula)
    return text[:1].upper() + text[1:] + "."


class _Sentence:
    """Renders with a word for each bound variable: "it", or the variable's own letter."""

    def __init__(self) -> None:
        self.words: dict[Var, str] = {}

    # --- sentences -------------------------------------------------------------------------

    def whole(self, formula: Formula) -> str:
        """A sentence: a rule, a fact, that there is something, or the general form."""
        match formula:
            case Forall((var,), Implies(left, right)) if self._simple(left) and self._simple(right):
                return self._rule(var, left, right)
            case Forall((var,), body) if self._simple(body) and var in free_variables(body):
                return self._subject("everything", var, body)
            case Exists((var,), body) if self._simple(body) and var in free_variables(body):
                return self._subject("something", var, body)
            case Not(Exists((var,), body)) if self._simple(body) and var in free_variables(body):
                return f"it is not the case that {self._subject('something', var, body)}"
            case Implies(left, right):
                return f"if {self.clauses(left)} then {self.clauses(right)}"
            case Iff(left, right):
                return f"{self.clauses(left)} if and only if {self.clauses(right)}"
            case Xor(left, right):
                return f"either {self.clauses(left)} or {self.clauses(right)} but not both"
            case _:
                return self.clauses(formula)

    def _simple(self, formula: Formula) -> bool:
        """A literal, or a flat list of literals."""
        match formula:
            case Pred() | Eq() | Compare() | Not(Pred() | Eq() | Compare()):
                return True
            case And(args) | Or(args):
                return all(self._simple(a) and not isinstance(a, And | Or) for a in args)
            case _:
                return False

    def _rule(self, var: Var, left: Formula, right: Formula) -> str:
        """ "Every dog is big", "if something is a dog then it is big" """
        match left, right:
            case Pred(name, (Var() as only,)), (
                Pred(_, (Var() as same,)) | Not(Pred(_, (Var() as same,)))
            ) if only == same == var and _is_noun(name):
                self.words[var] = f"every {_spaced(name)}"
                return self.clauses(right)
            case _:
                pass
        if var not in free_variables(left):
            return self._general("every", (var,), Implies(left, right))
        first, *rest = _listed(left)
        joint = " or " if isinstance(left, Or) else " and "
        if var not in free_variables(first):
            fitting = next(i for i, f in enumerate(rest) if var in free_variables(f))
            first, rest[fitting] = rest[fitting], first
        self.words[var] = "something"
        pieces = [self.clauses(first)]
        self.words[var] = "it"
        pieces += [self.clauses(f) for f in rest]
        return f"if {joint.join(pieces)} then {self.clauses(right)}"

    def _subject(self, word: str, var: Var, body: Formula) -> str:
        """ "Something is big and is red": one subject, a predicate for each part of the body."""
        parts = _listed(body)
        joint = " or " if isinstance(body, Or) else " and "
        predicates: list[tuple[int, str]] = []
        for part in parts:
            atom = part.body if isinstance(part, Not) else part
            if not isinstance(atom, Pred) or not atom.args or atom.args[0] != var:
                return self._general("every" if word == "everything" else "some", (var,), body)
            if var in atom.args[1:]:
                return self._general("every" if word == "everything" else "some", (var,), body)
            predicates.append((len(atom.args), self._predicate(atom, isinstance(part, Not))))
        # Bare verbs first: after an object, "and barks" could go on with the object.
        predicates.sort(key=lambda item: item[0])
        return f"{word} {joint.join(said for _, said in predicates)}"

    def _general(self, word: str, bound: tuple[Var, ...], body: Formula) -> str:
        for var in bound:
            self.words[var] = var.name
        names = " and ".join(var.name for var in bound)
        said = self.whole(body) if not isinstance(body, Forall | Exists) else self.clauses(body)
        return f"for {word} {names}, {said}"

    def clauses(self, formula: Formula) -> str:
        """A clause, or several that are joined; nested ones stand in brackets."""
        match formula:
            case Truth(value):
                return f"it is {'true' if value else 'false'} that something is itself"
            case Pred():
                return self._clause(formula, False)
            case Not(Pred() as atom):
                return self._clause(atom, True)
            case Eq(left, right):
                return f"{self.term(left)} is {self.term(right)}"
            case Not(Eq(left, right)):
                return f"{self.term(left)} is not {self.term(right)}"
            case Compare(op, left, right):
                return f"{self.term(left)} is {_ORDERS[op]} {self.term(right)}"
            case Not(body):
                return f"it is not the case that {self._nested(body)}"
            case And(args):
                return " and ".join(map(self._nested, args))
            case Or(args):
                return " or ".join(map(self._nested, args))
            case Implies(left, right):
                return f"if {self._nested(left)} then {self._nested(right)}"
            case Iff(left, right):
                return f"{self._nested(left)} if and only if {self._nested(right)}"
            case Xor(left, right):
                return f"either {self._nested(left)} or {self._nested(right)} but not both"
            case Forall(bound, body):
                return self._general("every", bound, body)
            case Exists(bound, body):
                return self._general("some", bound, body)

    def _nested(self, formula: Formula) -> str:
        said = self.clauses(formula)
        plain = isinstance(formula, Pred | Eq | Compare | Truth) or (
            isinstance(formula, Not) and isinstance(formula.body, Pred | Eq | Compare)
        )
        return said if plain else f"({said})"

    # --- clauses ---------------------------------------------------------------------------

    def _clause(self, atom: Pred, denied: bool) -> str:
        if not atom.args:
            said = f"{_spaced(atom.name)} holds"
            return said.replace(" holds", " does not hold") if denied else said
        return f"{self.term(atom.args[0])} {self._predicate(atom, denied)}"

    def _predicate(self, atom: Pred, denied: bool) -> str:
        """What the atom says of its first argument."""
        verb, rest = _verb_phrase(atom.name, len(atom.args))
        objects = " and ".join(self.term(a) for a in atom.args[1:])
        tail = " ".join(filter(None, (rest, objects)))
        if verb in ("is", *_MODALS):
            return f"{verb}{' not' if denied else ''} {tail}".rstrip()
        if lexicon.verb_lemma(verb, "p") is None:  # a past form: "won", "has won" in all persons
            return f"{'never ' if denied else ''}{verb} {tail}".rstrip()
        if denied:
            return f"does not {verb} {tail}".rstrip()
        return f"{_third_person(verb)} {tail}".rstrip()

    # --- terms -----------------------------------------------------------------------------

    def term(self, term: Term) -> str:
        match term:
            case Var(name):
                return self.words.get(term, name)
            case Number(value):
                return _number(value)
            case Apply(name, ()):
                return _constant(name)
            case Apply(name, args):
                return f"the {_spaced(name)} of {' and '.join(map(self.term, args))}"
            case Arith("-", (only,)):
                return f"minus {self.term(only)}"
            case Arith(op, args):
                return f" {_OPERATORS[op]} ".join(self._operand(a) for a in args)

    def _operand(self, term: Term) -> str:
        said = self.term(term)
        return f"({said})" if isinstance(term, Arith) else said


# --- words ---------------------------------------------------------------------------------


def _listed(formula: Formula) -> list[Formula]:
    return list(formula.args) if isinstance(formula, And | Or) else [formula]


def _words(name: str) -> list[str]:
    """``WantToBeAddicted``: want to be addicted; capitals of an abbreviation stay."""
    found = []
    for part in _PART.findall(name):
        keep = len(part) > 1 and part[1:].isupper()
        found.append(part.upper() if keep else part.lower())
    return found or [name.strip("_") or "it"]


def _spaced(name: str) -> str:
    return " ".join(_words(name))


def _constant(name: str) -> str:
    """``the_cat``: the cat; ``harry_potter`` and ``harryPotter``: Harry Potter."""
    words = _words(name)
    if words[0] == "the" and len(words) > 1:
        return " ".join(words)
    return " ".join(w[:1].upper() + w[1:] for w in words)


def _number(value: Fraction) -> str:
    return str(value)


def _is_noun(name: str) -> bool:
    """Whether "every ..." may stand before the name, as far as the lexicon tells."""
    words = [w.lower() for w in _words(name)]
    head = words[-1]
    if head in lexicon.FUNCTION | lexicon.THINGS | lexicon.PERSONS:
        return False
    if lexicon.is_adjective(head) or lexicon.unfit_adjective(head) or not lexicon.is_singular(head):
        return False
    return not (set(words) & lexicon.FUNCTION) and (len(words) == 1 and head not in lexicon.verbs())


def _verb_phrase(name: str, arity: int) -> tuple[str, str]:
    """The verb in its base form ("is", "eat", "can") and what comes before the objects."""
    words = _words(name)
    first, rest = words[0].lower(), " ".join(words[1:])
    if first in _COPULAS and rest:
        inner = _verb_phrase("_".join(words[1:]), arity) if arity > 1 else ("is", _complement(rest))
        return inner if inner[0] == "is" else ("is", rest)
    if first in _MODALS:
        return first, rest
    if first in ("has", "have"):
        return "have", rest
    if arity == 1:
        if len(words) == 1 and lexicon.is_adjective(first):
            return "is", first
        base = _base_verb(first)
        if base is not None and not (len(words) == 1 and lexicon.is_adjective(first)):
            return base, rest
        return "is", _complement(" ".join(words))
    last = words[-1].lower()
    if last == "than" or (last == "by" and len(words) > 1):
        return "is", " ".join(words)
    if last in lexicon.PREPOSITIONS:
        if len(words) == 1:
            return "is", last
        base = _base_verb(first)
        if lexicon.is_adjective(first) or _is_participle(first):
            return "is", " ".join(words)
        return (base, rest) if base else ("is", f"{_article(first)} {' '.join(words)}")
    if _is_participle(first) and _base_verb(first) is None:
        return "is", " ".join(words)
    return _base_verb(first) or first, rest


def _complement(words: str) -> str:
    """ "big" as it is, "a dog" with an article."""
    first, head = words.split()[0].lower(), words.split()[-1].lower()
    if (
        lexicon.is_adjective(head)
        or _is_participle(head)
        or first in lexicon.PREPOSITIONS
        or (_is_participle(first) and " " in words)
    ):
        return words
    one = " ".join([*words.split()[:-1], lexicon.singular(words.split()[-1])])
    return f"{_article(one)} {one}"


def _article(words: str) -> str:
    return "an" if words[0].lower() in "aeiou" else "a"


def _is_participle(word: str) -> bool:
    """ "loved", "located", "practising", but not "bed" or "king" """
    return lexicon.participle(word) is not None or (
        len(word) > 5 and word.endswith(("ed", "ing")) and word not in lexicon.verbs()
    )


def _base_verb(word: str) -> str | None:
    """The listed verb of which the word is a present form."""
    if word in lexicon.verbs():
        return word
    lemma = lexicon.verb_lemma(word, "s")
    return lemma if lemma in lexicon.verbs() else None


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ies"
    return verb + "s"
