"""LaTeX and Markdown made plain, and the way to ``latex2sympy2_extended`` for the rest.

``plain`` rewrites the arithmetic part of LaTeX (fractions, powers, signs, spacing) to plain
notation; what it does not know it marks as unread, so that nothing is dropped silently.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from neurosym.translate.english.lexicon import words
from provers.errors import MissingToolError
from provers.logic.syntax import REAL, Apply, Arith, Number, Term

MATH_OPEN: Final = "\x02"
MATH_CLOSE: Final = "\x03"
UNREAD: Final = "\x04"
_DEEPEST: Final = 12

_COMMANDS: Final = {
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "div": "/",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "lt": "<",
    "gt": ">",
    "ne": "!=",
    "neq": "!=",
    "approx": "≈",
    "simeq": "≈",
    "pi": "π",
    "theta": "θ",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "lambda": "λ",
    "mu": "μ",
    "phi": "φ",
    "rightarrow": " → ",
    "Rightarrow": " → ",
    "implies": " → ",
    "to": " → ",
    "iff": " → ",
    "Longrightarrow": " → ",
    "Leftrightarrow": " → ",
    "quad": " , ",
    "qquad": " , ",
    "left": "",
    "right": "",
    "big": "",
    "Big": "",
    "bigg": "",
    "Bigg": "",
    "bigl": "",
    "bigr": "",
    "displaystyle": "",
    "textstyle": "",
    "limits": "",
    "nonumber": "",
    "noindent": "",
    "therefore": " , ",
    "because": " , ",
    "circ": "",
    "degree": "",
    "item": "\n",
    "newline": "\n",
    "ldots": "…",
    "cdots": "…",
    "dots": "…",
    "dotsb": "…",
}
_SYMBOLS: Final = {
    ",": "",
    ";": " ",
    ":": " ",
    "!": "",
    " ": " ",
    "%": "%",
    "$": "$",
    "#": "#",
    "&": " , ",
    "\\": "\n",
    "(": MATH_OPEN,
    ")": MATH_CLOSE,
    "[": f"\n{MATH_OPEN}",
    "]": f"{MATH_CLOSE}\n",
    "_": " ",
    "-": "",
}
_TEXT_COMMANDS: Final = words(
    "text textrm textbf textit mbox mathrm emph textnormal operatorname hbox"
)
_KEPT_COMMANDS: Final = words("boxed fbox mathbf mathit bm underline")
_MARKUP: Final = re.compile(r"\\begin\{(\w{1,20})\*?\}(?:\{[^{}]{0,20}\})?|\\end\{(\w{1,20})\*?\}")
_ENVIRONMENTS: Final = words(
    "align aligned equation gather gathered multline eqnarray split center itemize enumerate"
)
_ASY: Final = re.compile(r"\[asy\].*?(?:\[/asy\]|\Z)", re.DOTALL)
_BULLET: Final = re.compile(
    r"^[ \t]{0,20}(?:#{1,6}[ \t]+|>[ \t]*|(?:[-*•+]|\d{1,3}[.)])[ \t]+|"
    r"\*{0,2}(?:Step|STEP|step)[ \t]*\d{1,3}\*{0,2}[ \t]*[:.)-]\*{0,2})+",
    re.MULTILINE,
)
_HEADS: Final = "0123456789+-−.,(\\"


def plain(text: str) -> str:
    """The text with Markdown marks gone, math spans marked, and LaTeX arithmetic rewritten."""
    for mark in (MATH_OPEN, MATH_CLOSE, UNREAD):
        text = text.replace(mark, " ")
    text = _BULLET.sub("", text)
    if "\\" in text:
        text = _ASY.sub(" ", text)
        text = _MARKUP.sub(_environment, text)
        text = text.replace("{,}", ",").replace("\\!,\\!", ",").replace(",\\!", ",")
    if "$" not in text and "\\" not in text:
        return text
    pieces: list[str] = []
    at = 0
    for start, end, width in _spans(text):
        pieces.append(_convert(text[at:start], False))
        inner = text[start + width : end - width]
        pieces += [MATH_OPEN, _convert(inner, True), MATH_CLOSE]
        at = end
    pieces.append(_convert(text[at:], False))
    return "".join(pieces)


def _environment(match: re.Match[str]) -> str:
    name = match.group(1) or match.group(2)
    if name in _ENVIRONMENTS:
        return f"\n{MATH_OPEN}" if match.group(1) and name[0] in "aegms" else f"{MATH_CLOSE}\n"
    return f"{UNREAD}\\{name}{UNREAD}"


def _spans(text: str) -> list[tuple[int, int, int]]:
    """Math spans between dollars, by Pandoc's rule, which keeps prices apart.

    The opening dollar has no space after it; the closing one no space before it and no digit
    after it.
    """
    spans: list[tuple[int, int, int]] = []
    marks = list(re.finditer(r"(?<!\\)\$\$?", text))
    i = 0
    while i < len(marks):
        mark = marks[i]
        width = len(mark.group())
        after = text[mark.end() : mark.end() + 1]
        if width == 1 and (not after or after.isspace()):
            i += 1
            continue
        for j in range(i + 1, min(i + 12, len(marks))):
            close = marks[j]
            inner = text[mark.end() : close.start()]
            if len(close.group()) != width or len(inner) > 2000:
                continue
            following = text[close.end() : close.end() + 1]
            tight = bool(inner) and not inner[-1].isspace() and not following.isdigit()
            if width == 2 or tight:
                if width == 1 and _is_price(inner, following):
                    break
                spans.append((mark.start(), close.end(), width))
                i = j
                break
            if width == 1 and "\n" in inner:
                break
        i += 1
    return spans


def _is_price(inner: str, following: str) -> bool:
    """``$5 and 3$``-like accidents: a price, then prose, up to some later dollar."""
    if not inner[0].isdigit() and inner[0] != ".":
        return False
    if "\\" in inner:
        return False
    if following.isalpha():
        return True
    return bool(re.search(r"(?:\s|/|\d-)[A-Za-z]{2,}(?:\s|\Z)|[-+*/=(<>]\Z", inner))


def _convert(text: str, math: bool, depth: int = 0) -> str:
    """LaTeX commands rewritten; ``math`` says whether ``^`` and ``_`` take one-token arguments."""
    if "\\" not in text and not (math and any(c in text for c in "^_{}&~")):
        return text
    if depth > _DEEPEST:
        return f"{UNREAD}nesting{UNREAD}"
    out: list[str] = []
    i = 0
    while i < len(text):
        char = text[i]
        if char == "\\":
            name = _name(text, i + 1)
            if not name:
                symbol = text[i + 1 : i + 2]
                out.append(_SYMBOLS.get(symbol, f"{UNREAD}\\{symbol}{UNREAD}" if symbol else ""))
                i += 2
                continue
            i += 1 + len(name)
            piece, i = _command(name, text, i, math, depth, out)
            out.append(piece)
            continue
        if char == "^" and (math or text[i + 1 : i + 2] in ("{", "\\")):
            argument, i = _argument(text, i + 1)
            inner = _convert(argument, True, depth + 1).strip()
            if argument.strip() in ("\\circ", "{\\circ}", "\\text{th}", "\\prime"):
                out.append(" " if "prime" not in argument else f"{UNREAD}'{UNREAD}")
            else:
                out.append(f"^({inner})")
            continue
        if char == "_" and (math or text[i + 1 : i + 2] == "{"):
            argument, i = _argument(text, i + 1)
            ok = out and out[-1][-1:].isalpha() and re.fullmatch(r"[A-Za-z0-9]{1,8}", argument)
            out.append(f"_{argument}" if ok else f"{UNREAD}_{UNREAD}")
            continue
        if math and char in "{}":
            out.append("(" if char == "{" else ")")
        elif math and char in "&~":
            out.append(" ")
        elif math and char == "'":
            out.append(f"{UNREAD}'{UNREAD}")
        else:
            out.append(char)
        i += 1
    return "".join(out)


def _command(
    name: str, text: str, i: int, math: bool, depth: int, out: list[str]
) -> tuple[str, int]:
    """What a command with its arguments reads as, and where the text goes on."""
    if name in ("frac", "dfrac", "tfrac", "cfrac"):
        top, i = _argument(text, i)
        bottom, i = _argument(text, i)
        if top.isdecimal() and bottom.isdecimal() and _ends_in_digit(out):
            return f" {top}/{bottom}", i
        over = _convert(top, True, depth + 1)
        under = _convert(bottom, True, depth + 1)
        return f"(({over})/({under}))", i
    if name in ("binom", "dbinom", "tbinom"):
        top, i = _argument(text, i)
        bottom, i = _argument(text, i)
        if top.isdecimal() and bottom.isdecimal() and len(top) < 3 and len(bottom) < 3:
            return f"({_binomial(int(top), int(bottom))})", i
        return f"{UNREAD}\\{name}{UNREAD}", i
    if name == "sqrt":
        if text[i : i + 1] == "[":
            return f"{UNREAD}\\sqrt[{UNREAD}", i
        inner, i = _argument(text, i)
        return f"√({_convert(inner, True, depth + 1)})", i
    if name in _TEXT_COMMANDS:
        inner, i = _argument(text, i)
        words = _convert(inner, False, depth + 1)
        return f"{MATH_CLOSE} {words} {MATH_OPEN}" if math else f" {words} ", i
    if name in _KEPT_COMMANDS:
        inner, i = _argument(text, i)
        return f" {_convert(inner, math, depth + 1)} ", i
    if name in _COMMANDS:
        return _COMMANDS[name], i
    if name in ("hspace", "vspace", "label", "tag", "phantom", "color"):
        _, i = _argument(text, i)
        return " ", i
    return f"{UNREAD}\\{name[:30]}{UNREAD}", i


def _ends_in_digit(out: list[str]) -> bool:
    """``37 \\frac{1}{2}`` is a mixed number: a digit, at most one space, then the fraction."""
    if out and out[-1] == " ":
        out.pop()
    return bool(out) and out[-1][-1:].isdecimal()


def _binomial(n: int, k: int) -> int:
    from math import comb

    return comb(n, k)


def _name(text: str, i: int) -> str:
    end = i
    while end < len(text) and text[end].isascii() and text[end].isalpha():
        end += 1
    return text[i:end]


def _argument(text: str, i: int) -> tuple[str, int]:
    """One TeX argument at ``i`` without its braces: a group, a command, or one character."""
    while i < len(text) and text[i] == " ":
        i += 1
    if i >= len(text):
        return "", i
    if text[i] == "\\":
        name = _name(text, i + 1)
        end = i + 1 + max(len(name), 1)
        if name in ("frac", "sqrt", "text", "dfrac") and text[end : end + 1] == "{":
            _, end = _argument(text, end)
            if "frac" in name:
                _, end = _argument(text, end)
        return text[i:end], end
    if text[i] != "{":
        return text[i], i + 1
    level = 0
    for end in range(i, len(text)):
        if text[end] == "{":
            level += 1
        elif text[end] == "}":
            level -= 1
            if level == 0:
                return text[i + 1 : end], end + 1
    return text[i + 1 :], len(text)


# --- through latex2sympy2_extended ---------------------------------------------------------

_HEAVY: Final = re.compile(r"\\(?:int|lim|prod|iint|oint|infty)|\d{7,}|\^\s*\{?\s*\d{3,}|!")
_RANGE: Final = re.compile(r"\\sum")
_LATEX_ONLY: Final = re.compile(r"\\(?:log|ln|sum|sin|cos|tan|sqrt\s*\[|overline|lfloor|lceil)")


def needs_sympy(latex: str) -> bool:
    """Does this side of a relation hold LaTeX that only ``latex2sympy2_extended`` reads?"""
    return bool(_LATEX_ONLY.search(latex))


def through_sympy(latex: str) -> Term:
    """One side of a relation, read by ``latex2sympy2_extended``, as a term over the reals.

    Raises MissingToolError where the extra ``latex`` is not installed, and ValueError where the
    text is too heavy, does not parse, or is no rational expression.
    """
    if len(latex) > 300 or _HEAVY.search(latex) or latex.count("^") > 6 or "{^" in latex:
        raise ValueError("LaTeX that is too heavy to read")
    if _RANGE.search(latex) and re.search(r"\d{4,}", latex):
        raise ValueError("a sum that is too long")
    try:
        from latex2sympy2_extended import latex2sympy
    except ImportError:
        raise MissingToolError(
            "this LaTeX needs latex2sympy2_extended: pip install 'neurosym[latex]'"
        ) from None
    try:
        expression: Any = latex2sympy(latex)
        if "sqrt" in latex and expression.free_symbols:
            raise ValueError("a root of a variable, whose sign is not known")
        return from_sympy(expression.doit() if hasattr(expression, "doit") else expression)
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError) as trouble:
        raise ValueError(f"LaTeX that does not read as arithmetic: {trouble}") from None
    except Exception as trouble:  # noqa: BLE001  the parser raises its own bare exceptions
        raise ValueError(f"LaTeX that does not parse: {type(trouble).__name__}") from None


def from_sympy(expression: Any, depth: int = 0) -> Term:
    """A sympy expression over the rationals as a term; raises ValueError for anything else."""
    if depth > 30:
        raise ValueError("nested too deep")
    if expression.is_Rational:
        if max(int(expression.p).bit_length(), int(expression.q).bit_length()) > 2048:
            raise ValueError("a number too large to write out")
        return Number(Fraction(int(expression.p), int(expression.q)), REAL)
    if expression.is_Float:
        raise ValueError("a decimal that is not exact")
    if expression.is_Symbol:
        name = str(expression.name)
        if not re.fullmatch(r"[A-Za-z](?:_\{?[A-Za-z0-9]{1,8}\}?)?", name) or name == "i":
            raise ValueError(f"the symbol {name[:20]!r}")
        return Apply(name.replace("{", "").replace("}", ""), (), REAL)
    if expression.is_Add or expression.is_Mul:
        args = tuple(from_sympy(arg, depth + 1) for arg in expression.args)
        return Arith("+" if expression.is_Add else "*", args, REAL)
    if expression.is_Pow and expression.exp.is_Integer and 0 < abs(int(expression.exp)) <= 8:
        base = from_sympy(expression.base, depth + 1)
        count = abs(int(expression.exp))
        product = base if count == 1 else Arith("*", (base,) * count, REAL)
        if int(expression.exp) > 0:
            return product
        return Arith("/", (Number(Fraction(1), REAL), product), REAL)
    raise ValueError(f"{type(expression).__name__} is not arithmetic over the rationals")
