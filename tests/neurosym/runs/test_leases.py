"""Leases: no job is lost, and none ends twice, whoever dies when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from neurosym.runs.jobs import Job
from neurosym.runs.leases import MOST_DEATHS, Lease
from neurosym.runs.owners import has_died, new_owner
from neurosym.runs.store import Store
from neurosym.runs.tables import jobs
from provers.errors import BrokenToolError


def _submit(store: Store, total: int = 1) -> Job:
    many = total > 1
    found = store.jobs.submit("verify", b'["x"]', total=total, many=many, queue=10_000)
    assert found.job is not None
    return found.job


def _claim(store: Store, owner: str = "me", seconds: float = 60) -> Lease:
    lease = store.leases.claim(owner, seconds)
    assert lease is not None
    return lease


def _state(store: Store, id: str) -> str:
    job = store.jobs.get(id)
    assert job is not None
    return job.state


def _nobody(owner: str) -> bool:
    return False


def test_the_oldest_is_first_and_has_one_owner(store: Store) -> None:
    ids = [_submit(store).id for _ in range(3)]
    leases = [_claim(store, f"owner-{i}") for i in range(3)]
    assert [lease.id for lease in leases] == ids
    assert store.leases.claim("me", 60) is None
    lease = leases[0]
    assert (lease.kind, lease.body, lease.total, lease.finished) == (
        "verify",
        b'["x"]',
        1,
        frozenset(),
    )
    job = store.jobs.get(lease.id)
    assert job is not None
    assert job.state == "running"
    assert job.started is not None and job.started >= job.created


def test_the_last_output_ends_the_job(store: Store) -> None:
    job = _submit(store, total=2)
    lease = _claim(store)
    assert store.leases.record(lease, 1, b'"b"') == "running"
    assert _state(store, job.id) == "running"
    assert store.leases.record(lease, 0, b'"a"') == "done"
    found = store.jobs.get(job.id)
    assert found is not None
    assert (found.state, found.completed) == ("done", 2)
    assert found.finished is not None
    assert store.jobs.outputs(found) == {0: b'"a"', 1: b'"b"'}
    assert store.leases.record(lease, 0, b'"again"') == "lost"


def test_one_input_has_one_output(store: Store) -> None:
    job = _submit(store, total=3)
    lease = _claim(store)
    assert store.leases.record(lease, 0, b'"a"') == "running"
    with pytest.raises(BrokenToolError):
        store.leases.record(lease, 0, b'"b"')
    found = store.jobs.get(job.id)
    assert found is not None and found.completed == 1, "nothing of a refused change stays"
    assert store.jobs.outputs(found) == {0: b'"a"'}


def test_a_failure_ends_the_job(store: Store) -> None:
    job = _submit(store)
    lease = _claim(store)
    assert store.leases.fail(lease, b'{"detail":"no"}')
    found = store.jobs.get(job.id)
    assert found is not None
    assert (found.state, found.error) == ("failed", b'{"detail":"no"}')
    assert not store.leases.fail(lease, b"{}")
    assert store.leases.record(lease, 0, b"{}") == "lost"


def test_a_cancelled_job_takes_no_output(store: Store) -> None:
    job = _submit(store)
    lease = _claim(store)
    assert store.leases.renew("me", [lease], 60) == {job.id}
    store.jobs.cancel(job.id)
    assert store.leases.renew("me", [lease], 60) == frozenset()
    assert store.leases.record(lease, 0, b"{}") == "lost"
    assert not store.leases.fail(lease, b"{}")
    assert store.leases.release([lease]) == 0
    assert _state(store, job.id) == "cancelled"


def test_a_job_goes_on_where_it_stood(store: Store) -> None:
    job = _submit(store, total=3)
    first = _claim(store)
    store.leases.record(first, 1, b'"b"')
    assert store.leases.release([first]) == 1
    assert _state(store, job.id) == "queued"
    second = _claim(store, "other")
    assert second.finished == {1}
    assert store.leases.record(first, 0, b'"old"') == "lost"
    store.leases.record(second, 0, b'"a"')
    assert store.leases.record(second, 2, b'"c"') == "done"
    found = store.jobs.get(job.id)
    assert found is not None
    assert store.jobs.outputs(found) == {0: b'"a"', 1: b'"b"', 2: b'"c"'}


def test_a_lease_that_ran_out_is_taken_over(store: Store) -> None:
    job = _submit(store)
    late, lively = _claim(store, "late", 0.2), None
    assert store.leases.reclaim(_nobody) == 0
    time.sleep(0.3)
    assert store.leases.reclaim(_nobody) == 1
    lively = _claim(store, "lively")
    assert store.leases.renew("late", [late], 60) == frozenset()
    assert store.leases.record(late, 0, b'"late"') == "lost"
    assert store.leases.record(lively, 0, b'"lively"') == "done"
    found = store.jobs.get(job.id)
    assert found is not None
    assert store.jobs.outputs(found) == {0: b'"lively"'}


def test_the_same_owner_must_claim_again_too(store: Store) -> None:
    _submit(store)
    old = _claim(store, "me", 0.1)
    time.sleep(0.2)
    assert store.leases.reclaim(_nobody) == 1
    new = _claim(store, "me")
    assert store.leases.renew("me", [old], 60) == frozenset()
    assert store.leases.record(old, 0, b'"old"') == "lost"
    assert store.leases.renew("me", [new], 60) == {new.id}


def test_a_lease_that_is_renewed_is_kept(store: Store) -> None:
    _submit(store)
    lease = _claim(store, "me", 0.4)
    for _ in range(4):
        time.sleep(0.2)
        assert store.leases.renew("me", [lease], 0.4) == {lease.id}
        assert store.leases.reclaim(_nobody) == 0
    assert store.leases.record(lease, 0, b"{}") == "done"


def test_a_late_lease_that_nobody_took_still_ends_its_job(store: Store) -> None:
    _submit(store)
    lease = _claim(store, "me", 0.05)
    time.sleep(0.1)
    assert store.leases.record(lease, 0, b"{}") == "done"


def test_the_dead_are_succeeded_at_once(store: Store) -> None:
    dead, lively = _submit(store), _submit(store)
    _claim(store, "dead", 3600)
    _claim(store, "lively", 3600)
    assert store.leases.reclaim(lambda owner: owner == "dead") == 1
    assert _state(store, dead.id) == "queued"
    assert _state(store, lively.id) == "running"


def test_a_job_that_kills_its_servers_fails_in_the_end(store: Store) -> None:
    job = _submit(store)
    for _ in range(MOST_DEATHS - 1):
        _claim(store)
        assert store.leases.reclaim(lambda owner: True) == 1
    _claim(store)
    assert store.leases.reclaim(lambda owner: True) == 0
    found = store.jobs.get(job.id)
    assert found is not None
    assert found.state == "failed"
    assert found.error is not None and b"died 20 times" in found.error
    assert store.leases.claim("me", 60) is None


def test_what_is_put_back_is_no_death(store: Store) -> None:
    _submit(store)
    for _ in range(MOST_DEATHS + 5):
        store.leases.release([_claim(store)])
    assert store.leases.record(_claim(store), 0, b"{}") == "done"


def test_many_claim_at_once_and_none_twice(url: str) -> None:
    stores = [Store.open(url) for _ in range(4)]
    ids = {_submit(stores[0]).id for _ in range(60)}
    done: Counter[str] = Counter()
    lock = threading.Lock()

    def work(store: Store, owner: str) -> None:
        while (lease := store.leases.claim(owner, 60)) is not None:
            if store.leases.record(lease, 0, owner.encode()) == "done":
                with lock:
                    done[lease.id] += 1

    threads = [
        threading.Thread(target=work, args=(store, f"owner-{i}-{j}"))
        for i, store in enumerate(stores)
        for j in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(done) == ids
    assert set(done.values()) == {1}
    assert stores[0].jobs.count() == {"done": 60}
    for store in stores:
        store.close()


def test_the_living_are_not_dead() -> None:
    assert not has_died(new_owner())
    assert new_owner() != new_owner()


def test_a_killed_process_is_dead() -> None:
    code = "from neurosym.runs.owners import new_owner; print(new_owner(), flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    owner = process.stdout.readline().strip()
    assert not has_died(owner)
    process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not has_died(owner):  # even before anybody has waited for it
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.communicate()
    assert has_died(owner)


def test_a_number_that_was_given_out_again_does_not_hide_a_death() -> None:
    machine, _, _, name = new_owner().split(".")
    assert has_died(f"{machine}.{os.getpid()}.1.{name}")


@pytest.mark.parametrize("owner", ["", "me", "a.b.c.d", "elsewhere.1.1.x", "x" * 500, "\0.1.1.1"])
def test_nothing_is_known_of_other_machines(owner: str) -> None:
    assert not has_died(owner)


_WORKER = """
import sys, time
from neurosym.runs.owners import has_died, new_owner
from neurosym.runs.store import Store
store, owner = Store.open(sys.argv[1]), new_owner()
print("ready", flush=True)
while True:
    store.leases.reclaim(has_died)
    lease = store.leases.claim(owner, 60)
    if lease is None:
        time.sleep(0.01)
        continue
    for position in range(lease.total):
        if position not in lease.finished:
            time.sleep(0.002)
            if store.leases.record(lease, position, owner.encode()) == "lost":
                break
"""


def test_kills_in_the_middle_lose_nothing_and_end_nothing_twice(url: str) -> None:
    store = Store.open(url)
    ids = [_submit(store, total=3).id for _ in range(60)]
    for kill in range(4):
        workers = [
            subprocess.Popen([sys.executable, "-c", _WORKER, url], stdout=subprocess.PIPE)
            for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
        if kill < 3:
            time.sleep(0.05)
        else:
            _wait_for(store, done=60)
        for worker in workers:
            worker.kill()
            worker.communicate()
    assert store.jobs.count() == {"done": 60}
    with store.engine.connect() as connection:
        deaths = connection.scalar(sa.select(sa.func.sum(jobs.c.deaths)))
    assert deaths, "a kill came in the middle of a job"
    for id in ids:
        job = store.jobs.get(id)
        assert job is not None
        assert job.completed == 3
        assert set(store.jobs.outputs(job)) == {0, 1, 2}
    store.close()


def _wait_for(store: Store, **counts: int) -> None:
    deadline = time.monotonic() + 120
    while store.jobs.count() != counts:
        assert time.monotonic() < deadline, store.jobs.count()
        time.sleep(0.05)
