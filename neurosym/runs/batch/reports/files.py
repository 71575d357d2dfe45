"""Reports in a folder: ``report.html``, ``report.md`` and ``plots``."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

from neurosym.runs.batch.reports.composition import compose
from neurosym.runs.batch.reports.html import write_html
from neurosym.runs.batch.reports.markdown import PLOTS, write_markdown
from neurosym.runs.batch.reports.plots import draw
from neurosym.runs.batch.summary import Summary
from provers.errors import InputError

HTML: Final = "report.html"
MARKDOWN: Final = "report.md"


def write_report(summary: Summary, folder: Path) -> tuple[Path, Path]:
    """Write both forms of the report, each file whole or not at all; the paths of both.

    Raises InputError where the folder cannot be written, MissingToolError without matplotlib.
    """
    document = compose(summary, draw(summary))
    try:
        (folder / PLOTS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"the folder '{folder}' cannot be made: {error.strerror}; give another with --out."
        ) from error
    for plot in document.plots():
        _write(folder / PLOTS / f"{plot.name}.svg", f"{plot.svg}\n")
    _write(folder / MARKDOWN, write_markdown(document))
    _write(folder / HTML, write_html(document))
    return folder / HTML, folder / MARKDOWN


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise InputError(
            f"'{path}' cannot be written: {error.strerror}; give another folder with --out."
        ) from error
