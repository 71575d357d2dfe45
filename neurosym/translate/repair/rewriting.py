"""What models borrow from other languages, rewritten as a formula's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from neurosym.translate.repair.base import Kind, Repair
from neurosym.translate.repair.tokens import (
    CONNECTIVES,
    OPERATORS,
    Hopeless,
    Token,
    closing,
    rejoin,
    split,
)

DEEPEST: Final = 64
MEMBER: Final = "MemberOf"
_MOST_COPIES: Final = 64


class Rewriter:
    """Rewrites what models borrow from other languages; ``said`` gathers the repairs.

    ``Or(a, b)`` and ``=(a, b)``; ``x ∈ {a, b}``; square brackets; ``P(x, a ∨ b)``; and
    ``P(a, ∃y Q(y))``, which speaks of some ``y``.
    """

    def __init__(self, said: dict[Repair, None], strict: bool) -> None:
        self._said = said
        self._strict = strict
        self._copies = 0

    def _say(self, kind: Kind, message: str) -> None:
        self._said[Repair(kind, message)] = None

    def formula(self, tokens: list[Token], level: int = 0) -> list[Token]:
        if level > DEEPEST:
            raise Hopeless
        tokens = self._members(tokens)
        out: list[Token] = []
        at = 0
        while at < len(tokens):
            kind, word = tokens[at]
            if at + 1 < len(tokens) and tokens[at + 1][0] == "open":
                end = closing(tokens, at + 1)
                inner = tokens[at + 2 : end]
                done: list[Token] | None = None
                if kind in CONNECTIVES and not _ends_formula(out):
                    done = self._joined(kind, inner, level)
                elif kind == "equal" and not _ends_formula(out):
                    done = self._equation(inner)
                elif kind == "name":
                    done = self._application(word, inner, level)
                if done is not None:
                    out.extend(done)
                    at = end + 1
                    continue
            if kind == "open":
                end = closing(tokens, at)
                out.append(("open", "("))
                out.extend(self.formula(tokens[at + 1 : end], level + 1))
                out.append(("close", ")"))
                at = end + 1
                continue
            out.append((kind, word))
            at += 1
        return out

    def _joined(self, kind: str, inner: list[Token], level: int) -> list[Token]:
        parts = split(inner)
        if len(parts) < 2 or (len(parts) > 2 and kind not in ("and", "or")):
            raise Hopeless
        self._say("symbols", f"read {kind}(..., ...) as '{kind}' between its parts")
        joined: list[Token] = [("open", "(")]
        for i, part in enumerate(parts):
            joined += [(kind, kind)] if i else []
            joined += [("open", "("), *self.formula(part, level + 1), ("close", ")")]
        return [*joined, ("close", ")")]

    def _equation(self, inner: list[Token]) -> list[Token]:
        parts = split(inner)
        if len(parts) != 2:
            raise Hopeless
        self._say("equality", "read =(..., ...) as an equation of its parts")
        return [("open", "("), *parts[0], ("equal", "="), *parts[1], ("close", ")")]

    def _application(self, name: str, inner: list[Token], level: int) -> list[Token]:
        """``name(inner)``, with a formula in an argument's place moved out of it."""
        parts = [] if self._strict else split(inner)
        for i, part in enumerate(parts):
            before, after = parts[:i], parts[i + 1 :]
            if part[0][0] == "exists" and len(part) > 1:
                var = part[0][1]
                if any(("name", var) in other for other in (*before, *after)):
                    raise Hopeless
                self._say("argument", f"read '∃{var} ...' as an argument of {name} as some {var}")
                whole = self._application(name, rejoin([*before, [("name", var)], *after]), level)
                said = self.formula(part[1:], level + 1)
                body = [("open", "("), *said, ("close", ")"), ("and", "∧"), *whole]
                return [("exists", var), ("open", "("), *body, ("close", ")")]
            for kind in ("or", "and"):
                options = split(part, kind)
                if len(options) < 2:
                    continue
                self._copies += len(options)
                if self._copies > _MOST_COPIES:
                    raise Hopeless
                if any(word[0] in OPERATORS for option in options for word in option):
                    raise Hopeless
                self._say("argument", f"read '{kind}' between arguments of {name} as between facts")
                joined: list[Token] = [("open", "(")]
                for j, option in enumerate(options):
                    joined += [(kind, kind)] if j else []
                    joined += self._application(name, rejoin([*before, option, *after]), level)
                return [*joined, ("close", ")")]
        return [("name", name), ("open", "("), *inner, ("close", ")")]

    def _members(self, tokens: list[Token]) -> list[Token]:
        """``a ∈ {b, c}`` as ``(a = b ∨ a = c)`` and ``a ∈ b`` as ``MemberOf(a, b)``."""
        while any(kind == "member" for kind, _ in tokens):
            at = next(i for i, (kind, _) in enumerate(tokens) if kind == "member")
            if at == 0 or tokens[at - 1][0] != "name" or at + 1 == len(tokens):
                raise Hopeless
            one = tokens[at - 1]
            if tokens[at + 1] == ("brace", "{"):
                end = next((i for i, t in enumerate(tokens) if i > at and t == ("brace", "}")), 0)
                options = split(tokens[at + 2 : end])
                if not end or any(len(o) != 1 or o[0][0] != "name" for o in options):
                    raise Hopeless
                said: list[Token] = []
                for i, option in enumerate(options):
                    said += [("or", "∨")] if i else []
                    said += [one, ("equal", "="), *option]
                self._say("membership", "read '∈ {...}' as being equal to one of its members")
            elif tokens[at + 1][0] == "name":
                end = at + 1
                if end + 1 < len(tokens) and tokens[end + 1][0] == "open":
                    end = closing(tokens, end + 1)
                said = [("name", MEMBER), ("open", "("), one, ("comma", ",")]
                said += [*tokens[at + 1 : end + 1], ("close", ")")]
                self._say("membership", f"read '∈' as the predicate {MEMBER}")
            else:
                raise Hopeless
            negation: list[Token] = [("not", "¬")] if tokens[at][1] == "∉" else []
            whole = [*negation, ("open", "("), *said, ("close", ")")]
            tokens = [*tokens[: at - 1], *whole, *tokens[end + 1 :]]
        return tokens


def _ends_formula(out: Sequence[Token]) -> bool:
    return bool(out) and out[-1][0] in ("name", "close", "truth")
