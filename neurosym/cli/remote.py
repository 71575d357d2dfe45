"""``--server``: the same commands, with a service that does the work.

What is printed, and the exit status, are as if it were done here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, streams
from neurosym.cli import prove as proving
from neurosym.cli import verify as verifying
from neurosym.cli.modelling import ModelOptions
from neurosym.cli.records import Bad
from neurosym.client import Client, ServiceError
from neurosym.verify.records import Record
from provers.base import Message, Outcome, Result
from provers.errors import InputError, MissingToolError, ModelError
from provers.records import write_result

TOKEN_VARIABLE = "NEUROSYM_TOKEN"
_BUDGET = 86_400.0  # for the whole of a record, which has no limit here; the service has its own
_MEGABYTES = 2048


def verify(options: verifying.Options, url: str) -> int:
    """Let the service at ``url`` verify what the options name, and print each report.

    Raises InputError for options that only have a meaning here, and what ``Client`` raises.
    """
    if options.check_question:
        raise InputError("--check-question works on this machine alone: leave it or --server out.")
    _alike(recheck=options.recheck, megabytes=options.megabytes, modelling=options.modelling)
    name, data = verifying.read_input(options)
    found, many = verifying.records_of(name, data, options)
    console = None if options.as_json else streams.console()
    chosen = {
        "prover": options.prover,
        "timeout": options.seconds,
        "budget": _BUDGET,
        "model": options.modelling is not None,
        "certify": options.certify == "lean",
    }
    status = OK
    done = 0
    try:
        with _client(url) as client:
            for record in found:
                if isinstance(record, Record):
                    try:
                        output = _verified(client, record, chosen, options)
                    except ModelError as error:
                        if not many:
                            raise
                        verifying.print_failed(record.id, error, console)
                        status = TOOL
                        continue
                    except InputError as error:
                        if not many:
                            raise
                        record = Bad(str(record.id), 0, str(error))
                if isinstance(record, Bad):
                    verifying.print_bad(record, console)
                    status = max(status, FOUND)
                    continue
                if console is None:
                    streams.print_json(output, pretty=not many)
                else:
                    verifying.print_report(output, options, console)
                status = max(status, verifying.status_of(output))
                done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    return status


def _verified(
    client: Client, record: Record, chosen: Mapping[str, Any], options: verifying.Options
) -> dict[str, Any]:
    total = len(record.segmented())  # so that too many are refused in the same words as here
    body = {**record.model_dump(mode="json", exclude_unset=True), **chosen}
    with client.verify_steps(body) as steps, verifying.progress(total, options) as advance:
        for _ in steps:
            advance()
    assert steps.report is not None  # or the steps would have ended with an exception
    return dict(steps.report)


def prove(options: proving.Options, url: str) -> int:
    """Let the service at ``url`` prove what the options name, and print each outcome.

    Raises as ``verify`` does.
    """
    _alike(recheck=options.recheck, megabytes=options.megabytes)
    tasks, many = proving.tasks_of(options)
    console = None if options.as_json else streams.console()
    status = OK
    done = 0
    try:
        with _client(url) as client:
            for task in tasks:
                output = _proved(client, task, many, options)
                if console is None:
                    streams.print_json(output, pretty=not many)
                else:
                    proving.print_outcome(output, console)
                status = max(status, proving.status_of(output))
                done += 1
    except KeyboardInterrupt:
        complain(f"interrupted after {done} finished.")
        return INTERRUPTED
    return status


def _proved(
    client: Client, task: proving.Task, many: bool, options: proving.Options
) -> dict[str, Any]:
    if task.record is None:
        assert task.error is not None
        result = Result(Outcome.ILL_FORMED, "", 0.0, messages=(task.error,))
    else:
        body = {
            **task.record.model_dump(mode="json", exclude_unset=True),
            "prover": options.prover,
            "timeout": options.seconds,
            "budget": _BUDGET,
        }
        try:
            return dict(client.prove(body))
        except MissingToolError as error:
            if not many or task.language != "lean4":
                raise
            message = Message(str(error), "error")
            result = Result(Outcome.FAILED, "lean", 0.0, messages=(message,))
    output = {"id": task.id, **write_result(result)}
    if task.language == "smtlib":
        output["status"] = "unknown"
    return output


def translate(text: str, target: str, options: ModelOptions | None, url: str) -> dict[str, Any]:
    """What the service at ``url`` translates. Raises as ``verify`` does."""
    _alike(modelling=options)
    if not text.strip():
        raise InputError("there is no text to translate.")
    with _client(url) as client:
        body = client.translate(text, target, model=options is not None)  # type: ignore[arg-type]
    return dict(body)


@contextmanager
def _client(url: str) -> Iterator[Client]:
    with Client(url, os.environ.get(TOKEN_VARIABLE)) as client:
        try:
            yield client
        except ServiceError as error:
            if error.status != 401:
                raise
            raise ServiceError(
                f"The service at {client.url} wants a token that it knows: set {TOKEN_VARIABLE} to "
                "one from 'neurosym token create'.",
                status=401,
                problem=error.problem,
            ) from error


def _alike(
    *, recheck: bool = False, megabytes: int = _MEGABYTES, modelling: ModelOptions | None = None
) -> None:
    """Raise InputError for an option that a service would not heed."""
    if recheck:
        raise InputError("--recheck works on this machine alone: leave it or --server out.")
    if megabytes != _MEGABYTES:
        raise InputError("a service has its own limit on memory: leave out --memory or --server.")
    if modelling not in (None, ModelOptions()):
        raise InputError(
            "a service has its own model, and its own way to ask it: with --server, leave out all "
            "options of models but --translator."
        )
