"""Examples and mutants that say what others say, left out.

Two examples are the same where label and context are, and formulas differ in nothing but names:
those of variables, and, as long as one name stays one name, those of predicates, functions and
individuals. Two are nearly the same where their texts are (``neurosym.augment.export.minhash``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from neurosym.augment.base import Example
from neurosym.augment.export.minhash import MinHash
from provers.base import Outcome, Problem
from provers.logic.canonical import canonical
from provers.logic.syntax import (
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Number,
    Or,
    Pred,
    Term,
    Truth,
    Var,
    subformulas,
)

if TYPE_CHECKING:
    from neurosym.augment.lean.mutants import Mutant

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What was left out, what it repeats, and how that was found: ``normal form`` or ``text``."""

    id: str
    of: str
    how: str


@dataclass(frozen=True, slots=True)
class Deduplicated(Generic[Thing]):
    """What is left, in its order, and what is not."""

    kept: tuple[Thing, ...]
    dropped: tuple[Duplicate, ...]


def dedupe(
    examples: Iterable[Example], threshold: float | None = 0.9, *, renaming: bool = True
) -> Deduplicated[Example]:
    """Each example that says what none before it does.

    ``threshold`` is the similarity of texts from which they are the same; None: the formulas alone
    tell. Texts are compared among examples of one label, since a word may turn a claim round, and
    of different seeds: those of one seed are alike on purpose, and on one side of a split.
    Without ``renaming``, what differs in the names of predicates and individuals differs.
    Raises InputError for a threshold that is none.
    """
    near = {} if threshold is None else {label: MinHash(threshold) for label in Outcome}
    found = _Found[Example]()
    for one in examples:
        key, seed = normal_form(one, renaming=renaming), one.lineage.seed
        found.add(one, one.id, seed, key, text_of(one), near.get(one.label))
    return found.done()


def dedupe_mutants(
    mutants: Iterable[Mutant], threshold: float | None = None
) -> Deduplicated[Mutant]:
    """Each mutant whose statement none before it has, up to the names of variables.

    With a ``threshold``, statements of different seeds are compared as texts, too. Raises
    InputError for a threshold that is none.
    """
    from neurosym.augment.lean.mutants import normal

    near = None if threshold is None else MinHash(threshold)
    found = _Found["Mutant"]()
    for one in mutants:
        said = normal(one.statement)
        found.add(one, one.name, one.lineage.seed, f"{one.prelude}\0{said}", said, near)
    return found.done()


class _Found(Generic[Thing]):
    """What was kept so far, and what was not."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._seeds: dict[str, str] = {}
        self._kept: list[Thing] = []
        self._dropped: list[Duplicate] = []

    def add(
        self, thing: Thing, id: str, seed: str, form: str, text: str, near: MinHash | None
    ) -> None:
        if form in self._forms:
            self._dropped.append(Duplicate(id, self._forms[form], "normal form"))
            return
        if near is not None:
            alike = (other for other in near.find(text) if self._seeds[other] != seed)
            if (other := next(alike, None)) is not None:
                self._dropped.append(Duplicate(id, other, "text"))
                return
            near.keep(id, text)
        self._forms[form] = id
        self._seeds[id] = seed
        self._kept.append(thing)

    def done(self) -> Deduplicated[Thing]:
        return Deduplicated(tuple(self._kept), tuple(self._dropped))


def text_of(example: Example) -> str:
    """All that an example says in English."""
    return "\n".join([*(one.text for one in example.premises), example.context, example.claim.text])


# --- normal forms --------------------------------------------------------------------------


def normal_form(example: Example, *, renaming: bool = True) -> str:
    """64 hex digits, the same for examples that differ in names and in order alone.

    Examples that have the same one say the same. Of those that say the same some have different
    ones: premises and parts of conjunctions are in the order of what they are without names, and
    where that is the same, their names decide. ``renaming``: other names than those of variables
    do not count. Label and context do.
    """
    told = f"{example.label}\n{' '.join(example.context.split())}"
    return problem_form(example.problem, renaming=renaming, told=told)


def problem_form(problem: Problem, *, renaming: bool = True, told: str = "") -> str:
    """The same of a problem; ``told`` is what else has to be the same."""
    names: dict[_Symbol, str] | None = {} if renaming else None
    goal = [] if problem.goal is None else [canonical(problem.goal)]
    premises = sorted(map(canonical, problem.premises), key=_shape)
    text = "\n".join([told, *(_written(one, names) for one in [*goal, *premises])])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_Symbol: TypeAlias = tuple[str, str, int]


def _shape(formula: Formula) -> str:
    """A formula with numbers for names, counted in it alone, and then its names."""
    return f"{_written(formula, {})}\0{_written(formula, None)}"


def _written(formula: Formula, names: dict[_Symbol, str] | None) -> str:
    """A formula as text; ``names`` gives the next number to each symbol that it has none for."""

    def called(kind: str, name: str, arity: int) -> str:
        if names is None:
            return f"{kind}{name!r}"
        return names.setdefault((kind, name, arity), f"{kind}{len(names)}")

    def term(one: Term) -> str:
        match one:
            case Var(name, sort):
                return f"<{name}:{sort}>"
            case Number(value, sort):
                return f"{value}:{sort}"
            case Arith(op, args):
                return f"({op} {' '.join(map(term, args))})"
            case Apply(name, args, sort):
                return f"({called('f', name, len(args))}:{sort} {' '.join(map(term, args))})"

    def whole(one: Formula) -> str:
        match one:
            case Truth(value):
                return str(value)
            case Pred(name, args):
                return f"({called('p', name, len(args))} {' '.join(map(term, args))})"
            case Eq(left, right):
                return f"(Eq {term(left)} {term(right)})"
            case Compare(op, left, right):
                return f"({op} {term(left)} {term(right)})"
            case Forall(bound, body) | Exists(bound, body):
                return f"({type(one).__name__} {' '.join(map(term, bound))} {whole(body)})"
            case And(args) | Or(args):
                parts = sorted(args, key=_shape)
                return f"({type(one).__name__} {' '.join(map(whole, parts))})"
            case _:
                inner = " ".join(map(whole, subformulas(one)))
                return f"({type(one).__name__} {inner})"

    return whole(formula)
