"""First-order programs, as Logic-LM writes them for FOLIO.

``Premises`` and one ``Conclusion`` in FOLIO's notation, read and mended by
``neurosym.translate.repair``. The world is open: options are true, false, and uncertain.
"""

from __future__ import annotations

from typing import Final

from neurosym.runs.programs.base import Mended, ProgramError, Reply
from neurosym.runs.programs.options import Prove
from neurosym.runs.programs.rules import judged
from neurosym.runs.programs.sections import sections
from neurosym.translate.repair import repair_problem
from provers.base import Outcome, Problem
from provers.errors import InputError

SECTIONS: Final = ("Premises", "Conclusion")


def read(
    program: str, prove: Prove | None = None
) -> tuple[Problem, tuple[Mended, ...], tuple[str, ...]]:
    """The problem, what was mended, and doubts about it (what could be read only in part).

    With ``prove``, names that differ in spelling or arity are made one where that can be right.

    Raises:
        ProgramError: the program is none of this form, or over a limit.
    """
    found = sections(program, SECTIONS)
    if len(found["Conclusion"]) != 1:
        raise ProgramError("syntax", f"the program has {len(found['Conclusion'])} conclusions")
    premises = [line.code for line in found["Premises"]]
    try:
        repaired = repair_problem(premises, found["Conclusion"][0].code, "unicode", prove)
    except InputError as error:
        raise ProgramError("syntax", str(error)) from error
    mended = tuple(Mended(one.kind, one.message) for one in repaired.repairs)
    return repaired.problem, mended, repaired.doubts if not repaired.whole else ()


def solve(program: str, prove: Prove) -> Reply:
    """A, where the conclusion follows, B, where its negation does, C where neither.

    Raises:
        ProgramError: as ``read``.
    """
    problem, mended, doubts = read(program, prove)
    result = prove(problem)
    if doubts and result.outcome in (Outcome.INDEPENDENT, Outcome.SATISFIABLE):
        raise ProgramError("syntax", f"read in part only: {'; '.join(doubts)}")
    return judged(result, mended, unknown=True)
