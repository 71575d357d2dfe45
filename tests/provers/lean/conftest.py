"""A Lean server for all tests of a module that is kept: starting one is what takes time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provers.lean.toolchain import Toolchain
from tests.provers.lean.kept import Kept


@pytest.fixture(scope="module")
def kept_checker(lean_toolchain: Toolchain) -> Iterator[Kept]:
    """A checker with one server that is kept."""
    checker = Kept(lean_toolchain)
    yield checker
    checker.close()
