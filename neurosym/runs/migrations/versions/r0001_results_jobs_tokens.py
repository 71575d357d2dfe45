"""Results, jobs and their outputs, tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "results",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("budget", sa.Double()),
        sa.Column("created", sa.Double(), nullable=False),
    )
    op.create_index("results_by_age", "results", ["created", "size"])
    op.create_table(
        "jobs",
        sa.Column("serial", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("many", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.Column("error", sa.LargeBinary()),
        sa.Column("subject", sa.String(64)),
        sa.Column("idempotency", sa.String(64), unique=True),
        sa.Column("owner", sa.String(200)),
        sa.Column("until", sa.Double()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("started", sa.Double()),
        sa.Column("finished", sa.Double()),
        # Serials are never given out again, so that a page of the list cannot show a job twice.
        sqlite_autoincrement=True,
    )
    op.create_index("jobs_by_state", "jobs", ["state", "serial"])
    op.create_index("jobs_by_end", "jobs", ["finished"])
    op.create_table(
        "outputs",
        sa.Column(
            "job",
            _SERIAL,
            sa.ForeignKey("jobs.serial", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("expires", sa.Double()),
        sa.Column("revoked", sa.Double()),
    )
