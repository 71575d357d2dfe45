"""Premises for a prover: those of the user's corpus that a goal can use and may need."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from provers.errors import InputError, MissingToolError
from provers.lean.base import Header

if TYPE_CHECKING:
    from neurosym.premises.base import Premise
    from neurosym.premises.corpus import Corpus
    from neurosym.premises.found import Found
    from neurosym.premises.graph import Accessible, Indices
    from neurosym.premises.select import Selector

_MOST: Final = 32
HINTS: Final = frozenset({"theorem", "definition", "constructor"})
"""The kinds that a tactic takes as a hint."""


class Hints:
    """Searches for provers, all in one corpus; thread-safe. It is opened when first needed.

    Where the corpus is not ``required`` and cannot be used, nothing is found, and ``note`` says
    why.
    """

    def __init__(
        self, opened: Callable[[], Selector], *, required: bool = True, most: int = _MOST
    ) -> None:
        self.note = ""
        self._open = opened
        self._required = required
        self._most = most
        self._lock = threading.Lock()
        self._selector: Selector | None = None
        self._accessible: Accessible
        self._known: dict[Header, Indices] = {}

    def warm(self) -> None:
        """Open the corpus in the background; a search waits for that."""
        threading.Thread(target=self.load, daemon=True).start()

    def load(self) -> None:
        """Open the corpus, and load what searches in it; nothing where that is done."""
        if self._selector is not None:
            return
        # The first search raises it again.
        with self._lock, contextlib.suppress(InputError, MissingToolError):
            self._opened().search("True", 1)

    def names(self, goal: str, header: Header) -> list[str]:
        """What may help with a goal in a file with these imports, the likeliest first.

        Raises InputError or MissingToolError where a required corpus cannot be opened.
        """
        return [one.premise.name for one in self._found(goal, header)]

    def lemmas(self, goal: str, header: Header) -> list[Premise]:
        """The same with their statements, as a model's prompt lists them."""
        return [one.premise for one in self._found(goal, header)]

    def _found(self, goal: str, header: Header) -> list[Found]:
        from neurosym.premises.select import MAX_QUERY

        query = goal.strip()[-MAX_QUERY:]
        if not query or self.note:
            return []
        with self._lock:
            try:
                selector = self._opened()
            except (InputError, MissingToolError) as error:
                if self._required:
                    raise
                self.note = f"premises are not searched for: {error}"
                return []
            usable = self._usable(selector, header)
            return selector.varied(query, self._most, accessible=usable)

    def _opened(self) -> Selector:
        if self._selector is None:
            from neurosym.premises.graph import Accessible

            self._selector = self._open()
            self._accessible = Accessible(self._selector.corpus)
        return self._selector

    def _usable(self, selector: Selector, header: Header) -> Indices:
        if header not in self._known:
            known = selector.corpus.module_numbers
            # Of modules that the corpus lacks, nothing is known.
            modules = [one for one in header if one in known]
            self._known[header] = hints_among(
                selector.corpus, self._accessible.after_imports(*modules)
            )
        return self._known[header]


def hints_among(corpus: Corpus, accessible: Indices) -> Indices:
    """Those of the accessible declarations that a tactic takes as a hint."""
    import numpy as np  # whoever has no corpus does without

    kinds = corpus.kinds
    return np.array([i for i in accessible if kinds[int(i)] in HINTS], dtype=np.int32)
