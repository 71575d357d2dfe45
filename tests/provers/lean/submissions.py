"""The two suites of Lean submissions for the judge, as files in ``cheats/`` and ``honest/``.

A file reads::

    -- why: what the cheat is, or what is unusual (compiles: yes)
    /-! statement
    theorem foo (n : Nat) : n = n
    -/
    theorem foo (n : Nat) : n = n := rfl

The first line holds ``why``; ``compiles`` says whether Lean takes the code without an error:
``yes``, ``no``, or ``varies`` where that depends on the toolchain (a program that the embedded
Lean cannot run, a tool that is not there). The statement, after the definitions that it needs,
stands between the lines ``/-! statement`` and ``-/``. All that follows is the code, to the byte:
a file may have other line endings, no newline at its end, or no code at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

FOLDER = Path(__file__).parent
Compiles = Literal["yes", "no", "varies"]
_FILE = re.compile(
    r"-- why: (?P<why>[^\n]*?) \(compiles: (?P<compiles>yes|no|varies)\)\r?\n"
    r"/-! statement\r?\n(?P<statement>.*?)\r?\n-/(?:\r?\n|\Z)(?P<code>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Submission:
    """``code`` claims to prove ``statement``; ``why`` is what the cheat is, or what is unusual."""

    name: str
    statement: str
    code: str
    why: str
    compiles: Compiles


def read_submission(path: Path) -> Submission:
    """The submission in one file. Raises ValueError for a file that is not laid out so."""
    found = _FILE.fullmatch(path.read_bytes().decode("utf-8"))
    if found is None:
        raise ValueError(f"{path} does not begin with `-- why:` and a statement")
    compiles = cast(Compiles, found["compiles"])
    return Submission(path.stem, found["statement"], found["code"], found["why"], compiles)


def read_suite(name: Literal["cheats", "honest"]) -> list[Submission]:
    """All submissions of a suite, by name."""
    return [read_submission(path) for path in sorted((FOLDER / name).glob("*.lean"))]
