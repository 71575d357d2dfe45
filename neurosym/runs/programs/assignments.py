"""Programs of variables and constraints, as Logic-LM writes them for LogicalDeduction.

``Variables`` have listed domains (``red_book [IN] [1, 2, 3]``), ``Constraints`` are comparisons and
``AllDifferentConstraint``, and each option of ``Query`` is a claim: the answer is the one that
every solution makes true.
"""

from __future__ import annotations

import re
from typing import Final

from neurosym.runs.programs.base import Mended, ProgramError, Reply
from neurosym.runs.programs.constraints import (
    Constraint,
    ConstraintProblem,
    Domain,
    Expression,
    Function,
)
from neurosym.runs.programs.ends import ends
from neurosym.runs.programs.expressions import Listed, parse
from neurosym.runs.programs.options import Ask, Lettered, Prove, answer
from neurosym.runs.programs.reading import Reader, listed_values
from neurosym.runs.programs.sections import sections

SECTIONS: Final = ("Domain", "Variables", "Constraints", "Query")
MOST_OPTIONS: Final = 26
_OPTION: Final = re.compile(r"\(?([A-Z])[).:]\s*(.+)", re.DOTALL)


def read(
    program: str, meaning: bool = True
) -> tuple[ConstraintProblem, tuple[Lettered, ...], tuple[Mended, ...]]:
    """The problem and its options. ``meaning``: mend what counts from the wrong end (``ends``).

    Raises:
        ProgramError: the program is none of this form, or over a limit.
    """
    found = sections(program, SECTIONS)
    mended: list[Mended] = []
    functions: dict[str, Function] = {}
    for line in found["Variables"]:
        name, sign, values = line.code.partition("[IN]")
        name = name.strip()
        listed = parse(values, mended) if sign else None
        if not isinstance(listed, Listed) or not re.fullmatch(r"\w+", name):
            raise ProgramError("syntax", f"{line.code[:40]!r} declares no variable")
        if name in functions:
            raise ProgramError("syntax", f"the variable {name} is declared twice")
        functions[name] = Function(name, (), Domain(name, listed_values(listed)))
    if not functions:
        raise ProgramError("syntax", "the program declares no variable")
    reader = Reader(functions, {}, mended)
    row = ends(found["Domain"]) if meaning else None

    def condition(code: str, text: str) -> Expression:
        written = reader.condition(code)
        meant = row.mended(written, text) if row is not None else written
        if meant != written:
            mended.append(Mended("end", f"{code[:60]!r} is not {text[:80]!r}, which was meant"))
        return meant

    constraints = tuple(
        Constraint(condition(line.code, line.text), line.text) for line in found["Constraints"]
    )
    options = []
    for line in found["Query"]:
        match = _OPTION.fullmatch(line.code)
        if match is None:
            raise ProgramError("syntax", f"{line.code[:40]!r} is no option")
        claim = condition(match[2], line.text)
        options.append(Lettered(match[1], Ask("must", (claim,)), line.text))
    labels = [option.label for option in options]
    if not 0 < len(options) <= MOST_OPTIONS or len(set(labels)) < len(labels):
        raise ProgramError(
            "syntax", f"options {', '.join(labels) or '(none)'} cannot be told apart"
        )
    return ConstraintProblem(functions, constraints, reader.places), tuple(options), tuple(mended)


def solve(program: str, prove: Prove, meaning: bool = True) -> Reply:
    """The option that the program's solutions answer.

    Raises:
        ProgramError: as ``read``.
    """
    return answer(*read(program, meaning), prove)
