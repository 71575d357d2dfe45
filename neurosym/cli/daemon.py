"""``neurosym daemon``: the background process that keeps Lean warm between commands."""

from __future__ import annotations

from typing import Any

from neurosym.cli import FOUND, OK, streams
from provers.errors import MissingToolError
from provers.lean import client, runtime


def status(as_json: bool) -> int:
    """Print what the process says of itself; the status is 1 where none runs."""
    found = client.status()
    if as_json:
        streams.print_json({"running": found is not None, **_described(found)}, pretty=True)
    elif found is None:
        streams.print_line(
            "No background process runs; the first command that needs Lean starts it."
        )
    else:
        _print(found)
    return FOUND if found is None else OK


def start(as_json: bool) -> int:
    """Start it, setting Lean up first if need be, in the place of one of another version."""
    if not runtime.wanted():
        raise MissingToolError(
            f"There can be no background process here: unset {runtime.OFF}, or set "
            "XDG_RUNTIME_DIR or NEUROSYM_CACHE to a folder with a shorter name."
        )
    found = client.status()
    if found is None or not client.fits(found):
        from neurosym.cli import setup

        setup.ensure()
        if found is not None:
            client.replace()
        client.start()
    return status(as_json)


def stop(as_json: bool) -> int:
    """Stop it, if it runs, and whatever it is doing."""
    pid = client.stop()
    if as_json:
        streams.print_json({"stopped": pid}, pretty=True)
    elif pid is None:
        streams.print_line("No background process was running.")
    else:
        streams.print_line(f"The background process {pid} was stopped.")
    return OK


def _described(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return {}
    facts = {key: value for key, value in found.items() if key not in ("state", "identity")}
    return {**facts, "current": client.fits(found)}


def _print(found: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    console = streams.console()
    lines = [
        f"Process {found['pid']}: neurosym {found['neurosym']}, "
        f"Lean {found['lean']} ({found['toolchain']})",
        f"up {_span(found['uptime'])}, {found['answered']} requests answered, "
        f"{found['at_work']} at work; ends after {_span(found['idle_left'])} without work",
    ]
    if not client.fits(found):
        lines.append("It is not of this version: the next command that needs Lean replaces it.")
    for line in lines:
        console.print(Text(streams.shown(line)), soft_wrap=True)
    if not found["workers"]:
        return
    table = Table(show_edge=False, pad_edge=False)
    for title in ("Server", "Imports", "State", "Served", "Restarts", "Memory"):
        table.add_column(title)
    for worker in found["workers"]:
        state = "busy" if worker["busy"] else "ready" if worker["ready"] else "starting"
        table.add_row(
            str(worker["pid"]),
            Text(streams.shown("; ".join(worker["headers"]))),
            state,
            str(worker["served"]),
            str(worker["restarts"]),
            f"{worker['megabytes']} MB",
        )
    console.print(table)


def _span(seconds: float) -> str:
    """``3 min 20 s``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
