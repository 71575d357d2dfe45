"""Rewards for reinforcement learning: what provers make of a completion, in the shape trl calls.

``trl``'s GRPO calls ``(prompts, completions, **columns) -> list[float | None]`` with a list for
each column of the data set. With a service (``neurosym serve``) that several trainers share::

    from trl import GRPOConfig, GRPOTrainer
    from neurosym.train.rewards import Service, reward_function

    with Service("http://127.0.0.1:8000", token=None) as service:
        trainer = GRPOTrainer(
            model="Qwen/Qwen2.5-0.5B-Instruct",
            reward_funcs=reward_function(service),
            train_dataset=dataset,  # columns: prompt, and if there are any: question, answer, ...
            args=GRPOConfig(output_dir="trained", num_generations=8),
        )
        trainer.train()

Without a service, ``Verifier()`` in the place of ``Service(...)`` verifies in this process.

A completion is the ``solution`` of a record, whose ``question``, ``premises``, ``answer`` and
``world`` come from the columns of these names; without a ``question`` column the prompt is the
question (in a conversation: the last message of the user). Give the true answers where there are
any: without them, ``1 + 1 = 2`` is as good a solution as any.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, TypeAlias

import httpx

from neurosym.translate import answers
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.report import write_report
from neurosym.verify.scoring import PLAIN, Aggregate, Weights, score_report, unscored
from provers import registry
from provers.base import Limits
from provers.errors import BrokenToolError, InputError

Score: TypeAlias = Mapping[str, Any]
"""One record's entry in what ``POST /v1/score`` answers."""
Scorer: TypeAlias = Callable[[Sequence[Mapping[str, Any]]], Sequence[Score]]
"""Scores a batch of records, in order."""
Text: TypeAlias = "str | Sequence[Mapping[str, Any]]"
"""A prompt or completion as trl has it: text, or the messages of a conversation."""

UNREADABLE = -1.0
_COLUMNS = ("question", "premises", "answer", "world")
_LONGEST_WAIT = 30.0


class RewardFunction(Protocol):
    """What ``trl`` calls; None for a completion that cannot be judged, which it leaves out."""

    __name__: str

    def __call__(
        self, prompts: Sequence[Text], completions: Sequence[Text], **columns: Any
    ) -> list[float | None]: ...


def reward_function(
    scorer: Scorer,
    *,
    process: float = 0.5,
    outcome: float = 0.5,
    unreadable: float = UNREADABLE,
    record: Callable[[Text, Text, Mapping[str, Any]], Mapping[str, Any]] | None = None,
) -> RewardFunction:
    """A reward function: ``process`` times the steps' aggregate plus ``outcome`` times the whole's.

    ``unreadable`` is for what is no record, such as an empty completion; a record whose tools
    failed gets None. ``record`` makes the record of a prompt, a completion and its columns, where
    ``record_of_completion`` does not fit.

    Raises ValueError for weights that are no finite numbers. The function raises what the scorer
    raises.
    """
    if not all(map(math.isfinite, (process, outcome, unreadable))):
        raise ValueError("process, outcome and unreadable must be finite numbers")
    make = record_of_completion if record is None else record

    def neurosym_reward(
        prompts: Sequence[Text], completions: Sequence[Text], **columns: Any
    ) -> list[float | None]:
        count = len(completions)
        rows = [_row(columns, index, count) for index in range(count)]
        given = zip(prompts, completions, rows, strict=True)
        scores = scorer([make(prompt, completion, row) for prompt, completion, row in given])
        if len(scores) != count:
            raise BrokenToolError(f"{len(scores)} scores came back for {count} records.")
        return [_reward(score) for score in scores]

    def _reward(score: Score) -> float | None:
        if score["score"] is None:
            return unreadable if score["verdict"] == "ill_formed" else None
        return float(process * score["score"] + outcome * score["outcome"]["score"])

    return neurosym_reward


def _row(columns: Mapping[str, Any], index: int, count: int) -> dict[str, Any]:
    """One completion's values; what is no list of as many, trl's own arguments, is left out."""
    return {
        name: values[index]
        for name, values in columns.items()
        if isinstance(values, list | tuple) and len(values) == count
    }


