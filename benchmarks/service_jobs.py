"""Jobs of a service that is killed (SIGKILL) ten times while it works on 1,000 of them.

The server is a real ``neurosym serve``; a client submits the jobs with idempotency keys and asks
again whenever nobody answers. Whether a job ended twice is not asked of the service: triggers in
its database count every time that a job becomes ``done`` and every output that is written.
``interrupted`` counts the jobs that were being worked on when a kill came.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from benchmarks.load import HOST, free_port
from neurosym.runs.store import Store

JOBS = 1_000
KILLS = 10
_PATIENCE = 120.0
_AUDIT = """
CREATE TABLE audit (what TEXT, job INTEGER);
CREATE TRIGGER audit_done AFTER UPDATE OF state ON jobs WHEN NEW.state = 'done'
  BEGIN INSERT INTO audit VALUES ('done', NEW.serial); END;
CREATE TRIGGER audit_output AFTER INSERT ON outputs
  BEGIN INSERT INTO audit VALUES ('output', NEW.job); END;
"""


def run(data: Path, limit: int | None) -> dict[str, Any]:
    number = limit or JOBS
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "store.db"
        Store.open(f"sqlite:///{database}").close()
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.executescript(_AUDIT)
        service = _Service(database)
        start = time.monotonic()
        ids: dict[int, str] = {}
        client = threading.Thread(target=_submit, args=(service.url, number, ids))
        try:
            client.start()
            for kill in range(KILLS):
                _wait_for(database, (kill + 1) * number // (KILLS + 1))
                service.kill()
                service.start()
            client.join()
            _wait_for(database, number)
            seconds = time.monotonic() - start
            with httpx.Client(base_url=service.url, timeout=_PATIENCE) as asking:
                answers = {place: _result(asking, id) for place, id in ids.items()}
        finally:
            service.kill()
            client.join()
        return {**_figures(database, ids, answers), "seconds": seconds}


class _Service:
    """A server process on one port, which can be killed and started again."""

    def __init__(self, database: Path) -> None:
        self._port = free_port()
        self._database = database
        self.url = f"http://{HOST}:{self._port}"
        self.start()

    def start(self) -> None:
        words = ["serve", "--port", str(self._port), "--database", f"sqlite:///{self._database}"]
        with (self._database.parent / "said").open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "neurosym.cli", *words], stdout=said, stderr=said
            )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


# --- the client ----------------------------------------------------------------------------


def _question(place: int) -> tuple[dict[str, Any], str]:
    """A record that no other place has, and its verdict."""
    right = place % 3 > 0
    steps = [f"{place} + 17 = {place + (17 if right else 18)}."]
    return {"id": place, "steps": steps}, "proved" if right else "refuted"


def _submit(url: str, number: int, ids: dict[int, str]) -> None:
    with httpx.Client(base_url=url, timeout=_PATIENCE) as client:
        for place in range(number):
            body = {"kind": "verify", "input": _question(place)[0]}
            for _ in _attempts():
                # The server may die before or after it took the job on: the key tells.
                with contextlib.suppress(httpx.TransportError):
                    headers = {"Idempotency-Key": f"job-{place}"}
                    answer = client.post("/v1/jobs", json=body, headers=headers)
                    if answer.status_code == 202:
                        ids[place] = answer.json()["id"]
                        break


def _result(client: httpx.Client, id: str) -> dict[str, Any]:
    for _ in _attempts():
        with contextlib.suppress(httpx.TransportError):
            found: dict[str, Any] = client.get(f"/v1/jobs/{id}").json()
            return found
    return {}


def _attempts() -> Iterator[int]:
    deadline = time.monotonic() + _PATIENCE
    attempt = 0
    while time.monotonic() < deadline:
        yield attempt
        attempt += 1
        time.sleep(0.05)


# --- what the database says ----------------------------------------------------------------


def _asked(database: Path, question: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        return [row[0] for row in connection.execute(question)]


def _wait_for(database: Path, done: int) -> None:
    """Wait until so many jobs are done, or none more are for a long time."""
    last, changed = -1, time.monotonic()
    while last < done and time.monotonic() < changed + _PATIENCE:
        (found,) = _asked(database, "SELECT count(*) FROM jobs WHERE state = 'done'")
        if found != last:
            last, changed = found, time.monotonic()
        time.sleep(0.01)


def _figures(
    database: Path, ids: dict[int, str], answers: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    done = [place for place, answer in answers.items() if answer.get("state") == "done"]
    right = [place for place in done if answers[place]["result"]["verdict"] == _question(place)[1]]
    twice = "SELECT count(*) FROM (SELECT 1 FROM audit WHERE what = '%s' GROUP BY job HAVING %s)"
    return {
        "jobs": len(ids),
        "kills": KILLS,
        "interrupted": _asked(database, "SELECT count(*) FROM jobs WHERE deaths > 0")[0],
        "lost": len(ids) - len(done),
        "wrong": len(done) - len(right),
        "done_twice": _asked(database, twice % ("done", "count(*) > 1"))[0],
        "output_twice": _asked(database, twice % ("output", "count(*) > 1"))[0],
        "submitted_twice": _asked(database, "SELECT count(*) FROM jobs")[0] - len(ids),
    }
