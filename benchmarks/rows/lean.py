"""Rows: Lean: server, judge and certificates."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows, percent


def _lean_server(figures: Figures) -> list[Row]:
    start, overhead, mixed = figures["start"], figures["overhead"], figures["mixed"]
    stages = dict(start["median_seconds"])
    total = stages.pop("total")
    shares = ", ".join(f"{name} {100 * s / total:.0f}%" for name, s in stages.items())
    workers = figures["workers"]
    curve = ", ".join(
        f"{n}: {one['checks_per_second']:.0f}/s and {one['resident_megabytes']} MB"
        for n, one in workers.items()
    )
    return [
        (
            f"Lean ({figures['toolchain']}): cold start to the first check answered",
            f"{total:.2f} s: {shares}",
        ),
        (
            "Lean: resident memory of one worker, fresh / after 600 checks",
            f"{start['resident_megabytes']} / {overhead['resident_megabytes']} MB",
        ),
        (
            f"Lean: {overhead['theorems']} short theorems, share of time outside Lean "
            "(checked / judged)",
            f"{overhead['check']['outside_percent']:.1f}% / "
            f"{overhead['judge']['outside_percent']:.1f}%",
        ),
        (
            f"Lean: {mixed['checks']} checks, {sum(mixed['bad'].values())} of which hang, overflow "
            "or exhaust memory: right outcomes",
            f"{mixed['right']} of {mixed['checks']}",
        ),
        ("Lean: judged theorems and memory by number of workers", curve),
    ]


def _lean_judge(figures: Figures) -> list[Row]:
    cheats, honest = figures["cheats"], figures["honest"]
    return [
        (
            "Lean judge: cheats caught / honest proofs accepted",
            f"{cheats['submissions'] - len(cheats['wrong'])} of {cheats['submissions']} / "
            f"{honest['submissions'] - len(honest['wrong'])} of {honest['submissions']}",
        )
    ]


def _lean_certify(figures: Figures) -> list[Row]:
    arithmetic = figures["gsm8k"]
    asked = proved = 0
    rows = [
        (
            "GSM8K: decided arithmetic steps certified by Lean",
            f"{percent(arithmetic['steps_certified'], arithmetic['steps_decided'])} "
            f"of {arithmetic['steps_decided']}",
        )
    ]
    for name, label in (("prontoqa", "PrOntoQA"), ("proofwriter", "ProofWriter"), ("linc", "LINC")):
        one = figures[name]
        rows.append(
            (
                f"{label}: distinct decided problems certified by Lean, median time",
                f"{percent(one['certified'], one['decided'])} of {one['decided']}, "
                f"{one['median_milliseconds']:.0f} ms",
            )
        )
    for name in ("gsm8k", "prontoqa", "proofwriter", "linc"):
        asked += figures[name]["opposite"]["asked"]
        proved += figures[name]["opposite"]["proved"]
    rows.append(
        (
            "Lean asked for the contrary of what Z3 answered: proved",
            f"{proved} of {asked}",
        )
    )
    return rows


ROWS: Rows = {
    "lean_server": _lean_server,
    "lean_judge": _lean_judge,
    "lean_certify": _lean_certify,
}
