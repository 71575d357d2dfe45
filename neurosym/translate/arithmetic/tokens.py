"""Text to tokens: numerals, operators, relations, words, single letters; linear in the text.

A letter is only a candidate for a variable here. Whether it is one is decided by its
neighbours in ``expressions``: ``5 m`` has a unit, ``m + 5`` a variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction
from typing import Final

from neurosym.translate.arithmetic.latex import MATH_OPEN, UNREAD
from neurosym.translate.english.lexicon import words


class Kind(Enum):
    NUMBER = auto()
    PERCENT = auto()
    CURRENCY = auto()
    WORD = auto()
    LETTER = auto()
    OPERATOR = auto()  # + - * / ^
    RELATION = auto()  # = ≈ < > <= >= !=
    OPEN = auto()
    CLOSE = auto()
    FACTORIAL = auto()
    ROOT = auto()
    BREAK = auto()
    BAD = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is normalised for operators and relations; ``glued``: no space before it.

    ``value`` is a numeral's exact value and ``decimals`` how many digits it shows after the
    point (-1 for a mixed number or a vulgar fraction, which shows no decimal precision).
    ``math``: it stood between math delimiters, where every letter is a variable.
    """

    kind: Kind
    text: str
    start: int
    end: int
    glued: bool
    math: bool = False
    value: Fraction = Fraction(0)
    decimals: int = 0


_VULGAR: Final = {
    "½": Fraction(1, 2),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "⅕": Fraction(1, 5),
    "⅖": Fraction(2, 5),
    "⅗": Fraction(3, 5),
    "⅘": Fraction(4, 5),
    "⅙": Fraction(1, 6),
    "⅚": Fraction(5, 6),
    "⅛": Fraction(1, 8),
    "⅜": Fraction(3, 8),
    "⅝": Fraction(5, 8),
    "⅞": Fraction(7, 8),
}
_OPERATORS: Final = dict.fromkeys("-−–‒‐‑", "-") | dict.fromkeys("*×✕✖·∙⋅•∗", "*")
_OPERATORS_ALL: Final = _OPERATORS | {"+": "+", "/": "/", "÷": "/", "∕": "/", "⁄": "/", "^": "^"}
_RELATIONS: Final = {
    "=": "=",
    "==": "=",
    "≈": "≈",
    "≃": "≈",
    "≅": "≈",
    "~=": "≈",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
    "≤": "<=",
    "≥": ">=",
    "⩽": "<=",
    "⩾": ">=",
    "!=": "!=",
    "≠": "!=",
    ":=": ":=",
}
_SUPERSCRIPT: Final = {"²": 2, "³": 3, "⁴": 4}

# \x02 and \x03 are latex.MATH_OPEN and MATH_CLOSE, \x04 is UNREAD
_PATTERN: Final = r"""
      (?P<space>[ \t\r\f\v\u00a0\u202f\u2009]+)
    | (?P<unread>\x04[^\x04]{0,40}\x04)
    | (?P<mode>[\x02\x03])
    | (?P<clock>\d{1,9}(?::\d{1,9})+)
    | (?P<ordinal>\d{1,9}(?:st|nd|rd|th)\b)
    | (?P<mixed>\d{1,6}[ ]\d{1,3}/\d{1,3}(?![\d/.,]*\d))
    | (?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d]|,\d))
    | (?P<odd>\d+(?:,\d+)+(?:\.\d+)?)
    | (?P<dotted>\d+(?:\.\d+){2,})
    | (?P<decimal>\d*\.\d+)
    | (?P<integer>\d+)
    | (?P<vulgar>[½¼¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])
    | (?P<power>[²³⁴])
    | (?P<arrow>=>|-{1,2}>|<-{1,2}|<=>|[→⇒⟹⇔↔⟶]|—|-{2,})
    | (?P<ellipsis>\.{2,}|…)
    | (?P<relation>==|<=|>=|!=|~=|:=|[=≈≃≅<>≤≥⩽⩾≠])
    | (?P<root>√)
    | (?P<word>[^\W\d_]{2,}(?:['’][^\W\d_]{1,3})?(?:-[^\W\d_]{2,})*\.?(?<=\.)(?=[ ]?[a-z=(<])
             |[^\W\d_]{2,}(?:['’][^\W\d_]{1,3})?(?:-[^\W\d_]{2,})*)
    | (?P<letter>[^\W\d_])(?:_(?P<sub>[A-Za-z0-9]{1,8}))?
    | (?P<starstar>\*\*)
    | (?P<operator>[-−–‒‐‑*×✕✖·∙⋅•∗+/÷∕⁄^])
    | (?P<percent>[%٪])
    | (?P<currency>[$£€¥₹])
    | (?P<cents>[¢])
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<newline>\n+)
    | (?P<break>[.,;:?!])
    | (?P<quote>["“”'‘’′″`])
    | (?P<other>.)
    """
