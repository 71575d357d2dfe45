"""Jobs: taken on within bounds, found again, listed, cancelled, dropped."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from neurosym.runs.jobs import Job, Jobs
from neurosym.runs.store import Store
from neurosym.runs.tables import jobs, outputs


def _submit(store: Store, body: bytes = b'["x"]', *, total: int = 1, **options: str | None) -> Job:
    many = total > 1
    found = store.jobs.submit("verify", body, total=total, many=many, queue=10_000, **options)
    assert found.job is not None
    return found.job


def test_a_job_is_found_again(store: Store) -> None:
    job = _submit(store)
    assert (job.state, job.completed, job.total, job.many) == ("queued", 0, 1, False)
    assert abs(job.created - time.time()) < 60
    assert (job.started, job.finished, job.error) == (None, None, None)
    assert store.jobs.get(job.id) == job
    assert len(job.id) == 32 and set(job.id) <= set("0123456789abcdef")


def test_there_is_no_other_job(store: Store) -> None:
    _submit(store)
    assert store.jobs.get("0" * 32) is None
    assert store.jobs.cancel("0" * 32) is None


def test_the_queue_is_bounded(store: Store) -> None:
    for _ in range(3):
        assert store.jobs.submit("verify", b"[1]", total=1, many=False, queue=3).job is not None
    refused = store.jobs.submit("verify", b"[1]", total=1, many=False, queue=3)
    assert (refused.status, refused.job) == ("full", None)
    assert store.jobs.count() == {"queued": 3}
    assert store.leases.claim("me", 60) is not None
    assert store.jobs.submit("verify", b"[1]", total=1, many=False, queue=3).status == "accepted"


def test_the_bound_holds_for_threads(store: Store) -> None:
    found: list[str] = []

    def work() -> None:
        for _ in range(5):
            answer = store.jobs.submit("verify", b"[1]", total=1, many=False, queue=10)
            found.append(answer.status)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["accepted"] * 10 + ["full"] * 20


def test_the_same_key_finds_the_same_job(store: Store) -> None:
    first = store.jobs.submit("verify", b"[1]", total=1, many=False, queue=1, idempotency="k")
    again = store.jobs.submit("verify", b"[1]", total=1, many=False, queue=1, idempotency="k")
    assert (first.status, again.status) == ("accepted", "known")
    assert first.job == again.job
    assert store.jobs.count() == {"queued": 1}


@pytest.mark.parametrize(
    ("kind", "body", "many"),
    [("prove", b"[1]", False), ("verify", b"[2]", False), ("verify", b"[1]", True)],
)
def test_the_same_key_for_something_else_is_refused(
    store: Store, kind: str, body: bytes, many: bool
) -> None:
    store.jobs.submit("verify", b"[1]", total=1, many=False, queue=9, idempotency="k")
    found = store.jobs.submit(kind, body, total=1, many=many, queue=9, idempotency="k")
    assert (found.status, found.job) == ("mismatch", None)


def test_a_key_is_its_subjects_own(store: Store) -> None:
    one = _submit(store, subject="ann", idempotency="k")
    two = _submit(store, subject="bob", idempotency="k")
    assert one.id != two.id


def test_the_same_key_at_once_makes_one_job(store: Store) -> None:
    found: list[str] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        found.append(_submit(store, idempotency="k").id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert store.jobs.count() == {"queued": 1}


def test_pages_hold_every_job_once(store: Store) -> None:
    ids = [_submit(store).id for _ in range(7)]
    pages, before = [], None
    while page := store.jobs.page(3, before=before):
        pages.append([job.id for job in page])
        before = page[-1].serial
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [id for page in pages for id in page] == ids[::-1]


def test_pages_can_be_of_one_state(store: Store) -> None:
    done, waiting = _submit(store), _submit(store)
    lease = store.leases.claim("me", 60)
    assert lease is not None and store.leases.record(lease, 0, b"{}") == "done"
    assert [job.id for job in store.jobs.page(9, state="done")] == [done.id]
    assert [job.id for job in store.jobs.page(9, state="queued")] == [waiting.id]


def test_the_jobs_of_others_are_not_there(store: Store) -> None:
    job = _submit(store, subject="ann")
    assert store.jobs.get(job.id, subject="bob") is None
    assert store.jobs.cancel(job.id, subject="bob") is None
    assert store.jobs.page(9, subject="bob") == []
    assert store.jobs.get(job.id, subject="ann") == job
    assert [one.id for one in store.jobs.page(9, subject="ann")] == [job.id]
    cancelled = store.jobs.cancel(job.id, subject="ann")
    assert cancelled is not None and cancelled.state == "cancelled"


def test_a_waiting_job_is_cancelled(store: Store) -> None:
    job = store.jobs.cancel(_submit(store).id)
    assert job is not None
    assert job.state == "cancelled"
    assert job.finished is not None
    assert store.leases.claim("me", 60) is None
    assert store.jobs.cancel(job.id) == job, "again changes nothing"


def test_a_job_that_is_done_stays_done(store: Store) -> None:
    id = _submit(store).id
    lease = store.leases.claim("me", 60)
    assert lease is not None and store.leases.record(lease, 0, b"{}") == "done"
    job = store.jobs.cancel(id)
    assert job is not None and job.state == "done"


def test_old_jobs_are_dropped_with_their_outputs(store: Store) -> None:
    old, waiting = _submit(store), _submit(store)
    lease = store.leases.claim("me", 60)
    assert lease is not None and store.leases.record(lease, 0, b"{}") == "done"
    assert store.leases.prune(3600) == 0
    with store.engine.begin() as connection:
        connection.execute(
            sa.update(jobs).where(jobs.c.id == old.id).values(finished=jobs.c.finished - 7200)
        )
    assert store.leases.prune(3600) == 1
    assert store.jobs.get(old.id) is None
    assert store.jobs.get(waiting.id) is not None
    with store.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(outputs)) == 0


def test_another_process_sees_the_jobs(url: str) -> None:
    store, other = Store.open(url), Store.open(url)
    job = _submit(store)
    assert other.jobs.get(job.id) == job
    assert isinstance(other.jobs, Jobs)
    other.close()
    store.close()
