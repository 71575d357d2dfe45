"""Formulas that differ in the names of bound variables only."""

from __future__ import annotations

import pytest

from provers.logic.canonical import canonical
from provers.logic.formats import parse


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("all x. (P(x) -> Q(x))", "all y. (P(y) -> Q(y))", True),
        ("all x. exists y. R(x,y)", "all y. exists x. R(y,x)", True),
        ("all x. exists y. R(x,y)", "all x. exists y. R(y,x)", False),
        ("P(a) & Q(a)", "Q(a) & P(a)", True),
        ("--P(a)", "P(a)", True),
        ("P(a)", "P(b)", False),
        ("all x. P(x)", "exists x. P(x)", False),
    ],
)
def test_canonical(left: str, right: str, same: bool) -> None:
    assert (canonical(parse(left, "nltk")) == canonical(parse(right, "nltk"))) is same
