"""``neurosym serve``: the HTTP service, one process with nothing to configure."""

from __future__ import annotations

import dataclasses
import logging
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Literal

from neurosym.cli import OK, complain
from provers.errors import MissingToolError

_NEEDED = ("alembic", "bm25s", "fastapi", "prometheus_client", "sqlalchemy", "uvicorn")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line; None: as the settings have it."""

    host: str | None = None
    port: int | None = None
    database: str | None = None
    workers: int | None = None
    queue: int | None = None
    timeout: float | None = None
    seconds: float | None = None
    grace: float | None = None
    model: str | None = None
    auth: Literal["auto", "required", "off"] | None = None
    origins: tuple[str, ...] | None = field(default=None)
    access_log: bool = True


def run(options: Options) -> int:
    """Serve until SIGTERM or Ctrl-C.

    Raises InputError for an address or database that cannot be used or settings that are not
    safe, MissingToolError where the service is not installed.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingToolError("the service is not installed: pip install 'neurosym[service]'.")
    from neurosym.runs.store import Store
    from neurosym.service import journal, serving
    from neurosym.service.app import create_app
    from neurosym.service.engine import Engine
    from neurosym.service.metrics import Metrics
    from neurosym.service.tokens import Tokens, require_safe
    from neurosym.settings import Settings
    from provers import sandbox

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="neurosym: %(message)s")
    if options.access_log:
        journal.write_to(sys.stderr)
    chosen = {
        k: v for k, v in dataclasses.asdict(options).items() if v is not None and k != "access_log"
    }
    settings = Settings(**chosen)
    with serving.listen(settings.host, settings.port) as listening:
        store = Store.open(settings.database)
        try:
            require_safe(settings, Tokens(store.engine))
            engine = Engine(settings, store, Metrics())
            app = create_app(settings, engine)
            url = serving.url_of(listening)

            def ready() -> None:
                complain(f"listening at {url} (API: {url}/openapi.json)")
                token = "requests need a token" if settings.needs_token else "no token is needed"
                complain(f"{token}; results are kept in {_shown(settings.database)}")
                for line in sandbox.describe():
                    complain(line)

            try:
                serving.run(app, listening, settings.grace, ready)
            finally:
                engine.close()
        finally:
            store.close()
    return OK


def _shown(url: str) -> str:
    """A database's URL without a password."""
    from sqlalchemy.engine import make_url

    return make_url(url).render_as_string(hide_password=True)
