"""NLTK's logic notation, as LINC prompts for it: ``all x. (Dog(x) -> -Cat(x))``.

What NLTK's ``LogicParser`` reads, this reads alike, and what then reached Prover9 decides what
names mean: a name that no quantifier binds is a variable where it starts with ``u`` to ``z`` in
lower case and a constant otherwise. Two things differ. Constants written with gaps, dashes or
dots (``Northern China``, ``42.3``) are accepted, as LINC repairs them before it calls NLTK. What
NLTK accepts and first-order logic does not (lambda, a formula as an argument or as a side of an
equation, quantified predicates) is refused.

Sources: NLTK's ``nltk.sem.logic`` and ``nltk.inference.prover9``; LINC (Olausson et al. 2023);
the Prover9 manual on variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from provers.logic.formats.reader import (
    Builder,
    error_at,
    first_token,
    last_token,
    read_tree,
)
from provers.logic.formats.writer import Writer
from provers.logic.syntax import INDIVIDUAL, Apply, Formula, Term, Var

if TYPE_CHECKING:
    from lark import Token, Tree

    from provers.logic.formats.reader import Node

_WORDS: Final = {
    "NAME": "a name",
    "NOT": "'-'",
    "ALL": "'all'",
    "EXISTS": "'exists'",
    "LAMBDA": "lambda",
    "IOTA": "iota",
    "_IFF": "'<->'",
    "_IMPLIES": "'->'",
    "_AND": "'&'",
    "_OR": "'|'",
    "_EQUAL": "'='",
    "_UNEQUAL": "'!='",
    "_DOT": "'.'",
    "_OPEN": "'('",
    "_CLOSE": "')'",
    "_COMMA": "','",
    "$END": "the end",
}
_RESERVED: Final = frozenset(
    ["all", "forall", "exists", "exist", "some", "iota", "not", "and", "or", "implies", "iff"]
)
_BINDABLE: Final = re.compile(r"[A-Za-z]\d*")
_INDIVIDUAL_VARIABLE: Final = re.compile(r"[a-z]\d*")
_PLAIN: Final = re.compile(r"""[\w’$@#%:?\[\]][\w'’"$@#%:?\[\]]*""")
_QUOTABLE: Final = re.compile(r"[^'(),&|<>=\n]+")


def parse_formula(text: str) -> Formula:
    """The formula that ``text`` spells; its free variables stay free.

    Raises:
        ParseError: with the position of what does not fit.
    """
    return _Builder(text).formula(read_tree("nltk.lark", text, _WORDS))


class _Builder(Builder):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def name(self, node: Node) -> str:
        if isinstance(node, str):
            # LINC drops apostrophes around a name; NLTK and Prover9 keep double quotes.
            return str(node[1:-1] if node[0] == node[-1] == "'" and len(node) > 2 else node)
        first, last = first_token(node), last_token(node)
        assert first is not None and last is not None
        return re.sub(r"[\s-]+", "_", self._text[first.start_pos : last.end_pos])

    def is_variable(self, name: str) -> bool:
        return _is_variable(name)

    def bound(self, head: Node) -> list[str]:
        assert not isinstance(head, str)
        names = []
        for token in head.children[1:]:
            assert isinstance(token, str)
            if not _BINDABLE.fullmatch(token):
                raise error_at("only a letter with optional digits may be a bound variable", token)
            names.append(str(token))
        return names

    def check_applied(self, token: Token) -> None:
        if _INDIVIDUAL_VARIABLE.fullmatch(token):
            raise error_at("a variable may not take arguments", token)

    def other_formula(self, node: Tree[Token], level: int) -> Formula:
        if node.data == "higher_order":
            raise error_at("not first-order: lambda and iota", first_token(node))
        if node.data == "negated_term":
            raise error_at(_NEGATED_TERM, first_token(node))
        return super().other_formula(node, level)

    def other_term(self, node: Tree[Token], level: int) -> Term:
        if node.data == "negated_term":
            raise error_at(_NEGATED_TERM, first_token(node))
        return super().other_term(node, level)


# NLTK reads '-a = b' as '(-a) = b' and hands Prover9 a term with a minus sign.
_NEGATED_TERM: Final = "'-' negates a formula, not a term; write -(a = b) or a != b"


def _is_variable(name: str) -> bool:
    return "u" <= name[:1] <= "z"


def write_formula(formula: Formula) -> str:
    """The formula in NLTK's notation; names that need it are put in single quotes.

    Raises:
        InputError: NLTK's notation has no spelling for a symbol or an operator of the formula.
    """
    return _Writer().write(formula)


class _Writer(Writer):
    notation = "nltk"
    operators: Mapping[str, str] = {
        "not": "-",
        "and": "&",
        "or": "|",
        "implies": "->",
        "iff": "<->",
        "=": "=",
        "!=": "!=",
        "all": "all",
        "exists": "exists",
    }

    def predicate(self, name: str, arity: int) -> str:
        if self.is_bound(name) or (not arity and _is_variable(name)):
            raise self.cannot("the predicate", name)
        return self._spelled("the predicate", name, applied=arity > 0)

    def function(self, symbol: Apply) -> str:
        name = symbol.name
        variable = not symbol.args and _is_variable(name)
        if self.is_bound(name) or variable or symbol.sort != INDIVIDUAL:
            raise self.cannot("the function", name)
        return self._spelled("the function", name, applied=bool(symbol.args))

    def free(self, var: Var) -> str:
        if self.is_bound(var.name) or not _is_variable(var.name) or var.sort != INDIVIDUAL:
            raise self.cannot("the variable", var.name)
        return self._spelled("the variable", var.name, applied=False)

    def bound(self, var: Var) -> str:
        if not _BINDABLE.fullmatch(var.name) or var.sort != INDIVIDUAL:
            raise self.cannot("the variable", var.name)
        return var.name

    def head(self, quantifier: str, names: list[str]) -> str:
        return f"{quantifier} {' '.join(names)}. "

    def _spelled(self, what: str, name: str, applied: bool) -> str:
        reserved = name in _RESERVED or (applied and _INDIVIDUAL_VARIABLE.fullmatch(name))
        if _PLAIN.fullmatch(name) and not reserved:
            return name
        if _QUOTABLE.fullmatch(name):
            return f"'{name}'"
        raise self.cannot(what, name)
