"""The README's benchmark table, made from the results files: ``python -m benchmarks.table``.

``--write`` puts it between the markers in the README.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.rows import augmenting, batches, lean, logic, models, premises, project, serving

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN = "<!-- benchmarks: python -m benchmarks.table --write -->"
END = "<!-- end of benchmarks -->"


def results() -> dict[str, dict[str, Any]]:
    """Every results file, by benchmark."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / "results").glob("*.json"))
    }


_KNOWN = (
    logic.ROWS
    | models.ROWS
    | serving.ROWS
    | batches.ROWS
    | premises.ROWS
    | augmenting.ROWS
    | project.ROWS
    | lean.ROWS
)
# In this order.
ROWS = {
    name: _KNOWN[name]
    for name in (
        "linc",
        "logic_lm",
        "logic_lm_sets",
        "proofwriter",
        "prontoqa",
        "gsm8k_steps",
        "linc_vote",
        "translate",
        "statements",
        "fidelity",
        "question",
        "prmbench",
        "solve",
        "provers",
        "latency",
        "service",
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
        "lean_server",
        "lean_judge",
        "lean_certify",
        "project",
    )
}


def render(found: dict[str, dict[str, Any]]) -> str:
    """The table as Markdown, with the machine, versions and commits that it was measured on."""
    lines = ["| measure | measured |", "|---|---|"]
    used = [name for name in ROWS if name in found]
    for name in used:
        lines += [f"| {label} | {value} |" for label, value in ROWS[name](found[name]["figures"])]
    machines = {
        f"{m['processor']}, {m['cores']} cores, {m['memory_gb']} GB"
        for m in (found[name]["machine"] for name in used)
    }
    packages: dict[str, str] = {}
    for name in used:
        packages |= found[name]["versions"]
    commits = sorted({found[name]["commit"] for name in used})
    dates = sorted({found[name]["date"] for name in used})
    lines += [
        "",
        f"Measured on {'; '.join(sorted(machines))}; {', '.join(dates)}; commit "
        f"{', '.join(commits)}; {', '.join(f'{k} {v}' for k, v in packages.items())}.",
    ]
    return "\n".join(lines)


def in_readme(text: str) -> tuple[str, str, str]:
    """The README before, between and after the markers. Raises ValueError without them."""
    before, begin, rest = text.partition(BEGIN)
    between, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the README has no markers for the benchmark table")
    return before, between.strip(), after


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    table = render(results())
    if parser.parse_args().write:
        before, _, after = in_readme(README.read_text(encoding="utf-8"))
        README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    else:
        print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
