"""The service under load, from a second process over loopback; the verdicts come from Z3 alone.

``overhead``: a warm six-step solution, one client, nothing cached; the client's time less what the
report itself gives as the provers'. ``sustained``: 32 clients, ``ANSWERS`` steps, ``STEPS`` of them
a request, half of the requests arithmetic and half first-order, all different, and every verdict is
checked to be the one on its own step. ``single``: the same with one step a request. ``cached``: one
question again and again. ``flood``: 1,000 connections at once. ``first_verdict``: the first event
of a stream.

Requests are slower here than what they ask for, so each figure stands beside ``python``: the same
six steps verified in a Python process in the same run, without any service.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.load import Answer, Tally, drive, first_event, request, server
from neurosym.verify.pipeline import verify
from neurosym.verify.records import record_of
from neurosym.verify.report import write_report
from provers.base import Limits
from provers.z3 import Z3Prover

CLIENTS = 32
ANSWERS = 100_000
STEPS = 4
SINGLE = 5_000
WARM = 300
CACHED = 10_000
FLOOD = 1_000
STREAMS = 50


def run(data: Path, limit: int | None) -> dict[str, Any]:
    answers = limit or ANSWERS
    with server() as port:
        figures = {
            "overhead": asyncio.run(_overhead(port)),
            "python": _in_process(),
            "sustained": asyncio.run(_sustained(port, answers // STEPS, STEPS, 0)),
            "single": asyncio.run(_sustained(port, min(SINGLE, answers), 1, 10_000_000)),
            "cached": asyncio.run(_cached(port, min(CACHED, answers))),
            "flood": asyncio.run(_flood(port)),
            "first_verdict": asyncio.run(_streams(port)),
        }
    return figures


# --- questions -----------------------------------------------------------------------------


def _six_steps(number: int) -> dict[str, Any]:
    """A solution of six right steps that no other ``number`` has."""
    start = 1000 + number
    return {
        "id": f"six-{number}",
        "question": f"Ann has {start} nuts, buys 3 boxes of 12 and eats 5. How many has she?",
        "steps": [
            "She buys 3 * 12 = 36 nuts.",
            f"Then she has {start} + 36 = {start + 36} nuts.",
            f"She eats 5, so {start + 36} - 5 = {start + 31} are left.",
            f"Twice that is {start + 31} * 2 = {2 * start + 62}.",
            f"Half of it is {2 * start + 62} / 2 = {start + 31}.",
            f"With those she ate, {start + 31} + 5 = {start + 36}.",
        ],
        "prover": "z3",
    }


def _mixed(number: int, steps: int) -> tuple[dict[str, Any], list[str]]:
    """A record that no other ``number`` has, and the verdicts on its steps."""
    truths = [(number // 2 + place) % 3 > 0 for place in range(steps)]
    verdicts = ["proved" if truth else "refuted" for truth in truths]
    if number % 2:
        sums = [
            (number + place, number + place + (17 if t else 18)) for place, t in enumerate(truths)
        ]
        said = [f"{first} + 17 = {result}" for first, result in sums]
        return {"id": str(number), "steps": said, "prover": "z3"}, verdicts
    name = _person(number)
    premises = ["All dogs are animals.", "No animal is a stone.", f"{name} is a dog."]
    said = [f"{name} is an animal." if truth else f"{name} is a stone." for truth in truths]
    return {"id": str(number), "premises": premises, "steps": said, "prover": "z3"}, verdicts


def _person(number: int) -> str:
    """A name that no other number has: its digits as letters."""
    return "Rex" + "".join("abcdefghij"[int(digit)] for digit in str(number))


# --- figures -------------------------------------------------------------------------------


async def _overhead(port: int) -> dict[str, Any]:
    added: list[float] = []
    totals: list[float] = []

    def judge(place: int, answer: Answer) -> None:
        report = json.loads(answer.body)
        if report["verdict"] != "proved" or len(report["steps"]) != 6:
            raise AssertionError(f"a wrong answer: {answer.body[:300]!r}")
        provers = report["summary"]["prover_seconds"]
        added.append(answer.seconds - provers)
        totals.append(answer.seconds)

    requests = [request("/v1/verify", _six_steps(n)) for n in range(WARM + 30)]
    await drive(port, requests, 1, judge)
    return {"requests": WARM, "added": _milliseconds(added[30:]), "all": _milliseconds(totals[30:])}


def _in_process() -> dict[str, Any]:
    prover = Z3Prover()
    try:
        times = []
        for number in range(WARM):
            record = {k: v for k, v in _six_steps(50_000 + number).items() if k != "prover"}
            start = time.perf_counter()
            json.dumps(write_report(verify(record_of(record), prover, Limits())))
            times.append(time.perf_counter() - start)
    finally:
        prover.close()
    return {"requests": WARM, "all": _milliseconds(times[30:])}


async def _sustained(port: int, count: int, steps: int, begin: int) -> dict[str, Any]:
    crossed: list[str] = []
    seen = 0

    def judge(place: int, answer: Answer) -> None:
        nonlocal seen
        if answer.status != 200:
            return
        number = begin + place
        record, verdicts = _mixed(number, steps)
        report = json.loads(answer.body)
        found = [(step["text"], step["verdict"]) for step in report["steps"]]
        right = found == list(zip(record["steps"], verdicts, strict=True))
        # What was decided is this question's own: its number or name stands in every formula.
        goals = [(step["formal"] or {}).get("goal", "") for step in report["steps"]]
        own = [str(number + at) if number % 2 else _person(number).lower() for at in range(steps)]
        mine = all(word in goal for word, goal in zip(own, goals, strict=True))
        if report["id"] != record["id"] or not right or not mine:
            crossed.append(f"{record['id']}: {answer.body[:200]!r}")
        seen += steps

    def requests() -> Iterator[bytes]:
        for number in range(begin, begin + count):
            yield request("/v1/verify", _mixed(number, steps)[0])

    start = time.perf_counter()
    tally = await drive(port, requests(), CLIENTS, judge)
    seconds = time.perf_counter() - start
    return {
        "clients": CLIENTS,
        "steps_a_request": steps,
        "answers": seen,
        "steps_per_second": round(count * steps / seconds, 1),
        "lost": count * steps - seen,
        "crossed": len(crossed),
        "examples": crossed[:3],
        "statuses": _statuses(tally),
        "times": _milliseconds(tally.seconds),
    }


async def _cached(port: int, answers: int) -> dict[str, Any]:
    bodies: set[bytes] = set()

    def judge(place: int, answer: Answer) -> None:
        bodies.add(answer.body)

    content = request("/v1/verify", _six_steps(900_000))
    await drive(port, [content], 1, judge)
    bodies.clear()
    start = time.perf_counter()
    tally = await drive(port, [content] * answers, CLIENTS, judge)
    seconds = time.perf_counter() - start
    return {
        "answers": answers,
        "answers_per_second": round(answers / seconds, 1),
        "statuses": _statuses(tally),
        "different_answers": len(bodies),
        "times": _milliseconds(tally.seconds),
    }


async def _flood(port: int) -> dict[str, Any]:
    wrong: list[str] = []

    def judge(place: int, answer: Answer) -> None:
        if answer.status == 200 and json.loads(answer.body)["verdict"] != "proved":
            wrong.append(answer.body.decode()[:200])

    requests = [request("/v1/verify", _six_steps(300_000 + n)) for n in range(FLOOD)]
    start = time.perf_counter()
    tally = await drive(port, requests, FLOOD, judge)
    known = {200, 429}
    return {
        "requests": FLOOD,
        "statuses": _statuses(tally),
        "neither_answered_nor_429": sum(n for s, n in tally.statuses.items() if s not in known),
        "wrong": len(wrong),
        "seconds": round(time.perf_counter() - start, 2),
        "times": _milliseconds(tally.seconds),
    }


async def _streams(port: int) -> dict[str, Any]:
    times = []
    for number in range(STREAMS):
        content = request("/v1/verify", _six_steps(400_000 + number), accept="text/event-stream")
        times.append(await first_event(port, content))
    return {"streams": STREAMS, "times": _milliseconds(times)}


def _statuses(tally: Tally) -> dict[str, int]:
    return {str(status): count for status, count in sorted(tally.statuses.items())}


def _milliseconds(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    last = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return {
        "p50_ms": round(1000 * statistics.median(ordered), 2),
        "p99_ms": round(1000 * last, 2),
        "max_ms": round(1000 * ordered[-1], 2),
    }
