"""What a translator is asked about a text, and what it should answer.

The question is put as the project's own translators put it (``neurosym.translate.prompts``), and
the answer is in the notation that they read: mathematical symbols for logic, an SMT-LIB script
for arithmetic. An answer that would not be read back as the formula is not given.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final, TypeAlias

from neurosym.augment import formulas
from neurosym.llm.base import Message
from neurosym.translate import prompts
from neurosym.translate.equations import read_script
from provers.errors import InputError
from provers.logic.canonical import canonical
from provers.logic.formats import parse, write
from provers.logic.syntax import (
    NUMERIC,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Formula,
    Implies,
    Not,
    Number,
    Or,
    Term,
    terms,
)

Row: TypeAlias = dict[str, Any]
"""One line of a data set; it has ``id`` and ``seed``."""

_TOKEN: Final = re.compile(r"\|(\w+)/0f\||(\d+)\.0(?!\d)|\|[^|]*\|", re.ASCII)


def asked(formula: Formula, text: str, *, whole: bool) -> Row:
    """The question, under the key ``prompt``; ``whole``: with all before it, as ``messages``."""
    if is_arithmetic(formula):
        turns = prompts.load("smtlib").messages(text, kind="Step")
    else:
        turns = prompts.load("fol").messages(text)
    return question(turns, whole=whole)


def question(turns: tuple[Message, ...], *, whole: bool) -> Row:
    """The user's last words as ``prompt``, or the whole conversation as ``messages``."""
    if not whole:
        return {"prompt": turns[-1].content}
    return {"messages": [{"role": turn.role, "content": turn.content} for turn in turns]}


def answer(formula: Formula) -> str:
    """The formula as a translator should write it.

    Raises InputError for a formula that the translators' notations have no words for.
    """
    return _script(formula) if is_arithmetic(formula) else _symbols(formula)


def is_arithmetic(formula: Formula) -> bool:
    """Whether it is about numbers alone."""
    sorts = {term.sort for term in terms(formula)}
    return bool(sorts) and sorts <= NUMERIC


def _symbols(formula: Formula) -> str:
    text = write(formula, "unicode")
    if canonical(parse(text, "unicode")) != canonical(formula):
        raise InputError("the formula would be read back as another one.")
    return text


def _script(formula: Formula) -> str:
    plain = _formula(formula)
    names = {term.name: term.sort for term in terms(plain) if isinstance(term, Apply)}
    declared = [f"(declare-const {name} {sort})\n" for name, sort in names.items()]
    stated = _TOKEN.sub(
        lambda found: found[1] or found[2] or found[0], formulas.write([plain]).terms[0]
    )
    text = f"{''.join(declared)}(define-fun goal () Bool {stated})"
    if read_script(text).claim != plain:
        raise InputError("the formula would be read back as another one.")
    return text


def _formula(formula: Formula) -> Formula:
    """The formula with numbers that have no numeral as what is done with those that have one."""
    match formula:
        case Eq(left, right):
            return Eq(_term(left), _term(right))
        case Compare(op, left, right):
            return Compare(op, _term(left), _term(right))
        case Not(body):
            return Not(_formula(body))
        case And(args):
            return And(tuple(map(_formula, args)))
        case Or(args):
            return Or(tuple(map(_formula, args)))
        case Implies(left, right):
            return Implies(_formula(left), _formula(right))
        case _:
            name = type(formula).__name__
            raise InputError(f"the scripts of the translators have no {name} over numbers.")


def _term(term: Term) -> Term:
    match term:
        case Arith(op, args, sort):
            return Arith(op, tuple(map(_term, args)), sort)
        case Number(value, sort) if value < 0:
            return Arith("-", (_term(Number(-value, sort)),), sort)
        case Number(value, sort) if not _is_decimal(value):
            return Arith(
                "/", (Number(Fraction(value.numerator)), Number(Fraction(value.denominator))), sort
            )
        case _:
            return term


def _is_decimal(value: Fraction) -> bool:
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return rest == 1
