"""An index of a corpus: what searches in it need, on disk beside it.

The manifest is written last and names every file by its hash, and the corpus by its own: what is
opened is whole and of that corpus, or it is refused.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.premises import dense
from neurosym.premises.corpus import Corpus, DataFile, digest
from neurosym.premises.graph import page_rank
from neurosym.premises.labels import Label, read_labels, write_labels
from neurosym.premises.lexical import Lexical
from neurosym.premises.neighbours import Neighbours
from neurosym.premises.rerank import Reranker
from neurosym.premises.tokens import VERSION as TOKENS
from provers.errors import InputError

FORMAT: Final = 3
FOLDER: Final = "index"
AGAIN: Final = "run neurosym premises index again"
MANIFEST: Final = "index.json"
_LEXICAL: Final = "lexical"
_DENSE: Final = "dense.npy"
_PRIOR: Final = "prior.npy"
_LABELS: Final = "labels.jsonl"
_RERANKER: Final = "reranker"

Tell = Callable[[str, int, int], None]
"""Told what is worked on, how much of it is done, and of how much."""


class Manifest(BaseModel):
    """What an index holds: ``corpus`` is the hash of its declarations, ``encoder`` the name of the
    sentence encoder, None without one, ``dimension`` the length of its embeddings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    tokens: int
    corpus: str
    declarations: int
    date: str
    encoder: str | None
    dimension: int
    files: tuple[DataFile, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An open index. ``embeddings`` are None where it was made without an encoder, ``neighbours``
    and ``reranker`` where it was made without labels, and where nobody had learnt from them.
    """

    folder: Path
    manifest: Manifest
    lexical: Lexical
    prior: NDArray[np.float32]
    embeddings: dense.Kept | None
    neighbours: Neighbours | None = None
    reranker: Reranker | None = None

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.manifest.files)


def build(
    corpus: Corpus,
    encoder: dense.Encoder | None,
    folder: Path,
    tell: Tell | None = None,
    *,
    labels: Sequence[Label] = (),
) -> Index:
    """Make the index of a corpus in a folder, in the place of what is there.

    ``labels`` are of theorems that a goal may be like.

    Raises InputError where it cannot be written, MissingToolError where the encoder cannot be
    loaded.
    """
    say = tell or (lambda stage, done, total: None)
    partial = folder.with_name(f"{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        premises = list(corpus)
        say("words", 0, 0)
        Lexical.build(premises).save(partial / _LEXICAL)
        np.save(partial / _PRIOR, page_rank(corpus).astype(np.float32))
        dimension = 0
        if encoder is not None:
            texts = [dense.text_of(premise) for premise in premises]
            found = encoder.encode(texts, lambda done, total: say("encode", done, total))
            np.save(partial / _DENSE, found.astype(np.float16))
            dimension = int(found.shape[1])
        if labels:
            write_labels(labels, partial / _LABELS)
        files = sorted(one for one in partial.rglob("*") if one.is_file())
        manifest = Manifest(
            format=FORMAT,
            tokens=TOKENS,
            corpus=corpus.manifest.declarations_file.sha256,
            declarations=len(corpus),
            date=datetime.date.today().isoformat(),
            encoder=None if encoder is None else encoder.name,
            dimension=dimension,
            files=tuple(_named(one, partial) for one in files),
        )
        (partial / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    except OSError as error:
        raise InputError(f"the index in '{folder}' cannot be written: {error.strerror}.") from error
    return open_index(corpus, folder)


def add_reranker(index: Index, reranker: Reranker) -> Index:
    """The same index with a learned order. Raises InputError where it cannot be written."""
    folder = index.folder
    try:
        # It has a name of its own: until the manifest names it, the one before is there.
        partial = folder / f"{_RERANKER}.partial"
        reranker.save(partial)
        file = folder / f"{_RERANKER}-{digest(partial)[:16]}.json"
        partial.replace(file)
        others = [one for one in index.manifest.files if not one.name.startswith(_RERANKER)]
        manifest = index.manifest.model_copy(update={"files": (*others, _named(file, folder))})
        partial = folder / f"{MANIFEST}.partial"
        partial.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        partial.replace(folder / MANIFEST)
        for old in folder.glob(f"{_RERANKER}*"):
            if old != file:
                old.unlink()
    except OSError as error:
        raise InputError(f"the index in '{folder}' cannot be written: {error.strerror}.") from error
    return dataclasses.replace(index, manifest=manifest, reranker=reranker)


def _named(file: Path, folder: Path) -> DataFile:
    name = file.relative_to(folder).as_posix()
    return DataFile(name=name, bytes=file.stat().st_size, sha256=digest(file), rows=0)


def open_index(corpus: Corpus, folder: Path) -> Index:
    """The index of a corpus.

    Raises InputError where there is none, it is of another corpus or version, or it is damaged.
    """
    manifest = _manifest(folder)
    if (manifest.format, manifest.tokens) != (FORMAT, TOKENS):
        raise InputError(f"the index in '{folder}' is of another version of neurosym: {AGAIN}.")
    if manifest.corpus != corpus.manifest.declarations_file.sha256:
        raise InputError(f"the index in '{folder}' is of another corpus: {AGAIN}.")
    for named in manifest.files:
        file = folder / named.name
        try:
            inside = file.resolve().is_relative_to(folder.resolve())
            same = inside and file.stat().st_size == named.bytes and digest(file) == named.sha256
        except OSError:
            same = False
        if not same:
            raise InputError(f"the index file '{file}' is lost or damaged: {AGAIN}.")
    try:
        lexical = Lexical.open(folder / _LEXICAL, len(corpus))
        prior = np.load(folder / _PRIOR, mmap_mode="r")
        embeddings = None
        if manifest.encoder is not None:
            # Not "r", of which torch warns; nothing is written to it.
            embeddings = np.load(folder / _DENSE, mmap_mode="c")
    except (OSError, ValueError, KeyError, json.JSONDecodeError) as error:
        raise InputError(f"the index in '{folder}' cannot be read ({error}): {AGAIN}.") from error
    held = {file.name for file in manifest.files}
    neighbours = Neighbours(corpus, read_labels(folder / _LABELS)) if _LABELS in held else None
    order = next((name for name in sorted(held) if name.startswith(_RERANKER)), None)
    reranker = None if order is None else Reranker.load(folder / order)
    return Index(folder, manifest, lexical, prior, embeddings, neighbours, reranker)


def _manifest(folder: Path) -> Manifest:
    file = folder / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise InputError(f"'{folder}' holds no finished index: {AGAIN}.") from error
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise InputError(f"'{file}' is damaged: {AGAIN}.") from error
