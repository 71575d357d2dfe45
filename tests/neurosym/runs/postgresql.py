"""A real PostgreSQL server for tests, from whatever installation there is."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MISSING = "needs a PostgreSQL server's programs: initdb and postgres"


def find() -> Path | None:
    """The folder with ``initdb`` and ``postgres`` in it; Debian puts it on no path."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = (p for p in places if (p / "initdb").exists() and (p / "postgres").exists())
    return next(found, None)


@contextlib.contextmanager
def server(programs: Path) -> Iterator[str]:
    """The URL of a new server, without the database's name, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="neurosym-pg-"))
    run_as = _unprivileged(folder)
    data = folder / "data"
    words = ["--username=neurosym", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    log = folder / "log"
    try:
        subprocess.run(
            [programs / "initdb", *words, data], check=True, capture_output=True, **run_as
        )
        options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
        with log.open("wb") as file:
            running = subprocess.Popen(
                [programs / "postgres", "-D", data, *options], stdout=file, stderr=file, **run_as
            )
        try:
            _wait(running, folder, log)
            yield f"postgresql+psycopg://neurosym@/{{}}?host={folder}"
        finally:
            running.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            running.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then somebody else owns the folder and runs it."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
        "cwd": folder,
        "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"},
    }


def _wait(running: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"host={folder} user=neurosym dbname=postgres").close()
        except psycopg.OperationalError:
            words = log.read_text(errors="replace")
            assert running.poll() is None and time.monotonic() < deadline, words
            time.sleep(0.05)
        else:
            return
