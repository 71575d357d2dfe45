"""Lean code checked as Kimina Lean Server does, for clients that were written for it.

What is added to its promises: what one snippet does (crash, run out of time or memory, declare)
reaches no other, imports that cannot be made are told as Lean's errors, and code that rests on
``sorry`` is never without a ``sorries`` entry. Whether the code proves what was asked is for
``/v1/prove`` to say: here only Lean's messages are passed on.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator
from starlette.responses import Response

from neurosym.service.access import TheAdmission, TheEngine, body_of, json_response, takes
from neurosym.service.engine import Engine
from neurosym.service.problems import ServiceProblem, responses
from neurosym.service.snippets import Snippet, check_all
from neurosym.service.watch import Watch
from provers.base import Limits

router = APIRouter(tags=["kimina"])

# Which process answered: clients see by it whether a service was started anew.
_PROCESS = uuid.uuid4().hex
_LONGEST_ID = 1_000
_INT64 = 2**63
_SUM = "theorem sum : 1 + 1 = 2 := rfl"
_EXAMPLES: list[JsonValue] = [{"id": "sum", "code": _SUM}]
_OLDER_EXAMPLES: list[JsonValue] = [{"custom_id": 1, "proof": _SUM}]
Infotree = Literal["full", "tactics", "original", "substantive"]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class KiminaSnippet(_Form):
    """Lean code, imports included, and the name that its result has."""

    id: str = Field(max_length=_LONGEST_ID)
    code: str


class CheckRequest(_Form):
    """Snippets to check, each by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"snippets": _EXAMPLES}]})

    snippets: list[KiminaSnippet] = Field(min_length=1, description="Their ids must differ.")
    timeout: float = Field(30, ge=0, description="Seconds for each snippet.")
    debug: bool = Field(False, description="Add diagnostics to each result.")
    reuse: bool = Field(
        True, description="Of no effect: each snippet has an environment of its own anyway."
    )
    infotree: Infotree | None = Field(None, description="Refused: this service gives no trees.")

    @model_validator(mode="after")
    def _differ(self) -> CheckRequest:
        seen: set[str] = set()
        for snippet in self.snippets:
            if snippet.id in seen:
                raise ValueError(f"the ids must differ, and {snippet.id[:100]!r} is there twice")
            seen.add(snippet.id)
        return self


class KiminaCode(_Form):
    """Lean code in the older form, under either name."""

    custom_id: str | int
    proof: str | None = None
    code: str | None = None

    @field_validator("custom_id")
    @classmethod
    def _short(cls, value: str | int) -> str | int:
        if (len(value) > _LONGEST_ID) if isinstance(value, str) else (abs(value) >= _INT64):
            raise ValueError(f"an id has at most {_LONGEST_ID} characters, or is a 64-bit number")
        return value

    @model_validator(mode="after")
    def _has_code(self) -> KiminaCode:
        if self.proof is None and self.code is None:
            raise ValueError("give the Lean code as 'proof' or as 'code'")
        return self

    @property
    def text(self) -> str:
        """The code: ``proof`` where both are given."""
        return self.proof if self.proof is not None else self.code or ""


class CodesRequest(_Form):
    """Snippets to check, in the older form."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"codes": _OLDER_EXAMPLES}]})

    codes: list[KiminaCode]
    timeout: float = Field(300, ge=0, description="Seconds for each snippet.")
    infotree_type: Infotree | None = Field(None, description="Refused, as in /api/check.")
    disable_cache: bool = Field(False, description="Of no effect: nothing is cached.")


class Place(BaseModel):
    """A place in the code: the line counts from 1, the column from 0.

    Lines count from the first that is neither blank nor an import, as with Kimina Lean Server.
    """

    line: int
    column: int


class KiminaMessage(BaseModel):
    """What Lean said."""

    severity: Literal["trace", "info", "warning", "error"]
    pos: Place
    endPos: Place | None = None
    data: str


class KiminaSorry(BaseModel):
    """A place that is not proved, and the goal that is left there."""

    pos: Place
    endPos: Place
    goal: str


class KiminaResponse(BaseModel):
    """Lean's answer; what there is none of is left out."""

    env: int
    messages: list[KiminaMessage] | None = None
    sorries: list[KiminaSorry] | None = None


class CheckResult(BaseModel):
    """One snippet's result: a response, or an error where Lean gave none."""

    id: str
    time: float
    response: KiminaResponse | None = None
    error: str | None = Field(None, description="Contains 'timed out' where time ran out.")
    diagnostics: dict[str, str] | None = None


