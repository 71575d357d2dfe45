"""What the service does, without HTTP: verify, prove, translate, rank; sync and thread-safe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neurosym.runs.problems import ProblemRecord, problem_of
from neurosym.service.lending import Lending
from neurosym.service.watch import Watch as Watch
from neurosym.settings import Settings
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import Record
from neurosym.verify.report import write_report, write_step
from provers import registry
from provers.base import Limits, Prover
from provers.records import write_result

if TYPE_CHECKING:
    from neurosym.runs.store import Store
    from neurosym.service.metrics import Metrics
    from neurosym.verify.modelling import Modelling
    from provers.lean.base import Checker

_LOG = logging.getLogger(__name__)
# More time may change an answer for these reasons, and no other.
_UNDECIDED = frozenset({"timeout", "memory", "incomplete"})


@dataclass(frozen=True, slots=True)
class Ask:
    """What a request may choose, already clamped to the settings' maxima.

    ``limits`` hold for each question to a prover, ``seconds`` for the whole request. ``model``:
    the configured model translates what rules cannot read. ``certify``: wait for Lean
    certificates. ``cache``: an answer to the same input may be given again.
    """

    prover: str = "z3"
    limits: Limits = Limits()
    seconds: float = 60.0
    model: bool = False
    certify: bool = False
    cache: bool = True


class Engine:
    """Does the work of requests and jobs, each in the thread that asks; thread-safe."""

    def __init__(self, settings: Settings, store: Store, metrics: Metrics) -> None:
        self.settings = settings
        self.store = store
        self.metrics = metrics
        self._lending = Lending(self._load, settings.workers)
        self._opening = threading.Lock()
        self._checker: Checker | None = None
        self._modelling: Modelling | None = None

    # --- verify ------------------------------------------------------------------------------

    def verify(self, record: Record, ask: Ask, watch: Watch) -> dict[str, Any]:
        """The report on a record, as ``neurosym verify --json`` prints it.

        Raises InputError for what cannot be verified, MissingToolError or ModelError where a tool
        that was asked for is not there or does not answer.
        """
        *_, last = self.verify_steps(record, ask, watch)
        report: dict[str, Any] = last["report"]
        return report

    def verify_steps(self, record: Record, ask: Ask, watch: Watch) -> Iterator[dict[str, Any]]:
        """Each step's report as soon as it is done, then ``{"report": ...}``.

        Raises as ``verify`` does.
        """
        with self._lending.borrow(ask.prover, watch) as prover:
            verification = Verification(record, prover, ask.limits)
            for step in verification:
                yield write_step(step)
            yield {"report": write_report(verification.report())}

    # --- prove -------------------------------------------------------------------------------

    def prove(self, record: ProblemRecord, ask: Ask, watch: Watch) -> dict[str, Any]:
        """The outcome of a formal problem, as ``neurosym prove --json`` prints it."""
        with self._lending.borrow(ask.prover, watch) as prover:
            result = prover.prove(problem_of(record), ask.limits)
        return {"id": record.id, **write_result(result)}

    def translate(self, text: str, target: str, ask: Ask, watch: Watch) -> dict[str, Any]:
        """What ``neurosym translate --json`` prints."""
        raise NotImplementedError

    def premises(self, goal: str, candidates: Sequence[str], k: int) -> list[dict[str, Any]]:
        """The ``k`` candidates that have most in common with the goal, best first."""
        raise NotImplementedError

    # --- tools -------------------------------------------------------------------------------

    def checker(self) -> Checker:
        """The service's one Lean, set up when it is first needed.

        Raises MissingToolError or BrokenToolError where it cannot be set up.
        """
        from provers.lean.checkers import open_checker

        with self._opening:
            if self._checker is None:
                self._checker = open_checker(daemon=False)
            return self._checker

    def provers(self) -> list[dict[str, Any]]:
        """Every prover and its version, or what is to be done to have it."""
        return [
            {"name": name, "version": found.version, "missing": found.missing}
            for name, found in registry.available().items()
        ]

    def _load(self, name: str) -> Prover:
        if name == "lean":
            from provers.lean.prover import LeanProver

            return LeanProver(self.checker())  # which stays ours
        return registry.load(name)

    def close(self) -> None:
        """Stop all provers; what is running fails."""
        self._lending.close()
        with self._opening:
            if self._checker is not None:
                self._checker.close()
