"""Where things are on disk. Light, so that asking the background process stays quick."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path:
    """The folder for what can be made again: ``NEUROSYM_CACHE``, or ``neurosym`` in the user's."""
    own = os.environ.get("NEUROSYM_CACHE")
    if own:
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neurosym"


def sources() -> Path:
    """The folder of our Lean package: ``package/`` once installed, ``lean/`` in a checkout."""
    installed = Path(__file__).parent / "package"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "lean"
