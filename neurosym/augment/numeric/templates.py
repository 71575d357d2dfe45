"""Templates of word problems, made by machine from solutions that were read and proved.

GSM-Symbolic (Mirzadeh et al., 2024) has templates that people wrote; here each number of a
solution is traced to the question or to an earlier result.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from neurosym.augment.numeric import names
from neurosym.augment.numeric.constraints import Rule
from neurosym.augment.numeric.derive import freedom, letter, pool_of
from neurosym.augment.numeric.mentions import mentions
from neurosym.augment.numeric.sources import constants, filled
from neurosym.augment.numeric.steps import LIMITS, DroppedError, judge, read_step
from neurosym.augment.numeric.texts import Piece, cut, render
from neurosym.augment.numeric.tracing import trace
from neurosym.translate.arithmetic import MAX_TEXT, Quantities
from neurosym.translate.arithmetic.nodes import Letter, Node
from provers.base import Limits, Outcome, Prover
from provers.errors import InputError
from provers.logic.syntax import Apply, terms

Reason: TypeAlias = Literal[
    "no_numbers",
    "no_claims",
    "unread",
    "assumption",
    "unfaithful",
    "not_proved",
    "letters",
    "inexact",
    "unexplained",
    "wrong_answer",
    "all_fixed",
    "huge_number",
    "too_many_numbers",
    "not_rendered",
]
"""Why a problem gives no template.

