"""SMT-LIB 2.6: print formulas and problems, and read models back.

Every symbol is spelled by a fixed, invertible rule, so that any formula can be printed on its
own and the same text is right in every script: ``|Dog/1p|`` is the predicate ``Dog`` of one
argument, ``|rex/0f|`` the constant ``rex``, ``|x:Individual|`` a variable, ``|Individual/s|``
an uninterpreted sort. Characters outside letters, digits and ``_+-*=<>.&^~$`` are written
``%hex.``, so that no solver sees a symbol that it would print in another way.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from provers.errors import ParseError
from provers.logic.models import FunctionTable, Model, ModelError, PredicateTable, Row, Value
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
    terms,
    walk,
)

_UNSAFE = re.compile(r"[^A-Za-z0-9_+\-*=<>.&^~$]")
_ESCAPED = re.compile(r"%([0-9a-f]+)\.")
TABLE_LIMIT = 20_000


def escape(name: str) -> str:
    """``name`` with every unusual character written as ``%hex.``."""
    return _UNSAFE.sub(lambda m: f"%{ord(m[0]):x}.", name)


def unescape(name: str) -> str:
    """The inverse of ``escape``."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), name)


def write_sort(sort: Sort) -> str:
    """``Int``, ``Real``, or the quoted name of an uninterpreted sort."""
    return sort.name if sort in NUMERIC else f"|{escape(sort.name)}/s|"


def function_symbol(name: str, arity: int) -> str:
    return f"|{escape(name)}/{arity}f|"


def predicate_symbol(name: str, arity: int) -> str:
    return f"|{escape(name)}/{arity}p|"


def _variable(var: Var) -> str:
    return f"|{escape(var.name)}:{escape(var.sort.name)}|"


def write_number(value: Fraction, sort: Sort) -> str:
    """An exact numeral: ``3`` for Int, ``3.0`` or ``(/ 1.0 3.0)`` for Real."""
    if sort == INT:
        return str(value.numerator) if value >= 0 else f"(- {-value.numerator})"
    size = abs(value)
    text = f"{size.numerator}.0"
    if size.denominator != 1:
        text = f"(/ {text} {size.denominator}.0)"
    return text if value >= 0 else f"(- {text})"


def write_term(term: Term) -> str:
    match term:
        case Var():
            return _variable(term)
        case Number(value, sort):
            return write_number(value, sort)
        case Apply(name, args):
            symbol = function_symbol(name, len(args))
            return f"({symbol} {' '.join(map(write_term, args))})" if args else symbol
        case Arith(op, args):
            return f"({op} {' '.join(map(write_term, args))})"


@lru_cache(maxsize=8192)
def write_formula(formula: Formula) -> str:
    """The formula as one SMT-LIB term of sort Bool."""
    match formula:
        case Truth(value):
            return "true" if value else "false"
        case Pred(name, args):
            symbol = predicate_symbol(name, len(args))
            return f"({symbol} {' '.join(map(write_term, args))})" if args else symbol
        case Eq(left, right):
            return f"(= {write_term(left)} {write_term(right)})"
        case Compare(op, left, right):
            return f"({op} {write_term(left)} {write_term(right)})"
        case Not(body):
            return f"(not {write_formula(body)})"
        case And(args):
            return f"(and {' '.join(map(write_formula, args))})"
        case Or(args):
            return f"(or {' '.join(map(write_formula, args))})"
        case Implies(left, right):
            return f"(=> {write_formula(left)} {write_formula(right)})"
        case Iff(left, right):
            return f"(= {write_formula(left)} {write_formula(right)})"
        case Xor(left, right):
            return f"(xor {write_formula(left)} {write_formula(right)})"
        case Forall(bound, body):
            return f"(forall ({_binders(bound)}) {write_formula(body)})"
        case Exists(bound, body):
            return f"(exists ({_binders(bound)}) {write_formula(body)})"


def _binders(bound: tuple[Var, ...]) -> str:
    return " ".join(f"({_variable(v)} {write_sort(v.sort)})" for v in bound)


@lru_cache(maxsize=8192)
def _declared(formula: Formula) -> frozenset[tuple[int, str]]:
    """The declarations a formula needs: (0, sort) and (1, symbol), to be sorted."""
    found: set[tuple[int, str]] = set()

    def sort(one: Sort) -> str:
        text = write_sort(one)
        if one not in NUMERIC:
            found.add((0, f"(declare-sort {text} 0)"))
        return text

    for sub in walk(formula):
        match sub:
            case Pred(name, args):
                domain = " ".join(sort(a.sort) for a in args)
                symbol = predicate_symbol(name, len(args))
                found.add((1, f"(declare-fun {symbol} ({domain}) Bool)"))
            case Forall(bound, _) | Exists(bound, _):
                for var in bound:
                    sort(var.sort)
            case _:
                pass
    for term in terms(formula):
        if isinstance(term, Apply):
            domain = " ".join(sort(a.sort) for a in term.args)
            symbol = function_symbol(term.name, len(term.args))
            found.add((1, f"(declare-fun {symbol} ({domain}) {sort(term.sort)})"))
    return frozenset(found)


