"""What says how the service is: its provers, and whether it is alive and ready."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from neurosym import __version__
from neurosym.service.access import TheAdmission, TheEngine, json_response
from neurosym.service.problems import ServiceProblem, responses
from neurosym.service.schemas import Health, Provers

router = APIRouter(tags=["service"])


@router.get(
    "/v1/provers",
    summary="The provers that are there",
    responses={200: {"model": Provers}, **responses(401, 503)},
)
async def provers(engine: TheEngine, admission: TheAdmission) -> Response:
    """Each prover's version, or what is to be done to have it."""
    return json_response({"provers": await admission.lookup(engine.provers)})


@router.get("/healthz", summary="Whether the service is alive", responses={200: {"model": Health}})
async def alive() -> Response:
    """Answered as long as the process can answer anything."""
    return json_response({"status": "ok", "version": __version__})


@router.get(
    "/readyz",
    summary="Whether the service can answer requests",
    responses={200: {"model": Health}, **responses(503)},
)
async def ready(engine: TheEngine, admission: TheAdmission) -> Response:
    """The database and the prover answer, and the service is not shutting down."""
    if admission.draining:
        raise ServiceProblem(503, "the service is shutting down.")
    why = await admission.lookup(engine.unready)
    if why:
        raise ServiceProblem(503, why)
    return json_response({"status": "ready", "version": __version__})