def record_of_completion(prompt: Text, completion: Text, row: Mapping[str, Any]) -> dict[str, Any]:
    """The record of one completion: see the module's text.

    Of an answer that is itself a whole solution ("... #### 72", as GSM8K has them) only what it
    answers is kept.
    """
    found = {name: row[name] for name in _COLUMNS if row.get(name) is not None}
    found.setdefault("question", _said(prompt, "user"))
    if isinstance(found.get("answer"), str):
        found["answer"] = answers.extract(found["answer"]) or found["answer"].strip()
    return {**found, "solution": _said(completion, "assistant")}


def _said(text: Text, role: str) -> str:
    """The text itself, or what ``role`` said last in a conversation."""
    if isinstance(text, str):
        return text
    said = [message["content"] for message in text if message.get("role") == role]
    return str(said[-1] or "") if said else ""


# --- scorers -------------------------------------------------------------------------------


class Verifier:
    """Scores in this process, one record after the other, by the rules alone."""

    def __init__(
        self,
        prover: str = "z3",
        limits: Limits = Limits(),
        *,
        weights: Weights = PLAIN,
        aggregate: Aggregate = "min",
    ) -> None:
        """Raises UnknownProverError or MissingToolError for a prover that is not there."""
        self._prover = registry.load(prover)
        self._limits = limits
        self._weights = weights
        self._aggregate: Aggregate = aggregate

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> list[Score]:
        return [self._score(dict(data), index) for index, data in enumerate(records, 1)]

    def _score(self, data: dict[str, Any], index: int) -> Score:
        try:
            record = record_of(data, str(index))
            report = write_report(verify(record, self._prover, self._limits))
        except InputError as error:
            return unscored(str(index), "ill_formed", str(error))
        return score_report(
            report, world=record.world, weights=self._weights, aggregate=self._aggregate
        )

    def close(self) -> None:
        """Stop the prover's processes; the verifier may be used again afterwards."""
        self._prover.close()

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Service:
    """Scores by ``POST /v1/score`` of a service; waits where the service says that it is full."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        options: Mapping[str, Any] | None = None,
        batch: int = 64,
        seconds: float = 600.0,
    ) -> None:
        """``options`` go with every request (``weights``, ``aggregate``, ``prover``, ...).

        ``batch`` is how many records one request holds at most; ``seconds`` how long a batch may
        take, waiting included.
        """
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers)
        self._options = dict(options or {})
        self._batch = batch
        self._seconds = seconds

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> list[Score]:
        """Raises InputError where the service refuses the request, BrokenToolError where it is not
        reached, fails, or does not answer in time.
        """
        starts = range(0, len(records), self._batch)
        return [score for start in starts for score in self._post(records, start)]

    def _post(self, records: Sequence[Mapping[str, Any]], start: int) -> list[Score]:
        body = {"records": list(records[start : start + self._batch]), **self._options}
        deadline = time.monotonic() + self._seconds
        busy = BrokenToolError(f"the service was too busy for {self._seconds:g} s.")
        refused = False
        while True:
            left = max(0.001, deadline - time.monotonic())
            try:
                response = self._client.post("/v1/score", json=body, timeout=left)
            except httpx.HTTPError as error:
                if refused and isinstance(error, httpx.TimeoutException):
                    raise busy from error
                raise BrokenToolError(f"the service did not answer: {error}.") from error
            if response.status_code not in (429, 503):
                return _scores(response)
            refused = True
            wait = _wait(response)
            if time.monotonic() + wait > deadline:
                raise busy
            time.sleep(wait)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _wait(response: httpx.Response) -> float:
    """How long to wait, as the service says; a little apart, so that not all come back at once."""
    said = response.headers.get("retry-after", "")
    seconds = float(said) if said.isdigit() else 1.0
    return min(seconds, _LONGEST_WAIT) * random.uniform(1.0, 1.25)


def _scores(response: httpx.Response) -> list[Score]:
    if response.is_client_error:
        raise InputError(f"the service refused the request: {_detail(response)}.")
    if not response.is_success:
        raise BrokenToolError(f"the service failed: {_detail(response)}.")
    try:
        scores = response.json()["records"]
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenToolError("the service answered what is no list of scores.") from error
    if not isinstance(scores, list):
        raise BrokenToolError("the service answered what is no list of scores.")
    return scores


def _detail(response: httpx.Response) -> str:
    """What problem details (RFC 9457) say, or the status."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code}"
    return str(detail).rstrip(".")
