"""The first stage: is the text whole and clean?

Only exact rules about the text: what they find is there, and can be pointed at.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from neurosym.translate.english.lexicon import words
from neurosym.verify.question.base import StageReport, quoted

# A first sentence without formulas that wants something written, spoken or acted.
_TO_A_WRITER: Final = re.compile(
    r"^\s*(?i:please\s+)?(?i:[a-z]+ly\s+)?(?i:convert|interpret|simulate|offset|predict|invert"
    r"|translate|"
    r"re-?write|speak|summari[sz]e|imagine|pretend|respond|reply|generate|compose|recite|explain|"
    r"describe|tell|sing|act|paraphrase|encode|decode|reverse|ignore|forget|transcribe|narrate|"
    r"perform|express|debate|turn|transform|write|read|whisper|shout|draw|paint|play)\b"
    r"(?P<what>[^$\\?.]{0,200}?)\b(?:text|sentences?|paragraph|prompt|your\s+(?:last\s+)?"
    r"(?:response|"
    r"answer|output|reply)|tone|every\s+\w+\s+word|conversation|dialogue|dance|poem|song|opera|"
    r"pentameter|haiku|limerick|rhymes?|emojis?|whale|emotional|emotions?|punctuation|metaphors?|"
    r"weather|pirate|shakespeare\w*|sonnet|story|dreams?|music|melody|instructions)\b"
    r"[^$\\?.]*\.\s+(?=\S)"
)
_LEFT_OVER: Final = re.compile(
    r"\b(?:please\s+)?re-?write(?:\s+this)?\s*:|^\s*instructions?\s*:|^\s*no\s+"
    r"(?:need\s+for\s+)?additional\s+\w+\.|"
    r"\bokey?,\s+let\s+us\b|\[hide(?:=[^\]]*)?\]|\bthe\s+user'?s\s+(?:function|question|problem)\b",
    re.IGNORECASE | re.MULTILINE,
)
_NOT_THERE: Final = re.compile(
    r"\bno\s+(?:\w+\s+)?(?:chart|diagram|figure|graph|table|picture|image)\s+(?:is\s+|was\s+)?"
    r"(?:provided|given|shown|available)\b",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:as\s+in|(?:answer|result|solution)\s+(?:of|to|from))\s+(?:the\s+)?(?:problem|exercise"
    r"|question)\s+#?\d+\b",
    re.IGNORECASE,
)
_STRAY: Final = re.compile(r"(?<![\\#&$({\w])#(?=[A-Za-z])|(?<=[a-z])#(?=[a-z,. ])|-#\$")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ENVIRONMENT: Final = re.compile(r"\\(begin|end)\s*\{([A-Za-z*]{1,30})\}")
_BROKEN: Final = re.compile(
    r"(?<![A-Za-z\\])(?:rac|qrt)\{|\\[a-z]+(?<!\\left)(?<!\\right)(?<!\\big)/(?=\s)"
)
_COMMAND: Final = re.compile(r"\\([A-Za-z]{3,20})")
_COMMANDS: Final = words(
    """
    frac dfrac tfrac sqrt sum prod int lim log sin cos tan cot sec csc left right leq geq
    neq cdot times div angle triangle circ pi alpha beta gamma delta theta lambda sigma
    omega mathbb mathrm mathcal mathbf text textbf overline overrightarrow underline binom
    begin end infty partial nabla quad qquad ldots cdots dots displaystyle operatorname
    equiv pmod cap cup subset subseteq notin forall exists lfloor rfloor lceil rceil vec hat
    bar tilde perp parallel sim cong
    """
)


def check_format(text: str) -> StageReport:
    """``flawed`` by a rule that names its find, else ``passed``: every rule was applied."""
    for message, found in _finds(text):
        return StageReport("format", "flawed", message, "rule", conflicting=(quoted(found),))
    return StageReport("format", "passed", "no rule found the text incomplete or spoilt", "rule")


def _finds(text: str) -> list[tuple[str, str]]:
    """What is wrong with the text, and where."""
    if not re.search(r"\w", text):
        return [("there is no text", text)]
    patterns = (
        (_TO_A_WRITER, "it begins with an instruction that is no part of a problem"),
        (_LEFT_OVER, "an instruction or another text is left in it"),
        (_NOT_THERE, "it says itself that something it refers to is missing"),
        (_ELSEWHERE, "it refers to another problem, which is not there"),
        (_CONTROL, "it holds control characters, as damaged LaTeX does"),
        (_STRAY, "it holds a stray sign"),
        (_BROKEN, "it holds broken LaTeX"),
    )
    found = [(message, m.group() or text) for p, message in patterns if (m := p.search(text))]
    return found + _latex(text)


def _latex(text: str) -> list[tuple[str, str]]:
    found = []
    counts = Counter(m.groups() for m in _ENVIRONMENT.finditer(text))
    for kind, name in counts:
        if counts["begin", name] != counts["end", name]:
            found.append(("a LaTeX environment is not closed", f"\\{kind}{{{name}}}"))
    if len(re.findall(r"(?<!\\)\$\$", text)) % 2:
        found.append(("a formula is not closed", "$$"))
    for match in _COMMAND.finditer(text):
        name = match[1]
        meant = _misspelt(name)
        if meant:
            found.append((f"no LaTeX command is spelt so (\\{meant}?)", match.group()))
    return found


def _misspelt(name: str) -> str:
    """The command that ``name`` is but for two swapped letters or a doubled one; else empty."""
    if name in _COMMANDS or len(name) < 4:
        return ""
    for i in range(len(name) - 1):
        swapped = name[:i] + name[i + 1] + name[i] + name[i + 2 :]
        if swapped in _COMMANDS:
            return swapped
    for i in range(1, len(name)):
        if name[i] == name[i - 1] and name[:i] + name[i + 1 :] in _COMMANDS:
            return name[:i] + name[i + 1 :]
    return ""
