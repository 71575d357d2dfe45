"""Joining a Ray cluster, or starting one on this machine for as long as a run needs it."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from provers import process
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.process import MEGABYTE
from provers.sandbox import Scratch

INSTALL: Final = "pip install 'neurosym[ray]'"
JOIN_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.5
_REACH_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 30.0  # after a minute Ray ends the process
_ADDRESS: Final = re.compile(r"auto|(ray://)?([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_STORE_MEGABYTES: Final = 128  # results are small, and read as soon as they are there
_LONGEST_PATH: Final = 42  # Ray puts sockets below it, whose names have 107 bytes at most
# Ray prints what becomes of workers to standard output, where only results belong.
_QUIET: Final = {"RAY_DEDUP_LOGS_SKIP_REGEX": "(?s).*"}
_LOCAL: Final = {"RAY_USAGE_STATS_ENABLED": "0"}
# Joining fails by an error, by silence, or by the end of the process: so another one tries first.
_PROBE: Final = """
import json, os, sys
try:
    import ray
    ray.init(address=sys.argv[1], log_to_driver=False, logging_level="CRITICAL")
    ray.nodes()
    said = "", ""
except Exception as error:
    said = type(error).__name__, str(error)
print(json.dumps(said), flush=True)
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of the cluster, with the processors and the memory that it offers."""

    id: str
    ip: str
    port: int
    processors: int
    megabytes: int


class Cluster:
    """This process's connection to Ray, of which it can have one at a time.

    ``ray`` is the module of that name.
    """

    def __init__(self, address: str | None, processors: int) -> None:
        """Join the cluster at an address, or start one with so many processors.

        Raises MissingToolError without Ray, InputError for what is no address, and BrokenToolError
        where the cluster cannot be joined or started.
        """
        if address is not None and not _ADDRESS.fullmatch(address):
            raise InputError(
                f"'{address}' is no address of a Ray cluster: give auto, HOST:PORT or "
                "ray://HOST:PORT."
            )
        self.address = address or "local"
        self.ray = load()
        if self.ray.is_initialized():
            raise BrokenToolError(
                "This process is connected to a Ray cluster already: call ray.shutdown() first."
            )
        if address is not None:
            _probe(address)
        self._scratch = Scratch()
        self._found: dict[str, Node] = {}
        self._heard = 0.0
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, name="ray-nodes", daemon=True)
        self._here = ""
        try:
            self._start(processors)
            if not self.address.startswith("ray://"):
                self._here = self.ray.get_runtime_context().get_node_id()
            self._found, self._heard = self._alive(), time.monotonic()
            self._watch.start()
        except BaseException:
            self.close()
            raise

    def _start(self, processors: int) -> None:
        folder = str(self._scratch.path)
        options: dict[str, Any] = {"address": self.address}
        if self.address == "local":
            if len(os.fsencode(folder)) > _LONGEST_PATH:
                raise BrokenToolError(
                    f"Ray cannot make its sockets in {folder}, a name too long: set TMPDIR to a "
                    "folder with a shorter one."
                )
            options |= {
                "num_cpus": processors,
                "include_dashboard": False,
                "object_store_memory": _STORE_MEGABYTES * MEGABYTE,
                "_temp_dir": folder,
            }
        # Ray lets all workers import from the current folder, which may be anybody's. And only this
        # user may read what Ray writes, such as the token by which a new cluster is used.
        mask = os.umask(0o077)
        try:
            with contextlib.chdir(folder), _environment(_LOCAL), _sigterm():
                self.ray.init(log_to_driver=False, logging_level=logging.CRITICAL, **options)
        except (OSError, RuntimeError, ValueError, self.ray.exceptions.RayError) as error:
            how = "started" if self.address == "local" else "joined"
            raise BrokenToolError(
                f"The Ray cluster at {self.address} cannot be {how}: {_last(str(error))}",
                stderr=str(error),
            ) from error
        finally:
            os.umask(mask)

    def nodes(self) -> dict[str, Node]:
        """The nodes that are alive, by their ids, as of about a second ago.

        Raises BrokenToolError if the cluster has fallen silent, or this machine is no part of it
        any more: Ray ends a process that goes on then.
        """
        if time.monotonic() - self._heard > _SILENT_SECONDS:
            raise BrokenToolError(
                f"The Ray cluster at {self.address} has not answered for {_SILENT_SECONDS:.0f} s: "
                "its head node may be gone; start it again to go on."
            )
        if self._here and self._here not in self._found:
            raise BrokenToolError(
                f"This machine is no node of the Ray cluster at {self.address} any more, since "
                "Ray's process on it died: start it again to go on."
            )
        return self._found

    def answers(self, node: Node) -> bool:
        """Whether Ray's process on a node runs; of its end the cluster learns only later."""
        try:
            with socket.create_connection((node.ip, node.port), timeout=_REACH_SECONDS):
                return True
        except OSError:
            return False

    def _alive(self) -> dict[str, Node]:
        return {node["NodeID"]: _node(node) for node in self.ray.nodes() if node["Alive"]}

    def _look(self) -> None:
        """See again and again which nodes there are; beside the run, which must not wait for it."""
        while not self._ended.wait(_LOOK_SECONDS):
            # Where it goes wrong for long, that is said by ``nodes``.
            with contextlib.suppress(OSError, RuntimeError, self.ray.exceptions.RayError):
                self._found, self._heard = self._alive(), time.monotonic()

    def close(self) -> None:
        """Leave the cluster, and stop it if it was started here."""
        self._ended.set()
        self.ray.shutdown()
        # What Ray's processes still write while they end is swept away by a later run.
        with contextlib.suppress(OSError):
            self._scratch.close()


