"""``neurosym augment``: more to learn from, out of what was verified."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from neurosym.cli import FOUND, OK, setup, streams
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.augment.lean.changes import Kind
    from neurosym.augment.lean.harvest import Grown
    from neurosym.augment.lean.seeds import Seed
    from neurosym.premises.corpus import Corpus
    from provers.lean.pool import Pool

app = typer.Typer(help="Make more to learn from, out of what was verified.", no_args_is_help=True)


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, nothing else.")]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where the examples go.")]
Corrupt = Annotated[
    bool, typer.Option("--corrupt/--no-corrupt", help="Also steps with one thing wrong.")
]
Labels = Annotated[str, typer.Option("--prover", help="What gives the labels.")]


@app.command("lean")
def lean(
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="Where mutants go, a line for each seed.")
    ],
    number: Annotated[
        int, typer.Option("--number", min=1, help="How many theorems of the corpus.")
    ] = 100,
    theorem: Annotated[
        list[str] | None,
        typer.Option("--theorem", metavar="NAME", help="Just these of the corpus."),
    ] = None,
    module: Annotated[
        list[str] | None,
        typer.Option("--module", metavar="NAME", help="Only of these modules and those below."),
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", metavar="FILE", help="The theorems of a Lean file.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only these changes; default: all.")
    ] = None,
    lemmas: Annotated[
        int, typer.Option("--lemmas", min=1, max=100_000, help="To try, of each kind of change.")
    ] = 300,
    keep_trivial: Annotated[
        bool, typer.Option("--keep-trivial", help="Keep those that a tactic closes, and name it.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Of the sample.")] = 0,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=64, help="Leans at once; default: as many as fit."),
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", metavar="FOLDER", help="Whose lemmas; default: the user's."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Change theorems with the library's lemmas into others that follow from them.

    Each mutant was proved in Lean and judged, is closed by no single simple tactic, and says what
    no other does. Kill it at any time, and run it again: it goes on where it stood. Exit status 1
    where seeds could not be used; they are counted.

    Example: neurosym augment lean --number 100 --out mutants.jsonl
    """
    from neurosym.augment.lean.candidates import Most
    from neurosym.augment.lean.files import grow_into
    from neurosym.augment.lean.harvest import Harvest
    from neurosym.premises.corpus import Corpus, require
    from neurosym.settings import premises_folder
    from provers.lean import toolchain
    from provers.lean.pool import ROOMY_MEGABYTES, Pool, default_workers

    if file is not None and (theorem or module):
        raise InputError("--file names its own theorems: leave out --theorem and --module.")
    require()
    kinds = _kinds(kind)
    setup.ensure()
    opened = Corpus(premises_folder() if corpus is None else Path(corpus))
    workers = workers or min(2, default_workers())
    start = time.monotonic()
    pool = Pool(toolchain.ensure(), workers=workers, megabytes=ROOMY_MEGABYTES)
    try:
        seeds = _seeds(pool, opened, number, theorem, module, file, seed)
        most = Most(lemmas) if kinds is None else Most(lemmas, kinds)
        harvest = Harvest(opened, pool, most, keep_trivial=keep_trivial)
        with setup.progress("Starting Lean", {"mutate": "Mutating"}) as tell:
            found = grow_into(
                Path(out),
                seeds,
                lambda new, there: harvest.grow(new, there, workers=workers),
                None if tell is None else lambda _, done, total: tell("mutate", done, total),
            )
    finally:
        pool.close()
    facts = _facts(found)
    facts["seconds"] = round(time.monotonic() - start, 1)
    if as_json:
        streams.print_json({"file": out, **facts}, pretty=True)
    else:
        _print(out, facts)
    return FOUND if facts["failed"] else OK


def _kinds(given: list[str] | None) -> tuple[Kind, ...] | None:
    from neurosym.augment.lean.changes import KINDS

    if not given:
        return None
    for one in given:
        if one not in KINDS:
            raise InputError(f"there is no change {one[:40]!r}: choose from {', '.join(KINDS)}.")
    return tuple(one for one in KINDS if one in given)


def _seeds(
    pool: Pool,
    corpus: Corpus,
    number: int,
    theorem: list[str] | None,
    module: list[str] | None,
    file: str | None,
    seed: int,
) -> list[Seed]:
    from neurosym.augment.lean.sources import corpus_seeds, file_seeds

    if file is None:
        return corpus_seeds(corpus, number, modules=module or (), names=theorem or (), seed=seed)
    return file_seeds(pool, streams.decode(streams.read_bytes(file), streams.described(file)))


