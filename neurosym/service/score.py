"""``POST /v1/score``: what steps are worth, for those who train models on them.

For one record the answer is its scores; for ``{"records": [...]}`` it is ``{"records": [...]}`` in
the same order. What labels and scores mean is said in ``neurosym.verify.scoring``. In a batch each
record takes its own turn, so that a large one lets others' requests through; one that cannot be
verified is an entry with ``error``, and the others are scored. The budget is the whole request's.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from pydantic_core import from_json
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.admission import Admission
from neurosym.service.engine import Ask, Engine
from neurosym.service.problems import ServiceProblem, problem_for, responses
from neurosym.service.routes.verify import few_enough
from neurosym.service.schemas import JANET, REX, VerifyOptions
from neurosym.service.watch import Watch
from neurosym.verify.records import Outset, Record, explain, record_of
from neurosym.verify.scoring import PLAIN, Aggregate, Weights, score_report, unscored
from provers.errors import BrokenToolError, InputError, MissingToolError

router = APIRouter(tags=["score"])
MAX_RECORDS = 1024
_PAUSE = 0.05  # before a batch asks again for a place that it did not get
_NO_PLACE = "the request's budget was spent before there was a place; send it again later."
_LOG = logging.getLogger(__name__)
_OWN = frozenset(Record.model_fields)


class ScoreRequest(VerifyOptions, Outset):
    """The reasoning to score, or many ``records`` of it, and how."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                JANET,
                {
                    "records": [JANET, REX],
                    "weights": {"proved": 1, "refuted": -1, "independent": -0.5},
                    "aggregate": "mean",
                },
            ]
        }
    )

    steps: list[str] | None = None
    solution: str | None = None
    records: list[Any] | None = Field(
        None,
        min_length=1,
        max_length=MAX_RECORDS,
        description="Many in the place of one: objects with the fields of one record each.",
    )
    weights: Annotated[Weights, WithJsonSchema(Weights.model_json_schema())] = Field(
        PLAIN, description="What a step of each verdict scores; null: left out of the aggregate."
    )
    aggregate: Aggregate = Field("min", description="How the steps' scores become one.")

    @model_validator(mode="after")
    def _one_or_many(self) -> ScoreRequest:
        if self.records is not None:
            if _OWN & self.model_fields_set:
                raise ValueError("give 'records' or the fields of one record, not both")
            return self
        try:
            self.record()
        except ValidationError as error:
            raise ValueError(explain(error).rstrip(".")) from error
        return self

    def record(self) -> Record:
        """The one record. Raises ValidationError where it is none."""
        return Record.model_validate({name: getattr(self, name) for name in _OWN})

    def asked(self, engine: Engine) -> Ask:
        """What is asked for, within what the settings allow."""
        return self.ask(engine.settings, model=self.model)


# --- answers, for OpenAPI alone ------------------------------------------------------------


class StepScore(BaseModel):
    """A step's label (-1, 0, +1) and score; ``counted``: whether the aggregate has it."""

    index: int
    verdict: str
    reason: str
    flags: list[str]
    label: int
    score: float
    counted: bool


class OutcomeScore(BaseModel):
    """What the verdict on the whole is worth, and the verdict on the answer."""

    verdict: str
    answer: str
    label: int
    score: float


class Scored(BaseModel):
    """One record's scores; without them ``error`` says why."""

    id: str | int
    verdict: str
    steps: list[StepScore]
    score: float | None = Field(description="The aggregate of the steps.")
    aggregate: Aggregate | None = None
    outcome: OutcomeScore | None
    complete: bool
    error: str | None = None


class ScoredMany(BaseModel):
    """The scores of many records, in their order."""

    records: list[Scored]


# --- the route -----------------------------------------------------------------------------


@router.post(
    "/v1/score",
    summary="Score steps for training",
    responses={
        200: {"model": Scored | ScoredMany},
        **responses(400, 401, 413, 415, 422, 429, 503),
    },
    openapi_extra=takes(ScoreRequest),
)
async def score(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[ScoreRequest, Depends(body_of(ScoreRequest))],
) -> Response:
    """For each step a label (-1 refuted, 0 undecided, +1 proved without a flag) and a score (the
    weight of its verdict); for the whole an aggregate and an outcome.

    Flags such as `vacuous`, `unfaithful` or `depends_on_refuted` cost the +1. Many `records` are
    answered in order; one that cannot be verified is an entry with `error`.
    """
    ask = body.asked(engine)

    def scored(record: Record, report: dict[str, Any]) -> dict[str, Any]:
        return score_report(
            report, world=record.world, weights=body.weights, aggregate=body.aggregate
        )

    batch = _Batch(request, engine, admission, ask, scored, time.monotonic() + ask.seconds)
    if body.records is None:
        record = body.record()
        few_enough(len(record.steps or ()), engine)
        return json_response(await batch.one(record))
    return json_response({"records": await batch.all(body.records)})


