"""The commands of ``neurosym project`` that make something: pictures, data, new projects."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from neurosym.cli import FOUND, OK, streams
from neurosym.cli.project import AsJson, Folder, Workers, opened_project, toolchain
from neurosym.cli.project import app as app
from provers.errors import InputError

Out = Annotated[str, typer.Option("--out", metavar="FOLDER", help="A new folder for it.")]


@app.command("explain")
def explain(
    place: Annotated[
        str, typer.Argument(metavar="FILE:THEOREM", help="Or the theorem's name alone.")
    ],
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="A picture: .dot, .svg, .png, .pdf, .graphml."),
    ] = None,
    project: Annotated[
        str, typer.Option("--project", metavar="DIR", help="Where no file is named.")
    ] = ".",
    as_json: AsJson = False,
) -> int:
    """Say what a theorem rests on: premises, axioms, and what of it is not proved.

    Example: neurosym project explain MyProject/Basic.lean:double_mod --out premises.svg
    """
    from neurosym.cli import project_reports as reports
    from neurosym.project import explain as explaining

    file, _, name = place.rpartition(":")
    if file and not Path(file).is_file():
        raise InputError(f"there is no file '{file}'.")
    opened = opened_project(file or project, None)
    found = explaining.explain(opened.scan, opened.built, Path(file) if file else None, name)
    if out is not None:
        explaining.draw(found, Path(out))
    if as_json:
        streams.print_json(found.data, pretty=True)
    else:
        reports.print_explained(found)
    return OK


@app.command("trace")
def trace(
    out: Out,
    project: Folder = ".",
    no_replay: Annotated[
        bool, typer.Option("--no-replay", help="Do not run each tactic a second time.")
    ] = False,
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Write theorems with their tactics and states in the shape of LeanDojo's benchmark.

    Exit status 1 where a tactic that was run again left another state.

    Example: neurosym project trace --out traced
    """
    from neurosym import __version__
    from neurosym.project import trace as tracing

    opened = opened_project(project, workers)
    begun = time.monotonic()
    traced = tracing.trace(opened.built, replay=not no_replay)
    lean = opened.built.toolchain
    facts = {
        "theorems": len(traced.theorems),
        "tactics": sum(len(one.tactics) for one in traced.theorems),
        "replayed": traced.replayed,
        "differing": list(traced.differing),
        "lean": lean.version,
        "toolchain": lean.kind,
        "neurosym": __version__,
    }
    tracing.write(traced, Path(out), facts)
    facts["seconds"] = round(time.monotonic() - begun, 1)
    if as_json:
        streams.print_json({"folder": out, **facts}, pretty=True)
    else:
        same = traced.replayed - len(traced.differing)
        again = "" if no_replay else f"; run again, {same} of {traced.replayed} left the same state"
        streams.print_line(
            f"{facts['theorems']} theorems with {facts['tactics']} tactics are in {out}{again}."
        )
    return FOUND if traced.differing else OK


@app.command("init")
def init(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A new folder.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Of the library; default: the folder's.")
    ] = None,
    glue: Annotated[
        bool,
        typer.Option("--glue", help="Only tasks, hook and action, for a project that is there."),
    ] = False,
) -> int:
    """Make a project that builds at once, with an editor's tasks, a commit hook and a CI action.

    Example: neurosym project init MyProject
    """
    from neurosym.project import create
    from provers.lean import lake

    place = Path(folder)
    if glue:
        made = create.add_glue(lake.find(place).folder)
    else:
        stem = place.resolve().name
        made = create.create(place, name or stem[:1].upper() + stem[1:])
    for file in made:
        streams.print_line(os.path.relpath(file))
    return OK


@app.command("watch")
def watch(project: Folder = ".", workers: Workers = None) -> int:
    """Check the project, and again whenever a file is saved; Ctrl-C ends it.

    Example: neurosym project watch
    """
    from neurosym.cli import project_reports as reports
    from neurosym.project.watch import watch as watching
    from provers.lean import lake
    from provers.lean.pool import default_workers

    layout = lake.find(Path(project))
    lean = toolchain(layout.folder)
    for found in watching(lean, layout.folder, workers=workers or min(2, default_workers())):
        streams.print_line(f"{time.strftime('%H:%M:%S')} {reports.check_text(found)}")
    return OK


