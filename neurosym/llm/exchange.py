"""One exchange with an HTTP server: bounded in time and size, retried, every failure named.

The server is not trusted: it may stall, trickle, never end, break off, or repeat the key it was
sent in what it answers. The key is in no message, representation or log.
"""

from __future__ import annotations

import base64
import contextlib
import email.utils
import itertools
import json
import os
import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from provers.errors import InputError, ModelError, ModelFailure

KEY_VARIABLE = "NEUROSYM_MODEL_KEY"
OPENAI_KEY_VARIABLE = "OPENAI_API_KEY"

_T = TypeVar("_T")
_OPENAI_HOST = "api.openai.com"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RETRIED: frozenset[ModelFailure] = frozenset(
    {"unreachable", "rate_limited", "server_error", "truncated"}
)
_CONNECT_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0
_MOST_ERROR_BYTES = 65536
_SHOWN = 240
# Control characters but tab and line ends, and those that make text look other than it is.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)


class Secrets:
    """Texts that must not be shown. A short one may be part of any word, so it is only taken out
    of ``said``, what a server says when it fails, and left in what a model generates.
    """

    __slots__ = ("_texts",)
    _LONG = 16

    def __init__(self, *texts: str) -> None:
        self._texts = sorted({text for text in texts if text}, key=len, reverse=True)

    def __repr__(self) -> str:
        return "Secrets(...)"

    def removed(self, text: str) -> str:
        """The text without the secrets that are long enough to be nothing else."""
        for secret in self._texts:
            if len(secret) >= self._LONG:
                text = text.replace(secret, "[key]")
        return text

    def said(self, text: str) -> str:
        """A stranger's words on one short line, without secrets and control characters."""
        text = _UNSEEN.sub("", text)
        for secret in self._texts:
            text = text.replace(secret, "[key]")
        text = " ".join(text.split())
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class StatusError(ModelError):
    """A server's own complaint: its HTTP ``status``, its words (``said``), the ``parameter`` it
    names, and the seconds to wait that it asks for (``pause``)."""

    def __init__(
        self,
        message: str,
        *,
        reason: ModelFailure,
        status: int,
        said: str = "",
        parameter: str = "",
        pause: float | None = None,
    ) -> None:
        super().__init__(message, reason=reason)
        self.status = status
        self.said = said
        self.parameter = parameter
        self.pause = pause


