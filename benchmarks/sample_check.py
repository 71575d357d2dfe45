"""Check the sample project and the list of its sorries, from nothing.

Counts first, by text. Then Lean compiles the project as it is, and a copy of it where each true
sorry is replaced by its reference proof, and where each false theorem is followed by a proof that
its closed statement is what the theorem says, and by the disproof. In the copy any warning is an
error but for the sorries of the false theorems, so no sorry can be left unseen.

    python -m benchmarks.sample_check
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from provers.lean import toolchain
from provers.lean.build import open_project

SAMPLE: Final = Path(__file__).resolve().parent / "sample"
SORRIES: Final = SAMPLE / "sorries.json"
COPY: Final = Path(tempfile.gettempdir()) / "neurosym-check-sample"
"""Always the same folder, so that what was compiled for it is used, and replaced, next time."""
MODULES: Final = 60
THEOREMS: Final = 400
GRADES: Final = {"easy": 40, "medium": 40, "hard": 20, "false": 20}
_THEOREM: Final = re.compile(r"^(?:@\[[^\]]*\] )?(?:private |protected )*theorem (\S+)", re.M)
_FORBIDDEN: Final = re.compile(
    r"\b(?:axiom|unsafe|partial def|macro|macro_rules|syntax|elab|elab_rules|native_decide)\b"
    r"|\b(?:Mathlib|admit)\b|#eval"
)

Row = dict[str, str]


def counts(files: dict[str, str], rows: list[Row]) -> list[str]:
    """What is wrong with the numbers of modules, theorems and sorries."""
    wrong: list[str] = []

    def expect(what: str, found: int, wanted: int) -> None:
        print(f"{what}: {found}")
        if found != wanted:
            wrong.append(f"{what}: {found}, not {wanted}")

    expect("modules", len(files), MODULES)
    expect("theorems", sum(len(_THEOREM.findall(text)) for text in files.values()), THEOREMS)
    expect("sorries", sum(_sorries(text) for text in files.values()), sum(GRADES.values()))
    expect("rows", len({(row["file"], row["theorem"]) for row in rows}), sum(GRADES.values()))
    graded = Counter(row["grade"] for row in rows)
    for grade in sorted(GRADES.keys() | graded.keys()):
        expect(grade, graded[grade], GRADES.get(grade, 0))
    for name, text in files.items():
        for found in _FORBIDDEN.findall(text):
            wrong.append(f"{name}: it contains '{found}'")
    return wrong


def false_unused(files: dict[str, str], rows: list[Row]) -> list[str]:
    """Where a false theorem is named outside its own statement, in a file or in a proof."""
    wrong: list[str] = []
    for row in rows:
        if row["grade"] == "false":
            name = re.compile(rf"(?<![\w.'])(?:\w+\.)*{re.escape(_last(row))}(?![\w'])")
            text = [other.get("proof", "") for other in rows]
            text += [body for file, body in files.items() if file == row["file"]]
            if sum(len(name.findall(part)) for part in text) != 1:
                wrong.append(f"{row['theorem']}: it is false, and named more than once")
    return wrong


def solved(text: str, rows: list[Row]) -> str:
    """A file with its proofs put in, and its false theorems followed by what refutes them.

    Raises ValueError where a row does not fit the file.
    """
    for row in rows:
        start, end = _block(text, row)
        block = text[start:end]
        if row["grade"] == "false":
            name = block[_found(block).start(1) : _found(block).end(1)]
            block = f"set_option warningAsError false in\n{block}"
            block += (
                f"\n\nset_option warningAsError false in\nexample : {row['statement']} := @{name}"
            )
            block += f"\n\nexample : ¬ ({row['statement']}) := {row['disproof']}"
        else:
            place = re.search(r"\bsorry\b", block)
            assert place is not None  # _block saw to it
            column = place.start() - block.rfind("\n", 0, place.start()) - 1
            proof = row["proof"].replace("\n", "\n" + " " * column)
            block = block[: place.start()] + proof + block[place.end() :]
        text = text[:start] + block + text[end:]
    lines = text.split("\n")
    imports = [line for line in lines if line.startswith("import ")]
    return "\n".join(
        [*imports, "set_option warningAsError true", *(li for li in lines if li not in imports)]
    )


def _block(text: str, row: Row) -> tuple[int, int]:
    """From where to where the theorem of a row goes: to the next empty line.

    Raises ValueError unless there is one such theorem, with one sorry in it.
    """
    found = [m for m in _THEOREM.finditer(text) if ("." + row["theorem"]).endswith("." + m[1])]
    found = [m for m in found if "sorry" in text[m.start() : _end(text, m.start())]]
    if len(found) != 1 or _sorries(text[found[0].start() : _end(text, found[0].start())]) != 1:
        raise ValueError(f"{row['file']}: not one sorry in {row['theorem']}")
    return found[0].start(), _end(text, found[0].start())


def _end(text: str, start: int) -> int:
    end = text.find("\n\n", start)
    return len(text) if end < 0 else end


def _found(block: str) -> re.Match[str]:
    found = _THEOREM.search(block)
    assert found is not None
    return found


def _sorries(text: str) -> int:
    return len(re.findall(r"\bsorry\b", text))


def _last(row: Row) -> str:
    return row["theorem"].rpartition(".")[2]


def compiles(folder: Path, what: str) -> list[str]:
    """Compile a project; what is wrong with it."""
    project = open_project(toolchain.ensure(), folder)
    names = [name for name in project.header if name == "Sample" or name.startswith("Sample.")]
    print(f"{what}: {len(names)} modules compiled, {len(project.left_out)} left out")
    wrong = [f"{what}: {module}: {reason}" for module, reason in project.left_out]
    if len(names) != MODULES + 1:  # and the root
        wrong.append(f"{what}: {len(names)} modules, not {MODULES + 1}")
    return wrong


def main() -> int:
    """Print what was checked; 1 if anything is wrong."""
    rows: list[Row] = json.loads(SORRIES.read_text(encoding="utf-8"))
    files = {
        file.relative_to(SAMPLE).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(SAMPLE.glob("Sample/**/*.lean"))
    }
    wrong = counts(files, rows) + false_unused(files, rows)
    wrong += [f"there is no {row['file']}" for row in rows if row["file"] not in files]
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(SAMPLE, COPY)
    for name, text in files.items():
        try:
            made = solved(text, [row for row in rows if row["file"] == name])
        except ValueError as error:
            wrong.append(str(error))
            continue
        left = _sorries(made)
        if left != sum(row["file"] == name and row["grade"] == "false" for row in rows):
            wrong.append(f"{name}: {left} sorries are left")
        (COPY / name).write_text(made, encoding="utf-8")
    wrong += compiles(SAMPLE, "as it is")
    wrong += compiles(COPY, "with proofs and disproofs")
    for line in wrong:
        print("WRONG", line)
    print("all is well" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
