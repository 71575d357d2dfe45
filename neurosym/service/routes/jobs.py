"""``/v1/jobs``: long work, taken on now and asked about later."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag, model_validator
from pydantic_core import from_json, to_json

from neurosym.runs.jobs import ENDED, Job
from neurosym.service.access import TheEngine, body_of, json_response
from neurosym.service.guard import subject_of
from neurosym.service.problems import ServiceProblem, responses
from neurosym.service.routes.verify import few_enough
from neurosym.service.runner import Runner
from neurosym.service.schemas import JANET, REX, ProveRequest, VerifyRequest

router = APIRouter(tags=["jobs"])
_ID = re.compile(r"[0-9a-f]{32}")
_EXAMPLE = "0f8fad5bd9cb469fa16570867728950e"
_RETRY_SECONDS = 10


class _Inputs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _one_of_both(cls, data: Any) -> Any:
        if isinstance(data, dict) and (data.get("input") is None) == (data.get("inputs") is None):
            raise ValueError("give either 'input' or 'inputs'")
        return data


class VerifyJob(_Inputs):
    """Records to verify: one, or many."""

    kind: Literal["verify"]
    input: VerifyRequest | None = Field(None, description="What POST /v1/verify takes.")
    inputs: list[VerifyRequest] | None = Field(None, min_length=1, description="Many of them.")


class ProveJob(_Inputs):
    """Formal problems: one, or many."""

    kind: Literal["prove"]
    input: ProveRequest | None = Field(None, description="What POST /v1/prove takes.")
    inputs: list[ProveRequest] | None = Field(None, min_length=1, description="Many of them.")


def _kind(data: Any) -> str | None:
    kind = data.get("kind") if isinstance(data, dict) else getattr(data, "kind", None)
    return kind if isinstance(kind, str) else None


_Job: TypeAlias = Annotated[
    Annotated[VerifyJob, Tag("verify")] | Annotated[ProveJob, Tag("prove")],
    Discriminator(
        _kind,
        custom_error_type="kind",
        custom_error_message="the field 'kind' must be 'verify' or 'prove'",
    ),
]


class JobRequest(RootModel[_Job]):
    """What is to be done, and for which input or inputs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"kind": "verify", "input": JANET},
                {"kind": "verify", "inputs": [JANET, REX]},
                {"kind": "prove", "input": {"premises": ["P(a)"], "goal": "P(a)"}},
            ]
        }
    )


# --- answers, for OpenAPI alone --------------------------------------------------------------


class Progress(BaseModel):
    """How many inputs are done, and how many there are."""

    completed: int
    total: int


class JobSummary(BaseModel):
    """What is known of a job."""

    id: str = Field(examples=[_EXAMPLE])
    kind: Literal["verify", "prove"]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: Progress
    created: datetime.datetime
    started: datetime.datetime | None
    finished: datetime.datetime | None
    error: dict[str, Any] | None = Field(
        None, description="Why it failed, as problem details (RFC 9457)."
    )


class JobState(JobSummary):
    """A job, and what came of it once it has ended."""

    result: dict[str, Any] | None = Field(None, description="Of a job that was given 'input'.")
    results: list[dict[str, Any] | None] | None = Field(
        None,
        description="Of a job that was given 'inputs', in their order; {'error': problem details} "
        "for one that could not be done, null for one that was not reached.",
    )


class JobPage(BaseModel):
    """Jobs, the newest first, and what to give as 'before' for those that follow."""

    jobs: list[JobSummary]
    next: int | None


