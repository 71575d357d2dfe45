"""A folder of data sets that appears whole or not at all.

``NAME/SPLIT.jsonl`` are JSON Lines, and ``README.md`` tells Hugging Face's ``datasets`` where they
lie, so that ``load_dataset(folder, NAME)`` reads them; ``arrow/NAME`` is the same in its own
format, for ``load_from_disk``.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from neurosym.augment.export.formal import Row
from provers.errors import InputError

Tables: TypeAlias = Mapping[str, Mapping[str, Sequence[Row]]]
"""Rows by data set and split."""

CARD: Final = "README.md"
ARROW: Final = "arrow"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


def write_folder(out: Path, tables: Tables, card: str, *, arrow: bool = True) -> None:
    """Write the data sets and their card into ``out``, which must not be there yet.

    What has no rows gets no file. All is written beside ``out`` and takes its name at the end.

    Raises InputError where nothing has rows, for a name that is none, where ``out`` is there or
    cannot be written, and, with ``arrow``, where ``datasets`` is not installed.
    """
    full = {
        name: {split: rows for split, rows in splits.items() if rows}
        for name, splits in tables.items()
        if any(splits.values())
    }
    if not full:
        raise InputError("there is nothing to export: no example is left.")
    for name in [*full, *(split for splits in full.values() for split in splits)]:
        if not _NAME.fullmatch(name) or name == ARROW:
            raise InputError(f"{name!r} names no data set: use small letters, digits, - and _.")
    if out.exists():
        raise InputError(f"'{out}' is there already: name another folder, or remove it.")
    with _appearing(out) as partial:
        for name, splits in full.items():
            (partial / name).mkdir()
            for split, rows in splits.items():
                _write_lines(partial / name / f"{split}.jsonl", rows)
        columns = {}
        if arrow:
            columns = {name: _write_arrow(partial, name, list(full[name])) for name in full}
        (partial / CARD).write_text(_front(full, columns) + card, encoding="utf-8")


@contextlib.contextmanager
def _appearing(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` that takes its name once all is written, and is gone else."""
    partial = out.with_name(f"{out.name}.partial")
    try:
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        yield partial
        partial.rename(out)
    except OSError as error:
        raise InputError(
            f"'{out}' could not be written ({error.strerror or error}): nothing is there; make "
            "room, or name another folder."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_lines(file: Path, rows: Sequence[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            try:
                stream.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
            except (TypeError, ValueError) as error:
                raise InputError(f"The row {row.get('id')!r} is no JSON: {error}.") from error


def _write_arrow(folder: Path, name: str, splits: Sequence[str]) -> list[dict[str, Any]]:
    """Write the JSON Lines in the format of ``datasets``; what columns they have, as it says so."""
    try:
        import datasets
    except ImportError as error:
        raise InputError(
            "the package datasets is not installed: pip install 'neurosym[train]', or export "
            "JSON Lines alone."
        ) from error
    rows = {split: _rows(folder / name / f"{split}.jsonl") for split in splits}
    # Of all splits together: one may have nothing in a list that has something in another.
    features = datasets.Dataset.from_list([row for some in rows.values() for row in some]).features
    made = {
        split: datasets.Dataset.from_list(some, features=features) for split, some in rows.items()
    }
    shown = datasets.utils.is_progress_bar_enabled()
    datasets.utils.disable_progress_bars()
    try:
        datasets.DatasetDict(made).save_to_disk(folder / ARROW / name)
    finally:
        if shown:
            datasets.utils.enable_progress_bars()
    columns: list[dict[str, Any]] = features._to_yaml_list()
    return columns


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _front(tables: Tables, columns: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """What ``datasets`` reads at the head of a card: where each data set and split lies, and what
    columns it has (as JSON, which is YAML).
    """
    lines = ["---", "configs:"]
    for name, splits in tables.items():
        lines += [f"- config_name: {name}", "  data_files:"]
        for split in splits:
            lines += [f"  - split: {split}", f"    path: {name}/{split}.jsonl"]
    if columns:
        lines.append("dataset_info:")
    for name, found in columns.items():
        lines += [f"- config_name: {name}", f"  features: {json.dumps(found)}"]
    return "\n".join([*lines, "---", "", ""])
