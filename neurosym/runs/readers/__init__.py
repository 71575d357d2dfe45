"""Readers of the public forms that problems come in, one module each, told by content.

A reader is a module with ``FORM``, ``detect(sample) -> bool`` and ``read(source) -> items``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from neurosym.runs.items import Item
from neurosym.runs.readers import (
    arlsat,
    folio,
    formalmath,
    forml4,
    gsm8k,
    lean,
    linc,
    logicaldeduction,
    logicbench,
    logiclm,
    mathset,
    minif2f,
    multilogieval,
    own,
    prmbench,
    prontoqa,
    proofnet,
    proofwriter,
    putnambench,
    recorded,
    smtlib,
    tptp,
    valimath,
)
from neurosym.runs.readers.source import Sample, Source

__all__ = ["READERS", "Reader", "Sample", "Source", "form_of", "recognise"]


class Reader(Protocol):
    """A module that reads one form."""

    FORM: str

    def detect(self, sample: Sample) -> bool: ...

    def read(self, source: Source) -> Iterator[Item]: ...


# The first that fits reads a file: what is told by a name or a field of its own comes before
# what has only fields that others have too.
READERS: tuple[Reader, ...] = (
    recorded,
    linc,
    prmbench,
    valimath,
    putnambench,
    minif2f,
    proofnet,
    formalmath,
    forml4,
    proofwriter,
    prontoqa,
    logiclm,
    logicaldeduction,
    arlsat,
    folio,
    gsm8k,
    logicbench,
    multilogieval,
    smtlib,
    tptp,
    mathset,
    own,
    lean,
)


def recognise(sample: Sample) -> Reader | None:
    """The reader of a form; None for what is none of them."""
    return next((reader for reader in READERS if reader.detect(sample)), None)


def form_of(record: Any) -> str | None:
    """The form of one JSON record; None for what is none of them."""
    reader = recognise(Sample("", "lines", record))
    return None if reader is None else reader.FORM