def _body() -> dict[str, Any]:
    """The body of a request in OpenAPI: whole, with what is defined apart put in its place."""
    schema = JobRequest.model_json_schema()
    defined = schema.pop("$defs")

    def whole(part: Any) -> Any:
        if isinstance(part, list):
            return [whole(one) for one in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            rest = {name: value for name, value in part.items() if name != "$ref"}
            return whole(defined[part["$ref"].rpartition("/")[2]]) | rest
        return {name: whole(value) for name, value in part.items() if name != "examples"}

    examples = {str(i): {"value": one} for i, one in enumerate(schema.pop("examples"), 1)}
    content = {"schema": whole(schema), "examples": examples}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


# --- operations ------------------------------------------------------------------------------


def runner_of(request: Request) -> Runner:
    """Who works on the application's jobs."""
    runner: Runner = request.app.state.runner
    return runner


TheRunner: TypeAlias = Annotated[Runner, Depends(runner_of)]
Subject: TypeAlias = Annotated[str | None, Depends(subject_of)]
_JobId: TypeAlias = Annotated[
    str, Path(json_schema_extra={"pattern": "^[0-9a-f]{32}$", "examples": [_EXAMPLE]})
]


@router.post(
    "/v1/jobs",
    status_code=202,
    summary="Submit a job",
    response_model=JobSummary,
    responses=responses(400, 401, 413, 415, 422, 429),
    openapi_extra=_body(),
)
def submit(
    body: Annotated[JobRequest, Depends(body_of(JobRequest))],
    engine: TheEngine,
    runner: TheRunner,
    subject: Subject,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[ -~]+$",
            description="Sent again with the same body, it finds the job that is there already.",
        ),
    ] = None,
) -> Response:
    """Takes on a job, which outlives this server; ``Location`` says where to ask about it."""
    asked = body.root
    inputs = [asked.input] if asked.inputs is None else asked.inputs
    settings = engine.settings
    if len(inputs) > settings.job_inputs:
        raise ServiceProblem(
            422, f"{len(inputs):,} inputs are too many; at most {settings.job_inputs:,} are taken."
        )
    for one in inputs:
        if isinstance(one, VerifyRequest) and one.steps is not None:
            few_enough(len(one.steps), engine)
    dumped = [one.model_dump(mode="json", exclude_unset=True) for one in inputs if one is not None]
    submission = engine.store.jobs.submit(
        asked.kind,
        to_json(dumped),
        total=len(dumped),
        many=asked.inputs is not None,
        queue=settings.job_queue,
        subject=subject,
        idempotency=idempotency_key,
    )
    if submission.status == "mismatch":
        raise ServiceProblem(
            422, "another job was submitted under this Idempotency-Key: give a new key."
        )
    if submission.job is None:
        engine.metrics.rejected()
        raise ServiceProblem(
            429,
            f"{settings.job_queue:,} jobs are waiting already; try again in {_RETRY_SECONDS} s.",
            headers={"Retry-After": str(_RETRY_SECONDS)},
        )
    runner.wake()
    response = json_response(_summary(submission.job), status=202)
    response.headers["Location"] = f"/v1/jobs/{submission.job.id}"
    return response


@router.get("/v1/jobs", summary="List jobs", response_model=JobPage, responses=responses(401, 422))
def list_jobs(
    engine: TheEngine,
    subject: Subject,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[
        int | None, Query(ge=1, lt=2**63, description="The 'next' of the page before.")
    ] = None,
    state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None,
) -> Response:
    """The newest jobs first, a page at a time; with tokens, only those of the token."""
    found = engine.store.jobs.page(limit + 1, before=before, state=state, subject=subject)
    page = found[:limit]
    following = page[-1].serial if len(found) > limit else None
    return json_response({"jobs": [_summary(job) for job in page], "next": following})


@router.get(
    "/v1/jobs/{id}",
    summary="Ask about a job",
    response_model=JobState,
    responses=responses(401, 404),
)
def get_job(id: _JobId, engine: TheEngine, subject: Subject) -> Response:
    """A job's state, and what came of it once it has ended."""
    jobs = engine.store.jobs
    job = jobs.get(id, subject=subject) if _ID.fullmatch(id) else None
    if job is None:
        raise _missing()
    body = to_json(_summary(job))
    if job.state not in ENDED:
        return json_response(body)
    outputs = jobs.outputs(job)
    # The outputs are JSON already, and may be many and long.
    if job.many:
        listed = b",".join(outputs.get(i, b"null") for i in range(job.total))
        return json_response(body[:-1] + b',"results":[' + listed + b"]}")
    return json_response(body[:-1] + b',"result":' + outputs.get(0, b"null") + b"}")


@router.post(
    "/v1/jobs/{id}/cancel",
    summary="Cancel a job",
    response_model=JobSummary,
    responses=responses(401, 404, 409),
)
@router.delete(
    "/v1/jobs/{id}",
    summary="Cancel a job",
    response_model=JobSummary,
    responses=responses(401, 404, 409),
)
def cancel(id: _JobId, engine: TheEngine, runner: TheRunner, subject: Subject) -> Response:
    """Ends a job that has not ended; what was done of it can still be had."""
    job = engine.store.jobs.cancel(id, subject=subject) if _ID.fullmatch(id) else None
    if job is None:
        raise _missing()
    if job.state != "cancelled":
        raise ServiceProblem(409, f"the job has ended already: it is {job.state}.")
    runner.drop(id)
    return json_response(_summary(job))


def _missing() -> ServiceProblem:
    return ServiceProblem(404, "there is no such job.")


def _summary(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "progress": {"completed": job.completed, "total": job.total},
        "created": _time(job.created),
        "started": _time(job.started),
        "finished": _time(job.finished),
        "error": None if job.error is None else from_json(job.error),
    }


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    time = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
