"""The checking server: its start by stages, its own share of the time, and what failures cost."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from provers import process
from provers.base import LeanProblem, Limits, Result
from provers.lean import toolchain
from provers.lean.base import INIT
from provers.lean.judge import judge
from provers.lean.pool import Pool
from provers.lean.program import server_command
from provers.lean.server import Server
from provers.lean.toolchain import Toolchain

STARTS = 5
THEOREMS = 300
CHECKS = 500
BAD = 50
WORKERS = (1, 2, 3)
LIMITS = Limits(30.0)
# A check of the mixed run may take this long and this much: the bad ones want more. The time is
# long enough for those that want memory to get it, also where both cores are busy.
TIGHT = Limits(8.0, 200)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All figures of the server; no data is needed."""
    lean = toolchain.ensure()
    server_command(lean, megabytes=2048)  # compile what is compiled once
    theorems = list(_theorems(limit or THEOREMS))
    return {
        "lean": lean.version,
        "toolchain": lean.kind,
        "start": _start(lean, min(limit or STARTS, STARTS)),
        "overhead": _overhead(lean, theorems),
        "mixed": _mixed(lean, min(limit or CHECKS, CHECKS)),
        "workers": {str(n): _throughput(lean, n, theorems) for n in WORKERS},
    }


# --- start ---------------------------------------------------------------------------------


def _start(lean: Toolchain, times: int) -> dict[str, Any]:
    """Seconds from nothing to the first check answered, and the share of each stage."""
    stages: dict[str, list[float]] = {}
    memory = []
    for _ in range(times):
        bare = lean.command("--version")
        engine = process.run(bare.argv, env=bare.env, seconds=60, megabytes=None).seconds
        server = Server(server_command(lean, megabytes=2048))
        try:
            begin = time.monotonic()
            ready = server.ask(INIT, {"op": "check", "code": ""}, seconds=30, megabytes=2048)
            first = server.ask(
                INIT,
                {"op": "check", "code": "theorem t (a : Nat) : a + 0 = a := by omega"},
                seconds=30,
                megabytes=2048,
            )
            assert ready.body is not None and first.body is not None
            assert server.ready_after is not None
            total = time.monotonic() - begin
            memory.append(server.megabytes())
        finally:
            server.stop()
        for name, seconds in {
            "total": total,
            "engine and Lean's own initialisation": engine,
            "the server's program": server.ready_after - engine - server.import_seconds,
            "the header": server.import_seconds,
            "the first check": total - server.ready_after,
        }.items():
            stages.setdefault(name, []).append(seconds)
    return {
        "runs": times,
        "median_seconds": {name: round(statistics.median(s), 2) for name, s in stages.items()},
        "max_seconds": round(max(stages["total"]), 2),
        "resident_megabytes": round(statistics.median(memory)),
    }


# --- short theorems ------------------------------------------------------------------------


def _theorems(count: int) -> Iterator[str]:
    """Distinct true theorems for ``omega``, ``grind``, ``simp`` and ``decide``, in turn."""
    for i in range(count):
        n = i + 2
        yield (
            f"theorem t{i} (a b : Nat) (h : a + {n} < b) : a < b + {n} := by omega",
            f"theorem t{i} (x : Rat) (h : x / {n} = {n + 1}) : x = {n * (n + 1)} := by grind",
            f"theorem t{i} (l : List Nat) : (l ++ [{n}]).length = l.length + 1 := by simp",
            f"theorem t{i} : {n} * {n} + {n} = {n * n + n} := by decide",
        )[i % 4]


def _overhead(lean: Toolchain, theorems: Sequence[str]) -> dict[str, Any]:
    """One worker, one theorem after another: wall clock against time inside Lean."""
    pool = Pool(lean, workers=1)
    try:
        pool.ask(INIT, {"op": "check", "code": ""}, LIMITS)
        figures = {}
        for op in ("check", "judge"):
            inside = 0.0
            start = time.perf_counter()
            for code in theorems:
                reply = pool.ask(INIT, {"op": op, "code": code}, LIMITS)
                assert reply.body is not None
                assert reply.body.get("tag", "proof") == "proof" and not reply.body.get("errors")
                inside += reply.seconds
            wall = time.perf_counter() - start
            figures[op] = {
                "seconds": round(wall, 2),
                "inside_lean": round(inside, 2),
                "outside_percent": round(100 * (wall - inside) / wall, 2),
            }
        (status,) = pool.status()
        return {"theorems": len(theorems), **figures, "resident_megabytes": status["megabytes"]}
    finally:
        pool.close()


