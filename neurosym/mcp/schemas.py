"""What the tools take and give; their JSON schemas are what an agent reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from neurosym.runs.problems import MAX_PREMISES
from neurosym.verify.records import MAX_CHARACTERS, MAX_STEPS

MAX_SECONDS = 600.0
MAX_CANDIDATES = 10_000

Text: TypeAlias = Annotated[str, Field(max_length=MAX_CHARACTERS)]
Seconds: TypeAlias = Annotated[
    float,
    Field(gt=0, le=MAX_SECONDS, description="Budget of the call; what is not decided is unknown."),
]
ProverName: TypeAlias = Annotated[
    Literal["z3", "cvc5", "eprover", "vampire", "portfolio"],
    Field(description="Who decides; portfolio races all that are installed."),
]


class Input(BaseModel):
    """Arguments of a tool."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    seconds: Seconds = 30.0


class VerifyInput(Input):
    question: Annotated[Text | None, Field(description="What is asked; its facts are used.")] = None
    premises: Annotated[
        list[str],
        Field(description="What is given, each of any number of sentences.", max_length=MAX_STEPS),
    ] = Field(default_factory=list)
    steps: Annotated[
        list[str] | None,
        Field(
            description="The reasoning, step by step. Give this or 'solution'.",
            max_length=MAX_STEPS,
        ),
    ] = None
    solution: Annotated[
        Text | None, Field(description="The reasoning as one text, divided into steps here.")
    ] = None
    answer: Annotated[
        str | int | float | None, Field(description="The answer that should follow, if any.")
    ] = None
    world: Annotated[
        Literal["open", "closed", "forward"],
        Field(
            description="open: classical logic; closed: what cannot be derived is false; "
            "forward: rules are never used backwards."
        ),
    ] = "open"
    prover: ProverName = "z3"
    certify: Annotated[
        bool, Field(description="Prove in Lean 4 too what was decided; takes longer.")
    ] = False


class ProveInput(Input):
    language: Annotated[
        Literal["fol", "smtlib", "tptp", "lean4"],
        Field(
            description="fol: 'premises' and 'goal'; smtlib, tptp: the whole 'problem'; "
            "lean4: 'statement' (a proof is searched), or 'code' with or without 'statement'."
        ),
    ] = "fol"
    notation: Annotated[
        Literal["auto", "nltk", "unicode", "tptp"],
        Field(description="Of formulas: all x. (P(x) -> -Q(x)), ∀x (P(x) → ¬Q(x)), or TPTP's."),
    ] = "auto"
    premises: Annotated[list[str], Field(max_length=MAX_PREMISES)] = Field(default_factory=list)
    goal: Text | None = None
    problem: Text | None = None
    code: Text | None = None
    statement: Text | None = None
    prover: ProverName = "portfolio"


class TranslateInput(Input):
    text: Annotated[Text, Field(description="English or arithmetic, any number of sentences.")]
    to: Annotated[
        Literal["nltk", "unicode", "tptp", "smtlib", "lean"],
        Field(description="The notation to write."),
    ] = "unicode"


class PremisesInput(Input):
    goal: Annotated[Text, Field(description="What is to be shown.")]
    candidates: Annotated[
        list[str] | None,
        Field(
            description="What might help; without it, the corpus taken from Lean is searched.",
            min_length=1,
            max_length=MAX_CANDIDATES,
        ),
    ] = None
    k: Annotated[int, Field(ge=1, le=1000, description="How many to return.")] = 10


class CheckLeanInput(Input):
    code: Annotated[Text, Field(description="A whole Lean 4 file, imports first.")]
    statement: Annotated[
        Text | None,
        Field(description="The theorem that the code must prove, unchanged: its name and type."),
    ] = None


# --- what comes back -----------------------------------------------------------------------


class Output(BaseModel):
    """What every tool answers with."""

    cut: list[str] = Field(description="What was left out or shortened to keep this readable.")


class StepOutput(BaseModel):
    index: int
    text: str
    verdict: str
    reason: str
    flags: list[str]
    depends_on: list[str]
    messages: list[str]
    formal: dict[str, Any] | None = Field(None, description="The formal premises and goal.")
    evidence: dict[str, Any] | None = Field(
        None, description="Used premises with a proof, or models: what can be checked again."
    )


class VerifyOutput(Output):
    verdict: str = Field(description="Of the whole; proved only if all steps and the answer are.")
    complete: bool = Field(description="Whether every step was reached within the budget.")
    refuted: list[int] = Field(description="The steps that are wrong, from 1.")
    verdicts: dict[str, int] = Field(description="How many steps have which verdict.")
    answer: dict[str, Any]
    contradictory: bool = Field(description="Whether question and premises contradict each other.")
    unread: list[str] = Field(description="Sentences given that could not be read and used.")
    limits: list[str] = Field(description="What the verdict does not say.")
    steps: list[StepOutput]


class ProveOutput(Output):
    outcome: str
    reason: str
    szs: str
    prover: str
    seconds: float
    flags: list[str]
    messages: list[dict[str, Any]]
    evidence: dict[str, Any] | None


class TranslateOutput(Output):
    notation: str
    sentences: list[dict[str, Any]]


class PremisesOutput(Output):
    results: list[dict[str, Any]] = Field(description="index (from 0), text and score; best first.")
