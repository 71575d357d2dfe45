"""What routes depend on: the engine, admission, and the parsed body of a request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from neurosym.service.admission import Admission
from neurosym.service.engine import Engine
from neurosym.service.problems import ServiceProblem, invalid

Body = TypeVar("Body", bound=BaseModel)


def engine_of(request: Request) -> Engine:
    """The engine of the application."""
    engine: Engine = request.app.state.engine
    return engine


def admission_of(request: Request) -> Admission:
    """Who admits the application's work."""
    admission: Admission = request.app.state.admission
    return admission


def body_of(model: type[Body]) -> Callable[[Request], Awaitable[Body]]:
    """A dependency: the body, parsed once and strictly.

    It raises ServiceProblem 415 for what is not sent as JSON, 400 for what is none, and 422 that
    names the field.
    """

    async def body(request: Request) -> Body:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            # Forms of other origins' pages can be sent without asking; JSON cannot.
            raise ServiceProblem(415, "send the body as 'Content-Type: application/json'.")
        try:
            data = await request.body()
        except ClientDisconnect:
            raise ServiceProblem(400, "the body broke off.") from None
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            raise invalid(error) from None

    return body


def described(model: type[BaseModel], **more: Any) -> dict[str, Any]:
    """``openapi_extra`` for an operation whose body ``body_of`` parses."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    examples = schema.pop("examples", [])
    content: dict[str, Any] = {"schema": schema}
    if examples:
        content["examples"] = {
            str(i): {"summary": one.get("id", f"example {i}"), "value": one}
            for i, one in enumerate(examples, 1)
        }
    return {"requestBody": {"required": True, "content": {"application/json": content}}, **more}


def json_response(body: bytes | Any, *, cached: bool = False, status: int = 200) -> Response:
    """JSON that is not validated again; ``bytes`` are JSON already."""
    data = body if isinstance(body, bytes) else to_json(body)
    headers = {"Neurosym-Cache": "hit"} if cached else None
    return Response(data, status, headers=headers, media_type="application/json")
