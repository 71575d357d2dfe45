"""Lean files: what is proved in them is checked, what is left open (``sorry``) is to be proved.

A file of miniF2F's or PutnamBench's Lean project is one or many theorems whose proofs are
``sorry``; each becomes an item with its own statement, and what stands before it as context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from neurosym.runs.items import Item, Kind, Origin, bad_item
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers.declarations import (
    Theorem,
    has_theorem,
    solved,
    theorems,
    unsolved,
    without_comments,
)
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "lean"
_OPENING = re.compile(
    r"\s*(?:@\[|(?:import|open|theorem|lemma|example|def|abbrev|namespace|section|variable|universe"
    r"|set_option|noncomputable|private|structure|inductive|class|instance|axiom)\b)"
)
_PUTNAM = re.compile(r"putnam_\d{4}_[ab]\d")
_KIND: Kind = "prove"


def detect(sample: Sample) -> bool:
    """Whether the first thing that is no comment is a command of Lean, and a theorem follows."""
    if sample.container != "text":
        return False
    return _OPENING.match(without_comments(sample.text)) is not None and has_theorem(sample.text)


def read(source: Source) -> Iterator[Item]:
    """One item for each open theorem, or one for the whole file where nothing is open.

    Raises InputError for a file without a theorem.
    """
    text = source.text()
    if not has_theorem(text):
        raise InputError(f"{source.described} states no theorem: there is nothing to prove in it.")
    text = solved(text)
    waiting = [theorem for theorem in theorems(text) if theorem.open]
    if not waiting:
        record = ProblemRecord(id=source.name, language="lean4", code=text)
        yield Item(source.name, _KIND, record, Origin(str(source.path), 1, _form(source.name)))
        return
    for theorem in waiting:
        yield _item(source, theorem, alone=len(waiting) == 1)


def _item(source: Source, theorem: Theorem, alone: bool) -> Item:
    id = source.name if alone else f"{source.name}/{theorem.name}"
    origin = Origin(str(source.path), theorem.line, _form(theorem.name))
    if unsolved(theorem.context):
        reason = "the answer that its statement names is left open (sorry), with no comment below."
        return bad_item(id, origin, reason, _KIND)
    statement = f"{theorem.context}\n\n{theorem.statement}".strip()
    return Item(id, _KIND, ProblemRecord(id=id, language="lean4", statement=statement), origin)


def _form(name: str) -> str:
    return "putnambench" if _PUTNAM.search(name) else FORM
