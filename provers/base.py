"""What a prover is asked and what it may answer.

A ``Problem`` goes in, a ``Result`` comes out. A ``Result`` refuses to exist with a conclusive
outcome and without the evidence for it, so a wrong verdict needs wrong evidence, and evidence
is checked again by ``provers.recheck``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from provers.logic.models import Model
from provers.logic.syntax import Formula, Not, negate


class Outcome(StrEnum):
    """What came of a problem. ``SATISFIABLE`` answers problems that have no goal."""

    PROVED = "proved"
    REFUTED = "refuted"
    INDEPENDENT = "independent"
    INCONSISTENT = "inconsistent"
    SATISFIABLE = "satisfiable"
    UNKNOWN = "unknown"
    ILL_FORMED = "ill_formed"
    FAILED = "failed"


CONCLUSIVE = frozenset(
    {
        Outcome.PROVED,
        Outcome.REFUTED,
        Outcome.INDEPENDENT,
        Outcome.INCONSISTENT,
        Outcome.SATISFIABLE,
    }
)

Reason: TypeAlias = Literal["", "timeout", "memory", "incomplete", "unsupported"]

SZS: dict[Outcome, str] = {
    Outcome.PROVED: "Theorem",
    Outcome.REFUTED: "CounterTheorem",
    Outcome.INDEPENDENT: "NoConsequence",
    Outcome.INCONSISTENT: "ContradictoryAxioms",
    Outcome.SATISFIABLE: "Satisfiable",
    Outcome.ILL_FORMED: "SyntaxError",
    Outcome.FAILED: "Error",
}
SZS_UNKNOWN: dict[str, str] = {
    "timeout": "Timeout",
    "memory": "MemoryOut",
    "incomplete": "GaveUp",
    "unsupported": "Inappropriate",
}


# --- problems ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Do ``premises`` entail ``goal``, or its negation, or neither?

    All formulas are closed. ``negation`` is what counts as the goal's negation; it is
    ``Not(goal)`` except under Prover9's convention for free variables, which closes the goal
    and its negation separately, and where a caller reads negation otherwise. Without a goal
    the question is whether the premises are satisfiable.
    """

    premises: tuple[Formula, ...]
    goal: Formula | None = None
    negation: Formula | None = None
    flags: tuple[str, ...] = ()

    @property
    def negated_goal(self) -> Formula:
        """What must follow for ``refuted``; raises ValueError where there is no goal."""
        if self.negation is not None:
            return self.negation
        if self.goal is None:
            raise ValueError("a problem without a goal has no negated goal")
        return Not(self.goal)

    def assumption(self, claim: Literal["goal", "negation"]) -> Formula:
        """What contradicts the premises exactly if ``claim`` follows from them.

        Raises ValueError where there is no goal.
        """
        if claim == "goal" and self.goal is not None:
            return Not(self.goal)
        return negate(self.negated_goal)

    def contradictory(self, claim: Claim, used: Iterable[int]) -> dict[int, Formula]:
        """The formulas that contradict each other if ``claim`` follows from the ``used`` premises.

        By the premises' indices; -1 is the assumption. Raises ValueError for a premise or goal
        that is not there.
        """
        indices = tuple(used)
        if any(not 0 <= i < len(self.premises) for i in indices):
            raise ValueError("the evidence uses a premise that is not there")
        formulas = {i: self.premises[i] for i in indices}
        if claim != "premises":
            formulas[-1] = self.assumption(claim)
        return formulas


@dataclass(frozen=True, slots=True)
class ScriptProblem:
    """A whole SMT-LIB script or TPTP file, handed to a prover as it is."""

    language: Literal["smtlib", "tptp"]
    text: str


