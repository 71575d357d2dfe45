"""How often Python looks for garbage in a process that works through a batch."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Look for cycles after 50,000 new objects, not after 700, from here on.

    A batch makes many small objects that live as long as one problem, beside the hundred thousand
    of the libraries; that takes 6 % of the time otherwise (``benchmarks/batch.py``).
    """
    gc.set_threshold(50_000, 20, 100)
