"""What a person waits for: imports, and ``neurosym verify`` on a small text with warm caches.

Whole processes, timed from outside, each beside a bare Python start in the same run, since
machines differ and are noisy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

RUNS = 9
COMMANDS = {
    "python_start": ["-c", "pass"],
    "import_neurosym": ["-c", "import neurosym"],
    "import_cli": ["-c", "import neurosym.cli"],
    "verify_arithmetic": ["-m", "neurosym.cli", "verify", "--example", "arithmetic", "--json"],
    "verify_rules": ["-m", "neurosym.cli", "verify", "--example", "rules", "--json"],
}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Median, least and most wall-clock seconds of each command; no data is needed."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range((limit or RUNS) + 1):
        for name, words in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], capture_output=True, check=False)
            times[name].append(time.perf_counter() - start)
    figures: dict[str, Any] = {}
    base = statistics.median(times["python_start"][1:])
    for name, measured in times.items():
        counted = measured[1:]  # the first run fills caches
        median = statistics.median(counted)
        figures[name] = {
            "median_seconds": round(median, 3),
            "min_seconds": round(min(counted), 3),
            "max_seconds": round(max(counted), 3),
            "ratio_to_python_start": round(median / base, 2),
        }
    return figures
