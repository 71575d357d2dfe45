"""English as a Lean statement: one with ``sorry``, other readings, and what speaks against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from neurosym.runs.texts import state
from neurosym.verify.modelling import Modelling
from neurosym.verify.values import numbers
from provers.base import Limits
from provers.lean.base import Checker
from provers.lean.source import without_proof

_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
# Words that say a number without being one.
_IMPLIED: Final = {
    "twice": 2, "doubl": 2, "half": 2, "even": 2, "odd": 2, "square": 2, "cube": 3, "thrice": 3,
    "positive": 0, "negative": 0, "nonzero": 0, "non-zero": 0, "consecutive": 1, "successor": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formalized:
    """A text as a statement. ``text`` is a file with ``sorry`` for a proof, empty without one.

    ``alternatives`` are other readings, ``objections`` what of the text it may miss or add, and
    what a search for its negation found. ``record`` is all that is known, as JSON has it.
    """

    text: str
    alternatives: tuple[str, ...]
    objections: tuple[str, ...]
    record: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"statement": self.text, "objections": list(self.objections), **self.record}


def formalize(
    text: str, modelling: Modelling, checker: Checker, limits: Limits = Limits(60.0)
) -> Formalized:
    """State a text in Lean, and test what was stated.

    Raises ModelError where the model does not answer, and MissingToolError or BrokenToolError
    without a Lean.
    """
    record = state(text, modelling, checker, limits)
    statements = [str(one["statement"]) for one in record["alternatives"]]
    chosen = str(record["formulas"][0]) if record["formulas"] else ""
    others = tuple(one for one in statements if one != chosen)
    objections = [*map(str, record["messages"])]
    if chosen:
        objections += fidelity(text, chosen)
        if record["status"] == "ambiguous":
            objections.append("as many samples read it otherwise: see the alternatives")
    return Formalized(
        f"{without_proof(chosen)}\n" if chosen else "", others, tuple(objections), record
    )


def fidelity(text: str, statement: str) -> list[str]:
    """Numbers that the text has and the statement lacks, or the other way; each a sentence."""
    said = set(numbers(text))
    stated = {Fraction(one) for one in _NUMBER.findall(_conclusion(statement))}
    low = text.lower()
    implied = {Fraction(value) for word, value in _IMPLIED.items() if word in low}
    return [
        *(f"the text says {one}, the statement does not" for one in sorted(said - stated)),
        *(
            f"the statement says {one}, the text does not"
            for one in sorted(stated - said - implied)
        ),
    ]


def _conclusion(statement: str) -> str:
    """The statement without its imports and name, in which digits mean nothing."""
    return re.sub(r"\A.*?\b(?:theorem|lemma)\s+\S+", "", statement, flags=re.DOTALL)
