"""A client of the service: ``Client("http://127.0.0.1:8000").verify({"steps": ["1 + 1 = 2"]})``."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.parse
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, Unpack, cast

import httpx

from neurosym.client.answers import (
    Health,
    Job,
    Options,
    Outcome,
    ProverInfo,
    Ranked,
    Report,
    Scored,
    ScoreOptions,
    Step,
    Translation,
    VerifyOptions,
)
from neurosym.client.exchange import Exchange
from neurosym.client.exchange import ServiceError as ServiceError

_ENDED = frozenset({"done", "failed", "cancelled"})
_FIRST_POLL, _LONGEST_POLL = 0.1, 2.0


class Client:
    """A service, asked one request at a time by each thread; thread-safe.

    ``timeout`` is how long it may be silent, in seconds. Where it is busy it is asked again,
    ``retries`` times and for ``patience`` seconds at most.

    Every method raises InputError for what the service refuses as wrong, MissingToolError or
    ModelError for a tool or a model that it lacks, and ServiceError where it does not answer,
    refuses the token, or stays busy.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 600.0,
        retries: int = 5,
        patience: float = 60.0,
    ) -> None:
        """Nothing is sent yet. Raises InputError for an address or a token that is none."""
        self._exchange = Exchange(url, token, timeout, retries, patience)
        self.url = self._exchange.url

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._exchange.close()

    # --- work --------------------------------------------------------------------------------

    def verify(self, record: Mapping[str, Any], **options: Unpack[VerifyOptions]) -> Report:
        """The report on a record (``steps`` or ``solution``, ``question``, ``premises``, ...)."""
        return cast(Report, self._post("/v1/verify", {**record, **options}))

    def verify_steps(
        self, record: Mapping[str, Any], **options: Unpack[VerifyOptions]
    ) -> StepStream:
        """Each step as soon as it is verified, and then the stream's ``report``.

        To leave the stream's ``with`` tells the service to stop.
        """
        return StepStream(self._exchange, {**record, **options, "stream": True})

    def prove(self, problem: Mapping[str, Any], **options: Unpack[Options]) -> Outcome:
        """The outcome of a formal problem (``premises`` and ``goal``, ``problem``, ``code``)."""
        return cast(Outcome, self._post("/v1/prove", {**problem, **options}))

    def translate(
        self,
        text: str,
        to: Literal["nltk", "unicode", "tptp", "smtlib", "lean"] = "unicode",
        *,
        model: bool = False,
    ) -> Translation:
        """The text's sentences in a notation; ``model``: the service's model may help."""
        return cast(
            Translation, self._post("/v1/translate", {"text": text, "to": to, "model": model})
        )

    def premises(
        self, goal: str, candidates: Sequence[str] | None = None, k: int = 10
    ) -> list[Ranked]:
        """The ``k`` candidates that fit the goal best, best first."""
        body: dict[str, Any] = {"goal": goal, "k": k}
        if candidates is not None:
            body["premises"] = list(candidates)
        return cast("list[Ranked]", self._post("/v1/premises", body)["premises"])

    def score(
        self, records: Sequence[Mapping[str, Any]], **options: Unpack[ScoreOptions]
    ) -> list[Scored]:
        """What each step of each record is worth to who trains a model, in their order."""
        body = {"records": [dict(record) for record in records], **options}
        return cast("list[Scored]", self._post("/v1/score", body)["records"])

    # --- jobs --------------------------------------------------------------------------------

    def submit(
        self,
        kind: Literal["verify", "prove"],
        inputs: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        *,
        key: str | None = None,
    ) -> Job:
        """A job for one record or many, which outlives this process and the service's.

        Sent again under the same ``key`` (by default, each call has its own) it is the same job.
        """
        many = not isinstance(inputs, Mapping)
        body = {"kind": kind, "inputs" if many else "input": inputs}
        header = {"Idempotency-Key": key or uuid.uuid4().hex}
        return cast(Job, self._exchange.ask("POST", "/v1/jobs", body, header))

    def job(self, id: str) -> Job:
        """A job, with its results once it has ended."""
        return cast(Job, self._exchange.ask("GET", _job(id)))

    def cancel(self, id: str) -> Job:
        """The job, cancelled. Raises InputError where it has ended already."""
        return cast(Job, self._exchange.ask("DELETE", _job(id)))

    def wait(self, id: str, timeout: float = float("inf")) -> Job:
        """The job once it has ended. Raises ServiceError where that takes longer."""
        end = time.monotonic() + timeout
        pause = _FIRST_POLL
        while (job := self.job(id))["state"] not in _ENDED:
            left = end - time.monotonic()
            if left <= 0:
                raise ServiceError(f"The job {id} has not ended after {timeout:g} seconds.")
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_POLL)
        return job

    # --- the service -------------------------------------------------------------------------

    def provers(self) -> list[ProverInfo]:
        """The service's provers."""
        return cast("list[ProverInfo]", self._exchange.ask("GET", "/v1/provers")["provers"])

    def health(self) -> Health:
        """That it is alive; needs no token."""
        return cast(Health, self._exchange.ask("GET", "/healthz"))

    def _post(self, path: str, body: Any) -> Any:
        return self._exchange.ask("POST", path, body)


class StepStream(Iterator[Step]):
    """The steps of a record as they are verified. ``report`` is there once they have ended.

    Raises, when it is iterated, what ``Client.verify`` raises.
    """

    def __init__(self, exchange: Exchange, body: Mapping[str, Any]) -> None:
        self.report: Report | None = None
        self._exchange = exchange
        self._items = self._steps(body)

    def __iter__(self) -> Iterator[Step]:
        return self._items

    def __next__(self) -> Step:
        return next(self._items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ask for no more; the service stops."""
        self._items.close()

    def _steps(self, body: Mapping[str, Any]) -> Generator[Step, None, None]:
        header = {"Accept": "text/event-stream"}
        with self._exchange.opened("POST", "/v1/verify", dict(body), header) as response:
            for name, data in _events(response):
                match name:
                    case "step":
                        yield cast(Step, data)
                    case "report":
                        self.report = cast(Report, data)
                    case "error":
                        raise self._exchange.failure(int(data.get("status", 500)), data)
        if self.report is None:
            raise ServiceError(f"The service at {self._exchange.url} broke off.")


def _events(response: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    """Server-sent events: their names and their data, which are JSON objects."""
    name, lines = "", []
    for line in response.iter_lines():
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            lines.append(value)
        elif not line:
            with contextlib.suppress(ValueError):  # what is no JSON is none of our events
                data = json.loads("\n".join(lines))
                if isinstance(data, dict):
                    yield name, data
            name, lines = "", []


def _job(id: str) -> str:
    return f"/v1/jobs/{urllib.parse.quote(id, safe='')}"
