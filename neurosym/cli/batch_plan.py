"""``neurosym batch plan``: what a run will take, from a pilot of it."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from typing import TYPE_CHECKING, Any

from neurosym.cli import OK, complain, streams
from neurosym.cli.batch_run import Options, duration, executor_of, require

if TYPE_CHECKING:
    from neurosym.runs.batch.base import Configuration
    from neurosym.runs.batch.plan import Plan, Rates


def plan(
    options: Options,
    configuration: Configuration,
    *,
    pilot: int,
    records: int | None,
    nodes: int,
    price: float | None,
) -> int:
    """Work on a few of the problems, and say what all of them will take.

    Raises what a run raises.
    """
    require()
    from neurosym.runs.batch import plan as planning
    from neurosym.runs.batch.folder import RunFolder

    with tempfile.TemporaryDirectory(prefix="neurosym-plan-") as place:
        folder = RunFolder(place)
        executor = executor_of(options, configuration)
        try:
            begun = time.process_time()  # what a run needs, too, before it comes to that
            rates = planning.pilot(options.inputs, configuration, executor, folder, problems=pilot)
            rates = dataclasses.replace(rates, starting=rates.starting + begun)
        finally:
            executor.close()
        many = records or folder.manifest().records
    found = planning.plan(rates, many, nodes=nodes, price=price)
    if options.as_json:
        streams.print_json(_written(rates, found), pretty=True)
        return OK
    if len(rates.service) < min(pilot, many) // 2:
        complain(f"only {len(rates.service)} problems were there to measure.")
    console = streams.console()
    for line in _lines(rates, found):
        console.print(line, soft_wrap=True, markup=False)
    return OK


def _written(rates: Rates, found: Plan) -> dict[str, Any]:
    service = sorted(rates.service)
    measured = dataclasses.asdict(rates) | {
        "problems": len(service),
        "service": {
            "mean": sum(service) / len(service),
            "median": service[len(service) // 2],
            "most": service[-1],
        },
    }
    return {"measured": measured, "plan": dataclasses.asdict(found)}


def _lines(rates: Rates, found: Plan) -> list[str]:
    mean = sum(rates.service) / len(rates.service) * rates.stretch
    machines = f"{found.nodes:,} machines" if found.nodes > 1 else "this machine"
    lines = [
        f"measured on {len(rates.service):,} problems: {mean * 1000:,.1f} ms of a worker for each, "
        f"{rates.coordination * 1000:,.2f} ms of the coordinator",
        f"{found.problems:,} problems with {found.workers:,} workers on {machines}: "
        f"{duration(found.seconds)} (probably {duration(found.low)} to {duration(found.high)})",
        f"  memory: {found.megabytes_each_node:,.0f} MB on each machine at its most",
        f"  disk: {found.gigabytes_on_disk:,.2f} GB",
        f"  core hours: {found.core_hours:,.1f}",
    ]
    if found.tokens:
        lines.append(f"  tokens: {found.tokens:,.0f}")
    if found.cost is not None:
        lines.append(f"  cost: {found.cost:,.2f}")
    if found.saturated:
        lines.append(
            f"  the coordinator is the bottleneck: it keeps {found.most:,} workers busy; "
            "divide the inputs among several runs"
        )
    else:
        lines.append(f"  one coordinator keeps at most about {found.most:,} workers busy")
    return lines
