"""Finite models, and truth in them, with no solver involved.

A model gives each uninterpreted sort a finite domain and each symbol a table with a default.
Values are element names (``str``) of uninterpreted sorts, and exact ``Fraction`` for ``INT``
and ``REAL``. Quantifiers range over the finite domains; a quantifier over numbers cannot be
evaluated and is refused, so that no truth value is ever guessed.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

from provers.logic.syntax import (
    INT,
    NUMERIC,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Sort,
    Term,
    Truth,
    Var,
    Xor,
)

Value: TypeAlias = str | Fraction
Row: TypeAlias = tuple[Value, ...]
Symbol: TypeAlias = tuple[str, int]
_Environment: TypeAlias = dict[Var, Value]


class ModelError(ValueError):
    """A formula that this model cannot evaluate (numbers quantified over, division by zero)."""


@dataclass(frozen=True, slots=True)
class FunctionTable:
    """A function: its value for the listed argument rows, and for all others."""

    rows: Mapping[Row, Value]
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class PredicateTable:
    """A predicate: its truth for the listed argument rows, and for all others."""

    rows: Mapping[Row, bool]
    default: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """Domains by sort name, and tables by (name, arity).

    A predicate that is not listed is false everywhere; a function that is not listed has the
    first element of its sort, or 0, as its value everywhere. Every domain has an element.
    """

    domains: Mapping[str, tuple[str, ...]]
    functions: Mapping[Symbol, FunctionTable]
    predicates: Mapping[Symbol, PredicateTable]

    def domain(self, sort: Sort) -> tuple[str, ...]:
        """The elements of an uninterpreted sort; one unnamed element where none is listed."""
        if sort in NUMERIC:
            raise ModelError(f"a quantifier over {sort} ranges over infinitely many numbers")
        return self.domains.get(sort.name) or ("e0",)


def evaluate(formula: Formula, model: Model, env: Mapping[Var, Value] | None = None) -> bool:
    """Truth of ``formula`` in ``model``; ``env`` values its free variables.

    Raises ModelError where there is no such truth value to be computed.
    """
    return _compiled(formula)(model, dict(env or {}))


# Formulas are compiled to closures once and evaluated in many models: a run over a data set
# meets the same premises again and again.
_Truth: TypeAlias = Callable[[Model, _Environment], bool]
_Value: TypeAlias = Callable[[Model, _Environment], Value]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@lru_cache(maxsize=8192)
def _compiled(formula: Formula) -> _Truth:
    match formula:
        case Truth(value):
            return lambda model, env: value
        case Pred(name, args):
            return _predicate((name, len(args)), tuple(map(_term, args)))
        case Eq(left, right):
            first, second = _term(left), _term(right)
            return lambda model, env: first(model, env) == second(model, env)
        case Compare(op, left, right):
            first, second, test = _term(left), _term(right), _COMPARE[op]
            return lambda model, env: test(first(model, env), second(model, env))
        case Not(body):
            inner = _compiled(body)
            return lambda model, env: not inner(model, env)
        case And(args):
            parts = tuple(map(_compiled, args))
            return lambda model, env: all(part(model, env) for part in parts)
        case Or(args):
            parts = tuple(map(_compiled, args))
            return lambda model, env: any(part(model, env) for part in parts)
        case Implies(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda model, env: not lhs(model, env) or rhs(model, env)
        case Iff(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda model, env: lhs(model, env) == rhs(model, env)
        case Xor(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda model, env: lhs(model, env) != rhs(model, env)
        case Forall(bound, body):
            inner = _compiled(body)
            return lambda model, env: all(inner(model, e) for e in _assign(bound, model, env))
        case Exists(bound, body):
            inner = _compiled(body)
            return lambda model, env: any(inner(model, e) for e in _assign(bound, model, env))


def _assign(bound: tuple[Var, ...], model: Model, env: _Environment) -> Iterator[_Environment]:
    """``env`` with every choice of values for ``bound``; one dictionary, updated in place."""
    scope = dict(env)
    for values in itertools.product(*(model.domain(v.sort) for v in bound)):
        scope.update(zip(bound, values, strict=True))
        yield scope


def _predicate(symbol: Symbol, args: tuple[_Value, ...]) -> _Truth:
    def truth(model: Model, env: _Environment) -> bool:
        table = model.predicates.get(symbol)
        if table is None:
            return False
        return table.rows.get(tuple([arg(model, env) for arg in args]), table.default)

    return truth


def _term(term: Term) -> _Value:
    match term:
        case Var(name):

            def lookup(model: Model, env: _Environment) -> Value:
                try:
                    return env[term]
                except KeyError:
                    raise ModelError(f"the variable {name} has no value") from None

            return lookup
        case Number(value):
            return lambda model, env: value
        case Apply(name, args, sort):
            return _function((name, len(args)), tuple(map(_term, args)), sort)
        case Arith(op, args, sort):
            return _arithmetic(op, tuple(map(_term, args)), sort)


def _function(symbol: Symbol, args: tuple[_Value, ...], sort: Sort) -> _Value:
    def value(model: Model, env: _Environment) -> Value:
        table = model.functions.get(symbol)
        if table is not None:
            row = tuple([arg(model, env) for arg in args])
            found = table.rows.get(row, table.default)
            if found is not None:
                return found
        return Fraction(0) if sort in NUMERIC else model.domain(sort)[0]

    return value


def _arithmetic(op: str, args: tuple[_Value, ...], sort: Sort) -> _Value:
    def value(model: Model, env: _Environment) -> Value:
        numbers = [arg(model, env) for arg in args]
        first, rest = _number(numbers[0]), [_number(n) for n in numbers[1:]]
        match op:
            case "+":
                return sum(rest, first)
            case "-":
                return first - sum(rest, Fraction(0)) if rest else -first
            case "*":
                for factor in rest:
                    first *= factor
                return first
            case _:
                if sort is INT or not rest or any(n == 0 for n in rest):
                    raise ModelError("a division by zero, or of integers, has no fixed value")
                for divisor in rest:
                    first /= divisor
                return first

    return value


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise ModelError(f"{value!r} is not a number")


# --- as JSON -------------------------------------------------------------------------------


def write_value(value: Value) -> str:
    """An element name as it is; a number as ``3``, ``-1/2``, always with a leading ``#``."""
    return f"#{value}" if isinstance(value, Fraction) else value


