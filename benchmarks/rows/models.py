"""Rows: translation by a language model, and what checks it."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows, percent


def _translate(figures: Figures) -> list[Row]:
    rows = []
    for key, name in (("proofwriter", "ProofWriter"), ("prontoqa", "PrOntoQA"), ("all", "both")):
        one = figures[key]
        rows.append(
            (
                f"Local model on paraphrased {name}: asked directly / as translator, with its "
                "guess where nothing is decided / by the majority verdict alone / where no sample "
                "disagrees",
                f"{one['direct_percent']:.1f}% / {one['with_guesses_percent']:.1f}% / "
                f"{one['answers_percent']:.1f}% / {one['verdicts_percent']:.1f}% of "
                f"{one['problems']}",
            )
        )
    made = figures["generation"]
    rows.append(
        (
            f"Local model, formulas along a grammar: parse / sentences with a well-formed "
            f"translation ({figures['samples']} samples)",
            f"{made['parsed_percent']:.2f}% of {made['generated']} / "
            f"{made['typed_after_repair_percent']:.2f}% of {made['sentences']}",
        )
    )
    rows.append(
        (
            "Local model: its own time for a problem, directly / as translator",
            f"{figures['direct_model_seconds'] / figures['all']['problems']:.1f} s / "
            f"{figures['model_seconds'] / figures['all']['problems']:.1f} s",
        )
    )
    return rows


def _statements(figures: Figures) -> list[Row]:
    rows = [
        (
            f"Negation test on miniF2F statements that core Lean can say, {name}: rejected, with "
            "a proof that holds",
            f"{figures[key]['rejected']} of {figures[key]['statements']}, "
            f"{figures[key]['proofs_hold']} of {figures[key]['proofs']} proofs",
        )
        for key, name in (("gold", "as they are"), ("negated", "negated"))
    ]
    made = figures.get("model", {})
    if "texts" in made:
        rows.append(
            (
                "Local model, Lean statements: elaborate at once / after Lean's complaints",
                f"{made['elaborate_at_once']} / {made['elaborate_after_complaints']} "
                f"of {made['texts']}",
            )
        )
    return rows


def _fidelity(figures: Figures) -> list[Row]:
    alarms = figures["false_alarms"]
    kinds = ", ".join(
        f"{name} {one['caught']}" for name, one in figures["rows"].items() if one["n"] == 100
    )
    return [
        (
            "Fidelity: seeded corruptions (number, name, negation) caught, held-out half",
            f"{figures['caught']} of {figures['n']} (of 100 each: {kinds})",
        ),
        (
            "Fidelity: false alarms on the same pairs uncorrupted",
            f"{percent(alarms['alarmed'], alarms['n'])} of {alarms['n']}",
        ),
    ]


def _question(figures: Figures) -> list[Row]:
    rows = []
    for key, name in (("by_prover", "a prover"), ("by_rule", "a rule")):
        unseen, everything = figures["unseen_half"][key], figures["all"][key]
        rows.append(
            (
                f"ValiMath: questions called flawed by {name}: precision and recall, "
                "all / the half not in sight at first (see the log)",
                f"{everything['precision_percent']}% of {everything['flagged']}, "
                f"{everything['recall_percent']}% / {unseen['precision_percent']}% of "
                f"{unseen['flagged']}, {unseen['recall_percent']}%",
            )
        )
    valid = figures["meant_valid"]
    rows.append(
        (
            "Questions of GSM8K, MATH-500 and PRMBench, meant to be valid, called flawed by a "
            "prover / a rule",
            f"{valid['flagged_by_prover']} / {valid['by_rule']} of {valid['n']}",
        )
    )
    return rows


def _solve(figures: Figures) -> list[Row]:
    rows = []
    for key, name in (("recorded", "recorded solutions"), ("model", "local model")):
        one = figures[key]
        shares = one["accuracy_percent"]
        rows.append(
            (
                f"GSM8K, {name}: first sample / majority / verified choice",
                f"{shares['first']:.1f}% / {shares['majority']:.1f}% / {shares['verified']:.1f}% "
                f"of {one['questions']}",
            )
        )
    made = figures["model"]
    rows.append(
        (
            "GSM8K, local model: tokens saved by stopping at refuted steps / rejected samples "
            "that were wrong",
            f"{made['saved_percent']:.1f}% / {made['rejected_and_wrong']} of {made['rejected']}",
        )
    )
    return rows


ROWS: Rows = {
    "translate": _translate,
    "statements": _statements,
    "fidelity": _fidelity,
    "question": _question,
    "solve": _solve,
}
