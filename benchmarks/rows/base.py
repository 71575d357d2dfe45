"""What the modules of rows share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Figures: TypeAlias = dict[str, Any]
Row: TypeAlias = tuple[str, str]
Rows: TypeAlias = dict[str, Callable[[Figures], list[Row]]]
"""By results file: the labels and values that its figures give."""


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%" if whole else "none"
