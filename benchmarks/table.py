"""The README's benchmark table, made from the results files: ``python -m benchmarks.table``.

``--write`` puts it between the markers in the README.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

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


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "none"


def _linc(figures: dict[str, Any]) -> list[tuple[str, str]]:
    total = figures["total"]
    compared = total["agree"] + total["disagree"]
    return [
        (
            "LINC replay: agreement with the recorded Prover9 verdicts",
            f"{_percent(total['agree'], compared)} of {compared}; "
            f"{total['contradictory_premises']} more have contradictory premises",
        ),
        (
            "LINC replay: time against spawning Prover9 (evidence included here, none there)",
            f"{total['time_ratio_to_prover9']:.2f} "
            f"({total['seconds']:.1f} s against {total['prover9_seconds']:.1f} s)",
        ),
        ("LINC replay: evidence re-checked", _rechecked(total)),
    ]


def _rechecked(judged: dict[str, Any]) -> str:
    share = _percent(judged["rechecked"], judged["conclusive"])
    return f"{share} of {judged['conclusive']}"


def _logic_lm(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _logic_lm_sets(figures: dict[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for name, one in figures["gpt4"].items():
        for way in ("written", "mended"):
            if way in one:
                it = one[way]
                rows.append(
                    (
                        f"Logic-LM's GPT-4 programs, no guess, {name}, {way}: right / executable / "
                        "with one answer / right of those",
                        f"{it['accuracy_percent']:.2f}% of {it['records']} / "
                        f"{it['executable_percent']:.1f}% / {it['answered_percent']:.1f}% / "
                        f"{it['accuracy_when_answered_percent']:.1f}% "
                        f"(published {one['published_percent']:.2f}%)",
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


def _linc_vote(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _translate(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _fidelity(figures: dict[str, Any]) -> list[tuple[str, str]]:
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
            f"{_percent(alarms['alarmed'], alarms['n'])} of {alarms['n']}",
        ),
    ]


def _question(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _prmbench(figures: dict[str, Any]) -> list[tuple[str, str]]:
    curve = {one["admitted"]: one for one in figures["curve"]}
    every, clean = curve["all"], curve["no flags"]
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
            "PRMBench: steps decided / labelled errors refuted",
            f"{figures['decided_percent']}% of {figures['steps']:,} / "
            f"{figures['labelled_errors_refuted_percent']}% of {figures['labelled_errors']:,}",
        ),
    ]


def _statements(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _solve(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _proofwriter(figures: dict[str, Any]) -> list[tuple[str, str]]:
    derived = figures["derivability"]
    return [
        (
            "ProofWriter from raw English, classical entailment",
            f"{_percent(figures['right'], figures['records'])} of {figures['records']}",
        ),
        (
            "ProofWriter from raw English, `--world forward`, as its labels were made",
            f"{_percent(derived['right'], figures['records'])} of {figures['records']}",
        ),
        ("ProofWriter: evidence re-checked", _rechecked(figures["judged"])),
    ]


def _prontoqa(figures: dict[str, Any]) -> list[tuple[str, str]]:
    chain = figures["chain"]
    steps = sum(chain.values())
    return [
        (
            "PrOntoQA from raw English",
            f"{_percent(figures['right'], figures['records'])} of {figures['records']}",
        ),
        (
            "PrOntoQA: steps of the gold chains proved",
            f"{_percent(chain.get('proved', 0), steps)} of {steps}",
        ),
        ("PrOntoQA: evidence re-checked", _rechecked(figures["chain_judged"])),
    ]


def _gsm8k_steps(figures: dict[str, Any]) -> list[tuple[str, str]]:
    gold = [figures["gold_train"], figures["gold_test"]]
    steps = sum(g["steps"] for g in gold)
    decided = sum(g["verdicts"].get(v, 0) for g in gold for v in ("proved", "refuted"))
    refuted = sum(len(g["refuted"]) for g in gold)
    wrong, right = figures["models"]["wrong"], figures["models"]["right"]
    return [
        (
            "GSM8K gold solutions: arithmetic steps decided",
            f"{_percent(decided, steps)} of {steps}",
        ),
        ("GSM8K gold solutions: steps refuted", f"{_percent(refuted, steps)} ({refuted})"),
        (
            "GSM8K model solutions with a refuted step: wrong ones / right ones",
            f"{_percent(wrong['refuted'], wrong['solutions'])} / "
            f"{_percent(right['refuted'], right['solutions'])}",
        ),
        ("GSM8K: evidence re-checked", _rechecked(figures["judged"])),
    ]


def _provers(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _latency(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _lean_server(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _lean_judge(figures: dict[str, Any]) -> list[tuple[str, str]]:
    cheats, honest = figures["cheats"], figures["honest"]
    return [
        (
            "Lean judge: cheats caught / honest proofs accepted",
            f"{cheats['submissions'] - len(cheats['wrong'])} of {cheats['submissions']} / "
            f"{honest['submissions'] - len(honest['wrong'])} of {honest['submissions']}",
        )
    ]


def _lean_certify(figures: dict[str, Any]) -> list[tuple[str, str]]:
    arithmetic = figures["gsm8k"]
    asked = proved = 0
    rows = [
        (
            "GSM8K: decided arithmetic steps certified by Lean",
            f"{_percent(arithmetic['steps_certified'], arithmetic['steps_decided'])} "
            f"of {arithmetic['steps_decided']}",
        )
    ]
    for name, label in (("prontoqa", "PrOntoQA"), ("proofwriter", "ProofWriter"), ("linc", "LINC")):
        one = figures[name]
        rows.append(
            (
                f"{label}: distinct decided problems certified by Lean, median time",
                f"{_percent(one['certified'], one['decided'])} of {one['decided']}, "
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


def _service(figures: dict[str, Any]) -> list[tuple[str, str]]:
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


def _service_jobs(figures: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (
            f"Service: {figures['jobs']} jobs, server killed {figures['kills']} times: "
            "lost / done twice / wrong",
            f"{figures['lost']} / {figures['done_twice']} / {figures['wrong']}",
        )
    ]


def _service_schema(figures: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (
            "Service: schemathesis over all operations: cases / server errors / answers that the "
            "document does not have",
            f"{figures['cases']} / {figures['server_errors']} / {len(figures['failures'])}",
        )
    ]


ROWS = {
    "linc": _linc,
    "logic_lm": _logic_lm,
    "logic_lm_sets": _logic_lm_sets,
    "proofwriter": _proofwriter,
    "prontoqa": _prontoqa,
    "gsm8k_steps": _gsm8k_steps,
    "linc_vote": _linc_vote,
    "translate": _translate,
    "statements": _statements,
    "fidelity": _fidelity,
    "question": _question,
    "prmbench": _prmbench,
    "solve": _solve,
    "provers": _provers,
    "latency": _latency,
    "service": _service,
    "service_jobs": _service_jobs,
    "service_schema": _service_schema,
    "lean_server": _lean_server,
    "lean_judge": _lean_judge,
    "lean_certify": _lean_certify,
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
