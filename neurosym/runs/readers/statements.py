"""Records with a Lean statement beside its text: what miniF2F, ProofNet and others share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from neurosym.runs.items import Item, Origin, Statement
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers.declarations import (
    has_theorem,
    solved,
    theorems,
    unsolved,
    without_proof,
)
from neurosym.runs.readers.records import Fields, identity, items, optional
from neurosym.runs.readers.source import Source
from provers.errors import InputError

NAMES = ("name", "theorem_name", "theorem_names", "problem_name", "id", "uuid")
LEAN = ("formal_statement", "lean4_statement", "lean4_code", "lean", "autoformalization")
HEADERS = ("header", "lean4_header", "src_header")
TEXTS = (
    "informal_statement",
    "informal_stmt",
    "informal",
    "informal_prefix",
    "nl_statement",
    "refined_statement",
)


def name(data: Fields) -> str:
    """What a record calls its theorem; empty where it does not."""
    return next((data[f] for f in NAMES if isinstance(data.get(f), str) and data[f]), "")


def read(source: Source, form: str, fits: Callable[[Any], bool]) -> Iterator[Item]:
    """The items of a file of such records. Raises InputError as ``items``."""

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        id = identity(data, default, *NAMES)
        yield item(id, data, origin)

    return items(source, form, fits, one, kind="prove")


def item(id: str, data: Fields, origin: Origin) -> Item:
    """The item of a statement to prove; without one, of a text to state.

    Raises InputError for a record with neither, and where an answer that the statement names is
    left open.
    """
    lean = optional(data, *LEAN)
    informal = _plain(optional(data, *TEXTS))
    if lean is None or not lean.strip():
        if not informal:
            raise InputError("the record has neither a Lean statement nor a text to state.")
        return Item(id, "translate", Statement(informal), origin)
    record = problem(id, optional(data, *HEADERS) or "", lean)
    return Item(id, "prove", record, origin)


def problem(id: str, header: str, lean: str) -> ProblemRecord:
    """The problem of a statement with its header. Raises InputError as ``item``."""
    if not has_theorem(lean):
        raise InputError("the Lean statement is no theorem, so that there is nothing to prove.")
    whole = solved(f"{header.strip()}\n\n{lean.strip()}\n".lstrip())
    stated = theorems(whole)
    if stated and stated[-1].open:
        text = f"{stated[-1].context}\n\n{stated[-1].statement}"
    else:
        text = without_proof(whole)
    if unsolved(text):
        raise InputError("the answer that the statement names is left open (sorry).")
    return ProblemRecord(id=id, language="lean4", statement=text.strip())


def _plain(text: str | None) -> str:
    """A text without the Lean comment that it may be written as."""
    return (text or "").strip().removeprefix("/--").removesuffix("-/").strip()