@dataclass
class _Batch:
    """The records of one request on their way; ``deadline`` holds for all of them."""

    request: Request
    engine: Engine
    admission: Admission
    ask: Ask
    scored: Callable[[Record, dict[str, Any]], dict[str, Any]]
    deadline: float
    given_up: bool = field(default=False, init=False)

    async def one(self, record: Record) -> dict[str, Any]:
        """One record's scores. Raises what verifying raises, and ServiceProblem 429 or 503."""
        if self.ask.cache:
            kept = await self.admission.lookup(lambda: self._kept(record))
            if kept is not None:
                return kept
        left = max(0.0, self.deadline - time.monotonic())
        return await self.admission.run(self.request, lambda w: self._afresh(record, w), left)

    def _kept(self, record: Record) -> dict[str, Any] | None:
        found = self.engine.verified(record, self.ask)
        return None if found is None else self.scored(record, from_json(found))

    def _afresh(self, record: Record, watch: Watch) -> dict[str, Any]:
        report = self.engine.verify_afresh(record, self.ask, watch)
        self.given_up = self.given_up or watch.stopped() == "cancelled"
        return self.scored(record, report)

    async def all(self, records: Sequence[Any]) -> list[dict[str, Any]]:
        """Every record's scores, as many records at once as there are workers.

        Raises ServiceProblem 429 where not even the first gets a place, 503 where the service
        ends; what ``one`` raises for a record is its entry.
        """
        entries: list[dict[str, Any]] = [{} for _ in records]
        waiting = deque(enumerate(records))
        lanes = [
            asyncio.ensure_future(self._work(waiting, entries, first=i == 0))
            for i in range(min(self.admission.workers, len(records)))
        ]
        try:
            await asyncio.gather(*lanes)
        finally:
            for lane in lanes:
                lane.cancel()
        if self.given_up:
            raise ServiceProblem(503, "the request was given up.", headers={"Retry-After": "1"})
        return entries

    async def _work(
        self, waiting: deque[tuple[int, Any]], entries: list[dict[str, Any]], *, first: bool
    ) -> None:
        """Score what waits; once something is scored, a full queue is waited for, not an error."""
        while waiting and not self.given_up:
            if any(entries) and self.admission.waiting >= self.admission.queue:
                await asyncio.sleep(_PAUSE)
                if time.monotonic() < self.deadline:
                    continue
            place, data = waiting.popleft()
            try:
                entries[place] = await self._entry(data, str(place + 1))
            except ServiceProblem as error:
                if error.status != 429 or (first and not any(entries)):
                    raise
                if time.monotonic() < self.deadline:
                    waiting.append((place, data))
                else:
                    entries[place] = unscored(_id(data, str(place + 1)), "failed", _NO_PLACE)

    async def _entry(self, data: Any, default_id: str) -> dict[str, Any]:
        """One record's scores, or why it has none.

        Raises ServiceProblem as ``one``, and MissingToolError: no record can do without the tool.
        """
        name = _id(data, default_id)
        try:
            return await self.one(_record(data, default_id, self.engine))
        except InputError as error:
            return unscored(name, "ill_formed", str(error))
        except BrokenToolError as error:
            return unscored(name, "failed", problem_for(error).detail)
        except (ServiceProblem, MissingToolError):
            raise
        except Exception:  # noqa: BLE001 - it is this record's, and not the batch's
            _LOG.exception("a record could not be scored")
            return unscored(name, "failed", "something went wrong here; it can be sent again.")


def _id(data: Any, default_id: str) -> str | int:
    given = data.get("id") if isinstance(data, dict) else None
    return given if isinstance(given, str | int) else default_id


def _record(data: Any, default_id: str, engine: Engine) -> Record:
    """A record of a batch, as strictly read as one by itself. Raises InputError."""
    unknown = sorted(set(data) - _OWN) if isinstance(data, dict) else ()
    if unknown:
        raise InputError(f"the field '{unknown[0][:40]}' is wrong: there is none of this name.")
    record = record_of(data, default_id)
    most = engine.settings.max_steps
    if len(record.steps or ()) > most:
        raise InputError(f"the field 'steps' is wrong: at most {most:,} steps are read.")
    return record
