"""``/v1/verify``: a whole record, answered at the end, or by events while it is verified."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, events, json_response, takes
from neurosym.service.engine import Ask, Engine
from neurosym.service.problems import ServiceProblem, responses
from neurosym.service.schemas import Report, VerifyRequest
from neurosym.service.watch import Watch

router = APIRouter(tags=["verify"])
_EVENTS = "text/event-stream"


@router.post(
    "/v1/verify",
    summary="Verify reasoning step by step",
    responses={
        200: {
            "model": Report,
            "description": "The report; or one event `step` for each step as soon as it is "
            "verified, and then one event `report`.",
            "content": {_EVENTS: {"schema": {}}},
        },
        **responses(400, 401, 413, 415, 422, 429, 503),
    },
    openapi_extra=takes(VerifyRequest),
)
async def verify(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[VerifyRequest, Depends(body_of(VerifyRequest))],
) -> Response:
    """Each step that claims something gets a verdict from a prover, with evidence.

    Give `steps`, or a `solution` that is divided into them. What the budget did not suffice for
    is `unknown` with the reason `timeout`, and the report says that it is `interrupted`.
    """
    if body.steps is not None:
        few_enough(len(body.steps), engine)
    ask = body.asked(engine.settings)
    if body.stream or _EVENTS in request.headers.get("accept", ""):
        items = admission.stream(
            request, lambda watch: _named(engine, body, ask, watch), ask.seconds
        )
        return await events(request, items)
    if ask.cache:
        found = await admission.lookup(lambda: engine.verified(body, ask))
        if found is not None:
            return json_response(found, cached=True)
    report = await admission.run(
        request, lambda watch: engine.verify_afresh(body, ask, watch), ask.seconds
    )
    return json_response(report)


def few_enough(steps: int, engine: Engine) -> None:
    """Raise ServiceProblem 422 where there are more steps than the settings allow."""
    most = engine.settings.max_steps
    if steps > most:
        detail = f"{steps:,} steps are too many; at most {most:,} are read"
        errors = [{"field": "steps", "detail": detail}]
        raise ServiceProblem(422, f"the field 'steps' is wrong: {detail}.", errors=errors)


def _named(
    engine: Engine, body: VerifyRequest, ask: Ask, watch: Watch
) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in engine.verify_steps(body, ask, watch):
        yield ("report", item["report"]) if "report" in item else ("step", item)
