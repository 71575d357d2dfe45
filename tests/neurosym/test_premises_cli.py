"""``neurosym premises``: a corpus of a few modules of a real Lean, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from neurosym.cli import FOUND, OK, USAGE, run
from neurosym.cli.premises import read_header
from provers.errors import InputError

SMALL = "prelude import Init.Data.Option.Basic"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("premises") / "corpus"
    assert run(["premises", "build", "--out", str(out), "--header", SMALL, "--workers", "1"]) == OK
    return out


def test_a_corpus_of_a_real_lean_agrees_with_lean_itself(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["premises", "stats", "--corpus", str(built), "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    omitted = dict.fromkeys(("theorem", "definition"), 0)
    for kinds in facts["omitted"].values():
        for kind in omitted:
            omitted[kind] += kinds.get(kind, 0)
    assert facts["kinds"]["theorem"] + omitted["theorem"] == facts["lean"]["theorems"] > 500
    assert facts["kinds"]["definition"] + omitted["definition"] == facts["lean"]["definitions"]
    assert facts["attributes"]["simp"] > 50 and facts["header"] == ["Init.Data.Option.Basic"]
    assert run(["premises", "stats", "--corpus", str(built)]) == OK
    said = capsys.readouterr().out
    assert "which agrees" in said and f"{facts['kinds']['theorem']:,} theorems" in said


def test_building_again_asks_for_nothing(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    words = ["premises", "build", "--out", str(built), "--header", SMALL, "--json"]
    assert run(words) == OK
    facts = json.loads(capsys.readouterr().out)
    assert (facts["asked"], facts["kept"]) == (0, facts["modules"])


@pytest.mark.parametrize("of", ["declarations", "modules"])
def test_graphs_are_read_by_others(built: Path, tmp_path: Path, of: str) -> None:
    file = tmp_path / "graph.graphml"
    assert run(["premises", "graph", "--corpus", str(built), "--out", str(file), "--of", of]) == OK
    graph = nx.read_graphml(file)
    names = set(graph) if of == "modules" else {n for _, n in graph.nodes(data="name")}
    assert ("Init.Prelude" if of == "modules" else "Option.map_some") in names
    assert graph.number_of_edges() > 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stats", "--corpus", "{tmp}"], "no finished corpus"),
        (["graph", "--corpus", "{tmp}", "--out", "{tmp}/g"], "no finished corpus"),
        (["graph", "--out", "{tmp}/no/g"], "make it first"),
        (["build", "--header", "import 7up"], "'7up' is no name of a module"),
        (["build", "--header", "prelude"], "names no module"),
        (["build", "--project", "{tmp}/no"], "there is no folder"),
        (["build", "--project", "{tmp}"], "no Lake project"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [word.replace("{tmp}", str(tmp_path)) for word in words]
    assert run(["premises", *filled]) == USAGE
    heard = capsys.readouterr()
    assert said in heard.err and heard.out == "" and heard.err.count("\n") == 1


def test_headers() -> None:
    assert read_header("import Std\npublic import Lean") == ("Init", "Std", "Lean")
    assert read_header("Init, Std Std") == ("Init", "Std")
    assert read_header("") == ("Init",)
    with pytest.raises(InputError):
        read_header("../../etc/passwd")


def test_a_project_with_files_left_out_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from neurosym.premises import build
    from provers.lean import lake
    from tests.neurosym.premises.made import Shelf, decl

    shelf = Shelf(tmp_path / "root")
    shelf.add("Mine", "", [decl("mine", proof="mine")])
    shelf.install(monkeypatch)
    project = lake.Project(("Init", "Mine"), (), (("Mine.Wrong", "line 3: no"),))
    monkeypatch.setattr(lake, "open_project", lambda *arguments: project)
    monkeypatch.setattr("neurosym.cli.setup.ensure", lambda: None)
    monkeypatch.setattr("provers.lean.toolchain.ensure", lambda project: shelf.toolchain)
    out = tmp_path / "corpus"
    words = ["premises", "build", "--project", str(tmp_path), "--out", str(out)]
    assert run(words) == FOUND
    assert "Not compiled: Mine.Wrong: line 3: no." in capsys.readouterr().out
    assert build.Corpus(out).manifest.left_out == {"Mine.Wrong": "line 3: no"}
