"""The one place that says ``proved`` for Lean.

Lean elaborates the code, and the statement by itself from the same imports, and answers with the
first thing that is wrong or with what the proof rests on (``lean/NeuroSym/Judge.lean``): no
errors; no program run during elaboration and nothing unsafe; the theorem is there, is a theorem,
and its type is the statement's as a kernel term, definitions that it mentions included; all it
rests on passes the kernel again in a fresh environment. Which axioms are allowed is decided here.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from provers.base import LeanProblem, LeanProof, Limits, Message, Outcome, Reason, Result
from provers.errors import ParseError
from provers.failures import failure
from provers.lean.base import ALLOWED_AXIOMS, Checker, Header, LeanVersion, Reply
from provers.lean.source import Source, split_header, without_proof

if TYPE_CHECKING:
    from provers.lean.workbench import Declared, Report

PROVER = "lean"
# How Lean's own limit on work shows in its errors.
WORK_LIMIT = ("(deterministic) timeout", "maximum number of heartbeats")
# Errors that say that a limit of Lean's own was reached, and what they are called here.
_LIMITS: tuple[tuple[str, Reason], ...] = (
    *((words, "timeout") for words in WORK_LIMIT),
    ("excessive memory consumption", "memory"),
    ("maximum recursion depth", "incomplete"),
    ("deep recursion", "incomplete"),
    ("failed to synthesize instance, maximum number", "incomplete"),
)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """How a tag of the judge's answer is reported."""

    flag: str
    text: str
    reason: Reason = "incomplete"


_REFUSALS = {
    "program": _Refusal(
        "program", "it runs a program while it is elaborated, which is not judged", "unsupported"
    ),
    "unsafe": _Refusal("unsafe", "it steps outside what the kernel checks"),
    "axiom": _Refusal("axiom", "it declares axioms of its own"),
    "missing": _Refusal("missing_theorem", "the theorem is not in it"),
    "not_theorem": _Refusal("not_theorem", "what it declares is no theorem"),
    "statement": _Refusal("statement_changed", "it proves another statement"),
    "kernel": _Refusal("kernel_rejected", "the kernel does not accept it"),
    "unsupported": _Refusal("unsupported", "this server cannot judge it", "unsupported"),
}


def judge(
    checker: Checker,
    problem: LeanProblem,
    limits: Limits = Limits(),
    *,
    claim: Literal["goal", "negation"] = "goal",
) -> Result:
    """Whether ``problem.code`` proves ``problem.statement``, or all that it states without one.

    ``proved`` (or ``refuted``, where the code proves the negation that a caller made and names by
    ``claim``) carries a LeanProof. Code with errors is ``ill_formed``; code that proves nothing,
    or something else, is ``unknown``/``incomplete`` with a flag that names why.

    Raises MissingToolError or BrokenToolError if Lean cannot be started.
    """
    start = time.monotonic()

    def done(outcome: Outcome, reason: Reason = "", *messages: Message, **more: Any) -> Result:
        seconds = time.monotonic() - start
        return Result(outcome, PROVER, seconds, reason=reason, messages=messages, **more)

    try:
        source = split_header(problem.code)
        asked = None if problem.statement is None else split_header(problem.statement)
    except ParseError as error:
        return failure(PROVER, error, time.monotonic() - start)
    header = source.header if asked is None else _union(asked.header, source.header)
    request = {"op": "judge", "code": source.body}
    if asked is not None:
        request["statement"] = without_proof(asked.body)
    reply = checker.ask(header, request, limits)
    if reply.body is None:
        return _stopped(reply, source, time.monotonic() - start)
    tag, detail = str(reply.body["tag"]), str(reply.body["detail"])
    messages = read_messages(reply.body)
    match tag:
        case "ill_formed_statement" | "no_statement":
            said = detail or "the statement does not elaborate"
            return done(Outcome.ILL_FORMED, "", Message(f"statement: {said}", "error"), *messages)
        case "error":
            reason = _limit(messages)
            outcome = Outcome.UNKNOWN if reason else Outcome.ILL_FORMED
            return done(outcome, reason, *messages)
        case "proof":
            pass
        case _:
            refusal = _REFUSALS[tag]
            text = f"{refusal.text}: {detail}" if detail else refusal.text
            why = Message(text, "error")
            return done(Outcome.UNKNOWN, refusal.reason, why, *messages, flags=(refusal.flag,))
    axioms = tuple(sorted(set(reply.body["axioms"])))
    foreign = [axiom for axiom in axioms if axiom not in ALLOWED_AXIOMS]
    if foreign or reply.body["declared"]:
        return done(
            Outcome.UNKNOWN,
            "incomplete",
            *_axioms(foreign, reply),
            *messages,
            flags=_flags(foreign),
        )
    version = checker.version()
    missing = [module for module in header if module not in source.header]
    proof = LeanProof(
        claim,
        "".join(f"import {module}\n" for module in missing) + problem.code,
        str(reply.body["theorems"][0]) if asked is not None else "",
        problem.statement or "",
        axioms,
        version.version,
        version.toolchain,
        tier=reply.body.get("tier", "replayed"),
    )
    outcome = Outcome.PROVED if claim == "goal" else Outcome.REFUTED
    return done(outcome, "", *messages, evidence=proof)


