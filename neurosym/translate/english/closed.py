"""The closed-world assumption: what cannot be derived is false.

Rules are read as a logic program. Its meaning is the stratified one (Apt, Blair and Walker,
"Towards a Theory of Declarative Knowledge", 1988): forward chaining stratum by stratum, where a
negated condition holds if its atom was not derived in a lower stratum.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from provers.logic.syntax import (
    INDIVIDUAL,
    TRUE,
    And,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Term,
    Var,
    disjunction,
    fresh_name,
    substitute,
    terms,
    walk,
)

MAX_ATOMS: Final = 100_000
MAX_ALTERNATIVES: Final = 256
MAX_MATCHES: Final = 2_000_000

_Symbol: TypeAlias = tuple[str, int]
_Literal: TypeAlias = tuple[bool, Pred]


@dataclass(frozen=True, slots=True)
class _Rule:
    head: Pred
    positive: tuple[Pred, ...]
    negative: tuple[Pred, ...]


def closed_world(premises: Sequence[Formula], goal: Formula | None) -> tuple[Formula, ...]:
    """The premises that the closed-world assumption adds to ``premises``.

    These are the negations of the ground atoms, over the constants and predicates of premises and
    goal, that forward chaining with negation as failure does not derive; and where the goal has a
    quantifier, that every individual is one of the constants. A premise that only denies
    ("no dog is red", "Bob is not cold") derives nothing and is left to the prover.

    Raises ValueError, saying why, for premises that are no rules (a disjunctive or existential
    conclusion, equality, functions), that cannot be stratified, or that have too many atoms.
    """
    everything = [*premises, *(() if goal is None else (goal,))]
    constants = _constants(everything)
    symbols = sorted(
        {(f.name, len(f.args)) for formula in everything for f in walk(formula)
         if isinstance(f, Pred)}
    )  # fmt: skip
    if sum(len(constants) ** arity for _, arity in symbols) > MAX_ATOMS:
        raise ValueError(f"the closed world has more than {MAX_ATOMS:,} atoms")
    rules = [rule for premise in premises for rule in _Reading().rules(premise)]
    derived = _derive(rules, constants)
    extra: list[Formula] = []
    for name, arity in symbols:
        for args in itertools.product(constants, repeat=arity):
            atom = Pred(name, args)
            if atom not in derived:
                extra.append(Not(atom))
    if goal is not None and any(isinstance(f, Forall | Exists) for f in walk(goal)):
        if not constants:
            raise ValueError("a closed world needs at least one named individual")
        x = Var("x")
        extra.append(Forall((x,), disjunction(tuple(Eq(x, c) for c in constants))))
    return tuple(extra)


def _constants(formulas: Iterable[Formula]) -> tuple[Apply, ...]:
    found: dict[Apply, None] = {}
    for formula in formulas:
        for term in terms(formula):
            if term.sort != INDIVIDUAL:
                raise ValueError("a closed world has individuals only, no numbers or other sorts")
            if isinstance(term, Apply):
                if term.args:
                    raise ValueError(f"a closed world has no functions such as {term.name}")
                found.setdefault(term)
    return tuple(sorted(found, key=lambda c: c.name))


class _Reading:
    """Rules of one premise, with its bound variables made distinct."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def rules(self, formula: Formula, body: tuple[_Literal, ...] = ()) -> Iterator[_Rule]:
        match formula:
            case Pred():
                yield _Rule(
                    formula,
                    tuple(atom for sign, atom in body if sign),
                    tuple(atom for sign, atom in body if not sign),
                )
            case And(args):
                for arg in args:
                    yield from self.rules(arg, body)
            case Forall(bound, inner):
                yield from self.rules(self._renamed(bound, inner), body)
            case Implies(left, right):
                for case in self._cases(left, True):
                    yield from self.rules(right, (*body, *case))
            case Iff(left, right):
                yield from self.rules(Implies(left, right), body)
                yield from self.rules(Implies(right, left), body)
            case Not(inner) if _only_denies(inner):
                return
            case _ if formula == TRUE:
                return
            case _:
                raise ValueError(
                    f"a closed world needs rules; a conclusion here is {_kind(formula)}"
                )

    def _renamed(self, bound: tuple[Var, ...], inner: Formula) -> Formula:
        by: dict[Var, Term] = {}
        for var in bound:
            name = fresh_name(var.name, self.taken)
            self.taken.add(name)
            by[var] = Var(name, var.sort)
        return substitute(inner, by)

    def _cases(self, formula: Formula, sign: bool) -> list[tuple[_Literal, ...]]:
        """The disjunctive normal form of a condition."""
        match formula, sign:
            case Pred(), _:
                return [((sign, formula),)]
            case Not(inner), _:
                return self._cases(inner, not sign)
            case (And(args), True) | (Or(args), False):
                cases: list[tuple[_Literal, ...]] = [()]
                for arg in args:
                    new = self._cases(arg, sign)
                    if len(cases) * len(new) > MAX_ALTERNATIVES:
                        raise ValueError("a condition has too many alternatives")
                    cases = [(*a, *b) for a in cases for b in new]
                return cases
            case (Or(args), True) | (And(args), False):
                return [case for arg in args for case in self._cases(arg, sign)]
            case Exists(bound, inner), True:
                return self._cases(self._renamed(bound, inner), True)
            case _ if formula == TRUE and sign:
                return [()]
        raise ValueError(f"a closed world needs rules; a condition here is {_kind(formula)}")


