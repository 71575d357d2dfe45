"""The language model of a command: which one, and how it takes part."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neurosym.verify.modelling import Modelling


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What was asked for on the command line; ``model`` is a form that ``open_model`` takes."""

    model: str = "default"
    samples: int = 3
    rounds: int = 2
    temperature: float = 0.7
    seed: int = 0
    merge: bool = True
    infer: bool = False
    ask: bool = False
    guess: bool = False
    record: str | None = None


@contextlib.contextmanager
def opened(options: ModelOptions | None) -> Iterator[Modelling | None]:
    """The model and its part, until the command is done; None where no model was asked for.

    Raises InputError for a form that names no model, MissingToolError or ModelError where it is
    not there or does not work.
    """
    if options is None:
        yield None
        return
    from neurosym.llm.opening import open_model
    from neurosym.translate.model import Sampling
    from neurosym.verify.modelling import Modelling

    model = open_model(
        options.model, record=None if options.record is None else Path(options.record)
    )
    try:
        sampling = Sampling(options.samples, options.rounds, options.temperature, options.seed)
        yield Modelling(model, sampling, options.merge, options.infer, options.ask, options.guess)
    finally:
        model.close()
