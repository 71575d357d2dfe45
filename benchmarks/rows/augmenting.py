"""Rows: data by mutation, and what a model learns from it."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows


def _augment(figures: Figures) -> list[Row]:
    return [
        (
            f"Examples by mutation, {figures['examples']:,} labelled by Z3: labels that cvc5 calls "
            "wrong; not decided again; found in 10 test sets after export",
            f"{figures['label_errors']}; {sum(figures['not_decided_again'].values())}; "
            f"{figures['in_what_was_exported']}",
        )
    ]


def _lean(figures: Figures) -> list[Row]:
    naive, timed = figures["naive"], figures["timed"]
    return [
        (
            f"Mutants of {figures['seeds']:,} library theorems: for each, per CPU-hour, refused by "
            "an independent run",
            f"{figures['per_seed']:.1f}; {timed['per_cpu_hour']:,}; {figures['invalid']}",
        ),
        (
            f"Mutants by rewriting against every lemma tried ({naive['seeds']} theorems): found, "
            "in so much of the time",
            f"{naive['found_percent']:.0f}%, {naive['time_percent']:.1f}%",
        ),
    ]


def _loop(figures: Figures) -> list[Row]:
    rates = " / ".join(f"{rate:.1f}" for rate in figures["held_out_percent_by_round"])
    return [
        (
            f"A small translator from scratch, {figures['seeds']} seeds: held-out sentences "
            "translated right before and after each round, %",
            rates,
        )
    ]


ROWS: Rows = {"augment": _augment, "augment_lean": _lean, "loop": _loop}
