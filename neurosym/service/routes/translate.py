"""``/v1/translate``: text to formal statements."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.problems import responses
from neurosym.service.schemas import TranslateRequest, Translation

router = APIRouter(tags=["translate"])


@router.post(
    "/v1/translate",
    summary="Translate text to formal statements",
    responses={200: {"model": Translation}, **responses(400, 401, 413, 415, 422, 429, 502, 503)},
    openapi_extra=takes(TranslateRequest),
)
async def translate(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[TranslateRequest, Depends(body_of(TranslateRequest))],
) -> Response:
    """Each sentence in the notation `to`; a sentence that is not read is `untranslated`."""
    ask = body.asked(engine.settings)
    found = await admission.run(
        request, lambda watch: engine.translate(body.text, body.to, ask, watch), ask.seconds
    )
    return json_response(found)
