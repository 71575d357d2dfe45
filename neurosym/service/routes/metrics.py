"""``/metrics``: what the service counts, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine
from neurosym.service.metrics import MEDIA_TYPE
from neurosym.service.problems import responses

router = APIRouter(tags=["service"])


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **responses(401)},
)
async def metrics(engine: TheEngine, admission: TheAdmission) -> Response:
    """Verdicts, latencies, the queue, the cache and jobs, in Prometheus' text format."""
    return Response(await admission.lookup(engine.metrics.render), media_type=MEDIA_TYPE)