def judge_module(
    source: str, report: Report, version: LeanVersion, *, unjudged: Collection[str] = ()
) -> tuple[tuple[Declared, Result], ...]:
    """What came of each theorem of a module that was elaborated (``provers.lean.workbench``).

    The same rules as for code that is given: a theorem that Lean's kernel accepts again and that
    rests on allowed axioms is ``proved``. ``unjudged`` are modules behind its imports in which
    programs run or that step outside what the kernel checks: nothing that rests on them is
    judged. The evidence is the file ``source``; with its project it can be checked again.
    """
    refusal = None if report.refused is None else _REFUSALS[report.refused[0]]
    word = "" if report.refused is None else report.refused[1]
    if refusal is None and unjudged:
        refusal = _Refusal(
            "rests_on_unjudged", "it imports what is not judged", _REFUSALS["program"].reason
        )
        word = ", ".join(sorted(unjudged))
    unproved = {one.name for one in report.declared if "sorryAx" in one.axioms}

    def answer(one: Declared) -> Result:
        def unknown(flag: str, text: str, reason: Reason = "incomplete") -> Result:
            message = Message(text, "error", *(one.place or (None, None)))
            return Result(
                Outcome.UNKNOWN, PROVER, 0.0, reason=reason, flags=(flag,), messages=(message,)
            )

        wrong = _own_errors(one, report)
        if wrong:
            return Result(Outcome.ILL_FORMED, PROVER, 0.0, messages=wrong)
        if refusal is not None:
            return unknown(refusal.flag, f"{refusal.text}: {word}", refusal.reason)
        if one.rejected:
            return unknown("kernel_rejected", f"the kernel does not accept it: {one.rejected}")
        foreign = [axiom for axiom in one.axioms if axiom not in ALLOWED_AXIOMS]
        if "sorryAx" in foreign and "sorryAx" not in (one.proof or ()):
            through = ", ".join(sorted(unproved.intersection(one.proof or ()))) or "an import"
            return unknown("rests_on_sorry", f"it rests on what is not proved: {through}")
        if "sorryAx" in foreign:
            return unknown("sorry", "it is not proved: `sorry` stands in for a proof")
        if foreign:
            names = ", ".join(foreign)
            return unknown("axiom", f"it rests on axioms that are not allowed: {names}")
        proof = LeanProof(
            "goal", source, one.name, "", one.axioms, version.version, version.toolchain
        )
        return Result(Outcome.PROVED, PROVER, 0.0, evidence=proof)

    return tuple((one, answer(one)) for one in report.declared if one.kind == "theorem")


def _own_errors(one: Declared, report: Report) -> tuple[Message, ...]:
    """The errors in a theorem's own lines: from where it begins to where the next one does."""
    if not report.errors or one.place is None:
        return ()
    first = one.place[0]
    later = [d.place[0] for d in report.declared if d.place is not None and d.place[0] > first]
    last = min(later, default=None)
    return tuple(
        message
        for message in report.messages
        if message.severity == "error"
        and message.line is not None
        and message.line >= first
        and (last is None or message.line < last)
    )


def _union(first: Header, second: Header) -> Header:
    return tuple(dict.fromkeys((*first, *second)))


def _flags(foreign: list[str]) -> tuple[str, ...]:
    return ("sorry",) if "sorryAx" in foreign else ("axiom",)


def _axioms(foreign: list[str], reply: Reply) -> list[Message]:
    assert reply.body is not None
    if "sorryAx" in foreign:
        return [Message("it is not proved: `sorry` stands in for a proof", "error")]
    names = ", ".join(dict.fromkeys([*foreign, *map(str, reply.body["declared"])]))
    return [Message(f"it rests on axioms that are not allowed: {names}", "error")]


def read_messages(body: dict[str, Any]) -> tuple[Message, ...]:
    """Lean's messages, with the column counted from 1 as everywhere here."""
    return tuple(
        Message(str(m["text"]), m["severity"], int(m["line"]), int(m["column"]) + 1)
        for m in body["messages"]
    )


def _limit(messages: tuple[Message, ...]) -> Reason:
    """The limit of Lean's own that all errors come from, if they do."""
    errors = [message.text for message in messages if message.severity == "error"]
    found = [next((reason for words, reason in _LIMITS if words in e), None) for e in errors]
    return found[0] if found and found[0] and all(found) else ""


def _stopped(reply: Reply, source: Source, seconds: float) -> Result:
    """The result for a request that was not answered."""
    detail = f": {reply.detail}" if reply.detail else ""
    match reply.stopped:
        case "header":
            return Result(
                Outcome.ILL_FORMED, PROVER, seconds, messages=(_bad_import(reply, source),)
            )
        case "timeout" | "memory":
            message = Message(f"Lean was stopped: {reply.stopped}{detail}", "error")
            return Result(
                Outcome.UNKNOWN, PROVER, seconds, reason=reply.stopped, messages=(message,)
            )
        case "stack":
            message = Message(f"Lean ran out of stack{detail}", "error")
            return Result(
                Outcome.UNKNOWN,
                PROVER,
                seconds,
                reason="memory",
                flags=("stack",),
                messages=(message,),
            )
        case _:
            message = Message(f"Lean crashed{detail}", "error")
            return Result(Outcome.FAILED, PROVER, seconds, messages=(message,))


def _bad_import(reply: Reply, source: Source) -> Message:
    """The message at the import that Lean could not make, where it names one that is written."""
    for module, line, column in source.places:
        if any(
            f"'{part}'" in reply.detail or f"{part} " in reply.detail for part in _parts(module)
        ):
            return Message(f"import {module}: {reply.detail}", "error", line, column + 1)
    return Message(f"the imports cannot be made: {reply.detail}", "error", 1, 1)


def _parts(module: str) -> tuple[str, str]:
    """How Lean may name a module that it does not find: in whole, or by its first part."""
    return module, module.partition(".")[0]