class Server:
    """An HTTP server below ``url``, whose ``url`` here is without user and password.

    ``seconds`` bounds one exchange, its retries included, once it is its turn; at most
    ``concurrency`` go on at a time. ``variable`` names the environment variable with the key;
    by default that is NEUROSYM_MODEL_KEY, or for OpenAI's own host OPENAI_API_KEY, which no other
    host is sent. A user and password in the address are sent instead of a key.
    Raises InputError for an address that is none, or a key that no header can hold.
    """

    def __init__(
        self, url: str, *, variable: str | None, seconds: float, retries: int, concurrency: int
    ) -> None:
        if seconds <= 0 or retries < 0 or concurrency < 1:
            raise ValueError("seconds and concurrency are positive, retries not negative")
        address = _address(url)
        self.url = str(address.copy_with(username=None, password=None)).rstrip("/")
        self.seconds = seconds
        self.retries = retries
        self.concurrency = concurrency
        self.variable = variable or _variable(address)
        self.secrets, authorization = _credentials(address, self.variable)
        self._turn = threading.BoundedSemaphore(concurrency)
        self._client = httpx.Client(
            headers={"Accept-Encoding": "identity", **authorization},
            # A connection of its own for each exchange, so that it can be cut when time is over.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            verify=address.scheme == "https",  # reading the certificates takes a while
            trust_env=address.host not in _LOOPBACK,  # no proxy leads to one's own machine
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        return f"Server({self.url!r})"

    def ask(
        self,
        path: str,
        body: dict[str, Any] | None,
        read: Callable[[Iterator[bytes], bool], _T],
        *,
        most: int,
        retries: int | None = None,
    ) -> _T:
        """POST the body to ``path`` (GET without one), and what ``read`` makes of the answer.

        ``read`` takes the answer's bytes, at most ``most``, as they come, and whether they are an
        event stream. Raises ModelError.
        """
        tries = 1 + (self.retries if retries is None else retries)
        with self._turn:
            deadline = time.monotonic() + self.seconds
            for attempt in itertools.count(1):
                try:
                    return self._once(path, body, read, most, deadline)
                except ModelError as error:
                    pause = _pause(error, attempt)
                    left = deadline - time.monotonic()
                    if error.reason not in _RETRIED or attempt >= tries or pause >= left:
                        raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _once(
        self,
        path: str,
        body: dict[str, Any] | None,
        read: Callable[[Iterator[bytes], bool], _T],
        most: int,
        deadline: float,
    ) -> _T:
        left = max(0.001, deadline - time.monotonic())
        started = False
        with _Guard(left) as guard:
            request = self._client.build_request(
                "GET" if body is None else "POST",
                self.url + path,
                json=body,
                timeout=httpx.Timeout(left, connect=min(left, _CONNECT_SECONDS)),
                extensions={"trace": guard.see},
            )
            try:
                with contextlib.closing(self._client.send(request, stream=True)) as response:
                    started = True
                    chunks = self._chunks(response, guard, most)
                    if response.status_code != 200:
                        raise self._complaint(response, chunks)
                    if response.headers.get("content-encoding", "identity") != "identity":
                        raise self._error("malformed", "sent a compressed answer unasked")
                    events = "event-stream" in response.headers.get("content-type", "")
                    return read(chunks, events)
            except ModelError:
                # What is cut off by the guard looks like an answer that broke off.
                if guard.over:
                    raise self._late() from None
                raise
            except httpx.HTTPError as error:
                raise self._late() if guard.over else self._named(error, started) from error

    def _chunks(self, response: httpx.Response, guard: _Guard, most: int) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if guard.over:
                raise self._late()
            if size > most:
                raise self._error("malformed", f"sent more than {most:,} bytes without an end")
            yield chunk

    def _complaint(self, response: httpx.Response, chunks: Iterator[bytes]) -> StatusError:
        body = bytearray()
        with contextlib.suppress(ModelError, httpx.HTTPError):  # the status says enough
            for chunk in chunks:
                body += chunk
                if len(body) > _MOST_ERROR_BYTES:
                    break
        text = bytes(body[:_MOST_ERROR_BYTES]).decode("utf-8", "replace")
        said, parameter = _words(text)
        return self.complaint(
            response.status_code, said, parameter, _seconds(response.headers.get("retry-after"))
        )

    def complaint(
        self, status: int, said: str, parameter: str = "", pause: float | None = None
    ) -> StatusError:
        """The named error for an HTTP status and a server's words, which are made safe to show."""
        said = self.secrets.said(said)
        reason: ModelFailure = "refused"
        if status in (401, 403):
            what = f"does not accept the key (HTTP {status}); put the right one into the "
            what += f"environment variable {self.variable}"
        elif 300 <= status < 400:
            what = f"sends elsewhere (HTTP {status}), which is not followed; give the address it "
            what += "leads to"
        else:
            what = f"answered HTTP {status}"
        if status == 429:
            reason = "rate_limited"
        elif status >= 500:
            reason = "server_error"
        return StatusError(
            f"The model server {self.url} {what}{f': {said}' if said else '.'}",
            reason=reason,
            status=status,
            said=said,
            parameter=parameter,
            pause=pause,
        )

    def _named(self, error: httpx.HTTPError, started: bool) -> ModelError:
        words = self.secrets.said(str(error)) or type(error).__name__
        match error:
            case httpx.ConnectTimeout() | httpx.ConnectError():
                return self._error("unreachable", f"cannot be reached: {words}")
            case httpx.TimeoutException():
                return self._late()
            case httpx.RemoteProtocolError() if "closed" in words and started:
                return self._error("truncated", f"broke off its answer: {words}")
            case httpx.RemoteProtocolError() if "disconnected" not in words:
                return self._error("malformed", f"does not speak HTTP: {words}")
        if started:
            return self._error("truncated", f"broke off its answer: {words}")
        return self._error("unreachable", f"broke the connection: {words}")

    def _late(self) -> ModelError:
        return self._error("timeout", f"did not finish its answer within {self.seconds:g} s")

    def _error(self, reason: ModelFailure, what: str) -> ModelError:
        return ModelError(f"The model server {self.url} {what}.", reason=reason)


class _Guard:
    """Cuts the connection of an exchange when its time is over.

    A socket's own timeout starts anew with every byte, so a server that trickles never meets it.
    """

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._stream: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Guard:
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()

    def see(self, event: str, info: dict[str, Any]) -> None:
        """Take note of the connection; httpx calls this as it goes."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._stream = info["return_value"]
                if self.over:
                    self._shut()

    def _cut(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        end = self._stream.get_extra_info("socket") if self._stream is not None else None
        if isinstance(end, socket.socket):
            with contextlib.suppress(OSError):  # closed already
                # TLS's own shutdown would hand what is left in the pipe to the reader undecrypted.
                socket.socket.shutdown(end, socket.SHUT_RDWR)


def _address(url: str) -> httpx.URL:
    wanted = "write it as http://HOST:PORT/v1 or https://HOST/v1"
    try:
        address = httpx.URL(url)
        address.host.encode("idna")  # as finding the host will
    except (httpx.InvalidURL, UnicodeError):
        # Neither the address nor what is wrong with it is shown: a password may be part of it.
        raise InputError(f"The model server's address cannot be read; {wanted}.") from None
    usable = address.host and "%" not in address.host and 0 < (address.port or 80) < 65536
    if address.scheme not in ("http", "https") or not usable:
        raise InputError(f"The model server's address is none; {wanted}.")
    if address.query or address.fragment:
        raise InputError(
            "The model server's address has a part behind '?' or '#'; leave it away, and put a key "
            f"into the environment variable {KEY_VARIABLE}."
        )
    return address


def _variable(address: httpx.URL) -> str:
    openai = address.scheme == "https" and address.host == _OPENAI_HOST
    return OPENAI_KEY_VARIABLE if openai and not os.environ.get(KEY_VARIABLE) else KEY_VARIABLE


def _credentials(address: httpx.URL, variable: str) -> tuple[Secrets, dict[str, str]]:
    """What must not be shown, and the header that goes along."""
    key = os.environ.get(variable, "").strip()
    if not key.isascii() or any(not c.isprintable() or c.isspace() for c in key):
        raise InputError(
            f"The key in the environment variable {variable} holds spaces or characters that no "
            "HTTP header can; set it anew."
        )
    if not address.userinfo:
        return Secrets(key), {"Authorization": f"Bearer {key}"} if key else {}
    pair = f"{address.username}:{address.password}".encode()
    basic = base64.b64encode(pair).decode("ascii")
    secrets = Secrets(key, basic, address.password, address.userinfo.decode("ascii", "replace"))
    return secrets, {"Authorization": f"Basic {basic}"}


def _pause(error: ModelError, attempt: int) -> float:
    """Seconds before the next try: what the server asks for, or twice as long each time, and
    by chance somewhat less, lest many clients come back at once."""
    if isinstance(error, StatusError) and error.pause is not None:
        return error.pause
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 1))
    return longest * random.uniform(0.5, 1.0)


def _seconds(text: str | None) -> float | None:
    """A Retry-After header, in seconds or as a date."""
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()):
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _words(text: str) -> tuple[str, str]:
    """What an error's body says, and the parameter it names, in the shapes that servers use."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return text, ""
    if isinstance(body, dict):
        return complaint_of(body)
    return text, ""


def complaint_of(body: dict[str, Any]) -> tuple[str, str]:
    """The message and the parameter of an error in JSON: ``{"error": {"message", "param"}}``,
    ``{"error": "…"}``, ``{"message": "…"}`` or ``{"detail": …}``."""
    error = body.get("error", body)
    if not isinstance(error, dict):
        return str(error), ""
    words = [str(error[k]) for k in ("code", "type") if isinstance(error.get(k), str)]
    said = next((error[k] for k in ("message", "detail") if error.get(k)), "")
    return " ".join([str(said), *(f"({w})" for w in words)]).strip(), str(error.get("param") or "")
