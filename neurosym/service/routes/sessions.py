"""``/v1/sessions``: steps are verified one at a time, as a model writes them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.problems import responses
from neurosym.service.routes.verify import few_enough
from neurosym.service.schemas import (
    Report,
    SessionCreated,
    SessionRequest,
    StepsAdded,
    StepsRequest,
)
from neurosym.service.sessions import Sessions

router = APIRouter(prefix="/v1/sessions", tags=["verify"])


def sessions_of(request: Request) -> Sessions:
    """The sessions of the application."""
    sessions: Sessions = request.app.state.sessions
    return sessions


TheSessions = Annotated[Sessions, Depends(sessions_of)]


@router.post(
    "",
    status_code=201,
    summary="Begin reasoning whose steps come later",
    responses={201: {"model": SessionCreated}, **responses(400, 401, 413, 415, 422, 429, 503)},
    openapi_extra=takes(SessionRequest),
)
async def begin(
    engine: TheEngine,
    sessions: TheSessions,
    body: Annotated[SessionRequest, Depends(body_of(SessionRequest))],
) -> Response:
    """Give what the reasoning starts from; then send each step as soon as it is written.

    With `"stop_on": "refuted"` the session ends at its first refuted step.
    """
    ask = body.asked(engine.settings)
    session = engine.begin(body, ask, stop_on_refuted=body.stop_on == "refuted")
    sessions.add(session)
    place = f"/v1/sessions/{session.id}"
    answer = SessionCreated(
        id=session.id, steps=f"{place}/steps", seconds=engine.settings.session_seconds
    )
    response = json_response(answer, status=201)
    response.headers["Location"] = place
    return response


@router.post(
    "/{id}/steps",
    summary="Verify the next step, or the next few",
    responses={
        200: {"model": StepsAdded},
        **responses(400, 401, 404, 409, 413, 415, 422, 429, 503),
    },
    openapi_extra=takes(StepsRequest),
)
async def add(
    id: str,
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    sessions: TheSessions,
    body: Annotated[StepsRequest, Depends(body_of(StepsRequest))],
) -> Response:
    """The verdict on each step; `ended` says whether the session ended with a refuted one.

    With `index` a request can be repeated whose answer was lost.
    """
    few_enough(len(body.steps), engine)
    session = sessions.get(id)
    found = await admission.run(
        request, lambda watch: session.add(body.steps, body.index, watch), session.ask.seconds
    )
    return json_response(found)


@router.get(
    "/{id}",
    summary="The report on the steps so far",
    responses={200: {"model": Report}, **responses(401, 404, 409, 429, 503)},
)
async def report(
    id: str, request: Request, admission: TheAdmission, sessions: TheSessions
) -> Response:
    """What `/v1/verify` would answer had these been all steps."""
    session = sessions.get(id)
    return json_response(await admission.run(request, session.report, session.ask.seconds))


@router.delete(
    "/{id}", status_code=204, summary="Forget a session", responses={**responses(401, 404)}
)
async def end(id: str, sessions: TheSessions) -> Response:
    """A session that is not used is forgotten by itself, too."""
    sessions.remove(id)
    return Response(status_code=204)
