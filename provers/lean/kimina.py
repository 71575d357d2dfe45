"""Lean behind HTTP: a client of servers that speak as Kimina Lean Server does.

Such a server only elaborates. ``judge`` over it therefore reaches the tier ``elaborated``, not
``replayed``: the file is made to judge itself (``provers.lean.envelope``, which says what that
catches and what it cannot), the server is believed about what Lean said, and its library about
what it contains. Judge what matters again with a Lean of your own.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import os
import socket
import ssl
import time
import urllib.parse
import uuid
from dataclasses import dataclass
from typing import Any

from provers.base import Limits
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import INIT, Header, LeanVersion, Reply
from provers.lean.envelope import Unsupported, enclose

KEY_VARIABLE = "LEAN_SERVER_API_KEY"
_MAX_BYTES = 64 * 1024 * 1024
_RETRIED = frozenset({429, 500, 502, 503, 504})
# What a request may take beyond Lean's own time: the queue, the network, a REPL that starts.
_SLACK_SECONDS = 30.0
_BAD_IMPORT = ("unknown module", "unknown package", "object file", "no such file")
_SEVERITIES = {"trace": "info", "info": "info", "warning": "warning", "error": "error"}


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request is sent at most, and the seconds before the second time, then doubled."""

    attempts: int = 4
    seconds: float = 0.5


_DEFAULT = Retries()


