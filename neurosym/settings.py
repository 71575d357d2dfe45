"""What the service is set to; built by ``cli`` and ``service`` only, libraries take arguments."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

MEGABYTE = 1024 * 1024


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def data_folder() -> Path:
    """Where results and jobs are kept: ``NEUROSYM_DATA_HOME``, else the user's data folder."""
    chosen = os.environ.get("NEUROSYM_DATA_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "neurosym"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "neurosym"


def premises_folder() -> Path:
    """Where the user's corpus of premises is."""
    return data_folder() / "premises"


def project_corpus(folder: Path) -> Path:
    """Where the corpus of a Lean project is, once ``neurosym project index`` made it."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return data_folder() / "projects" / name


def default_database() -> str:
    """The URL of the SQLite file in the user's data folder."""
    return f"sqlite:///{data_folder() / 'neurosym.db'}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service listens, what it may use, and what one request may ask for.

    ``workers``: pieces of work, and solver processes, at once. ``queue``: pieces of work that
    wait for a worker; more are answered 429. ``seconds`` and ``timeout`` are the budget of a
    request and the limit of each question to a prover where a request names none, ``max_seconds``
    and ``max_timeout`` the most that one may name. ``body_seconds``: how long a client may take
    to send a request. ``grace``: how long running work may go on after SIGTERM. ``auth``:
    ``auto`` asks for a token unless the service listens on a loopback address only.
    ``job_workers``: jobs that are worked on at once. ``job_queue``: jobs that may wait;
    ``job_inputs``: inputs of one. ``job_days``: how long a job that has ended is kept. ``lease``:
    seconds after which others take over the jobs of a server that fell silent. ``model``: a form
    that ``open_model`` takes; empty for none.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    database: str = field(default_factory=default_database)
    workers: int = field(default_factory=cores)
    queue: int = 64
    timeout: float = 10.0
    max_timeout: float = 300.0
    seconds: float = 60.0
    max_seconds: float = 3600.0
    megabytes: int = 2048
    max_body: int = 8 * MEGABYTE
    max_steps: int = 5_000
    max_depth: int = 64
    body_seconds: float = 30.0
    grace: float = 10.0
    sessions: int = 256
    session_seconds: float = 900.0
    auth: Literal["auto", "required", "off"] = "auto"
    job_workers: int = field(default_factory=lambda: max(1, cores() // 2))
    job_queue: int = 10_000
    job_inputs: int = 1_000
    job_days: float = 7.0
    lease: float = 20.0
    origins: tuple[str, ...] = ()
    model: str = ""

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")

    @property
    def needs_token(self) -> bool:
        """Whether requests must carry a token."""
        return self.auth == "required" or (self.auth == "auto" and not self.loopback)
