"""The database's history, for alembic; ``neurosym.runs.store`` brings a database to its end."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HEAD = "0002"
VERSION_TABLE = "neurosym_version"
_FOLDER = Path(__file__).parent


def configuration() -> Config:
    """What alembic needs to find the migrations, wherever the package is installed."""
    config = Config()
    # Alembic's options know interpolation, so a percent sign in a folder's name is doubled.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database to ``HEAD`` within the connection's transaction.

    Raises what SQLAlchemy raises; neither this nor alembic is safe in two threads at once.
    """
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
