"""The web page at ``/``: its files, and the examples that it offers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from neurosym import examples
from neurosym.service.problems import ServiceProblem

router = APIRouter()

# Nothing but this server's own files: a text that slipped in as markup could neither run nor call.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    tag: str


@cache
def _files() -> dict[str, _File]:
    """The page's files by name: the only ones there are, whatever a path says."""
    found = {}
    for file in resources.files("neurosym.service").joinpath("static").iterdir():
        media_type = _TYPES.get(file.name.rpartition(".")[2])
        if media_type is not None:
            body = file.read_bytes()
            found[file.name] = _File(body, media_type, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
    return found


@router.get("/", include_in_schema=False)
def page(request: Request) -> Response:
    """The page."""
    return _answer("index.html", request)


@router.get("/static/{name}", include_in_schema=False)
def static(name: str, request: Request) -> Response:
    """One of the page's files; 404 for any other name."""
    return _answer(name, request)


def _answer(name: str, request: Request) -> Response:
    file = _files().get(name)
    if file is None:
        raise ServiceProblem(404, "the page has no such file.")
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": POLICY,
        "ETag": file.tag,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)


@router.get("/v1/examples", tags=["page"], summary="Examples to verify")
def list_examples() -> dict[str, list[dict[str, Any]]]:
    """The examples that come with the package, as the page fills them in."""
    return {"examples": list(_examples())}


@cache
def _examples() -> tuple[dict[str, Any], ...]:
    return tuple(examples.described(name) for name in examples.names())
