"""What reading and answering a recorded program may give, and every way in which it may fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from provers.base import Result
from provers.errors import InputError

Failure: TypeAlias = Literal[
    "syntax",
    "unknown_symbol",
    "sort",
    "unsupported",
    "too_large",
    "contradictory",
    "no_option",
    "several_options",
    "unfaithful",
    "undecided",
]
"""Why there is no answer.

``syntax``: the text is none of the language; ``unknown_symbol``: a name that nothing declares;
``sort``: a name used for what it is not; ``unsupported``: the language has it, or seems to, and
this reader does not; ``too_large``: over a limit; ``contradictory``: no case satisfies the
program; ``no_option``, ``several_options``: the program was run and decides none of the options,
or more than one; ``unfaithful``: a formula that the answer rests on does not say its sentence;
``undecided``: the prover gave up.
"""
READ: Final = frozenset({"contradictory", "no_option", "several_options"})
"""The failures of programs that were read and decided."""

MOST_CHARACTERS: Final = 50_000
MOST_LINES: Final = 500


class ProgramError(InputError):
    """A program that cannot be read or written out; ``kind`` is one of ``Failure``."""

    def __init__(self, kind: Failure, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type[ProgramError], tuple[Failure, str]]:
        """Errors cross from one process to another with both of what they were made of."""
        return ProgramError, (self.kind, str(self))


@dataclass(frozen=True, slots=True)
class Mended:
    """One slip of the program, mended as a careful reader would; ``message`` says what."""

    kind: str
    message: str


Standing: TypeAlias = Literal["entailed", "possible", "impossible", "unknown"]


@dataclass(frozen=True, slots=True)
class Option:
    """One option: whether it answers the question, and how its claims stand to the program.

    ``evidence`` has, for each claim that was put to a prover, how it stands and the prover's
    result: a refutation for ``entailed`` and ``impossible``, two models for ``possible``.
    """

    label: str
    holds: bool | None
    evidence: tuple[tuple[str, Standing, Result], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """The one option that answers, or the failure; never a guess."""

    answer: str = ""
    failure: Failure | None = None
    message: str = ""
    options: tuple[Option, ...] = ()
    mended: tuple[Mended, ...] = field(default=())

    @property
    def ran(self) -> bool:
        """Whether the program was read and all that it asks was decided."""
        return self.failure is None or self.failure in READ


def choose(options: Sequence[Option], mended: Sequence[Mended]) -> Reply:
    """The option that holds, where it is the only one."""
    said, found = tuple(mended), tuple(options)
    if any(option.holds is None for option in options):
        return Reply("", "undecided", "a prover gave no answer in time", found, said)
    right = [option.label for option in options if option.holds]
    if not right:
        return Reply("", "no_option", "no option follows from the program", found, said)
    if len(right) > 1:
        message = f"options {', '.join(right)} all hold"
        return Reply("", "several_options", message, found, said)
    return Reply(right[0], None, "", found, said)
