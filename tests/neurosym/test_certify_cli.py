"""``neurosym verify --certify``: certificates in records and tables, and commands without Lean."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from provers.lean import client
from provers.lean.toolchain import Toolchain
from tests.neurosym.test_cli import ARGV, environment
from tests.provers.lean.daemons import own_place, use_fake_lean


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
    assert done.stdout == verify("--certify", "no").stdout  # the verdicts need no Lean
    assert done.stderr.count("\n") == 1
    assert "NEUROSYM_LEAN" in done.stderr


def test_an_unknown_choice_is_wrong_usage() -> None:
    assert verify("--certify", "maybe").returncode == 2


def test_a_lean_that_breaks_is_an_error_where_it_was_asked_for(tmp_path: Path) -> None:
    broken = tmp_path / "lean"
    broken.write_text(
        '#!/bin/sh\nif [ "$1" = --version ]; then echo "Lean (version 4.28.0, fake)"; exit; fi\n'
        "echo it broke >&2; exit 1\n"
    )
    broken.chmod(0o755)
    variables = {"NEUROSYM_LEAN": str(broken), "NEUROSYM_CACHE": str(tmp_path)}
    done = verify("--json", "--certify", "lean", **variables)
    assert done.returncode == 3
    verdicts = [step["verdict"] for step in json.loads(done.stdout)["steps"]]
    assert verdicts == ["proved", "proved", "refuted", "independent"]
    assert done.stderr.startswith("neurosym: ")
    assert done.stderr.count("\n") == 1


def test_many_records_are_complained_of_once(lean_toolchain: Toolchain, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text('{"steps": ["2 + 2 = 4."]}\n' * 5)
    done = subprocess.run(
        [*ARGV, "verify", str(file)],
        capture_output=True,
        text=True,
        timeout=180,
        env={**environment(), "NEUROSYM_NO_DAEMON": "1"},
    )
    assert done.returncode == 0
    assert done.stderr == (
        "neurosym: steps in 5 records, the first of them 1, are not certified: "
        "Lean was not ready yet.\n"
    )


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs the sockets of Unix systems")
def test_the_background_process_is_there_for_the_next_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "nothing.txt"
    file.write_text("Hello!\n")  # no claim, so that this command never asks Lean itself
    with own_place(monkeypatch) as place:
        use_fake_lean(place, monkeypatch)
        assert client.status() is None
        done = subprocess.run(
            [*ARGV, "verify", str(file)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0
        assert done.stderr == ""
        end = time.monotonic() + 30
        while client.status() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert client.status() is not None
