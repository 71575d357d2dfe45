"""Numbers in one formula, names in another: one sort for each place of each symbol."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from neurosym.translate.atoms import replace_atoms
from neurosym.translate.repair.base import Repair
from provers.logic.syntax import (
    INDIVIDUAL,
    REAL,
    Apply,
    Arith,
    Compare,
    Eq,
    Formula,
    Number,
    Pred,
    Sort,
    Term,
    Var,
    terms,
    walk,
)

_NUMERAL: Final = re.compile(r"\$?(\d{1,30}(?:\.\d{1,30})?)\$?")
_Place: TypeAlias = tuple[str, str, int, int]
"""(kind, name, arity or formula's number, argument or -1 for the result)"""
_REAL: Final[_Place] = ("real", "", 0, 0)


def unify_sorts(formulas: tuple[Formula, ...]) -> tuple[tuple[Formula, ...], tuple[Repair, ...]]:
    """The formulas with a place numeric in all of them where it is numeric in one.

    A reader sees one formula: ``Cost(a, x) ∧ x < 300`` makes ``Cost`` speak of numbers there,
    while in ``Cost(a, 205)`` the numeral is a name. Nothing changes where no formula has
    numbers.
    """
    if not any(term.sort == REAL for formula in formulas for term in terms(formula)):
        return formulas, ()
    places = _Places()
    for number, formula in enumerate(formulas):
        places.see(formula, number)
    changed = tuple(places.rebuild(formula, number) for number, formula in enumerate(formulas))
    if changed == formulas:
        return formulas, ()
    return changed, (Repair("sort", "read numerals as numbers wherever they stand for amounts"),)


class _Places:
    """Which places hold the same sort: union and find."""

    def __init__(self) -> None:
        self._parent: dict[_Place, _Place] = {}

    def _find(self, place: _Place) -> _Place:
        while (up := self._parent.get(place, place)) != place:
            place = up
        return place

    def _same(self, places: Sequence[_Place | None]) -> None:
        known = [self._find(place) for place in places if place is not None]
        for place in known[1:]:
            self._parent[self._find(place)] = self._find(known[0])

    def see(self, formula: Formula, number: int) -> None:
        for sub in walk(formula):
            match sub:
                case Pred(name, args):
                    for i, arg in enumerate(args):
                        self._same([("p", name, len(args), i), self._see_term(arg, number)])
                case Eq(left, right):
                    self._same([self._see_term(side, number) for side in (left, right)])
                case Compare(_, left, right):
                    sides = [self._see_term(side, number) for side in (left, right)]
                    self._same([_REAL, *sides])
                case _:
                    pass

    def _see_term(self, term: Term, number: int) -> _Place | None:
        """The term's place, once what is inside is seen; None for a numeral, which fits any."""
        place = _place(term, number)
        match term:
            case Apply(name, args):
                for i, arg in enumerate(args):
                    self._same([("f", name, len(args), i), self._see_term(arg, number)])
            case Arith(_, args):
                self._same([_REAL, *(self._see_term(arg, number) for arg in args)])
            case _:
                pass
        if term.sort == REAL:
            self._same([_REAL, place])
        return place

    def _sort(self, place: _Place | None) -> Sort:
        numeric = place is not None and self._find(place) == self._find(_REAL)
        return REAL if numeric else INDIVIDUAL

    def rebuild(self, formula: Formula, number: int) -> Formula:
        def atom(one: Formula) -> Formula:
            match one:
                case Pred(name, args):
                    places = [("p", name, len(args), i) for i in range(len(args))]
                    sorts = [self._sort(place) for place in places]
                    return Pred(name, self._terms(args, sorts, number))
                case Eq(left, right):
                    sides = [_place(side, number) for side in (left, right)]
                    numeric = any(self._sort(side) == REAL for side in sides)
                    sort = REAL if numeric else INDIVIDUAL
                    return Eq(*self._terms((left, right), [sort, sort], number))
                case Compare(op, left, right):
                    return Compare(op, *self._terms((left, right), [REAL, REAL], number))
                case _:
                    return one

        def bound(var: Var) -> Var:
            return Var(var.name, self._sort(_place(var, number)))

        return replace_atoms(formula, atom, bound)

    def _terms(
        self, args: tuple[Term, ...], sorts: Sequence[Sort], number: int
    ) -> tuple[Term, ...]:
        return tuple(self._rebuilt(arg, s, number) for arg, s in zip(args, sorts, strict=True))

    def _rebuilt(self, term: Term, sort: Sort, number: int) -> Term:
        match term:
            case Var(name):
                return Var(name, sort)
            case Apply(name, args):
                value = _numeral(term)
                if value is not None:
                    return Number(value) if sort == REAL else term
                places = [("f", name, len(args), i) for i in range(len(args))]
                sorts = [self._sort(place) for place in places]
                return Apply(name, self._terms(args, sorts, number), sort)
            case Arith(op, args):
                return Arith(op, self._terms(args, [REAL] * len(args), number))
            case Number():
                return term


def _place(term: Term, number: int) -> _Place | None:
    match term:
        case Var(name):
            return ("v", name, number, 0)
        case Apply(name, args):
            return None if _numeral(term) is not None else ("f", name, len(args), -1)
        case _:
            return _REAL


def _numeral(term: Apply) -> Fraction | None:
    found = None if term.args else _NUMERAL.fullmatch(term.name)
    return Fraction(found[1]) if found else None
