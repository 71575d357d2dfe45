"""Reads first-order text: a lark grammar splits it, ``Builder`` makes formulas of it.

The notations share this module and differ in their grammar file, which gives tokens, precedence
and associativity, and in what a name may stand for. A grammar's tree may use these rules::

    iff implies xor or and       operands in order, two or more; iff, implies, xor nest leftwards
    not                          [operator, body]
    all exists                   [head, body]; a head is a token or tree of the notation's own
    eq neq                       [left, right]
    apply                        [name, argument, ...]
    words                        pieces of one name that was written with gaps or dashes

and rules of their own, for which they override ``other_formula`` and ``other_term``.

A name on its own is a bare token. Whether it is a proposition, a constant or a variable depends
on where it stands, so it is settled here and not in the grammars.
"""

from __future__ import annotations

import functools
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeAlias

from provers.errors import ParseError
from provers.logic.syntax import (
    INDIVIDUAL,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Pred,
    Sort,
    Term,
    Var,
    Xor,
    conjunction,
    disjunction,
)

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

Node: TypeAlias = "Tree[Token] | Token"

MAX_CHARACTERS: Final = 65_536
MAX_DEPTH: Final = 120


@functools.cache
def _parser(grammar: str) -> Lark:
    from lark import Lark

    text = resources.files(__package__).joinpath(grammar).read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer="basic", maybe_placeholders=False)


def read_tree(grammar: str, text: str, names: Mapping[str, str]) -> Node:
    """The tree below the start symbol of the named grammar file of this package.

    ``names`` gives people's words for terminals. Time is linear in the text; nothing recurses.

    Raises:
        ParseError: the text is too long, nests too deep, or does not fit the grammar.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    check_size(text)
    if not text.strip():
        raise ParseError("the formula is empty")
    try:
        return _parser(grammar).parse(text).children[0]
    except UnexpectedCharacters as error:
        offset = error.pos_in_stream or 0
        line, column = _position(text, offset)
        raise ParseError(
            "unexpected character", line=line, column=column, text=text[offset : offset + 1]
        ) from None
    except UnexpectedToken as error:
        token = error.token
        expected = tuple(sorted({names.get(name, name) for name in error.accepts or ()}))
        if token.type == "$END":
            line, column = _position(text, len(text.rstrip()))
            raise ParseError(
                "the formula ends too early", line=line, column=column, expected=expected
            ) from None
        raise error_at("unexpected text", token, expected=expected) from None


def check_size(text: str) -> None:
    """Refuse text longer or more deeply bracketed than any formula; linear in the text.

    Raises:
        ParseError: over ``MAX_CHARACTERS`` characters or ``MAX_DEPTH`` open parentheses.
    """
    if len(text) > MAX_CHARACTERS:
        raise ParseError(
            f"the formula has {len(text)} characters, more than {MAX_CHARACTERS}; split it"
        )
    level = 0
    for match in _PARENTHESES.finditer(text):
        level += 1 if match.group() == "(" else -1
        if level > MAX_DEPTH:
            line, column = _position(text, match.start())
            raise ParseError(_TOO_DEEP, line=line, column=column, text="(")


_PARENTHESES: Final = re.compile(r"[()]")
_TOO_DEEP: Final = f"the formula nests deeper than {MAX_DEPTH} levels; simplify it"


def error_at(message: str, token: Token | None, expected: tuple[str, ...] = ()) -> ParseError:
    """A ParseError at a token's position."""
    if token is None:
        return ParseError(message, expected=expected)
    return ParseError(
        message,
        line=token.line or 1,
        column=token.column or 1,
        expected=expected,
        text=str(token),
    )


def first_token(node: Node) -> Token | None:
    """The leftmost token of a tree, without recursion."""
    while hasattr(node, "children"):
        if not node.children:
            return None
        node = node.children[0]
    return node


def last_token(node: Node) -> Token | None:
    """The rightmost token of a tree, without recursion."""
    while hasattr(node, "children"):
        if not node.children:
            return None
        node = node.children[-1]
    return node


def _position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset into the text."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


# --- from tree to formula --------------------------------------------------------------------

_CHAINS: Final[Mapping[str, Callable[[Formula, Formula], Formula]]] = {
    "implies": Implies,
    "iff": Iff,
    "xor": Xor,
}


