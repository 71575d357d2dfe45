"""Constraint problems over finite domains, and truth in one case, with no solver involved.

A case gives every cell, that is every function with every row of arguments, one value of the
function's range. Values are numbers, names and truth values. What lies outside a function's
domain (the day after the last) has no value: ``!=`` holds of it, no other comparison does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, TypeAlias

Value: TypeAlias = bool | Fraction | str
Row: TypeAlias = tuple[Value, ...]
Key: TypeAlias = tuple[str, Row]
Case: TypeAlias = Mapping[Key, Value]


@dataclass(frozen=True, slots=True)
class Domain:
    """A finite set of values, in the order in which they were listed."""

    name: str
    values: tuple[Value, ...]


BOOLEAN: Final = Domain("bool", (True, False))


@dataclass(frozen=True, slots=True)
class Function:
    """A total function between finite domains; one without parameters is a variable."""

    name: str
    parameters: tuple[Domain, ...]
    range: Domain

    def rows(self) -> Iterator[tuple[Value, ...]]:
        return itertools.product(*(domain.values for domain in self.parameters))


# --- expressions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant:
    value: Value


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that an ``Over`` binds."""

    name: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A function applied to arguments."""

    function: str
    args: tuple[Expression, ...] = ()


Operator: TypeAlias = Literal[
    "and",
    "or",
    "not",
    "implies",
    "xor",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "abs",
    "if",
    "distinct",
]


@dataclass(frozen=True, slots=True)
class Operation:
    operator: Operator
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """All, some, how many, the sum of, or all different, for the values of the variables."""

    kind: Literal["all", "some", "count", "sum", "distinct"]
    variables: tuple[tuple[str, Domain], ...]
    body: Expression

    def scopes(self) -> Iterator[dict[str, Value]]:
        names = [name for name, _ in self.variables]
        for row in itertools.product(*(domain.values for _, domain in self.variables)):
            yield dict(zip(names, row, strict=True))


Expression: TypeAlias = Constant | Variable | Cell | Operation | Over


@dataclass(frozen=True, slots=True)
class Constraint:
    """A condition on cases, and the sentence it stands for."""

    expression: Expression
    text: str = ""


@dataclass(frozen=True, slots=True)
class ConstraintProblem:
    """Which cases there are.

    ``places`` counts names from 1 in the order of their domain, for comparisons of order and
    for arithmetic.
    """

    functions: Mapping[str, Function]
    constraints: tuple[Constraint, ...]
    places: Mapping[str, int] = field(default_factory=dict)

    def row(self, function: Function, values: Sequence[Value | None]) -> Row | None:
        """The arguments as the function takes them; nothing where it has no value for them.

        A number stands for the name that has its place: the day after Monday is Tuesday.
        """
        found: list[Value] = []
        for value, domain in zip(values, function.parameters, strict=True):
            fitting = [one for one in domain.values if type(one) is type(value) and one == value]
            if not fitting and isinstance(value, Fraction):
                fitting = [one for one in domain.values if self.places.get(str(one)) == value]
            if len(fitting) != 1:
                return None
            found += fitting
        return tuple(found)

    def number(self, value: Value | None) -> Fraction | None:
        """The value as a number: a name as its place."""
        match value:
            case bool():
                return Fraction(int(value))
            case Fraction() | None:
                return value
            case str() if value in self.places:
                return Fraction(self.places[value])
            case _:
                return None


# --- values ----------------------------------------------------------------------------------


def compare(
    problem: ConstraintProblem, operator: str, left: Value | None, right: Value | None
) -> bool:
    """A comparison of two values, either of which may not exist."""
    if left is None or right is None:
        return operator == "!="
    if operator in ("==", "!="):
        same = type(left) is type(right) and left == right
        if isinstance(left, str) != isinstance(right, str):
            same = problem.number(left) == problem.number(right)
        return same == (operator == "==")
    first, second = problem.number(left), problem.number(right)
    if first is None or second is None:
        return False
    match operator:
        case "<":
            return first < second
        case "<=":
            return first <= second
        case ">":
            return first > second
        case ">=":
            return first >= second
        case _:
            raise ValueError(f"{operator} is no comparison")


def calculate(
    problem: ConstraintProblem, operator: str, values: list[Value | None]
) -> Value | None:
    """Arithmetic; nothing where an argument or the result does not exist."""
    numbers = [problem.number(value) for value in values]
    if any(number is None for number in numbers):
        return None
    first, *rest = [number for number in numbers if number is not None]
    match operator, rest:
        case "+", _:
            return sum(rest, first)
        case "-", []:
            return -first
        case "-", [second]:
            return first - second
        case "*", [second]:
            return first * second
        case "/", [second]:
            return first / second if second else None
        case "%", [second]:
            return first % second if second else None
        case "abs", []:
            return abs(first)
        case _:
            raise ValueError(f"{operator} of {len(values)} numbers")


def evaluate(
    problem: ConstraintProblem,
    expression: Expression,
    case: Case,
    env: Mapping[str, Value] | None = None,
) -> Value | None:
    """The expression's value in one case; nothing where it has none.

    Raises:
        KeyError: the case gives no value to a cell of the problem, or a variable is not bound.
    """
    scope = env or {}

    def value(part: Expression) -> Value | None:
        return evaluate(problem, part, case, scope)

    match expression:
        case Constant(known):
            return known
        case Variable(name):
            return scope[name]
        case Cell(name, args):
            row = problem.row(problem.functions[name], [value(arg) for arg in args])
            return None if row is None else case[name, row]
        case Operation(operator, args):
            return _operation(problem, operator, args, case, scope)
        case Over(kind, _, body):
            found = [evaluate(problem, body, case, {**scope, **one}) for one in expression.scopes()]
            match kind:
                case "all":
                    return all(one is True for one in found)
                case "some":
                    return any(one is True for one in found)
                case "count":
                    return Fraction(sum(one is True for one in found))
                case "sum":
                    return calculate(problem, "+", [Fraction(0), *found])
                case "distinct":
                    return _distinct(problem, found)


def _operation(
    problem: ConstraintProblem,
    operator: Operator,
    args: tuple[Expression, ...],
    case: Case,
    scope: Mapping[str, Value],
) -> Value | None:
    def value(part: Expression) -> Value | None:
        return evaluate(problem, part, case, scope)

    match operator:
        case "and":
            return all(value(arg) is True for arg in args)
        case "or":
            return any(value(arg) is True for arg in args)
        case "not":
            return value(args[0]) is not True
        case "implies":
            return value(args[0]) is not True or value(args[1]) is True
        case "xor":
            return (value(args[0]) is True) != (value(args[1]) is True)
        case "if":
            return value(args[1]) if value(args[0]) is True else value(args[2])
        case "distinct":
            return _distinct(problem, [value(arg) for arg in args])
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return compare(problem, operator, value(args[0]), value(args[1]))
        case _:
            return calculate(problem, operator, [value(arg) for arg in args])


def _distinct(problem: ConstraintProblem, values: list[Value | None]) -> bool:
    return all(
        compare(problem, "!=", first, second) for first, second in itertools.combinations(values, 2)
    )


def satisfied(problem: ConstraintProblem, case: Case) -> bool:
    """Whether the case satisfies every constraint, computed in Python alone."""
    return all(evaluate(problem, one.expression, case) is True for one in problem.constraints)


def cases(problem: ConstraintProblem) -> Iterator[dict[Key, Value]]:
    """Every case that satisfies the problem, by trying all: for small problems only."""
    cells = [
        ((function.name, row), function.range.values)
        for function in problem.functions.values()
        for row in function.rows()
    ]
    for values in itertools.product(*(choice for _, choice in cells)):
        case = dict(zip((key for key, _ in cells), values, strict=True))
        if satisfied(problem, case):
            yield case
