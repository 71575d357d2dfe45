"""The words of Lean statements, names and English, as a search counts them.

A name is itself and the words that it is made of; an operator is the word that Lean's naming
convention has for it, so that ``n + m`` is found by ``add``, and ``Nat.add_comm`` by both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

VERSION: Final = 1  # of what this makes of a text: an index of another is made again

# The names that Lean's library gives these (Lean 4, "Naming conventions").
OPERATORS: Final = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "^": "pow",
    "∣": "dvd",
    "=": "eq",
    "==": "beq",
    "≠": "ne",
    "!=": "bne",
    "<": "lt",
    ">": "lt",
    "≤": "le",
    "≥": "le",
    "<=": "le",
    ">=": "le",
    "¬": "not",
    "!": "not",
    "∧": "and",
    "&&": "and",
    "∨": "or",
    "||": "or",
    "↔": "iff",
    "∃": "exists",
    "∀": "forall",
    "∈": "mem",
    "∉": "mem",
    "⊆": "subset",
    "∪": "union",
    "∩": "inter",
    "++": "append",
    "::": "cons",
    "[]": "nil",
    "∅": "empty",
    "∘": "comp",
    "<<<": "shiftleft",
    ">>>": "shiftright",
    "&&&": "and",
    "|||": "or",
    "^^^": "xor",
    "~~~": "not",
    "•": "smul",
    "⁻¹": "inv",
    "√": "sqrt",
    "∑": "sum",
    "∏": "prod",
    "max": "max",
    "min": "min",
}
# What people say, and what Lean's names say.
_ENGLISH: Final = {
    "addition": "add",
    "adding": "add",
    "sum": "add",
    "plus": "add",
    "subtraction": "sub",
    "minus": "sub",
    "multiplication": "mul",
    "times": "mul",
    "product": "mul",
    "division": "div",
    "divides": "dvd",
    "divisible": "dvd",
    "remainder": "mod",
    "modulo": "mod",
    "power": "pow",
    "equals": "eq",
    "equal": "eq",
    "less": "lt",
    "greater": "lt",
    "smaller": "lt",
    "commutative": "comm",
    "commutes": "comm",
    "commutativity": "comm",
    "associative": "assoc",
    "associativity": "assoc",
    "distributive": "distrib",
    "distributes": "distrib",
    "transitive": "trans",
    "transitivity": "trans",
    "reflexive": "refl",
    "symmetric": "symm",
    "antisymmetric": "antisymm",
    "cancellation": "cancel",
    "injective": "inj",
    "monotone": "mono",
    "member": "mem",
    "membership": "mem",
    "element": "elem",
    "concatenation": "append",
    "appending": "append",
    "reversed": "reverse",
    "reversing": "reverse",
    "negation": "neg",
    "negative": "neg",
    "successor": "succ",
    "predecessor": "pred",
    "natural": "nat",
    "naturals": "nat",
    "integer": "int",
    "integers": "int",
    "lists": "list",
    "arrays": "array",
    "strings": "string",
    "booleans": "bool",
    "function": "fun",
    "functions": "fun",
    "iff": "iff",
    "equivalent": "iff",
    "intersection": "inter",
    "infimum": "min",
    "minimum": "min",
    "supremum": "max",
    "maximum": "max",
    "absolute": "abs",
    "zero": "zero",
    "one": "one",
}
_COMMON: Final = frozenset(
    (
        *("a", "an", "the", "is", "are", "be", "of", "in", "on", "to", "for", "if", "then", "that"),
        *("this", "with", "at", "by", "as", "it", "its", "any", "all", "every", "each", "some"),
        *("two", "both", "type", "prop", "sort"),
    )
)
_TOKEN: Final = re.compile(
    r"(?P<name>«[^»\n]{1,200}»|[^\W\d][\w'!?₀-₉]*(?:\.[^\W\d][\w'!?₀-₉]*)*)"
    r"|(?P<number>\d+)"
    r"|(?P<operator>\[\]|<<<|>>>|&&&|\|\|\||\^\^\^|~~~|\+\+|::|==|!=|<=|>=|&&|\|\||⁻¹"
    r"|[-+*/%^∣=≠<>≤≥¬!∧∨↔∃∀∈∉⊆∪∩∅∘•√∑∏])"
)
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+")


def tokens(text: str) -> list[str]:
    """The words of a goal, a statement or English, in order, with repetitions."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        match found.lastgroup:
            case "operator":
                yield OPERATORS[found.group()]
            case "number":
                yield found.group()
            case _:
                yield from _of_name(found.group())


def _of_name(name: str) -> Iterator[str]:
    """A name and its words; a single letter is a variable, and says nothing."""
    if "." in name or "_" in name:
        yield name
    for part in _PART.findall(name):
        word = part.lower()
        if len(word) > 1 and word not in _COMMON:
            yield _ENGLISH.get(word, word)
