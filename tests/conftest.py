"""What all tests share: worker processes find the test children from any folder, and no property
fails because a busy machine was slow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from neurosym.llm import download
from provers.lean import toolchain
from provers.lean.pool import Pool
from provers.lean.toolchain import Toolchain

ROOT = Path(__file__).parent.parent
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])
)

# Engines that spin while they wait starve each other and the provers on a small machine.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# No test that is not about it starts a process that outlives it.
os.environ.setdefault("NEUROSYM_NO_DAEMON", "1")

settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_report_header() -> list[str]:
    """Which of the tests that need something big are run."""
    vllm = bool(os.environ.get("NEUROSYM_VLLM_PYTHON"))
    return [
        f"tests marked 'model' {_run(download.installed() is not None, 'neurosym setup model')}",
        f"tests marked 'vllm' {_run(vllm, 'NEUROSYM_VLLM_PYTHON')}",
    ]


def _run(there: bool, needed: str) -> str:
    return "run" if there else f"are skipped: they need {needed}"


@pytest.fixture(scope="session")
def lean_toolchain() -> Toolchain:
    """The Lean of this machine, set up in the user's cache folder the first time."""
    return toolchain.ensure()


@pytest.fixture(scope="session")
def lean_checker(lean_toolchain: Toolchain) -> Iterator[Pool]:
    """A pool with one server for all tests: starting it is what takes time."""
    pool = Pool(lean_toolchain, workers=1)
    yield pool
    pool.close()
