"""Where an error was made: at the step that is refuted, or before it.

A refuted step says something false, which need not be its own fault: "so 8 · 9 = 71" only says
again what an earlier step came to. An error is made where a computation arrives at a value that
nobody has said before; and the less of what stands before it was decided, the likelier it is that
the first error is among that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from neurosym.verify.base import StepReport, Verdict
from neurosym.verify.values import closed_value, numbers
from provers.logic.syntax import Eq, walk

Origin: TypeAlias = Literal["here", "carried", "unclear"]

_SMALL: Final = 5  # Whole numbers up to this are in every text and tell nothing.
_FRACTION: Final = re.compile(
    r"\\[dt]?frac\s*\{?(\d{1,40})\}?\s*\{?(\d{1,40})\}?|(\d{1,40})\s*/\s*(\d{1,40})"
)


def origin(step: StepReport, before: Sequence[str]) -> Origin:
    """Where the error of a refuted step was made, given the question and the steps ``before`` it.

    ``here``: each false equation of numbers comes to a value that was not said before;
    ``carried``: one of them comes to a value that was; ``unclear``: what is false is no equation
    of numbers, or the step is not refuted.
    """
    wrong: list[Fraction] = []
    for claim in step.claims:
        if claim.verdict is not Verdict.REFUTED:
            continue
        for part in walk(claim.claim.formula):
            if not isinstance(part, Eq):
                continue
            left, right = closed_value(part.left), closed_value(part.right)
            if left is not None and right is not None and left != right:
                wrong.append(right)
    if not wrong:
        return "unclear"
    said = {abs(value) for text in before for value in _values(text)}
    return "carried" if any(_tells(value) and abs(value) in said for value in wrong) else "here"


def undecided(steps: Sequence[StepReport]) -> int:
    """How many steps claim something, or may, and are not proved."""
    return sum(step.verdict not in (Verdict.PROVED, Verdict.NO_CLAIM) for step in steps)


def _tells(value: Fraction) -> bool:
    return value.denominator != 1 or abs(value) > _SMALL


def _values(text: str) -> set[Fraction]:
    """The numerals and the fractions that are written in a text, without signs."""
    found = set(numbers(text))
    for match in _FRACTION.finditer(text[:100_000]):
        above, below = (int(n) for n in match.groups() if n is not None)
        if below:
            found.add(Fraction(above, below))
    return found
