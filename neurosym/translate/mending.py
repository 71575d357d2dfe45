"""Small changes to a formula that a check of it against its text may ask for.

A model often gets all words of a sentence and misses one denial or the direction of a rule. What
the change was is kept, and it is made only if exactly one meaning passes the check: two that pass
would be a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from neurosym.translate.atoms import replace_atoms
from neurosym.translate.clusters import Prove, cluster
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    And,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Pred,
    closure,
    conjunction,
    free_variables,
    negate,
    walk,
)

MOST_TRIED: Final = 16


@dataclass(frozen=True, slots=True)
class Mended:
    """The one changed formula that passed, and what was changed, in words."""

    formula: Formula
    change: str
    double: bool = False


def mend(formula: Formula, check: Callable[[Formula], str], prove: Prove) -> Mended | None:
    """The change under which ``check`` has nothing to say; None where none, or two, would do.

    One change is tried before two together.
    """
    seen = {canonical(formula)}
    options = list(_changes(formula))[:MOST_TRIED]
    for double in (False, True):
        passing: list[Mended] = []
        for option in options:
            if option.double is not double or canonical(option.formula) in seen:
                continue
            seen.add(canonical(option.formula))
            if not check(option.formula):
                passing.append(option)
        if passing:
            meanings = cluster([option.formula for option in passing], prove).clusters
            return passing[0] if len(meanings) == 1 else None
    return None


def _changes(formula: Formula) -> Iterator[Mended]:
    """Formulas one change away: a denial more or less, a rule turned round, arguments swapped."""
    match formula:
        case Not(Exists(bound, Implies(left, right))) | Not(Forall(bound, Implies(left, right))):
            rule = Forall(bound, Implies(left, right))
            yield Mended(rule, "took the denial off the whole rule")
            for option in _rule_changes(left, right):
                whole = closure(option.formula)
                change = f"took the denial off the whole rule and {option.change}"
                yield Mended(whole, change, double=True)
        case Not(Exists(bound, And(args))):
            # "No A is B" is a rule whose consequence stands last.
            rule_left, last = conjunction(args[:-1]), negate(args[-1])
            for option in _rule_changes(rule_left, last):
                yield Mended(closure(option.formula), option.change, option.double)
        case Forall(bound, Implies(left, right)):
            for option in _rule_changes(left, right):
                yield Mended(closure(option.formula), option.change, option.double)
        case Implies(left, right):
            yield from _rule_changes(left, right)
        case Pred() | Not(Pred()):
            yield Mended(negate(formula), _moved(formula))
            yield from _swaps(formula)
        case _:
            return


def _rule_changes(left: Formula, right: Formula) -> Iterator[Mended]:
    yield Mended(Implies(left, negate(right)), _moved(right))
    yield Mended(Implies(right, left), "turned the rule round")
    # "Whatever chases the dog, the cat chases the dog", for what the cat alone does.
    alone = isinstance(left, Pred) and isinstance(right, Pred) and left.name == right.name
    if alone and not free_variables(right):
        yield Mended(right, "kept the consequence alone")
    conditions = left.args if isinstance(left, And) else (left,)
    for place, condition in enumerate(conditions):
        others = (*conditions[:place], negate(condition), *conditions[place + 1 :])
        yield Mended(Implies(conjunction(others), right), _moved(condition))
        both = Implies(conjunction(others), negate(right))
        yield Mended(both, f"{_moved(condition)} and {_moved(right)}", double=True)
    turned = "turned the rule round and"
    yield Mended(Implies(right, negate(left)), f"{turned} {_moved(left)}", double=True)
    yield Mended(Implies(negate(right), left), f"{turned} {_moved(right)}", double=True)


def _swaps(formula: Formula) -> Iterator[Mended]:
    for node in walk(formula):
        if isinstance(node, Pred) and len(node.args) == 2 and node.args[0] != node.args[1]:
            name = node.name

            def swapped(atom: Formula, name: str = name) -> Formula:
                match atom:
                    case Pred(other, (first, second)) if other == name:
                        return Pred(name, (second, first))
                    case _:
                        return atom

            yield Mended(replace_atoms(formula, swapped), f"swapped who and whom in {name}")


def _moved(formula: Formula) -> str:
    names = ", ".join(dict.fromkeys(n.name for n in walk(formula) if isinstance(n, Pred)))
    return f"took the denial off {names}" if isinstance(formula, Not) else f"denied {names}"
