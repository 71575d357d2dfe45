"""The notation of FOLIO, Logic-LM and papers: ``∀x (Dog(x) → ¬Cat(x))``.

A quantifier takes one unit: in ``∀x (A(x)) → B(x)`` the last ``x`` is not bound. It then counts
as a free variable, so that the reading is flagged and not silently widened. ``∀x.`` and ``∀x:``
mean the same as ``∀x``. ``→`` associates to the right; ``∨`` and ``⊕`` share one level and
associate to the left. ``⊕`` is exclusive or.

A name that no quantifier binds is a variable where it is a letter ``u`` to ``z`` with up to two
digits, and a constant otherwise (``y1950`` is a year). Numerals are constants like any other,
except next to an order (``<``) or in arithmetic (``+``): there they are numbers, and the names
beside them are of sort ``REAL`` throughout the formula.

Sources: FOLIO (Han et al. 2022); Logic-LM (Pan et al. 2023).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from provers.logic.formats.reader import (
    Builder,
    error_at,
    first_token,
    last_token,
    read_tree,
)
from provers.logic.formats.writer import Writer
from provers.logic.syntax import (
    FALSE,
    INDIVIDUAL,
    REAL,
    TRUE,
    Apply,
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Eq,
    Formula,
    Number,
    Sort,
    Term,
    Var,
    Xor,
    disjunction,
)

if TYPE_CHECKING:
    from lark import Token, Tree

    from provers.logic.formats.reader import Node

_WORDS: Final = {
    "NAME": "a name",
    "NOT": "'¬'",
    "ALL": "'∀x'",
    "EXISTS": "'∃x'",
    "TRUTH": "'⊤'",
    "OR": "'∨'",
    "XOR": "'⊕'",
    "COMPARE": "'<'",
    "PLUS": "'+'",
    "MINUS": "'-'",
    "STAR": "'*'",
    "_IFF": "'↔'",
    "_IMPLIES": "'→'",
    "_AND": "'∧'",
    "_EQUAL": "'='",
    "_UNEQUAL": "'≠'",
    "_DOT": "'.'",
    "_OPEN": "'('",
    "_CLOSE": "')'",
    "_COMMA": "','",
    "$END": "the end",
}
_VARIABLE: Final = re.compile(r"[u-z][0-9]{0,2}")
_GLUED: Final = re.compile(r"[a-z][0-9]*[A-Z]\w*")
_NUMERAL: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LONGEST_NUMERAL: Final = 1000
_PLAIN: Final = re.compile(r"[\w$#@%]+(?:[-.'’&/]\w+)*(?:\+\+|['’])?")
_QUOTABLE: Final = re.compile(r"[^'(),\n]+")
COMMENT: Final = ":::"
_ORDER: Final[Mapping[str, CompareOp]] = {
    "<": "<",
    ">": ">",
    "≤": "<=",
    "≥": ">=",
    "<=": "<=",
    ">=": ">=",
}
_EXCLUSIVE: Final = ("⊕", "⊻")
_ARITHMETIC: Final = frozenset({"sum", "product", "minus"})


def parse_formula(text: str) -> Formula:
    """The formula that ``text`` spells; its free variables stay free.

    What follows ``:::`` is a comment, as in Logic-LM's programs.

    Raises:
        ParseError: with the position of what does not fit.
    """
    text = text.partition(COMMENT)[0]
    root = read_tree("unicode.lark", text, _WORDS)
    reals = _real_names(root) if _MAYBE_ARITHMETIC.search(text) else frozenset()
    return _Builder(text, reals).formula(root)


_MAYBE_ARITHMETIC: Final = re.compile(r"[<>≤≥+*×·−-]")


def _real_names(root: Node) -> frozenset[str]:
    """Names beside an order or in arithmetic, and those set equal to one of them."""
    names: set[str] = set()
    beside: dict[str, list[str]] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            continue
        if node.data == "compare" or node.data in _ARITHMETIC:
            names.update(_head(child) for child in node.children)
        elif node.data == "eq" or node.data == "neq":
            left, right = node.children
            beside.setdefault(_head(left), []).append(_head(right))
            beside.setdefault(_head(right), []).append(_head(left))
            if _is_arithmetic(left) or _is_arithmetic(right):
                names.update((_head(left), _head(right)))
        stack.extend(node.children)
    names.discard("")
    beside.pop("", None)
    reached = list(names)
    while reached:
        for name in beside.pop(reached.pop(), ()):
            if name:
                names.add(name)
                reached.append(name)
    return frozenset(names)


def _head(node: Node) -> str:
    """The name of a constant, variable or applied function; nothing for other terms."""
    if isinstance(node, str):
        return "" if _NUMERAL.fullmatch(node) else _unquoted(node)
    return _head(node.children[0]) if node.data == "apply" else ""


def _is_arithmetic(node: Node) -> bool:
    return not isinstance(node, str) and node.data in _ARITHMETIC


def _unquoted(token: str) -> str:
    return str(token[1:-1] if token[0] in "'\"" and token[0] == token[-1] else token)


class _Builder(Builder):
    def __init__(self, text: str, reals: frozenset[str]) -> None:
        super().__init__()
        self._text = text
        self._reals = reals

    def name(self, node: Node) -> str:
        if isinstance(node, str):
            if "-" in node and node.split("-", 1)[0] in self._scope:
                raise error_at("put spaces around '-' to subtract, or rename", node)
            return _unquoted(node)
        first, last = first_token(node), last_token(node)
        assert first is not None and last is not None
        return re.sub(r"\s+", "_", self._text[first.start_pos : last.end_pos])

    def is_variable(self, name: str) -> bool:
        return _VARIABLE.fullmatch(name) is not None

    def sort(self, name: str) -> Sort:
        return REAL if name in self._reals else INDIVIDUAL

    def bound(self, head: Node) -> list[str]:
        names = re.findall(r"\w+", str(head))
        assert isinstance(head, str)
        if _GLUED.fullmatch(names[-1]) and self._text[head.end_pos :][:1] == "(":
            raise error_at("put a space between the variable and the predicate", head)
        return names

    def check_applied(self, token: Token) -> None:
        if self.is_variable(str(token)):
            raise error_at("a variable may not take arguments", token)

    def other_formula(self, node: Tree[Token], level: int) -> Formula:
        if node.data == "either":
            return self._either(node, level)
        if node.data == "compare":
            left, op, right = node.children
            return Compare(
                _ORDER[str(op)],
                self._number_term(left, level + 1),
                self._number_term(right, level + 1),
            )
        if node.data == "truth":
            return TRUE if node.children[0] == "⊤" else FALSE
        return super().other_formula(node, level)

    def _either(self, node: Tree[Token], level: int) -> Formula:
        """``∨`` and ``⊕`` at one level, read to the left."""
        level += sum(1 for operator in node.children[1::2] if operator in _EXCLUSIVE)
        pending = [self.formula(node.children[0], level + 1)]
        for operator, child in zip(node.children[1::2], node.children[2::2], strict=True):
            right = self.formula(child, level + 1)
            if operator in _EXCLUSIVE:
                pending = [Xor(disjunction(tuple(pending)), right)]
            else:
                pending.append(right)
        return disjunction(tuple(pending))

    def equality(self, node: Tree[Token], level: int) -> Formula:
        left, right = node.children
        if any(_is_arithmetic(side) or _head(side) in self._reals for side in (left, right)):
            return Eq(self._number_term(left, level + 1), self._number_term(right, level + 1))
        return super().equality(node, level)

    def other_term(self, node: Tree[Token], level: int) -> Term:
        children = node.children
        if node.data == "minus":
            return Arith("-", (self._number_term(children[1], level + 1),))
        if node.data == "product":
            return self._run("*", children[::2], level)
        if node.data == "sum":
            level += len(children) // 2
            result = self._number_term(children[0], level + 1)
            plus: list[Term] = [result]
            for operator, child in zip(children[1::2], children[2::2], strict=True):
                right = self._number_term(child, level + 1)
                if operator == "+":
                    plus.append(right)
                else:
                    result = Arith("+", tuple(plus)) if len(plus) > 1 else plus[0]
                    plus = [Arith("-", (result, right))]
            return Arith("+", tuple(plus)) if len(plus) > 1 else plus[0]
        return super().other_term(node, level)

    def _run(self, op: ArithOp, nodes: list[Node], level: int) -> Term:
        terms = []
        for node in nodes:
            terms.append(self._number_term(node, level + 1))
        return Arith(op, tuple(terms))

    def _number_term(self, node: Node, level: int) -> Term:
        """A term beside an order or in arithmetic, where numerals are numbers."""
        if isinstance(node, str) and _NUMERAL.fullmatch(node):
            if len(node) > _LONGEST_NUMERAL:
                raise error_at(f"a number of more than {_LONGEST_NUMERAL} digits", node)
            return Number(Fraction(str(node)))
        return self.term(node, level)


def write_formula(formula: Formula) -> str:
    """The formula in mathematical symbols; names that need it are put in single quotes.

    Raises:
        InputError: the notation has no spelling for a symbol or an operator of the formula.
    """
    return _Writer().write(formula)


class _Writer(Writer):
    notation = "unicode"
    operators: Mapping[str, str] = {
        "true": "⊤",
        "false": "⊥",
        "not": "¬",
        "and": "∧",
        "or": "∨",
        "implies": "→",
        "iff": "↔",
        "xor": "⊕",
        "=": "=",
        "!=": "≠",
        "<": "<",
        "<=": "≤",
        ">": ">",
        ">=": "≥",
        "+": "+",
        "-": "-",
        "*": "*",
        "all": "∀",
        "exists": "∃",
    }

    def predicate(self, name: str, arity: int) -> str:
        if self.is_bound(name) or _VARIABLE.fullmatch(name):
            raise self.cannot("the predicate", name)
        return self._spelled("the predicate", name)

    def function(self, symbol: Apply) -> str:
        if self.is_bound(symbol.name) or _VARIABLE.fullmatch(symbol.name):
            raise self.cannot("the function", symbol.name)
        if symbol.sort not in (INDIVIDUAL, REAL):
            raise self.cannot(f"the sort {symbol.sort} of", symbol.name)
        return self._spelled("the function", symbol.name)

    def free(self, var: Var) -> str:
        if self.is_bound(var.name) or not _VARIABLE.fullmatch(var.name):
            raise self.cannot("the variable", var.name)
        return self.bound(var)

    def bound(self, var: Var) -> str:
        if not re.fullmatch(r"\w+", var.name) or var.sort not in (INDIVIDUAL, REAL):
            raise self.cannot("the variable", var.name)
        return var.name

    def head(self, quantifier: str, names: list[str]) -> str:
        return f"{quantifier}{', '.join(names)} "

    def number(self, number: Number) -> str:
        value = number.value
        if value < 0 or number.sort != REAL:
            raise self.cannot("the number", str(value))
        digits, rest = 0, value.denominator
        while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
            rest = rest // 10 if rest % 10 == 0 else rest // 2 if rest % 2 == 0 else rest // 5
            digits += 1
        if rest != 1 or digits > 300:
            raise self.cannot("the number", str(value))
        whole, part = divmod(value.numerator * 10**digits // value.denominator, 10**digits)
        return f"{whole}.{part:0{digits}}" if digits else str(whole)

    def _spelled(self, what: str, name: str) -> str:
        if _PLAIN.fullmatch(name) and "-" not in name:
            return name
        if _QUOTABLE.fullmatch(name) and COMMENT not in name:
            return f"'{name}'"
        raise self.cannot(what, name)
