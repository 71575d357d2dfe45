"""What a benchmark's file says, in any form that a batch reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from neurosym.augment.export.contamination import Benchmark
from neurosym.runs.inputs import items

_SHORTEST: Final = 20  # characters; what is shorter is a name or an answer


def benchmark_of(given: str) -> Benchmark:
    """The texts of a benchmark's file: ``NAME=FILE``, or a file that gives its own name."""
    name, sign, file = given.partition("=")
    file = file if sign else given
    texts = {
        text: None
        for item in items([file])
        for text in _texts(item.payload)
        if len(text) >= _SHORTEST
    }
    return Benchmark(name if sign else Path(file).stem, list(texts))


def _texts(value: Any) -> Iterator[str]:
    """All text in an item, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
    elif hasattr(value, "model_dump"):
        yield from _texts(value.model_dump())
