"""A real HTTP server on the loopback address, which answers as a test tells it to."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias

DONE = b"data: [DONE]\n\n"


class Exchange:
    """One request that the server got, and the ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
        self._handler = handler
        self.over = over  # set once the test is over
        self.path = handler.path
        self.headers = {name.lower(): value for name, value in handler.headers.items()}
        size = int(self.headers.get("content-length", 0))
        self.body: dict[str, Any] = json.loads(handler.rfile.read(size)) if size else {}

    def json(self, body: Any, status: int = 200, **headers: str) -> None:
        """Answer with JSON and headers (``retry_after`` for ``Retry-After``)."""
        self.text(json.dumps(body), status, "application/json", **headers)

    def text(self, text: str, status: int = 200, kind: str = "text/html", **headers: str) -> None:
        """Answer with any text."""
        data = text.encode()
        self.begin(status, kind, content_length=str(len(data)), **headers)
        self.send(data)

    def begin(self, status: int, kind: str, **headers: str) -> None:
        """Send the head of an answer."""
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def events(self, *events: Any, end: bool = True) -> None:
        """Answer with an event stream; without ``end`` it breaks off in the middle."""
        self.begin(200, "text/event-stream", transfer_encoding="chunked")
        for event in events:
            self.chunk(event if isinstance(event, bytes) else _event(event))
        if end:
            self.send(b"0\r\n\r\n")

    def chunk(self, data: bytes) -> None:
        """Send one piece of an answer that was begun with ``transfer_encoding="chunked"``."""
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()


Answer: TypeAlias = Callable[[Exchange], None]


class Loopback:
    """A running server: its address, what it was asked, and how many requests it had at once."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/v1"
        self.asked: list[Exchange] = []
        self.most_at_once = 0

    @property
    def chats(self) -> list[Exchange]:
        """What it was asked but for its list of models."""
        return [one for one in self.asked if one.path.endswith("/chat/completions")]


@contextlib.contextmanager
def serving(answer: Answer, *, owner: str | None = None) -> Iterator[Loopback]:
    """A server that answers chat requests so; its models are ``owner``'s, or it lists none."""
    over, lock = threading.Event(), threading.Lock()
    now = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            nonlocal now
            one = Exchange(self, over)
            with lock:
                place.asked.append(one)
                now += 1
                place.most_at_once = max(place.most_at_once, now)
            try:
                with contextlib.suppress(ConnectionError):  # the client may have had enough
                    if one.path != "/v1/models":
                        answer(one)
                    elif owner is None:
                        one.json({"error": {"message": "no such path"}}, 404)
                    else:
                        one.json({"object": "list", "data": [{"id": "m", "owned_by": owner}]})
            finally:
                with lock:
                    now -= 1

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = Loopback(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield place
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def whole(*texts: str, finish: str = "stop", tokens: tuple[float, ...] = ()) -> dict[str, Any]:
    """An answer that is not streamed, with one choice for each text."""
    return {
        "object": "chat.completion",
        "choices": [
            {
                "index": i,
                "message": {"role": "assistant", "content": text},
                "finish_reason": finish,
                "logprobs": _logprobs(tokens) if tokens else None,
            }
            for i, text in enumerate(texts)
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": len(tokens) or 3},
    }


def piece(
    text: str | None,
    *,
    index: int = 0,
    finish: str | None = None,
    logprob: float | None = None,
) -> dict[str, Any]:
    """One piece of a streamed answer."""
    choice = {
        "index": index,
        "delta": {"content": text},
        "finish_reason": finish,
        "logprobs": _logprobs((logprob,)) if logprob is not None else None,
    }
    return {"object": "chat.completion.chunk", "choices": [choice]}


def usage(prompt: int, completion: int) -> dict[str, Any]:
    """The piece that ends a stream whose usage was asked for."""
    return {
        "choices": [],
        "usage": {"prompt_tokens": prompt, "completion_tokens": completion},
    }


def literal(grammar: str | None) -> str:
    """The one sentence of a grammar that has one."""
    found = re.fullmatch(r'root ::= "([^"]*)"', grammar or "")
    return found[1] if found else "no such grammar"


def _event(body: Any) -> bytes:
    return b"data: %s\n\n" % json.dumps(body).encode()


def _logprobs(values: tuple[float, ...]) -> dict[str, Any]:
    return {"content": [{"token": "x", "logprob": value} for value in values]}
