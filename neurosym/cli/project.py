"""``neurosym project``: inside a Lean project."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from neurosym.cli import FOUND, OK, streams
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.project.premises import Library
    from neurosym.project.work import File, Project
    from provers.lean.toolchain import Toolchain

app = typer.Typer(
    help="Inside a Lean project: what is proved, filling gaps, suggestions.",
    no_args_is_help=True,
)

_PLACE: Final = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?\Z")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, nothing else.")]
Folder = Annotated[str, typer.Argument(metavar="[DIR]", help="The project, or a folder of it.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=64, help="Leans at once; default: as many as fit."),
]
Corpus = Annotated[
    str | None,
    typer.Option(
        "--premises", metavar="FOLDER", help="A corpus of the library; 'none'; default: the user's."
    ),
]


class Form(StrEnum):
    """How a check is told."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@app.command("scan")
def scan(project: Folder = ".", workers: Workers = None, as_json: AsJson = False) -> int:
    """List modules, theorems and what is not proved; only what changed is elaborated.

    Example: neurosym project scan
    """
    from neurosym.cli import project_reports as reports

    opened = opened_project(project, workers)
    if as_json:
        streams.print_json(opened.scan.data, pretty=True)
    else:
        reports.print_scan(opened.scan)
    return OK


@app.command("check")
def check(
    project: Folder = ".",
    form: Annotated[Form, typer.Option("--format", help="How to tell it.")] = Form.TABLE,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="Write it there instead.")
    ] = None,
    workers: Workers = None,
) -> int:
    """Judge every theorem: no sorry, no axiom of its own, and the kernel accepts it again.

    Exit status 1 where one of them is not proved, or a module has errors.

    Example: neurosym project check --format github
    """
    from neurosym import __version__
    from neurosym.cli import project_reports as reports
    from neurosym.project.sarif import github, sarif

    opened = opened_project(project, workers)
    found = opened.scan
    match form:
        case Form.TABLE:
            text = reports.check_text(found)
        case Form.JSON:
            text = json.dumps(found.data, ensure_ascii=False, indent=2)
        case Form.SARIF:
            text = json.dumps(sarif(found, __version__), ensure_ascii=False, indent=2)
        case Form.GITHUB:
            text = "\n".join(github(found))
    if out is not None:
        try:
            Path(out).write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"'{out}' cannot be written ({error.strerror}).") from error
    elif text:
        streams.print_line(text)
    return OK if found.sound else FOUND


@app.command("prove")
def prove(
    place: Annotated[
        str, typer.Argument(metavar="[FILE[:LINE]]", help="A file, a line of it, or a folder.")
    ] = ".",
    seconds: Annotated[
        float, typer.Option("--timeout", min=1, max=3600, help="Seconds for each sorry.")
    ] = 30.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")
    ] = False,
    no_refute: Annotated[
        bool, typer.Option("--no-refute", help="Look for no counterexamples.")
    ] = False,
    premises: Corpus = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Fill each sorry with a proof, once the whole file was checked with it.

    What is false is reported with a counterexample. Exit status 1 where a sorry is left.

    Example: neurosym project prove MyProject/Basic.lean:12 --dry-run
    """
    from neurosym.cli import project_reports as reports
    from neurosym.project.work import keep
    from provers.base import Limits
    from provers.lean.pool import default_workers

    file, line, _ = read_place(place)
    opened = opened_project(str(file), workers)
    holes = opened.chosen(file, line)
    begun = time.monotonic()
    done: list[File] = []
    with _library(premises, opened) as library:
        for one in opened.fill(
            holes,
            Limits(seconds),
            library=library,
            refute=not no_refute,
            workers=workers or min(2, default_workers()),
        ):
            if not dry_run:
                keep(one)
            done.append(one)
            if not as_json:
                reports.print_file(one, opened, dry_run=dry_run)
    filled = [each for one in done for each in one.filled]
    if as_json:
        streams.print_json(
            reports.filled_data(done, opened, time.monotonic() - begun, dry_run=dry_run),
            pretty=True,
        )
    else:
        reports.print_filled(filled)
    return OK if all(one.verdict == "proved" for one in filled) else FOUND


@app.command("suggest")
def suggest(
    place: Annotated[str, typer.Argument(metavar="FILE:LINE:COL", help="A place in a proof.")],
    premises: Corpus = None,
    as_json: AsJson = False,
) -> int:
    """Show the goal at a place, tactics that make progress there, and premises.

    Example: neurosym project suggest MyProject/Basic.lean:12:3
    """
    from neurosym.cli import project_reports as reports
    from neurosym.project.premises import Nearby
    from neurosym.project.suggest import Adviser

    file, line, column = read_place(place)
    if line is None:
        raise InputError("a place is FILE:LINE:COL, as Basic.lean:12:3.")
    opened = opened_project(str(file), None, with_imports_of=file)
    layout = opened.built.layout
    module = opened.built.modules[layout.name_of(file)]
    with _library(premises, opened) as library:
        adviser = Adviser(opened.built, select=Nearby(opened.built, library).names)
        try:
            text = module.file.read_bytes().decode().replace("\r\n", "\n")
            advice = adviser.advise(module, text, (line, max(0, (column or 1) - 1)))
        finally:
            adviser.close()
    if as_json:
        streams.print_json(advice.data, pretty=True)
    else:
        reports.print_advice(advice)
    return OK if advice.tactics or not advice.goal else FOUND


def read_place(text: str) -> tuple[Path, int | None, int | None]:
    """A file or folder, and the line and column behind it, both from 1.

    Raises InputError for a place that is not there.
    """
    found = _PLACE.match(text)
    if found is None or not Path(found["file"]).exists():
        raise InputError(f"there is no file or folder '{text}'.")
    line, column = found["line"], found["column"]
    return Path(found["file"]), int(line) if line else None, int(column) if column else None


def opened_project(
    place: str, workers: int | None, *, with_imports_of: Path | None = None
) -> Project:
    """The project of a place, with its changed modules built."""
    from neurosym.cli import setup
    from neurosym.project.work import Project
    from provers.lean import lake
    from provers.lean.pool import default_workers

    layout = lake.find(Path(place))
    only = None if with_imports_of is None else [layout.name_of(with_imports_of)]
    with setup.progress("Starting Lean", {"build": "Elaborating"}) as tell:
        return Project.open(
            toolchain(layout.folder),
            layout.folder,
            workers=workers or min(2, default_workers()),
            only=only,
            tell=None if tell is None else lambda _, done, total: tell("build", done, total),
        )


def toolchain(folder: Path) -> Toolchain:
    """The Lean that a project asks for, else the one that is there."""
    from neurosym.cli import setup
    from provers.lean import toolchain as toolchains

    setup.ensure()
    return toolchains.ensure(project=folder)


@contextlib.contextmanager
def _library(given: str | None, opened: Project) -> Iterator[Library | None]:
    """What names premises of the library for a goal, if the user has a corpus."""
    from neurosym.cli.searching import user_hints
    from neurosym.settings import project_corpus
    from provers.lean.base import LeanVersion

    lean = opened.built.toolchain
    own = project_corpus(opened.built.layout.folder)
    if given is None and (own / "index").is_dir():
        given = str(own)
    hints = user_hints(given, lambda: LeanVersion(lean.version, lean.kind))
    named: Callable[[str, Any], list[str]] | None = None if hints is None else hints.names
    yield named
