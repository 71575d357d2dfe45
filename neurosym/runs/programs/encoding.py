"""Constraint problems as many-sorted formulas that any prover here can answer.

Each cell and value is an atom, ``assigned(Fred, locker_3)``, with axioms that say that every cell
has exactly one value. Quantifiers, counts and arithmetic are written out over the finite domains,
so the formulas have no variables, functions or equality: a contradiction's certificate and a
model can both be checked without a solver. What a model says is checked once more against the
constraints themselves, which shares nothing with the way they were written out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.runs.programs.base import ProgramError
from neurosym.runs.programs.constraints import (
    BOOLEAN,
    Case,
    Cell,
    Constant,
    ConstraintProblem,
    Domain,
    Expression,
    Function,
    Key,
    Operation,
    Over,
    Value,
    Variable,
    calculate,
    compare,
    satisfied,
)
from provers.errors import BrokenToolError
from provers.logic.models import Model
from provers.logic.models import evaluate as holds_in
from provers.logic.syntax import (
    FALSE,
    TRUE,
    And,
    Apply,
    Formula,
    Iff,
    Not,
    Or,
    Pred,
    Sort,
    Term,
    conjunction,
    disjunction,
    negate,
)

MOST_ATOMS: Final = 3_000
MOST_STEPS: Final = 150_000
_SMALL: Final = 4

_Cases = dict[Value | None, Formula]
_Env = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The premises that define the problem, the first ones its constraints in their order."""

    premises: tuple[Formula, ...]
    constraints: int


