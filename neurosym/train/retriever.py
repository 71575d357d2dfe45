"""Contrastive fine-tuning of the dense retriever.

As ReProver's (Yang et al., "LeanDojo", NeurIPS 2023, section 5): a theorem's statement is drawn to
the premises that it needs, and away from others that it could have used: for each pair one from
the premise's own file and one that shares words with the statement, besides those of the other
pairs in its batch (Henderson et al., 2017). Works on a processor for a small encoder, and on a GPU
where there is one.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import math
import random
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from neurosym.premises.brief import brief
from neurosym.premises.corpus import Corpus
from neurosym.premises.dense import DEFAULT, Encoder, text_of
from neurosym.premises.fusion import ranks
from neurosym.premises.graph import Accessible
from neurosym.premises.labels import Label
from neurosym.premises.lexical import Lexical
from provers.errors import InputError, MissingToolError

_HARD: Final = 100  # of the first by words, a negative is drawn
_SAVED: Final = 50  # steps between checkpoints
_KEPT: Final = 2
_BEGUN: Final = "training.json"
_WARMUP: Final = 0.1  # of all steps


@dataclass(frozen=True, slots=True)
class Pair:
    """A theorem's statement, a premise that it needs, and others that it does not."""

    query: str
    positive: str
    by_file: str
    by_words: str


@dataclass(frozen=True, slots=True)
class Training:
    """How long and how fast: ``epochs`` over the pairs, ``batch`` pairs at once."""

    epochs: float = 2.0
    batch: int = 32
    rate: float = 5e-5
    seed: int = 0


def pairs(
    corpus: Corpus,
    labels: Sequence[Label],
    others: Iterable[tuple[str, Sequence[str]]] = (),
    *,
    seed: int = 0,
) -> Iterator[Pair]:
    """What is learnt from, a pair for each premise of each label.

    ``others`` are statements that the corpus does not have, each with the premises that it needs;
    they may use all of it, and a theorem what comes before it.
    """
    draw = random.Random(seed)
    accessible = Accessible(corpus)
    lexical = Lexical.build(list(corpus))
    theorems = np.array([kind == "theorem" for kind in corpus.kinds])
    everything = np.arange(len(corpus), dtype=np.int32)
    statements = corpus.column("statement")
    queries = (
        (statements[index].as_py(), label.premises, accessible.of(label.theorem))
        for label in labels
        if (index := corpus.find(label.theorem)) is not None
    )
    made = ((statement, premises, everything) for statement, premises in others)
    for query, premises, usable in itertools.chain(queries, made):
        needed = {i for i in map(corpus.find, premises) if i is not None}
        order = ranks(lexical.scores(query)[usable])
        near = [int(i) for i in usable[order <= _HARD] if int(i) not in needed]
        for premise in sorted(needed):
            file = usable[
                (corpus.module_of[usable] == corpus.module_of[premise]) & theorems[usable]
            ]
            others_of_file = [int(i) for i in file if int(i) not in needed]
            rest = near or [int(i) for i in usable if int(i) not in needed]
            if not rest:  # it may use nothing else, so nothing can be told apart
                continue
            yield Pair(
                brief(query),
                text_of(corpus[premise]),
                text_of(corpus[draw.choice(others_of_file or rest)]),
                text_of(corpus[draw.choice(rest)]),
            )


def train(
    given: Sequence[Pair], out: Path, encoder: str = DEFAULT, how: Training | None = None
) -> Path:
    """Train an encoder; the folder ``out`` is then one that ``premises index --encoder`` takes.

    A training that was interrupted goes on from its last checkpoint when it is begun again with
    the same folder. Raises InputError without pairs, for a folder that holds something else, and
    for a training that was begun with other pairs; MissingToolError where what trains is not
    installed.
    """
    how = how or Training()
    if not given:
        raise InputError("there is nothing to learn from: no label names a premise of the corpus.")
    try:
        from datasets import Dataset
        from sentence_transformers import (
            SentenceTransformerTrainer,
            SentenceTransformerTrainingArguments,
        )
        from sentence_transformers.losses import MultipleNegativesRankingLoss
        from sentence_transformers.training_args import BatchSamplers
        from transformers import PrinterCallback
    except ImportError as error:
        raise MissingToolError(
            f"training needs {error.name}: pip install 'neurosym[train]'."
        ) from error
    if out.exists() and not (out / "modules.json").is_file():
        raise InputError(f"'{out}' holds something else: name another folder.")
    checkpoints = out.with_name(f"{out.name}.checkpoints")
    _begin(checkpoints, given, encoder, how)
    model = Encoder(encoder).model()
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=how.epochs,
        per_device_train_batch_size=how.batch,
        learning_rate=how.rate,
        warmup_steps=round(_WARMUP * how.epochs * math.ceil(len(given) / how.batch)),
        seed=how.seed,
        data_seed=how.seed,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="steps",
        save_steps=_SAVED,
        save_total_limit=_KEPT,
        logging_steps=10,
        report_to="none",
        dataloader_pin_memory=False,
        disable_tqdm=not sys.stderr.isatty(),
    )
    trainer: Any = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(
            [
                {
                    "anchor": pair.query,
                    "positive": pair.positive,
                    "negative_1": pair.by_file,
                    "negative_2": pair.by_words,
                }
                for pair in given
            ]
        ),
        loss=MultipleNegativesRankingLoss(model),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=any(checkpoints.glob("checkpoint-*")) or None)
    partial = out.with_name(f"{out.name}.partial")
    model.save(str(partial))
    if out.exists():
        shutil.rmtree(out)
    partial.rename(out)
    shutil.rmtree(checkpoints)
    return out


def _begin(checkpoints: Path, given: Sequence[Pair], encoder: str, how: Training) -> None:
    """Note what is trained, or make sure that it is what was begun there."""
    pairs = hashlib.sha256(repr(list(given)).encode()).hexdigest()
    told = {"pairs": pairs, "encoder": encoder, **dataclasses.asdict(how)}
    note = checkpoints / _BEGUN
    if note.is_file():
        if note.read_text(encoding="utf-8") != json.dumps(told):
            raise InputError(
                f"another training was begun in '{checkpoints}': remove that, or name another "
                "folder."
            )
        return
    shutil.rmtree(checkpoints, ignore_errors=True)  # begun, and nothing is known of it
    checkpoints.mkdir(parents=True)
    note.write_text(json.dumps(told), encoding="utf-8")
