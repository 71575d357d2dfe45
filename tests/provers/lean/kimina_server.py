"""A small HTTP server in the shapes of Kimina Lean Server, with a checker of ours behind it."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from provers.base import Limits
from provers.lean.base import Checker, Header
from provers.lean.source import split_header

_AXIOMS = re.compile(r"depends on axioms: \[([^\]]*)\]")
_CORE = {"propext", "Classical.choice", "Quot.sound", "sorryAx", "Lean.ofReduceBool"}

Answer = Callable[[str, dict[str, Any]], tuple[int, Any]]
"""A path and a request's object to a status and what to answer (bytes as they are)."""


@dataclass
class Served:
    """A running server: its address, and the (path, object, key) of each request."""

    url: str = ""
    requests: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)


@contextlib.contextmanager
def serve(answer: Answer) -> Iterator[Served]:
    served = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.requests.append((self.path, data, self.headers.get("Authorization")))
            self._answer(*answer(self.path, data))

        def do_GET(self) -> None:
            self._answer(*answer(self.path, {}))

        def _answer(self, status: int, body: Any) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            if status in (301, 302, 307):
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(raw)

        def log_message(self, *words: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def lean_answers(checker: Checker, *, legacy: bool = False, full_lines: bool = True) -> Answer:
    """What a real server answers, by a checker. ``legacy`` knows ``/verify`` only; without
    ``full_lines`` positions count from the first line behind the imports, as older ones do."""

    def answer(path: str, data: dict[str, Any]) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "ok"}
        if path == "/api/check" and not legacy:
            ((snippet,), key) = data["snippets"], "id"
        elif path == "/verify":
            ((snippet,), key) = data["codes"], "custom_id"
        else:
            return 404, {"detail": "Not Found"}
        result = run_lean(checker, snippet["code"], data["timeout"], full_lines)
        return 200, {"results": [{key: snippet[key], "time": 0.5, **result}]}

    return answer


def run_lean(checker: Checker, code: str, seconds: float, full_lines: bool) -> dict[str, Any]:
    source = split_header(code)
    reply = checker.ask(source.header, {"op": "check", "code": source.body}, Limits(float(seconds)))
    if reply.body is None:
        if reply.stopped == "header":
            return {"response": {"message": f"unknown module prefix: {reply.detail}"}}
        words = {"timeout": f"Lean REPL command timed out in {seconds} seconds"}
        return {"error": words.get(reply.stopped, f"REPL died: {reply.stopped}")}
    imports = re.match(r"(?:\s*import [^\n]*\n|[ \t]*\n)*", code)
    assert imports is not None
    off = 0 if full_lines else imports.group().count("\n")

    def place(at: dict[str, int] | None) -> dict[str, int] | None:
        return at and {"line": at["line"] - off, "column": at["column"]}

    messages = [
        {
            "severity": m["severity"],
            "pos": place({"line": m["line"], "column": m["column"]}),
            "endPos": place(m["end"]),
            "data": _without_library(checker, source.header, m["text"]),
        }
        for m in reply.body["messages"]
    ]
    return {"response": {"env": 1, **({"messages": messages} if messages else {})}}


def _without_library(checker: Checker, header: Header, text: str) -> str:
    """The axioms without library theorems, which the embedded Lean shows as such.

    A real server has the library's proofs. What a file with the imports alone knows, and is none
    of the real axioms, is a theorem of the library.
    """
    found = _AXIOMS.search(text)
    if found is None or checker.version().toolchain != "embedded":
        return text
    names = [name.strip() for name in found.group(1).split(",")]
    left = [name for name in names if name in _CORE or not _is_known(checker, header, name)]
    said = f"depends on axioms: [{', '.join(left)}]" if left else "does not depend on any axioms"
    return text[: found.start()] + said


def _is_known(checker: Checker, header: Header, name: str) -> bool:
    reply = checker.ask(header, {"op": "check", "code": f"#check @{name}"}, Limits(60))
    return reply.body is not None and not reply.body["errors"]
