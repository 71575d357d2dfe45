"""Formalisations as a language model wrote them, made well-formed without changing what they say.

``repair_formula`` takes one formula's text, ``repair_problem`` all texts of a problem. Every
change is a ``Repair``; what could not be read is ``Dropped``, and is a doubt about any verdict
that rests on something not following.
"""

from neurosym.translate.repair.base import Repair
from neurosym.translate.repair.problem import Dropped, Repaired, repair_formula, repair_problem

__all__ = ["Dropped", "Repair", "Repaired", "repair_formula", "repair_problem"]