class Builder(ABC):
    """Makes one formula of one tree; a notation subclasses it to say what its names mean.

    The stack grows by one frame or two for each level of the tree, which ``MAX_DEPTH`` bounds.
    """

    def __init__(self) -> None:
        self._scope: dict[str, Var] = {}

    # What a notation says.

    @abstractmethod
    def name(self, node: Node) -> str:
        """The symbol or variable that a token, or a tree of ``words``, spells."""

    @abstractmethod
    def is_variable(self, name: str) -> bool:
        """Whether a name that no quantifier binds is a variable where a term stands."""

    def sort(self, name: str) -> Sort:
        """The sort of a variable or constant, or of a function's results."""
        return INDIVIDUAL

    @abstractmethod
    def bound(self, head: Node) -> list[str]:
        """The names that a quantifier's head binds; raises ParseError where it may not."""

    def check_applied(self, token: Token) -> None:  # noqa: B027 - a notation may allow every name
        """Raise ParseError where this name may not take arguments."""

    # Formulas.

    def formula(self, node: Node, level: int = 1) -> Formula:
        """The formula that a tree means; raises ParseError where it means none."""
        if level > MAX_DEPTH:
            raise error_at(_TOO_DEEP, first_token(node))
        if isinstance(node, str):
            return self._proposition(node)
        kind, children = node.data, node.children
        if kind == "apply":
            name, args = self.application(node, level)
            return Pred(name, args)
        if kind == "and" or kind == "or":
            parts = []
            for child in children:
                parts.append(self.formula(child, level + 1))
            return (conjunction if kind == "and" else disjunction)(tuple(parts))
        if kind == "not":
            return Not(self.formula(children[1], level + 1))
        if kind in _CHAINS:
            # The first operand ends up deepest.
            level += len(children) - 1
            result = self.formula(children[0], level)
            for child in children[1:]:
                result = _CHAINS[kind](result, self.formula(child, level))
            return result
        if kind == "all" or kind == "exists":
            return self._quantified(node, level)
        if kind == "eq":
            return self.equality(node, level)
        if kind == "neq":
            return Not(self.equality(node, level + 1))
        return self.other_formula(node, level)

    def equality(self, node: Tree[Token], level: int) -> Formula:
        """An equation; two formulas side by side are not one."""
        left, right = node.children
        return Eq(self.term(left, level + 1), self.term(right, level + 1))

    def other_formula(self, node: Tree[Token], level: int) -> Formula:
        """A rule that only this notation's grammar has."""
        raise error_at("a term stands where a formula is expected", first_token(node))

    def _proposition(self, token: Token) -> Pred:
        name = self.name(token)
        if name in self._scope or self.is_variable(name):
            raise error_at("a variable stands where a formula is expected", token)
        return Pred(name)

    def application(self, node: Tree[Token], level: int) -> tuple[str, tuple[Term, ...]]:
        """Name and arguments of an application, be it a predicate's or a function's."""
        head = node.children[0]
        assert isinstance(head, str)
        name = self.name(head)
        if name in self._scope:
            raise error_at("a variable that is bound here may not take arguments", head)
        self.check_applied(head)
        args = []
        for child in node.children[1:]:
            args.append(self.term(child, level + 1))
        return name, tuple(args)

    def _quantified(self, node: Tree[Token], level: int) -> Formula:
        head, body = node.children
        bound = {name: Var(name, self.sort(name)) for name in self.bound(head)}
        outer = {name: self._scope[name] for name in bound if name in self._scope}
        self._scope.update(bound)
        # Each variable nests as deep as a quantifier of its own would.
        inner = self.formula(body, level + len(bound))
        for name in bound:
            del self._scope[name]
        self._scope.update(outer)
        return (Forall if node.data == "all" else Exists)(tuple(bound.values()), inner)

    # Terms.

    def term(self, node: Node, level: int) -> Term:
        """The term that a tree means; raises ParseError where it means none."""
        if level > MAX_DEPTH:
            raise error_at(_TOO_DEEP, first_token(node))
        if isinstance(node, str) or node.data == "words":
            name = self.name(node)
            if name in self._scope:
                return self._scope[name]
            return (Var if self.is_variable(name) else _constant)(name, self.sort(name))
        if node.data == "apply":
            name, args = self.application(node, level)
            return Apply(name, args, self.sort(name))
        return self.other_term(node, level)

    def other_term(self, node: Tree[Token], level: int) -> Term:
        """A rule for terms that only this notation's grammar has."""
        raise error_at("a formula stands where a term is expected", first_token(node))


def _constant(name: str, sort: Sort) -> Apply:
    return Apply(name, (), sort)
