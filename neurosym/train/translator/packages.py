"""The packages that train: loaded when they are needed, and without bars where nobody watches."""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from provers.errors import MissingToolError


def package(name: str) -> Any:
    """A package by its name; raises MissingToolError where it, or what it needs, is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        missing = error.name or name
        raise MissingToolError(
            f"training a translator needs {missing}: pip install {missing}."
        ) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without progress bars where standard error is no terminal, and without warnings to authors.

    The packages rename their own settings and warn those who call them, not those who train.
    """
    logging, datasets = package("transformers.utils.logging"), package("datasets")
    of_models = logging.is_progress_bar_enabled() and not sys.stderr.isatty()
    of_data = not datasets.are_progress_bars_disabled() and not sys.stderr.isatty()
    if of_models:
        logging.disable_progress_bar()
    if of_data:
        datasets.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        if of_models:
            logging.enable_progress_bar()
        if of_data:
            datasets.enable_progress_bars()
