"""How a command searches for proofs of bare Lean statements: which way, and with which model."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from neurosym.premises.hints import Hints
    from neurosym.premises.select import Selector
    from neurosym.search import Found, Mode
    from provers.base import Limits
    from provers.lean.base import Checker, LeanVersion

Search: TypeAlias = "Callable[[Callable[[], Checker], str, Limits, Hints | None], Found]"
"""Searches, with a Lean that is opened when it is first needed, for a statement within limits; with
premises of a corpus, if there is one."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """What was asked for on the command line; ``model`` is a form that ``open_model`` takes."""

    mode: Mode
    model: str = "default"
    samples: int = 4
    rounds: int = 2
    temperature: float = 0.7
    seed: int = 0
    tokens: int | None = None
    record: str | None = None


@contextlib.contextmanager
def opened(options: SearchOptions | None) -> Iterator[Search | None]:
    """What searches, with its model, until the command is done; None where none was asked for.

    Raises InputError for a form that names no model, MissingToolError or ModelError where it is
    not there or does not work.
    """
    if options is None:
        yield None
        return
    from neurosym.llm.opening import open_model
    from neurosym.search import Found, Plan, Searcher
    from provers.errors import BrokenToolError
    from provers.failures import failure

    plan = Plan(options.mode, options.samples, options.rounds, options.temperature)
    record = None if options.record is None else Path(options.record)
    model = open_model(options.model, record=record)

    def search(
        lean: Callable[[], Checker], statement: str, limits: Limits, hints: Hints | None = None
    ) -> Found:
        try:
            searcher = Searcher(lean(), model, plan, () if hints is None else hints.lemmas)
        except BrokenToolError as error:
            return Found(failure("lean", error, 0.0), plan.mode)
        return searcher.find(statement, limits, tokens=options.tokens, seed=options.seed)

    try:
        yield search
    finally:
        model.close()


def told(found: Found) -> dict[str, Any]:
    """How a search went, as the record of its result shows it."""
    from neurosym.search import write_found

    return {"search": write_found(found)["search"]}


def user_hints(given: str | None, lean: Callable[[], LeanVersion]) -> Hints | None:
    """Premises for the Lean of this version, from the corpus that is ``given``, else the user's.

    None for ``none``, and where none is given and the user has no index.
    """
    from neurosym.premises.hints import Hints
    from neurosym.settings import premises_folder

    if given == "none":
        return None
    folder = premises_folder() if given is None else Path(given)
    if given is None and not (folder / "index").is_dir():
        return None

    def opened() -> Selector:
        from neurosym.premises.opening import open_selector

        return open_selector(folder, wanted=lean())

    return Hints(opened, required=given is not None)
