"""First-order programs, as Logic-LM writes them for FOLIO.

``Premises`` and one ``Conclusion`` in FOLIO's notation, read and mended by
``neurosym.translate.repair``. The world is open: options are true, false, and uncertain. Each
formula is held against its sentence (``neurosym.runs.programs.sentences``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from neurosym.runs.programs.base import Mended, ProgramError, Reply
from neurosym.runs.programs.options import Prove
from neurosym.runs.programs.rules import judged
from neurosym.runs.programs.sections import sections
from neurosym.runs.programs.sentences import mended_goal, mended_or, unfaithful, vocabulary
from neurosym.translate.repair import repair_problem
from provers.base import Outcome, Problem
from provers.errors import InputError

SECTIONS: Final = ("Premises", "Conclusion")


@dataclass(frozen=True, slots=True)
class Reading:
    """A program as a problem, with what is said of it.

    ``sentences`` are those of the problem's premises in their order, then the conclusion's; empty
    where the program gives none. ``lacking``: what could not be read, or only in part.
    ``doubts``: why the formulas may say less than was meant. ``loose``: the places of formulas,
    the conclusion's the last, with a variable that nothing binds and that may be meant as "some".
    """

    problem: Problem
    sentences: tuple[str, ...]
    mended: tuple[Mended, ...] = ()
    lacking: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    loose: tuple[int, ...] = ()


def read(
    program: str, prove: Prove | None = None, statement: str = "", meaning: bool = True
) -> Reading:
    """The problem that the program states.

    With ``prove``, names that differ in spelling or arity are made one where that can be right;
    with ``meaning`` besides, a conclusion that says the contrary of its sentence is turned round.
    ``statement`` is the sentence that is asked; without it the conclusion's own counts.

    Raises:
        ProgramError: the program is none of this form, or over a limit.
    """
    found = sections(program, SECTIONS)
    if len(found["Conclusion"]) != 1:
        raise ProgramError("syntax", f"the program has {len(found['Conclusion'])} conclusions")
    lines, last = found["Premises"], found["Conclusion"][0]
    try:
        repaired = repair_problem([line.code for line in lines], last.code, "unicode", prove)
    except InputError as error:
        raise ProgramError("syntax", str(error)) from error
    problem = repaired.problem
    assert problem.goal is not None
    dropped = {one.index for one in repaired.dropped}
    sentences = [line.text for i, line in enumerate(lines) if i not in dropped]
    asked = statement or last.text
    mended = [Mended(one.kind, one.message) for one in repaired.repairs]
    if meaning and prove is not None and problem.negation is None:
        context = vocabulary((*problem.premises, problem.goal))
        goal, said = mended_goal(problem.goal, asked, context, prove)
        mended += said
        read_ = [mended_or(f, text) for f, text in zip(problem.premises, sentences, strict=True)]
        goal, said = mended_or(goal, asked)
        mended += [*(one for _, some in read_ for one in some), *said]
        problem = replace(problem, premises=tuple(f for f, _ in read_), goal=goal)
    lacking = repaired.doubts if not repaired.whole else ()
    return Reading(
        problem, (*sentences, asked), tuple(mended), lacking, repaired.doubts, repaired.loose
    )


def solve(program: str, prove: Prove, statement: str = "", meaning: bool = True) -> Reply:
    """A, where the conclusion follows, B, where its negation does, C where neither.

    With ``meaning``, an answer that rests on a formula that does not say its sentence is none:
    the program is ``unfaithful``.

    Raises:
        ProgramError: as ``read``.
    """
    reading = read(program, prove, statement, meaning)
    problem = reading.problem
    result = prove(problem)
    open_ = result.outcome in (Outcome.INDEPENDENT, Outcome.SATISFIABLE)
    if reading.lacking and open_:
        raise ProgramError("syntax", f"read in part only: {'; '.join(reading.lacking)}")
    reply = judged(result, reading.mended, unknown=True)
    if not meaning or reply.failure is not None:
        return reply
    assert problem.goal is not None
    *texts, asked = reading.sentences
    formulas = (*problem.premises, problem.goal)
    pairs = tuple(zip(problem.premises, texts, strict=True))
    reasons = unfaithful(pairs, (problem.goal, asked), result, vocabulary(formulas), reading.loose)
    # What follows from less follows; that something does not follow is then not known.
    reasons = (*reasons, *(reading.doubts if open_ else ()))
    if not reasons:
        return reply
    return replace(reply, answer="", failure="unfaithful", message="; ".join(reasons))
