"""SMT-LIB scripts as they come: what of them is handed to a solver, and what is refused."""

from __future__ import annotations

import re

from provers.base import Message
from provers.errors import InputError
from provers.logic.formats import smtlib

# Commands that change what is asked on the way: such a script has no single answer.
_CHANGING = frozenset({"push", "pop", "reset", "reset-assertions", "check-sat-assuming"})
# Commands that say nothing about the question. Options among them could make a solver write
# files, so they never reach one.
_IDLE = frozenset({"set-option", "set-info", "echo"})
# Solvers skip commands that they do not know, or each knows others: only these are understood.
_STATING = re.compile(r"set-logic|declare-\w[\w-]*|define-\w[\w-]*|assert")
_RELATIONS = frozenset({"declare-rel", "declare-var", "declare-pool", "declare-heap"})


def read_script(text: str) -> str | Message:
    """The part of an SMT-LIB script that a solver is given: up to its one ``check-sat``.

    A message instead for a script that asks several questions. Raises ParseError for text that
    is no script, InputError for one that reaches files.
    """
    kept: list[str] = []
    asked = False
    for name, source in smtlib.commands(text):
        if name == "include":
            raise InputError("A script may not use 'include', which reaches files; remove it.")
        if name in _CHANGING or (name == "check-sat" and asked):
            return Message(
                f"a script with '{name}' asks several questions; give each a script of its own"
            )
        if name == "check-sat":
            asked = True
        elif name == "exit":
            break
        elif name in _IDLE or name.startswith("get-"):
            continue
        elif name in _RELATIONS or not _STATING.fullmatch(name):
            return Message(f"a script with the command '{name[:40]}' is not supported")
        elif not asked:
            kept.append(source)
    return "\n".join(kept)
