"""The last stage: is anything asked?"""

from __future__ import annotations

import re
from typing import Final

from neurosym.verify.question.base import StageReport, quoted

_QUESTION: Final = re.compile(r"[^.?？!\n]{0,60}[?？]")
_ASKS: Final = re.compile(
    r"\b(?:find|determine|compute|calculate|evaluate|prove|show|solve|express|simplify|state"
    r"|explain|"
    r"list|describe|derive|estimate|verify|decide|identify|write|give|sketch|construct|what|how|"
    r"which|who|why|analy[sz]e|discuss|investigate|explore|compare|convert|graph|plot|draw|factor|"
    r"expand|justify|demonstrate|count|name|answer|complete|fill|arrange|reduce|rank|order|"
    r"minimi[sz]e|maximi[sz]e|deduce|establish|obtain|design|predict|true\s+or\s+false|round|add"
    r"|enter|choose|select|put|"
    r"subtract|multiply|divide)\b[^.\n]{0,40}",
    re.IGNORECASE,
)
# "The negation of the proposition is." leaves a gap to be filled.
_GAP: Final = re.compile(
    r"\b(?:is|are|equals?|be)\s*[.:=$)]*\s*$|_{2,}|\\qquad|\\underline|\(\s{2,}\)|\.{4,}|…"
)


def check_goal(text: str) -> StageReport:
    """``passed`` with the words that ask; ``flawed`` where an English text has none at all."""
    asks = _QUESTION.search(text) or _ASKS.search(text)
    if asks is not None:
        return StageReport("goal", "passed", f"asks: {quoted(asks.group())!r}", "rule")
    letters = [c for c in text if c.isalpha()]
    english = bool(letters) and sum(c.isascii() for c in letters) > 0.8 * len(letters)
    if not english or _GAP.search(text.strip()) is not None:
        return StageReport("goal", "unknown", "no words were recognised that ask something")
    return StageReport("goal", "flawed", "nothing is asked", "rule", conflicting=(quoted(text),))
