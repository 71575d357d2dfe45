"""Finite models and assignments, and truth in them, with no solver involved.

A model gives each uninterpreted sort a finite domain and each symbol an interpretation. Values
are element names (``str``) for uninterpreted sorts and exact ``Fraction`` for ``INT``/``REAL``.
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    pass