def _node(found: Mapping[str, Any]) -> Node:
    offered = found["Resources"]
    return Node(
        found["NodeID"],
        found["NodeManagerAddress"],
        int(found["NodeManagerPort"]),
        int(offered.get("CPU", 0)),
        int(offered.get("memory", 0)) // MEGABYTE,
    )


def load() -> Any:
    """Ray, silenced. Raises MissingToolError where it is not installed."""
    try:
        with _environment(_QUIET):
            return importlib.import_module("ray")
    except ImportError as error:
        raise MissingToolError(f"Ray, which runs work on a cluster, is missing: {INSTALL}") from (
            error
        )


def _probe(address: str) -> None:
    """Make sure that the cluster can be joined."""
    # -P: what a user's folder holds must not be run.
    argv = [sys.executable, "-P", "-c", _PROBE, address]
    done = process.run(argv, seconds=JOIN_SECONDS, megabytes=None)
    try:
        kind, text = json.loads((done.stdout.splitlines() or [""])[-1])
    except ValueError:
        kind, text = "crash", _last(done.stderr)
    if done.timed_out:
        raise BrokenToolError(
            f"No Ray cluster answers at {address} within {JOIN_SECONDS:.0f} s: correct the "
            "address, start the cluster, or set RAY_AUTH_MODE=token if it asks for a token.",
            stderr=done.stderr,
        )
    if "ray[client]" in text:
        raise MissingToolError(
            f"An address like {address} needs more of Ray: pip install 'ray[client]'"
        )
    if kind and address == "auto":
        raise BrokenToolError(
            f"No Ray cluster was found on this machine ({_last(text).rstrip('.')}): start one with "
            "'ray start --head', or give its address.",
            stderr=done.stderr,
        )
    if kind:
        raise BrokenToolError(
            f"The Ray cluster at {address} cannot be joined: {_last(text)}", stderr=done.stderr
        )


def _last(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines()]
    return next((line for line in reversed(lines) if line), "it said nothing")[:500]


# --- what Ray changes in this process ----------------------------------------------------------


@contextlib.contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    """Have these variables, unless they are set; afterwards all are as they were before.

    Only that a cluster asks for a token stays said, as Ray keeps to it for good.
    """
    before = dict(os.environ)
    os.environ.update({**more, **before})
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys() - {"RAY_AUTH_MODE"}:
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def _sigterm() -> Iterator[None]:
    """Keep what is done at SIGTERM, unless that is nothing; Ray's way lets all be closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    yield
    if before not in (signal.SIG_DFL, None):
        signal.signal(signal.SIGTERM, before)
