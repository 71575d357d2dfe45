"""The language model that benchmarks ask: the default one, unless the environment names another."""

from __future__ import annotations

import os
from pathlib import Path

from neurosym.llm.base import Model
from neurosym.llm.opening import open_model


def open_benchmark_model() -> Model:
    """The default model, or the one that ``NEUROSYM_BENCHMARK_MODEL`` names.

    With ``NEUROSYM_BENCHMARK_RECORD`` answers are kept in that file, and taken from it: a run can
    go on where it was interrupted, but times are then those of when the model answered.

    Raises MissingToolError where there is no such model.
    """
    kept = os.environ.get("NEUROSYM_BENCHMARK_RECORD")
    name = os.environ.get("NEUROSYM_BENCHMARK_MODEL", "default")
    return open_model(name, record=Path(kept) if kept else None)
