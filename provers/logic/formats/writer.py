"""Writes formulas in the notations that share one shape: operators between, quantifiers before.

Every binary formula inside another stands in parentheses, so what is written does not depend on
any notation's precedence.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from provers.errors import InputError
from provers.logic.formats.reader import MAX_DEPTH
from provers.logic.syntax import (
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
    Term,
    Truth,
    Var,
    Xor,
    depth,
)


class Writer(ABC):
    """Writes one formula; a notation subclasses it to say how it spells names.

    ``operators`` maps names of formula classes, ``!=``, comparison and arithmetic operators to
    their spelling; what is missing cannot be written.
    """

    notation: str
    operators: Mapping[str, str]

    def __init__(self) -> None:
        self._scope: dict[str, Var] = {}

    # What a notation says. Each raises InputError for a name that it cannot spell.

    @abstractmethod
    def predicate(self, name: str, arity: int) -> str: ...

    @abstractmethod
    def function(self, symbol: Apply) -> str: ...

    @abstractmethod
    def free(self, var: Var) -> str: ...

    @abstractmethod
    def bound(self, var: Var) -> str: ...

    @abstractmethod
    def head(self, quantifier: str, names: list[str]) -> str: ...

    def number(self, number: Number) -> str:
        raise self.cannot("the number", str(number.value))

    def cannot(self, what: str, name: str) -> InputError:
        """The error for something that this notation has no spelling for."""
        return InputError(f"{self.notation} notation cannot write {what} {name!r}; rename it")

    # Formulas.

    def write(self, formula: Formula) -> str:
        """The formula as text; raises InputError where the notation cannot spell it."""
        if depth(formula) > MAX_DEPTH:
            raise InputError(f"the formula nests deeper than {MAX_DEPTH} levels; simplify it")
        return self._formula(formula)

    def _operator(self, name: str) -> str:
        try:
            return self.operators[name]
        except KeyError:
            raise InputError(f"{self.notation} notation has no {name!r}; rewrite it") from None

    def _formula(self, formula: Formula) -> str:
        match formula:
            case Truth(value):
                return self._operator("true" if value else "false")
            case Pred(name, args):
                return self.predicate(name, len(args)) + self._arguments(args)
            case Eq(left, right):
                return f"{self._term(left)} {self._operator('=')} {self._term(right)}"
            case Compare(op, left, right):
                return f"{self._term(left)} {self._operator(op)} {self._term(right)}"
            case Not(Eq(left, right)):
                return f"{self._term(left)} {self._operator('!=')} {self._term(right)}"
            case Not(body):
                return self._operator("not") + self._unit(body)
            case And(args) | Or(args):
                word = f" {self._operator(type(formula).__name__.lower())} "
                return word.join([self._operand(a) for a in args])
            case Implies(left, right) | Iff(left, right) | Xor(left, right):
                word = self._operator(type(formula).__name__.lower())
                return f"{self._operand(left)} {word} {self._operand(right)}"
            case Forall(vars, body):
                return self._quantified("all", vars, body)
            case Exists(vars, body):
                return self._quantified("exists", vars, body)

    def _quantified(self, quantifier: str, variables: tuple[Var, ...], body: Formula) -> str:
        names = [self.bound(var) for var in variables]
        if len({var.name for var in variables}) < len(variables):
            raise self.cannot("two variables named", variables[0].name)
        outer = {v.name: self._scope[v.name] for v in variables if v.name in self._scope}
        self._scope.update({var.name: var for var in variables})
        text = self.head(self._operator(quantifier), names) + self._unit(body)
        for var in variables:
            del self._scope[var.name]
        self._scope.update(outer)
        return text

    def _operand(self, formula: Formula) -> str:
        text = self._formula(formula)
        return f"({text})" if isinstance(formula, _BINARY) else text

    def _unit(self, formula: Formula) -> str:
        text = self._formula(formula)
        loose = isinstance(formula, (*_BINARY, Eq, Compare)) or (
            isinstance(formula, Not) and isinstance(formula.body, Eq)
        )
        return f"({text})" if loose else text

    # Terms.

    def _arguments(self, args: tuple[Term, ...]) -> str:
        return "(" + ", ".join([self._term(a) for a in args]) + ")" if args else ""

    def _term(self, term: Term) -> str:
        match term:
            case Var():
                return self.bound(term) if self._scope.get(term.name) == term else self.free(term)
            case Apply(_, args):
                return self.function(term) + self._arguments(args)
            case Number():
                return self.number(term)
            case Arith(op, (only,)):
                return self._operator(op) + self._factor(only)
            case Arith(op, args):
                return f" {self._operator(op)} ".join([self._factor(a) for a in args])

    def _factor(self, term: Term) -> str:
        text = self._term(term)
        return f"({text})" if isinstance(term, Arith) else text

    def is_bound(self, name: str) -> bool:
        """Whether a quantifier around binds this name, so that a constant cannot have it."""
        return name in self._scope


_BINARY = (And, Or, Implies, Iff, Xor)
