"""The expressions of constraint programs: Python's operators, calls, and scopes ``[c:children]``.

A parser by hand: the text is never evaluated. Z3's functions (``And``, ``ForAll``, ...) are calls
like any other here; what they mean is ``reading``'s business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from neurosym.runs.programs.base import Mended, ProgramError

MOST_TOKENS: Final = 3_000
MOST_DEPTH: Final = 60


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier, or a quoted text."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """``head(args)``; an operator is a call of its own symbol."""

    head: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """``c:children`` in a scope."""

    name: str
    sort: str


Node: TypeAlias = Number | Name | Call | Listed | Typed

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?![\w]))
    | (?P<text>"[^"\n]*"|'[^'\n]*'(?!\w))
    | (?P<name>\w+(?:'(?=[\s,:)\]]))?)
    | (?P<sign>&&|\|\||<->|->|=>|==|!=|<=|>=|[=<>+\-*/%()!\[\],:.~≠≤≥])
    )""",
    re.VERBOSE,
)
_COMMENT: Final = re.compile(r"\s#\s.*$")
_SPELLED: Final = {"≠": "!=", "≤": "<=", "≥": ">=", "=": "==", "mod": "%", "=>": "->", "!": "~"}
_WORDS: Final = {"and": "And", "or": "Or", "xor": "Xor", "&&": "And", "||": "Or"}
_COMPARE: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
_Token: TypeAlias = tuple[str, str]


def parse(text: str, mended: list[Mended]) -> Node:
    """The expression; slips that leave no doubt are mended, and noted in ``mended``.

    Raises:
        ProgramError: ``syntax``, or ``too_large``.
    """
    tokens = _tokens(_COMMENT.sub("", text))
    tokens = _balanced(tokens, mended)
    parser = _Parser(tokens, mended)
    node = parser.expression(0)
    if parser.at < len(tokens):
        raise ProgramError("syntax", f"{tokens[parser.at][1]!r} is not expected there")
    return node


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ProgramError("syntax", f"{text[at : at + 20].strip()!r} cannot be read")
        if len(tokens) >= MOST_TOKENS:
            raise ProgramError("too_large", f"an expression of more than {MOST_TOKENS} words")
        word = match[match.lastgroup]
        if match.lastgroup == "text":
            tokens.append(("text", word[1:-1].strip()))
        elif word in _SPELLED:
            tokens.append(("sign", _SPELLED[word]))
        else:
            tokens.append((match.lastgroup, word))
        at = match.end()
    return tokens


def _balanced(tokens: list[_Token], mended: list[Mended]) -> list[_Token]:
    """Brackets that are missing or too many at the very end are mended; others are left."""
    closing = {"(": ")", "[": "]"}
    stack: list[str] = []
    for place, (kind, word) in enumerate(tokens):
        if kind == "sign" and word in closing:
            stack.append(closing[word])
            if len(stack) > MOST_DEPTH:
                raise ProgramError("too_large", f"brackets nested deeper than {MOST_DEPTH}")
        elif kind == "sign" and word in (")", "]"):
            if stack and stack[-1] == word:
                stack.pop()
            elif not stack and all(w in (")", "]") for _, w in tokens[place:]):
                mended.append(Mended("brackets", "removed a bracket that closes nothing"))
                return tokens[:place]
            else:
                raise ProgramError("syntax", f"{word!r} closes no bracket")
    if stack:
        mended.append(Mended("brackets", f"closed {len(stack)} brackets at the end"))
    return [*tokens, *(("sign", word) for word in reversed(stack))]


# Binding powers, weakest first. Connectives written between their arguments bind as in Python.
_BINARY: Final = {
    "<->": 1,
    "->": 2,
    "Or": 3,
    "Xor": 3,
    "And": 4,
    **dict.fromkeys(_COMPARE, 6),
    "in": 6,
    "+": 7,
    "-": 7,
    "*": 8,
    "/": 8,
    "%": 8,
}
_NOT: Final = 5


