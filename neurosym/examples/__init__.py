"""Small examples that come with the package."""

from __future__ import annotations

from importlib import resources

from provers.errors import InputError


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
