"""Texts at the boundary, and the formal statements that they are translated to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from neurosym.verify.checks import Reading, read_sentence
from neurosym.verify.reader import Reader, RuleReader
from neurosym.verify.segment import sentences
from provers.base import Limits, Prover
from provers.errors import InputError
from provers.logic.syntax import Formula

if TYPE_CHECKING:
    from neurosym.verify.modelling import Modelling
    from provers.lean.base import Checker

MAX_CHARACTERS = 1_000_000
_SECONDS = 60.0


def translate(
    text: str,
    target: str,
    prover: Prover,
    modelling: Modelling | None = None,
    checker: Callable[[], Checker] | None = None,
) -> dict[str, Any]:
    """Each sentence of ``text`` in the notation ``target``, as ``neurosym translate`` prints it.

    With a model, text that is no sentence for logic goes to it as a whole where the target is
    equations or a Lean statement; ``checker`` gives the Lean for that, which stays its owner's.

    Raises InputError for text that is empty or too long, ModelError where the model does not
    answer, and MissingToolError where it or Lean is not there.
    """
    if not text.strip():
        raise InputError("there is no text to translate.")
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the text is too long; at most {MAX_CHARACTERS:,} characters are read.")
    found = _whole(text, target, prover, modelling, checker)
    return {"notation": target, "sentences": found or _sentences(text, target, prover, modelling)}


# --- sentence by sentence --------------------------------------------------------------------


def _sentences(
    text: str, target: str, prover: Prover, modelling: Modelling | None
) -> list[dict[str, Any]]:
    reader: Reader = RuleReader()
    if modelling is not None:
        from neurosym.verify.modelling import ModelReader

        reader = ModelReader(modelling, prover, Limits())
        reader.prepare([text])
    return [_translated(piece, target, reader.read(piece)) for piece in sentences(text)]


def _translated(sentence: str, target: str, reading: Reading) -> dict[str, Any]:
    formulas, problems = [], []
    for claim in reading.claims:
        try:
            formulas.append(_written(claim.formula, target))
        except InputError as error:
            problems.append(str(error))
    if problems:
        status = "untranslated"
    elif reading.claims:
        status = "translated"
    else:
        status = "untranslated" if reading.unread else "no_claim"
    record: dict[str, Any] = {
        "text": sentence,
        "status": status,
        "translator": reading.claims[0].translator if reading.claims else None,
        "formulas": formulas,
        "flags": sorted({flag for claim in reading.claims for flag in claim.flags}),
        "messages": [
            *reading.messages,
            *(m for c in reading.claims for m in c.messages),
            *problems,
        ],
    }
    done = reading.claims[0].formalization if reading.claims else None
    if done is not None:
        record["model"] = done.model
        record["prompts"] = dict(done.prompts)
        record["agreement"] = round(done.agreement, 4)
        record["alternatives"] = [
            {"formula": _written(one.formula, target), "votes": one.votes}
            for one in done.alternatives
        ]
    return record


def _written(formula: Formula, target: str) -> str:
    """The formula in a notation. Raises InputError where the notation cannot spell it."""
    match target:
        case "smtlib":
            from provers.logic.formats import smtlib

            return smtlib.write_formula(formula)
        case "lean":
            from provers.logic.formats import lean

            return lean.write_theorem((), formula)
        case _:
            from provers.logic.formats import write

            return write(formula, target)


# --- as a whole ----------------------------------------------------------------------------


def _whole(
    text: str,
    target: str,
    prover: Prover,
    modelling: Modelling | None,
    checker: Callable[[], Checker] | None,
) -> list[dict[str, Any]]:
    """What a model makes of the whole text; nothing where rules can read it, or none is asked."""
    if modelling is None or target not in ("smtlib", "lean"):
        return []
    readings = [read_sentence(piece) for piece in sentences(text)]
    if any(reading.claims for reading in readings):
        return []
    if target == "smtlib":
        return [_equations(text, modelling, prover)]
    if checker is not None:
        return [state(text, modelling, checker())]
    from provers.lean.checkers import open_checker

    own = open_checker()
    try:
        return [state(text, modelling, own)]
    finally:
        own.close()


def _equations(text: str, modelling: Modelling, prover: Prover) -> dict[str, Any]:
    from neurosym.translate.equations import translate_equations

    sampling = modelling.sampling
    found = translate_equations(
        text,
        modelling.model,
        prover,
        samples=sampling.samples,
        rounds=sampling.rounds,
        seed=sampling.seed,
        temperature=sampling.temperature,
    )
    return {
        "text": text,
        "status": found.status,
        "translator": "model",
        "formulas": [found.candidates[0].script] if found.candidates else [],
        "value": None if found.value is None else str(found.value),
        "flags": list(found.flags),
        "messages": list(found.messages),
        "model": found.model,
        "prompts": {"smtlib": found.prompt},
        "agreement": round(found.agreement, 4),
        "alternatives": [
            {
                "script": one.script,
                "value": None if one.value is None else str(one.value),
                "votes": one.votes,
            }
            for one in found.candidates
        ],
    }


def state(
    text: str, modelling: Modelling, checker: Checker, limits: Limits = Limits(_SECONDS)
) -> dict[str, Any]:
    """The text as a Lean statement, and the test that its negation has no proof.

    ``limits`` hold for all that Lean is asked about the translation, and again for the test.
    Raises ModelError where the model does not answer, MissingToolError or BrokenToolError where
    Lean cannot be started.
    """
    from neurosym.translate.negation import test_statement
    from neurosym.translate.statements import translate_statement
    from provers.records import write_evidence

    sampling = modelling.sampling
    found = translate_statement(
        text,
        modelling.model,
        checker,
        samples=sampling.samples,
        rounds=sampling.rounds,
        seed=sampling.seed,
        temperature=sampling.temperature,
        limits=limits,
        greedy=sampling.greedy,
    )
    tested = None
    if found.statement:
        tested = test_statement(found.statement, checker, limits)
    kept = tested is not None and tested.verdict != "rejected"
    record: dict[str, Any] = {
        "text": text,
        "status": found.status if kept or tested is None else "rejected",
        "translator": "model",
        "formulas": [found.statement] if kept else [],
        "flags": [],
        "messages": list(found.messages),
        "model": found.model,
        "prompts": {"lean": found.prompt},
        "agreement": round(found.agreement, 4),
        "alternatives": [
            {"statement": one.statement, "votes": one.votes} for one in found.candidates
        ],
    }
    if tested is not None:
        record["test"] = {
            "verdict": tested.verdict,
            "reason": tested.reason,
            "question": tested.question,
            "evidence": None if tested.evidence is None else write_evidence(tested.evidence),
        }
        if not kept:
            record["messages"] = [f"rejected: {tested.reason}", *record["messages"]]
    return record
