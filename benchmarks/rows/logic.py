"""Rows: LINC, Logic-LM, ProofWriter, PrOntoQA, GSM8K, PRMBench and the provers."""

from __future__ import annotations

from typing import Any

from benchmarks.rows.base import Figures, Row, Rows, percent


def _rechecked(judged: dict[str, Any]) -> str:
    share = percent(judged["rechecked"], judged["conclusive"])
    return f"{share} of {judged['conclusive']}"


def _linc(figures: Figures) -> list[Row]:
    total = figures["total"]
    compared = total["agree"] + total["disagree"]
    return [
        (
            "LINC replay: agreement with the recorded Prover9 verdicts",
            f"{percent(total['agree'], compared)} of {compared}; "
            f"{total['contradictory_premises']} more have contradictory premises",
        ),
        (
            "LINC replay: time against spawning Prover9 (evidence included here, none there)",
            f"{total['time_ratio_to_prover9']:.2f} "
            f"({total['seconds']:.1f} s against {total['prover9_seconds']:.1f} s)",
        ),
        ("LINC replay: evidence re-checked", _rechecked(total)),
    ]


def _logic_lm(figures: Figures) -> list[Row]:
    rows = [
        (
            f"Logic-LM GPT-4 programs, {name}",
            f"{one['accuracy_percent']:.2f}% of {one['records']} "
            f"(published {one['published_percent']:.2f}%, with backup answers)",
        )
        for name, one in figures.items()
        if "accuracy_percent" in one
    ]
    for name, one in figures["executable"].items():
        published = one["published_executable_percent"]
        rows.append(
            (
                f"Logic-LM programs executable before / after repair, {name}",
                f"{one['executable_before_percent']:.2f}% / {one['executable_after_percent']:.2f}% "
                f"of {one['records']}" + (f" (published {published}%)" if published else ""),
            )
        )
    return rows


def _logic_lm_sets(figures: Figures) -> list[Row]:
    rows = []
    for name, one in figures["gpt4"].items():
        route = one.get("route")
        compared = f"published {one['published_percent']:.2f}%"
        if route is not None:
            compared += (
                f"; its route executes {route['executed_percent']:.1f}%, "
                f"{route['accuracy_when_executed_percent']:.1f}% of them right"
            )
        for way in ("written", "mended", "mended closed"):
            if way in one:
                it = one[way]
                rows.append(
                    (
                        f"Logic-LM's GPT-4 programs, no guess, {name}, {way}: right / executable / "
                        "with one answer / right of those",
                        f"{it['accuracy_percent']:.2f}% of {it['records']} / "
                        f"{it['executable_percent']:.1f}% / {it['answered_percent']:.1f}% / "
                        f"{it['accuracy_when_answered_percent']:.1f}% ({compared})",
                    )
                )
    for name, one in figures["davinci003"].items():
        if "written" in one:
            shares = [f"{one[way]['accuracy_percent']:.2f}%" for way in ("written", "mended")]
            rows.append(
                (
                    f"Logic-LM's text-davinci-003 programs, no guess, {name}: right as written / "
                    "mended",
                    f"{' / '.join(shares)} of {one['mended']['records']}",
                )
            )
    return rows


def _proofwriter(figures: Figures) -> list[Row]:
    derived = figures["derivability"]
    return [
        (
            "ProofWriter from raw English, classical entailment",
            f"{percent(figures['right'], figures['records'])} of {figures['records']}",
        ),
        (
            "ProofWriter from raw English, `--world forward`, as its labels were made",
            f"{percent(derived['right'], figures['records'])} of {figures['records']}",
        ),
        ("ProofWriter: evidence re-checked", _rechecked(figures["judged"])),
    ]


def _prontoqa(figures: Figures) -> list[Row]:
    chain = figures["chain"]
    steps = sum(chain.values())
    return [
        (
            "PrOntoQA from raw English",
            f"{percent(figures['right'], figures['records'])} of {figures['records']}",
        ),
        (
            "PrOntoQA: steps of the gold chains proved",
            f"{percent(chain.get('proved', 0), steps)} of {steps}",
        ),
        ("PrOntoQA: evidence re-checked", _rechecked(figures["chain_judged"])),
    ]


