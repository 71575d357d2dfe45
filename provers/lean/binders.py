"""The header of a theorem, read as text: what comes before it, its name, binders and conclusion.

This is reading, not elaborating: whatever is built from it is checked by Lean afterwards.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provers.lean.source import bare_statement

_OPEN, _CLOSE = "([{⟨⦃⟦", ")]}⟩⦄⟧"
_NAME = r"(?:«[^»\n]*»|[^\W\d][\w'!?]*|_[\w'!?]*)"
_TOKEN = re.compile(
    rf"""
      (?P<doc>/-[-!])
    | (?P<block>/-)
    | (?P<skip>\s+|--[^\n]*)
    | (?P<string>r?"(?:\\.|[^"\\])*")
    | (?P<char>'(?:\\(?:x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|.)|[^\\'\n])')
    | (?P<word>{_NAME}(?:\.{_NAME})*)
    | (?P<symbol>:=|::|@\[|\.\{{|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_RAW = re.compile(r'r(#+)"')
_DECLARES = frozenset({"theorem", "lemma"})
_MODIFIERS = frozenset({"private", "protected", "public", "nonrec", "noncomputable"})
_SCOPES = frozenset({"open", "set_option", "variable", "universe", "include", "omit", "attribute"})
_ENDS = frozenset({"namespace", "section", "end", "def", "abbrev", "example", "instance"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of Lean text that is neither space nor comment; ``depth`` counts open brackets."""

    kind: str
    text: str
    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A theorem without its proof, in parts.

    ``preamble`` is all before it, with its imports; ``scope`` holds what is in force for it alone
    (``open Nat in``); ``universes`` is ``.{u, v}`` or empty. Attributes and the like are left out.
    ``definitions`` are the names that the preamble defines.
    """

    preamble: str
    scope: str
    name: str
    universes: str
    binders: str
    conclusion: str
    definitions: tuple[str, ...] = ()

    def declare(self, name: str, proof: str) -> str:
        """The same statement under a name in the same namespace, proved by a tactic block."""
        binders = f" {self.binders}" if self.binders else ""
        return (
            f"{self.scope}theorem {self.beside(name)}{self.universes}{binders}\n"
            f"  : {self.conclusion}\n{tactic_proof(proof)}"
        )

    def negation(self) -> str:
        """The statement's negation as a proposition: its binders are quantified."""
        if not self.binders:
            return f"¬ ({self.conclusion}\n  )"
        return f"¬ (∀ {self.binders}\n  , {self.conclusion}\n  )"

    def fresh(self, name: str) -> str:
        """``name``, with a number where the text mentions it already."""
        text = f"{self.preamble} {self.scope} {self.name} {self.binders} {self.conclusion}"
        number, found = 1, name
        while found in text:
            number += 1
            found = f"{name}{number}"
        return found

    def beside(self, name: str) -> str:
        """A name in the theorem's namespace."""
        parts = re.findall(_NAME, self.name)
        return ".".join([*parts[:-1], name])


def tactic_proof(proof: str) -> str:
    """``:= by`` and a tactic block, on lines of their own."""
    lines = proof.split("\n")
    return "  := by\n" + "\n".join(f"    {line}" if line else line for line in lines)


def read_statement(text: str) -> Statement | None:
    """The last theorem of a text, or None where no theorem with a conclusion can be made out."""
    text = bare_statement(text)
    found = list(tokens(text))
    at = next(
        (i for i in reversed(range(len(found))) if _declares(found, i)),
        None,
    )
    if at is None:
        return None
    name = found[at + 1]
    rest = at + 2
    universes = ""
    if rest < len(found) and found[rest].text == ".{":
        last = next((i for i in range(rest, len(found)) if found[i].text == "}"), None)
        if last is None:
            return None
        universes = text[found[rest].start : found[last].end]
        rest = last + 1
    colon = next(
        (i for i in range(rest, len(found)) if found[i].text == ":" and found[i].depth == 0), None
    )
    if colon is None or colon + 1 >= len(found):
        return None
    binders = text[found[rest].start : found[colon].start].strip() if rest < colon else ""
    scoped, start = _beginning(found, at)
    preamble = text[: found[scoped].start]
    scope = text[found[scoped].start : found[start].start] if scoped < start else ""
    conclusion = text[found[colon + 1].start :].rstrip()
    return Statement(
        preamble,
        scope,
        name.text,
        universes,
        binders,
        conclusion,
        _definitions(found[:scoped]),
    )


def tokens(text: str) -> Iterator[Token]:
    """The tokens of Lean text; what is left open at its end is one token to the end."""
    at = depth = 0
    while at < len(text):
        raw = _RAW.match(text, at)
        match = _TOKEN.match(text, at)
        assert match is not None  # any character is a symbol
        kind, end = str(match.lastgroup), match.end()
        if raw is not None:
            close = text.find(f'"{raw[1]}', raw.end())
            kind, end = "string", len(text) if close < 0 else close + 1 + len(raw[1])
        elif kind in ("block", "doc"):
            end = _end_of_comment(text, at)
        if kind in ("skip", "block"):
            at = end
            continue
        piece = text[at:end]
        if kind == "symbol" and piece[-1] in _CLOSE:
            depth = max(0, depth - 1)
        yield Token(kind, piece, at, end, depth)
        if kind == "symbol" and piece[-1] in _OPEN:
            depth += 1
        at = end


def _end_of_comment(text: str, at: int) -> int:
    depth, at = 1, at + 2
    for match in re.compile(r"/-|-/").finditer(text, at):
        depth += 1 if match.group() == "/-" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _declares(found: list[Token], at: int) -> bool:
    """Whether a theorem with a name begins here."""
    here = found[at]
    if here.kind != "word" or here.text not in _DECLARES or here.depth:
        return False
    return at + 1 < len(found) and found[at + 1].kind == "word"


def _beginning(found: list[Token], at: int) -> tuple[int, int]:
    """Where the command of the theorem at ``at`` begins: its ``... in``, and its modifiers."""
    start = at
    while start > 0:
        before = found[start - 1]
        if before.text in _MODIFIERS or before.kind == "doc":
            start -= 1
        elif before.text == "]":
            opened = _back(found, start - 1, lambda t: t.text == "@[")
            if opened is None:
                break
            start = opened
        else:
            break
    scoped = start
    while scoped > 0 and found[scoped - 1].text == "in":
        opened = _back(found, scoped - 2, lambda t: t.text in _SCOPES and t.depth == 0)
        if opened is None:
            break
        scoped = opened
    return scoped, start


def _back(found: list[Token], at: int, wanted: Callable[[Token], bool]) -> int | None:
    while at >= 0 and found[at].text not in _DECLARES and found[at].text not in _ENDS:
        if wanted(found[at]):
            return at
        at -= 1
    return None


def _definitions(found: list[Token]) -> tuple[str, ...]:
    names = (
        after.text
        for word, after in itertools.pairwise(found)
        if word.kind == "word" and word.text in ("def", "abbrev") and after.kind == "word"
    )
    return tuple(dict.fromkeys(names))
