"""The corpus of premises that a service searches in: opened once, for all requests."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from provers.errors import InputError, MissingToolError

if TYPE_CHECKING:
    from neurosym.premises.select import Selector


class SharedCorpus:
    """The user's corpus, opened by the first search; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._selector: Selector | None = None

    def search(self, goal: str, k: int) -> dict[str, Any]:
        """What fits the goal best, and what the search goes without.

        Raises InputError for a goal that cannot be searched by, MissingToolError where there is no
        corpus, or what reads it is not installed.
        """
        with self._lock:  # searches share an encoder, and take milliseconds
            selector = self._opened()
            found = selector.search(goal, k)
        return {
            "premises": [
                {
                    "index": one.premise.index,
                    "text": f"{one.premise.name} : {one.premise.statement}",
                    "score": round(one.score, 6),
                }
                for one in found
            ],
            "notes": list(selector.notes),
        }

    def _opened(self) -> Selector:
        if self._selector is None:
            from neurosym.premises.opening import open_selector
            from neurosym.settings import premises_folder

            try:
                self._selector = open_selector(premises_folder())
            except InputError as error:
                raise MissingToolError(
                    f"there is no corpus to search in, so give 'premises': {error}"
                ) from error
        return self._selector
