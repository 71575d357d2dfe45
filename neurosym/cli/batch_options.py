"""The options that ``batch run`` and ``batch plan`` share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


def corpus_of(folder: str | None) -> dict[str, str]:
    """A corpus as a configuration names it. Raises InputError where it has no finished index."""
    if folder is None:
        return {}
    from neurosym.premises.opening import index_hash

    place = Path(folder).resolve()
    return {"corpus": str(place), "corpus_index": index_hash(place)}


class Search(StrEnum):
    """How a bare Lean statement is proved."""

    PORTFOLIO = "portfolio"
    WHOLE = "whole"
    BEST_FIRST = "best-first"


class Executors(StrEnum):
    """Where attempts are made."""

    LOCAL = "local"
    RAY = "ray"


Prover = Annotated[
    str, typer.Option("--prover", help="z3, cvc5, eprover, vampire, lean or portfolio.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.01, max=86400, help="Seconds for each question.")
]
Memory = Annotated[
    int, typer.Option("--memory", min=256, help="Megabytes for each prover process.")
]
Samples = Annotated[
    int, typer.Option("--samples", "-k", min=1, max=1000, help="Attempts at each problem.")
]
EarlyStop = Annotated[
    bool,
    typer.Option("--early-stop/--all-samples", help="Stop at the first attempt that succeeds."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of the first attempt.")]
ProblemSeconds = Annotated[
    float | None,
    typer.Option("--problem-seconds", min=0.01, help="For all attempts at one problem."),
]
ProblemTokens = Annotated[
    int | None,
    typer.Option("--problem-tokens", min=1, help="Generated for one problem at most."),
]
Model = Annotated[
    str,
    typer.Option("--model", help="Translates and suggests; as for 'verify'. None by default."),
]
Temperature = Annotated[
    float, typer.Option("--temperature", min=0.0, max=2.0, help="Of what the model writes.")
]
Votes = Annotated[
    int, typer.Option("--votes", min=1, max=100, help="Translations drawn for each sentence.")
]
Rounds = Annotated[
    int, typer.Option("--rounds", min=0, max=10, help="How often a complaint goes back.")
]
Searching = Annotated[Search, typer.Option("--search", help="How a bare Lean statement is proved.")]
Negate = Annotated[
    bool, typer.Option("--negate/--no-negate", help="Try to refute Lean statements, too.")
]
Mend = Annotated[bool, typer.Option("--mend/--as-written", help="Mend slips of recorded programs.")]
Corpus = Annotated[
    str | None,
    typer.Option(
        "--corpus", metavar="FOLDER", help="Premises for Lean (neurosym premises); default: none."
    ),
]
ExecutorName = Annotated[
    Executors, typer.Option("--executor", help="Processes here, or a Ray cluster.")
]
Address = Annotated[
    str | None,
    typer.Option("--address", help="A running Ray cluster; without it, one for this run."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Attempts at once; default: the cores.")
]
RunMemory = Annotated[
    int | None,
    typer.Option("--run-memory", min=256, help="Megabytes for all provers of the run."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, nothing else.")]
