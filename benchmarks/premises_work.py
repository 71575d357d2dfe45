"""What the premises benchmarks share: the corpus, its labels and splits, and trained encoders.

All of it lies in ``NEUROSYM_PREMISES_WORK``, default: a folder in the system's for temporary ones,
so that what takes long is made once for all three.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from neurosym.premises import index as indexing
from neurosym.premises.build import Request, build
from neurosym.premises.corpus import Corpus
from neurosym.premises.dense import Encoder
from neurosym.premises.evaluate import Split, split
from neurosym.premises.labels import Label, read_labels
from neurosym.premises.neighbours import Neighbours
from neurosym.train.retriever import Training, pairs, train
from provers.errors import InputError
from provers.lean import toolchain

HERE = Path(__file__).parent
LABELS = HERE / "premises" / "labels.jsonl"
HEADER = ("Init", "Std")
WORKERS = 2
TRAINING = Training(epochs=2.0, batch=24)


def folder() -> Path:
    """Where all of it lies."""
    named = os.environ.get("NEUROSYM_PREMISES_WORK")
    found = Path(named) if named else Path(tempfile.gettempdir()) / "neurosym-premises"
    found.mkdir(parents=True, exist_ok=True)
    return found


def corpus() -> Corpus:
    """The corpus of the embedded toolchain, brought up to date."""
    made = build(Request(toolchain.ensure(), HEADER, workers=WORKERS), folder() / "corpus")
    return made.corpus


def labels(limit: int | None = None) -> list[Label]:
    """The published labels."""
    return read_labels(LABELS)[:limit]


def parts(found: Corpus, how: Split, limit: int | None = None) -> tuple[list[Label], list[Label]]:
    """What is learnt from, and what is measured on."""
    return split(labels(limit), found, how)


def trained(found: Corpus, how: Split, learnt: Sequence[Label]) -> Path:
    """An encoder that was trained on the labels; one is made for each set of labels."""
    told = repr((TRAINING, [dataclasses.astuple(label) for label in learnt]))
    name = f"encoder-{how}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    out = folder() / name
    if not (out / "modules.json").is_file():
        train(list(pairs(found, learnt)), out, how=TRAINING)
    return out


def index(found: Corpus, encoder: str | None) -> tuple[indexing.Index, Encoder | None]:
    """The corpus's index with an encoder; made again only for another corpus."""
    name = "words" if encoder is None else Path(encoder).name
    place = folder() / f"index-{name}"
    loaded = None if encoder is None else Encoder(encoder)
    try:
        return indexing.open_index(found, place), loaded
    except InputError as error:
        print(f"{place.name} is made: {error}")
        return indexing.build(found, loaded, place), loaded


def with_labels(made: indexing.Index, found: Corpus, learnt: Sequence[Label]) -> indexing.Index:
    """The same index, with labels to learn from."""
    return dataclasses.replace(made, neighbours=Neighbours(found, learnt), reranker=None)


def percent(share: float) -> float:
    """A share in percent."""
    return round(100 * share, 2)


def middle(seconds: Sequence[float], share: float) -> float:
    """A quantile in milliseconds."""
    return round(1000 * float(np.quantile(np.array(seconds), share)), 2)


def size_of(place: Path) -> int:
    """The bytes in a folder."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())


Figures = dict[str, Any]
