"""Final answers: where a solution states one, and whether two of them are the same.

Plain numbers are compared exactly here; only what is no number goes to ``math-verify`` (extra
``latex``), which is imported when first needed.
"""

from __future__ import annotations

import re
import threading
from fractions import Fraction
from typing import Final

MAX_TEXT: Final = 100_000
MAX_ANSWER: Final = 500
_HASHES: Final = re.compile(r"^[ \t]*####[ \t]*([^\n]{1,300})$", re.MULTILINE)
_LABELLED: Final = re.compile(
    r"^[ \t*_#]{0,8}(?:Final[ \t]+answer|The[ \t]+answer|Answer|A)[ \t]*\*{0,2}[ \t]*[:=]"
    r"[ \t*_]{0,6}([^\n]{1,300})$",
    re.MULTILINE | re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"\b(?:final[ \t]+)?answer[ \t]+(?:is|equals|=|would be|must be)[ \t]*:?[ \t]*([^\n]{1,300})",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"[ \t]*(-|−)?[ \t]*[$£€]?[ \t]*(-|−)?(\d{1,3}(?:,\d{3})+(?!\d)|\d{1,60})?(\.\d{1,60})?"
    r"(?:[ \t]*/[ \t]*(\d{1,60}))?[ \t]*(\\?%)?[ \t]*"
)
_FRACTION: Final = re.compile(r"(-)?\s*\\[dt]?frac\{(-?\d{1,60})\}\{(-?\d{1,60})\}\s*")
_MIXED: Final = re.compile(r"\s*(-)?(\d{1,30})\s+(\d{1,30})/(\d{1,30})\s*")
# powers, factorials, sums and integrals that sympy could work on for hours
_HEAVY: Final = re.compile(r"\d{9,}|\^\s*\{?\s*\d{3,}|\^.{0,10}\^|!|\\(?:sum|prod|int|lim)")
_SECONDS: Final = 3
_UNIT: Final = re.compile(
    r"(?:\\?\s|\\[,;!])*(?:\\(?:text|mbox|textrm|mathrm)\{[^{}]{0,60}\}|\^?\\circ|\^\{\\circ\}|"
    r"[A-Za-z][A-Za-z .²³/-]{0,60})\s*$"
)


def extract(text: str) -> str | None:
    """The final answer that a solution states, without its markup; None where there is none.

    Read, first to last choice, the last of each: ``\\boxed{...}``, ``#### 72``,
    ``Answer: 18`` and ``A: 18`` on a line of their own, ``The answer is 72.``
    """
    text = text[-MAX_TEXT:]
    boxed = _boxed(text)
    if boxed is not None:
        return _clean(boxed)
    for pattern in (_HASHES, _LABELLED):
        found = pattern.findall(text)
        if found:
            return _clean(found[-1])
    found = _SENTENCE.findall(text)
    if not found:
        return None
    piece = re.split(r"(?<!\d)\.(?:\s|$)|\.\s|\.$", found[-1], maxsplit=1)[0]
    return _clean(piece)


def _boxed(text: str) -> str | None:
    """The contents of the last ``\\boxed{...}``, with balanced braces."""
    at = max(text.rfind("\\boxed{"), text.rfind("\\fbox{"))
    if at < 0:
        return None
    start = text.index("{", at) + 1
    level = 1
    for end in range(start, min(len(text), start + MAX_ANSWER)):
        if text[end] == "{":
            level += 1
        elif text[end] == "}":
            level -= 1
            if level == 0:
                return text[start:end]
    return None


def _clean(answer: str) -> str | None:
    answer = answer.strip().strip("*_` \t")
    if answer.endswith("."):
        answer = answer[:-1].rstrip()
    for mark in ("$$", "$"):
        if len(answer) > 2 * len(mark) and answer.startswith(mark) and answer.endswith(mark):
            answer = answer[len(mark) : -len(mark)].strip()
    return answer or None


def number(answer: str) -> Fraction | None:
    """The exact value of an answer that is one number (price, percentage, fraction, mixed)."""
    if len(answer) > MAX_ANSWER:
        return None
    text = answer.strip().replace("\\$", "$").replace("\\!", "").replace("{,}", ",")
    text = text.removeprefix("\\text{").removesuffix("}") if text.startswith("\\text{") else text
    if text.startswith("$") and text.endswith("$") and len(text) > 2:
        text = text[1:-1]
    if match := _FRACTION.fullmatch(text):
        sign, top, bottom = match.groups()
        if int(bottom) == 0:
            return None
        value = Fraction(int(top), int(bottom))
        return -value if sign else value
    if match := _MIXED.fullmatch(text):
        sign, whole, top, bottom = match.groups()
        if int(bottom) == 0 or int(top) >= int(bottom):
            return None
        value = int(whole) + Fraction(int(top), int(bottom))
        return -value if sign else value
    match = _NUMBER.fullmatch(text)
    if match is None or not (match.group(3) or match.group(4)):
        return None
    minus, inner, whole, decimals, bottom, percent = match.groups()
    value = Fraction((whole or "0").replace(",", "") + (decimals or ""))
    if bottom is not None:
        if int(bottom) == 0:
            return None
        value /= int(bottom)
    if percent:
        value /= 100
    return -value if bool(minus) != bool(inner) else value


def _measured(answer: str) -> Fraction | None:
    """A number, where only words (a unit) come after it."""
    exact = number(answer)
    if exact is not None:
        return exact
    match = _UNIT.search(answer)
    return number(answer[: match.start()]) if match and match.start() else None


def equivalent(a: str, b: str) -> bool | None:
    """Are two answers the same? None where it cannot be told.

    Numbers are compared exactly; ``20%`` equals ``0.2`` and also ``20``, since answers are
    asked for "in percent". Other answers go to ``math-verify``; without it (extra ``latex``),
    or for long answers, only equal text is equal.
    """
    a, b = a.strip(), b.strip()
    if a == b:
        return True if a else None
    if len(a) > MAX_ANSWER or len(b) > MAX_ANSWER:
        return None
    one, two = _measured(a), _measured(b)
    if one is not None and two is not None:
        if one == two:
            return True
        if ("%" in a) != ("%" in b):
            return one * 100 == two if "%" in a else two * 100 == one
        return False
    return _verified(a, b)


def _verified(a: str, b: str) -> bool | None:
    """By ``math-verify``, which works with sympy; short and tame expressions only."""
    if len(a) + len(b) > 400 or _HEAVY.search(a) or _HEAVY.search(b):
        return None
    try:
        from math_verify import parse, verify
    except ImportError:
        return None
    # math-verify keeps time by a signal, which only the main thread may set
    main = threading.current_thread() is threading.main_thread()
    seconds = _SECONDS if main else None
    try:
        one = parse(f"${a}$", parsing_timeout=seconds)
        two = parse(f"${b}$", parsing_timeout=seconds)
        if not one or not two:
            return None
        return bool(verify(one, two, timeout_seconds=seconds))
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
        return None
