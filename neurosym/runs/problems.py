"""Formal problems at the boundary: checked records, and the problems that they hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from neurosym.verify.records import explain
from provers.base import AnyProblem, LeanProblem, Result, ScriptProblem
from provers.errors import InputError
from provers.records import STATUS, write_result

MAX_PREMISES = 20_000


class ProblemRecord(BaseModel):
    """A formal problem in one of the languages; each language has fields of its own."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: str | int = "1"
    language: Literal["fol", "smtlib", "tptp", "lean4"] = "fol"
    notation: Literal["auto", "nltk", "unicode", "tptp"] = "auto"
    premises: list[str] = Field(default_factory=list, max_length=MAX_PREMISES)
    goal: str | None = None
    problem: str | None = None
    code: str | None = None
    statement: str | None = None

    @model_validator(mode="after")
    def _fields_of_language(self) -> ProblemRecord:
        match self.language:
            case "fol" if self.goal is None and not self.premises:
                raise ValueError("give 'premises', 'goal', or both")
            case "smtlib" | "tptp" if self.problem is None:
                raise ValueError(f"a record in {self.language} needs 'problem'")
            case "lean4" if self.code is None and self.statement is None and self.goal is None:
                raise ValueError("a record in lean4 needs 'code', 'statement' or 'goal'")
            case _:
                return self


def problem_record(data: Any, default_id: str) -> ProblemRecord:
    """The record that parsed JSON holds. Raises InputError that names what is wrong."""
    if not isinstance(data, dict):
        raise InputError("a record must be a JSON object.")
    try:
        return ProblemRecord.model_validate({"id": default_id, **data})
    except ValidationError as error:
        raise InputError(explain(error)) from error


def problem_of(record: ProblemRecord) -> AnyProblem:
    """The problem of a record.

    Raises ParseError, or another InputError, for formal text that cannot be read.
    """
    match record.language:
        case "smtlib":
            return ScriptProblem("smtlib", record.problem or "")
        case "tptp":
            from provers.tptp import read_tptp

            return read_tptp(record.problem or "")
        case "lean4":
            if record.code is None and record.statement is None:
                return LeanProblem("", _stated(record.goal or ""))
            return LeanProblem(record.code or "", record.statement)
        case _:
            from provers.problems import read_problem

            return read_problem(record.premises, record.goal, record.notation)


def _stated(goal: str) -> str:
    """A goal as Lean shows it, with imports in front of it or not, as a statement."""
    from provers.lean.goals import statement_of
    from provers.lean.source import check_text

    check_text(goal)
    lines = goal.split("\n")
    header = [line for line in lines if line.startswith("import ")]
    try:
        stated = statement_of("\n".join(line for line in lines if line not in header))
    except ValueError as error:
        raise InputError(f"it is no goal as Lean shows one: {error}.") from error
    return "\n".join([*header, stated])


def write_outcome(record: ProblemRecord, result: Result) -> dict[str, Any]:
    """What ``neurosym prove`` prints of a record's result."""
    output = {"id": record.id, **write_result(result)}
    if record.language == "smtlib":
        output["status"] = STATUS.get(result.outcome, "unknown")
    return output
