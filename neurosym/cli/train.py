"""``neurosym train``: models that get better from what was verified."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from neurosym.cli import OK, streams
from provers.errors import InputError

app = typer.Typer(help="Train models on what was verified.", no_args_is_help=True)


class Way(StrEnum):
    """How a translator learns."""

    SFT = "sft"
    DPO = "dpo"
    EXPERT = "expert"


class Device(StrEnum):
    """Where a translator is trained."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


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
    mutants: Annotated[
        str | None,
        typer.Option("--mutants", metavar="FILE", help="Learn from these, too (augment lean)."),
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
    from neurosym.augment.lean.files import read_grown
    from neurosym.augment.lean.needs import needs
    from neurosym.premises.corpus import Corpus, require
    from neurosym.premises.labels import read_labels
    from neurosym.settings import premises_folder
    from neurosym.train.retriever import Training, pairs, train

    require()
    place = premises_folder() if corpus is None else Path(corpus)
    opened = Corpus(place)
    given = read_labels(place / "labels.jsonl" if labels is None else Path(labels))
    grown = () if mutants is None else read_grown(Path(mutants))
    others = list(needs((one for each in grown for one in each.mutants), opened))
    if mutants is not None and not others:
        raise InputError(f"there are no mutants of the corpus in '{mutants}'.")
    learnt = list(pairs(opened, given, others, seed=seed))
    made = train(learnt, Path(out), encoder, Training(epochs, batch, rate, seed))
    streams.print_line(f"Trained on {len(learnt):,} pairs; the encoder is in {made}.")
    return OK


@app.command("translator")
def translator(
    data: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="JSON Lines: a prompt or messages, and completion, or chosen and rejected.",
        ),
    ],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where the model goes.")],
    way: Annotated[
        Way,
        typer.Option(
            "--way",
            help="Pairs (sft), preferences (dpo), or samples that a prover accepts (expert).",
        ),
    ] = Way.SFT,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="NAME", help="What to begin with; default: a small one from scratch."
        ),
    ] = None,
    epochs: Annotated[float, typer.Option("--epochs", help="Over all of it.")] = 3.0,
    batch: Annotated[int, typer.Option("--batch", min=1, max=4096, help="At once.")] = 8,
    rate: Annotated[float, typer.Option("--rate", help="The highest learning rate.")] = 5e-5,
    lora: Annotated[
        int, typer.Option("--lora", min=0, max=1024, help="Rank of adapters; 0 trains all weights.")
    ] = 0,
    device: Annotated[Device, typer.Option("--device", help="Where.")] = Device.AUTO,
    beta: Annotated[float, typer.Option("--beta", help="dpo: how close it stays to its base.")] = (
        0.1
    ),
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=100, help="expert: rounds.")] = 2,
    samples: Annotated[
        int, typer.Option("--samples", min=1, max=1024, help="expert: for each task and round.")
    ] = 8,
    prover: Annotated[str, typer.Option("--prover", help="expert: what accepts samples.")] = "z3",
    seconds: Annotated[float, typer.Option("--timeout", help="expert: for each sample.")] = 5.0,
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, nothing else.")
    ] = False,
) -> int:
    """Train a model that writes steps as formulas; interrupted, it goes on from its checkpoint.

    Example: neurosym train translator pairs.jsonl --out model && neurosym verify --translator
    model --model ./model problem.json
    """
    from neurosym.cli.train_translator import Asked, train
    from neurosym.train.translator.expert import Sampling
    from neurosym.train.translator.training import Training

    asked = Asked(
        way.value,
        Path(data),
        Path(out),
        base,
        Training(epochs, batch, rate, seed, lora, device.value),
        Sampling(rounds, samples),
        beta,
        prover,
        seconds,
    )
    return train(asked, as_json)


def loop(
    tasks: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="JSON Lines: a prompt or messages, and completion, the reference."
        ),
    ],
    held_out: Annotated[
        str,
        typer.Option("--held-out", metavar="FILE", help="Problems that no round learns from."),
    ],
    out: Annotated[str, typer.Option("--out", metavar="FOLDER", help="Where all rounds go.")],
    base: Annotated[
        str, typer.Option("--base", metavar="NAME", help="The model that each round begins with.")
    ],
    pairs: Annotated[
        str | None,
        typer.Option("--pairs", metavar="FILE", help="Learnt in each round besides."),
    ] = None,
    rounds: Annotated[int, typer.Option("--rounds", min=1, max=100, help="How many.")] = 3,
    samples: Annotated[
        int, typer.Option("--samples", min=1, max=1024, help="For each task and round.")
    ] = 8,
    temperature: Annotated[
        float, typer.Option("--temperature", help="At which samples are drawn.")
    ] = 1.0,
    epochs: Annotated[float, typer.Option("--epochs", help="Over all of it.")] = 3.0,
    batch: Annotated[int, typer.Option("--batch", min=1, max=4096, help="At once.")] = 8,
    rate: Annotated[float, typer.Option("--rate", help="The highest learning rate.")] = 5e-5,
    lora: Annotated[
        int, typer.Option("--lora", min=0, max=1024, help="Rank of adapters; 0 trains all weights.")
    ] = 0,
    device: Annotated[Device, typer.Option("--device", help="Where.")] = Device.AUTO,
    renamed: Annotated[
        int,
        typer.Option(
            "--renamed", min=0, max=1000, help="Pairs with other words, for each accepted one."
        ),
    ] = 0,
    prover: Annotated[str, typer.Option("--prover", help="What accepts translations.")] = "z3",
    seconds: Annotated[float, typer.Option("--timeout", help="For each translation.")] = 5.0,
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, nothing else.")
    ] = False,
) -> int:
    """Let a model translate, keep what a prover accepts, train on that, measure, and again.

    Each round's data, model and figures stay in the folder, with a plot. Interrupted, it goes on.

    Example: neurosym loop tasks.jsonl --held-out test.jsonl --base ./model --out rounds
    """
    from neurosym.cli.loop import Asked, run
    from neurosym.train.translator.expert import Sampling
    from neurosym.train.translator.training import Training

    asked = Asked(
        Path(tasks),
        Path(held_out),
        Path(out),
        base,
        None if pairs is None else Path(pairs),
        Training(epochs, batch, rate, seed, lora, device.value),
        Sampling(rounds, samples, temperature),
        renamed,
        prover,
        seconds,
    )
    return run(asked, as_json)
