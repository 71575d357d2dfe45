"""The worker of a batch: it makes one attempt at one problem, of whatever kind."""

from neurosym.runs.batch.work.worker import Worker

__all__ = ["Worker"]
