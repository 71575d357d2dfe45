"""What a person waits for: imports, and ``neurosym verify`` on a small text with warm caches.

Whole processes, timed from outside, each beside a bare Python start in the same run, since
machines differ and are noisy.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
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


SIX_STEPS = """Ann has 3 bags of 12 nuts and gives away 7 nuts.

She has 3 * 12 = 36 nuts.
She keeps 36 - 7 = 29 nuts.
Half of them are 29 / 2 = 14.5 nuts.
Twice that is 14.5 * 2 = 29 nuts.
With those she gave away, 29 + 7 = 36.
In each bag there were 36 / 3 = 12.
"""


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Median, least and most wall-clock seconds of each command; no data is needed."""
    figures = _timed(COMMANDS, limit or RUNS, {**os.environ, "NEUROSYM_NO_DAEMON": "1"})
    # A folder of its own for the socket: the user's background process stays as it is.
    with tempfile.TemporaryDirectory() as folder:
        solution = Path(folder) / "solution.txt"
        solution.write_text(SIX_STEPS)
        environment = {**os.environ, "XDG_RUNTIME_DIR": folder}
        environment.pop("NEUROSYM_NO_DAEMON", None)
        neurosym = [sys.executable, "-m", "neurosym.cli"]
        verify = ["-m", "neurosym.cli", "verify", str(solution), "--json"]
        subprocess.run([*neurosym, "daemon", "start"], env=environment, check=True)
        try:
            first = [sys.executable, *verify, "--certify", "lean"]
            subprocess.run(first, env=environment, capture_output=True, check=True)
            commands = {"python_start": ["-c", "pass"], "verify_certified": verify}
            certified = _timed(commands, limit or RUNS, environment)["verify_certified"]
            done = subprocess.run(
                [sys.executable, *verify], env=environment, capture_output=True, check=True
            )
            steps = json.loads(done.stdout)["steps"]
            certified["certified_steps"] = sum(
                (step["certificate"] or {}).get("kind") == "lean" for step in steps
            )
            figures["verify_certified"] = certified
        finally:
            subprocess.run([*neurosym, "daemon", "stop"], env=environment, check=True)
    return figures


def _timed(commands: dict[str, list[str]], runs: int, env: dict[str, str]) -> dict[str, Any]:
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):
        for name, words in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], env=env, capture_output=True, check=False)
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
