"""Words and punctuation of a sentence, and where sentences end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_CONTRACTIONS: Final = {
    "isn't": ("is", "not"),
    "aren't": ("are", "not"),
    "doesn't": ("does", "not"),
    "don't": ("do", "not"),
    "hasn't": ("has", "not"),
    "haven't": ("have", "not"),
    "it's": ("it", "is"),
    "he's": ("he", "is"),
    "she's": ("she", "is"),
    "they're": ("they", "are"),
    "there's": ("there", "is"),
    "let's": ("let", "us"),
}
_ABBREVIATIONS: Final = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "vs", "e.g"})
_JOINERS: Final = "'-"


@dataclass(frozen=True, slots=True)
class Token:
    """A word or one character of punctuation; ``word`` counts the words of the text from 1."""

    text: str
    low: str
    word: int
    is_word: bool


def tokenize(text: str) -> tuple[Token, ...]:
    """Words (letters and digits, with inner apostrophes and hyphens) and single other characters.

    Contractions of "not" and "is" become two tokens with the same word number.
    """
    text = text.replace("\u2019", "'").replace("\u2018", "'")
    tokens: list[Token] = []
    position, count, size = 0, 0, len(text)
    while position < size:
        char = text[position]
        if char.isspace():
            position += 1
            continue
        start = position
        while position < size and (
            text[position].isalnum()
            or (
                text[position] in _JOINERS
                and position > start
                and position + 1 < size
                and text[position + 1].isalnum()
            )
        ):
            position += 1
        if position == start:
            tokens.append(Token(char, char, count + 1, False))
            position += 1
            continue
        count += 1
        word = text[start:position]
        parts = _CONTRACTIONS.get(word.lower())
        if parts is None:
            tokens.append(Token(word, word.lower(), count, True))
        else:
            tokens.extend(Token(part, part, count, True) for part in parts)
    return tuple(tokens)


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of ``text``, in order, without surrounding blanks.

    A sentence ends at ``.``, ``!`` or ``?`` (with closing quotes or brackets) before a blank or
    the end, and at the end of a line. The dot of an initial ("J. Smith"), of a title ("Dr. Lee"),
    of a list number ("2. Bob") or inside a number ends nothing.
    """
    found: list[str] = []
    for line in text.splitlines():
        start, seen, size = 0, 0, len(line)
        for position, char in enumerate(line):
            if char not in ".!?" or position < seen:
                continue
            end = position + 1
            while end < size and line[end] in ".!?\"')]\u201d\u2019":
                end += 1
            seen = end
            if end < size and not line[end].isspace():
                continue
            if char == "." and end < size and _is_abbreviation(line, start, position):
                continue
            if piece := line[start:end].strip():
                found.append(piece)
            start = end
        if piece := line[start:].strip():
            found.append(piece)
    return tuple(found)


def _is_abbreviation(line: str, start: int, dot: int) -> bool:
    begin = dot
    while begin > start and dot - begin < 8 and not line[begin - 1].isspace():
        begin -= 1
    word = line[begin:dot]
    initial = len(word) == 1 and word.isupper() and word not in "I"
    number = word.isdigit() and not line[start:begin].strip()
    return initial or number or word.lower() in _ABBREVIATIONS
