"""``neurosym train``: models that get better from what was verified."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from neurosym.cli import OK, streams

app = typer.Typer(help="Train models on what was verified.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Commands have names, though there is one."""


@app.command("retriever")
def retriever(
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the encoder goes.")],
    labels: Annotated[
        str | None,
        typer.Option("--labels", metavar="FILE", help="Default: those beside the corpus."),
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option("--corpus", metavar="FOLDER", help="The corpus; default: the user's."),
    ] = None,
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="NAME", help="What to begin with.")
    ] = "minilm",
    epochs: Annotated[float, typer.Option("--epochs", min=0.01, help="Over all pairs.")] = 2.0,
    batch: Annotated[int, typer.Option("--batch", min=2, max=4096, help="Pairs at once.")] = 32,
    rate: Annotated[float, typer.Option("--rate", min=0.0, help="The learning rate.")] = 5e-5,
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
) -> int:
    """Train the dense retriever on labels; interrupted, it goes on from its last checkpoint.

    Example: neurosym train retriever --out encoder && neurosym premises index --encoder ./encoder
    """
    from neurosym.premises.corpus import Corpus, require
    from neurosym.premises.labels import read_labels
    from neurosym.settings import premises_folder
    from neurosym.train.retriever import Training, pairs, train

    require()
    place = premises_folder() if corpus is None else Path(corpus)
    opened = Corpus(place)
    given = read_labels(place / "labels.jsonl" if labels is None else Path(labels))
    learnt = list(pairs(opened, given, seed=seed))
    made = train(learnt, Path(out), encoder, Training(epochs, batch, rate, seed))
    streams.print_line(f"Trained on {len(learnt):,} pairs; the encoder is in {made}.")
    return OK
