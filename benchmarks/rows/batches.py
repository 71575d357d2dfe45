"""Rows: batches, their memory, and Ray."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows


def _batch(figures: Figures) -> list[Row]:
    over, kills = figures["overhead"], figures["kills"]
    plans = figures["plan"]
    sizes = ", ".join(f"{one['records']:,}" for one in plans)
    off = ", ".join(f"{one['off_percent']:+.1f}%" for one in plans)
    return [
        (
            f"Batch: {over['records']:,} first-order records, {over['workers']} workers: time over "
            "that of the provers alone; records a second",
            f"{over['overhead_percent']:.1f}%; {over['records_a_second']:.0f}",
        ),
        (
            f"Batch: killed {kills['kills']} times during {kills['records']:,} records: lost / "
            "different from an undisturbed run",
            f"{kills['lost'] + kills['more']} / {kills['different']}",
        ),
        (f"Batch: plans of runs of {sizes} records against what they took", off),
    ]


def _batch_memory(figures: Figures) -> list[Row]:
    return [
        (
            f"Batch: coordinator's memory at {figures['records']:,} records: at most, in the first "
            "half / in the second",
            f"{figures['megabytes_first_half_at_most']} MB / "
            f"{figures['megabytes_second_half_at_most']} MB",
        )
    ]


def _batch_ray(figures: Figures) -> list[Row]:
    return [
        (
            f"Batch: one of {figures['nodes']} Ray nodes killed in the middle of "
            f"{figures['records']:,} records: lost / done twice / different from an undisturbed "
            "run; seconds, and undisturbed",
            f"{figures['lost']} / {figures['came_back_twice'] + figures['twice_in_results']} / "
            f"{figures['different_from_undisturbed']}; {figures['seconds_killed']} s, "
            f"{figures['seconds_undisturbed']} s",
        )
    ]


ROWS: Rows = {
    "batch": _batch,
    "batch_memory": _batch_memory,
    "batch_ray": _batch_ray,
}
