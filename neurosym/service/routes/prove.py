"""``/v1/prove``: formal problems."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.problems import responses
from neurosym.service.schemas import Outcome, ProveRequest

router = APIRouter(tags=["prove"])


@router.post(
    "/v1/prove",
    summary="Prove a formal statement",
    responses={200: {"model": Outcome}, **responses(400, 401, 413, 415, 422, 429, 503)},
    openapi_extra=takes(ProveRequest),
)
async def prove(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[ProveRequest, Depends(body_of(ProveRequest))],
) -> Response:
    """First-order premises and a goal, a whole SMT-LIB script or TPTP file, or Lean 4 code.

    Formal text that cannot be read is an answer too: `ill_formed`, with the place.
    """
    ask = body.asked(engine.settings)
    if ask.cache:
        found = await admission.lookup(lambda: engine.proved(body, ask))
        if found is not None:
            return json_response(found, cached=True)
    outcome = await admission.run(
        request, lambda watch: engine.prove_afresh(body, ask, watch), ask.seconds
    )
    return json_response(outcome)
