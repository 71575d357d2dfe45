"""``neurosym premises``: a corpus of a few modules of a real Lean, and what is refused."""

from __future__ import annotations

import json
import shutil
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
    from provers.lean import build as modules
    from tests.neurosym.premises.made import Shelf, decl

    shelf = Shelf(tmp_path / "root")
    shelf.add("Mine", "", [decl("mine", proof="mine")])
    shelf.install(monkeypatch)
    project = modules.Importable(("Init", "Mine"), (), (("Mine.Wrong", "line 3: no"),))
    monkeypatch.setattr(modules, "open_project", lambda *arguments: project)
    monkeypatch.setattr("neurosym.cli.setup.ensure", lambda: None)
    monkeypatch.setattr("provers.lean.toolchain.ensure", lambda project: shelf.toolchain)
    out = tmp_path / "corpus"
    words = ["premises", "build", "--project", str(tmp_path), "--out", str(out)]
    assert run(words) == FOUND
    assert "Not compiled: Mine.Wrong: line 3: no." in capsys.readouterr().out
    assert build.Corpus(out).manifest.left_out == {"Mine.Wrong": "line 3: no"}


# --- searching in it -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def indexed(built: Path) -> Path:
    assert run(["premises", "index", "--corpus", str(built)]) == OK
    return built


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Option.map f none = none", "Option.map_none"),
        ("Option.map_some", "Option.map_some"),
        ("map a function over the value of an option", "Option.map"),
    ],
)
def test_goals_and_english_find_premises(
    indexed: Path, capsys: pytest.CaptureFixture[str], query: str, wanted: str
) -> None:
    capsys.readouterr()
    words = ["premises", "search", query, "--corpus", str(indexed), "-k", "10", "--json"]
    assert run(words) == OK
    found = json.loads(capsys.readouterr().out)
    assert wanted in [one["name"] for one in found["premises"]]
    assert len(found["premises"]) == 10 and found["notes"] == []
    assert set(found["premises"][0]["ranks"]) == {"bm25", "overlap", "dense", "prior"}
    assert run(["premises", "search", query, "--corpus", str(indexed)]) == OK
    assert wanted in capsys.readouterr().out


def test_only_what_a_module_may_use(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    words = ["premises", "search", "Option.map_some", "--corpus", str(indexed), "--json"]
    assert run([*words, "--module", "Init.Core"]) == OK
    found = json.loads(capsys.readouterr().out)["premises"]
    assert found and not any(one["name"].startswith("Option.map_") for one in found)


def test_words_alone_are_searched_where_there_is_no_encoder(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "corpus"
    shutil.copytree(built, place)
    assert run(["premises", "index", "--corpus", str(place), "--encoder", "none"]) == OK
    capsys.readouterr()
    assert run(["premises", "search", "Option.map_some", "--corpus", str(place)]) == OK
    said = capsys.readouterr().out
    assert said.startswith("Option.map_some") and "without an encoder" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", " "], "the query is empty"),
        (["search", "x" * 1_000_000], "1,000,000 characters"),
        (["search", "x", "--module", "No.Such"], "no module 'No.Such'"),
        (["index", "--encoder", "./no-such-folder"], "there is no encoder in './no-such-folder'"),
    ],
)
def test_what_cannot_be_searched(
    indexed: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(["premises", *words, "--corpus", str(indexed)]) == USAGE
    assert said in capsys.readouterr().err


def test_a_corpus_without_an_index_says_what_to_do(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "corpus"
    shutil.copytree(built, place, ignore=shutil.ignore_patterns("index"))
    assert run(["premises", "search", "x", "--corpus", str(place)]) == USAGE
    assert "run neurosym premises index again" in capsys.readouterr().err


# --- in a batch ------------------------------------------------------------------------------


def test_a_batch_gives_lean_the_premises_of_a_corpus(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = (
        "import Init.Data.Option.Basic\n\n"
        "theorem t (P : Option Nat → Prop) (h : P none) : P (some 3)"
    )
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"id": "t", "language": "lean4", "statement": statement}) + "\n")
    place = tmp_path / "corpus"
    shutil.copytree(indexed, place)
    out = str(tmp_path / "run")
    words = ["batch", "run", str(file), "--out", out, "--corpus", str(place), "--quiet"]
    assert run([*words, "--no-negate"]) == OK
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["configuration"]["corpus"] == str(place)
    (line,) = (tmp_path / "run" / "results.jsonl").read_text().splitlines()
    tried = json.loads(line)["output"]["evidence"]["tried"]
    assert ["selection", "32 premises"] in [one[:2] for one in tried]
    index = place / "index" / "index.json"
    index.write_text(index.read_text() + "\n")
    capsys.readouterr()
    assert run(["batch", "run", str(file), "--out", out, "--no-negate"]) == USAGE
    assert "corpus" in capsys.readouterr().err
    assert run(["batch", "run", "--out", out]) == USAGE
    assert "is not the one that the run began with" in capsys.readouterr().err
    none = ["batch", "run", str(file), "--out", str(tmp_path / "other"), "--corpus", str(tmp_path)]
    assert run(none) == USAGE
    assert "no finished index of premises" in capsys.readouterr().err
