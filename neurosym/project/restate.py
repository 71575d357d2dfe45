"""A theorem of a module stated once more, by itself, in a file that imports the module.

The other gaps of its own file would stand in the way of judging it, and need not be there: what it
speaks of is imported, and what is open or variable where it stands is written again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from neurosym.project import splice
from provers.lean.base import Header
from provers.lean.source import import_lines
from provers.lean.workbench import Place

NAME: Final = "neurosym_stated"
_SCOPE: Final = re.compile(
    r"(?:(?:noncomputable|public|private)[ \t]+)*"
    r"(?:namespace|section|end|open|variable|universe|set_option|local[ \t]+\w+"
    r"|attribute[ \t]*\[local)\b"
)
_BEFORE: Final = re.compile(
    r"(?:\s+|@\[[^\]]*\]|/--.*?-/|(?:private|protected|public|noncomputable)\b)*", re.DOTALL
)
_NAMED: Final = re.compile(r"(theorem|lemma)\s+((?:«[^»]*»|[^\s:({\[⦃.]|\.(?=\S))+)")


@dataclass(frozen=True, slots=True)
class Restated:
    """``text`` states it under another name; ``same`` is a file that Lean takes only if it says
    what the theorem ``name`` of the module says.
    """

    name: str
    text: str
    same: str


def restate(text: str, module: str, header: Header, start: Place, stop: int) -> Restated | None:
    """The theorem that begins at ``start`` and is stated up to the index ``stop``.

    None where it is in no form that is understood. ``text`` has line feeds alone.
    """
    first = splice.offset(text, start)
    before = _BEFORE.match(text, first)
    written = text[before.end() if before else first : stop]
    named = _NAMED.match(written)
    if named is None:
        return None
    stated = f"theorem {NAME}{written[named.end() :]}".rstrip()
    preamble = import_lines((*header, module)) + scope(text[:first])
    closing = f"first | exact {named[2]} | exact {named[2]} .. | exact @{named[2]} .. | "
    closing += f"(intros; apply {named[2]} <;> assumption)"
    return Restated(named[2], f"{preamble}{stated}", f"{preamble}{stated}\n  := by\n  {closing}\n")


def scope(text: str) -> str:
    """The commands of a text that say what is open, fixed and named where it ends."""
    kept: list[str] = []
    inside = False
    depth = 0
    for line in text.split("\n"):
        if depth or line.lstrip().startswith("/-"):
            depth += line.count("/-") - line.count("-/")
            inside = False
            continue
        if line[:1] not in ("", " ", "\t"):
            inside = _SCOPE.match(line) is not None and not re.search(r"\bin\s*\Z", line)
        if inside and line.strip():
            kept.append(line)
    return "".join(f"{line}\n" for line in kept)
