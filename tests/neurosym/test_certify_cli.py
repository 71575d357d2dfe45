"""``neurosym verify --certify``: certificates in records and tables, and commands without Lean."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from provers.lean.toolchain import Toolchain
from tests.neurosym.test_cli import ARGV, environment


def verify(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One run without a background process, which would outlive the tests."""
    done = subprocess.run(
        [*ARGV, "verify", "--example", "rules", "--timeout", "60", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        env={**environment(), "NEUROSYM_NO_DAEMON": "1", **variables},
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


def certificates(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [step["certificate"] for step in json.loads(done.stdout)["steps"]]


@pytest.fixture
def nothing(tmp_path: Path) -> dict[str, str]:
    """A machine on which no Lean is set up."""
    return {"NEUROSYM_LEAN": "embedded", "NEUROSYM_CACHE": str(tmp_path)}


def test_every_decided_step_is_certified(lean_toolchain: Toolchain) -> None:
    done = verify("--json", "--certify", "lean", "--recheck")
    assert done.stderr == ""
    animal, not_green, green, big = certificates(done)
    for certificate in (animal, not_green, green):
        assert certificate["kind"] == "lean", certificate
        assert certificate["toolchain"] == lean_toolchain.kind
        assert certificate["code"].startswith(certificate["statement"])
        assert certificate["recheck"] == {"ok": True, "how": "judged", "detail": ""}
    assert (animal["claim"], green["claim"]) == ("goal", "negation")
    assert big == {"kind": "none", "reason": "a model is evidence that needs no solver"}


def test_the_table_marks_what_is_certified(lean_toolchain: Toolchain) -> None:
    done = verify("--certify", "lean")
    marked = [
        line.split("│")[0].strip()
        for line in done.stdout.splitlines()
        if "✓" in line and "│" in line
    ]
    assert marked == ["1", "2", "3"]
    assert "✓ proved in Lean 4" in done.stdout
    assert done.stderr == ""


def test_nobody_waits_for_lean_unless_told_to(lean_toolchain: Toolchain) -> None:
    done = verify("--no-daemon")
    assert "✓" not in done.stdout
    assert done.stderr == "neurosym: steps 1-3 are not certified: Lean was not ready yet.\n"
    assert done.stdout == verify("--certify", "no").stdout


def test_without_lean_verdicts_are_the_same(nothing: dict[str, str]) -> None:
    without, unasked = verify(**nothing), verify("--certify", "no", **nothing)
    assert without.returncode == unasked.returncode == 1
    assert without.stdout == unasked.stdout
    assert without.stderr == unasked.stderr == ""
    reasons = [c["reason"] for c in certificates(verify("--json", **nothing))]
    assert "neurosym setup lean" in reasons[0]
    unasked = verify("--json", "--certify", "no", **nothing)
    assert {c["reason"] for c in certificates(unasked)} == {"not asked for"}


def test_certificates_that_cannot_be_had_are_an_error(nothing: dict[str, str]) -> None:
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if "elan" not in p)
    nowhere = {"NEUROSYM_LEAN": "native", "ELAN_HOME": nothing["NEUROSYM_CACHE"], "PATH": path}
    if any((Path(p) / "lean").exists() for p in path.split(os.pathsep)):
        pytest.skip("a lean is on PATH")
    done = verify("--certify", "lean", **{**nothing, **nowhere})
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "NEUROSYM_LEAN" in done.stderr


def test_an_unknown_choice_is_wrong_usage() -> None:
    assert verify("--certify", "maybe").returncode == 2
