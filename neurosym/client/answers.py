"""What a service answers, as its JSON is; the service's OpenAPI document says what each means."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Json = dict[str, Any]


class Options(TypedDict, total=False):
    """What may be chosen for a request; what is left out, the service chooses."""

    prover: Literal["z3", "cvc5", "eprover", "vampire", "lean", "portfolio"]
    timeout: float
    budget: float
    cache: bool


class VerifyOptions(Options, total=False):
    """What may be chosen for verification."""

    model: bool
    certify: bool


class ScoreOptions(Options, total=False):
    """What may be chosen for scores."""

    model: bool
    weights: dict[str, float | None]
    aggregate: str


class Step(TypedDict):
    """What came of one step."""

    index: int
    text: str
    verdict: str
    reason: str
    flags: list[str]
    formal: Json | None
    prover: str | None
    evidence: Json | None
    certificate: Json | None
    seconds: float
    depends_on: list[str]
    messages: list[str]
    claims: NotRequired[list[Json]]
    guess: NotRequired[Json]


class Report(TypedDict):
    """The report on a record; ``interrupted``: not all of it was reached."""

    id: str | int
    verdict: str
    steps: list[Step]
    question: Json
    answer: Json
    summary: Json
    translation: NotRequired[Json]
    interrupted: NotRequired[bool]


class Outcome(TypedDict):
    """What came of a formal problem."""

    id: str | int
    outcome: str
    reason: str
    szs: str
    prover: str
    seconds: float
    flags: list[str]
    evidence: Json | None
    messages: list[Json]
    status: NotRequired[str]


class Translation(TypedDict):
    """A text's sentences in a notation."""

    notation: str
    sentences: list[Json]


class Ranked(TypedDict):
    """One premise, where it stood, and how well it fits."""

    index: int
    text: str
    score: float


class Scored(TypedDict):
    """One record's scores; without them ``error`` says why."""

    id: str | int
    verdict: str
    steps: list[Json]
    score: float | None
    outcome: Json | None
    complete: bool
    aggregate: NotRequired[str]
    error: NotRequired[str]


class Job(TypedDict):
    """A job; once it has ended, what came of its ``input`` (result) or ``inputs`` (results)."""

    id: str
    kind: Literal["verify", "prove"]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: Json
    created: str
    started: str | None
    finished: str | None
    error: Json | None
    result: NotRequired[Json | None]
    results: NotRequired[list[Json | None]]


class ProverInfo(TypedDict):
    """A prover's version, or what is to be done to have it."""

    name: str
    version: str | None
    missing: str


class Health(TypedDict):
    """That a service is alive, and its version."""

    status: str
    version: str
