"""A Lean of its own in which a project's modules are read, and tactics tried inside of them.

The program that answers is ``lean/NeuroSym/Project.lean``. A module is elaborated once: what it
says, declares and leaves open comes from that, and so does the compiled file. A text that is
opened stays, so that a tactic is tried where another stands without elaborating what is before it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from provers.base import Message
from provers.errors import BrokenToolError
from provers.lean import program
from provers.lean.base import Header, Stop
from provers.lean.judge import read_messages
from provers.lean.server import Server
from provers.lean.source import is_empty
from provers.lean.toolchain import Toolchain

Option: TypeAlias = bool | int | str
"""The value of one of Lean's options."""

_PAGE: Final = 200
_SECONDS: Final = 300.0  # for a module, which takes a fraction of a second on a machine at rest
_GROWTH_MEGABYTES: Final = 2000
_FULL_MEGABYTES: Final = 1500
_PRIVATE: Final = re.compile(r"_private\..*?\.0\.")

Place: TypeAlias = tuple[int, int]
"""A line from 1 and a column from 0, in code points."""


class StoppedError(Exception):
    """Lean did not answer: out of time or memory, a crash, or an import that cannot be made."""

    def __init__(self, cause: Stop, detail: str) -> None:
        super().__init__(detail or cause)
        self.cause = cause
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Gap:
    """A ``sorry``: where it is, the goal that it leaves open, and whether it stands for a term."""

    start: Place
    stop: Place
    goal: str
    term: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of a module, its type as Lean prints it, and what it rests on.

    ``uses`` are the declarations in its type, ``proof`` those in its proof or value (None where
    it has none), ``axioms`` all that it rests on, ``sorryAx`` among them. ``rejected`` says why
    the kernel does not accept a theorem. ``place`` is None for what nobody wrote.
    """

    name: str
    kind: str
    statement: str
    uses: tuple[str, ...]
    proof: tuple[str, ...] | None
    axioms: tuple[str, ...]
    rejected: str = ""
    place: Place | None = None
    private: bool = False
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of elaborating a module.

    ``refused`` is the word for which nothing in it is judged, with its kind (``program`` or
    ``unsafe``).
    """

    messages: tuple[Message, ...]
    errors: bool
    refused: tuple[str, str] | None
    gaps: tuple[Gap, ...]
    declared: tuple[Declared, ...]

    @property
    def trusted(self) -> bool:
        """Whether what imports the module may be judged: no program ran in it, nothing steps
        outside of what the kernel checks, and the kernel accepts all of it again.
        """
        return self.refused is None and not any(one.rejected for one in self.declared)

    def next_after(self, place: Place) -> Place | None:
        """Where the next declaration begins; None where there is no other."""
        later = (one.place for one in self.declared if one.place is not None and one.place > place)
        return min(later, default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """A tactic of an opened text: its place, and its goals before and after, as Lean prints them.

    ``after`` is empty where no goal is left.
    """

    index: int
    start: Place
    stop: Place
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What a tactic did: the goals that it left, and what Lean said.

    ``closed``: no goal is left and nothing stands in for a proof; ``axioms`` are then those that
    it rests on. ``error`` is why it failed.
    """

    closed: bool
    after: str
    error: str
    said: tuple[str, ...]
    seconds: float
    axioms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A constant that is named in a text, and where."""

    name: str
    start: Place
    stop: Place


class Opened:
    """A text in which tactics are tried; it is gone once the workbench does something else.

    ``named`` are the constants in it, if they were asked for.
    """

    def __init__(self, bench: Workbench, header: Header, key: str, steps: int, body: Any) -> None:
        self.messages = read_messages(body)
        self.errors = bool(body["errors"])
        self.named = tuple(
            Named(_PRIVATE.sub("", str(one["name"])), _place(one["pos"]), _place(one["end"]))
            for one in body["named"]
        )
        self._bench = bench
        self._header = header
        self._key = key
        self._many = steps

    def steps(self) -> tuple[Step, ...]:
        """The tactics in the text, in the order in which they begin. Raises StoppedError."""
        found: list[Step] = []
        for first in range(0, self._many, _PAGE):
            body = self._ask({"op": "steps", "index": first, "count": _PAGE})
            with _understood():
                found += [
                    Step(
                        int(one["index"]),
                        _place(one["pos"]),
                        _place(one["end"]),
                        str(one["kind"]),
                        str(one["before"]).strip("\n"),
                        str(one["after"]).strip("\n"),
                    )
                    for one in body["steps"]
                ]
        return tuple(found)

    def run(
        self,
        step: Step,
        tactics: Sequence[str],
        *,
        after: bool = False,
        first: bool = False,
        negated: bool = False,
        heartbeats: int = 200_000,
        seconds: float = _SECONDS,
    ) -> tuple[Ran, ...]:
        """What each tactic makes of the goals before (or after) a step.

        ``first``: of the first of them alone, as a ``sorry`` does. ``negated``: of the goal that
        the first is false, for some values of what stands in front of it; nothing comes where
        that cannot be said. Raises StoppedError.
        """
        request = {"op": "run", "index": step.index, "after": after, "first": first}
        request["negated"] = negated
        request |= {"tactics": list(tactics), "heartbeats": heartbeats}
        body = self._ask(request, seconds)
        with _understood():
            return tuple(_ran(one) for one in body["results"])

    def replay(self, step: Step, *, heartbeats: int = 200_000) -> tuple[str, str]:
        """The goals that the step's own tactic leaves when it is run again, and its error, or ''.

        Raises StoppedError.
        """
        body = self._ask({"op": "replay", "index": step.index, "heartbeats": heartbeats})
        with _understood():
            return str(body["after"]).strip("\n"), str(body["error"])

    def _ask(self, request: dict[str, Any], seconds: float = _SECONDS) -> dict[str, Any]:
        return self._bench.ask(self._header, {**request, "key": self._key}, seconds)


class Workbench:
    """One Lean; not thread-safe. It starts in the background, and again after it was stopped."""

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        path: Sequence[Path] = (),
        writable: Path | None = None,
        megabytes: int = 2048,
    ) -> None:
        """``path`` are folders of compiled modules besides Lean's own; it may write ``writable``,
        a folder that is removed when it is closed for good.

        Raises BrokenToolError if our program cannot be compiled.
        """
        self.writable = writable
        self._command = program.command(
            program.PROJECT,
            toolchain,
            megabytes=megabytes,
            path=[toolchain.inside(folder) for folder in path],
            writable=writable,
        )
        self._server: Server | None = Server(self._command, single=True)
        self._opened = 0

    def examine(
        self,
        header: Header,
        module: str,
        code: str,
        *,
        options: Mapping[str, Option] | None = None,
        file: str = "",
        seconds: float = _SECONDS,
    ) -> Report:
        """Elaborate a module, and compile it into ``file`` if that is named and nothing is wrong.

        ``code`` is the file with its imports blanked, ``header`` are these imports, ``file`` is
        named as Lean sees it. Raises StoppedError, and BrokenToolError where Lean does not work.
        """
        request = {"op": "module", "module": module, "code": _some(code), "file": file}
        body = self.ask(header, {**request, "options": _options(options)}, seconds)
        with _understood():
            places = {str(name): (int(line), int(column)) for name, line, column in body["places"]}
            docs = {str(name): str(text).strip() for name, text in body["docs"]}
            refused = body["refused"]
            return Report(
                read_messages(body),
                bool(body["errors"]),
                None if refused is None else (str(refused["tag"]), str(refused["word"])),
                tuple(
                    Gap(_place(one["pos"]), _place(one["end"]), str(one["goal"]), bool(one["term"]))
                    for one in body["sorries"]
                ),
                tuple(_declared(one, places, docs) for one in body["declarations"]),
            )

    def open(
        self,
        header: Header,
        module: str,
        code: str,
        *,
        options: Mapping[str, Option] | None = None,
        named: bool = False,
        seconds: float = _SECONDS,
    ) -> Opened:
        """Elaborate a text, in which tactics are tried then. Raises as ``examine`` does."""
        self._opened += 1
        key = str(self._opened)
        request = {"op": "open", "module": module, "code": _some(code), "key": key, "named": named}
        body = self.ask(header, {**request, "options": _options(options)}, seconds)
        with _understood():
            return Opened(self, header, key, int(body["steps"]), body)

    def ask(self, header: Header, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one request. Raises StoppedError, and BrokenToolError."""
        fresh = request["op"] in ("module", "open")
        if fresh and self._server is not None and self._server.megabytes() > _FULL_MEGABYTES:
            self.close()
        if self._server is None:
            if not fresh:
                raise StoppedError("crash", "the text is not open any more")
            self._server = Server(self._command, header, single=True)
        reply = self._server.ask(header, request, seconds=seconds, megabytes=_GROWTH_MEGABYTES)
        if self._server.tainted or reply.stopped not in ("", "header"):
            self.close()
        if reply.body is None:
            raise StoppedError(reply.stopped, reply.detail)
        return reply.body

    def close(self) -> None:
        """Stop Lean; another request would start it again."""
        if self._server is not None:
            self._server.stop()
        self._server = None

    def remove(self) -> None:
        """Stop Lean for good, and remove what it could write."""
        self.close()
        if self.writable is not None:
            shutil.rmtree(self.writable, ignore_errors=True)

    def kill(self) -> None:
        """Stop it under another thread's hands."""
        if self._server is not None:
            self._server.kill()


def _some(code: str) -> str:
    """The code, with a command in it: a file may hold its imports alone."""
    return f"{code}\nsection\nend\n" if is_empty(code) else code


def _options(options: Mapping[str, Option] | None) -> list[dict[str, Option]]:
    return [{"name": name, "value": value} for name, value in (options or {}).items()]


def _place(one: Mapping[str, Any]) -> Place:
    return int(one["line"]), int(one["column"])


def _declared(
    one: Mapping[str, Any], places: Mapping[str, Place], docs: Mapping[str, str]
) -> Declared:
    name, kind, statement, uses, proof = one["about"]
    return Declared(
        _PRIVATE.sub("", str(name)),
        str(kind),
        str(statement),
        tuple(_PRIVATE.sub("", str(used)) for used in uses),
        None if proof is None else tuple(_PRIVATE.sub("", str(used)) for used in proof),
        tuple(map(str, one["axioms"])),
        str(one["rejected"]),
        places.get(str(name)),
        str(name).startswith("_private."),
        docs.get(str(name), ""),
    )


def _ran(one: Mapping[str, Any]) -> Ran:
    return Ran(
        bool(one.get("closed", False)),
        str(one.get("after", "")).strip("\n"),
        str(one["error"]),
        tuple(str(message["text"]) for message in one.get("messages", ())),
        int(one.get("milliseconds", 0)) / 1000,
        tuple(sorted({str(name) for names in one.get("axioms", ()) for name in names})),
    )


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Turn an answer without the fields that it must have into an error with a name."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenToolError(f"the Lean program answered nonsense: {error!r}.") from error
