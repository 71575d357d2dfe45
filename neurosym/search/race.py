"""A search for a proof, and one for a refutation beside it: what comes first ends both."""

from __future__ import annotations

import contextlib
import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

from neurosym.llm.base import Model
from neurosym.search.base import (
    Attempt,
    Found,
    Lemma,
    Mode,
    Plan,
    Selector,
    Stop,
    Stoppable,
    StoppedError,
)
from neurosym.search.meter import Meter
from neurosym.search.premises import usable
from neurosym.search.stepwise import Stepwise
from neurosym.search.verdicts import conflict, unanswered, unknown
from neurosym.search.whole import Whole
from provers.base import Attempts, Limits, Outcome, Result
from provers.errors import BrokenToolError, InputError, ModelError
from provers.failures import failure
from provers.lean.base import Checker, Header
from provers.lean.hunt import Hunt
from provers.lean.judge import PROVER

# What has begun when one search ends may still say the contrary: so long it is waited for.
_LAST_SECONDS = 0.2

_USUAL = Plan()

_Answer: TypeAlias = Result | BaseException | None


class Searcher:
    """Finds proofs of bare Lean statements, or that they are false; thread-safe.

    It keeps nothing between statements, so each worker of a batch may have its own, all of them
    with the same background Lean. The checker and the model stay their owner's. ``premises`` are
    the lemmas to use, or what selects them for each theorem or state.

    Raises InputError where the plan needs a model and there is none.
    """

    def __init__(
        self,
        checker: Checker,
        model: Model | None = None,
        plan: Plan = _USUAL,
        premises: Sequence[Lemma] | Selector = (),
    ) -> None:
        if plan.mode != "portfolio" and model is None:
            raise InputError(f"the search {plan.mode!r} needs a language model: name one.")
        self.plan = plan
        self._checker = checker
        self._model = model
        self._select = premises if callable(premises) else _always(premises)
        self._has_premises = bool(premises)

    def find(
        self,
        statement: str,
        limits: Limits = Limits(60.0),
        *,
        tokens: int | None = None,
        seed: int = 0,
    ) -> Found:
        """Search within ``limits`` (seconds from Lean's first answer on) and ``tokens``.

        ``unknown`` says ``timeout`` where the time was over, ``incomplete`` where all was tried,
        with the flag ``token_budget`` where the tokens were. What does not answer in time is left
        to itself: a model's call that has begun ends in the background, and its answer is lost.

        Raises MissingToolError if there is no Lean, or no engine for the model.
        """
        start = time.monotonic()
        try:
            if self._model is None or self.plan.mode == "portfolio":
                hunt = Hunt(
                    self._checker,
                    statement,
                    limits,
                    negate=self.plan.negate,
                    premises=self._names if self._has_premises else None,
                )
                result = hunt.run()
            else:
                return self._search(self._model, statement, limits, tokens, seed)
        except (InputError, BrokenToolError) as error:
            result = failure(PROVER, error, time.monotonic() - start)
        return Found(result, self.plan.mode)

    def _names(self, goal: str, header: Header) -> list[str]:
        found = self._select(goal, header)
        return [lemma.name for lemma in usable(found, len(found))]

    def _search(
        self, model: Model, statement: str, limits: Limits, tokens: int | None, seed: int
    ) -> Found:
        stop = Stop()
        checker = Stoppable(self._checker, stop)
        hunt = Hunt(checker, statement, limits)
        settled = hunt.open()
        if settled is not None:
            return Found(settled, self.plan.mode)
        stop.deadline = hunt.deadline
        meter = Meter(model, stop, budget=tokens, seed=seed)
        search: Whole | Stepwise
        if self.plan.mode == "whole":
            search = Whole(hunt, checker, meter, self.plan, self._select)
        else:
            search = Stepwise(hunt, checker, meter, self.plan, self._select, stop)
        lanes: dict[str, Callable[[], Result]] = {"search": search.run}
        if self.plan.negate:
            lanes["negation"] = hunt.refute
        try:
            answers = _run(lanes, stop)
        finally:
            stop.call()
        attempts = tuple(search.attempts)
        result = _combined(answers, attempts, hunt)
        return Found(
            result,
            self.plan.mode,
            search.proof if result.outcome is Outcome.PROVED else "",
            attempts,
            meter.tokens,
            meter.prompt_tokens,
            meter.requests,
            meter.name,
            search.prompt,
        )