@dataclass(frozen=True, slots=True)
class LeanProblem:
    """Lean 4 code to check, and the statement it must prove, where one is given."""

    code: str
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Wall-clock seconds and memory for one problem, all of its checks together."""

    seconds: float = 10.0
    megabytes: int = 2048


# --- evidence ------------------------------------------------------------------------------

Claim: TypeAlias = Literal["goal", "negation", "premises"]


@dataclass(frozen=True, slots=True)
class Instance:
    """One clause of one formula under one ground substitution (a Herbrand instance).

    ``formula`` is a premise's index, or -1 for the assumption that is refuted (the negated
    goal for the claim ``goal``, the goal for ``negation``). ``clause`` counts within
    ``clausify`` of that formula; ``bindings`` maps the clause's variable names to ground
    terms, written as ``provers.logic.herbrand.write_term`` writes them.
    """

    formula: int
    clause: int
    bindings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof in a prover's own format: ``z3``, ``cpc`` (cvc5), ``tstp`` or ``lean``."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Refutation:
    """The ``used`` premises, with the negation of what is claimed, are contradictory.

    ``claim`` says what follows: the goal, its negation, or (``premises``) that the premises
    contradict each other. ``minimal``: leaving out any one used premise makes the
    contradiction go away. At least one of ``instances`` and ``proof`` is there: instances are
    checked by ``provers.logic.herbrand`` without any solver. ``consistency`` is a model of all
    premises, where one was found.
    """

    claim: Claim
    used: tuple[int, ...]
    minimal: bool = False
    instances: tuple[Instance, ...] | None = None
    proof: Proof | None = None
    consistency: Model | None = None
    kind: Literal["refutation"] = "refutation"


@dataclass(frozen=True, slots=True)
class TwoModels:
    """Models of all premises: one in which the goal is true, one in which it is false.

    Under Prover9's convention for free variables: one in which the goal's negation is false,
    and one in which the goal is false.
    """

    goal_true: Model
    goal_false: Model
    kind: Literal["models"] = "models"


@dataclass(frozen=True, slots=True)
class OneModel:
    """A model of all premises of a problem that has no goal."""

    model: Model
    kind: Literal["model"] = "model"


@dataclass(frozen=True, slots=True)
class ScriptAnswer:
    """A whole script's answer: the contradictory assertions and proof, or the model's text."""

    status: Literal["sat", "unsat"]
    core: tuple[str, ...] = ()
    proof: Proof | None = None
    model: str = ""
    kind: Literal["script"] = "script"


@dataclass(frozen=True, slots=True)
class LeanProof:
    """A complete Lean file in which ``theorem`` is proved, as ``provers.lean.judge`` found.

    ``statement`` is what was asked for (empty: whatever the file states); ``claim`` is
    ``negation`` where the theorem is the negation of what was asked. ``tier``: ``replayed``,
    where the proof went through the kernel again in a fresh environment, ``elaborated`` where a
    remote server only said that Lean accepts it. ``lean`` and ``toolchain`` name the Lean that
    judged it.
    """

    claim: Literal["goal", "negation"]
    code: str
    theorem: str
    statement: str
    axioms: tuple[str, ...]
    lean: str
    toolchain: str
    tier: Literal["replayed", "elaborated"] = "replayed"
    kind: Literal["lean"] = "lean"


@dataclass(frozen=True, slots=True)
class Attempts:
    """What was tried before giving up: (what, answer, seconds)."""

    tried: tuple[tuple[str, str, float], ...]
    kind: Literal["attempts"] = "attempts"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two provers contradicted each other; both answers."""

    answers: tuple[tuple[str, str], ...]
    kind: Literal["conflict"] = "conflict"


Evidence: TypeAlias = (
    Refutation | TwoModels | OneModel | ScriptAnswer | LeanProof | Attempts | Conflict
)

_ACCEPTED: dict[Outcome, tuple[type, ...]] = {
    Outcome.PROVED: (Refutation, ScriptAnswer, LeanProof),
    Outcome.REFUTED: (Refutation, LeanProof),
    Outcome.INDEPENDENT: (TwoModels,),
    Outcome.INCONSISTENT: (Refutation, ScriptAnswer),
    Outcome.SATISFIABLE: (OneModel, ScriptAnswer),
}
_CLAIM: dict[Outcome, Claim] = {
    Outcome.PROVED: "goal",
    Outcome.REFUTED: "negation",
    Outcome.INCONSISTENT: "premises",
}


# --- results -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """A prover's words, with a position in the formal text where there is one (from 1)."""

    text: str
    severity: Literal["error", "warning", "info"] = "info"
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A prover's answer. Building one with a conclusive outcome needs fitting evidence.

    Raises ValueError for a conclusive outcome without its evidence, or ``unknown`` without a
    reason.
    """

    outcome: Outcome
    prover: str
    seconds: float
    reason: Reason = ""
    evidence: Evidence | None = None
    flags: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    szs: str = field(default="")

    def __post_init__(self) -> None:
        if self.outcome in CONCLUSIVE:
            if not isinstance(self.evidence, _ACCEPTED[self.outcome]):
                raise ValueError(f"{self.outcome} needs evidence, got {self.evidence!r}")
            self._check_evidence()
        if self.outcome is Outcome.UNKNOWN and self.reason not in SZS_UNKNOWN:
            raise ValueError("unknown needs a reason")
        if not self.szs:
            szs = SZS_UNKNOWN[self.reason] if self.reason else SZS[self.outcome]
            object.__setattr__(self, "szs", szs)

    def _check_evidence(self) -> None:
        match self.evidence:
            case Refutation(claim=claim, instances=instances, proof=proof):
                if claim != _CLAIM[self.outcome]:
                    raise ValueError(f"evidence for {claim} cannot carry {self.outcome}")
                if instances is None and proof is None:
                    raise ValueError("a refutation needs instances or a proof")
            case LeanProof(claim=claim):
                if claim != _CLAIM[self.outcome]:
                    raise ValueError(f"evidence for {claim} cannot carry {self.outcome}")
            case ScriptAnswer(status=status, proof=proof, model=model):
                wanted = "sat" if self.outcome is Outcome.SATISFIABLE else "unsat"
                if status != wanted:
                    raise ValueError(f"a script answered {status} cannot be {self.outcome}")
                if status == "unsat" and proof is None:
                    raise ValueError("unsat needs a proof")
                if status == "sat" and not model:
                    raise ValueError("sat needs a model")
            case _:
                pass

    @property
    def conclusive(self) -> bool:
        return self.outcome in CONCLUSIVE


AnyProblem: TypeAlias = Problem | ScriptProblem | LeanProblem


class Prover(Protocol):
    """Something that answers problems; thread-safe; blocks until done or out of ``limits``."""

    name: str

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        """Answer ``problem``; what it does not support is ``unknown``/``unsupported``."""
        ...

    def warm(self) -> None:
        """Start what takes time to start, in the background; does nothing where nothing does."""
        ...

    def close(self) -> None:
        """Stop worker processes; the prover may be used again afterwards."""
        ...
