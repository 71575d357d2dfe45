"""``neurosym token``: who may ask the service."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from neurosym.cli import OK, complain, streams
from provers.errors import MissingToolError

if TYPE_CHECKING:
    from neurosym.service.tokens import Token, Tokens


def create(name: str, days: float | None, database: str | None, as_json: bool) -> int:
    """Print a new token: the only time that anyone can see it.

    Raises InputError for a name or a database that cannot be used, MissingToolError where the
    service is not installed.
    """
    with _opened(database) as tokens:
        token, secret = tokens.create(name, days)
    if as_json:
        streams.print_json({**_described(token), "token": secret}, pretty=True)
    else:
        streams.print_line(secret)
        complain(f"this is token {token.id}; nobody can see it again, so keep it now.")
    return OK


def list_all(database: str | None, as_json: bool) -> int:
    """Print what is known of each token, which is not its secret. Raises as ``create`` does."""
    with _opened(database) as tokens:
        found = [_described(token) for token in tokens.all()]
    if as_json:
        streams.print_json(found, pretty=True)
    elif not found:
        streams.print_line("There is no token; 'neurosym token create' makes one.")
    else:
        _print(found)
    return OK


def revoke(id: str, database: str | None, as_json: bool) -> int:
    """Make a token of no use. Raises InputError where there is none of that id."""
    with _opened(database) as tokens:
        token = tokens.revoke(id)
    if as_json:
        streams.print_json(_described(token), pretty=True)
    else:
        streams.print_line(f"Token {token.id} is revoked.")
    return OK


@contextlib.contextmanager
def _opened(database: str | None) -> Iterator[Tokens]:
    if any(find_spec(name) is None for name in ("alembic", "sqlalchemy")):
        raise MissingToolError("the service is not installed: pip install 'neurosym[service]'.")
    from neurosym.runs.database import open_database
    from neurosym.service.tokens import Tokens
    from neurosym.settings import default_database

    engine = open_database(default_database() if database is None else database)
    try:
        yield Tokens(engine)
    finally:
        engine.dispose()


def _described(token: Token) -> dict[str, Any]:
    valid = token.valid(time.time())
    return {
        "id": token.id,
        "name": token.name,
        "state": "valid" if valid else "expired" if token.revoked is None else "revoked",
        "created": _date(token.created),
        "expires": _date(token.expires),
        "revoked": _date(token.revoked),
    }


def _date(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    date = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return date.isoformat(timespec="seconds").replace("+00:00", "Z")


def _print(found: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False)
    for title in ("Id", "Name", "State", "Created", "Expires"):
        table.add_column(title, no_wrap=title != "Name")
    for one in found:
        table.add_row(
            one["id"],
            Text(streams.shown(one["name"])),
            one["state"],
            one["created"],
            one["expires"] or "never",
        )
    streams.console().print(table)