_TOKEN: Final = re.compile(_PATTERN, re.VERBOSE | re.DOTALL)
# "ft. =" and the like: a full stop after a short unit word is no end of a sentence.
_ABBREVIATIONS: Final = words(
    "ft in sq lb lbs oz hr hrs min mins sec secs yd yds mi cu mr mrs ms dr st vs approx"
)


def tokenize(text: str) -> list[Token]:
    """Tokens of normalised text (see ``latex.plain``); never raises."""
    tokens: list[Token] = []
    glued = False
    math = False
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        if group == "sub":
            group = "letter"
        piece = match.group()
        start, end = match.span()
        if group == "space":
            glued = False
            continue
        if group == "mode":
            math = piece == MATH_OPEN
            glued = False
            continue
        if group == "word" and math:
            # between math delimiters letters stand for themselves: "xz-xy" is a difference
            tokens += [
                Token(
                    Kind.OPERATOR if letter == "-" else Kind.LETTER,
                    letter,
                    start + k,
                    start + k + 1,
                    glued or k > 0,
                    True,
                )
                for k, letter in enumerate(piece)
                if letter.isalpha() or letter == "-"
            ]
            if piece.endswith("."):
                tokens.append(Token(Kind.BREAK, ".", end - 1, end, True, True))
            glued = True
            continue
        for token in _read(str(group), piece, text, start, end, glued, tokens):
            tokens.append(replace(token, math=True) if math else token)
        glued = group not in ("newline",)
    return _times(tokens)


def _read(
    group: str, piece: str, text: str, start: int, end: int, glued: bool, before: list[Token]
) -> list[Token]:
    def one(
        kind: Kind, normal: str = piece, value: Fraction = Fraction(0), places: int = 0
    ) -> list[Token]:
        return [Token(kind, normal, start, end, glued, False, value, places)]

    match group:
        case "integer":
            # 0900 is a clock time or a code
            if len(piece) > 60 or (piece[0] == "0" and len(piece) > 1):
                return one(Kind.BAD)
            return one(Kind.NUMBER, value=Fraction(int(piece)))
        case "grouped" | "decimal":
            digits = piece.replace(",", "")
            if len(digits) > 60:
                return one(Kind.BAD)
            places = len(digits.partition(".")[2])
            return one(Kind.NUMBER, value=Fraction(digits), places=places)
        case "mixed":
            return _mixed(piece, start, end, glued)
        case "vulgar":
            if before and before[-1].kind is Kind.NUMBER and before[-1].end >= start - 1:
                whole = before.pop()
                return [
                    Token(
                        Kind.NUMBER,
                        whole.text + piece,
                        whole.start,
                        end,
                        whole.glued,
                        False,
                        whole.value + _VULGAR[piece],
                        -1,
                    )
                ]
            return one(Kind.NUMBER, value=_VULGAR[piece], places=-1)
        case "relation":
            if piece == "!=" and glued and before and before[-1].kind in (Kind.NUMBER, Kind.CLOSE):
                # "5!=120": a factorial
                return [
                    Token(Kind.FACTORIAL, "!", start, start + 1, True),
                    Token(Kind.RELATION, "=", start + 1, end, True),
                ]
            return one(Kind.RELATION, _RELATIONS[piece])
        case "word":
            if piece.endswith("."):
                if piece[:-1].lower() in _ABBREVIATIONS:
                    return one(Kind.WORD, piece[:-1])
                return [
                    Token(Kind.WORD, piece[:-1], start, end - 1, glued),
                    Token(Kind.BREAK, ".", end - 1, end, True),
                ]
            return one(Kind.WORD)
        case "letter":
            return one(Kind.LETTER)
        case "ordinal" | "cents":
            return one(Kind.WORD, "cents" if piece == "¢" else piece)
        case "power":
            exponent = Fraction(_SUPERSCRIPT[piece])
            return [
                Token(Kind.OPERATOR, "^", start, start, True),
                Token(Kind.NUMBER, str(exponent), start, end, True, False, exponent),
            ]
        case "starstar":
            inside = start > 0 and end < len(text) and glued
            if inside and text[start - 1] in "0123456789)" and text[end] in "0123456789(":
                return one(Kind.OPERATOR, "^")
            return []
        case "operator":
            return one(Kind.OPERATOR, _OPERATORS_ALL[piece])
        case "percent":
            return one(Kind.PERCENT)
        case "currency":
            return one(Kind.CURRENCY)
        case "root":
            return one(Kind.ROOT)
        case "open":
            return one(Kind.OPEN)
        case "close":
            return one(Kind.CLOSE)
        case "newline":
            following = text[end : end + 20].lstrip()
            return [] if following[:1] in ("=", "≈") else one(Kind.BREAK)
        case "break":
            if piece == "!" and before and before[-1].kind is Kind.NUMBER and glued:
                following = text[end : end + 10].lstrip()
                if following[:1] and following[:1] in "=+-*/)×÷<>≈,.;":
                    return one(Kind.FACTORIAL)
            return one(Kind.BREAK)
        case "arrow":
            return one(Kind.BREAK)
        case "quote":
            # x' is not x
            primed = glued and before and before[-1].kind is Kind.LETTER and piece in "'’′"
            return one(Kind.BAD) if primed else []
        case _:  # unread, clock, odd, dotted, ellipsis, other
            return one(Kind.BAD, piece.strip(UNREAD))


