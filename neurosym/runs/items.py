"""What a batch works on: one ``Item`` for each problem of an input, whatever form it was in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from neurosym.runs.problems import ProblemRecord
from neurosym.verify.records import Record

Kind: TypeAlias = Literal["verify", "prove", "translate", "puzzle"]
World: TypeAlias = Literal["open", "closed", "forward"]
Dialect: TypeAlias = Literal["", "constraints", "z3", "rules", "formulas"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose being well posed is to be checked; it has no reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A mathematical text to state formally. ``reference`` is the set's own formal statement."""

    text: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A question with options, and the constraint program that encodes it, where there is one.

    ``dialect`` names the program's language: ``constraints`` (domains and variables of Logic-LM's
    LogicalDeduction), ``z3`` (its declarations for AR-LSAT), ``rules`` or ``formulas``.
    """

    context: str
    question: str
    options: tuple[str, ...]
    program: str | None = None
    dialect: Dialect = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A recorded sample that cannot be read, and why, as a sentence."""

    why: str


Sample: TypeAlias = Record | ProblemRecord | Puzzle | Unread


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a model wrote for one problem, several times: attempt ``i`` is at sample ``i``."""

    samples: tuple[Sample, ...]


Payload: TypeAlias = Record | ProblemRecord | Question | Statement | Puzzle | Recorded


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item comes from: file, line (from 1), and the name of the form."""

    file: str
    line: int
    form: str


@dataclass(frozen=True, slots=True)
class Answers:
    """How a verdict becomes an answer of the set.

    ``of_verdict`` pairs verdicts with the set's answers; ``options`` are the texts of a question
    with choices; ``world`` is how the set's labels were made.
    """

    of_verdict: tuple[tuple[str, str], ...] = ()
    options: tuple[str, ...] = ()
    world: World = "open"

    def answer(self, verdict: str) -> str | None:
        """The set's answer for a verdict; None where the verdict is none of its answers."""
        return dict(self.of_verdict).get(verdict)


@dataclass(frozen=True, slots=True)
class Item:
    """One problem. ``payload`` is None exactly where ``bad`` says why it cannot be read.

    ``gold`` is the set's own answer; ``error_steps`` are the steps (from 1) that it calls wrong,
    None where it labels no steps. ``formal`` is the same problem in the set's own formulas.
    """

    id: str
    kind: Kind
    payload: Payload | None
    origin: Origin
    gold: str | None = None
    error_steps: tuple[int, ...] | None = None
    answers: Answers = Answers()
    formal: ProblemRecord | None = None
    bad: str = ""

    def __post_init__(self) -> None:
        if (self.payload is None) != bool(self.bad):
            raise ValueError("an item has a payload, or says why it has none")

    @property
    def ill_formed(self) -> bool:
        """Whether the record could not be read, so that its outcome is ``ill_formed``."""
        return self.payload is None

    @property
    def samples(self) -> int | None:
        """How many attempts there is something recorded for; None where each makes its own."""
        return len(self.payload.samples) if isinstance(self.payload, Recorded) else None


def bad_item(id: str, origin: Origin, reason: str, kind: Kind = "verify") -> Item:
    """The item of a record that cannot be read."""
    return Item(id, kind, None, origin, bad=reason)
