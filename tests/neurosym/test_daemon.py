"""``neurosym daemon`` as a user sees it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.lean import client
from tests.neurosym.test_cli import neurosym, one_sentence
from tests.provers.lean.daemons import own_place, use_fake_lean

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="needs the sockets of Unix systems"
)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with own_place(monkeypatch) as folder:
        use_fake_lean(folder, monkeypatch)
        yield folder


def test_status_start_and_stop() -> None:
    none = neurosym("daemon", "status", "--json")
    assert none.returncode == 1
    assert json.loads(none.stdout) == {"running": False}
    assert "No background process runs" in neurosym("daemon", "status").stdout
    started = json.loads(neurosym("daemon", "start", "--json").stdout)
    assert started["running"] and started["current"]
    again = json.loads(neurosym("daemon", "start", "--json").stdout)
    assert again["pid"] == started["pid"]
    found = neurosym("daemon", "status")
    assert found.returncode == 0
    assert f"Process {started['pid']}: neurosym" in found.stdout
    stopped = neurosym("daemon", "stop", "--json")
    assert (stopped.returncode, json.loads(stopped.stdout)) == (0, {"stopped": started["pid"]})
    assert neurosym("daemon", "status").returncode == 1
    assert "No background process was running" in neurosym("daemon", "stop").stdout


def test_one_of_another_version_is_shown_and_replaced(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.start()
    first = client.status()
    assert first is not None
    monkeypatch.setenv("ELAN_HOME", str(place.parent))
    assert not json.loads(neurosym("daemon", "status", "--json").stdout)["current"]
    assert "not of this version" in neurosym("daemon", "status").stdout
    second = json.loads(neurosym("daemon", "start", "--json").stdout)
    assert second["current"] and second["pid"] != first["pid"]


def test_a_folder_that_others_can_use_is_one_sentence(place: Path) -> None:
    place.mkdir(mode=0o700)
    place.chmod(0o777)
    done = neurosym("daemon", "status")
    assert done.returncode == 3
    assert "can be used by other users" in one_sentence(done)


def test_a_start_that_is_forbidden_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_NO_DAEMON", "1")
    done = neurosym("daemon", "start")
    assert done.returncode == 3
    assert "NEUROSYM_NO_DAEMON" in one_sentence(done)


def test_an_idle_time_that_is_none_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEUROSYM_DAEMON_IDLE", "soon")
    done = neurosym("daemon", "start")
    assert done.returncode == 3
    assert "NEUROSYM_DAEMON_IDLE is 'soon'" in one_sentence(done)
