"""Rows: latency, the service and its jobs."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows


def _latency(figures: Figures) -> list[Row]:
    return [
        (
            "`neurosym verify` on a small text, whole process",
            f"{figures['verify_rules']['median_seconds']:.2f} s (rules), "
            f"{figures['verify_arithmetic']['median_seconds']:.2f} s (arithmetic)",
        ),
        (
            "`neurosym verify` of six steps with Lean certificates, Lean warm, whole process",
            f"{figures['verify_certified']['median_seconds']:.2f} s "
            f"({figures['verify_certified']['certified_steps']} of 6 certified)",
        ),
        (
            "`import neurosym`, whole process (bare Python)",
            f"{figures['import_neurosym']['median_seconds']:.3f} s "
            f"({figures['python_start']['median_seconds']:.3f} s)",
        ),
    ]


def _service(figures: Figures) -> list[Row]:
    added, plain = figures["overhead"]["added"], figures["python"]["all"]
    load, one = figures["sustained"], figures["single"]
    cached, flood = figures["cached"], figures["flood"]
    first = figures["first_verdict"]["times"]
    statuses = ", ".join(f"{count} {status}" for status, count in flood["statuses"].items())
    return [
        (
            "Service: six arithmetic steps, warm: p50 / p99 added to the provers' own time "
            "(p50 of the same steps in a Python process, provers included)",
            f"{added['p50_ms']:.1f} ms / {added['p99_ms']:.1f} ms ({plain['p50_ms']:.1f} ms)",
        ),
        (
            f"Service: steps a second, {load['clients']} clients, {load['steps_a_request']} "
            f"steps a request / one; lost / crossed of {load['answers']}",
            f"{load['steps_per_second']:.0f} / {one['steps_per_second']:.0f}; "
            f"{load['lost']} / {load['crossed']}",
        ),
        ("Service: kept answers a second", f"{cached['answers_per_second']:.0f}"),
        (
            f"Service: {flood['requests']} requests at once, by status: neither answered nor 429",
            f"{statuses}: {flood['neither_answered_nor_429']}",
        ),
        (
            "Service: first streamed verdict, p50 / longest",
            f"{first['p50_ms']:.0f} ms / {first['max_ms']:.0f} ms",
        ),
    ]


def _service_jobs(figures: Figures) -> list[Row]:
    return [
        (
            f"Service: {figures['jobs']} jobs, server killed {figures['kills']} times: "
            "lost / done twice / wrong",
            f"{figures['lost']} / {figures['done_twice']} / {figures['wrong']}",
        )
    ]


def _service_schema(figures: Figures) -> list[Row]:
    return [
        (
            "Service: schemathesis over all operations: cases / server errors / answers that the "
            "document does not have",
            f"{figures['cases']} / {figures['server_errors']} / {len(figures['failures'])}",
        )
    ]


ROWS: Rows = {
    "latency": _latency,
    "service": _service,
    "service_jobs": _service_jobs,
    "service_schema": _service_schema,
}
