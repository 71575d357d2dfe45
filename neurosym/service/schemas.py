"""Requests and answers at the boundary, with the examples that OpenAPI shows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from neurosym.runs.problems import ProblemRecord
from neurosym.service.engine import Ask
from neurosym.settings import Settings
from neurosym.verify.records import MAX_STEPS, Outset, Record
from provers.base import Limits

ProverName = Literal["z3", "cvc5", "eprover", "vampire", "lean", "portfolio"]
MAX_CANDIDATES = 100_000

JANET: dict[str, Any] = {
    "id": "janet",
    "question": "Janet's ducks lay 16 eggs per day. She eats 3 and bakes 4. She sells the rest "
    "for $2 each. How much does she make a day?",
    "steps": ["3 + 4 = 7 eggs are used.", "16 - 7 = 9 eggs are sold.", "9 * 2 = 18 dollars."],
    "answer": "18",
}
REX: dict[str, Any] = {
    "id": "rex",
    "premises": ["All dogs are animals. Rex is a dog."],
    "steps": ["Rex is an animal.", "Rex is not an animal."],
}


class Options(BaseModel):
    """What a request may choose about how it is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    prover: ProverName = Field("z3", description="Who answers; portfolio: all that are installed.")
    timeout: float | None = Field(
        None, gt=0, description="Seconds for each question to the prover."
    )
    budget: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="Seconds for the whole; steps that are not reached are unknown/timeout.",
    )
    cache: bool = Field(True, description="Whether an earlier answer may be given again.")

    def ask(self, settings: Settings, *, model: bool = False, certify: bool = False) -> Ask:
        """What is asked for, within what the settings allow."""
        seconds = min(self.timeout or settings.timeout, settings.max_timeout)
        return Ask(
            prover=self.prover,
            limits=Limits(seconds, settings.megabytes),
            seconds=min(self.budget or settings.seconds, settings.max_seconds),
            model=model,
            certify=certify,
            cache=self.cache,
        )


class VerifyOptions(Options):
    """What a request for verification may choose."""

    model: bool = Field(
        False, description="Let the service's language model translate what rules cannot read."
    )


class VerifyRequest(VerifyOptions, Record):
    """A record to verify, and how."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [JANET, REX, {**JANET, "id": "live", "stream": True}]}
    )

    certify: bool = Field(False, description="Wait for proofs in Lean of what was decided.")
    stream: bool = Field(
        False, description="Answer with server-sent events, as Accept: text/event-stream does."
    )

    def asked(self, settings: Settings) -> Ask:
        """What is asked for, within what the settings allow."""
        return self.ask(settings, model=self.model, certify=self.certify)


class SessionRequest(VerifyOptions, Outset):
    """What reasoning starts from whose steps come one at a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**{k: JANET[k] for k in ("id", "question")}, "stop_on": "refuted"}]
        }
    )

    stop_on: Literal["never", "refuted"] = Field(
        "never", description="refuted: the session takes no steps after its first refuted one."
    )

    def asked(self, settings: Settings) -> Ask:
        """What is asked for, within what the settings allow."""
        return self.ask(settings, model=self.model)


class StepsRequest(BaseModel):
    """The next step of a session, or the next few."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={"examples": [{"steps": ["3 + 4 = 7 eggs are used."], "index": 1}]},
    )

    steps: list[str] = Field(min_length=1, max_length=MAX_STEPS)
    index: int | None = Field(
        None,
        ge=1,
        description="The number of the first; steps that are there already are not added again.",
    )


class ProveRequest(Options, ProblemRecord):
    """A formal problem, and how it is to be answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "fol",
                    "premises": ["all x. (Dog(x) -> Animal(x))", "Dog(rex)"],
                    "goal": "Animal(rex)",
                },
                {
                    "id": "smtlib",
                    "language": "smtlib",
                    "problem": "(declare-const x Int)(assert (< x x))(check-sat)",
                },
                {
                    "id": "tptp",
                    "language": "tptp",
                    "problem": "fof(a, axiom, p). fof(g, conjecture, p).",
                },
                {
                    "id": "lean4",
                    "language": "lean4",
                    "code": "theorem t : 1 + 1 = 2 := rfl",
                    "budget": 120,
                },
            ]
        }
    )

    def asked(self, settings: Settings) -> Ask:
        """What is asked for, within what the settings allow."""
        return self.ask(settings)


