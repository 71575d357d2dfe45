"""What the grammar builds: noun phrases, predicates and sentences before they become formulas.

Trees keep the order of the text, so that a second pass (``meaning``) can decide what a pronoun
refers to. ``at`` is the index of the token where a phrase begins, for messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Quantity: TypeAlias = Literal["every", "some", "a", "any", "no"]
Joint: TypeAlias = Literal["and", "or", "xor"]


# --- noun phrases --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A name ("Bob"), a kind ("cats", "meat"): the constant it is."""

    constant: str
    at: int
    kind: bool = False


@dataclass(frozen=True, slots=True)
class Definite:
    """ "the cat": what "a cat" of the same sentence introduced, or else a constant."""

    noun: str
    at: int


@dataclass(frozen=True, slots=True)
class Pronoun:
    word: str
    at: int


@dataclass(frozen=True, slots=True)
class Quantified:
    """ "every red dog that barks": a quantity over the ``conditions`` and the relative clause.

    ``noun`` is the word by which "the ..." may refer back; ``person`` says which pronouns may.
    """

    quantity: Quantity
    conditions: tuple[str, ...]
    noun: str
    person: bool | None
    at: int
    relative: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """ "Bob and the cat", "a dog or a cat", "neither Bob nor Dave" (``negative``)."""

    joint: Joint
    parts: tuple[Noun, ...]
    negative: bool = False


Noun: TypeAlias = Named | Definite | Pronoun | Quantified | Together


# --- predicates ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Property:
    """Properties that hold together: "red", "a red dog" (``noun``)."""

    names: tuple[str, ...]
    noun: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """ "eats the cat", "is taller than Bob"; ``passive``: the object does it to the subject."""

    name: str
    object: Noun
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Same:
    """ "is the king": equality."""

    other: Noun


@dataclass(frozen=True, slots=True)
class Denied:
    body: Predicate


@dataclass(frozen=True, slots=True)
class Combined:
    joint: Joint
    parts: tuple[Predicate, ...]


Predicate: TypeAlias = Property | Relation | Same | Denied | Combined


# --- sentences -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause:
    subject: Noun
    predicate: Predicate


@dataclass(frozen=True, slots=True)
class There:
    """ "there is a dog that barks"."""

    noun: Quantified


@dataclass(frozen=True, slots=True)
class OnlyThose:
    """ "only dogs bark": whatever barks is a dog."""

    noun: Quantified
    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Opposite:
    body: Sentence


@dataclass(frozen=True, slots=True)
class Joined:
    joint: Joint
    parts: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``reverse``: the consequence stood first in the text; ``both``: "if and only if"."""

    condition: Sentence
    consequence: Sentence
    reverse: bool = False
    both: bool = False


Sentence: TypeAlias = Clause | There | OnlyThose | Opposite | Joined | Conditional
