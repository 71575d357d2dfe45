"""What is wrong with an input has a name: a bad record is an item, a bad file is an error."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from neurosym.runs import inputs
from neurosym.runs.ids import Seen
from neurosym.runs.inputs import Skipped
from neurosym.runs.readers.source import MAX_LINE
from provers.errors import InputError

GSM = '{"question": "2 and 3?", "answer": "2 + 3 = 5\\n#### 5"}'
FOLIO = '{"premises": ["Ann is kind."], "conclusion": "Ann is kind.", "label": "True"}'
OWN = '{"id": "%s", "premises": ["P(a)"], "goal": "P(a)"}'
SYMBOLS = "∀∃→ℕ⊢"


def read(*paths: Path, limit: int = 10**9) -> list[inputs.Item]:
    return list(inputs.items(map(str, paths), limit))


def put(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_bad_record_among_many_is_an_item_of_its_own(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "g.jsonl",
        GSM,
        '{"question": "2 and"',
        "",
        '{"question": "2 and 3?"}',
        '{"id": "mine", "question": 3, "answer": "#### 5"}',
        "7",
        '{"question": "\\ud800", "answer": "#### 5"}',
        GSM,
    )
    items = read(path)
    assert [i.ill_formed for i in items] == [False, True, True, True, True, True, False]
    assert [i.origin.line for i in items] == [1, 2, 4, 5, 6, 7, 8]
    assert [i.id for i in items][3] == "mine"
    reasons = [i.bad for i in items if i.bad]
    assert reasons[0].startswith("the line is not JSON: ") and "column" in reasons[0]
    assert reasons[1] == "the record does not have the fields of gsm8k."
    assert reasons[2] == "the field 'question' is not a string."
    assert reasons[3] == "the record does not have the fields of gsm8k."
    assert "surrogate" in reasons[4]


def test_a_bad_first_line_hides_no_form(tmp_path: Path) -> None:
    items = read(put(tmp_path, "g.jsonl", "{oops}", GSM))
    assert [(i.ill_formed, i.origin.form) for i in items] == [(True, "gsm8k"), (False, "gsm8k")]


def test_a_line_that_is_not_utf8_or_too_long_is_bad_alone(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    long = b'{"question": "' + b"x" * MAX_LINE + b'"}'
    path.write_bytes(
        b"\n".join([GSM.encode(), b'{"question": "\xff"}', long, GSM.encode()]) + b"\n"
    )
    items = read(path)
    assert [i.bad for i in items] == [
        "",
        "the line is not UTF-8 text (byte 14).",
        "the line is longer than 4 MB.",
        "",
    ]
    assert [i.origin.line for i in items] == [1, 2, 3, 4]


def test_duplicate_ids_are_named(tmp_path: Path) -> None:
    one = put(tmp_path, "a.jsonl", OWN % "p1", OWN % "p2", OWN % "p1")
    two = put(tmp_path, "b.jsonl", OWN % "p1")
    items = read(one, two)
    assert [i.id for i in items] == ["p1", "p2", "p1#2", "p1#3"]
    assert items[2].bad == "the id 'p1' is a duplicate: a record before it has it (line 1)."
    assert items[3].ill_formed


def test_files_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    text = "theorem t : 1 = 1 := rfl"
    one, two = put(tmp_path, "a/x.lean", text), put(tmp_path, "b/x.lean", text)
    assert len({i.id for i in read(one, two)}) == 2
    put(tmp_path, "a/x.p", "fof(a, axiom, p).")
    assert [i.id for i in read(tmp_path / "a")] == ["x.lean", "x.p"]


def _binary(folder: Path) -> Path:
    path = folder / "b.jsonl"
    path.write_bytes(b"\x7fELF\0\0" + GSM.encode())
    return path


def _cut_gzip(folder: Path) -> Path:
    path = folder / "g.gz"
    data = "\n".join(GSM.replace("2 and", f"{n} and") for n in range(2000)).encode()
    path.write_bytes(gzip.compress(data)[:-2000])
    return path


def _folder(folder: Path) -> Path:
    path = folder / "empty"
    path.mkdir()
    return path


def _nothing(folder: Path) -> Path:
    put(folder, "f/README.md", "# About", "theorem")
    put(folder, "f/lakefile.lean", "import Lake", "open Lake DSL")
    put(folder, "f/.hidden/x.lean", "theorem t : 1 = 1 := rfl")
    return folder / "f"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda f: put(f, "t.jsonl", GSM, GSM[:-9]), None),
        (lambda f: f / "none.jsonl", "does not exist"),
        (lambda f: put(f, "e", ""), "is empty"),
        (_binary, "is a binary file"),
        (_cut_gzip, "is truncated: its gzip stream ends early"),
        (_folder, "is empty"),
        (_nothing, "there is nothing to prove in the folder"),
        (lambda f: put(f, "m.jsonl", GSM, FOLIO), "mixes kinds: the record on line 2 is folio"),
        (
            lambda f: put(f, "m.jsonl", OWN % "p", '{"steps": ["1 = 1"]}'),
            "mixes kinds: line 2 holds reasoning",
        ),
        (lambda f: put(f, "x", "Dear all,", "hello"), "has no known form"),
        (lambda f: put(f, "x.lean", "import Mathlib"), "has no known form"),
        (lambda f: put(f, "x.json", '[{"a": 1}]'), "has no known form"),
        (lambda f: put(f, "x.json", f"[{GSM}, {GSM} {GSM}]"), "a comma is missing on line 1"),
        (lambda f: put(f, "x.json", f"[{GSM},", "{]]"), "is not JSON: "),
        (lambda f: put(f, "x.json", f"[{GSM}, {GSM}"), "is truncated: it ends inside its array"),
        (lambda f: put(f, "x.json", f"[{GSM}, {GSM[:30]}"), "is truncated"),
    ],
)
def test_a_bad_file_is_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str | None
) -> None:
    path = make(tmp_path)
    if sentence is None:  # the last line has no end
        path.write_bytes(path.read_bytes().rstrip(b"\n"))
        sentence = "is truncated: line 2 ends in the middle of a record"
    with pytest.raises(InputError) as raised:
        read(path)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value) and str(raised.value).endswith(".")


def test_no_input_is_an_error() -> None:
    with pytest.raises(InputError, match="no input"):
        list(inputs.items([]))


def test_a_gzip_file_may_not_grow_without_bound(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress((GSM + "\n").encode() * 10_000))
    assert len(read(path)) == 10_000
    with pytest.raises(InputError, match="decompresses to more than is read"):
        read(path, limit=300_000)


def test_what_a_folder_holds_beside_problems_is_skipped_and_named(tmp_path: Path) -> None:
    put(tmp_path, "README.md", "# About")
    put(tmp_path, "lib/deep/x.lean", "theorem t : 1 = 1 := rfl")
    put(tmp_path, "y.p", "fof(a, axiom, p).")
    put(tmp_path, "z.smt2", "(check-sat)")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    assert [i.id for i in read(tmp_path)] == ["lib/deep/x", "y", "z"]
    skipped = [f for f in inputs.recognised([str(tmp_path)]) if isinstance(f, Skipped)]
    assert [Path(s.file).name for s in skipped] == ["README.md", "picture.png"]
    assert "binary" in skipped[1].reason


def test_an_array_is_read_in_pieces_of_any_size(tmp_path: Path) -> None:
    records = [
        {"question": f"{n} {SYMBOLS * (n % 700)}", "answer": f"#### {n}"} for n in range(400)
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records, indent=1, ensure_ascii=False), encoding="utf-8")
    items = read(path)
    assert [i.gold for i in items] == [str(n) for n in range(400)]
    assert [i.origin.line for i in items] == [2 + 4 * n for n in range(400)]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("array", [False, True])
def test_many_records_flow_through_in_flat_memory(
    tmp_path: Path, packed: bool, array: bool
) -> None:
    def peak(count: int) -> int:
        path = tmp_path / f"{count}"
        lines = (OWN % f"problem-{n}" for n in range(count))
        data = ("[" + ",\n".join(lines) + "]" if array else "\n".join(lines)).encode()
        path.write_bytes(gzip.compress(data, 1) if packed else data)
        del data
        tracemalloc.start()
        assert sum(1 for _ in inputs.items([str(path)])) == count
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    small, large = peak(2_000), peak(20_000)
    # What grows is the table of ids: up to 72 bytes an id while it is copied to a larger one.
    assert large - small < 18_000 * 100


def test_an_id_is_met_again_among_many() -> None:
    seen = Seen()
    assert [seen.add(f"id {n}", n) for n in range(1, 5000)] == [None] * 4999
    assert len(seen) == 4999
    assert [seen.add(f"id {n}", 9) for n in (1, 777, 4999)] == [1, 777, 4999]
