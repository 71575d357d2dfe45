"""neurosym's own records: formal problems in any language, or reasoning to verify.

A record may hold what was written for its problem before, several times, and attempt ``i`` at the
problem then takes the one at ``i``. Either as ``attempts``, objects with the fields that are each
attempt's own: ``{"id", "premises": [...], "attempts": [{"goal": "..."}, ...]}``, or for reasoning
``{"id", "question": "...", "attempts": [{"solution": "..."}, ...]}``. Or, for a statement in
Lean, as ``proofs``, each a whole file or what stands behind ``:=``: ``{"id", "language": "lean4",
"statement": "theorem t : 1 = 1", "proofs": ["by simp", "rfl"]}``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Answers, Item, Kind, Origin, Recorded, Unread
from neurosym.runs.problems import ProblemRecord, problem_record
from neurosym.runs.readers.declarations import has_theorem, theorems
from neurosym.runs.readers.records import Fields, MixedKindsError, has, identity, items
from neurosym.runs.readers.source import Sample, Source
from neurosym.verify.records import Record, record_of
from provers.errors import InputError
from provers.lean.source import bare_statement

FORM = "neurosym"
MOST_SAMPLES = 1000
_REASONING = ("steps", "solution")
_OTHERS = ("formal_statement", "conclusion", "context")
_FORMAL = ("language", "premises", "goal")


def fits(data: Any) -> bool:
    if not has(data) or any(field in data for field in _OTHERS):
        return False
    return any(field in data for field in (*_REASONING, *_FORMAL)) or _attempts(data) is not None


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The items; raises MixedKindsError where formal problems and reasoning are mixed."""
    first: list[str] = []

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        verify = _is_reasoning(data)
        kind = "reasoning" if verify else "formal problems"
        if not first:
            first.append(kind)
        if kind != first[0]:
            raise MixedKindsError(
                f"{source.described} mixes kinds: line {origin.line} holds {kind}, the lines "
                f"before it {first[0]}; give each kind a file of its own."
            )
        yield _item(identity(data, default), "verify" if verify else "prove", data, origin)

    return items(source, FORM, fits, one)


def _attempts(data: Fields) -> list[Any] | None:
    given = data.get("attempts")
    return given if isinstance(given, list) and any(has(one) for one in given) else None


def _is_reasoning(data: Fields) -> bool:
    inside = [one for one in _attempts(data) or () if isinstance(one, dict)]
    return any(field in one for one in (data, *inside) for field in _REASONING)


def _item(id: str, kind: Kind, data: Fields, origin: Origin) -> Item:
    payload: Record | ProblemRecord | Recorded
    if "attempts" in data:
        base = {field: value for field, value in data.items() if field != "attempts"}
        given = _listed(data, "attempts")
        payload = Recorded(tuple(_attempt(kind, base, one, id) for one in given))
    elif "proofs" in data and kind == "prove":
        payload = Recorded(tuple(_proof(data, one, id) for one in _listed(data, "proofs")))
    else:
        payload = _read(kind, dict(data), id)
    if kind == "prove":
        return Item(id, kind, payload, origin)
    answer = data.get("answer")
    gold = None if answer is None else str(answer)
    return Item(id, kind, payload, origin, gold, answers=Answers(world=data.get("world", "open")))


def _read(kind: Kind, data: dict[str, Any], id: str) -> Record | ProblemRecord:
    """Raises InputError for what is no such record."""
    if kind == "verify":
        return record_of(data, id)
    record = problem_record(data, id)
    if record.code is None or record.statement is not None:
        return record
    left_open = _open(record.code)
    if left_open is None:
        return record
    return record.model_copy(update={"code": None, "statement": left_open})


def _open(code: str) -> str | None:
    """The statement of the one theorem in Lean code whose proof is left open, if it is the last."""
    found = theorems(code)
    if not found or not found[-1].open or any(theorem.open for theorem in found[:-1]):
        return None
    return f"{found[-1].context}\n\n{found[-1].statement}".strip()


# --- what was written before -----------------------------------------------------------------


def _listed(data: Fields, field: str) -> list[Any]:
    given = data[field]
    if not isinstance(given, list) or not given:
        raise InputError(f"the field '{field}' is not a list with something in it.")
    if len(given) > MOST_SAMPLES:
        raise InputError(f"the field '{field}' has more than {MOST_SAMPLES:,} elements.")
    return given


def _attempt(
    kind: Kind, base: dict[str, Any], own: Any, id: str
) -> Record | ProblemRecord | Unread:
    if not isinstance(own, dict):
        return Unread("the attempt is not an object.")
    try:
        return _read(kind, {**base, **own, "id": id}, id)
    except InputError as error:
        return Unread(str(error))


def _proof(data: Fields, proof: Any, id: str) -> ProblemRecord | Unread:
    """A Lean statement with one proof of it. Raises InputError without a statement."""
    statement = data.get("statement")
    if data.get("language") != "lean4" or not isinstance(statement, str):
        raise InputError("proofs need a 'statement', and the language lean4.")
    if not isinstance(proof, str) or not proof.strip():
        return Unread("the proof is not a text.")
    code = proof
    if not has_theorem(proof):
        term = proof.strip().removeprefix(":=").lstrip()
        code = f"{bare_statement(statement)}\n  := {term}\n"
    try:
        given = {"language": "lean4", "statement": statement, "code": code}
        return problem_record(given, id)
    except InputError as error:
        return Unread(str(error))