def declarations(formulas: Iterable[Formula]) -> str:
    """``declare-sort`` and ``declare-fun`` commands for all symbols of ``formulas``."""
    found: set[tuple[int, str]] = set()
    for formula in formulas:
        found |= _declared(formula)
    return "\n".join(text for _, text in sorted(found))


def write_problem(premises: Sequence[Formula], goal: Formula | None) -> str:
    """A script that is ``unsat`` exactly if the premises entail the goal.

    Premises are named ``p0``, ``p1``, ..., the negated goal ``goal``.
    """
    lines = ["(set-logic ALL)", declarations([*premises, *([goal] if goal is not None else [])])]
    lines += [f"(assert (! {write_formula(p)} :named p{i}))" for i, p in enumerate(premises)]
    if goal is not None:
        lines.append(f"(assert (! (not {write_formula(goal)}) :named goal))")
    return "\n".join(filter(None, [*lines, "(check-sat)"])) + "\n"


# --- s-expressions -------------------------------------------------------------------------

SExpr: TypeAlias = "str | list[SExpr]"
_TOKEN = re.compile(r"\|[^|]*\||\"(?:[^\"]|\"\")*\"|;[^\n]*|[()]|[^\s()|\";]+")


def read_sexprs(text: str) -> list[SExpr]:
    """All s-expressions of a text; comments are skipped. Not recursive.

    Raises ParseError for unbalanced parentheses.
    """
    top: list[SExpr] = []
    stack = [top]
    for token in _TOKEN.findall(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise ParseError("unbalanced parentheses", text=text[-40:])
            closed = stack.pop()
            stack[-1].append(closed)
        elif token[0] != ";":
            stack[-1].append(token)
    if len(stack) != 1:
        raise ParseError("unbalanced parentheses", text=text[-40:])
    return top


# --- scripts -------------------------------------------------------------------------------


def commands(text: str) -> list[tuple[str, str]]:
    """The top-level commands of a script: name and source text. Not recursive.

    Raises ParseError for unbalanced parentheses or text outside of commands.
    """
    found: list[tuple[str, str]] = []
    depth = start = 0
    name = ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0] == ";":
            continue
        if token == "(":
            if depth == 0:
                start, name = match.start(), ""
            depth += 1
        elif token == ")":
            depth -= 1
            if depth == 0:
                found.append((name, text[start : match.end()]))
        elif depth == 1 and not name:
            name = token
        if depth < 0 or (depth == 0 and token not in "()"):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            raise ParseError(
                "a command was expected", line=line, column=column, expected=("'('",), text=token
            )
    if depth:
        line = text.count("\n", 0, start) + 1
        raise ParseError("a command is not closed", line=line, text=text[start : start + 40])
    return found


# --- models --------------------------------------------------------------------------------

_SYMBOL = re.compile(r"\|?([^|]*)/(\d+)([fp])\|?")
_ELEMENT = re.compile(r"\|?@?(.*?)(?:/s)?!val!(\d+)\|?|\|?@(.*?)(?:/s)?_(\d+)\|?", re.DOTALL)
_Scope: TypeAlias = "dict[str, Value | bool]"


def read_model(text: str, domains: dict[str, tuple[str, ...]] | None = None) -> Model:
    """The finite model that a solver printed (z3's and cvc5's ``get-model`` forms).

    Elements of uninterpreted sorts are found by their spelling and renamed ``Sort!0``, ...
    Raises ModelError for what is not finite or not understood: such a model is no evidence.
    """
    items = read_sexprs(text)
    while len(items) == 1 and isinstance(items[0], list) and items[0] and _is_block(items[0]):
        items = items[0]
    definitions = [d for d in items if isinstance(d, list) and d and d[0] == "define-fun"]
    elements = domains or _elements(definitions, items)
    functions: dict[tuple[str, int], FunctionTable] = {}
    predicates: dict[tuple[str, int], PredicateTable] = {}
    for definition in definitions:
        match definition:
            case [_, str(symbol), list(params), _, body]:
                named = _SYMBOL.fullmatch(symbol)
                if named is None:
                    continue  # labels and elements, not symbols of the problem
                rows = _tabulate(params, body, elements)
                key = (unescape(named[1]), int(named[2]))
                try:
                    if named[3] == "p":
                        predicates[key] = _predicate_table(rows)
                    else:
                        functions[key] = _function_table(rows)
                except RecursionError:
                    raise ModelError("a definition in the model is nested too deeply") from None
            case _:
                raise ModelError("a definition in the model is not understood")
    return Model(elements, functions, predicates)


def _is_block(items: list[SExpr]) -> bool:
    return items[0] == "model" or isinstance(items[0], list)


def _sort_name(symbol: str) -> str:
    return unescape(symbol.strip("|").removesuffix("/s"))


def _element(token: str) -> str | None:
    """The canonical name of an element token, ``Sort!N``; None for other tokens."""
    match = _ELEMENT.fullmatch(token)
    if match is None:
        return None
    sort, number = (match[1], match[2]) if match[1] is not None else (match[3], match[4])
    return f"{unescape(sort)}!{number}"


