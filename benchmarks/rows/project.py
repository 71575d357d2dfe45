"""Rows: inside a Lean project."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows


def _project(figures: Figures) -> list[Row]:
    fill, check, suggest = figures["fill"], figures["check"], figures["suggest"]
    trace, kills = figures["trace"], figures["kills"]
    true = fill["gaps"] - sum(fill["by_grade"]["false"].values())
    return [
        (
            f"Project of {check['modules']} modules, {fill['gaps']} sorries: true ones filled, "
            "false ones refuted, wrong",
            f"{fill['filled']} of {true}; {fill['false_refuted']} of {fill['gaps'] - true}; "
            f"{len(fill['wrong'])}",
        ),
        (
            "Project checked by two Leans, against one call of Lean for each file: times faster; "
            "when nothing changed",
            f"{check['times_faster']:.1f} ({check['seconds']:.0f} s); "
            f"{check['seconds_again']:.1f} s",
        ),
        (
            "A suggestion in a project that is warm, p50 / p90; tactics of a trace that leave the "
            "same state again",
            f"{suggest['p50_seconds']:.2f} / {suggest['p90_seconds']:.2f} s; "
            f"{trace['same_state']} of {trace['replayed']}",
        ),
        (
            f"`project prove` killed {kills['killed']} times: files that do not elaborate",
            str(len(kills["broken"])),
        ),
    ]


ROWS: Rows = {"project": _project}
