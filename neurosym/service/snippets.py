"""Many pieces of Lean code checked at once, each by itself, with results in Kimina's form."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

from neurosym.service.engine import Engine
from neurosym.service.watch import Watch
from provers.base import Limits
from provers.errors import BrokenToolError, ParseError
from provers.lean.base import INIT, Reply
from provers.lean.pool import Pool
from provers.lean.source import Source, is_empty, split_header

Output: TypeAlias = dict[str, Any]
_Ask: TypeAlias = Callable[..., Reply]

_WHY = {
    "memory": "Lean ran out of memory",
    "stack": "Lean ran out of stack",
    "crash": "Lean crashed",
    "cancelled": "the check was cancelled",
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lean code, imports included, and the id that its result has."""

    id: str
    code: str


def check_all(
    engine: Engine, snippets: Sequence[Snippet], limits: Limits, watch: Watch
) -> list[Output]:
    """The snippets' results, in their order: each has a ``response`` or an ``error``.

    ``limits`` hold for each. Once the watch is stopped, the rest have errors.

    Raises MissingToolError where there is no Lean, BrokenToolError where it cannot be set up.
    """
    if not snippets:
        return []
    checker = engine.checker()
    ask: _Ask = checker.ask
    if isinstance(checker, Pool):
        ask = functools.partial(checker.ask, cancelled=lambda: bool(watch.stopped()))
    if len(snippets) == 1:
        return [_check(ask, snippets[0], limits, watch)]
    # The pool serves whoever asks first: a long batch must not stand before all others.
    with ThreadPoolExecutor(min(len(snippets), engine.settings.workers)) as threads:
        work = functools.partial(_check, ask, limits=limits, watch=watch)
        return list(threads.map(work, snippets))


def _check(ask: _Ask, snippet: Snippet, limits: Limits, watch: Watch) -> Output:
    stopped = watch.stopped()
    if stopped:
        return _failed(snippet, 0.0, _spent(stopped))
    try:
        source = split_header(snippet.code)
    except ParseError as error:
        at = {"line": error.line or 1, "column": (error.column or 1) - 1}
        return _answered(snippet, 0.0, 0, [_message("error", at, None, str(error))])
    # Lean misses a command where there is none, unless it has read the imports itself.
    code = "" if is_empty(source.body) else source.body
    request = {"op": "check", "code": code, "sorries": True}
    seconds = min(limits.seconds, watch.left)
    try:
        reply = ask(source.header, request, Limits(seconds, limits.megabytes))
    except BrokenToolError as error:  # what it has to do with this snippet is not known
        return _failed(snippet, 0.0, f"Lean could not be asked: {error}")
    if reply.body is not None:
        return _said(snippet, source, reply.body, reply.seconds)
    match reply.stopped:
        case "header":
            return _answered(snippet, reply.seconds, 0, [_bad_import(source, reply.detail)])
        case "timeout" if watch.stopped() == "timeout":
            return _failed(snippet, reply.seconds, _spent("timeout"))
        case "timeout":
            return _failed(snippet, reply.seconds, f"the check timed out after {seconds:g} s")
        case "cancelled":
            return _failed(snippet, reply.seconds, _spent(watch.stopped()))
        case why:
            detail = f": {reply.detail}" if reply.detail else ""
            return _failed(snippet, reply.seconds, _WHY[why] + detail)


def _spent(stopped: str) -> str:
    if stopped == "timeout":
        return "the request timed out before this snippet was checked: send fewer at once"
    return "the check was cancelled"


def _failed(snippet: Snippet, seconds: float, error: str) -> Output:
    return {"id": snippet.id, "time": seconds, "error": error}


def _answered(
    snippet: Snippet,
    seconds: float,
    env: int,
    messages: list[Output],
    sorries: list[Output] | None = None,
) -> Output:
    response: Output = {"env": env}
    if messages:
        response["messages"] = messages
    if sorries:
        response["sorries"] = sorries
    return {"id": snippet.id, "time": seconds, "response": response}


def _said(snippet: Snippet, source: Source, body: Output, seconds: float) -> Output:
    """What Lean said, with lines counted from where the code begins behind its imports."""
    above = _lines_above(snippet.code)

    def place(at: Output | None) -> Output | None:
        return at and {"line": max(1, at["line"] - above), "column": at["column"]}

    messages = [
        _message(m["severity"], place(m), place(m["end"]), m["text"]) for m in body["messages"]
    ]
    if body["errors"] and not any(m["severity"] == "error" for m in messages):
        # Lean's servers pass on the first messages alone.
        last = messages[-1]["pos"] if messages else {"line": 1, "column": 0}
        messages.append(_message("error", last, None, "there are errors after these messages"))
    sorries = [
        {"pos": place(s["pos"]), "endPos": place(s["end"]), "goal": s["goal"].strip("\n")}
        for s in body["sorries"]
    ]
    if body["unproved"] and not sorries and not body["errors"]:
        # Clients take code without a `sorries` entry for proved.
        start: Output = messages[0]["pos"] if messages else {"line": 1, "column": 0}
        sorries.append({"pos": start, "endPos": start, "goal": "it rests on `sorry`"})
    env = 0 if source.header == INIT else 1  # as where the imports are a command of their own
    return _answered(snippet, seconds, env, messages, sorries)


def _message(severity: str, at: Output | None, end: Output | None, text: str) -> Output:
    message: Output = {"severity": severity, "pos": at}
    if end is not None:
        message["endPos"] = end
    return {**message, "data": text}


def _bad_import(source: Source, detail: str) -> Output:
    """Lean's error, at the import that it names if it names one."""
    for module, line, column in source.places:
        if module in detail or f"'{module.partition('.')[0]}'" in detail:
            start, end = {"line": line, "column": column}, {"line": line}
            return _message("error", start, {**end, "column": column + len(module)}, detail)
    return _message("error", {"line": 1, "column": 0}, None, detail)


def _lines_above(code: str) -> int:
    """The lines before the first that is neither blank nor an import; 0 if all of them are."""
    lines = code.split("\n")
    above = itertools.takewhile(
        lambda line: not line.strip() or line.strip().startswith("import "), lines
    )
    count = sum(1 for _ in above)
    return count if count < len(lines) else 0
