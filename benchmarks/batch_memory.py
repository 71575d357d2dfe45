"""The memory of a run's coordinator at a million records, which ask for next to nothing.

Nine in ten records are a remark that claims nothing, which no prover is asked about; the tenth is
a sum for Z3. The coordinator's resident memory is read every few seconds; ``flat`` compares the
second half of the run with its first.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RECORDS = 1_000_000
WORKERS = 2
_EVERY = 5.0


def run(data: Path, limit: int | None) -> dict[str, Any]:
    number = limit or RECORDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = folder / "records.jsonl"
        with file.open("w", encoding="utf-8") as stream:
            for i in range(number):
                steps = [f"{i} + 1 = {i + 1}."] if i % 10 == 0 else ["Let us think about it."]
                stream.write(json.dumps({"id": f"r{i}", "steps": steps}) + "\n")
        out = folder / "run"
        words = ["batch", "run", str(file), "--out", str(out), "--prover", "z3", "--quiet"]
        start = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "neurosym.cli", *words, "--workers", str(WORKERS)],
            stdout=subprocess.DEVNULL,
        )
        series: list[tuple[float, int, int]] = []
        while process.poll() is None:
            series.append((time.monotonic() - start, *_look(process.pid, out)))
            time.sleep(_EVERY)
        seconds = time.monotonic() - start
        assert process.returncode == 0, process.returncode
        with (out / "results.jsonl").open("rb") as lines:
            results = sum(1 for _ in lines)
        disk = sum(one.stat().st_size for one in out.iterdir())
    working = [one for one in series if one[2] > 0] or series
    half = len(working) // 2
    return {
        "records": number,
        "results": results,
        "seconds": round(seconds, 1),
        "records_a_second": round(number / seconds, 1),
        "megabytes_at_most": max(one[1] for one in series),
        "megabytes_first_half_at_most": max((one[1] for one in working[:half]), default=0),
        "megabytes_second_half_at_most": max((one[1] for one in working[half:]), default=0),
        "gigabytes_on_disk": round(disk / 1e9, 3),
        "series": [
            {"seconds": round(at), "megabytes": megabytes, "done": done}
            for at, megabytes, done in series[:: max(1, len(series) // 20)]
        ],
    }


def _look(pid: int, out: Path) -> tuple[int, int]:
    """The coordinator's resident megabytes, and how many problems it says are done."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        megabytes = int(lines["VmRSS"].split()[0]) >> 10
    except (OSError, KeyError):  # it has just ended
        megabytes = 0
    try:
        done = int(json.loads((out / "progress.json").read_bytes())["done"])
    except OSError:  # it has not said anything yet
        done = 0
    return megabytes, done