class TranslateRequest(BaseModel):
    """Text to translate, and the notation to write."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"text": "All dogs are animals.", "to": "tptp"}]},
    )

    text: str = Field(min_length=1)
    to: Literal["nltk", "unicode", "tptp", "smtlib", "lean"] = "unicode"
    model: bool = Field(
        False, description="Let the service's language model translate what rules cannot read."
    )
    budget: float | None = Field(None, gt=0)

    def asked(self, settings: Settings) -> Ask:
        """What is asked for, within what the settings allow."""
        seconds = min(self.budget or settings.seconds, settings.max_seconds)
        limits = Limits(settings.timeout, settings.megabytes)
        return Ask(limits=limits, seconds=seconds, model=self.model)


class PremisesRequest(BaseModel):
    """A goal, and the premises to choose from; without them, the service's corpus."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "goal": "n + 0 = n",
                    "premises": ["Nat.add_zero : n + 0 = n", "Nat.mul_one : n * 1 = n"],
                    "k": 1,
                }
            ]
        },
    )

    goal: str = Field(min_length=1)
    premises: list[str] | None = Field(None, min_length=1, max_length=MAX_CANDIDATES)
    k: int = Field(10, ge=1, le=1000, description="How many are wanted.")

    @model_validator(mode="after")
    def _says_something(self) -> PremisesRequest:
        if not self.goal.strip():
            raise ValueError("'goal' is empty")
        return self


# --- answers, for OpenAPI alone --------------------------------------------------------------


class Step(BaseModel):
    """What came of one step."""

    index: int
    text: str
    verdict: str
    reason: str
    flags: list[str]
    formal: dict[str, Any] | None
    prover: str | None
    evidence: dict[str, Any] | None
    certificate: dict[str, Any] | None
    seconds: float
    depends_on: list[str]
    messages: list[str]


class Report(BaseModel):
    """The report on a record."""

    id: str | int
    verdict: str
    steps: list[Step]
    question: dict[str, Any]
    answer: dict[str, Any]
    summary: dict[str, Any]


class Outcome(BaseModel):
    """What came of a formal problem."""

    id: str | int
    outcome: str
    reason: str
    szs: str
    prover: str
    seconds: float
    flags: list[str]
    evidence: dict[str, Any] | None
    messages: list[dict[str, Any]]
    status: str | None = None


class SessionCreated(BaseModel):
    """A session, and where its steps go."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0f8fad5bd9cb469fa16570867728950e",
                    "steps": "/v1/sessions/0f8fad5bd9cb469fa16570867728950e/steps",
                    "seconds": 900,
                }
            ]
        }
    )

    id: str
    steps: str
    seconds: float = Field(description="It is forgotten when it is not used for so long.")


class StepsAdded(BaseModel):
    """What came of the steps that were added to a session."""

    id: str
    steps: list[Step]
    ended: bool


class Translation(BaseModel):
    """A text's sentences in a notation."""

    notation: str
    sentences: list[dict[str, Any]]


class Ranked(BaseModel):
    """One premise, where it stood, and how well it fits."""

    index: int
    text: str
    score: float


class Ranking(BaseModel):
    """The premises that fit best, best first."""

    premises: list[Ranked]
    notes: list[str] = []


class ProverInfo(BaseModel):
    """A prover's version, or what is to be done to have it."""

    name: str
    version: str | None
    missing: str


class Provers(BaseModel):
    """The provers of this service."""

    provers: list[ProverInfo]


class Health(BaseModel):
    """Whether the service is there, or ready."""

    status: Literal["ok", "ready"]
    version: str
