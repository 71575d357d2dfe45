"""FormL4: texts of theorems with their proofs, and the Lean 4 theorems that they are of.

Published as ``input`` (a statement and proof in words) with ``output`` (the theorem), or as
``nl_statement`` and ``nl_proof`` with ``formal``. The theorems stand without their file's
context, so that they are references for a translation and not problems of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin, Statement
from neurosym.runs.readers.declarations import has_theorem, theorems, without_proof
from neurosym.runs.readers.records import Fields, has, identity, items, optional, text
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "forml4"
_ASKED = re.compile(
    r"\s*Translate the statement and proof in natural language to Lean\s*4?\s*:\s*$", re.IGNORECASE
)
_STATEMENT = re.compile(r"#\s*(?:Statement|Problem)\s*:\s*(.*?)(?=\n#\s*\w+\s*:|\Z)", re.DOTALL)
_TEXTS = ("nl_statement", "nl_problem")


def fits(data: Any) -> bool:
    if has(data, "input", "output"):
        return "natural language" in str(data["input"])[:80]
    return has(data, "nl_proof") and any(field in data for field in _TEXTS)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The texts to state. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one, kind="translate")


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    if "input" in data:
        asked = _ASKED.sub("", text(data, "input"))
        part = _STATEMENT.search(asked)
        said = part[1] if part else asked
        lean = optional(data, "output")
    else:
        said = _ASKED.sub("", text(data, *_TEXTS))
        lean = optional(data, "formal", "fl_statementproof", "output")
    if not said.strip():
        raise InputError("the text to state is empty.")
    id = identity(data, default, "uuid")
    yield Item(id, "translate", Statement(said.strip(), _statement(lean)), origin)


def _statement(lean: str | None) -> str | None:
    """The statement of a theorem given with its proof."""
    if lean is None or not has_theorem(lean):
        return None
    found = theorems(lean)
    whole = found[0].statement if found else lean
    return without_proof(_cut_proof(whole))


def _cut_proof(theorem: str) -> str:
    """The text before the ``:=`` that stands outside every bracket."""
    depth = 0
    for at, character in enumerate(theorem):
        depth += character in "([{⟨⦃"
        depth -= character in ")]}⟩⦄"
        if depth == 0 and theorem.startswith(":=", at):
            return theorem[:at].rstrip()
    return theorem
