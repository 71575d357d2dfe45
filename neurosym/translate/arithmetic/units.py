"""Units that change a number's scale: ``500 cents = $5``, ``1 hour = 60 minutes``.

A unit belongs to a dimension and has a size in that dimension's base unit. Words that are no
such unit (``apples``) are labels and never change a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """``size`` is how many base units of ``dimension`` one unit is, exactly."""

    dimension: str
    size: Fraction


def _table(dimension: str, sizes: dict[str, str]) -> dict[str, Unit]:
    return {
        name: Unit(dimension, Fraction(size))
        for names, size in sizes.items()
        for name in names.split()
    }


UNITS: Final[dict[str, Unit]] = {
    **_table(
        "time",
        {
            "second seconds sec secs": "1",
            "minute minutes min mins": "60",
            "hour hours hr hrs": "3600",
            "day days": "86400",
            "week weeks": "604800",
        },
    ),
    **_table("calendar", {"month months": "1", "year years": "12", "decade decades": "120"}),
    **_table(
        "length",
        {
            "mm millimeter millimeters": "0.001",
            "cm centimeter centimeters centimetre centimetres": "0.01",
            "meter meters metre metres": "1",
            "km kilometer kilometers kilometre kilometres": "1000",
            "inch inches": "0.0254",
            "foot feet ft": "0.3048",
            "yard yards": "0.9144",
            "mile miles": "1609.344",
        },
    ),
    **_table("mass", {"mg": "0.001", "gram grams": "1", "kg kilogram kilograms kilos": "1000"}),
    **_table("weight", {"ounce ounces oz": "1", "pound pounds lb lbs": "16", "ton tons": "32000"}),
    **_table("litre", {"ml milliliter milliliters": "0.001", "liter liters litre litres": "1"}),
    **_table(
        "volume", {"cup cups": "1", "pint pints": "2", "quart quarts": "4", "gallon gallons": "16"}
    ),
    **_table("money", {"cent cents": "0.01", "dollar dollars $": "1"}),
    **_table(
        "count",
        {
            "dozen dozens": "12",
            "hundred hundreds": "100",
            "thousand thousands": "1000",
            "million millions": "1000000",
            "billion billions": "1000000000",
        },
    ),
}