def _only_denies(formula: Formula) -> bool:
    """Whether the negation of ``formula`` derives no atom: no negation or implication inside."""
    return all(isinstance(f, Pred | And | Or | Exists) for f in walk(formula))


def _kind(formula: Formula) -> str:
    match formula:
        case Or():
            return "a disjunction"
        case Exists():
            return "existential"
        case Forall():
            return "universal"
        case Eq():
            return "an equality"
        case Not():
            return "a negation of something compound"
        case _:
            return f"{type(formula).__name__.lower()}"


# --- derivation ----------------------------------------------------------------------------


def _strata(rules: Sequence[_Rule]) -> list[list[_Rule]]:
    level: dict[_Symbol, int] = defaultdict(int)
    symbols = {_symbol(a) for r in rules for a in (r.head, *r.positive, *r.negative)}
    changed = True
    while changed:
        changed = False
        for rule in rules:
            head = _symbol(rule.head)
            need = max(
                itertools.chain(
                    (level[_symbol(a)] for a in rule.positive),
                    (level[_symbol(a)] + 1 for a in rule.negative),
                ),
                default=0,
            )
            if need > level[head]:
                if need > len(symbols):
                    raise ValueError(
                        f"the rules cannot be stratified: {head[0]} depends on its own negation"
                    )
                level[head], changed = need, True
    layers: dict[int, list[_Rule]] = defaultdict(list)
    for rule in rules:
        layers[level[_symbol(rule.head)]].append(rule)
    return [layers[k] for k in sorted(layers)]


def _symbol(atom: Pred) -> _Symbol:
    return atom.name, len(atom.args)


def _derive(rules: Sequence[_Rule], constants: tuple[Apply, ...]) -> set[Pred]:
    derived: set[Pred] = set()
    by_symbol: dict[_Symbol, list[Pred]] = defaultdict(list)
    work = 0
    for layer in _strata(rules):
        changed = True
        while changed:
            changed = False
            for rule in layer:
                for binding in list(_matches(rule, by_symbol, constants)):
                    work += 1
                    if work > MAX_MATCHES:
                        raise ValueError("deriving the closed world takes too many steps")
                    if any(_ground(a, binding) in derived for a in rule.negative):
                        continue
                    head = _ground(rule.head, binding)
                    if head not in derived:
                        derived.add(head)
                        by_symbol[_symbol(head)].append(head)
                        changed = True
    return derived


def _matches(
    rule: _Rule, known: dict[_Symbol, list[Pred]], constants: tuple[Apply, ...]
) -> Iterator[dict[Var, Term]]:
    """Bindings of all variables of the rule under which its positive conditions are known."""

    bindings: Iterable[dict[Var, Term]] = ({},)
    for atom in rule.positive:
        bindings = _extended(atom, known.get(_symbol(atom), ()), bindings)
    free = sorted(
        {
            v
            for a in (rule.head, *rule.negative)
            for v in a.args
            if isinstance(v, Var)
        }
        - {v for a in rule.positive for v in a.args if isinstance(v, Var)},
        key=lambda v: v.name,
    )  # fmt: skip
    for binding in bindings:
        for values in itertools.product(constants, repeat=len(free)):
            yield {**binding, **dict(zip(free, values, strict=True))}


def _extended(
    atom: Pred, facts: Sequence[Pred], bindings: Iterable[dict[Var, Term]]
) -> Iterator[dict[Var, Term]]:
    for binding in bindings:
        for fact in facts:
            new = dict(binding)
            for pattern, value in zip(atom.args, fact.args, strict=True):
                if isinstance(pattern, Var):
                    if new.setdefault(pattern, value) != value:
                        break
                elif pattern != value:
                    break
            else:
                yield new


def _ground(atom: Pred, binding: dict[Var, Term]) -> Pred:
    return Pred(atom.name, tuple(binding[a] if isinstance(a, Var) else a for a in atom.args))
