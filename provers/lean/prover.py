"""Lean as a prover: proofs that are given are judged, and bare statements are searched for one."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import threading
import time
from collections.abc import Callable

from provers.base import AnyProblem, LeanProblem, Limits, Message, Result
from provers.errors import BrokenToolError, InputError, NeurosymError
from provers.failures import failure, unsupported
from provers.lean.base import Checker
from provers.lean.hunt import Hunt, Select
from provers.lean.judge import PROVER, judge

# A declaration's name where a message stands.
_HERE = re.compile(r"(?:«[^»\n]*»|[^\s:({\[])+")


class LeanProver:
    """Judges Lean code, and finds proofs and refutations of bare statements; thread-safe.

    It is given a checker, which stays its owner's, or what opens one when it is first needed.
    ``premises`` names what may help to prove a bare statement.
    """

    name = PROVER

    def __init__(
        self, checker: Checker | Callable[[], Checker], *, premises: Select | None = None
    ) -> None:
        self._opening = threading.Lock()  # held while a checker is opened, which may take long
        self._lock = threading.Lock()
        self._closings = 0
        self._premises = premises
        self._open: Callable[[], Checker] | None = None
        self._checker: Checker | None = None
        if callable(checker):
            self._open = checker
        else:
            self._checker = checker

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """Judge the code, or, where there is none, look for a proof or a refutation.

        ``limits`` count from Lean's first answer: starting Lean is not part of them.

        Raises MissingToolError if there is no Lean and none can be set up.
        """
        start = time.monotonic()
        if not isinstance(problem, LeanProblem):
            return unsupported(self.name, problem, 0.0)
        try:
            checker = self.checker()
            if problem.code.strip() or problem.statement is None:
                return _named(judge(checker, problem, limits), problem.code)
            return Hunt(checker, problem.statement, limits, premises=self._premises).run()
        except (InputError, BrokenToolError) as error:
            return failure(self.name, error, time.monotonic() - start)

    def checker(self) -> Checker:
        """The checker, opened now if it has not been.

        Raises MissingToolError or BrokenToolError if it cannot be opened, or was closed meanwhile.
        """
        with self._opening:
            with self._lock:
                if self._checker is not None:
                    return self._checker
                closings = self._closings
            assert self._open is not None
            opened = self._open()
            with self._lock:
                if self._closings == closings:
                    self._checker = opened
                    return opened
        opened.close()
        raise BrokenToolError("Lean was closed while it was being opened.")

    def warm(self) -> None:
        threading.Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        with contextlib.suppress(NeurosymError):  # the first question raises it again
            self.checker().warm()

    def close(self) -> None:
        """Close the checker, if it was opened here; one being opened is closed once it is open."""
        if self._open is None:
            return
        with self._lock:
            self._closings += 1
            opened, self._checker = self._checker, None
        if opened is not None:
            opened.close()


def _named(result: Result, code: str) -> Result:
    """The result, with the names of the theorems that lack a proof, if that is what is wrong."""
    if "sorry" not in result.flags:
        return result
    lines = code.split("\n")
    names = [
        _HERE.match(lines[m.line - 1], (m.column or 1) - 1)
        for m in result.messages
        if "declaration uses" in m.text and m.line is not None and m.line <= len(lines)
    ]
    found = ", ".join(name.group() for name in names if name is not None)
    message = Message(f"not proved: {found}", "error")
    return dataclasses.replace(result, messages=(message, *result.messages)) if found else result
