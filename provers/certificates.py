"""Herbrand certificates: the ground instances that contradict each other, checked.

No solver takes part: whoever has the formulas and ``provers.logic`` can check a certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from provers.base import Instance
from provers.logic import herbrand
from provers.logic.syntax import Formula


def check(formulas: Mapping[int, Formula], certificate: Iterable[Instance]) -> bool:
    """Whether the instances are instances of ``formulas`` and contradict each other."""
    rows = [(i.formula, i.clause, dict(i.bindings)) for i in certificate]
    return herbrand.check(formulas, rows)
