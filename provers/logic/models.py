"""Finite models, and truth in them, with no solver involved.

A model gives each uninterpreted sort a finite domain and each symbol a table with a default.
Values are element names (``str``) of uninterpreted sorts, and exact ``Fraction`` for ``INT``
and ``REAL``. Quantifiers range over the finite domains; a quantifier over numbers cannot be
evaluated and is refused, so that no truth value is ever guessed.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
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
    free_variables,
    walk,
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


NARROWED = 20_000
"""Quantifiers are narrowed where variables times size of the body is at most this."""
EVALUATION_STEPS = 5_000_000
"""How many values quantifiers may try by default: several seconds of work."""


def evaluate(
    formula: Formula,
    model: Model,
    env: Mapping[Var, Value] | None = None,
    *,
    steps: int = EVALUATION_STEPS,
) -> bool:
    """Truth of ``formula`` in ``model``; ``env`` values its free variables.

    Raises ModelError where no truth value can be computed, or not within ``steps`` values
    tried by quantifiers.
    """
    return _compiled(formula)(_Run(model, steps), dict(env or {}))


class _Run:
    """One evaluation: the model, and how many more values quantifiers may try."""

    __slots__ = ("_elements", "model", "steps")

    def __init__(self, model: Model, steps: int) -> None:
        self.model = model
        self.steps = steps
        self._elements: dict[Sort, frozenset[str]] = {}

    def elements(self, sort: Sort) -> frozenset[str]:
        if sort not in self._elements:
            self._elements[sort] = frozenset(self.model.domain(sort))
        return self._elements[sort]


# Formulas are compiled to closures once and evaluated in many models: a run over a data set
# meets the same premises again and again.
_Truth: TypeAlias = Callable[[_Run, _Environment], bool]
_Value: TypeAlias = Callable[[_Run, _Environment], Value]
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
            return lambda run, env: value
        case Pred(name, args):
            return _predicate((name, len(args)), tuple(map(_term, args)))
        case Eq(left, right):
            first, second = _term(left), _term(right)
            return lambda run, env: first(run, env) == second(run, env)
        case Compare(op, left, right):
            first, second, test = _term(left), _term(right), _COMPARE[op]
            return lambda run, env: test(first(run, env), second(run, env))
        case Not(body):
            inner = _compiled(body)
            return lambda run, env: not inner(run, env)
        case And(args):
            parts = tuple(map(_compiled, args))
            return lambda run, env: all(part(run, env) for part in parts)
        case Or(args):
            parts = tuple(map(_compiled, args))
            return lambda run, env: any(part(run, env) for part in parts)
        case Implies(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda run, env: not lhs(run, env) or rhs(run, env)
        case Iff(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda run, env: lhs(run, env) == rhs(run, env)
        case Xor(left, right):
            lhs, rhs = _compiled(left), _compiled(right)
            return lambda run, env: lhs(run, env) != rhs(run, env)
        case Forall(bound, body) | Exists(bound, body):
            kind, narrowed = type(formula), body
            # Narrowing looks at the whole body once for each variable: not where that is slow.
            small = len(bound) * sum(1 for _ in walk(body)) <= NARROWED
            for var in reversed(bound):
                narrowed = _narrow(kind, var, narrowed) if small else kind((var,), narrowed)
            if isinstance(narrowed, Forall | Exists) and len(narrowed.vars) == 1:
                return _quantifier(narrowed)
            return _compiled(narrowed)


def _narrow(kind: type[Forall] | type[Exists], var: Var, body: Formula) -> Formula:
    """``kind`` over ``var`` moved to where ``var`` occurs: fewer combinations to try.

    Sound because no domain is empty.
    """
    if var not in free_variables(body):
        return body
    universal = kind is Forall
    match body:
        case And(args) if universal:
            return And(tuple(_narrow(kind, var, arg) for arg in args))
        case Or(args) if not universal:
            return Or(tuple(_narrow(kind, var, arg) for arg in args))
        case And(args) | Or(args):
            inside = tuple(arg for arg in args if var in free_variables(arg))
            outside = tuple(arg for arg in args if var not in free_variables(arg))
            if outside:
                inner = inside[0] if len(inside) == 1 else type(body)(inside)
                return type(body)((*outside, _narrow(kind, var, inner)))
        case Not(inner):
            return Not(_narrow(Exists if universal else Forall, var, inner))
        case Implies(left, right):
            if not universal:
                return Implies(_narrow(Forall, var, left), _narrow(Exists, var, right))
            if var not in free_variables(left):
                return Implies(left, _narrow(Forall, var, right))
            if var not in free_variables(right):
                return Implies(_narrow(Exists, var, left), right)
        case _:
            pass
    return kind((var,), body)


def _quantifier(formula: Forall | Exists) -> _Truth:
    inner = _compiled(formula.body)
    (var,) = formula.vars
    wanted = isinstance(formula, Exists)

    def truth(run: _Run, env: _Environment) -> bool:
        scope = dict(env)
        for value in run.model.domain(var.sort):
            run.steps -= 1
            if run.steps < 0:
                raise ModelError("the model is too large to evaluate within its limit")
            scope[var] = value
            if inner(run, scope) is wanted:
                return wanted
        return not wanted

    return truth


def _predicate(symbol: Symbol, args: tuple[_Value, ...]) -> _Truth:
    def truth(run: _Run, env: _Environment) -> bool:
        table = run.model.predicates.get(symbol)
        if table is None:
            return False
        return table.rows.get(tuple([arg(run, env) for arg in args]), table.default)

    return truth


def _term(term: Term) -> _Value:
    match term:
        case Var(name):

            def lookup(run: _Run, env: _Environment) -> Value:
                try:
                    return env[term]
                except KeyError:
                    raise ModelError(f"the variable {name} has no value") from None

            return lookup
        case Number(value):
            return lambda run, env: value
        case Apply(name, args, sort):
            return _function((name, len(args)), tuple(map(_term, args)), sort)
        case Arith(op, args, sort):
            return _arithmetic(op, tuple(map(_term, args)), sort)


def _function(symbol: Symbol, args: tuple[_Value, ...], sort: Sort) -> _Value:
    def value(run: _Run, env: _Environment) -> Value:
        table = run.model.functions.get(symbol)
        if table is not None:
            row = tuple([arg(run, env) for arg in args])
            found = table.rows.get(row, table.default)
            if found is not None:
                return _inside(found, run, sort)
        return Fraction(0) if sort in NUMERIC else run.model.domain(sort)[0]

    return value


def _inside(value: Value, run: _Run, sort: Sort) -> Value:
    """The value, if it is one of the sort: else the model is none."""
    if sort in NUMERIC:
        if isinstance(value, Fraction) and (sort != INT or value.denominator == 1):
            return value
    elif value in run.elements(sort):
        return value
    raise ModelError(f"a function's value is not of sort {sort}")


def _arithmetic(op: str, args: tuple[_Value, ...], sort: Sort) -> _Value:
    def value(run: _Run, env: _Environment) -> Value:
        numbers = [_number(arg(run, env)) for arg in args]
        first, rest = numbers[0], numbers[1:]
        match op:
            case "+":
                return sum(rest, first)
            case "-":
                return first - sum(rest, Fraction(0)) if rest else -first
            case "*":
                return math.prod(rest, start=first)
            case _:
                if sort == INT or not rest or 0 in rest:
                    raise ModelError("a division by zero, or of integers, has no fixed value")
                return first / math.prod(rest, start=Fraction(1))

    return value


def _number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise ModelError(f"{value!r} is not a number")


# --- as JSON -------------------------------------------------------------------------------


def write_value(value: Value) -> str:
    """An element name as it is; a number as ``3``, ``-1/2``, always with a leading ``#``."""
    return f"#{value}" if isinstance(value, Fraction) else value


_NUMBER = re.compile(r"#-?[0-9]+(?:/0*[1-9][0-9]*)?")


def read_value(text: str) -> Value:
    """The inverse of ``write_value``; raises ValueError for a number that is none."""
    if not text.startswith("#"):
        return text
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no number")
    return Fraction(text[1:])


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