class Kimina:
    """A ``Checker`` over ``POST /api/check``, or the older ``POST /verify`` where only that is.

    ``key`` is the bearer key, by default the environment variable ``LEAN_SERVER_API_KEY``;
    ``tls`` replaces Python's default settings for ``https``. Redirections are not followed, since
    the key would go along. ``limits.megabytes`` is the server's own affair.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        retries: Retries = _DEFAULT,
    ) -> None:
        """Raises InputError for an address that is none."""
        parts = urllib.parse.urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise InputError(f"{url} has no valid port: write http://host:port") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise InputError(f"{url} is no address of a Lean server: write http://host:port")
        self._https = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._base = parts.path.rstrip("/")
        self._name = f"{parts.scheme}://{parts.netloc}{self._base}"
        self._key = key if key is not None else os.environ.get(KEY_VARIABLE, "")
        if any(c in self._key for c in "\r\n\0") or not self._key.isascii():
            raise InputError("the server's key holds characters that no HTTP header can")
        self._tls = tls
        self._retries = retries
        self._legacy = False
        self._version: str | None = None

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        """Send one file and wait for what Lean says of it.

        Raises MissingToolError where no server answers or it refuses the key, BrokenToolError for
        an answer outside the protocol.
        """
        match request["op"]:
            case "check":
                reply = self._check(header, str(request["code"]), limits)
            case "judge":
                reply = self._judge(header, str(request["code"]), request.get("statement"), limits)
            case other:
                raise ValueError(f"no request of a remote server: {other}")
        answered = reply.body is not None and reply.body.get("tag") != "unsupported"
        if answered and self._version is None:
            self._version = self._ask_version(header, limits)
        return reply

    def version(self) -> LeanVersion:
        """The server's Lean, once it has answered; ``unknown`` before, or where it does not say."""
        return LeanVersion(self._version or "unknown", f"kimina {self._name}")

    def warm(self, header: Header = INIT) -> None:
        """Nothing: the server warms itself."""

    def close(self) -> None:
        """Nothing: no connection is kept."""

    def healthy(self, seconds: float = 5.0) -> bool:
        """Whether the server says that it is up."""
        try:
            status, body = self._send("GET", "/health", None, time.monotonic() + seconds)
        except (OSError, http.client.HTTPException):
            return False
        with contextlib.suppress(ValueError):
            answer = json.loads(body)
            return status == 200 and isinstance(answer, dict) and answer.get("status") == "ok"
        return False

    # --- what is asked -------------------------------------------------------------------------

    def _check(self, header: Header, code: str, limits: Limits) -> Reply:
        found = self._elaborate(header, code, limits)
        if isinstance(found, Reply):
            return found
        messages, seconds, complete = found
        errors = any(m["severity"] == "error" for m in messages)
        if not complete and not errors:  # as behind #exit: what was not read has no errors
            last = code.count("\n") + 1
            text = "Lean did not read the code to its end"
            cut = {"severity": "error", "text": text, "line": last, "column": 0, "end": None}
            messages, errors = [*messages, cut], True
        return Reply({"messages": messages, "errors": errors}, seconds)

    def _judge(self, header: Header, code: str, statement: Any, limits: Limits) -> Reply:
        try:
            if not isinstance(statement, str):
                raise Unsupported("without a statement")
            envelope = enclose(code, statement)
        except Unsupported as error:
            body = {"tag": "unsupported", "detail": str(error), "messages": [], "axioms": []}
            return Reply({**body, "declared": [], "replayed": 0, "theorems": []}, 0.0)
        found = self._elaborate(header, envelope.text, limits)
        if isinstance(found, Reply):
            return found
        messages, seconds, _ = found  # the envelope has ends of its own
        return Reply(envelope.verdict(messages), seconds)

    def _ask_version(self, header: Header, limits: Limits) -> str:
        try:
            found = self._elaborate(header, "#eval Lean.versionString\n", limits)
        except (BrokenToolError, MissingToolError):
            return ""  # the answer that came before is worth having all the same
        if isinstance(found, Reply):
            return ""
        said = [m["text"] for m in found[0] if m["severity"] == "info"]
        return said[0].strip().strip('"') if said else ""

    def _elaborate(
        self, header: Header, code: str, limits: Limits
    ) -> tuple[list[dict[str, Any]], float, bool] | Reply:
        """What Lean says of the code, with positions in it, how long it took, and whether it came
        to the code's end; or why it does not say."""
        # Every Lean file imports Init; servers keep a REPL for each list that is written out.
        modules = [m for m in header if m != "Init"] or ["Init"]
        imports = "".join(f"import {module}\n" for module in modules)
        # Some servers count lines from the first one behind the imports: this one tells.
        token = f"here_{uuid.uuid4().hex}"
        marker = f"\n#check fun ({token} : Prop) => {token}\n"
        before = imports + code
        answer = self._post(before + marker, limits)
        if isinstance(answer, Reply):
            return answer
        response, seconds = answer
        written = before.count("\n") + 2
        messages = [_message(m) for m in response.get("messages") or []]
        shown = [m["line"] for m in messages if token in m["text"] and m["severity"] == "info"]
        shift = (written - shown[0] if shown else 0) - len(modules)
        last = code.count("\n") + 1
        said = [_shifted(m, shift, last) for m in messages if token not in m["text"]]
        return said, seconds, bool(shown)

    # --- the protocol --------------------------------------------------------------------------

    def _post(self, code: str, limits: Limits) -> tuple[dict[str, Any], float] | Reply:
        """The REPL's response and the seconds it took, or why there is none."""
        start = time.monotonic()
        deadline = start + limits.seconds + _SLACK_SECONDS
        name = uuid.uuid4().hex
        try:
            status, body = self._retry(name, code, limits, deadline)
            if status in (404, 405) and not self._legacy:
                self._legacy = True
                status, body = self._retry(name, code, limits, deadline)
        except TimeoutError:
            return Reply(None, time.monotonic() - start, "timeout", "the server did not answer")
        seconds = time.monotonic() - start
        if status in (401, 403):
            raise MissingToolError(f"{self._name} refuses the key: set {KEY_VARIABLE} to its key.")
        if status in _RETRIED:
            return Reply(None, seconds, "crash", f"HTTP {status}: {_words(body)}")
        if status != 200:
            raise BrokenToolError(f"{self._name} answered HTTP {status}", stderr=_words(body))
        return self._read(body, name, seconds)

    def _retry(self, name: str, code: str, limits: Limits, deadline: float) -> tuple[int, bytes]:
        """The last answer, once one is no failure of the server or no time is left for another."""
        seconds = max(1, math.ceil(limits.seconds))
        if self._legacy:
            path, data = "/verify", {"codes": [{"custom_id": name, "code": code}]}
        else:
            path, data = "/api/check", {"snippets": [{"id": name, "code": code}]}
        text = json.dumps({**data, "timeout": seconds}).encode("ascii")
        pause = self._retries.seconds
        for attempt in range(1, self._retries.attempts + 1):
            last = attempt == self._retries.attempts or time.monotonic() + pause >= deadline
            try:
                status, body = self._send("POST", path, text, deadline)
                if status not in _RETRIED or last:
                    return status, body
            except TimeoutError:
                raise
            except ssl.SSLCertVerificationError as error:
                raise BrokenToolError(
                    f"{self._name} has a certificate that is not trusted: {error.verify_message}"
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if last:
                    raise MissingToolError(
                        f"no Lean server answers at {self._name} ({error}): "
                        "start it, or correct its address."
                    ) from error
            time.sleep(pause)
            pause *= 2
        raise ValueError("a request must be sent at least once")

    def _send(
        self, method: str, path: str, text: bytes | None, deadline: float
    ) -> tuple[int, bytes]:
        """One request. Raises TimeoutError at the deadline, OSError or HTTPException otherwise."""
        connection = self._connection(max(0.01, deadline - time.monotonic()))
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            connection.request(method, self._base + path, text, headers)
            response = connection.getresponse()
            body = bytearray()
            while chunk := response.read1(1 << 16):
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise BrokenToolError(f"{self._name} answered more than {_MAX_BYTES} bytes")
                self._wait(connection.sock, deadline)
            if response.length:
                raise http.client.IncompleteRead(bytes(body), response.length)
            return response.status, bytes(body)
        finally:
            connection.close()

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        if self._https:
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=seconds, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=seconds)

    @staticmethod
    def _wait(sock: socket.socket | None, deadline: float) -> None:
        """Let the next read last until the deadline, so that a slow answer cannot stretch it."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not end in time")
        if sock is not None:  # none once the server has closed it: what is left is at hand
            sock.settimeout(left)

    def _read(self, body: bytes, name: str, seconds: float) -> tuple[dict[str, Any], float] | Reply:
        try:
            answer = json.loads(body)
            (result,) = answer["results"]
            found = result.get("custom_id" if self._legacy else "id")
            error, response = result.get("error"), result.get("response")
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BrokenToolError(
                f"{self._name} did not answer with one result", stderr=_words(body)
            ) from problem
        if found != name:
            raise BrokenToolError(f"{self._name} answered another request", stderr=_words(body))
        if (error is None) == (response is None):
            raise BrokenToolError(
                f"{self._name} must answer with an error or a response, and not with both",
                stderr=_words(body),
            )
        took = result.get("time")
        seconds = float(took) if isinstance(took, int | float) else seconds
        if error is not None:
            return _failed(str(error), seconds)
        if not isinstance(response, dict) or not isinstance(
            response.get("messages", []), list | None
        ):
            raise BrokenToolError(f"{self._name} answered no response", stderr=_words(body))
        if "message" in response:  # the REPL itself could not go on
            return _failed(str(response["message"]), seconds)
        if "env" not in response and not response.get("messages"):
            # An empty answer must not read as code without errors.
            raise BrokenToolError(f"{self._name} answered an empty response", stderr=_words(body))
        return response, seconds


def _failed(text: str, seconds: float) -> Reply:
    lowered = text.lower()
    if "timed out" in lowered:
        return Reply(None, seconds, "timeout", text[:500])
    if any(words in lowered for words in _BAD_IMPORT):
        return Reply(None, seconds, "header", text[:500])
    if "memory" in lowered:
        return Reply(None, seconds, "memory", text[:500])
    return Reply(None, seconds, "crash", text[:500])


def _message(raw: Any) -> dict[str, Any]:
    """A message in our server's form. Raises BrokenToolError for what is none."""
    try:
        end = raw.get("endPos")
        return {
            "severity": _SEVERITIES[raw["severity"]],
            "text": str(raw["data"]),
            "line": int(raw["pos"]["line"]),
            "column": int(raw["pos"]["column"]),
            "end": None
            if end is None
            else {"line": int(end["line"]), "column": int(end["column"])},
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BrokenToolError(
            f"the Lean server sent a message that is none: {raw!r:.200}"
        ) from error


def _shifted(message: dict[str, Any], lines: int, last: int) -> dict[str, Any]:
    """The message with its lines moved, none of them behind the last."""
    end = message["end"]
    if end is not None:
        end = {**end, "line": min(last, end["line"] + lines)}
    return {**message, "line": max(1, min(last, message["line"] + lines)), "end": end}


def _words(body: bytes) -> str:
    return body[:500].decode("utf-8", "replace")
