"""One attempt at one problem: by its kind, within its budget, and with every failure named."""

from __future__ import annotations

import importlib
import logging
import time
from dataclasses import replace
from typing import Final

from neurosym.runs.batch.base import Attempt, Configuration, Task, deflated
from neurosym.runs.batch.work.finding import Finding, said
from neurosym.runs.batch.work.meter import Meter, Metered, SpentError
from neurosym.runs.batch.work.tools import Tools
from neurosym.runs.items import Payload, Puzzle, Question, Recorded, Statement, Unread
from neurosym.runs.problems import ProblemRecord
from neurosym.verify.records import Record
from provers.errors import BrokenToolError, InputError, MissingToolError, ModelError, ParseError

_LOG = logging.getLogger(__name__)
# A model that failed so would fail so again.
_LASTING: Final = frozenset({"refused", "too_long", "unsupported", "not_recorded"})


class Worker:
    """Makes attempts, one at a time; not thread-safe.

    Its prover, Lean and model are opened when they are first needed and stay open. The same task
    gives the same attempt but for times, whatever was attempted before, where its provers do.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._tools = Tools(configuration)

    def prepare(self) -> None:
        """Whether what the configuration names is there; starts nothing.

        Raises UnknownProverError, InputError for a model or search that is none, and
        MissingToolError for what is not there.
        """
        self._tools.check()

    def attempt(self, task: Task) -> Attempt:
        """What comes of one attempt; a bad problem or a tool that breaks is a result like another.

        Raises MissingToolError where the configured prover is not there.
        """
        # What is loaded once is no problem's own time.
        _load(task.item.payload)
        self._tools.load(task.item.payload)
        start = time.monotonic()
        meter = Meter(task.seconds, task.tokens)
        found = self._found(task, meter)
        return Attempt(
            task.sample,
            found.outcome,
            found.reason[:64],
            found.solved,
            found.answer,
            found.prover[:64],
            time.monotonic() - start,
            meter.prover_seconds,
            meter.tokens,
            found.final,
            found.again,
            deflated(found.output),
        )

    def close(self) -> None:
        """Stop the provers, the model and, unless others share it, Lean."""
        self._tools.close()

    # --- what came of it ---------------------------------------------------------------------

    def _found(self, task: Task, meter: Meter) -> Finding:
        item = task.item
        if item.payload is None:
            return said(item.id, "ill_formed", "", item.bad)
        try:
            if meter.left <= 0:
                raise SpentError("timeout")
            return self._attempted(task, item.payload, meter)
        except SpentError as error:
            text = "the problem's budget was spent before anything was found."
            return said(item.id, "unknown", error.reason, text)
        except InputError as error:
            return _ill_formed(task, error)
        except ModelError as error:
            again = error.reason not in _LASTING
            return said(item.id, "failed", error.reason, str(error), again=again)
        except MissingToolError as error:
            if self._tools.lacking:
                raise
            return said(item.id, "failed", "missing_tool", str(error))
        except BrokenToolError as error:
            return said(item.id, "failed", "crash", str(error), again=True)
        except Exception as error:  # noqa: BLE001
            # Ours, about this problem: it must not end a run over a million others.
            _LOG.exception("an attempt at %s failed", item.id)
            return said(item.id, "failed", "error", f"neurosym broke: {error!r}"[:2000])

    def _attempted(self, task: Task, payload: Payload, meter: Meter) -> Finding:
        match payload:
            case Recorded(samples):
                return self._recorded(task, samples, meter)
            case ProblemRecord():
                return self._formal(task, payload, meter, recorded=False)
            case Record():
                from neurosym.runs.batch.work import reasoning

                return reasoning.verify(task, payload, self._tools, meter)
            case Puzzle():
                return self._puzzle(task, payload, meter)
            case Question():
                from neurosym.runs.batch.work import reasoning

                return reasoning.check(task, payload, self._tools, meter)
            case Statement():
                from neurosym.runs.batch.work import reasoning

                return reasoning.state(task, payload, self._tools, meter)

    def _recorded(
        self,
        task: Task,
        samples: tuple[Record | ProblemRecord | Puzzle | Unread, ...],
        meter: Meter,
    ) -> Finding:
        """The attempt's own sample; those beside it may be better, or worse."""
        if task.sample >= len(samples):
            text = f"only {len(samples):,} samples are recorded."
            return said(task.item.id, "untranslated", "not_recorded", text)
        match samples[task.sample]:
            case Unread(why):
                found = said(task.item.id, "ill_formed", "", why)
            case ProblemRecord() as record:
                found = self._formal(task, record, meter, recorded=True)
            case Puzzle() as puzzle:
                found = self._puzzle(task, puzzle, meter)
            case record:
                found = self._attempted(task, record, meter)
        return replace(found, final=False)

    def _formal(
        self, task: Task, record: ProblemRecord, meter: Meter, *, recorded: bool
    ) -> Finding:
        from neurosym.runs.batch.work import formal

        if record.language == "lean4":
            from neurosym.runs.batch.work import lean

            bare = record.statement is not None and not (record.code or "").strip()
            return (lean.prove if bare else lean.judge)(task, record, self._tools, meter)
        prover, limits = Metered(self._tools.prover, meter), self._tools.limits
        if recorded:
            mend = self._configuration.mend
            return formal.prove_recorded(task.item, record, prover, limits, mend=mend)
        return formal.prove(task.item, record, prover, limits)

    def _puzzle(self, task: Task, puzzle: Puzzle, meter: Meter) -> Finding:
        item = task.item
        if puzzle.program is None and not puzzle.dialect and item.answers.answer("proved"):
            from neurosym.runs.batch.work import reasoning

            return reasoning.verify(task, _judged(item.id, puzzle), self._tools, meter)
        from neurosym.runs.batch.work import puzzles

        prover = Metered(self._tools.prover, meter)
        mend = self._configuration.mend
        return puzzles.solve(item, puzzle, prover, self._tools.limits, mend=mend)


def _load(payload: Payload | Unread | None) -> None:
    """Import what attempts of this kind need, which takes up to a second the first time."""
    match payload:
        case Recorded((first, *_)):
            _load(first)
        case ProblemRecord(language="lean4"):
            importlib.import_module("neurosym.runs.batch.work.lean")
        case ProblemRecord():
            importlib.import_module("neurosym.runs.batch.work.formal")
        case Puzzle():
            importlib.import_module("neurosym.runs.batch.work.puzzles")
        case Record() | Question() | Statement():
            importlib.import_module("neurosym.runs.batch.work.reasoning")


def _judged(id: str, puzzle: Puzzle) -> Record:
    """A question whether a statement is true, as the statement and the text it is asked of.

    Raises InputError where the question asks about no statement.
    """
    from neurosym.runs.readers.choices import statement
    from neurosym.verify.records import record_of

    step = statement({"question": puzzle.question})
    return record_of({"premises": [puzzle.context], "steps": [step]}, id)


def _ill_formed(task: Task, error: InputError) -> Finding:
    found = said(task.item.id, "ill_formed", "", str(error))
    if isinstance(error, ParseError):
        found.output["messages"][0].update(line=error.line, column=error.column)
    return found
