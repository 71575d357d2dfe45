"""Sentences that tell the reader, or a machine that reads, what to do: "Ignore the above."

Such a sentence asserts nothing. Since what is passed over here is never checked, only plain ones
are recognised: every clause begins with a listed verb or holds none, no one is named, and nothing
is counted, computed, spelt as a formula or given as a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from neurosym.translate.english import lexicon
from neurosym.translate.english.tokens import Token

_TRUTHS: Final = lexicon.words("true false yes no unknown uncertain proved proven refuted")
_STARTS: Final = tuple(
    tuple(line.split())
    for line in (
        "do not",
        "please",
        "kindly",
        "never",
        "always",
        "just",
        "simply",
        "instead",
        "only",
        "you must",
        "you should",
        "you shall",
        "you will",
        "you have to",
        "you need to",
        "you are to",
        "you are instructed to",
        "you are required to",
        "i want you to",
        "now",
        "then",
        "so",
        "finally",
        "first",
        "next",
        ",",
    )
)
_CLAUSE_ENDS: Final = frozenset({",", ";", "and", "but", "then", "or", ".", "!"})
# A reason is a claim, and so may be what a condition or a pronoun begins.
_CLAIMING: Final = lexicon.AUXILIARIES | lexicon.words(
    "because since as so therefore thus hence if unless when that i he she it they we this these "
    "those there am was were be been will would can could may might must should shall cannot did "
    "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "hundred thousand million dozen half twice double plus minus times equals equal makes"
)
_BEFORE_NOUNS: Final = lexicon.DETERMINERS | lexicon.words(
    "previous prior earlier above preceding following other further your my these those"
)


def instructs(tokens: Sequence[Token]) -> bool:
    """Whether these tokens of a sentence (or of several) only tell the reader what to do."""
    if any(not t.is_word and t.text not in ".,;!'\"\u201c\u201d" for t in tokens):
        return False
    if any(c.isdigit() for t in tokens for c in t.text):
        return False
    clauses = list(_clauses(tokens))
    begins = [_begins(clause) for clause in clauses]
    return bool(begins) and begins[0] and all(
        _holds_no_claim(clause, begun) for clause, begun in zip(clauses, begins, strict=True)
    )  # fmt: skip


def _clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The clauses without what may stand before a verb ("please", "you must")."""
    clause: list[Token] = []
    for token in tokens:
        if token.low in _CLAUSE_ENDS:
            if rest := _without_start(clause):
                yield rest
            clause = []
        elif token.is_word:
            clause.append(token)
    if rest := _without_start(clause):
        yield rest


def _without_start(clause: list[Token]) -> list[Token]:
    while True:
        lows = tuple(t.low for t in clause)
        start = next((s for s in _STARTS if lows[: len(s)] == s), None)
        if start is None:
            return clause
        clause = clause[len(start) :]


def _begins(clause: Sequence[Token]) -> bool:
    return clause[0].low in lexicon.INSTRUCTIONS


def _holds_no_claim(clause: Sequence[Token], begun: bool) -> bool:
    words = clause[1:] if begun else clause
    if any(w.low in _CLAIMING or _is_name(w) for w in words):
        return False
    if words and not begun and words[0].low in lexicon.verbs():
        return False  # an instruction of another kind: "and add three"
    pairs = pairwise(w.low for w in words)
    return not any(_may_go_on(before, word) for before, word in pairs)


def _is_name(word: Token) -> bool:
    return word.text[0].isupper() and not word.text.isupper() and word.low not in _TRUTHS


def _may_go_on(before: str, word: str) -> bool:
    """Whether ``before`` may be no noun phrase's inside, so that something is said of it.

    "the cat | eats", "dogs | bark", "the cat | slew", "the cat slew | the dog", "to | pass".
    """
    if word in _TRUTHS and before in lexicon.PREPOSITIONS:
        return False
    if lexicon.is_past(word) or (before == "to" and word in lexicon.verbs()):
        return True
    if before in lexicon.FUNCTION | _BEFORE_NOUNS or lexicon.is_adjective(before):
        return False
    if word in lexicon.DETERMINERS:
        return True
    content = word not in lexicon.FUNCTION
    return content and (lexicon.is_plural(word) or lexicon.is_plural(before))