class _Parser:
    def __init__(self, tokens: Sequence[_Token], mended: list[Mended]) -> None:
        self.tokens = tokens
        self.mended = mended
        self.at = 0
        self.depth = 0

    def _next(self, ahead: int = 0) -> _Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ("end", "the end")

    def _take(self, word: str) -> None:
        kind, found = self._next()
        if kind != "sign" or found != word:
            raise ProgramError("syntax", f"{word!r} is expected where {found!r} stands")
        self.at += 1

    def _is(self, word: str) -> bool:
        return self._next() == ("sign", word)

    def _operator(self) -> tuple[str, int]:
        """The binary operator that comes next and its number of words; empty where none does."""
        kind, word = self._next()
        if kind == "name" and word == "not" and self._next(1) == ("name", "in"):
            return "not in", 2
        if kind == "name" or word in _WORDS:
            word = _WORDS.get(word, word)
            if word not in ("And", "Or", "Xor", "in"):
                return "", 0
        elif kind != "sign" or word not in _BINARY:
            return "", 0
        return word, 1

    def expression(self, power: int) -> Node:
        self.depth += 1
        if self.depth > 3 * MOST_DEPTH:
            raise ProgramError("too_large", f"an expression nested deeper than {MOST_DEPTH}")
        left = self._unary()
        while True:
            sign, words = self._operator()
            binding = _BINARY.get(sign.removeprefix("not "), 0)
            if not sign or binding <= power:
                break
            self.at += words
            if sign in ("And", "Or", "Xor"):
                self._say("infix", f"{sign} stands between its arguments")
            if sign in _COMPARE:
                left = self._comparison(left, sign, binding)
                continue
            # An arrow's right side may hold another arrow.
            right = self.expression(binding - 1 if sign == "->" else binding)
            left = (
                Call("not", (Call("in", (left, right)),))
                if sign == "not in"
                else _call(sign, left, right)
            )
        self.depth -= 1
        return left

    def _comparison(self, left: Node, sign: str, binding: int) -> Node:
        """``1 <= x <= 4`` as Python reads it: both."""
        parts = []
        while True:
            right = self.expression(binding)
            parts.append(Call(sign, (left, right)))
            sign, _ = self._operator()
            if sign not in _COMPARE:
                return parts[0] if len(parts) == 1 else Call("And", tuple(parts))
            self.at += 1
            left = right

    def _unary(self) -> Node:
        kind, word = self._next()
        if kind == "sign" and word == "-":
            self.at += 1
            return Call("-", (self.expression(_BINARY["*"]),))
        if (kind == "sign" and word == "~") or (kind == "name" and word == "not"):
            self.at += 1
            return Call("Not", (self.expression(_NOT),))
        return self._primary()

    def _primary(self) -> Node:
        kind, word = self._next()
        self.at += 1
        match kind, word:
            case "number", _:
                return Number(Fraction(word))
            case "text", _:
                return Name(word, quoted=True)
            case "name", _:
                if self._is("("):
                    return Call(word, self._arguments("(", ")"))
                if self._is(":") and self._next(1)[0] == "name":
                    sort = self._next(1)[1]
                    self.at += 2
                    return Typed(word, sort)
                return Name(word)
            case "sign", "[":
                self.at -= 1
                return Listed(self._arguments("[", "]"))
            case "sign", "(":
                node = self.expression(0)
                self._take(")")
                return node
            case _:
                raise ProgramError("syntax", f"{word!r} is not expected there")

    def _arguments(self, opening: str, closing: str) -> tuple[Node, ...]:
        self._take(opening)
        found: list[Node] = []
        while not self._is(closing):
            found.append(self.expression(0))
            if not self._is(closing):
                self._take(",")
        self._take(closing)
        return tuple(found)

    def _say(self, kind: str, message: str) -> None:
        self.mended.append(Mended(kind, message))


def _call(sign: str, left: Node, right: Node) -> Node:
    """Chains of one associative connective as one call."""
    if sign in ("And", "Or") and isinstance(left, Call) and left.head == sign:
        return Call(sign, (*left.args, right))
    return Call({"->": "Implies", "<->": "Iff"}.get(sign, sign), (left, right))
