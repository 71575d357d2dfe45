"""``/v1/premises``: which of many statements a proof may need."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.problems import responses
from neurosym.service.schemas import PremisesRequest, Ranking

router = APIRouter(tags=["premises"])


@router.post(
    "/v1/premises",
    summary="Rank premises for a goal",
    responses={200: {"model": Ranking}, **responses(400, 401, 413, 415, 422, 429, 503)},
    openapi_extra=takes(PremisesRequest),
)
async def premises(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[PremisesRequest, Depends(body_of(PremisesRequest))],
) -> Response:
    """The `k` that fit the goal best, best first.

    Of the `premises` that are given, by the words and names in common (BM25); without them, of
    the service's corpus (`neurosym premises build` and `index`), by all its retrievers.
    """
    found = await admission.run(
        request, lambda _: engine.premises(body.goal, body.premises, body.k)
    )
    return json_response(found)