def _facts(found: list[Grown]) -> dict[str, Any]:
    kinds = Counter(one.kind for grown in found for one in grown.mutants)
    dropped: Counter[str] = Counter()
    for grown in found:
        dropped.update(grown.dropped)
    errors = Counter(grown.error for grown in found if grown.error)
    return {
        "seeds": len(found),
        "mutants": sum(kinds.values()),
        "kinds": dict(kinds.most_common()),
        "tried": sum(grown.tried for grown in found),
        "fit": sum(grown.fit for grown in found),
        "dropped": dict(dropped.most_common()),
        "failed": dict(errors.most_common()),
    }


def _print(out: str, facts: dict[str, Any]) -> None:
    console = streams.console()
    lines = [
        f"{facts['mutants']:,} mutants of {facts['seeds']:,} theorems are in {out}; "
        f"{facts['tried']:,} changes were tried, {facts['fit']:,} fit.",
        "  kinds: " + _listed(facts["kinds"]),
        "  left out: " + _listed(facts["dropped"]),
        *(f"  {count:,} not used: {error}" for error, count in facts["failed"].items()),
    ]
    for line in lines:
        console.print(streams.shown(line, 2000), soft_wrap=True, markup=False)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


@app.command("logic")
def logic(
    out: Out,
    number: Annotated[int, typer.Option("--number", min=1, help="How many theories.")] = 100,
    mutate: Annotated[
        bool, typer.Option("--mutate/--no-mutate", help="Also what becomes of each by a change.")
    ] = True,
    corrupt: Corrupt = True,
    prover: Labels = "z3",
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
    as_json: AsJson = False,
) -> int:
    """Make theories in controlled English of a known depth, with distractors; change and corrupt
    them; every label is a prover's.

    Example: neurosym augment logic --number 100 --out theories.jsonl
    """
    from neurosym.cli import augment_made

    return augment_made.logic(Path(out), number, mutate, corrupt, prover, seed, as_json)


@app.command("numeric")
def numeric(
    problems: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON Lines: question, and solution or answer.")
    ],
    out: Out,
    each: Annotated[
        int, typer.Option("--each", min=1, max=1000, help="Instances of each problem.")
    ] = 4,
    corrupt: Corrupt = True,
    prover: Labels = "z3",
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
    as_json: AsJson = False,
) -> int:
    """Give word problems other numbers and names; every step is read and proved again.

    Example: neurosym augment numeric gsm8k.jsonl --out steps.jsonl
    """
    from neurosym.cli import augment_made

    return augment_made.numeric(Path(problems), Path(out), each, corrupt, prover, seed, as_json)


@app.command("recheck")
def recheck(
    examples: Annotated[str, typer.Argument(metavar="FILE", help="Examples.")],
    out: Out,
    prover: Annotated[str, typer.Option("--prover", help="What is asked again.")] = "cvc5",
    labelled_by: Annotated[
        str, typer.Option("--labelled-by", help="What gave the labels, another prover.")
    ] = "z3",
    seconds: Annotated[float, typer.Option("--timeout", help="For each example.")] = 10.0,
    as_json: AsJson = False,
) -> int:
    """Ask another prover for every label, and keep the examples on which both agree.

    Exit status 1 where some are not kept; they are named, with the reason.

    Example: neurosym augment recheck theories.jsonl --out checked.jsonl
    """
    from neurosym.cli import augment_made

    return augment_made.recheck(Path(examples), Path(out), prover, labelled_by, seconds, as_json)


@app.command("export")
def export(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Examples, or mutants.")],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the data sets go.")],
    license_: Annotated[
        str, typer.Option("--license", help="What the data may be used for; told in its card.")
    ],
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            "--benchmark", metavar="NAME=FILE", help="Of whose texts nothing may be in it."
        ),
    ] = None,
    prover: Annotated[str, typer.Option("--prover", help="What is asked again.")] = "cvc5",
    labelled_by: Annotated[
        str, typer.Option("--labelled-by", help="What gave the labels, another prover.")
    ] = "z3",
    seconds: Annotated[float, typer.Option("--timeout", help="For each example.")] = 10.0,
    whole: Annotated[
        bool,
        typer.Option("--whole/--brief", help="With the translator's whole prompts, or without."),
    ] = False,
    arrow: Annotated[
        bool, typer.Option("--arrow/--no-arrow", help="Also in the format of datasets.")
    ] = True,
    as_json: AsJson = False,
) -> int:
    """Write data sets to learn from: pairs, preferences, step labels, proofs and tactics.

    Every label is asked of another prover, and every mutant judged again; what repeats another or
    is in a benchmark stays out, and what comes from one seed is on one side of the split.

    Example: neurosym augment export theories.jsonl mutants.jsonl --license CC-BY-4.0 --out data
    """
    from neurosym.cli import augment_export

    asked = augment_export.Asked(
        tuple(map(Path, files)),
        Path(out),
        tuple(benchmark or ()),
        license_,
        prover,
        labelled_by,
        seconds,
        whole,
        arrow,
    )
    return augment_export.export(asked, as_json)