@app.command("index")
def index(
    project: Folder = ".",
    encoder: Annotated[
        str, typer.Option("--encoder", metavar="NAME", help="A sentence encoder; none: by words.")
    ] = "none",
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Make a corpus of the project and the library, and what searches in it need.

    The other commands use it then, and neurosym premises search --corpus.

    Example: neurosym project index
    """
    from neurosym.cli import premises_search
    from neurosym.premises import build as building
    from neurosym.premises.corpus import require
    from neurosym.settings import project_corpus
    from provers.lean.pool import default_workers

    require()
    opened = opened_project(project, workers)
    built = opened.built
    place = project_corpus(built.layout.folder)
    request = building.Request(
        built.toolchain,
        built.header,
        built.path,
        built.left_out,
        workers or min(2, default_workers()),
    )
    building.build(request, place)
    return premises_search.index(place, encoder, None, as_json)


@app.command("augment")
def augment(
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="Where the mutants go.")],
    project: Folder = ".",
    number: Annotated[int, typer.Option("--number", min=1, help="Theorems to begin with.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Of the sample.")] = 0,
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Change the project's theorems into others that follow from them (neurosym augment lean).

    Needs neurosym project index first. Exit status 1 where theorems could not be used.

    Example: neurosym project index && neurosym project augment --out mutants.jsonl
    """
    from neurosym.augment.lean.files import grow_into
    from neurosym.augment.lean.harvest import Harvest
    from neurosym.augment.lean.sources import corpus_seeds
    from neurosym.premises.corpus import Corpus, require
    from neurosym.settings import project_corpus
    from provers.lean.pool import ROOMY_MEGABYTES, Pool, default_workers

    require()
    opened = opened_project(project, workers)
    built = opened.built
    corpus = Corpus(project_corpus(built.layout.folder))
    own = [name for name, module in built.modules.items() if module.compiled]
    seeds = corpus_seeds(corpus, number, modules=own, seed=seed)
    many = workers or min(2, default_workers())
    pool = Pool(built.toolchain, workers=many, megabytes=ROOMY_MEGABYTES, path=built.path)
    try:
        harvest = Harvest(corpus, pool)
        found = grow_into(
            Path(out), seeds, lambda new, there: harvest.grow(new, there, workers=many), None
        )
    finally:
        pool.close()
    facts = {
        "file": out,
        "seeds": len(found),
        "mutants": sum(len(one.mutants) for one in found),
        "failed": sum(bool(one.error) for one in found),
    }
    if as_json:
        streams.print_json(facts, pretty=True)
    else:
        streams.print_line(f"{facts['mutants']} mutants of {facts['seeds']} theorems are in {out}.")
    return FOUND if facts["failed"] else OK


@app.command("formalize")
def formalize(
    english: Annotated[str, typer.Argument(help="What is to be stated.")],
    model: Annotated[
        str, typer.Option("--model", help="A model, as neurosym verify --model takes it.")
    ] = "default",
    samples: Annotated[int, typer.Option("--samples", min=1, max=32, help="Readings.")] = 4,
    seed: Annotated[int, typer.Option("--seed", help="Of what is drawn.")] = 0,
    record: Annotated[
        str | None, typer.Option("--record", metavar="FILE", help="Keep the model's answers.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """State English in Lean: with sorry for a proof, other readings, and what speaks against it.

    Exit status 1 where nothing was stated, or something speaks against it.

    Example: neurosym project formalize "the square of an even number is even"
    """
    from neurosym.cli.modelling import ModelOptions
    from neurosym.cli.modelling import opened as opened_model
    from neurosym.project.formalize import formalize as formalizing
    from provers.lean.pool import Pool

    pool = Pool(toolchain(Path.cwd()), 1)
    try:
        with opened_model(ModelOptions(model, samples, seed=seed, record=record)) as modelling:
            assert modelling is not None
            found = formalizing(english, modelling, pool)
    finally:
        pool.close()
    if as_json:
        streams.print_json(found.data, pretty=True)
    else:
        streams.print_line(found.text or "No reading of it is a statement.")
        for other in found.alternatives:
            streams.print_line(f"-- or:\n{streams.shown(other)}")
        for objection in found.objections:
            streams.print_line(f"-- {streams.shown(objection)}")
    return OK if found.text and not found.objections else FOUND
