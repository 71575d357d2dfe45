"""First-order formulas over a given vocabulary, as GBNF made from the unicode notation's grammar.

Connectives and their precedence are those of ``unicode.lark``. What is narrower: every variable
is bound by a quantifier around it, every predicate has one of the arities it may have, and names
come from the vocabulary. So what is generated parses, is closed, and fits the signature.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final

from neurosym.translate.grammars import choice, literal, rules, write

VARIABLES: Final = ("x", "y", "z")
DEEPEST: Final = 2
"""Parentheses within parentheses, between one quantifier and the next."""
_SPELLED: Final = {
    "_IFF": '" ↔ "',
    "_IMPLIES": '" → "',
    "OR": '" ∨ "',
    "XOR": '" ⊕ "',
    "_AND": '" ∧ "',
    **dict.fromkeys(("ALL", "EXISTS", "NAME", "NOT", "COMPARE", "TRUTH", "MINUS", "STAR"), '""'),
    **dict.fromkeys(("_UNEQUAL", "_DOT"), '""'),
}


def formula_grammar(
    predicates: Mapping[str, frozenset[int]],
    constants: Sequence[str],
    *,
    equality: bool = False,
    not_all: bool = True,
) -> str:
    """GBNF for one closed formula.

    ``predicates`` maps each name to the arities, from 0, that it may have. Equations between
    terms are generated only with ``equality``, ``¬∀`` only with ``not_all``. What ``∃`` binds is
    no implication: "something, if it is a dog, barks" is what nobody says.

    Raises ValueError where no formula is possible: there is no predicate.
    """
    if not predicates:
        raise ValueError("a formula needs a predicate")
    made: dict[str, str] = {"root": f"{_level(0, 0)}iff"}
    for bound in range(len(VARIABLES) + 1):
        terms = [literal(name) for name in (*VARIABLES[:bound], *constants)]
        for nested in range(DEEPEST + 1):
            prefix = _level(bound, nested)
            atoms = _atoms(prefix, predicates, terms)
            made.update(atoms)
            unit = _unit(bound, nested, atoms, equality, not_all)
            made.update(_connectives(prefix, unit))
    return write(made)


def _level(bound: int, nested: int) -> str:
    return f"v{bound}-{nested}-"


def _connectives(prefix: str, unit: str) -> dict[str, str]:
    return rules(_unicode(), spell=_SPELLED, replace={"unary": unit}, prefix=prefix)


@functools.cache
def _unicode() -> str:
    files = resources.files("provers.logic.formats")
    return files.joinpath("unicode.lark").read_text(encoding="utf-8")


def _unit(bound: int, nested: int, atoms: Mapping[str, str], equality: bool, not_all: bool) -> str:
    """An atom, something in parentheses, or a quantified formula, each negated or not.

    Where nothing can be spoken of yet, a quantifier comes first: a small model that is let into
    parentheses there finds no way out of them.
    """
    prefix = _level(bound, nested)
    parts = []
    if f"{prefix}atom" in atoms:
        parts.append(f'"¬"? {prefix}atom')
        if nested < DEEPEST:
            parts.append(f'"¬"? "(" {_level(bound, nested + 1)}iff ")"')
    if equality and f"{prefix}term" in atoms:
        parts.append(f'{prefix}term (" = " | " ≠ ") {prefix}term')
    if bound < len(VARIABLES):
        name, inside = VARIABLES[bound], _level(bound + 1, 0)
        every, some = f'"∀{name} (" {inside}iff ")"', f'"∃{name} (" {inside}or ")"'
        parts += [f'"¬"? {every}' if not_all else every, f'"¬"? {some}']
    return "(" + " | ".join(parts) + ")"


def _atoms(
    prefix: str, predicates: Mapping[str, frozenset[int]], terms: Sequence[str]
) -> dict[str, str]:
    """Atoms and terms of one level; where nothing is to be spoken of yet, neither."""
    by_arity: dict[int, list[str]] = {}
    for name, arities in predicates.items():
        for arity in arities:
            by_arity.setdefault(arity, []).append(name)
    parts = []
    for arity, names in sorted(by_arity.items()):
        if arity and not terms:
            continue
        args = ' ", " '.join([f"{prefix}term"] * arity)
        parts.append(f'{choice(names)} "(" {args} ")"' if arity else choice(names))
    made = {f"{prefix}atom": "(" + " | ".join(parts) + ")"} if parts else {}
    if terms:
        made[f"{prefix}term"] = "(" + " | ".join(terms) + ")"
    return made
