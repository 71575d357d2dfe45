"""One exchange with a service: what it says becomes an answer or one of our exceptions.

The token is sent to the service alone: it is in no message, and no redirect is followed.
"""

from __future__ import annotations

import contextlib
import email.utils
import json
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx

from provers.errors import BrokenToolError, InputError, MissingToolError, ModelError, NeurosymError

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECT_SECONDS: Final = 10.0
_PAUSE: Final = 1.0
_SHOWN: Final = 600
_MISSING_TOOL: Final = "urn:neurosym:missing-tool"
_BUSY: Final = frozenset({429, 503})


class ServiceError(BrokenToolError):
    """A service did not answer, or did not do what it was asked.

    ``status``: that of its answer, 0 where there was none; ``problem``: its problem details
    (RFC 9457), empty where it gave none.
    """

    def __init__(
        self, message: str, *, status: int = 0, problem: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem or {}


class Exchange:
    """Requests to the service at ``url``; thread-safe.

    An answer 429, or 503 that says when to come again, is waited for: ``retries`` times, and no
    longer than ``patience`` seconds together. Raises InputError for an address that is none.
    """

    def __init__(
        self, url: str, token: str | None, timeout: float, retries: int, patience: float
    ) -> None:
        self.url = _address(url)
        self._retries = retries
        self._patience = patience
        self._client = httpx.Client(
            base_url=self.url,
            headers={"User-Agent": "neurosym", **_authorization(token)},
            timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
            trust_env=httpx.URL(self.url).host not in _LOOPBACK,  # no proxy leads to ourselves
            follow_redirects=False,
        )

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The JSON of the answer, which is an object. Raises as ``opened`` does."""
        with self.opened(method, path, body, headers) as response:
            data = self._read(response)
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise self._foreign(response.status_code)
        return answer

    @contextlib.contextmanager
    def opened(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Iterator[httpx.Response]:
        """An answer that says yes, not read yet; leaving ends it.

        Raises InputError for what the service refuses as wrong, MissingToolError and ModelError
        for what it lacks, else ServiceError.
        """
        content = None if body is None else _written(body)
        kind = {} if content is None else {"Content-Type": "application/json"}
        request = self._client.build_request(
            method, path, content=content, headers={**kind, **(headers or {})}
        )
        response = self._answered(request)
        try:
            yield response
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None
        finally:
            response.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def failure(self, status: int, problem: dict[str, Any]) -> NeurosymError:
        """The exception for a status and problem details."""
        detail = " ".join(str(problem.get("detail") or "").split())[:_SHOWN]
        if not detail:
            return self._foreign(status)
        if problem.get("type") == _MISSING_TOOL:
            return MissingToolError(detail)
        if status in (400, 409, 413, 422):
            return InputError(detail)
        if status == 502:
            return ModelError(detail, reason="server_error")
        message = f"The service at {self.url} answered {status}: {detail}"
        return ServiceError(message, status=status, problem=problem)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        end = time.monotonic() + self._patience
        for attempt in range(self._retries + 1):
            try:
                response = self._client.send(request, stream=True)
            except httpx.RemoteProtocolError as error:
                # The server closed a connection that was kept; it has not seen the request.
                if attempt:
                    raise self._unreachable(error) from None
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise self._unreachable(error) from None
            if response.is_success:
                return response
            problem = self._problem(response)
            pause = _pause(response)
            if pause is None:
                raise self.failure(response.status_code, problem)
            left = end - time.monotonic()
            if attempt == self._retries or pause > left:
                raise ServiceError(
                    f"The service at {self.url} is busy: {problem.get('detail', 'try again.')}",
                    status=response.status_code,
                    problem=problem,
                )
            time.sleep(pause)
        raise ServiceError(f"The service at {self.url} closes its connections.")

    def _read(self, response: httpx.Response) -> bytes:
        try:
            return response.read()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def _problem(self, response: httpx.Response) -> dict[str, Any]:
        with contextlib.closing(response):
            data = self._read(response)
        try:
            problem = json.loads(data)
        except (ValueError, RecursionError):
            problem = None
        return problem if isinstance(problem, dict) else {}

    def _unreachable(self, error: Exception) -> ServiceError:
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.PoolTimeout):
            connecting = isinstance(error, httpx.ConnectTimeout)
            what = "cannot be reached" if connecting else "did not answer in time"
            return ServiceError(f"The service at {self.url} {what}.")
        if isinstance(error, httpx.ConnectError):
            return ServiceError(
                f"The service at {self.url} cannot be reached: start it with 'neurosym serve', or "
                "give another --server."
            )
        return ServiceError(f"The connection to the service at {self.url} broke.")

    def _foreign(self, status: int) -> ServiceError:
        return ServiceError(
            f"What is at {self.url} (it answered {status}) is no neurosym service.", status=status
        )


def _address(url: str) -> str:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise InputError("the service's address must be a URL such as http://127.0.0.1:8000.")
    if address.userinfo:
        raise InputError("the service's address must not hold a password: give a token instead.")
    if address.query or address.fragment:
        raise InputError("the service's address must end before '?' and '#'.")
    return str(address).rstrip("/")


def _authorization(token: str | None) -> dict[str, str]:
    if not token:
        return {}
    if not token.isascii() or not token.isprintable() or " " in token:
        raise InputError("the token holds characters that no token has: copy it again.")
    return {"Authorization": f"Bearer {token}"}


def _written(body: Any) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:  # half of a surrogate pair, too
        raise InputError(f"the request cannot be written as JSON: {error}.") from error


def _pause(response: httpx.Response) -> float | None:
    """Seconds to wait before the request is sent again; None where that would be of no use."""
    if response.status_code not in _BUSY:
        return None
    asked = response.headers.get("Retry-After", "").strip()
    if not asked:
        return _PAUSE if response.status_code == 429 else None
    if asked.isdecimal():
        return float(asked[:9])
    try:
        moment = email.utils.parsedate_to_datetime(asked).timestamp()
    except ValueError:
        return _PAUSE
    return max(0.0, moment - time.time())