class CheckAnswer(BaseModel):
    """The results, in the order of the snippets."""

    results: list[CheckResult]


class CodeResponse(KiminaResponse):
    """Lean's answer, and the seconds that it took."""

    time: float


class CodeResult(BaseModel):
    """One snippet's result in the older form."""

    custom_id: str
    response: CodeResponse | None = None
    error: str | None = None


class CodesAnswer(BaseModel):
    """The results in the older form, in the order of the codes."""

    results: list[CodeResult]


class Status(BaseModel):
    """Whether the service is up."""

    status: str


def _takes(model: type[BaseModel], field: str, item: type[BaseModel]) -> dict[str, Any]:
    """``openapi_extra`` for a request, with the form of its list's items in place."""
    extra = takes(model)
    schema = extra["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"][field]["items"] = item.model_json_schema()
    return extra


_ERRORS = responses(400, 401, 413, 415, 422, 429, 503)


@router.post("/api/check/", include_in_schema=False)
@router.post(
    "/api/check",
    summary="Check Lean snippets, as Kimina Lean Server does",
    responses={200: {"model": CheckAnswer}, **_ERRORS},
    openapi_extra=_takes(CheckRequest, "snippets", KiminaSnippet),
)
async def check(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[CheckRequest, Depends(body_of(CheckRequest))],
) -> Response:
    """Each snippet by itself: Lean's messages, or an error where it crashed or timed out."""
    _allow(len(body.snippets), "snippets", body.infotree, "infotree", engine)
    snippets = [Snippet(snippet.id, snippet.code) for snippet in body.snippets]

    def work(watch: Watch) -> dict[str, Any]:
        found = check_all(engine, snippets, _limits(body.timeout, engine), watch)
        if body.debug:
            found = [{**result, "diagnostics": {"repl_uuid": _PROCESS}} for result in found]
        return {"results": found}

    return json_response(await admission.run(request, work, engine.settings.max_seconds))


@router.post("/one_pass_verify_batch", include_in_schema=False)
@router.post(
    "/verify",
    summary="Check Lean snippets, as earlier versions of Kimina Lean Server do",
    responses={200: {"model": CodesAnswer}, **_ERRORS},
    openapi_extra=_takes(CodesRequest, "codes", KiminaCode),
)
async def verify(
    request: Request,
    engine: TheEngine,
    admission: TheAdmission,
    body: Annotated[CodesRequest, Depends(body_of(CodesRequest))],
) -> Response:
    """As `/api/check`, in the older form: ids may be numbers and need not differ."""
    _allow(len(body.codes), "codes", body.infotree_type, "infotree_type", engine)
    snippets = [Snippet(str(code.custom_id), code.text) for code in body.codes]

    def work(watch: Watch) -> dict[str, Any]:
        found = check_all(engine, snippets, _limits(body.timeout, engine), watch)
        return {"results": [_older(result) for result in found]}

    return json_response(await admission.run(request, work, engine.settings.max_seconds))


@router.get("/health/", include_in_schema=False)
@router.get("/health", summary="Whether the service is up", responses={200: {"model": Status}})
async def health() -> Response:
    """As Kimina Lean Server's; `/healthz` and `/readyz` say more."""
    return json_response({"status": "ok"})


def _allow(count: int, field: str, tree: Infotree | None, tree_field: str, engine: Engine) -> None:
    """Raises ServiceProblem 422 for more snippets than are allowed, and for trees."""
    most = engine.settings.max_steps
    if count > most:
        detail = f"there may be {most} of them, and these are {count}: send several requests"
        raise _refused(field, detail)
    if tree is not None:
        raise _refused(tree_field, "this service gives no info trees: leave it out")


def _refused(field: str, detail: str) -> ServiceProblem:
    errors = [{"field": field, "detail": detail}]
    return ServiceProblem(422, f"the field '{field}' is wrong: {detail}.", errors=errors)


def _limits(timeout: float, engine: Engine) -> Limits:
    settings = engine.settings
    return Limits(min(timeout, settings.max_timeout), settings.megabytes)


def _older(result: dict[str, Any]) -> dict[str, Any]:
    """A result in the older form, which names an error always and has the time inside."""
    response = result.get("response")
    if response is not None:
        response = {**response, "time": result["time"]}
    return {"custom_id": result["id"], "error": result.get("error"), "response": response}