# --- failures ------------------------------------------------------------------------------

_SLOW = "set_option maxHeartbeats 0\nset_option maxRecDepth 1000000000\n"
_BAD: tuple[tuple[str, str], ...] = (
    ("timeout", _SLOW + "theorem t : ∀ n : Nat, n < 4000 → n * n = n ^ 2 := by decide"),
    ("stack", "theorem t : True := " + "(" * 30_000 + "trivial" + ")" * 30_000),
    ("memory", "theorem t : (List.replicate 3000000 0).length = 3000000 := by decide +kernel"),
)
_GOOD: tuple[tuple[str, str], ...] = (
    ("proved", "theorem t{n} (a b : Nat) (h : a < b) : a + {n} < b + {n} := by omega"),
    ("ill_formed", "theorem t{n} : {n} + 1 = {n} := by decide"),
    ("sorry", "theorem t{n} : {n} + 0 = {n} := by sorry"),
    ("proved", "theorem t{n} (x : Int) (h : x * 2 = {n} * 2) : x = {n} := by grind"),
)


def _mixed(lean: Toolchain, count: int) -> dict[str, Any]:
    """Checks of which one in ten hangs, overflows or exhausts memory, from four threads."""
    tasks: list[tuple[str, str]] = []
    for i in range(count):
        if i % (CHECKS // BAD) == 5:
            tasks.append(_BAD[i // 10 % len(_BAD)])
        else:
            wanted, code = _GOOD[i % len(_GOOD)]
            tasks.append((wanted, code.replace("{n}", str(i))))
    pool = Pool(lean, workers=2)
    try:
        start = time.perf_counter()
        found = _parallel(
            [lambda c=code: judge(pool, LeanProblem(c), TIGHT) for _, code in tasks], threads=4
        )
        seconds = time.perf_counter() - start
        restarts = sum(status["restarts"] for status in pool.status())
    finally:
        pool.close()
    named = [_name(result) for result in found]
    wrong = [
        {"check": i, "wanted": wanted, "found": name}
        for i, ((wanted, _), name) in enumerate(zip(tasks, named, strict=True))
        if wanted != name
    ]
    return {
        "checks": count,
        "limits": {"seconds": TIGHT.seconds, "megabytes": TIGHT.megabytes},
        "bad": {kind: sum(k == kind for k, _ in tasks) for kind, _ in _BAD},
        "right": count - len(wrong),
        "wrong": wrong[:20],
        "seconds": round(seconds, 1),
        "restarts": restarts,
    }


def _name(result: Result) -> str:
    if "stack" in result.flags:
        return "stack"
    if "sorry" in result.flags:
        return "sorry"
    return result.reason or str(result.outcome)


def _parallel(tasks: Sequence[Callable[[], Any]], threads: int) -> list[Any]:
    """The results in order; ``threads`` at a time."""
    results: list[Any] = [None] * len(tasks)
    rest = iter(range(len(tasks)))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                i = next(rest, None)
            if i is None:
                return
            results[i] = tasks[i]()

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return results


# --- more than one worker ------------------------------------------------------------------


def _throughput(lean: Toolchain, workers: int, theorems: Sequence[str]) -> dict[str, Any]:
    """Checks a second and memory with so many workers, once all are warm."""
    pool = Pool(lean, workers=workers)
    try:
        warm = [lambda: pool.ask(INIT, {"op": "check", "code": ""}, LIMITS)] * workers
        _parallel(warm, workers)
        for code in theorems[: 8 * workers]:  # every worker compiles what it uses
            pool.ask(INIT, {"op": "judge", "code": code}, LIMITS)
        start = time.perf_counter()
        _parallel(
            [
                lambda c=code: pool.ask(INIT, {"op": "judge", "code": c}, LIMITS)
                for code in theorems
            ],
            workers,
        )
        seconds = time.perf_counter() - start
        return {
            "checks_per_second": round(len(theorems) / seconds, 1),
            "resident_megabytes": sum(status["megabytes"] for status in pool.status()),
        }
    finally:
        pool.close()
