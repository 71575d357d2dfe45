"""The text of one formula as a language model wrote it, brought into a notation's spelling.

Labels, markdown and comments go, lookalikes and mixed symbols become the notation's own, and
brackets are balanced where only one formula can be meant. What the text says stays; every change
is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from neurosym.translate.repair.base import Kind, Repair
from neurosym.translate.repair.rewriting import Rewriter
from neurosym.translate.repair.tokens import (
    WORDS,
    Hopeless,
    Token,
    balancings,
    ellipsis,
    lex,
    quantifier_forms,
    signs,
    write,
)
from provers.errors import InputError
from provers.logic.formats import parse
from provers.logic.syntax import Formula, Pred, free_variables, walk

LONGEST: Final = 4_000
_BEYOND_NLTK: Final = frozenset({"order", "xor", "plus", "minus", "star"})

_LATEX: Final = {
    "forall": "∀",
    "exists": "∃",
    "nexists": "∄",
    "land": "∧",
    "wedge": "∧",
    "lor": "∨",
    "vee": "∨",
    "lnot": "¬",
    "neg": "¬",
    "rightarrow": "→",
    "Rightarrow": "→",
    "to": "→",
    "implies": "→",
    "leftrightarrow": "↔",
    "Leftrightarrow": "↔",
    "iff": "↔",
    "oplus": "⊕",
    "neq": "≠",
    "ne": "≠",
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "in": "∈",
    "notin": "∉",
    "top": "⊤",
    "bot": "⊥",
}
_LATEX_WORD: Final = re.compile(r"\\([A-Za-z]+)")
_LATEX_STYLE: Final = re.compile(r"\\(?:text|mathrm|mathit|mathsf|operatorname|textit)\{([^{}]*)\}")
_LATEX_SPACE: Final = re.compile(r"\\[,;:! ]|\\(?:left|right|quad|qquad)(?![A-Za-z])|\\[()\[\]]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_LETTERS: Final = str.maketrans(
    "АВЕКМНОРСТУХасеорхуіΑΒΕΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaceopxyiABEHIKMNOPTYXo"
)
_MIXED_WORD: Final = re.compile(r"\w*[A-Za-z]\w*")
_MARKS: Final = str.maketrans(
    "（）［］｛｝，．：；＝＜＞＆｜～！＾∣⋀⋁⋂⋃␣", "()[]{},.:;=<>&|~!^|∧∨∧∨ "
)

_FENCE: Final = re.compile(r"```\w*")
_WRAPPERS: Final = ("**", "__", "$$", "$", "``", "`", '"', "'")
_BULLET: Final = re.compile(r"\s*(?:[*•–·]\s+|\(?\d{1,3}[.)]\s+)(?=\S)")
_LABEL: Final = re.compile(
    r"\s*(?:\w+\s+)?(?:fol|first[- ]order logic|formula|formali[sz]ation|logic|translation|premise|"
    r"hypothesis|assumption|axiom|fact|rule|conclusion|goal|claim|statement|query|answer|step)s?"
    r"\s*\(?\d*\)?\s*(?:is|in nltk|in unicode)?\s*:(?!:)\s*",
    re.IGNORECASE,
)
_INTRODUCTION: Final = re.compile(r"\s*[A-Z][a-z]+(?:[ ,]{1,2}[\w'’-]+){2,12}\s*:\s+(?=\S)")
_COMMENT: Final = re.compile(r"(?::::|//|(?<=[)\s])[#%]\s|(?<=\s)--\s).*$", re.DOTALL)
# What is said around a formula may turn it round, and is then not left out.
_SAYS_SOMETHING: Final = re.compile(
    r"\b(?:(?:for)?all|exists?|some|no|not|never|false|neither|nor|unless|if|when|only|except|"
    r"without|negat\w*|den(?:y|ies|ied|ial)|opposite|contrary|converse|wrong|incorrect|untrue|"
    r"untruth)\b|n['’]t\b",
    re.IGNORECASE,
)


def respell(text: str, notation: str) -> tuple[Formula, tuple[Repair, ...]]:
    """The formula that ``text`` spells, more or less, in ``notation`` (``nltk``, ``unicode``).

    Raises:
        InputError: no single formula can be meant; what the reader said of the text as it is.
    """
    if len(text) > LONGEST:
        raise InputError(f"a formula of {len(text)} characters: the limit is {LONGEST}")
    first: InputError | None = None
    try:
        formula = parse(text, notation)
        if text.isascii() or text == _lookalikes(text):
            if not any(_is_connective(sub) for sub in walk(formula)):
                return formula, ()
            first = InputError("a connective is written as a predicate, in a way not understood")
    except InputError as error:
        first = error
    for cleaned, cleaning in _cleanings(text):
        try:
            formula = parse(cleaned, notation)
            if not any(_is_connective(sub) for sub in walk(formula)):
                return formula, cleaning
        except InputError:
            pass
        try:
            formula, repairs = _read_tokens(cleaned, notation)
        except Hopeless:
            continue
        return formula, (*cleaning, *repairs)
    raise first or InputError("unreadable characters")


def _is_connective(formula: Formula) -> bool:
    return isinstance(formula, Pred) and len(formula.args) > 1 and formula.name.lower() in WORDS


# --- what stands around the formula -----------------------------------------------------------


def _cleanings(text: str) -> Iterator[tuple[str, tuple[Repair, ...]]]:
    """The text cleaned, then each of its lines, where only one of them looks like a formula."""
    cleaned, repairs = _clean(text)
    yield cleaned, repairs
    lines = [line for line in text.splitlines() if line.strip()]
    likely = [line for line in lines if re.search(r"\w\(|[∀∃∧∨→↔]|->", line)]
    around = " ".join(line for line in lines if line not in likely)
    if len(lines) > 1 and len(likely) == 1 and not _SAYS_SOMETHING.search(around):
        inner, more = _clean(likely[0])
        yield inner, (Repair("text", "left out the lines around the formula"), *more)


def _clean(text: str) -> tuple[str, tuple[Repair, ...]]:
    repairs: list[Repair] = []

    def change(new: str, kind: Kind, message: str) -> str:
        if new.strip() != text:
            repairs.append(Repair(kind, message))
        return new.strip()

    text = text.strip()
    text = change(_FENCE.sub("", text), "text", "removed the code fence")
    text = change(_unwrapped(text), "text", "removed the marks around the formula")
    text = change(_latex(text), "symbols", "read LaTeX commands as symbols")
    text = change(_lookalikes(text), "symbols", "read lookalike characters as the usual ones")
    for pattern, what in (
        (_BULLET, "list mark"),
        (_LABEL, "label"),
        (_INTRODUCTION, "introduction"),
    ):
        found = pattern.match(text)
        if found and not _SAYS_SOMETHING.search(found[0]):
            said = f"removed the {what} {found[0].strip()[:40]!r}"
            text = change(text[found.end() :], "text", said)
    found = _COMMENT.search(text)
    if found and found.start() > 0:
        said = f"removed the comment {found[0].strip()[:40]!r}"
        text = change(text[: found.start()], "text", said)
    text = change(_unwrapped(text), "text", "removed the marks around the formula")
    if not text.endswith("..."):
        text = change(text.rstrip(" \t\n.;,"), "text", "removed the punctuation after the formula")
    return text, tuple(repairs)


def _unwrapped(text: str) -> str:
    for mark in _WRAPPERS:
        inside = text[len(mark) : -len(mark)]
        if text.startswith(mark) and text.endswith(mark) and inside and mark not in inside:
            text = inside.strip()
    return text


def _latex(text: str) -> str:
    if "\\" not in text:
        return text
    text = _LATEX_SPACE.sub(" ", _LATEX_STYLE.sub(r"\1", text))
    return _LATEX_WORD.sub(lambda m: f" {_LATEX[m[1]]} " if m[1] in _LATEX else m[0], text)


def _lookalikes(text: str) -> str:
    """Full-width marks, invisible characters, and foreign letters in words of Latin ones."""
    text = _INVISIBLE.sub("", text.translate(_MARKS))
    return _MIXED_WORD.sub(lambda m: m[0].translate(_LETTERS), text)


# --- the formula's own tokens -------------------------------------------------------------------


def _read_tokens(text: str, notation: str) -> tuple[Formula, tuple[Repair, ...]]:
    text, heads = quantifier_forms(text)
    tokens, repairs = ellipsis(lex(text))
    repairs = (*heads, *repairs)
    found: list[tuple[Formula, tuple[Repair, ...]]] = []
    spread: list[tuple[int, tuple[Formula, tuple[Repair, ...]]]] = []
    balanced, said = balancings(tokens)
    for candidate in balanced:
        try:
            formula, more = _reading(candidate, notation, strict=bool(said))
        except Hopeless:
            continue
        if all(formula != other for other, _ in found):
            found.append((formula, (*repairs, *said, *more)))
            spread.append((len(free_variables(formula)), found[-1]))
    if not found:
        raise Hopeless
    # A bracket that leaves a variable loose was not meant there.
    fewest = min(free for free, _ in spread)
    best = [reading for free, reading in spread if free == fewest]
    if len(best) > 1:
        raise Hopeless
    return best[0]


def _reading(
    tokens: list[Token], notation: str, strict: bool
) -> tuple[Formula, tuple[Repair, ...]]:
    """The formula of balanced tokens, in ``notation`` or, where it has no words for it, unicode.

    ``strict``: brackets were moved, so a formula in an argument's place tells they were not
    moved rightly.
    """
    said: dict[Repair, None] = {}
    tokens = Rewriter(said, strict).formula(signs(tokens))
    beyond = notation == "nltk" and any(kind in _BEYOND_NLTK for kind, _ in tokens)
    ways = ["unicode"] if beyond or notation == "unicode" else ["nltk", "unicode"]
    for way in ways:
        if _chained(tokens) and notation != way:
            break  # two notations group a -> b -> c in two ways
        try:
            formula = parse(write(tokens, way), way)
        except InputError:
            continue
        if way != notation:
            said[Repair("symbols", f"read as {way}, since {notation} cannot say it")] = None
        elif not said:
            said[Repair("symbols", f"wrote the symbols as {notation} has them")] = None
        return formula, tuple(said)
    raise Hopeless


def _chained(tokens: list[Token]) -> bool:
    """Whether two arrows stand in a row at one level."""
    arrows = [0]
    for kind, _ in tokens:
        if kind == "open":
            arrows.append(0)
        elif kind == "close" and len(arrows) > 1:
            arrows.pop()
        arrows[-1] += kind == "implies"
        if arrows[-1] > 1:
            return True
    return False