def _elements(definitions: list[list[SExpr]], items: list[SExpr]) -> dict[str, tuple[str, ...]]:
    """Domains: every element mentioned anywhere, by sort."""
    found: dict[str, dict[str, None]] = {}
    stack: list[SExpr] = list(items)
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif (name := _element(item)) is not None:
            found.setdefault(name.rpartition("!")[0], {})[name] = None
    return {
        sort: tuple(sorted(names, key=lambda n: int(n.rpartition("!")[2])))
        for sort, names in found.items()
    }


def _tabulate(
    params: list[SExpr], body: SExpr, domains: dict[str, tuple[str, ...]]
) -> Iterator[tuple[Row | None, Value | bool]]:
    """The table of a definition: rows over finite sorts; (None, default) for numeric ones."""
    names: list[str] = []
    sorts: list[str] = []
    for param in params:
        match param:
            case [str(name), str(sort)]:
                names.append(name)
                sorts.append(sort)
            case _:
                raise ModelError("a parameter in the model is not understood")
    if any(sort in ("Int", "Real") for sort in sorts):
        yield from _chain(names, body)
        return
    ranges = [domains.get(_sort_name(sort)) or (f"{_sort_name(sort)}!0",) for sort in sorts]
    size = 1
    for choices in ranges:
        size *= len(choices)
    if size > TABLE_LIMIT:
        raise ModelError(f"a table of {size} rows is too large")
    for row in itertools.product(*ranges):
        scope: _Scope = dict(zip(names, row, strict=True))
        yield row, _value(body, scope)


def _chain(names: list[str], body: SExpr) -> Iterator[tuple[Row | None, Value | bool]]:
    """``(ite (and (= x 1) (= y 2)) v rest)`` over numbers, read as rows and a default."""
    while isinstance(body, list) and body and body[0] == "ite":
        _, test, value, rest = body
        tests = test[1:] if isinstance(test, list) and test and test[0] == "and" else [test]
        fixed: dict[str, Value | bool] = {}
        for one in tests:
            match one:
                case ["=", str(name), constant] if name in names:
                    fixed[name] = _value(constant, {})
                case _:
                    raise ModelError("a function over numbers is not a finite table")
        if set(fixed) != set(names):
            raise ModelError("a function over numbers is not a finite table")
        row = []
        for name in names:
            entry = fixed[name]
            if isinstance(entry, bool):
                raise ModelError("a truth value cannot be an argument")
            row.append(entry)
        yield tuple(row), _value(value, {})
        body = rest
    yield None, _value(body, {})


def _predicate_table(rows: Iterator[tuple[Row | None, Value | bool]]) -> PredicateTable:
    table: dict[Row, bool] = {}
    default = False
    for row, value in rows:
        if not isinstance(value, bool):
            raise ModelError("a predicate's value is not a truth value")
        if row is None:
            default = value
        else:
            table.setdefault(row, value)
    return PredicateTable(table, default)


def _function_table(rows: Iterator[tuple[Row | None, Value | bool]]) -> FunctionTable:
    table: dict[Row, Value] = {}
    default: Value | None = None
    for row, value in rows:
        if isinstance(value, bool):
            raise ModelError("a function's value is a truth value")
        if row is None:
            default = value
        else:
            table.setdefault(row, value)
    return FunctionTable(table, default)


def _value(body: SExpr, scope: _Scope) -> Value | bool:
    """The value of a definition's body; solvers print conditions, equalities and numbers."""
    if isinstance(body, str):
        return _atom_value(body, scope)
    match body:
        case ["ite", test, then, other]:
            return _value(then if _value(test, scope) is True else other, scope)
        case ["and", *parts]:
            return all(_value(p, scope) is True for p in parts)
        case ["or", *parts]:
            return any(_value(p, scope) is True for p in parts)
        case ["not", part]:
            return _value(part, scope) is not True
        case ["=>", left, right]:
            return _value(left, scope) is not True or _value(right, scope) is True
        case ["=", first, *others]:
            value = _value(first, scope)
            return all(_value(o, scope) == value for o in others)
        case ["let", list(bindings), inner]:
            extended = dict(scope)
            for binding in bindings:
                match binding:
                    case [str(name), bound]:
                        extended[name] = _value(bound, scope)
                    case _:
                        raise ModelError("a let in the model is not understood")
            return _value(inner, extended)
        case ["as", str(name), _]:
            return _atom_value(name, scope)
        case ["-", part]:
            return -_numeral(_value(part, scope))
        case ["/", left, right]:
            return _numeral(_value(left, scope)) / _numeral(_value(right, scope))
        case _:
            raise ModelError("the model uses an expression that is not a finite table")


def _numeral(value: Value | bool) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise ModelError("a number was expected in the model")


def _atom_value(token: str, scope: _Scope) -> Value | bool:
    if token in scope:
        return scope[token]
    if token in ("true", "false"):
        return token == "true"
    if (name := _element(token)) is not None:
        return name
    try:
        return Fraction(token)
    except ValueError:
        raise ModelError(f"{token[:40]} in the model has no value") from None
