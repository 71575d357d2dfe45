"""The tokens of a formula in any mixture of notations: read, brackets balanced, written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from neurosym.translate.repair.base import Repair

Token: TypeAlias = tuple[str, str]
"""(kind, text); the kinds are the groups of ``_LEX``, operators, ``all`` and ``exists``"""

MOST_TOKENS: Final = 1_000
_MOST_TRIED: Final = 40_000

_LEX: Final = re.compile(
    r"""\s*(?:
      (?P<ellipsis>\.{3}|…|⋯)
    | (?P<iff><->|<=>|<-->|<==>|[↔⇔≡⟷⟺])
    | (?P<implies>[-–—=]+>|[→⇒⟶⟹⊃])
    | (?P<unequal>!=|≠|=/=)
    | (?P<order><=|>=|=<|[<>≤≥])
    | (?P<equal>==?)
    | (?P<and>&&?|[∧^]|/\\)
    | (?P<xor>[⊕⊻])
    | (?P<or>\|\|?|∨|\\/)
    | (?P<member>[∈∉])
    | (?P<quantifier>(?:[∀∃∄]|(?i:forall|all|exists?|some)\s)\s*
        (?:[a-z]\d*(?=[A-Z]\w*\()|[^\W\d]\w*
           (?:\s*,\s*[^\W\d]\w*(?![\w(])|\s+[a-z]\d*(?![\w(]))*)
        \s*[.:,]?)
    | (?P<not>[¬~!])
    | (?P<truth>[⊤⊥])
    | (?P<open>[(\[])
    | (?P<close>[)\]])
    | (?P<brace>[{}])
    | (?P<comma>,)
    | (?P<name>'[^'(),&|<>=\n]*'|"[^"(),&|<>=\n]*"
        |\$?\d+(?:[.,]\d+)*[\w$%#@]*|[\w$#@%]+(?:['’][\w]+|[-/](?=[^\W\d]{2})\w+)*['’]?)
    | (?P<dot>[.:])
    | (?P<minus>[-−])
    | (?P<plus>\+)
    | (?P<star>[*×·])
    )""",
    re.VERBOSE,
)
WORDS: Final = {
    "not": "not",
    "and": "and",
    "or": "or",
    "xor": "xor",
    "implies": "implies",
    "iff": "iff",
}
CONNECTIVES: Final = frozenset({"and", "or", "xor", "implies", "iff"})
OPERATORS: Final = CONNECTIVES | {"not"}
_HEAD: Final = r"(?:[∀∃∄]|(?<![\w'’])(?i:forall|all|exists?|some)(?![\w'’]))"
_BOUND: Final = r"[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*(?![\w(]))*"
_IN_BRACKETS: Final = re.compile(rf"\(\s*({_HEAD}\s*{_BOUND})\s*\)")
_OVER_BRACKETS: Final = re.compile(rf"({_HEAD})\s*\(\s*({_BOUND})\s*\)")
_FUNCTIONAL: Final = re.compile(rf"({_HEAD})\s*\(\s*([^\W\d]\w*)\s*,\s*")
_SPELLED: Final[dict[str, dict[str, str]]] = {
    "nltk": {"not": "-", "and": "&", "or": "|", "implies": "->", "iff": "<->", "unequal": "!="},
    "unicode": {"not": "¬", "and": "∧", "or": "∨", "implies": "→", "iff": "↔", "unequal": "≠"},
}
_PLAIN: Final = {"xor": "⊕", "equal": "=", "comma": ",", "plus": "+", "star": "*"}


class Hopeless(Exception):
    """This text, read this way, is no formula."""


def quantifier_forms(text: str) -> tuple[str, tuple[Repair, ...]]:
    """``(∀x)``, ``∀(x)`` and ``Forall(x, ...)`` as ``∀x``."""
    new = _OVER_BRACKETS.sub(r"\1 \2 ", _IN_BRACKETS.sub(r" \1 ", text))
    new = _FUNCTIONAL.sub(r"\1 \2. (", new)
    if new == text:
        return text, ()
    return new, (Repair("quantifier", "moved a bracket from a quantifier's variable"),)


def lex(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _LEX.match(text, at)
        if match is None or match.lastgroup is None or len(tokens) >= MOST_TOKENS:
            if not text[at:].strip():
                break
            raise Hopeless
        kind, word = match.lastgroup, match[match.lastgroup]
        at = match.end()
        if kind == "quantifier":
            tokens.extend(_quantified(word))
        elif kind == "name" and word.lower() in WORDS:
            tokens.append((WORDS[word.lower()], word))
        else:
            tokens.append((kind, word))
    return tokens


def _quantified(head: str) -> list[Token]:
    """``∄x, y:`` as one token a variable."""
    word = re.match(r"[∀∃∄]|\w+", head)
    assert word is not None
    names = re.findall(r"\w+", head[word.end() :])
    if len(set(names)) != len(names):
        raise Hopeless
    kind = "all" if word[0] == "∀" or word[0].lower().endswith("all") else "exists"
    negation = [("not", "¬")] if word[0] == "∄" else []
    return negation + [(kind, name) for name in names]


def ellipsis(tokens: list[Token]) -> tuple[list[Token], tuple[Repair, ...]]:
    """Without ``∧ ...``: to say less in a conjunction that nothing depends on is to weaken it."""
    if all(kind != "ellipsis" for kind, _ in tokens):
        return tokens, ()
    kept: list[Token] = []
    for at, (kind, word) in enumerate(tokens):
        if kind != "ellipsis":
            kept.append((kind, word))
        elif (
            not kept
            or kept[-1][0] != "and"
            or any(k in ("implies", "iff", "xor", "or") for k, _ in tokens[at:])
            or any(k in ("not", "iff", "xor", "or") for k, _ in tokens[:at])
        ):
            raise Hopeless
        else:
            kept.pop()
    return kept, (Repair("ellipsis", "left out '...', which says nothing that can be checked"),)


def balancings(tokens: list[Token]) -> tuple[list[list[Token]], tuple[Repair, ...]]:
    """The token lists with brackets balanced by one more or one fewer, or at the end."""
    depth = lowest = 0
    for kind, _ in tokens:
        depth += (kind == "open") - (kind == "close")
        lowest = min(lowest, depth)
    if depth == 0 and lowest == 0:
        return [tokens], ()
    if depth > 0 and lowest == 0:
        said = Repair("brackets", f"closed {depth} bracket{'s' if depth > 1 else ''}")
        close = [("close", ")")]
        if depth > 1:
            return [tokens + close * depth], (said,)
        places = [i + 1 for i, (kind, _) in enumerate(tokens) if kind in ("name", "close")]
        return [tokens[:i] + close + tokens[i:] for i in _affordable(places, tokens)], (said,)
    if depth == -1:
        places = [i for i, (kind, _) in enumerate(tokens) if kind == "close"]
        said = Repair("brackets", "removed a bracket that closes nothing")
        return [tokens[:i] + tokens[i + 1 :] for i in _affordable(places, tokens)], (said,)
    raise Hopeless


def _affordable(places: list[int], tokens: list[Token]) -> list[int]:
    """All the places, where they can all be tried; to try some would not tell which is meant."""
    if len(places) * len(tokens) > _MOST_TRIED:
        raise Hopeless
    return places


def signs(tokens: list[Token]) -> list[Token]:
    """Minus signs that negate a formula, told from those of arithmetic."""
    out: list[Token] = []
    for kind, word in tokens:
        before = out[-1][0] if out else ""
        term = before in ("name", "close", "order", "equal", "unequal", "comma", "plus", "star")
        if before == "open":
            term = len(out) > 1 and out[-2][0] == "name"
        out.append(("not", word) if kind == "minus" and not term else (kind, word))
    return out


def write(tokens: list[Token], notation: str) -> str:
    words: list[str] = []
    spelled = _SPELLED[notation]
    before = ""
    for kind, word in tokens:
        match kind:
            case "all" | "exists":
                if notation == "nltk":
                    words.append(f"{kind} {word}. ")
                else:
                    words.append(f"{'∀' if kind == 'all' else '∃'}{word} ")
            case "open":
                words.append("(" if before == "name" else " (")
            case "close":
                words.append(")")
            case "minus":
                words.append(" - ")
            case "truth" if notation == "nltk":
                words.append(" True" if word == "⊤" else " False")
            case "order":
                words.append({"=<": " <= "}.get(word, f" {word} "))
            case "name":
                words.append(f" {word}")
            case "truth":
                words.append(f" {word}")
            case _ if kind in spelled or kind in _PLAIN:
                words.append(f" {spelled.get(kind) or _PLAIN[kind]} ")
            case _:
                raise Hopeless
        before = kind
    return "".join(words)


def closing(tokens: Sequence[Token], at: int) -> int:
    """Where the bracket that opens at ``at`` closes."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i][0] == "open") - (tokens[i][0] == "close")
        if depth == 0:
            return i
    raise Hopeless


def split(tokens: Sequence[Token], by: str = "comma") -> list[list[Token]]:
    """The tokens between the separators that stand in no bracket; none of them empty."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token[0] == "open") - (token[0] == "close")
        if token[0] == by and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if not all(parts):
        raise Hopeless
    return parts


def rejoin(parts: Sequence[Sequence[Token]]) -> list[Token]:
    """Arguments with commas between them."""
    return [t for i, part in enumerate(parts) for t in ([("comma", ",")] if i else []) + list(part)]
