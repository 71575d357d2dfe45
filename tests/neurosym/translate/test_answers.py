"""Final answers: extraction and equivalence."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.translate.answers import equivalent, extract


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("3*4 = 12\n#### 12", "12"),
        ("He has 18 left.\nA: 18", "18"),
        ("So the answer is 72.", "72"),
        ("The answer is 3.5 apples. Good.", "3.5 apples"),
        (r"Hence \boxed{\frac{1}{2}} holds", r"\frac{1}{2}"),
        (r"\boxed{1} and then \boxed{2}", "2"),
        ("**Answer:** $1,250", "$1,250"),
        ("Final answer: 7", "7"),
        ("No result here.", None),
        ("", None),
    ],
)
def test_extract(text: str, answer: str | None) -> None:
    assert extract(text) == answer


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("72", "72.0", True),
        ("70,000", "70000", True),
        ("$18", "18", True),
        ("1/2", "0.5", True),
        (r"\frac{1}{2}", "0.5", True),
        ("2 1/2", "2.5", True),
        ("20%", "0.2", True),
        ("20%", "20", True),
        ("18 dollars", "18", True),
        ("-3", "3", False),
        ("0.33", "1/3", False),
        ("7", "8", False),
        ("", "", None),
    ],
)
def test_numbers_are_compared_exactly(a: str, b: str, same: bool | None) -> None:
    assert equivalent(a, b) is same
    assert equivalent(b, a) is same


def test_plain_numbers_do_not_import_sympy() -> None:
    code = (
        "import sys; from neurosym.translate.answers import equivalent; "
        "assert equivalent('1/2', '0.5'); assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (r"2\sqrt{2}", r"\sqrt{8}", True),
        ("x+1", "1+x", True),
        (r"\left(3, \frac{\pi}{2}\right)", r"(3,\frac{\pi}{2})", True),
        ("x+1", "x+2", False),
    ],
)
def test_expressions_go_to_math_verify(a: str, b: str, same: bool) -> None:
    pytest.importorskip("math_verify", reason="needs the extra 'latex'")
    assert equivalent(a, b) is same


def test_heavy_answers_are_not_worked_out() -> None:
    assert equivalent("9^{9^{9^9}}", "x") is None
    assert equivalent("99999999999!", "x") is None


@given(st.text(max_size=60))
def test_extract_never_raises(text: str) -> None:
    answer = extract(text)
    assert answer is None or answer


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_integers(a: int, b: int) -> None:
    assert equivalent(f"{a:,}", str(b)) is (a == b)
