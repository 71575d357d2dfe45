"""The prover, the Lean and the model of a worker, each opened when it is first needed."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.runs.batch.base import Configuration
from neurosym.runs.problems import ProblemRecord
from provers import registry
from provers.base import Limits, Prover
from provers.errors import BrokenToolError, InputError, MissingToolError

if TYPE_CHECKING:
    from neurosym.llm.base import Model
    from neurosym.premises.hints import Hints
    from neurosym.premises.select import Selector
    from provers.lean.base import Checker
    from provers.lean.prover import LeanProver

NO_MODEL = "this needs a language model, and the run has none: name one by --model."


class Tools:
    """What a worker's attempts share. ``lacking``: the configured prover is not there."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.limits = Limits(configuration.seconds, configuration.megabytes)
        self.lacking = False
        self._prover: Prover | None = None
        self._lean: LeanProver | None = None
        self._no_lean: MissingToolError | None = None
        self._hints: Hints | None = None
        self._model: Model | None = None
        self._no_model: MissingToolError | None = None

    def check(self) -> None:
        """Whether what the configuration names is there, as far as is told without starting it.

        Raises UnknownProverError, InputError or MissingToolError.
        """
        if self.configuration.prover != "lean":
            self.prover  # noqa: B018 - it is loaded, which starts nothing
        if self.configuration.model:
            from neurosym.llm.opening import check_spec

            check_spec(self.configuration.model)
        elif self.configuration.search != "portfolio":
            raise InputError(
                f"the search '{self.configuration.search}' needs a language model: name one by "
                "--model."
            )
        if self.configuration.corpus:
            self._check_corpus()

    @property
    def prover(self) -> Prover:
        """The configured prover.

        Raises UnknownProverError, or MissingToolError where it is not there: it is ``lacking``.
        """
        if self.configuration.prover == "lean":
            return self.lean
        if self._prover is None:
            try:
                self._prover = registry.load(self.configuration.prover)
            except MissingToolError:
                self.lacking = True
                raise
        return self._prover

    @property
    def lean(self) -> LeanProver:
        """Lean as a prover; it is started by the first problem."""
        if self._lean is None:
            from provers.lean.prover import LeanProver

            names = None if self.hints is None else self.hints.names
            self._lean = LeanProver(self._open_lean, premises=names)
        return self._lean

    @property
    def hints(self) -> Hints | None:
        """Premises from the configured corpus, which the first search opens; None without one."""
        if self._hints is None and self.configuration.corpus:
            from neurosym.premises.hints import Hints

            self._hints = Hints(self._open_corpus)
        return self._hints

    def load(self, payload: object) -> None:
        """Open the corpus for a Lean statement; where it cannot be opened, the search says so."""
        if isinstance(payload, ProblemRecord) and payload.statement and self.hints is not None:
            with contextlib.suppress(MissingToolError, BrokenToolError):
                self.hints.load()

    def _open_corpus(self) -> Selector:
        from neurosym.premises.opening import open_selector

        try:
            self._check_corpus()
            return open_selector(Path(self.configuration.corpus), wanted=self.checker().version())
        except InputError as error:  # the problem's input is not what is wrong
            raise MissingToolError(str(error)) from error

    def _check_corpus(self) -> None:
        from neurosym.premises.opening import index_hash

        folder = self.configuration.corpus
        if index_hash(Path(folder)) != self.configuration.corpus_index:
            raise InputError(
                f"the index of premises in '{folder}' is not the one that the run began with: put "
                "it back, or begin another run."
            )

    def checker(self) -> Checker:
        """The machine's Lean, which all workers share where they can.

        Raises MissingToolError or BrokenToolError where there is none.
        """
        return self.lean.checker()

    def _open_lean(self) -> Checker:
        from provers.lean.checkers import open_checker

        if self._no_lean is not None:  # it is not tried again for every record
            raise self._no_lean
        try:
            return open_checker(daemon=True, megabytes=self.configuration.megabytes)
        except MissingToolError as error:
            self._no_lean = error
            raise

    @property
    def model(self) -> Model:
        """The configured model.

        Raises MissingToolError without one that can be used, ModelError where it does not load.
        """
        if not self.configuration.model:
            raise MissingToolError(NO_MODEL)
        if self._no_model is not None:
            raise self._no_model
        if self._model is None:
            from neurosym.llm.opening import open_model

            try:
                self._model = open_model(self.configuration.model)
            except (InputError, MissingToolError) as error:
                self._no_model = MissingToolError(str(error))
                raise self._no_model from error
        return self._model

    def close(self) -> None:
        """Stop all that was opened."""
        for opened in (self._prover, self._lean, self._model):
            if opened is not None:
                opened.close()
        self._prover = self._lean = self._model = None