def read_value(text: str) -> Value:
    """The inverse of ``write_value``; raises ValueError for a number that is none."""
    return Fraction(text[1:]) if text.startswith("#") else text


def write_model(model: Model) -> dict[str, Any]:
    """The model as JSON: domains, and tables as rows with the value last."""

    def symbol(key: Symbol) -> str:
        return f"{key[0]}/{key[1]}"

    def shown(value: Value | bool | None) -> str | bool | None:
        return value if isinstance(value, bool) or value is None else write_value(value)

    def table(entry: FunctionTable | PredicateTable) -> dict[str, Any]:
        rows = [[*map(write_value, row), shown(value)] for row, value in entry.rows.items()]
        return {"rows": rows, "default": shown(entry.default)}

    return {
        "domains": {sort: list(elements) for sort, elements in model.domains.items()},
        "functions": {symbol(k): table(t) for k, t in model.functions.items()},
        "predicates": {symbol(k): table(t) for k, t in model.predicates.items()},
    }


def read_model(data: Mapping[str, Any]) -> Model:
    """The inverse of ``write_model``; raises ValueError or KeyError for what is no model."""

    def symbol(text: str) -> Symbol:
        name, _, arity = text.rpartition("/")
        return name, int(arity)

    def split(row: list[Any]) -> tuple[Row, Any]:
        return tuple(read_value(str(v)) for v in row[:-1]), row[-1]

    functions = {}
    for key, entry in data["functions"].items():
        rows = {args: read_value(str(value)) for args, value in map(split, entry["rows"])}
        default = entry["default"]
        functions[symbol(key)] = FunctionTable(
            rows, None if default is None else read_value(default)
        )
    predicates = {
        symbol(key): PredicateTable(
            {args: bool(value) for args, value in map(split, entry["rows"])},
            bool(entry["default"]),
        )
        for key, entry in data["predicates"].items()
    }
    domains = {str(sort): tuple(map(str, names)) for sort, names in data["domains"].items()}
    return Model(domains, functions, predicates)
