"""Small examples that come with the package."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from provers.errors import InputError

_ABOUT = 90


def names() -> tuple[str, ...]:
    """The examples' file names without their ending, in order."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.split(".")[0] for f in files if f.name.endswith((".json", ".txt"))))


def load(name: str) -> tuple[str, str]:
    """An example's file name and text. Raises InputError for a name that is none."""
    for file in resources.files(__name__).iterdir():
        if file.name in (f"{name}.json", f"{name}.txt"):
            return file.name, file.read_text(encoding="utf-8")
    raise InputError(f"There is no example called {name!r}; choose one of {', '.join(names())}.")


def described(name: str) -> dict[str, Any]:
    """An example as fields to fill in: title, beginning, question, premises, solution, world.

    Raises InputError for a name that is none.
    """
    from neurosym.verify.records import record_of, record_of_text

    file, text = load(name)
    record = record_of(json.loads(text)) if file.endswith(".json") else record_of_text(text)
    begin = " ".join([record.question or "", *record.premises]).split()
    return {
        "name": name,
        "title": name.replace("-", " ").capitalize(),
        "about": _beginning(" ".join(begin)),
        "question": record.question or "",
        "premises": record.premises,
        "solution": "\n".join(record.steps or [record.solution or ""]).strip(),
        "world": record.world,
    }


def _beginning(text: str) -> str:
    return text if len(text) <= _ABOUT else f"{text[: _ABOUT - 1].rsplit(' ', 1)[0]} …"
