"""The symbols that formulas use, and where their uses conflict.

A symbol is identified by kind, name and arity. One name with two arities is two symbols and is
listed; one symbol with two sorts is wrong, and ``Signature.check`` says which.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from provers.errors import SortError
from provers.logic.syntax import (
    NUMERIC,
    REAL,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Number,
    Pred,
    Sort,
    Term,
    Var,
    subterms,
    walk,
)

Kind: TypeAlias = Literal["function", "predicate"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A function (``result`` is its sort) or a predicate (``result`` is None)."""

    kind: Kind
    name: str
    args: tuple[Sort, ...]
    result: Sort | None

    @property
    def arity(self) -> int:
        return len(self.args)

    def __str__(self) -> str:
        args = " x ".join(map(str, self.args)) or "()"
        return f"{self.kind} {self.name}: {args}" + (f" -> {self.result}" if self.result else "")


@dataclass(frozen=True, slots=True)
class ArityConflict:
    """One name of one kind with several numbers of arguments; they are different symbols."""

    kind: Kind
    name: str
    arities: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} has {' and '.join(map(str, self.arities))} arguments"


@dataclass(frozen=True, slots=True)
class Signature:
    """Symbols in order of kind, name and arity, and what is odd or wrong about them.

    ``kind_clashes`` holds (name, arity) used as a function and as a predicate. ``sort_conflicts``
    holds one sentence each.
    """

    functions: tuple[Symbol, ...] = ()
    predicates: tuple[Symbol, ...] = ()
    sorts: tuple[Sort, ...] = ()
    arity_conflicts: tuple[ArityConflict, ...] = ()
    kind_clashes: tuple[tuple[str, int], ...] = ()
    sort_conflicts: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise SortError where sorts do not fit together."""
        if self.sort_conflicts:
            raise SortError("; ".join(self.sort_conflicts))


def infer(formulas: Iterable[Formula]) -> Signature:
    """The signature of all the formulas together."""
    symbols: set[Symbol] = set()
    sorts: set[Sort] = set()
    wrong: set[str] = set()
    for formula in formulas:
        some_symbols, some_sorts, some_wrong = _uses(formula)
        symbols |= some_symbols
        sorts |= some_sorts
        wrong |= some_wrong
    ordered = sorted(symbols, key=_order)
    by_key: dict[tuple[Kind, str, int], list[Symbol]] = {}
    by_name: dict[tuple[Kind, str], set[int]] = {}
    for symbol in ordered:
        by_key.setdefault((symbol.kind, symbol.name, symbol.arity), []).append(symbol)
        by_name.setdefault((symbol.kind, symbol.name), set()).add(symbol.arity)
    wrong.update(
        f"one symbol has two sorts: {' but also '.join(map(str, same))}"
        for same in by_key.values()
        if len(same) > 1
    )
    return Signature(
        functions=tuple(s for s in ordered if s.kind == "function"),
        predicates=tuple(s for s in ordered if s.kind == "predicate"),
        sorts=tuple(sorted(sorts, key=lambda s: s.name)),
        arity_conflicts=tuple(
            ArityConflict(kind, name, tuple(sorted(arities)))
            for (kind, name), arities in by_name.items()
            if len(arities) > 1
        ),
        kind_clashes=tuple(
            (name, arity)
            for kind, name, arity in by_key
            if kind == "function" and ("predicate", name, arity) in by_key
        ),
        sort_conflicts=tuple(sorted(wrong)),
    )


def _order(symbol: Symbol) -> tuple[str, str, int, str]:
    return symbol.kind, symbol.name, symbol.arity, str(symbol)


_Uses: TypeAlias = tuple[frozenset[Symbol], frozenset[Sort], frozenset[str]]


@functools.lru_cache(maxsize=4096)
def _uses(formula: Formula) -> _Uses:
    """Symbols, sorts and sort errors of one formula."""
    symbols: set[Symbol] = set()
    sorts: set[Sort] = set()
    wrong: set[str] = set()
    for sub in walk(formula):
        tops: tuple[Term, ...]
        match sub:
            case Pred(name, args):
                symbols.add(Symbol("predicate", name, tuple([a.sort for a in args]), None))
                tops = args
            case Eq(left, right):
                if left.sort != right.sort:
                    wrong.add(f"an equation of {_named(left)} and {_named(right)}")
                tops = (left, right)
            case Compare(op, left, right):
                if left.sort != right.sort or left.sort not in NUMERIC:
                    wrong.add(f"'{op}' between {_named(left)} and {_named(right)}")
                tops = (left, right)
            case Forall(bound, _) | Exists(bound, _):
                sorts.update([v.sort for v in bound])
                continue
            case _:
                continue
        for top in tops:
            for term in subterms(top):
                sorts.add(term.sort)
                if isinstance(term, Apply):
                    signature = tuple([a.sort for a in term.args])
                    symbols.add(Symbol("function", term.name, signature, term.sort))
                elif isinstance(term, Arith):
                    if term.sort not in NUMERIC or (term.op == "/" and term.sort != REAL):
                        wrong.add(f"'{term.op}' of sort {term.sort}")
                    wrong.update(
                        f"'{term.op}' of sort {term.sort} over {_named(a)}"
                        for a in term.args
                        if a.sort != term.sort
                    )
                elif isinstance(term, Number) and term.sort not in NUMERIC:
                    wrong.add(f"the number {term.value} of sort {term.sort}")
    return frozenset(symbols), frozenset(sorts), frozenset(wrong)


def _named(term: Term) -> str:
    match term:
        case Var(name) | Apply(name):
            return f"{name} ({term.sort})"
        case Number(value):
            return f"{value} ({term.sort})"
        case Arith(op):
            return f"a '{op}' term ({term.sort})"