def find(
    statement: str,
    *,
    checker: Checker,
    model: Model | None = None,
    mode: Mode = "whole",
    limits: Limits = Limits(60.0),
    tokens: int | None = None,
    samples: int = 4,
    rounds: int = 2,
    temperature: float = 0.7,
    seed: int = 0,
    premises: Sequence[Lemma] | Selector = (),
    negate: bool = True,
) -> Found:
    """One search by a ``Searcher`` with this plan (see ``Plan``); raises what the two raise."""
    plan = Plan(mode, samples, rounds, temperature, negate=negate)
    return Searcher(checker, model, plan, premises).find(
        statement, limits, tokens=tokens, seed=seed
    )


# --- lanes ---------------------------------------------------------------------------------


def _run(lanes: dict[str, Callable[[], Result]], stop: Stop) -> dict[str, _Answer]:
    """What each lane came to, until one is conclusive or the time is over.

    A lane's own error about its tool or input is its answer; raises any other.
    """
    answers: queue.SimpleQueue[tuple[str, _Answer]] = queue.SimpleQueue()
    for name, work in lanes.items():
        threading.Thread(
            target=_answer, args=(name, work, answers), name=f"lean {name}", daemon=True
        ).start()
    found: dict[str, _Answer] = {}
    with contextlib.suppress(queue.Empty, StoppedError):
        while len(found) < len(lanes) and not any(map(_is_conclusive, found.values())):
            name, answer = answers.get(timeout=stop.left())
            found[name] = _tolerated(answer)
    stop.call()
    last = time.monotonic() + _LAST_SECONDS
    with contextlib.suppress(queue.Empty):
        while len(found) < len(lanes):
            name, answer = answers.get(timeout=max(0.0, last - time.monotonic()))
            found[name] = _tolerated(answer)
    return found


def _answer(
    name: str, work: Callable[[], Result], answers: queue.SimpleQueue[tuple[str, _Answer]]
) -> None:
    answer: _Answer
    try:
        answer = work()
    except StoppedError:
        answer = None
    except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits
        answer = error
    answers.put((name, answer))


def _tolerated(answer: _Answer) -> _Answer:
    if isinstance(answer, BaseException) and not isinstance(answer, InputError | BrokenToolError):
        raise answer
    return answer


def _is_conclusive(answer: _Answer) -> bool:
    return isinstance(answer, Result) and answer.conclusive


def _combined(answers: dict[str, _Answer], attempts: Sequence[Attempt], hunt: Hunt) -> Result:
    """The one result of both lanes; ``failed`` where they contradict each other."""
    seconds = time.monotonic() - hunt.begun
    search, negation = answers.get("search"), answers.get("negation")
    sure = [a for a in (search, negation) if isinstance(a, Result) and a.conclusive]
    if len(sure) == 2:
        return conflict(sure[0], sure[1], seconds)
    if sure:
        return dataclasses.replace(sure[0], seconds=seconds)
    match search:
        case ModelError():
            return unanswered(search, seconds, attempts)
        case InputError() | BrokenToolError():
            return failure(PROVER, search, seconds)
        case Result():
            result = search
        case _:
            text = f"no proof in {hunt.limits.seconds:g} s"
            result = unknown("timeout", text, seconds, attempts)
    if not isinstance(result.evidence, Attempts):
        return dataclasses.replace(result, seconds=seconds)
    tried = Attempts((*result.evidence.tried, *hunt.tried))
    return dataclasses.replace(result, seconds=seconds, evidence=tried)


def _always(premises: Sequence[Lemma]) -> Selector:
    return lambda _, __: premises
