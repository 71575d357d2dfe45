"""The tables of the database, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()
# SQLite counts up by itself only in a column whose type is INTEGER.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")

# Outputs by content key. ``budget``: seconds that an ``unknown`` was given; NULL: conclusive.
results = Table(
    "results",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("budget", Double),
    Column("created", Double, nullable=False),
    Index("results_by_age", "created", "size"),
)

# ``body`` is a JSON array of ``total`` inputs; ``many``: it came as one, too.
# ``owner``, ``until`` and ``attempt`` are the lease of a running job; ``deaths`` counts the
# servers that died with it. ``subject``: whose job it is (a token's id), where tokens are used.
jobs = Table(
    "jobs",
    metadata,
    Column("serial", _SERIAL, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("many", Boolean, nullable=False),
    Column("total", Integer, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("error", LargeBinary),
    Column("subject", String(64)),
    Column("idempotency", String(64), unique=True),
    Column("owner", String(200)),
    Column("until", Double),
    Column("attempt", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("created", Double, nullable=False),
    Column("started", Double),
    Column("finished", Double),
    Index("jobs_by_state", "state", "serial"),
    Index("jobs_by_end", "finished"),
    sqlite_autoincrement=True,
)

# One row for each input of a job that is done, so that a job goes on where it stood.
outputs = Table(
    "outputs",
    metadata,
    Column(
        "job",
        _SERIAL,
        ForeignKey("jobs.serial", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

# ``digest`` is SHA-256 of the secret, which is stored nowhere. Times are seconds since 1970.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", Double, nullable=False),
    Column("expires", Double),
    Column("revoked", Double),
)

# A batch's problems, written when all attempts at one are made; ``position`` is its place in the
# inputs, from 0. ``votes``: how many attempts have the chosen answer; ``tries``: how often workers
# died of it. ``digest``: SHA-256 of the problem, so that runs can be compared.
problems = Table(
    "batch_problems",
    metadata,
    Column("position", _SERIAL, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("form", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("file", Text, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("gold", Text),
    Column("outcome", String(32), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("answer", Text),
    Column("correct", Boolean),
    Column("solved", Boolean, nullable=False),
    Column("chosen", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("successes", Integer, nullable=False),
    Column("prover", String(64), nullable=False),
    Column("seconds", Double, nullable=False),
    Column("prover_seconds", Double, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("stopped", String(32), nullable=False),
)

# Attempts, each written as soon as it is made. ``body``: its output as JSON, deflated.
attempts = Table(
    "batch_attempts",
    metadata,
    Column("position", _SERIAL, primary_key=True, autoincrement=False),
    Column("sample", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(32), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("answer", Text),
    Column("solved", Boolean, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("prover", String(64), nullable=False),
    Column("seconds", Double, nullable=False),
    Column("prover_seconds", Double, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# How often workers died of an attempt that is still to be made.
deaths = Table(
    "batch_deaths",
    metadata,
    Column("position", _SERIAL, primary_key=True, autoincrement=False),
    Column("sample", Integer, primary_key=True, autoincrement=False),
    Column("tries", Integer, nullable=False),
    Column("why", Text, nullable=False),
)
