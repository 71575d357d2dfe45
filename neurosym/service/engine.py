"""What the service does, without HTTP: verify, prove, translate, rank; sync and thread-safe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import from_json, to_json

from neurosym.runs import keys
from neurosym.runs.problems import ProblemRecord, problem_of, write_outcome
from neurosym.service import ranking
from neurosym.service.certificates import Certificates
from neurosym.service.lending import Lending, Watched
from neurosym.service.library import SharedCorpus
from neurosym.service.sessions import Session
from neurosym.service.watch import Watch as Watch
from neurosym.settings import Settings
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import Outset, Record
from neurosym.verify.report import write_report, write_step
from provers import registry
from provers.base import LeanProblem, Limits, Prover
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.failures import failure
from provers.records import write_result

if TYPE_CHECKING:
    from neurosym.runs.store import Store
    from neurosym.service.metrics import Metrics
    from neurosym.verify.modelling import Modelling
    from provers.lean.base import Checker

_LOG = logging.getLogger(__name__)
_PROBE = Record(id="ready", steps=["1 + 1 = 2"])
_PROBE_SECONDS = 5.0
Output: TypeAlias = dict[str, Any]


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
    """Does the work of requests and jobs, each in the thread that asks; thread-safe.

    Where a budget is spent or a watch is cancelled, what was not reached is ``unknown`` with
    reason ``timeout``: never an error, and never ``proved``. Such an answer is not kept.
    """

    def __init__(self, settings: Settings, store: Store, metrics: Metrics) -> None:
        self.settings = settings
        self.store = store
        self.metrics = metrics
        self._lending = Lending(self._load, settings.workers, metrics.restarted)
        self._versions = keys.tool_versions()
        self._opening = threading.Lock()
        self._checker: Checker | None = None
        self._modelling: Modelling | None = None
        self._corpus = SharedCorpus()
        self._closed = False

    def warm(self) -> None:
        """Start what the first requests need, in the background."""
        self._lending.warm(Ask().prover)

    # --- verify ------------------------------------------------------------------------------

    def verify(self, record: Record, ask: Ask, watch: Watch) -> Output:
        """The report on a record, as ``neurosym verify --json`` prints it.

        Raises InputError for what cannot be verified, MissingToolError or ModelError where a tool
        that was asked for is not there or does not answer.
        """
        found = self.verified(record, ask)
        if found is not None:
            report: Output = from_json(found)
            return report
        return self.verify_afresh(record, ask, watch)

    def verified(self, record: Record, ask: Ask) -> bytes | None:
        """The JSON of a report that is kept from before, if one is and may be used."""
        return self._found(record.id, ask, lambda: _verify_key(record, ask, self))

    def verify_steps(self, record: Record, ask: Ask, watch: Watch) -> Iterator[Output]:
        """Each step's report as soon as it is done, then ``{"report": ...}``.

        Raises as ``verify`` does.
        """
        found = self.verified(record, ask)
        if found is None:
            yield from self._verify(record, ask, watch, steps=True)
            return
        report = from_json(found)
        yield from report["steps"]
        yield {"report": report}

    def verify_afresh(self, record: Record, ask: Ask, watch: Watch) -> Output:
        """As ``verify``, whatever is kept."""
        (last,) = self._verify(record, ask, watch, steps=False)
        report: Output = last["report"]
        return report

    def _verify(self, record: Record, ask: Ask, watch: Watch, *, steps: bool) -> Iterator[Output]:
        """As ``verify_steps``, whatever is kept; the steps only if they are asked for."""
        modelling = self._model(ask)
        certificates = Certificates(self.checker, ask.limits) if ask.certify else None
        try:
            with self._lending.borrow(ask.prover, watch) as prover:
                verification = Verification(record, prover, ask.limits, modelling)
                for step in verification:
                    if steps:
                        yield write_step(step)
                    if certificates is not None:
                        certificates.add(step)
                    if watch.stopped():
                        break
                left = verification.end() if len(verification.done) < len(verification) else ()
                if steps:
                    yield from map(write_step, left)
                report = verification.report()
            if certificates is not None:
                report = certificates.certified(report, watch)
        finally:
            if certificates is not None:
                certificates.close()
        output = write_report(report)
        complete = certificates is None or certificates.complete
        if complete and not watch.stopped():
            self._keep(_verify_key(record, ask, self), "verify", output, ask, prover)
        for one in output["steps"]:
            self.metrics.observe_verdict(one["prover"], one["verdict"])
        yield {"report": output}

    def begin(self, outset: Outset, ask: Ask, *, stop_on_refuted: bool) -> Session:
        """A verification whose steps come one at a time. Raises as ``verify`` does."""
        return Session(self._lending, outset, ask, self._model(ask), stop_on_refuted)

    # --- prove -------------------------------------------------------------------------------

    def prove(self, record: ProblemRecord, ask: Ask, watch: Watch) -> Output:
        """The outcome of a formal problem, as ``neurosym prove --json`` prints it.

        Formal text that cannot be read is ``ill_formed``. Raises MissingToolError where the
        prover is not there.
        """
        found = self.proved(record, ask)
        if found is not None:
            outcome: Output = from_json(found)
            return outcome
        return self.prove_afresh(record, ask, watch)

    def proved(self, record: ProblemRecord, ask: Ask) -> bytes | None:
        """The JSON of an outcome that is kept from before, if one is and may be used."""
        return self._found(record.id, ask, lambda: _prove_key(record, ask, self))

    def prove_afresh(self, record: ProblemRecord, ask: Ask, watch: Watch) -> Output:
        """As ``prove``, whatever is kept."""
        try:
            problem = problem_of(record)
        except InputError as error:
            return {"id": record.id, **write_result(failure("", error, 0.0))}
        name = "lean" if isinstance(problem, LeanProblem) else ask.prover
        with self._lending.borrow(name, watch) as prover:
            result = prover.prove(problem, ask.limits)
        output = write_outcome(record, result)
        if not watch.stopped():
            self._keep(_prove_key(record, ask, self), "prove", output, ask, prover)
        self.metrics.observe_verdict(output["prover"], output["outcome"])
        return output

    # --- translate, rank -----------------------------------------------------------------------

    def translate(self, text: str, target: str, ask: Ask, watch: Watch) -> Output:
        """What ``neurosym translate --json`` prints. Raises as ``runs.texts.translate`` does."""
        from neurosym.runs import texts

        modelling = self._model(ask)
        with self._lending.borrow(ask.prover, watch) as prover:
            return texts.translate(text, target, prover, modelling, self.checker)

    def premises(self, goal: str, candidates: Sequence[str] | None, k: int) -> Output:
        """The ``k`` candidates that have most in common with the goal, best first; without
        candidates, those of the corpus that fit it best.

        Raises MissingToolError where what ranks them is not installed, or there is no corpus.
        """
        if candidates is not None:
            return {"premises": ranking.rank(goal, candidates, k)}
        return self._corpus.search(goal, k)

    # --- tools -------------------------------------------------------------------------------

    def checker(self) -> Checker:
        """The service's one Lean, set up when it is first needed.

        Raises MissingToolError or BrokenToolError where it cannot be set up.
        """
        from provers.lean.checkers import open_checker

        with self._opening:
            if self._closed:
                raise BrokenToolError("the service is shutting down.")
            if self._checker is None:
                self._checker = open_checker(daemon=False)
            return self._checker

    def provers(self) -> list[Output]:
        """Every prover and its version, or what is to be done to have it."""
        return [
            {"name": name, "version": found.version, "missing": found.missing}
            for name, found in registry.available().items()
        ]

    def unready(self) -> str:
        """Why no request can be answered, in a sentence; empty if nothing is in the way."""
        try:
            self.store.get("ready", 0.0)
            report = self.verify(_PROBE, Ask(cache=False), Watch(_PROBE_SECONDS))
        except (BrokenToolError, MissingToolError) as error:
            _LOG.warning("not ready: %s", error)  # which may name files, so nobody else is told
            return "something that the service needs is broken; its log says what."
        verdict = report["verdict"]
        return "" if verdict == "proved" else f"the prover says that 1 + 1 = 2 is {verdict}."

    def close(self) -> None:
        """Stop all provers; what is running fails."""
        self._lending.close()
        with self._opening:
            self._closed = True
            if self._checker is not None:
                self._checker.close()
            if self._modelling is not None:
                self._modelling.model.close()

    def _load(self, name: str) -> Prover:
        if name == "lean":
            from provers.lean.prover import LeanProver

            return LeanProver(self.checker())  # which stays ours
        return registry.load(name)

    def _model(self, ask: Ask) -> Modelling | None:
        if not ask.model:
            return None
        if not self.settings.model:
            raise MissingToolError(
                "no language model is configured here: start the service with --model."
            )
        from neurosym.llm.opening import open_model
        from neurosym.verify.modelling import Modelling

        with self._opening:
            if self._modelling is None:
                self._modelling = Modelling(open_model(self.settings.model))
            return self._modelling

    # --- what is kept --------------------------------------------------------------------------

    def _found(self, id: str | int, ask: Ask, key: Callable[[], str]) -> bytes | None:
        """What is kept under a key, as the answer to the request with this id."""
        if not ask.cache or (ask.model and not self.settings.model):
            return None
        try:
            body = self.store.get(key(), ask.limits.seconds)
        except BrokenToolError as error:  # an answer can be had without it
            _LOG.warning("nothing can be looked up: %s", error)
            return None
        self.metrics.cache(body is not None)
        return None if body is None else b'{"id":' + to_json(id) + b"," + body[1:]

    def _keep(self, key: str, kind: str, output: Output, ask: Ask, prover: Watched) -> None:
        """Keep an output unless it says that a tool broke, or would say more with more time."""
        if not ask.cache or prover.failed or prover.hurried:
            return
        body = to_json({name: value for name, value in output.items() if name != "id"})
        budget = ask.limits.seconds if prover.undecided else None
        try:
            self.store.put(key, body, kind=kind, budget=budget)
        except BrokenToolError as error:  # the answer is as good without it
            _LOG.warning("nothing can be kept: %s", error)

    def key(self, kind: str, content: Mapping[str, Any], ask: Ask) -> str:
        """The key of what comes of ``content`` under what was asked for."""
        configuration = {
            "prover": ask.prover,
            "megabytes": ask.limits.megabytes,
            "model": self.settings.model if ask.model else "",
            "certify": ask.certify,
        }
        return keys.key_of(kind, content, versions=self._versions, configuration=configuration)


def _verify_key(record: Record, ask: Ask, engine: Engine) -> str:
    content = {
        "question": record.question,
        "premises": record.premises,
        "steps": record.steps,
        "solution": record.solution,
        "answer": record.answer,
        "world": record.world,
    }
    return engine.key("verify", content, ask)


def _prove_key(record: ProblemRecord, ask: Ask, engine: Engine) -> str:
    content = {
        "language": record.language,
        "notation": record.notation,
        "premises": record.premises,
        "goal": record.goal,
        "problem": record.problem,
        "code": record.code,
        "statement": record.statement,
    }
    return engine.key("prove", content, ask)
