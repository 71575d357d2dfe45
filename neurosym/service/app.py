"""The application: routers, errors, and what lives as long as it does."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from neurosym import __version__
from neurosym.runs.store import Store
from neurosym.service import problems
from neurosym.service.admission import Admission
from neurosym.service.engine import Engine
from neurosym.service.metrics import Metrics
from neurosym.settings import Settings


def create_app(settings: Settings, engine: Engine | None = None) -> FastAPI:
    """The application; with its own engine, which it closes, unless one is given.

    Raises what ``Store.open`` raises where the database cannot be used.
    """
    own = engine is None
    if engine is None:
        engine = Engine(settings, Store.open(settings.database), Metrics())
    admission = Admission(settings.workers, settings.queue)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        admission.close()
        if own:
            engine.close()
            engine.store.close()

    app = FastAPI(title="neurosym", version=__version__, lifespan=lifespan)
    app.state.settings = settings
    app.state.engine = engine
    app.state.admission = admission
    problems.install(app)
    return app
