"""Results as JSON and back: the record that ``prove`` prints, complete enough to re-check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provers.base import (
    Attempts,
    Conflict,
    Evidence,
    Instance,
    LeanProof,
    Message,
    OneModel,
    Outcome,
    Proof,
    Refutation,
    Result,
    ScriptAnswer,
    TwoModels,
)
from provers.errors import InputError
from provers.logic.models import Model, read_model, write_model

STATUS = {
    Outcome.INCONSISTENT: "unsat",
    Outcome.PROVED: "unsat",
    Outcome.SATISFIABLE: "sat",
}


def write_result(result: Result) -> dict[str, Any]:
    """The record of a result, without the problem's id."""
    return {
        "outcome": str(result.outcome),
        "reason": result.reason,
        "szs": result.szs,
        "prover": result.prover,
        "seconds": round(result.seconds, 4),
        "flags": list(result.flags),
        "evidence": None if result.evidence is None else write_evidence(result.evidence),
        "messages": [_message(m) for m in result.messages],
    }


def read_result(data: Mapping[str, Any]) -> Result:
    """The inverse of ``write_result``. Raises InputError for a record that is none."""
    try:
        return Result(
            Outcome(data["outcome"]),
            data["prover"],
            float(data["seconds"]),
            reason=data["reason"],
            evidence=None if data["evidence"] is None else read_evidence(data["evidence"]),
            flags=tuple(data["flags"]),
            messages=tuple(Message(**m) for m in data["messages"]),
            szs=data["szs"],
        )
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"This is no result record: {error!r}.") from error


def _message(message: Message) -> dict[str, Any]:
    record: dict[str, Any] = {"text": message.text, "severity": message.severity}
    if message.line is not None:
        record |= {"line": message.line, "column": message.column}
    return record


def write_evidence(evidence: Evidence) -> dict[str, Any]:
    """The evidence as a JSON object with its ``kind``."""
    match evidence:
        case Refutation():
            return {
                "kind": evidence.kind,
                "claim": evidence.claim,
                "used": list(evidence.used),
                "minimal": evidence.minimal,
                "instances": None
                if evidence.instances is None
                else [[i.formula, i.clause, dict(i.bindings)] for i in evidence.instances],
                "proof": _proof(evidence.proof),
                "consistency": None
                if evidence.consistency is None
                else write_model(evidence.consistency),
            }
        case TwoModels():
            return {
                "kind": evidence.kind,
                "goal_true": write_model(evidence.goal_true),
                "goal_false": write_model(evidence.goal_false),
            }
        case OneModel():
            return {"kind": evidence.kind, "model": write_model(evidence.model)}
        case ScriptAnswer():
            return {
                "kind": evidence.kind,
                "status": evidence.status,
                "core": list(evidence.core),
                "proof": _proof(evidence.proof),
                "model": evidence.model,
            }
        case LeanProof():
            return {
                "kind": evidence.kind,
                "claim": evidence.claim,
                "code": evidence.code,
                "theorem": evidence.theorem,
                "statement": evidence.statement,
                "axioms": list(evidence.axioms),
                "lean": evidence.lean,
                "toolchain": evidence.toolchain,
                "tier": evidence.tier,
            }
        case Attempts():
            return {"kind": evidence.kind, "tried": [list(t) for t in evidence.tried]}
        case Conflict():
            return {"kind": evidence.kind, "answers": [list(a) for a in evidence.answers]}


def read_evidence(data: Mapping[str, Any]) -> Evidence:
    """The inverse of ``write_evidence``. Raises InputError for what is no evidence."""
    try:
        return _read_evidence(data)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"This is no evidence: {error!r}.") from error


def _read_evidence(data: Mapping[str, Any]) -> Evidence:
    match data["kind"]:
        case "refutation":
            return Refutation(
                data["claim"],
                tuple(map(int, data["used"])),
                bool(data["minimal"]),
                None
                if data["instances"] is None
                else tuple(
                    Instance(int(f), int(c), tuple((str(k), str(v)) for k, v in b.items()))
                    for f, c, b in data["instances"]
                ),
                _read_proof(data["proof"]),
                _read_optional_model(data["consistency"]),
            )
        case "models":
            return TwoModels(read_model(data["goal_true"]), read_model(data["goal_false"]))
        case "model":
            return OneModel(read_model(data["model"]))
        case "script":
            return ScriptAnswer(
                data["status"], tuple(data["core"]), _read_proof(data["proof"]), data["model"]
            )
        case "lean":
            tiers = ("replayed", "elaborated")
            if data["claim"] not in ("goal", "negation") or data["tier"] not in tiers:
                raise ValueError("a Lean proof of an unknown kind")
            return LeanProof(
                data["claim"],
                code=str(data["code"]),
                theorem=str(data["theorem"]),
                statement=str(data["statement"]),
                axioms=tuple(map(str, data["axioms"])),
                lean=str(data["lean"]),
                toolchain=str(data["toolchain"]),
                tier=data["tier"],
            )
        case "attempts":
            return Attempts(tuple((str(w), str(a), float(s)) for w, a, s in data["tried"]))
        case "conflict":
            return Conflict(tuple((str(p), str(a)) for p, a in data["answers"]))
        case other:
            raise ValueError(f"unknown kind {other!r}")


def _proof(proof: Proof | None) -> dict[str, str] | None:
    return None if proof is None else {"format": proof.format, "text": proof.text}


def _read_proof(data: Mapping[str, str] | None) -> Proof | None:
    return None if data is None else Proof(data["format"], data["text"])


def _read_optional_model(data: Mapping[str, Any] | None) -> Model | None:
    return None if data is None else read_model(data)
