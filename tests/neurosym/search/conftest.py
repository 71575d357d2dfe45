"""One Lean server for all tests of this folder: starting it is what takes time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provers.lean.pool import Pool
from provers.lean.toolchain import Toolchain


@pytest.fixture(scope="session")
def lean_checker(lean_toolchain: Toolchain) -> Iterator[Pool]:
    """A pool with one server."""
    pool = Pool(lean_toolchain, workers=1)
    yield pool
    pool.close()
