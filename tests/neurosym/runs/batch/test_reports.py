"""Reports: what they say, that nothing in them is believed, and how they look in a browser."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from markdown_it import MarkdownIt
from selenium import webdriver
from selenium.webdriver.common.by import By

from neurosym import cli
from neurosym.runs.batch.folder import RunFolder
from neurosym.runs.batch.reports import wording
from neurosym.runs.batch.reports.files import write_report
from neurosym.runs.batch.summary import summarise
from provers.errors import InputError, MissingToolError
from tests.neurosym.runs.batch.made import Made, write_run

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
in_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver (Debian: chromium-driver)"
)
SCRIPT: Final = '<script>document.title="taken"</script>'
HOSTILE: Final = (
    SCRIPT,
    '"><img src=x onerror=document.title="taken">',
    "a|b`c`*d*_e_[x](javascript:alert(1))![y](http://evil.example/z.png)",
    "$\\frac{1}{0}$ \\",
    "\x00\x1b[31m\u202eturned\n\n# a head\n---",
    "_hidden",
    "--> http://evil.example/?a=b&c=d <!-- www.evil.example me@evil.example",
    "日本語の名前",
    "word" * 1500,
    "&lt;b&gt;&amp;",
)
OUTCOMES: Final = (
    "proved",
    "refuted",
    "independent",
    "inconsistent",
    "satisfiable",
    "unknown",
    "ambiguous",
    "untranslated",
    "no_claim",
    "ill_formed",
    "failed",
)


def hostile(number: int, samples: int) -> Iterator[Made]:
    """Problems of 30 sets with long names, by 50 provers, all of whose texts are hostile."""
    rng = random.Random(3)
    sets = [f"a set with a long name, and its number is {i}" for i in range(30 - len(HOSTILE))]
    provers = [f"prover-{i}-of-a-portfolio" for i in range(40)]
    answers = [f"answer {i} is a long one" for i in range(9)]
    for i in range(number):
        attempts = []
        for _ in range(samples):
            outcome = rng.choice(OUTCOMES)
            reason = "" if outcome in OUTCOMES[:5] else rng.choice(("", "timeout", *HOSTILE))
            attempts.append(
                {
                    "outcome": outcome,
                    "reason": reason[:64],
                    "answer": rng.choice([None, *answers, *HOSTILE[:2]]),
                    "prover": rng.choice([*provers, *HOSTILE])[:64],
                    "seconds": rng.lognormvariate(0, 4),
                    "output": {"messages": [{"text": rng.choice(HOSTILE)}]},
                }
            )
        yield Made(
            f"{rng.choice(HOSTILE)}{i}",
            attempts,
            rng.choice([*sets, *HOSTILE])[:64],
            gold=rng.choice([*answers, *HOSTILE[:2]]),
            file=rng.choice(HOSTILE),
            stopped=rng.choice(["all"] * 9 + ["given_up"]),
        )


def ordinary(number: int) -> Iterator[Made]:
    """Problems of three sets, of the kind that runs usually have."""
    rng = random.Random(4)
    for i in range(number):
        form, golds = rng.choice([("folio", ["True", "False"]), ("gsm8k", ["7"]), ("tptp", [None])])
        gold = rng.choice(golds)
        attempts: list[dict[str, Any]] = []
        for _ in range(4):
            if rng.random() < 0.6:
                answer = gold if rng.random() < 0.9 else "False"
                attempts.append(
                    {
                        "outcome": "refuted" if answer == "False" else "proved",
                        "answer": answer,
                        "solved": answer == gold,
                        "prover": rng.choice(["z3", "cvc5"]),
                        "seconds": rng.lognormvariate(-2, 1),
                    }
                )
            else:
                attempts.append({"outcome": "unknown", "reason": "timeout", "seconds": 10.0})
        yield Made(f"{form}/{i}", attempts, form, gold=gold)


@dataclass(frozen=True)
class Report:
    run: RunFolder
    html: Path
    markdown: Path

    @property
    def page(self) -> str:
        return self.html.read_text(encoding="utf-8")

    @property
    def text(self) -> str:
        return self.markdown.read_text(encoding="utf-8")


def reported(run: RunFolder) -> Report:
    return Report(run, *write_report(summarise(run), run.path / "report"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """One report of each sort: hostile with 30 sets, ordinary, one set, and nothing finished."""
    folder = tmp_path_factory.mktemp("runs")
    runs = {
        "hostile": write_run(
            folder / "hostile",
            hostile(400, 2),
            samples=2,
            records=1000,
            model=SCRIPT,
            versions={SCRIPT: HOSTILE[2]},
        ),
        "ordinary": write_run(folder / "ordinary", ordinary(120), samples=4, early_stop=False),
        "single": write_run(folder / "single", [Made("a"), Made("b", [{"seconds": 2.0}])]),
        "empty": write_run(folder / "empty", [], records=7),
    }
    return {name: reported(run) for name, run in runs.items()}


# --- what they say -----------------------------------------------------------------------------


def plots(report: Report) -> set[str]:
    return {file.stem for file in (report.html.parent / "plots").iterdir()}


def test_an_ordinary_report(reports: dict[str, Report]) -> None:
    report = reports["ordinary"]
    assert plots(report) == {
        "outcomes-by-set",
        "outcomes-by-prover",
        "pass-at-k",
        "cactus",
        "failures",
        "agreement-of-samples",
        "agreement-of-provers",
        "answers-1",
        "answers-2",
    }
    for text in (report.page, report.text):
        assert "unbiased estimator" in text
        assert "ab" * 32 in text  # the input's hash
        assert "4.15.4.0" in text and "portfolio" in text  # versions and configuration
        assert "incomplete" not in text and "given up" not in text
        assert "timeout" in text


def test_an_incomplete_run_says_so_first(reports: dict[str, Report]) -> None:
    report = reports["hostile"]
    said = "This run is incomplete: 400 of 1,000 problems are finished, and it is not at work."
    assert re.search(rf'<h1>.*</h1>\s*<p class="warning" role="alert">{said}', report.page)
    assert report.text.split("\n")[2].startswith(f"**{said}")
    assert "problems were given up" in report.page


def test_plots_without_anything_in_them_are_left_out(reports: dict[str, Report]) -> None:
    empty, single = reports["empty"], reports["single"]
    assert plots(empty) == set()
    for text in (empty.page, empty.text):
        assert "0 of 7 problems are finished" in text and "There are no figures yet." in text
        assert "no outcomes to plot" in text
    assert plots(single) == {"outcomes-by-set", "outcomes-by-prover", "cactus"}
    for text in (single.page, single.text):
        assert "One sample a problem was made, so there is no curve: pass@1 is" in text.replace(
            "&#64;", "@"
        )
        assert "Every finished problem was decided." in text


def test_the_estimator_is_named(tmp_path: Path) -> None:
    unknown = {"outcome": "unknown"}
    problems = [Made("a", [unknown, {}], stopped="solved"), Made("b", [unknown] * 3)]
    page = reported(write_run(tmp_path / "run", problems, samples=3)).page
    assert "solved within their first k samples" in page and "unbiased" not in page


def test_the_same_run_has_the_same_report(reports: dict[str, Report], tmp_path: Path) -> None:
    report = reports["single"]
    again = write_report(summarise(report.run), tmp_path / "again")
    assert [file.read_bytes() for file in again] == [
        file.read_bytes() for file in (report.html, report.markdown)
    ]


def test_the_precision_of_refuted_steps_is_in_it(tmp_path: Path) -> None:
    steps = [{"index": 1, "verdict": "refuted", "flags": []}]
    output = {"verdict": "refuted", "steps": steps, "error_steps": [1]}
    problem = Made("a", [{"outcome": "refuted", "output": output}], "prmbench", "verify")
    text = reported(write_run(tmp_path / "run", [problem])).text
    assert "## Refuted steps against labels" in text
    assert "| all refuted steps | 1 | 100.0% (1 of 1) |" in text


# --- nothing in them is believed -----------------------------------------------------------------


@dataclass
class Read(HTMLParser):
    """What a browser would make of a page: elements with attributes, and texts."""

    tags: set[str] = field(default_factory=set)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


PAGE_TAGS: Final = {
    *("html", "head", "meta", "title", "style", "body", "section", "h1", "h2", "p", "dl", "dt"),
    *("dd", "div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"),
    *("svg", "defs", "g", "path", "use", "clippath", "rect", "pattern"),
}


def test_the_page_holds_texts_and_nothing_else_from_a_run(reports: dict[str, Report]) -> None:
    read = Read()
    read.feed(reports["hostile"].page)
    assert read.tags <= PAGE_TAGS
    for tag, name, value in read.attributes:
        assert not name.startswith("on") and name != "src", (tag, name)
        if name.endswith("href"):
            assert tag == "use" and value.startswith("#")
        if "url(" in value:
            assert re.fullmatch(r"(?:[^()]|url\(#[\w-]+\))*", value)
    texts = "\n".join(read.texts)
    for shown in (SCRIPT, HOSTILE[1], HOSTILE[7], HOSTILE[9], "日本語の名前"):
        assert shown in texts
    assert not any(c in texts for c in "\x00\x1b\u202e")
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids)) > 100
    used = {value[1:] for _, name, value in read.attributes if name.endswith("href")}
    assert used <= set(ids)


def test_nothing_is_loaded_from_anywhere(reports: dict[str, Report]) -> None:
    for report in reports.values():
        code = re.sub(r'xmlns(:\w+)?="[^"]*"', "", report.page)
        shown = Read()
        shown.feed(code)
        assert not any("//" in value for _, _, value in shown.attributes)
        assert "default-src 'none'" in code
        assert "@import" not in code and "<link" not in code


def test_markdown_shows_texts_and_nothing_else_from_a_run(reports: dict[str, Report]) -> None:
    report = reports["hostile"]
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "linkify", "strikethrough"])
    reader.options["linkify"] = False
    tokens = reader.parse(report.text)
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "fence", "code_block", "hr", "bullet_list_open"}
    inside = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inside} <= {
        "text",
        "text_special",
        "image",
        "strong_open",
        "strong_close",
    }
    images = [str(child.attrs["src"]) for child in inside if child.type == "image"]
    assert len(images) == len(plots(report))
    assert all((report.markdown.parent / image).is_file() for image in images)
    cells = [
        "".join(child.content for child in token.children or ())
        for token in tokens
        if token.type == "inline"
    ]
    for shown in (SCRIPT, HOSTILE[2], HOSTILE[3], HOSTILE[7], HOSTILE[9]):
        assert any(shown[:40] in cell for cell in cells), shown
    heads = [token.content for i, token in enumerate(tokens) if tokens[i - 1].tag in ("h1", "h2")]
    assert not any("a head" in head for head in heads)


def test_markdown_makes_no_links_of_addresses(reports: dict[str, Report]) -> None:
    text = reports["hostile"].text
    assert "evil.example" in text
    assert not re.search(r"://|www\.|\S@\S", text)


def test_tables_have_as_many_cells_everywhere(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for block in report.text.split("\n\n"):
            lines = [line for line in block.split("\n") if line.startswith("|")]
            numbers = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
            assert len(numbers) <= 1, lines[:2]


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abcdef…ijk"),
        ("a\nb\x00\u202ec", 10, "a b��c"),
        ("", 10, ""),
        ("x" * 10**6, 10, "xxxxxx…xxx"),
    ],
)
def test_names_are_cut(text: str, most: int, shown: str) -> None:
    assert wording.cut(text, most) == shown


def test_numbers_as_people_read_them() -> None:
    shown = [wording.short(n) for n in (0, 999, 1000, 9949, 9950, 123_456, 1_234_567, 10**10)]
    assert shown == ["0", "999", "1.0k", "9.9k", "10k", "123k", "1.2M", "10G"]
    times = [wording.seconds(s) for s in (0.0, 0.0123, 0.9999, 9.99, 59.6, 3599, 7300, 200_000)]
    assert times == [
        "0.000 s",
        "0.012 s",
        "1.0 s",
        "10.0 s",
        "1 min",
        "59 min 59 s",
        "2 h 1 min",
        "2 days 7 h",
    ]
    assert wording.percent(None) == wording.seconds(None) == "–"


# --- what can go wrong ---------------------------------------------------------------------------


def test_without_matplotlib(
    reports: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    summary = summarise(reports["single"].run)
    with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[batch\]'"):
        write_report(summary, tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_folder_that_cannot_be_made(reports: dict[str, Report], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    summary = summarise(reports["empty"].run)
    with pytest.raises(InputError, match="give another with --out"):
        write_report(summary, tmp_path / "file" / "report")
    with pytest.raises(InputError, match="cannot be made"):
        write_report(summary, Path("/proc/report"))


def test_a_full_disk_leaves_the_report_of_before(
    reports: dict[str, Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = summarise(reports["empty"].run)
    page, _ = write_report(summary, tmp_path)
    before = page.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device"):
        write_report(summary, tmp_path)
    assert page.read_bytes() == before
    assert not list(tmp_path.rglob("*.part"))


# --- on the command line -------------------------------------------------------------------------


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run", [Made("a")], records=2)
    assert cli.run(["batch", "report", str(run.path)]) == 0
    said = capsys.readouterr()
    assert "1 of 2 problems are finished" in said.out and "report.html" in said.out
    assert said.err == ""
    assert (run.path / "report" / "report.md").is_file()
    out = tmp_path / "elsewhere"
    assert cli.run(["batch", "report", str(run.path), "--out", str(out), "--open", "no"]) == 0
    assert (out / "report.html").is_file()


def test_the_command_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run", [Made("a")], records=2)
    assert cli.run(["batch", "report", str(run.path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["run"]["complete"], found["total"]["problems"]) == (False, 1)
    assert not (run.path / "report").exists()
    out = tmp_path / "out"
    assert cli.run(["batch", "report", str(run.path), "--json", "--out", str(out)]) == 0
    json.loads(capsys.readouterr().out)
    assert (out / "report.html").is_file()


def test_the_command_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["batch", "report", str(tmp_path)]) == 2
    assert capsys.readouterr().err.endswith("holds no run: it has no manifest.json.\n")


# --- in a browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for word in [
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-dev-shm-usage",
        "no-first-run",
        "disable-background-networking",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ]:
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield started
    started.quit()


# Texts of a plot that lie over its border, and pairs of texts that lie over each other.
MEASURE: Final = """
const wrong = [];
for (const svg of document.querySelectorAll('svg')) {
  const frame = svg.getBoundingClientRect();
  if (frame.width < 100 || frame.height < 50) wrong.push([svg.id, 'size']);
  const texts = [...svg.querySelectorAll('g[id*="-text_"]')]
    .map(g => [g.id, g.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  if (texts.length < 3) wrong.push([svg.id, 'no texts']);
  texts.forEach(([id, box], i) => {
    if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 ||
        box.top < frame.top - 0.5 || box.bottom > frame.bottom + 0.5) wrong.push([id, 'cut off']);
    for (const [other, beside] of texts.slice(i + 1)) {
      const wide = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
      const high = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
      if (wide > 0.5 && high > 0.5) wrong.push([id, other, wide, high]);
    }
  });
}
return wrong;
"""


@in_browser
@pytest.mark.parametrize("width", [1200, 400])
@pytest.mark.parametrize("name", ["hostile", "ordinary", "single", "empty"])
def test_in_a_browser(
    reports: dict[str, Report], driver: webdriver.Chrome, name: str, width: int
) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.get(reports[name].html.as_uri())
    assert driver.title == f"Run {name}"
    assert len(driver.find_elements(By.TAG_NAME, "svg")) == len(plots(reports[name]))
    assert driver.execute_script(MEASURE) == []
    # The page itself does not scroll sideways, its wide tables do.
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert driver.get_log("browser") == []
    shots = os.environ.get("NEUROSYM_SCREENSHOTS")
    if shots:
        height = driver.execute_script("return document.documentElement.scrollHeight")
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {**metrics, "height": min(height, 8000)}
        )
        assert driver.save_screenshot(str(Path(shots) / f"report-{name}-{width}.png"))
