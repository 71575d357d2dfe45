"""What routes depend on: the engine, admission, and the parsed body of a request."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any, TypeAlias, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse

from neurosym.service.admission import Admission
from neurosym.service.engine import Engine
from neurosym.service.problems import ServiceProblem, described, invalid, problem_for
from provers.errors import NeurosymError

Body = TypeVar("Body", bound=BaseModel)
_LOG = logging.getLogger(__name__)
# JSON does not escape these, and clients that go by Unicode end a line at them.
_LINE_ENDS = {c.encode(): f"\\u{ord(c):04x}".encode() for c in "\x85\u2028\u2029"}


def engine_of(request: Request) -> Engine:
    """The engine of the application."""
    engine: Engine = request.app.state.engine
    return engine


def admission_of(request: Request) -> Admission:
    """Who admits the application's work."""
    admission: Admission = request.app.state.admission
    return admission


TheEngine: TypeAlias = Annotated[Engine, Depends(engine_of)]
TheAdmission: TypeAlias = Annotated[Admission, Depends(admission_of)]


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


def takes(model: type[BaseModel], **more: Any) -> dict[str, Any]:
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


async def events(
    request: Request, items: AsyncIterator[tuple[str, dict[str, Any]]]
) -> StreamingResponse:
    """Items as server-sent events, each with its name, as soon as each is there.

    What goes wrong before the first of them is raised; later, it is the last event, ``error``.
    """
    first = await anext(items)

    async def written() -> AsyncIterator[bytes]:
        yield _event(*first)
        try:
            async for name, data in items:
                yield _event(name, data)
        except NeurosymError as error:
            yield _failed(request, problem_for(error))
        except Exception:  # noqa: BLE001 - the answer has begun, and must end with something
            _LOG.exception("a stream broke off")
            yield _failed(request, ServiceProblem(500, "something went wrong here."))

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(written(), headers=headers, media_type="text/event-stream")


def _event(name: str, data: Any) -> bytes:
    line = to_json(data)
    for end, escaped in _LINE_ENDS.items():
        line = line.replace(end, escaped)
    return b"event: " + name.encode() + b"\ndata: " + line + b"\n\n"


def _failed(request: Request, error: ServiceProblem) -> bytes:
    body = described(error, request.url.path)
    return b"event: error\ndata: " + body + b"\n\n"
