"""pass@k against exact fractions and simulation, and intervals against what they promise."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.runs.batch.estimates import (
    pass_at_k,
    points,
    prefix_curve,
    share_of,
    unbiased_curve,
    wilson,
)


def exact(n: int, c: int, k: int) -> Fraction:
    return 1 - Fraction(math.comb(n - c, k), math.comb(n, k))


@given(st.data())
def test_pass_at_k_is_the_fraction_of_binomials(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 400))
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    assert pass_at_k(n, c, k) == pytest.approx(float(exact(n, c, k)), rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("n", "c", "k"),
    [
        (1_000_000, 1, 1),
        (1_000_000, 3, 2),
        (1_000_000, 999_000, 900),
        (10**9, 1, 10),
        (10**6, 7, 7),
    ],
)
def test_pass_at_k_is_stable_for_large_n(n: int, c: int, k: int) -> None:
    found = exact(n, c, k) if n <= 10**6 else Fraction(k, n)  # one success: k of n draws hold it
    assert pass_at_k(n, c, k) == pytest.approx(float(found), rel=1e-12, abs=0)


def test_the_ends_of_pass_at_k() -> None:
    assert pass_at_k(5, 0, 5) == 0.0
    assert pass_at_k(5, 5, 1) == 1.0
    assert pass_at_k(5, 1, 5) == 1.0
    for wrong in [(5, 6, 1), (5, -1, 1), (5, 1, 0), (5, 1, 6), (0, 0, 1)]:
        with pytest.raises(ValueError):
            pass_at_k(*wrong)


@given(st.integers(1, 60), st.data())
def test_pass_at_k_grows_with_k_and_with_successes(n: int, data: st.DataObject) -> None:
    c, k = data.draw(st.integers(0, n)), data.draw(st.integers(1, n))
    if k < n:
        assert pass_at_k(n, c, k) <= pass_at_k(n, c, k + 1) + 1e-15
    if c < n:
        assert pass_at_k(n, c, k) <= pass_at_k(n, c + 1, k) + 1e-15


def test_the_estimator_is_unbiased_and_the_plain_one_is_not() -> None:
    """Over all ways that 6 attempts with chance 1/5 can go, the mean is the true pass@3."""
    n, k, p = 6, 3, Fraction(1, 5)
    chance = {c: math.comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)}
    mean = sum(exact(n, c, k) * weight for c, weight in chance.items())
    assert mean == 1 - (1 - p) ** k
    plain = sum((1 - (1 - Fraction(c, n)) ** k) * weight for c, weight in chance.items())
    assert plain != mean


def test_early_stop_biases_the_unbiased_estimator_but_not_the_prefix() -> None:
    """Problems solved with chance 1/4 an attempt; each stops at its first success or after 4."""
    rng = random.Random(5)
    cells: dict[tuple[int, int], int] = {}
    firsts: dict[int, int] = {}
    for _ in range(20_000):
        first = next((i for i in range(4) if rng.random() < 0.25), None)
        made = (4, 0) if first is None else (first + 1, 1)
        cells[made] = cells.get(made, 0) + 1
        if first is not None:
            firsts[first] = firsts.get(first, 0) + 1
    (prefix,) = prefix_curve(firsts, 20_000, [1])
    (biased,) = unbiased_curve(cells, [1])
    assert prefix.low < 0.25 < prefix.high
    assert biased.low > 0.3
    curve = prefix_curve(firsts, 20_000, [1, 2, 3, 4])
    assert all(e.low < 1 - 0.75**e.k < e.high for e in curve)


def test_curves_by_hand() -> None:
    curve = unbiased_curve({(4, 1): 1, (4, 0): 2, (4, 4): 1}, [1, 2, 4])
    assert [e.value for e in curve] == pytest.approx([(0.25 + 1) / 4, (0.5 + 1) / 4, 0.5])
    assert [e.method for e in curve] == ["bootstrap", "bootstrap", "wilson"]
    assert all(0 <= e.low <= e.value <= e.high <= 1 for e in curve)
    prefix = prefix_curve({0: 2, 2: 1}, 4, [1, 2, 3])
    assert [e.value for e in prefix] == [0.5, 0.5, 0.75]
    assert unbiased_curve({}, [1]) == () == prefix_curve({}, 0, [1])


def test_the_bootstrap_is_the_same_every_time_and_as_wide_as_the_standard_error() -> None:
    cells = {(10, c): 40 for c in range(11)}
    once, again = unbiased_curve(cells, [1, 5]), unbiased_curve(cells, [1, 5])
    assert once == again
    values = [pass_at_k(10, c, 1) for c in range(11)]
    spread = math.sqrt(sum((v - 0.5) ** 2 for v in values) / 11 / 440)
    assert once[0].high - once[0].low == pytest.approx(2 * 1.96 * spread, rel=0.1)


def test_problems_that_all_went_alike_are_not_taken_for_certain() -> None:
    (estimate,) = unbiased_curve({(4, 0): 3}, [2])
    assert (estimate.value, estimate.low, estimate.method) == (0.0, 0.0, "wilson")
    assert estimate.high > 0.4
    (estimate,) = unbiased_curve({(2, 1): 5}, [1])
    assert estimate.low < 0.3 and estimate.high > 0.7


def test_wilson_against_known_values() -> None:
    # 8 of 10 and 0 of 10, as tables of the interval give them.
    assert wilson(0.8, 10) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert wilson(0.0, 10) == pytest.approx((0.0, 0.2775328), abs=1e-6)
    assert wilson(1.0, 10) == pytest.approx((0.7224672, 1.0), abs=1e-6)
    with pytest.raises(ValueError):
        wilson(0.5, 0)


@given(st.integers(1, 2000), st.data())
def test_wilson_holds_the_share(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    found = share_of(part, whole)
    assert found.share is not None and found.low is not None and found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


def test_shares_without_anything() -> None:
    assert share_of(0, 0).share is None
    with pytest.raises(ValueError):
        share_of(2, 1)


def test_points_of_a_curve() -> None:
    assert points(1) == (1,)
    assert points(5) == (1, 2, 3, 4, 5)
    many = points(1000)
    assert (many[0], many[-1]) == (1, 1000) and len(many) <= 26 and list(many) == sorted(set(many))
