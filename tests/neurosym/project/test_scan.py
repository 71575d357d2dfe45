"""What is in a project, and how a check tells it."""

import json

from neurosym.project.sarif import findings, github, sarif
from neurosym.project.scan import premises_of, verdict
from neurosym.project.work import Project


def test_theorems_have_verdicts_and_places(shop: Project) -> None:
    of = {theorem.name: theorem for theorem in shop.scan.theorems}
    assert verdict(of["Shop.Tree.mirror_leaf"].result) == "proved"
    assert verdict(of["Shop.Tree.size_mirror"].result) == "sorry"
    rests = of["Shop.size_mirror_twice"]
    assert verdict(rests.result) == "rests_on_sorry"
    assert (rests.file, rests.line) == ("Shop/Use.lean", 6)
    assert [one.name for one in premises_of(rests, shop.scan)] == ["Shop.Tree.size_mirror"]
    lines = [t.line for t in shop.scan.theorems if t.module == "Shop.Use"]
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_gaps_stand_in_declarations(shop: Project) -> None:
    assert [(hole.declaration, hole.where) for hole in shop.scan.holes] == [
        ("Shop.Tree.size_mirror", "Shop/Tree.lean:24:3"),
        ("Shop.Tree.size_pos", "Shop/Tree.lean:27:3"),
        ("Shop.split", "Shop/Use.lean:11:5"),
        ("Shop.split", "Shop/Use.lean:12:5"),
        ("Shop.term", "Shop/Use.lean:14:45"),
        ("Shop.not_found", "Shop/Use.lean:17:3"),
    ]
    assert [hole.gap.term for hole in shop.scan.holes] == [False] * 4 + [True, False]


def test_the_whole_as_json(shop: Project) -> None:
    data = json.loads(json.dumps(shop.scan.data))
    assert data["summary"]["sorries"] == 6 and data["summary"]["modules"] == 2
    assert data["summary"]["verdicts"] == {"proved": 1, "rests_on_sorry": 1, "sorry": 5}
    assert data["modules"][1]["imports"] == ["Shop.Tree"]
    assert data["modules"][0]["imported_by"] == 1
    assert not shop.scan.sound


def test_findings_are_at_their_lines_in_every_form(shop: Project) -> None:
    found = list(findings(shop.scan))
    assert {one.rule for one in found} == {"sorry", "rests_on_sorry"}
    document = sarif(shop.scan, "1.0")
    (run,) = document["runs"]
    assert document["version"] == "2.1.0" and len(run["results"]) == len(found) == 6
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules
    region = run["results"][0]["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "Shop/Tree.lean"
    assert region["region"]["startLine"] == found[0].line
    lines = list(github(shop.scan))
    assert lines[0].startswith("::warning file=Shop/Tree.lean,line=23,col=1,title=sorry::")
    assert all("\n" not in line for line in lines)
