"""A recorded program's sections: lines below a heading, each with the sentence it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from neurosym.runs.programs.base import MOST_CHARACTERS, MOST_LINES, ProgramError

MARK = ":::"


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of the program, and the text behind ``:::``."""

    code: str
    text: str


def sections(
    program: str, names: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, tuple[Line, ...]]:
    """The lines of each section, whose heading is ``Name:`` or ``# Name``.

    A section of ``optional`` that is missing has no lines.

    Raises:
        ProgramError: the program is too large, or a section is missing or comes twice.
    """
    if len(program) > MOST_CHARACTERS or program.count("\n") >= MOST_LINES:
        raise ProgramError(
            "too_large",
            f"the program has more than {MOST_CHARACTERS} characters or {MOST_LINES} lines",
        )
    found: dict[str, list[Line]] = {}
    current: list[Line] | None = None
    for raw in program.splitlines():
        code, _, text = raw.partition(MARK)
        code = code.strip()
        heading = code.removeprefix("#").removesuffix(":").strip()
        if heading in names and code != heading:
            if heading in found:
                raise ProgramError("syntax", f"two sections are called {heading}")
            current = found.setdefault(heading, [])
        elif code and current is not None:
            current.append(Line(code, text.strip()))
    missing = [name for name in names if name not in found and name not in optional]
    if missing:
        raise ProgramError("syntax", f"no section {missing[0]!r} in the program")
    return {name: tuple(found.get(name, ())) for name in names}
