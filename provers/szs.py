"""The SZS ontologies: what a theorem prover's status says, read as an outcome.

Source: G. Sutcliffe, "The SZS Ontologies for Automated Reasoning Software", LPAR 2008
Workshops, with the additions of the TPTP's current list. A status is a claim, not evidence:
``meaning`` says which outcome a status would justify if its evidence were there, and a status
that settles none of this package's outcomes means ``unknown``/``incomplete``. So
``CounterSatisfiable`` says that the goal does not follow, which is neither ``refuted`` (its
negation follows) nor yet ``independent`` (its negation does not follow either).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from provers.base import Outcome, Reason
from provers.errors import BrokenToolError


@dataclass(frozen=True, slots=True)
class Meaning:
    """The outcome that a status claims, with the reason where it is ``unknown``."""

    outcome: Outcome
    reason: Reason = ""


_OPEN = Meaning(Outcome.UNKNOWN, "incomplete")
_PROVED = Meaning(Outcome.PROVED)
_REFUTED = Meaning(Outcome.REFUTED)
_INCONSISTENT = Meaning(Outcome.INCONSISTENT)
_INDEPENDENT = Meaning(Outcome.INDEPENDENT)
_SATISFIABLE = Meaning(Outcome.SATISFIABLE)

# Success: (meaning with a conjecture C, meaning without one). What relates the axioms to C
# says nothing where there is no C.
_SUCCESS: Final[dict[str, tuple[Meaning, Meaning]]] = {
    # nothing is settled
    "Success": (_OPEN, _OPEN),
    "UnsatisfiabilityPreserving": (_OPEN, _OPEN),
    "SatisfiabilityPreserving": (_OPEN, _OPEN),
    "EquiSatisfiable": (_OPEN, _OPEN),
    "CounterUnsatisfiabilityPreserving": (_OPEN, _OPEN),
    "CounterSatisfiabilityPreserving": (_OPEN, _OPEN),
    "EquiCounterSatisfiable": (_OPEN, _OPEN),
    # some model of the axioms makes C true; without C, the axioms have a model
    "Satisfiable": (_OPEN, _SATISFIABLE),
    "FinitelySatisfiable": (_OPEN, _SATISFIABLE),
    # some model of the axioms makes C false
    "CounterSatisfiable": (_OPEN, _OPEN),
    "FinitelyCounterSatisfiable": (_OPEN, _OPEN),
    "NoConsequence": (_INDEPENDENT, _OPEN),
    # all models of the axioms are models of C
    "Theorem": (_PROVED, _OPEN),
    "SatisfiableTheorem": (_PROVED, _OPEN),
    "Equivalent": (_PROVED, _OPEN),
    "TautologousConclusion": (_PROVED, _OPEN),
    "WeakerConclusion": (_PROVED, _OPEN),
    "EquivalentTheorem": (_PROVED, _OPEN),
    "Tautology": (_PROVED, _SATISFIABLE),
    "WeakerTautologousConclusion": (_PROVED, _OPEN),
    "WeakerTheorem": (_PROVED, _OPEN),
    # the axioms have no model
    "ContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    "SatisfiableConclusionContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    "TautologousConclusionContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    "WeakerConclusionContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    "SatisfiableCounterConclusionContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    "UnsatisfiableConclusionContradictoryAxioms": (_INCONSISTENT, _INCONSISTENT),
    # all models of the axioms are models of C's negation
    "CounterTheorem": (_REFUTED, _OPEN),
    "SatisfiableCounterTheorem": (_REFUTED, _OPEN),
    "CounterEquivalent": (_REFUTED, _OPEN),
    "UnsatisfiableConclusion": (_REFUTED, _OPEN),
    "WeakerCounterConclusion": (_REFUTED, _OPEN),
    "EquivalentCounterTheorem": (_REFUTED, _OPEN),
    "WeakerUnsatisfiableConclusion": (_REFUTED, _OPEN),
    "WeakerCounterTheorem": (_REFUTED, _OPEN),
    # with C: every interpretation makes the axioms true and C false
    "Unsatisfiable": (_REFUTED, _INCONSISTENT),
    "FinitelyUnsatisfiable": (_OPEN, _OPEN),  # infinite models are left
}

_FAILED = Meaning(Outcome.FAILED)
_ILL_FORMED = Meaning(Outcome.ILL_FORMED)
_UNSUPPORTED = Meaning(Outcome.UNKNOWN, "unsupported")
_TIMEOUT = Meaning(Outcome.UNKNOWN, "timeout")
_MEMORY = Meaning(Outcome.UNKNOWN, "memory")

_NO_SUCCESS: Final[dict[str, Meaning]] = {
    "NoSuccess": _OPEN,
    "Open": _OPEN,
    "Unknown": _OPEN,
    "Assumed": _OPEN,
    "Stopped": _OPEN,
    "Error": _FAILED,
    "OSError": _FAILED,
    "InputError": _ILL_FORMED,
    "UsageError": _FAILED,
    "SyntaxError": _ILL_FORMED,
    "SemanticError": _ILL_FORMED,
    "TypeError": _ILL_FORMED,
    "Forced": _OPEN,
    "User": _OPEN,
    # Provers say ResourceOut for time as well: what ran out is for the caller to know.
    "ResourceOut": _MEMORY,
    "Timeout": _TIMEOUT,
    "MemoryOut": _MEMORY,
    "GaveUp": _OPEN,
    "Incomplete": _OPEN,
    "Inappropriate": _UNSUPPORTED,
    "InProgress": _OPEN,
    "NotTried": _OPEN,
    "NotTriedYet": _OPEN,
}

STATUSES: Final = frozenset(_SUCCESS) | frozenset(_NO_SUCCESS)

# Provers print statuses as comments on a line of their own.
_STATUS = re.compile(r"^[ \t]*[%#]+[ \t]*SZS status[ :]+([A-Za-z]+)", re.MULTILINE)
_START = re.compile(r"^[ \t]*[%#]+[ \t]*SZS output start[ \t]+([A-Za-z]+)[^\n]*\n", re.MULTILINE)
_END = re.compile(r"^[ \t]*[%#]+[ \t]*SZS output end\b", re.MULTILINE)


def meaning(status: str, *, conjecture: bool) -> Meaning:
    """What a status claims about a problem with, or without, a conjecture.

    A word that the ontology does not have means ``failed``.
    """
    if status in _SUCCESS:
        return _SUCCESS[status][0 if conjecture else 1]
    return _NO_SUCCESS.get(status, _FAILED)


def is_success(status: str) -> bool:
    """Whether a status claims something about the problem, not about the prover's run."""
    return status in _SUCCESS


def status(output: str) -> str:
    """The status in a prover's output, "" where there is none.

    Several are possible where strategies ran one after the other: a success counts before any
    failure to find one, and the last failure before earlier ones. Raises BrokenToolError where
    two successes differ.
    """
    found = _STATUS.findall(output)
    successes = [word for word in found if word in _SUCCESS]
    if len(set(successes)) > 1:
        raise BrokenToolError(
            f"The prover contradicts itself: it answered {' and '.join(sorted(set(successes)))}."
        )
    return successes[0] if successes else found[-1] if found else ""


def outputs(text: str) -> tuple[tuple[str, str], ...]:
    """The parts of an output between ``SZS output start FORM`` and ``end``: (form, content).

    A part that is not ended was cut off and is left out.
    """
    found = []
    position = 0
    while (start := _START.search(text, position)) is not None:
        end = _END.search(text, start.end())
        if end is None:
            break
        found.append((start.group(1), text[start.end() : end.start()]))
        position = end.end()
    return tuple(found)


def derivation(text: str) -> str:
    """The first refutation, proof or derivation in a prover's output, "" if there is none."""
    forms = ("CNFRefutation", "Refutation", "Proof", "Derivation")
    return next((content for form, content in outputs(text) if form in forms), "")
