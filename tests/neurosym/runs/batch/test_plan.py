"""The queueing model: what it says where the answer is known, and what a plan makes of it."""

from __future__ import annotations

import dataclasses
import random

import pytest

from neurosym.runs.batch.plan import Rates, makespan, plan, simulate
from provers.errors import InputError


def rates(**more: float) -> Rates:
    given = {
        "stretch": 1.0,
        "coordination": 0.001,
        "reading": 0.0,
        "writing": 0.0,
        "starting": 2.0,
        "megabytes": 300.0,
        "bytes": 1_000.0,
        "tokens": 0.0,
        **more,
    }
    return Rates(service=(0.1, 0.1, 0.1, 0.1), workers=2, **given)


@pytest.mark.parametrize(
    ("times", "workers", "seconds"),
    [
        ([1.0, 1.0, 1.0, 1.0], 1, 4.0),
        ([1.0, 1.0, 1.0, 1.0], 2, 2.0),
        ([1.0, 1.0, 1.0, 4.0], 2, 5.0),
        ([4.0, 1.0, 1.0, 1.0], 2, 4.0),
        ([2.0], 8, 2.0),
        ([], 3, 0.0),
    ],
)
def test_the_queue_in_order(times: list[float], workers: int, seconds: float) -> None:
    assert simulate(times, workers) == pytest.approx(seconds)


def test_a_slow_coordinator_holds_up_everyone() -> None:
    # 0.5 s of coordination for each problem: workers wait, and the last one starts at 5.
    assert simulate([0.1] * 10, 100, 0.5) == pytest.approx(5.1)


def test_many_problems_take_their_mean() -> None:
    draw = random.Random(3)
    service = [draw.expovariate(10) for _ in range(2_000)]
    mean = sum(service) / len(service)
    seconds = makespan(service, 1_000_000, 8)
    assert seconds == pytest.approx(1_000_000 * mean / 8, rel=0.01)
    assert makespan(service, 1_000_000, 8, coordination=0.2) == pytest.approx(200_000, rel=0.01)


def test_more_problems_take_longer_and_more_workers_less_long() -> None:
    service = [0.01, 0.02, 0.5]
    assert makespan(service, 100, 2) < makespan(service, 30_000, 2) < makespan(service, 60_000, 2)
    assert makespan(service, 30_000, 4) < makespan(service, 30_000, 2)
    # However many there are, nothing ends before its longest problem.
    assert makespan(service, 300, 300) >= 0.5


def test_a_plan_adds_what_comes_before_and_after() -> None:
    found = plan(rates(), 1_000)
    assert found.seconds == pytest.approx(2.0 + 1_000 * 0.1 / 2, rel=0.01)
    slower = plan(rates(stretch=1.5, reading=0.001, writing=0.002), 1_000)
    assert slower.seconds == pytest.approx(2.0 + 1.5 * 50 + 3.0, rel=0.01)
    assert found.megabytes_each_node == 600.0
    assert found.gigabytes_on_disk == pytest.approx(0.001)
    assert found.cost is None and not found.saturated


def test_a_plan_names_the_bottleneck() -> None:
    found = plan(rates(), 1_000_000, nodes=1_000, price=0.04)
    assert found.saturated and found.most == 100
    assert found.seconds == pytest.approx(1_002, rel=0.02), "a millisecond for each"
    assert found.cost == pytest.approx(found.core_hours * 0.04)
    assert not plan(rates(), 1_000_000, nodes=40).saturated


def test_a_plan_for_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="at least one problem"):
        plan(rates(), 0)


def test_the_interval_tells_how_much_a_pilot_knows() -> None:
    even = plan(rates(), 1_000)
    assert even.low == pytest.approx(even.seconds) == pytest.approx(even.high)
    draw = random.Random(5)
    small = tuple(draw.expovariate(10) for _ in range(50))
    large = tuple(draw.expovariate(10) for _ in range(5_000))
    base = rates()
    few = plan(dataclasses.replace(base, service=small), 10_000)
    many = plan(dataclasses.replace(base, service=large), 10_000)
    assert few.low < few.seconds < few.high
    assert (few.high - few.low) / few.seconds > 3 * (many.high - many.low) / many.seconds
