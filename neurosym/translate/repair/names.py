"""The names of one problem: arities that differ, names that differ only in spelling.

What is proposed here changes what the formulas say only if two names were meant as two; so a
proposal is a proposal, and ``neurosym.translate.repair`` accepts it only where a prover finds
the premises consistent with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from neurosym.translate.atoms import predicates, rename_symbols, replace_atoms
from neurosym.translate.english.lexicon import singular
from neurosym.translate.repair.base import Repair
from provers.logic import signature
from provers.logic.signature import Kind
from provers.logic.syntax import (
    INDIVIDUAL,
    Apply,
    Exists,
    Formula,
    Not,
    Pred,
    Term,
    Var,
    fresh_name,
    term_variables,
)

_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+(?:\.\d+)?|[^\W\d_]+")
_BEING: Final = frozenset({"is", "are", "be"})
_ARTICLES: Final = frozenset({"a", "an", "the"})
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to all formulas of a problem, with what it would be reported as.

    ``names`` are, where two names become one, the one that goes and the one that is kept.
    """

    repair: Repair
    change: Callable[[Formula], Formula]
    names: tuple[str, str] | None = None


def key(name: str) -> tuple[str, ...]:
    """The words of a name without case, plural or third-person endings, a leading ``Is``, ``IsA``
    or ``The``.

    ``IsStudent``, ``student`` and ``Students`` have one key; ``HasCar`` and ``Car`` have two, and
    so have ``VitaminA`` and ``Vitamin``. Names of less than three letters are as they are.
    """
    words = tuple(singular(word.lower()) for word in _PART.findall(name))
    if sum(map(len, words)) < _SHORTEST:
        return (name,)
    if words[0] in _BEING and len(words) > 1:
        words = words[2:] if words[1] in _ARTICLES and len(words) > 2 else words[1:]
    elif words[0] == "the" and len(words) > 1:
        words = words[1:]
    return words


# --- arities ---------------------------------------------------------------------------------


def arities(formulas: tuple[Formula, ...]) -> Iterator[Proposal]:
    """For each predicate with two arities, the one way to read the shorter use.

    Where every longer use has the same constant in one place, and only there, that place says
    nothing and goes. Else what a shorter use leaves out at its end is read as "some": with
    ``Moved(yale, haven, 1716)``, ``Moved(x, haven)`` is ``∃y Moved(x, haven, y)``.
    """
    for conflict in signature.infer(formulas).arity_conflicts:
        if conflict.kind == "predicate" and len(conflict.arities) == 2 and conflict.arities[0]:
            proposal = _arity(formulas, conflict.name, *conflict.arities)
            if proposal is not None:
                yield proposal


def _arity(formulas: tuple[Formula, ...], name: str, short: int, long: int) -> Proposal | None:
    uses = [pred for pred in predicates(formulas) if pred.name == name]
    shorter = [pred.args for pred in uses if len(pred.args) == short]
    longer = [pred.args for pred in uses if len(pred.args) == long]
    idle = [i for i in range(long) if _is_idle({args[i] for args in longer})]
    if long == short + 1 and len(idle) == 1 and len(longer) > 1:
        place = idle[0]
        said = f"left out argument {place + 1} of {name}, which is always the same"
        return Proposal(Repair("arity", said), lambda f: replace_atoms(f, _without(name, place)))
    if not _aligned(shorter, longer):
        return None
    missing = long - short
    said = (
        f"read {name} with {short} argument{'s' * (short > 1)} as {name} with {long} "
        f"and some {'things' if missing > 1 else 'thing'} in the place left out"
    )
    return Proposal(Repair("arity", said), lambda f: replace_atoms(f, _extended(name, short, long)))


def _is_idle(values: set[Term]) -> bool:
    return len(values) == 1 and all(isinstance(v, Apply) and not v.args for v in values)


def _aligned(shorter: list[tuple[Term, ...]], longer: list[tuple[Term, ...]]) -> bool:
    """Whether the arguments of the shorter uses are the first ones of the longer uses.

    A constant tells by its place: no constant of a shorter use may stand in another place of a
    longer use unless it stands in the same place of one too.
    """
    for args in shorter:
        for i, arg in enumerate(args):
            if not isinstance(arg, Apply) or arg.args:
                continue
            places = {j for other in longer for j, one in enumerate(other) if one == arg}
            if places and i not in places:
                return False
    return all(a.sort == INDIVIDUAL for args in (*shorter, *longer) for a in args)


def _without(name: str, place: int) -> Callable[[Formula], Formula]:
    def atom(one: Formula) -> Formula:
        match one:
            case Pred(other, args) if other == name and len(args) > place:
                return Pred(name, args[:place] + args[place + 1 :])
            case _:
                return one

    return atom


def _extended(name: str, short: int, long: int) -> Callable[[Formula], Formula]:
    def atom(one: Formula) -> Formula:
        match one:
            case Pred(other, args) if other == name and len(args) == short:
                taken = {v.name for arg in args for v in term_variables(arg)}
                some: list[Var] = []
                for _ in range(long - short):
                    some.append(Var(fresh_name("some", taken)))
                    taken.add(some[-1].name)
                return Exists(tuple(some), Pred(name, (*args, *some)))
            case _:
                return one

    return atom


# --- spellings ---------------------------------------------------------------------------------


def spellings(formulas: tuple[Formula, ...]) -> Iterator[Proposal]:
    """Names of one kind and arity that differ only in spelling, and predicates ``NotP`` of a ``P``.

    The spelling used most often is kept.
    """
    found = signature.infer(formulas)
    uses = Counter(pred.name for pred in predicates(formulas))
    groups: dict[tuple[Kind, int, tuple[str, ...]], list[str]] = {}
    for symbol in (*found.predicates, *found.functions):
        groups.setdefault((symbol.kind, symbol.arity, key(symbol.name)), []).append(symbol.name)
    for (kind, arity, words), names in groups.items():
        kept = max(names, key=lambda name: (uses[name], names.index(name) == 0))
        for name in names:
            if name != kept:
                yield _merge(kind, arity, name, kept)
        positive = groups.get((kind, arity, words[1:]))
        if kind == "predicate" and words[0] == "not" and positive:
            said = f"read {kept} as the negation of {positive[0]}"
            yield Proposal(Repair("negated_name", said), _negating(names, positive[0], arity))


def _merge(kind: Kind, arity: int, name: str, kept: str) -> Proposal:
    said = Repair("merge", f"took {name} and {kept} for two spellings of one name")

    def new(other: str, args: int) -> str:
        return kept if other == name and args == arity else other

    if kind == "predicate":
        return Proposal(said, lambda f: rename_symbols(f, predicate=new), (name, kept))
    return Proposal(said, lambda f: rename_symbols(f, function=new), (name, kept))


def _negating(names: list[str], positive: str, arity: int) -> Callable[[Formula], Formula]:
    def atom(one: Formula) -> Formula:
        match one:
            case Pred(other, args) if other in names and len(args) == arity:
                return Not(Pred(positive, args))
            case _:
                return one

    return lambda formula: replace_atoms(formula, atom)


def two_kinds(formulas: tuple[Formula, ...]) -> tuple[str, ...]:
    """Names used both for individuals and as predicates, in order."""
    found = signature.infer(formulas)
    functions = {symbol.name for symbol in found.functions}
    return tuple(sorted({symbol.name for symbol in found.predicates} & functions))
