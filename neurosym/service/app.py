"""The application: routers, errors, and what lives as long as it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from neurosym import __version__
from neurosym.runs.store import Store
from neurosym.service import guard, kimina, problems, score
from neurosym.service.admission import Admission
from neurosym.service.engine import Engine
from neurosym.service.metrics import Metrics
from neurosym.service.routes import (
    health,
    jobs,
    metrics,
    page,
    premises,
    prove,
    sessions,
    translate,
    verify,
)
from neurosym.service.runner import Runner
from neurosym.service.sessions import Sessions
from neurosym.service.tokens import Tokens
from neurosym.settings import Settings


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The application; with its own engine, which it closes, unless one is given.

    Raises what ``Store.open`` raises where the database cannot be used.
    """
    own = engine is None
    if engine is None:
        engine = Engine(settings, Store.open(settings.database), Metrics())
    admission = Admission(settings.workers, settings.queue, engine.metrics.rejected)
    runner = Runner(engine)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine.warm()
        runner.start()
        yield
        await asyncio.to_thread(runner.stop, settings.grace)
        admission.close()
        if own:
            engine.close()
            engine.store.close()

    app = FastAPI(
        title="neurosym",
        version=__version__,
        summary="Verifies reasoning step by step, with evidence that anyone can check again.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages for people load what they need from other hosts
        redoc_url=None,
        redirect_slashes=False,  # where to would be said by the client's own Host header
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.admission = admission
    app.state.runner = runner
    app.state.sessions = Sessions(settings.sessions, settings.session_seconds)
    problems.install(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    for module in (
        verify,
        sessions,
        prove,
        translate,
        premises,
        score,
        kimina,
        jobs,
        health,
        metrics,
        page,
    ):
        app.include_router(module.router)
    engine.metrics.watch(
        lambda: admission.waiting, lambda: admission.running, engine.store.jobs.count
    )
    guard.install(app, settings, engine.metrics, Tokens(engine.store.engine))
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, in which every error has its real form."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        problems.describe(document)
        guard.describe(document)
        app.openapi_schema = document
    return app.openapi_schema
