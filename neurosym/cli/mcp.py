"""``neurosym mcp``: an agent's tools, over standard input and output or HTTP."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import logging
import sys
from dataclasses import dataclass

from neurosym.cli import OK, complain
from provers.errors import MissingToolError

_NEEDED = ("mcp", "sqlalchemy", "alembic", "prometheus_client", "bm25s", "uvicorn")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line; a ``port`` of None is standard input and output."""

    port: int | None
    database: str | None
    workers: int | None
    model: str


def run(options: Options) -> int:
    """Serve until the client closes standard input, or a signal ends it."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        raise MissingToolError("the MCP server is not installed: pip install 'neurosym[service]'.")
    from neurosym.mcp.server import create_server, serve_http, serve_stdio
    from neurosym.runs.store import Store
    from neurosym.service.engine import Engine
    from neurosym.service.metrics import Metrics
    from neurosym.settings import Settings

    log = logging.StreamHandler(sys.stderr)
    log.setLevel(logging.WARNING)  # whatever level a library gives its own logger
    logging.basicConfig(handlers=[log])
    settings = Settings(model=options.model)
    if options.database is not None:
        settings = dataclasses.replace(settings, database=options.database)
    if options.workers is not None:
        settings = dataclasses.replace(settings, workers=options.workers)
    engine = Engine(settings, Store.open(settings.database), Metrics())

    @functools.cache
    def close() -> None:
        engine.close()
        engine.store.close()

    engine.warm()
    server = create_server(engine)
    if options.port is None:
        serve_stdio(server, close)
        return OK
    try:
        serve_http(server, options.port, lambda url: complain(f"listening at {url}"))
    finally:
        close()
    return OK
