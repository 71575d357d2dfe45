"""Answers of a language model kept in a file, and given again from it.

A recording is JSON Lines, one answer a line: ``{"key", "model", "prompt_tokens", "seconds",
"samples": [{"text", "finish", "tokens", "logprob"}]}``, where ``key`` is ``Request.key``.
"""

from __future__ import annotations

import fcntl
import math
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from neurosym.llm.base import Completion, Completions, Model, Request
from provers.errors import InputError, ModelError

MOST_BYTES = 1024**3
MOST_LINE_BYTES = 64 * 1024**2
# So many requests are handed on at once: what was answered before one fails is kept.
_BATCH = 64


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not a number")
    return number


_Finite = Annotated[float, AfterValidator(_finite)]


class _Sample(BaseModel):
    text: str
    finish: Literal["stop", "length"]
    tokens: int | None = None
    logprob: _Finite | None = None


class _Line(BaseModel):
    key: str = Field(pattern="^[0-9a-f]{64}$")
    model: str
    prompt_tokens: int | None = None
    seconds: _Finite = 0.0
    samples: list[_Sample] = Field(min_length=1)

    def completions(self) -> Completions:
        samples = (Completion(s.text, s.finish, s.tokens, s.logprob) for s in self.samples)
        return Completions(tuple(samples), self.model, self.prompt_tokens, self.seconds)


class RecordedModel:
    """Answers out of the recording ``path``, with the seconds that they took then.

    ``name`` is that of the model that was recorded; a recording of several needs ``model`` to
    say which. Raises InputError for a file that cannot be read or holds no answer.
    """

    def __init__(self, path: Path, *, model: str | None = None) -> None:
        self._path = path
        self._answers, _ = _read(path)
        names = sorted({name for name, _ in self._answers})
        if model is None and len(names) > 1:
            raise InputError(f"{path} records several models; choose one: {', '.join(names)}.")
        if not names or model not in (None, *names):
            raise InputError(f"{path} records no answer{f' of {model}' if model else ''}.")
        self.name = model or names[0]

    def __repr__(self) -> str:
        return f"RecordedModel({str(self._path)!r})"

    def complete(self, request: Request) -> Completions:
        """The recorded answer; raises ModelError ``not_recorded`` where there is none."""
        found = self._answers.get((self.name, request.key))
        if found is None:
            raise ModelError(
                f"{self._path} has no answer of {self.name} to the request {request.key[:12]} "
                f"({_excerpt(request)}); record it anew.",
                reason="not_recorded",
            )
        return found

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """The recorded answers, in the requests' order."""
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        """Nothing: the file was read and closed."""


class Recorder:
    """``model``, whose answers are appended to the recording ``path`` as they come.

    What the file has an answer of this model to is not asked again, so it serves as a cache too.
    Threads may share one Recorder, and processes one file. Raises InputError for a file that is
    no recording or cannot be written.
    """

    def __init__(self, model: Model, path: Path) -> None:
        self._model = model
        self._path = path
        self._lock = threading.Lock()
        self.name = model.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}.") from error
        try:
            self._answers = self._mend()
        except BaseException:
            os.close(self._file)
            raise

    def __repr__(self) -> str:
        return f"Recorder({self._model!r}, {str(self._path)!r})"

    def complete(self, request: Request) -> Completions:
        """The recorded answer, or the model's, which is recorded; raises what the model raises."""
        return self._known(request) or self._keep(request, self._model.complete(request))

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """Many requests; only those without a recorded answer are passed on, each once."""
        unseen = {r.key: r for r in requests if self._known(r) is None}
        waiting = list(unseen.values())
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            for request, answer in zip(batch, self._model.complete_all(batch), strict=True):
                self._keep(request, answer)
        return [self._answers[self.name, request.key] for request in requests]

    def close(self) -> None:
        """Close the model and the file."""
        self._model.close()
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _known(self, request: Request) -> Completions | None:
        with self._lock:
            return self._answers.get((self.name, request.key))

    def _keep(self, request: Request, answer: Completions) -> Completions:
        """Append the answer; the first one to a request stays, as a replay gives that one."""
        line = _Line(
            key=request.key,
            model=self.name,
            prompt_tokens=answer.prompt_tokens,
            seconds=answer.seconds,
            samples=[
                _Sample(text=s.text, finish=s.finish, tokens=s.tokens, logprob=_known(s.logprob))
                for s in answer.samples
            ],
        )
        data = line.model_dump_json().encode("utf-8") + b"\n"
        with self._lock:
            known = self._answers.get((self.name, request.key))
            if known is not None:
                return known
            self._append(data)
            return self._answers.setdefault((self.name, request.key), line.completions())

    def _append(self, data: bytes) -> None:
        """Write one line whole or not at all: another process may append to the file too."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            end = os.fstat(self._file).st_size
            try:
                written = 0
                while written < len(data):
                    written += os.write(self._file, data[written:])
            except OSError as error:
                os.ftruncate(self._file, end)
                raise InputError(
                    f"{self._path} cannot be written: {error.strerror}; make room, or record "
                    "elsewhere."
                ) from error
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _mend(self) -> dict[tuple[str, str], Completions]:
        """The answers that are there, once a line that broke off is cut away or ended."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            answers, sound = _read(self._path)
            if sound < os.fstat(self._file).st_size:
                os.ftruncate(self._file, sound)
            elif sound and os.pread(self._file, 1, sound - 1) != b"\n":
                os.write(self._file, b"\n")
            return answers
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _read(path: Path) -> tuple[dict[tuple[str, str], Completions], int]:
    """The answers by model and key, and how many bytes hold them.

    A last line without an end that does not read is what an interrupted writer left, and is not
    counted; any other line that does not read is an InputError that names it.
    """
    answers: dict[tuple[str, str], Completions] = {}
    sound = 0
    try:
        if not path.is_file():
            raise InputError(f"{path} is no file; give a recording made with --record.")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                raise InputError(f"{path} is larger than {MOST_BYTES:,} bytes; split it.")
            number = 0
            while line := file.readline(MOST_LINE_BYTES + 1):
                number += 1
                try:
                    found = _Line.model_validate_json(line) if line.strip() else None
                except ValidationError as error:
                    if not line.endswith(b"\n") and len(line) <= MOST_LINE_BYTES:
                        break
                    raise InputError(
                        f"Line {number} of {path} is no recorded answer ({_why(error)}); "
                        "remove it, or record anew."
                    ) from None
                if found is not None:
                    answers.setdefault((found.model, found.key), found.completions())
                sound += len(line)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    return answers, sound


def _known(logprob: float | None) -> float | None:
    return logprob if logprob is not None and math.isfinite(logprob) else None


def _why(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def _excerpt(request: Request) -> str:
    last = " ".join(request.messages[-1].content.split())
    return f"{last[:60]!r}…" if len(last) > 60 else repr(last)