class Encoder:
    """One problem written out; ``formula`` writes out further claims about it."""

    def __init__(self, problem: ConstraintProblem) -> None:
        """Raises ProgramError (``too_large``) for a problem over the limits."""
        self.problem = problem
        self._steps = 0
        self._sorts = _sorts(problem)
        self._definitions: list[Formula] = []
        self._names: dict[Formula, Formula] = {}
        self._counters: dict[tuple[tuple[Formula, ...], int], Formula] = {}
        atoms = sum(
            len(f.range.values) * math.prod(len(d.values) for d in f.parameters)
            for f in problem.functions.values()
        )
        if atoms > MOST_ATOMS:
            raise ProgramError("too_large", f"{atoms} values of functions: at most {MOST_ATOMS}")
        self._constraints = tuple(self.formula(c.expression) for c in problem.constraints)

    def encoded(self) -> Encoded:
        """All premises, with the definitions of what was written out up to now."""
        axioms = [a for f in self.problem.functions.values() for a in self._axioms(f)]
        premises = (*self._constraints, *axioms, *self._definitions)
        return Encoded(premises, len(self._constraints))

    def formula(self, expression: Expression) -> Formula:
        """The closed expression as a formula.

        Raises:
            ProgramError: ``too_large``.
        """
        return self._truth(expression, {})

    def differs(self, case: Case) -> Formula:
        """That some cell has another value than in ``case``."""
        return disjunction(
            tuple(
                negate(self._atom(self.problem.functions[name], row, value))
                for (name, row), value in case.items()
            )
        )

    def case(self, model: Model) -> dict[Key, Value]:
        """What the model says of every cell, checked against the constraints.

        Raises:
            BrokenToolError: the model is no case of the problem.
        """
        found: dict[Key, Value] = {}
        for function in self.problem.functions.values():
            for row in function.rows():
                values = [
                    value
                    for value in function.range.values
                    if holds_in(self._atom(function, row, value), model)
                ]
                if len(values) != 1:
                    raise BrokenToolError(f"A model gives {function.name} {len(values)} values.")
                found[function.name, row] = values[0]
        if not satisfied(self.problem, found):
            raise BrokenToolError("A model does not satisfy the constraints it was found for.")
        return found

    # --- atoms ---------------------------------------------------------------------------------

    def _atom(self, function: Function, row: tuple[Value, ...], value: Value) -> Formula:
        if function.range == BOOLEAN:
            atom = Pred(function.name, tuple(map(self._constant, row)))
            return atom if value is True else Not(atom)
        return Pred(function.name, tuple(map(self._constant, (*row, value))))

    def _constant(self, value: Value) -> Term:
        return Apply(str(value), (), self._sorts[value])

    def _axioms(self, function: Function) -> list[Formula]:
        if function.range == BOOLEAN:
            return []
        found: list[Formula] = []
        for row in function.rows():
            atoms = tuple(self._atom(function, row, value) for value in function.range.values)
            found.append(disjunction(atoms))
            pairs = itertools.combinations(atoms, 2)
            if exclusions := tuple(Or((Not(a), Not(b))) for a, b in pairs):
                found.append(conjunction(exclusions))
        return found

    # --- truth ---------------------------------------------------------------------------------

    def _step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise ProgramError("too_large", "the constraints, written out, are too many")

    def _truth(self, expression: Expression, env: _Env) -> Formula:
        self._step()
        match expression:
            case Operation("and", args):
                return _and([self._truth(arg, env) for arg in args])
            case Operation("or", args):
                return _or([self._truth(arg, env) for arg in args])
            case Operation("not", (body,)):
                return _not(self._truth(body, env))
            case Operation("implies", (left, right)):
                return _or([_not(self._truth(left, env)), self._truth(right, env)])
            case Operation("xor", (left, right)):
                return self._xor(self._truth(left, env), self._truth(right, env))
            case Operation("distinct", args):
                return self._distinct([self._cases(arg, env) for arg in args])
            case Operation("==" | "!=" | "<" | "<=" | ">" | ">=" as operator, (left, right)):
                return self._comparison(operator, left, right, env)
            case Over("all", _, body):
                return _and([self._truth(body, {**env, **one}) for one in expression.scopes()])
            case Over("some", _, body):
                return _or([self._truth(body, {**env, **one}) for one in expression.scopes()])
            case Over("distinct", _, body):
                return self._distinct(
                    [self._cases(body, {**env, **one}) for one in expression.scopes()]
                )
            case _:
                return self._cases(expression, env).get(True, FALSE)

    def _comparison(self, operator: str, left: Expression, right: Expression, env: _Env) -> Formula:
        for count, bound, way in ((left, right, operator), (right, left, _turned(operator))):
            match count, bound:
                case Over("count"), Constant(limit) if (
                    n := self.problem.number(limit)
                ) is not None:
                    if n.denominator == 1:
                        return self._counted(count, way, int(n), env)
        first, second = self._cases(left, env), self._cases(right, env)
        pairs = []
        for (a, when), (b, also) in itertools.product(first.items(), second.items()):
            self._step()
            if compare(self.problem, operator, a, b):
                pairs.append(_and([when, also]))
        return _or(pairs)

    def _xor(self, left: Formula, right: Formula) -> Formula:
        return _or([_and([left, _not(right)]), _and([_not(left), right])])

    def _distinct(self, found: list[_Cases]) -> Formula:
        clauses = []
        for first, second in itertools.combinations(found, 2):
            for (a, when), (b, also) in itertools.product(first.items(), second.items()):
                self._step()
                if compare(self.problem, "==", a, b):
                    clauses.append(_or([_not(when), _not(also)]))
        # As many values as things: then each is taken, which a solver is slow to find out.
        values = dict.fromkeys(value for one in found for value in one)
        if len(values) == len(found) and None not in values:
            clauses += [_or([one[v] for one in found if v in one]) for v in values]
        return _and(clauses)

    # --- counting ------------------------------------------------------------------------------

    def _bodies(self, over: Over, env: _Env) -> tuple[Formula, ...]:
        found = [self._truth(over.body, {**env, **one}) for one in over.scopes()]
        return tuple(f if _literal(f) or f in (TRUE, FALSE) else self._named(f) for f in found)

    def _counted(self, over: Over, operator: str, n: int, env: _Env) -> Formula:
        bodies = self._bodies(over, env)
        match operator:
            case ">=":
                return self._at_least(bodies, n)
            case ">":
                return self._at_least(bodies, n + 1)
            case "<":
                return _not(self._at_least(bodies, n))
            case "<=":
                return _not(self._at_least(bodies, n + 1))
            case "==":
                return self._exactly(bodies, n)
            case _:
                return _not(self._exactly(bodies, n))

    def _exactly(self, bodies: tuple[Formula, ...], n: int) -> Formula:
        return _and([self._at_least(bodies, n), _not(self._at_least(bodies, n + 1))])

    def _at_least(self, bodies: tuple[Formula, ...], n: int) -> Formula:
        """That ``n`` of the bodies hold, by how many of the first ones do."""
        if n <= 0:
            return TRUE
        if n > len(bodies):
            return FALSE
        key = (bodies, n)
        if key not in self._counters:
            self._step()
            *_, last = bodies
            rest = bodies[:-1]
            more = _and([self._at_least(rest, n - 1), last])
            self._counters[key] = self._named(_or([self._at_least(rest, n), more]))
        return self._counters[key]

    def _named(self, formula: Formula) -> Formula:
        """A proposition that stands for the formula, where that makes it shorter."""
        if formula in (TRUE, FALSE) or _literal(formula):
            return formula
        if formula not in self._names:
            self._step()
            name = Pred(f"defined {len(self._names)}")
            self._names[formula] = name
            self._definitions.append(Iff(name, formula))
        return self._names[formula]

    # --- values --------------------------------------------------------------------------------

    def _cases(self, expression: Expression, env: _Env) -> _Cases:
        """The values that the expression may have, each with the formula that says when."""
        self._step()
        match expression:
            case Constant(value):
                return {value: TRUE}
            case Variable(name):
                return {env[name]: TRUE}
            case Cell(name, args):
                return self._cell(self.problem.functions[name], args, env)
            case Operation("if", (test, then, otherwise)):
                when = self._truth(test, env)
                found: list[tuple[Value | None, Formula]] = []
                for part, guard in ((then, when), (otherwise, _not(when))):
                    found += [(v, _and([guard, f])) for v, f in self._cases(part, env).items()]
                return self._merged(found)
            case Operation("+" | "-" | "*" | "/" | "%" | "abs" as operator, args):
                return self._arithmetic(operator, [self._cases(arg, env) for arg in args])
            case Over("count"):
                bodies = self._bodies(expression, env)
                numbers = range(len(bodies) + 1)
                return self._merged(
                    [(Fraction(n), self._named(self._exactly(bodies, n))) for n in numbers]
                )
            case Over("sum", _, body):
                total: _Cases = {Fraction(0): TRUE}
                for one in expression.scopes():
                    total = self._arithmetic("+", [total, self._cases(body, {**env, **one})])
                return total
            case _:
                truth = self._truth(expression, env)
                return self._merged([(True, truth), (False, _not(truth))])

    def _cell(self, function: Function, args: tuple[Expression, ...], env: _Env) -> _Cases:
        found: list[tuple[Value | None, Formula]] = []
        for row in itertools.product(*(self._cases(arg, env).items() for arg in args)):
            self._step()
            known = self.problem.row(function, [value for value, _ in row])
            when = [formula for _, formula in row]
            if known is None:
                found.append((None, _and(when)))
                continue
            for value in function.range.values:
                found.append((value, _and([*when, self._atom(function, known, value)])))
        return self._merged(found)

    def _arithmetic(self, operator: str, args: list[_Cases]) -> _Cases:
        found: list[tuple[Value | None, Formula]] = []
        for row in itertools.product(*(arg.items() for arg in args)):
            self._step()
            value = calculate(self.problem, operator, [value for value, _ in row])
            found.append((value, _and([formula for _, formula in row])))
        return self._merged(found)

    def _merged(self, found: Sequence[tuple[Value | None, Formula]]) -> _Cases:
        """One formula a value; what is impossible is left out, what is long is named."""
        when: dict[Value | None, list[Formula]] = {}
        for value, formula in found:
            if formula != FALSE:
                when.setdefault(value, []).append(formula)
        joined = {value: _or(formulas) for value, formulas in when.items()}
        return {v: f if _size(f) <= _SMALL else self._named(f) for v, f in joined.items()}


