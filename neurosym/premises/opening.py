"""A corpus, opened for searches."""

from __future__ import annotations

from pathlib import Path

from neurosym.premises.corpus import Corpus, digest, require
from neurosym.premises.index import AGAIN, FOLDER, MANIFEST, open_index
from neurosym.premises.select import Selector
from provers.errors import InputError
from provers.lean.base import LeanVersion


def open_selector(folder: Path, *, wanted: LeanVersion | None = None) -> Selector:
    """Searches in the corpus of a folder, for the Lean that is ``wanted``.

    Raises InputError where there is no finished corpus or index, or one of another Lean;
    MissingToolError where what reads them is not installed.
    """
    require()
    corpus = Corpus(folder, wanted=wanted)
    return Selector(corpus, open_index(corpus, corpus.folder / FOLDER))


def index_hash(folder: Path) -> str:
    """The hash of the index of a corpus, by which whoever opens it again knows that it is the same.

    Raises InputError where there is none.
    """
    try:
        return digest(folder / FOLDER / MANIFEST)
    except OSError as error:
        raise InputError(f"'{folder}' holds no finished index of premises: {AGAIN}.") from error
