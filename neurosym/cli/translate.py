"""``neurosym translate``: text in, formal statements out."""

from __future__ import annotations

from typing import Any

from neurosym.cli import OK, streams
from provers.errors import InputError
from provers.logic.syntax import Formula

MAX_CHARACTERS = 1_000_000


def run(text: str, target: str, as_json: bool) -> int:
    """Translate each sentence of ``text`` (``-``: of standard input) and print it."""
    from neurosym.verify.segment import sentences

    if text == "-":
        text = streams.decode(streams.read_bytes("-"), "standard input")
    if not text.strip():
        raise InputError("there is no text to translate.")
    if len(text) > MAX_CHARACTERS:
        raise InputError(f"the text is too long; at most {MAX_CHARACTERS:,} characters are read.")
    found = [_translated(sentence, target) for sentence in sentences(text)]
    if as_json:
        streams.print_json({"notation": target, "sentences": found}, pretty=True)
        return OK
    for record in found:
        for formula in record["formulas"]:
            streams.print_line(formula)
        if not record["formulas"]:
            why = f": {record['messages'][0]}" if record["messages"] else ""
            streams.print_line(streams.shown(f"# {record['status']}: {record['text']}{why}"))
    return OK


def _translated(sentence: str, target: str) -> dict[str, Any]:
    from neurosym.verify.checks import read_sentence

    reading = read_sentence(sentence)
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
    return {
        "text": sentence,
        "status": status,
        "translator": reading.claims[0].translator if reading.claims else None,
        "formulas": formulas,
        "flags": sorted({flag for claim in reading.claims for flag in claim.flags}),
        "messages": [*reading.messages, *problems],
    }


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