``no_numbers``: the question has none. ``no_claims``: no step claims anything. ``unread``,
``assumption``, ``unfaithful``: see ``steps.read_step``. ``not_proved``: a step is wrong, or the
prover does not know. ``letters``: algebra. ``inexact``: a result that was rounded or converted.
``unexplained``: a number that comes from nowhere. ``wrong_answer``: the last step does not give
the answer. ``all_fixed``: no number can change. ``huge_number``: more than 9 digits.
``too_many_numbers``: more than 100 in one text.
``not_rendered``: the template does not give its own original back.
"""

_ANNOTATION: Final = re.compile(r"<<([^<>\n]{0,300})>>")
_FINAL: Final = re.compile(r"^\s*####\s*\$?(-?[\d,]*\.?\d+)\s*$")
_HUGE: Final = 10**9
MAX_STEPS: Final = 40
MAX_NUMBERS: Final = 100


@dataclass(frozen=True, slots=True)
class WordProblem:
    """A word problem and its worked solution, a step a line.

    Marks ``<<48/2=24>>`` and a last line ``#### 72`` may be there, as in GSM8K; ``answer`` is
    used where that line is not.
    """

    id: str
    question: str
    solution: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A problem with letters for its numbers.

    ``variables`` are their original values, ``limits`` their highest values where there are
    some; ``claiming`` says which steps claim something, ``answer`` is the last result.
    ``seed`` is the id of the original problem.
    """

    id: str
    seed: str
    variables: Mapping[str, Fraction]
    limits: Mapping[str, Fraction]
    names: tuple[str, ...]
    question: tuple[Piece, ...]
    steps: tuple[tuple[Piece, ...], ...]
    claiming: tuple[bool, ...]
    answer: Node
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a problem gives no template: a name to count by, and where."""

    reason: Reason
    detail: str


def template(problem: WordProblem, prover: Prover, limits: Limits = LIMITS) -> Template | Refusal:
    """The template of a problem whose every step the prover proves, or why there is none.

    Raises InputError for a problem without question or solution, with a text of more than
    20,000 characters, or with more than 40 steps.
    """
    lines, final = _solution(problem)
    try:
        return _build(problem, lines, final, prover, limits)
    except DroppedError as trouble:
        return Refusal(trouble.reason, trouble.detail)  # type: ignore[arg-type]


def _solution(problem: WordProblem) -> tuple[list[str], Fraction]:
    for what, text in (("question", problem.question), ("solution", problem.solution)):
        if not text.strip():
            raise InputError(f"Problem {problem.id!r:.80} has no {what}; give one.")
        if len(text) > MAX_TEXT:
            raise InputError(
                f"The {what} of problem {problem.id!r:.80} is longer than {MAX_TEXT} characters; "
                "give a shorter one."
            )
    lines = [line.strip() for line in problem.solution.splitlines() if line.strip()]
    final = _FINAL.match(lines[-1]) or _FINAL.match(f"#### {problem.answer}")
    if final is None:
        raise InputError(
            f"Problem {problem.id!r:.80} has no answer; end its solution with a line '#### 72'."
        )
    lines = [line for line in lines if not line.startswith("####")]
    if not lines or len(lines) > MAX_STEPS:
        raise InputError(
            f"The solution of problem {problem.id!r:.80} has {len(lines)} steps; give 1 to "
            f"{MAX_STEPS}."
        )
    return lines, Fraction(final.group(1).replace(",", ""))


def _build(
    problem: WordProblem, lines: list[str], final: Fraction, prover: Prover, limits: Limits
) -> Template:
    question = problem.question.strip()
    steps = [_readable(line) for line in lines]
    marks = [tuple(_ANNOTATION.findall(line)) for line in lines]
    found = mentions(question)
    if not found:
        raise DroppedError("no_numbers", question[:80])
    for text in (question, *steps):
        if len(mentions(text)) > MAX_NUMBERS:
            raise DroppedError("too_many_numbers", text[:80])
        huge = next((m for m in mentions(text) if m.value >= _HUGE), None)
        if huge is not None:
            raise DroppedError("huge_number", huge.text[:40])
    claiming = _prove(question, steps, prover, limits)

    pool = pool_of(question)
    traced = [
        trace(step, mark, pool, constants(step, mentions(step)))
        for step, mark in zip(steps, marks, strict=True)
    ]
    pool.settle()
    results = [r for step in traced for r in step.results]
    if not results:
        raise DroppedError("no_claims", steps[-1][:80])
    if results[-1].value != final:
        raise DroppedError("wrong_answer", f"{results[-1].value} is not {final}")
    free = freedom(question, traced, pool)
    if not free.variables:
        raise DroppedError("all_fixed", question[:80])

    everyone = tuple(dict.fromkeys(name for _, _, name in names.find(question)))
    asked = [letter(m.value) for m in found]
    nodes = [Letter(name) if name in free.variables else None for name in asked]
    digest = hashlib.sha256(f"{problem.id}\n{question}\n{problem.solution}".encode())
    made = Template(
        f"template_{digest.hexdigest()[:16]}",
        problem.id,
        free.variables,
        free.limits,
        everyone,
        cut(question, found, nodes, everyone),
        tuple(
            cut(text, step.mentions, [filled(n, free.rest) for n in step.nodes], everyone)
            for text, step in zip(steps, traced, strict=True)
        ),
        claiming,
        filled(results[-1].node, free.rest),
        free.rules,
    )
    _check(made, question, steps)
    return made


def _readable(line: str) -> str:
    """The step without its marks where it is read without them, else as it is."""
    visible = re.sub(r" {2,}", " ", _ANNOTATION.sub("", line))
    if visible == line:
        return line
    try:
        read_step(visible, None)
    except DroppedError:
        return line
    return visible


def _prove(question: str, steps: list[str], prover: Prover, limits: Limits) -> tuple[bool, ...]:
    known = Quantities.from_text(question)
    claiming = []
    for step in steps:
        formula = read_step(step, known)
        if formula is not None and any(isinstance(t, Apply) for t in terms(formula)):
            raise DroppedError("letters", step[:120])
        if formula is not None and judge(formula, prover, limits) is not Outcome.PROVED:
            raise DroppedError("not_proved", step[:120])
        claiming.append(formula is not None)
        known = known.with_text(step)
    return tuple(claiming)


def _check(made: Template, question: str, steps: list[str]) -> None:
    """The template gives its original back, and the original keeps all rules."""
    for pieces, text in zip((made.question, *made.steps), (question, *steps), strict=True):
        try:
            back = render(pieces, made.variables, {})
        except ValueError as trouble:
            raise DroppedError("not_rendered", str(trouble)) from None
        if back != text:
            raise DroppedError("not_rendered", f"{back[:60]!r} for {text[:60]!r}")
    for rule in made.rules:
        if not rule.holds(made.variables):
            raise DroppedError("not_rendered", f"the original breaks {rule}"[:120])
