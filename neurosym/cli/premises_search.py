"""``neurosym premises index`` and ``search``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.cli import OK, setup, streams
from provers.errors import InputError, MissingToolError

if TYPE_CHECKING:
    from neurosym.premises.dense import Encoder
    from neurosym.premises.found import Found
    from neurosym.premises.select import Selector

_STAGES = {"words": "Indexing words", "encode": "Encoding", "learn": "Learning from labels"}


def index(place: Path, name: str | None, labelled: str | None, as_json: bool) -> int:
    """Make the index of a corpus; with the encoder that is named, or the default if it is there."""
    from neurosym.premises import index as indexing
    from neurosym.premises.corpus import Corpus, require
    from neurosym.premises.labels import read_labels
    from neurosym.premises.learn import learn
    from neurosym.premises.select import Selector

    require()
    labels = [] if labelled is None else read_labels(Path(labelled))
    if labelled is not None and not labels:
        raise InputError(f"there are no labels in '{labelled}'.")
    corpus = Corpus(place)
    encoder, note = _encoder(name)
    start = time.monotonic()
    with setup.progress("Indexing words", _STAGES) as tell:
        made = indexing.build(corpus, encoder, place / indexing.FOLDER, tell, labels=labels)
        if labels:
            selector = Selector(corpus, made, encoder=encoder)
            order = learn(
                selector,
                labels,
                None if tell is None else lambda done, total: tell("learn", done, total),
            )
            made = indexing.add_reranker(made, order)
    notes = [] if note is None else [note]
    facts = {
        "index": str(made.folder),
        "declarations": made.manifest.declarations,
        "encoder": made.manifest.encoder,
        "labels": len(made.neighbours or ()),
        "bytes": made.bytes,
        "seconds": round(time.monotonic() - start, 1),
        "notes": notes,
    }
    if as_json:
        streams.print_json(facts, pretty=True)
        return OK
    _print(
        [
            f"The index is ready in {made.folder}: {len(corpus):,} declarations, "
            f"{made.bytes / 1e6:.1f} MB, in {facts['seconds']:,} s.",
            *notes,
        ]
    )
    return OK


def label(
    place: Path, number: int, out: str | None, seed: int, workers: int | None, as_json: bool
) -> int:
    """Label a sample of the corpus's theorems into a file."""
    from neurosym.premises.again import Again
    from neurosym.premises.labelling import Labeller, interleaved, label_all, sample
    from neurosym.premises.opening import open_selector
    from provers.lean import toolchain
    from provers.lean.base import LeanVersion
    from provers.lean.pool import ROOMY_MEGABYTES, Pool, default_workers

    setup.ensure()
    lean = toolchain.ensure()
    selector = open_selector(place, wanted=LeanVersion(lean.version, lean.kind))
    corpus = selector.corpus
    file = place / "labels.jsonl" if out is None else Path(out)
    workers = workers or min(2, default_workers())
    start = time.monotonic()
    pool = Pool(lean, workers=workers, megabytes=ROOMY_MEGABYTES)
    try:
        with setup.progress("Starting Lean", {"label": "Proving again"}) as tell:
            labelled = label_all(
                Labeller(Again(corpus, pool, interleaved(selector))),
                corpus,
                sample(corpus, number, seed=seed),
                file,
                workers=workers,
                tell=None if tell is None else lambda done, total: tell("label", done, total),
            )
    finally:
        pool.close()
    facts = {"labels": str(file), "theorems": number, "labelled": labelled}
    facts["seconds"] = round(time.monotonic() - start, 1)
    if as_json:
        streams.print_json(facts, pretty=True)
    else:
        _print([f"{labelled:,} of {number:,} theorems have a label in {file}."])
    return OK


def _encoder(name: str | None) -> tuple[Encoder | None, str | None]:
    """The encoder, or why there is none. Raises MissingToolError for a named one."""
    from neurosym.premises.dense import DEFAULT, Encoder

    if name == "none":
        return None, None
    try:
        return Encoder(name or DEFAULT), None
    except MissingToolError as error:
        if name is not None:
            raise
        return None, f"Words only: {error}"


def search(query: str, k: int, place: Path, module: str | None, as_json: bool) -> int:
    """Print what fits a goal or an English description best."""
    from neurosym.premises.graph import Accessible
    from neurosym.premises.opening import open_selector

    selector = open_selector(place)
    accessible = None if module is None else Accessible(selector.corpus).at(module)
    start = time.monotonic()
    found = selector.search(query, k, accessible=accessible)
    seconds = time.monotonic() - start
    if as_json:
        facts = {
            "query": query,
            "premises": [written(one) for one in found],
            "seconds": round(seconds, 4),
            "notes": list(selector.notes),
        }
        streams.print_json(facts, pretty=True)
        return OK
    _show(found, selector)
    return OK


def written(found: Found) -> dict[str, Any]:
    """A premise that was found, as JSON."""
    premise = found.premise
    return {
        "name": premise.name,
        "module": premise.module,
        "kind": premise.kind,
        "statement": premise.statement,
        "doc": premise.doc,
        "attributes": list(premise.attributes),
        "score": round(found.score, 6),
        "ranks": dict(found.ranks),
    }


def _show(found: list[Found], selector: Selector) -> None:
    lines = []
    for one in found:
        marks = f"  [{', '.join(one.premise.attributes)}]" if one.premise.attributes else ""
        lines += [f"{one.premise.name}{marks}", f"    {' '.join(one.premise.statement.split())}"]
    _print(lines or ["Nothing may be used there."])
    for note in selector.notes:
        _print([f"Note: {note}"])


def _print(lines: list[str]) -> None:
    console = streams.console()
    for line in lines:
        console.print(streams.shown(line, 500), soft_wrap=True, markup=False)


def read_query(words: list[str]) -> str:
    """The query; ``-`` reads it from standard input. Raises InputError where it is empty."""
    import sys

    text = sys.stdin.read() if words == ["-"] else " ".join(words)
    if not text.strip():
        raise InputError("the query is empty: give a goal, or describe a premise.")
    return text