def _mixed(piece: str, start: int, end: int, glued: bool) -> list[Token]:
    """``2 1/2`` is one numeral; ``2 3/2`` is not, and stays three."""
    whole, _, fraction = piece.partition(" ")
    top, _, bottom = fraction.partition("/")
    if 0 < int(top) < int(bottom):
        value = Fraction(int(whole)) + Fraction(int(top), int(bottom))
        return [Token(Kind.NUMBER, piece, start, end, glued, False, value, -1)]
    middle = start + len(whole) + 1
    slash = middle + len(top)
    return [
        Token(Kind.NUMBER, whole, start, start + len(whole), glued, False, Fraction(int(whole))),
        Token(Kind.NUMBER, top, middle, slash, False, False, Fraction(int(top))),
        Token(Kind.OPERATOR, "/", slash, slash + 1, True),
        Token(Kind.NUMBER, bottom, slash + 1, end, True, False, Fraction(int(bottom))),
    ]


def _times(tokens: list[Token]) -> list[Token]:
    """Decide for every ``x`` between two operands whether it is a multiplication sign."""
    names = {
        t.text
        for i, t in enumerate(tokens)
        if t.kind is Kind.LETTER and t.text in "xX" and _stands_alone(tokens, i)
    }
    out = list(tokens)
    for i, token in enumerate(tokens):
        if token.kind is not Kind.LETTER or token.text not in ("x", "X") or token.math:
            continue
        if 0 < i < len(tokens) - 1 and _is_times(out[i - 1], token, tokens[i + 1], names):
            out[i] = replace(token, kind=Kind.OPERATOR, text="*")
    return out


def _stands_alone(tokens: list[Token], i: int) -> bool:
    """An operator or relation on one side and nothing that could be multiplied on the other."""
    edges = (Kind.OPERATOR, Kind.RELATION, Kind.OPEN, Kind.BREAK)
    before = i == 0 or tokens[i - 1].kind in edges
    after = i + 1 == len(tokens) or tokens[i + 1].kind in (*edges, Kind.CLOSE)
    return before and after


def _is_times(before: Token, token: Token, after: Token, names: set[str]) -> bool:
    spaced = not token.glued and not after.glued
    if before.text == "0" and token.glued and after.glued:
        return False  # 0x10
    if after.kind in (Kind.NUMBER, Kind.CURRENCY):
        return before.kind in (
            Kind.NUMBER,
            Kind.CLOSE,
            Kind.PERCENT,
            Kind.WORD,
            Kind.LETTER,
            Kind.FACTORIAL,
        )
    if after.kind is Kind.OPEN:
        return before.kind in (Kind.NUMBER, Kind.CLOSE, Kind.PERCENT) and (
            spaced or token.text not in names
        )
    if after.kind is Kind.LETTER:
        return spaced and before.kind in (Kind.NUMBER, Kind.CLOSE, Kind.LETTER)
    return False


def split_products(tokens: list[Token], variables: frozenset[str]) -> list[Token]:
    """``2ab`` is a product where ``a`` and ``b`` are variables of the text."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        after_number = token.glued and i > 0 and tokens[i - 1].kind is Kind.NUMBER
        lone = token.kind is Kind.WORD and len(token.text) == 2 and _stands_alone(tokens, i)
        if (
            token.kind is Kind.WORD
            and len(token.text) <= 4
            and (after_number or lone)
            and all(letter in variables for letter in token.text)
        ):
            out += [
                Token(Kind.LETTER, letter, token.start + k, token.start + k + 1, True, True)
                for k, letter in enumerate(token.text)
            ]
        else:
            out.append(token)
    return out