# --- formulas, simplified as they are built --------------------------------------------------


def _and(parts: Sequence[Formula]) -> Formula:
    if FALSE in parts:
        return FALSE
    return conjunction(tuple(dict.fromkeys(part for part in parts if part != TRUE)))


def _or(parts: Sequence[Formula]) -> Formula:
    if TRUE in parts:
        return TRUE
    return disjunction(tuple(dict.fromkeys(part for part in parts if part != FALSE)))


def _not(formula: Formula) -> Formula:
    return FALSE if formula == TRUE else TRUE if formula == FALSE else negate(formula)


def _literal(formula: Formula) -> bool:
    return isinstance(formula, Pred) or (
        isinstance(formula, Not) and isinstance(formula.body, Pred)
    )


def _size(formula: Formula) -> int:
    match formula:
        case And(args) | Or(args):
            return sum(map(_size, args))
        case Not(body):
            return _size(body)
        case _:
            return 1


def _turned(operator: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)


def _sorts(problem: ConstraintProblem) -> dict[Value, Sort]:
    """A sort for each value: domains that share a value are parts of one sort."""
    groups: list[tuple[str, set[Value]]] = []
    for function in problem.functions.values():
        for domain in (*function.parameters, function.range):
            name, values = domain.name, set(_names(domain))
            for group in [g for g in groups if g[1] & values]:
                groups.remove(group)
                name, values = group[0], group[1] | values
            groups.append((name, values))
    return {value: Sort(name) for name, values in groups for value in values}


def _names(domain: Domain) -> tuple[Value, ...]:
    return () if domain == BOOLEAN else domain.values