def _gsm8k_steps(figures: Figures) -> list[Row]:
    gold = [figures["gold_train"], figures["gold_test"]]
    steps = sum(g["steps"] for g in gold)
    decided = sum(g["verdicts"].get(v, 0) for g in gold for v in ("proved", "refuted"))
    refuted = sum(len(g["refuted"]) for g in gold)
    wrong, right = figures["models"]["wrong"], figures["models"]["right"]
    return [
        (
            "GSM8K gold solutions: arithmetic steps decided",
            f"{percent(decided, steps)} of {steps}",
        ),
        ("GSM8K gold solutions: steps refuted", f"{percent(refuted, steps)} ({refuted})"),
        (
            "GSM8K model solutions with a refuted step: wrong ones / right ones",
            f"{percent(wrong['refuted'], wrong['solutions'])} / "
            f"{percent(right['refuted'], right['solutions'])}",
        ),
        ("GSM8K: evidence re-checked", _rechecked(figures["judged"])),
    ]


def _linc_vote(figures: Figures) -> list[Row]:
    rows = []
    for name, one in figures.items():
        if name == "mean_accuracy_percent":
            label, shares, count = "mean of the three runs", one, ""
        else:
            label, shares, count = name, one["accuracy_percent"], f" of {one['problems']}"
        rows.append(
            (
                f"LINC vote, {label}: recorded Prover9 majority / repaired and clustered",
                f"{shares['recorded']:.2f}% / {shares['both']:.2f}%{count}",
            )
        )
    return rows


def _prmbench(figures: Figures) -> list[Row]:
    curve = {one["admitted"]: one for one in figures["curve"]}
    every, clean = curve["all"], curve["no flags"]
    chosen = figures["chosen"]
    return [
        (
            "PRMBench: refuted steps that are labelled errors / labelled or rewritten with one / "
            "at or after one (all; without flags)",
            "; ".join(
                f"{one['precision_percent']}% / {one['labelled_or_modified_percent']}% / "
                f"{one['explained_by_labels_percent']}% of {one['refuted']}"
                for one in (every, clean)
            ),
        ),
        (
            "PRMBench: those of them first in their solution, made at that step, and with few "
            "undecided steps before: labelled errors (all; questions not developed on)",
            "; ".join(
                f"{one['precision_percent']}% of {one['refuted']}"
                for one in (chosen, chosen["held_out"])
            ),
        ),
        (
            "PRMBench: steps decided / labelled errors refuted",
            f"{figures['decided_percent']}% of {figures['steps']:,} / "
            f"{figures['labelled_errors_refuted_percent']}% of {figures['labelled_errors']:,}",
        ),
    ]


def _provers(figures: Figures) -> list[Row]:
    rows = []
    for name, one in figures.items():
        if isinstance(one, dict) and "decided" in one:
            rows.append(
                (
                    f"{name}: decided / wrong / re-checked",
                    f"{one['decided']} of {one['problems']} / {one['wrong']} / {one['rechecked']}",
                )
            )
    return rows


def _relevance(figures: Figures) -> list[Row]:
    rows = []
    for name, one in figures.items():
        if isinstance(one, dict):
            prover, _, symbols = name.partition("/")
            rows.append(
                (
                    f"{figures['distractors']:,} distractors ({symbols} symbols), {prover}: "
                    f"decided within {figures['limit_seconds']:.0f} s without / with selection; "
                    "wrong",
                    f"{one['without']['decided_percent']}% / {one['with']['decided_percent']}% of "
                    f"{one['problems']}; {one['without']['wrong'] + one['with']['wrong']}",
                )
            )
    return rows


ROWS: Rows = {
    "linc": _linc,
    "logic_lm": _logic_lm,
    "logic_lm_sets": _logic_lm_sets,
    "proofwriter": _proofwriter,
    "prontoqa": _prontoqa,
    "gsm8k_steps": _gsm8k_steps,
    "linc_vote": _linc_vote,
    "prmbench": _prmbench,
    "provers": _provers,
    "relevance": _relevance,
}
