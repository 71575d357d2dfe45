"""Errors as problem details (RFC 9457): what was wrong, where, and what to do."""

from __future__ import annotations

import http
import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from provers.errors import InputError, MissingToolError, ModelError, NeurosymError

MEDIA_TYPE = "application/problem+json"
# The type of a problem that comes of a tool which is not installed, and not of the request.
MISSING_TOOL = "urn:neurosym:missing-tool"
_LOG = logging.getLogger(__name__)
# What pydantic puts into a field's place for the alternative of a union that it tried.
_VARIANTS = frozenset({"str", "int", "float", "verify", "prove"})
_SHOWN = 200
_MAX_FIELDS = 20


class FieldProblem(BaseModel):
    """One field of a request, and what is wrong with it."""

    field: str
    detail: str


class ProblemDetails(BaseModel):
    """What every error is answered with (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "the field 'steps' is wrong: Input should be a valid array.",
                    "instance": "/v1/verify",
                    "errors": [{"field": "steps", "detail": "Input should be a valid array"}],
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldProblem] = Field(default_factory=list)


class ServiceProblem(Exception):
    """An error that is answered with problem details; raised anywhere in a request."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: list[dict[str, str]] | None = None,
        kind: str = "about:blank",
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors or []


def described(error: ServiceProblem, path: str) -> bytes:
    """The body of an error's answer."""
    body: dict[str, Any] = {
        "type": error.kind,
        "title": _title(error.status),
        "status": error.status,
        "detail": error.detail,
        "instance": path,
    }
    if error.errors:
        body["errors"] = error.errors
    return json.dumps(body).encode()


def problem(scope: Scope, error: ServiceProblem) -> Response:
    """The answer to a request that went wrong; of use to pure ASGI code too."""
    body = described(error, scope["path"])
    return Response(body, error.status, headers=error.headers, media_type=MEDIA_TYPE)


def problem_for(error: NeurosymError) -> ServiceProblem:
    """The status of an error of ours.

    A tool that is asked for and not there is 422: without it the same request never succeeds.
    What a tool that broke says may name files and addresses, so the log alone has it.
    """
    if isinstance(error, MissingToolError):
        return ServiceProblem(422, str(error), kind=MISSING_TOOL)
    if isinstance(error, InputError):
        return ServiceProblem(422, str(error))
    _LOG.warning("%s", error)
    if isinstance(error, ModelError):
        return ServiceProblem(502, f"the language model did not answer ({error.reason}).")
    return ServiceProblem(503, "something that the service needs is broken; its log says what.")


def invalid(error: ValidationError) -> ServiceProblem:
    """400 for what is no JSON, else 422 with every field that is wrong, at most 20."""
    found = error.errors(include_url=False, include_context=False)
    first = found[0]
    if first["type"] == "json_invalid":
        return ServiceProblem(400, f"the body is not JSON: {_message(first['msg'])}.")
    errors = []
    for one in found[:_MAX_FIELDS]:
        place = ".".join(str(part) for part in one["loc"] if part not in _VARIANTS)
        errors.append({"field": _cut(place), "detail": _message(one["msg"])})
    place, message = errors[0]["field"], errors[0]["detail"]
    detail = f"the field '{place}' is wrong: {message}." if place else f"{message}."
    return ServiceProblem(422, detail, errors=errors)


def install(app: FastAPI) -> None:
    """Make every error of the application an answer with problem details."""

    async def own(request: Request, error: Exception) -> Response:
        assert isinstance(error, ServiceProblem)
        return problem(request.scope, error)

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, NeurosymError)
        return problem(request.scope, problem_for(error))

    async def raised(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        detail = _DETAILS.get(error.status_code, str(error.detail))
        found = ServiceProblem(error.status_code, detail, headers=error.headers)
        return problem(request.scope, found)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [
            {
                "field": _cut(".".join(map(str, one["loc"][1:]))),
                "detail": _message(one["msg"]),
            }
            for one in error.errors()[:_MAX_FIELDS]
        ]
        detail = f"'{errors[0]['field']}' is wrong: {errors[0]['detail']}."
        return problem(request.scope, ServiceProblem(422, detail, errors=errors))

    async def unexpected(request: Request, error: Exception) -> Response:
        detail = "something went wrong here; the request can be sent again."
        return problem(request.scope, ServiceProblem(500, detail))

    app.add_exception_handler(ServiceProblem, own)
    app.add_exception_handler(NeurosymError, ours)
    app.add_exception_handler(HTTPException, raised)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(Exception, unexpected)


_DETAILS = {
    404: "there is nothing at this path; see /openapi.json for what there is.",
    405: "this path does not take this method; see /openapi.json for what it takes.",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an operation says in OpenAPI of its errors."""
    return {
        status: {
            "description": _title(status),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in statuses
    }


def describe(document: dict[str, Any]) -> None:
    """Put the form of errors into an OpenAPI document, in the place of FastAPI's own."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    found = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(found.pop("$defs", {}))
    schemas["ProblemDetails"] = found
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    operations = (one for path in document["paths"].values() for one in path.values())
    for operation in operations:
        refused = operation["responses"].get("422", {})
        if "application/json" in refused.get("content", {}):
            operation["responses"]["422"] = responses(422)[422]


def _title(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _message(text: str) -> str:
    return _cut(text.removeprefix("Value error, ").rstrip("."))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
