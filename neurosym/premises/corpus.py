"""A corpus of premises on disk: two Parquet files, and a manifest that says what they hold.

The manifest is written last and names the files by their hashes, so what it speaks of is whole. A
corpus is only read here; ``build`` makes one.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, overload

from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.premises.base import Kind, Premise
from provers.errors import InputError, MissingToolError
from provers.lean.base import LeanVersion
from provers.lean.corpus import Imported

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from numpy.typing import NDArray

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
AGAIN: Final = "run neurosym premises build again"
_CHUNK: Final = 1 << 22


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DataFile(_Strict):
    """A file of the corpus: its name in the folder, size, hash, and number of rows."""

    name: str
    bytes: int
    sha256: str
    rows: int


class Made(_Strict):
    """The Lean that the corpus was taken from, and our program in it."""

    version: str
    toolchain: str
    program: str


class Manifest(_Strict):
    """What a corpus holds. ``kinds`` counts its declarations.

    ``omitted`` counts, by reason and kind, what no proof would name. ``lean_*`` are Lean's own
    counts of all constants. ``docs``, ``places`` and ``proofs`` count the declarations of which
    Lean has a docstring, a place in a file, and a proof or value. ``unread`` are attributes that
    were not looked for. ``left_out`` are modules of a project that could not be compiled.
    """

    format: int
    made: Made
    header: tuple[str, ...]
    date: str
    modules: int
    declarations: int
    kinds: dict[str, int]
    omitted: dict[str, dict[str, int]]
    attributes: dict[str, int]
    lean_constants: int
    lean_theorems: int
    lean_definitions: int
    docs: int
    places: int
    proofs: int
    unread: tuple[str, ...]
    left_out: dict[str, str]
    declarations_file: DataFile
    modules_file: DataFile


@dataclass(frozen=True, slots=True)
class ModuleOf:
    """A module of a corpus, at its place in import order.

    Its declarations have the indices from ``first``, ``count`` of them. ``closed``: it sees what
    its imports import only as far as they say ``public``. ``key`` names its content, and that of
    all it rests on. ``omitted`` counts what was left out of it, by reason and kind.
    """

    name: str
    first: int
    count: int
    closed: bool
    key: str
    imports: tuple[Imported, ...]
    constants: int
    omitted: tuple[tuple[str, str, int], ...]

    @property
    def indices(self) -> range:
        return range(self.first, self.first + self.count)


def read_manifest(folder: Path) -> Manifest:
    """What a folder holds. Raises InputError where it holds no corpus, or one to build again."""
    file = folder / MANIFEST
    try:
        text = file.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"'{folder}' holds no finished corpus: {AGAIN}.") from error
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise InputError(
            f"'{file}' is damaged, or of another version of neurosym ({where}: {first['msg']}): "
            f"{AGAIN}."
        ) from error
    if manifest.format != FORMAT:
        raise InputError(
            f"'{folder}' has the corpus format {manifest.format}, and this neurosym reads "
            f"{FORMAT}: {AGAIN}."
        )
    return manifest


class Corpus(Sequence[Premise]):
    """An open corpus. Columns are read when they are first asked for, and then kept.

    A premise is found by its index, which its place in the modules' order decides, or by name.
    """

    def __init__(self, folder: Path, *, wanted: LeanVersion | None = None) -> None:
        """Open it, for the Lean that is ``wanted`` if one is.

        Raises InputError where there is none, its files have changed, or it was taken from
        another Lean; MissingToolError without pyarrow.
        """
        self.folder = folder
        self.manifest = read_manifest(folder)
        made = self.manifest.made
        if wanted is not None and (made.version, made.toolchain) != (
            wanted.version,
            wanted.toolchain,
        ):
            raise InputError(
                f"the corpus in '{folder}' is of Lean {made.version} ({made.toolchain}), and "
                f"Lean {wanted.version} ({wanted.toolchain}) is used: {AGAIN}."
            )
        for named in (self.manifest.declarations_file, self.manifest.modules_file):
            _verify(folder, named)
        self._file = _open(folder / self.manifest.declarations_file.name)
        self._columns: dict[str, pa.Array] = {}
        self._marked: dict[str, NDArray[np.bool_]] = {}

    def __len__(self) -> int:
        return self.manifest.declarations

    @overload
    def __getitem__(self, index: int) -> Premise: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Premise]: ...
    def __getitem__(self, index: int | slice) -> Premise | Sequence[Premise]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        line = self.column("line")[index].as_py()
        proof = self.proof(index)
        return Premise(
            index=index,
            name=self.names[index],
            module=self.modules[self.module_of[index]].name,
            kind=self.kinds[index],
            statement=self.column("statement")[index].as_py(),
            doc=self.column("doc")[index].as_py(),
            attributes=tuple(self.column("attributes")[index].as_py()),
            uses=tuple(self.names[i] for i in self.uses(index)),
            proof=None if proof is None else tuple(self.names[i] for i in proof),
            place=None if line is None else (line, self.column("column")[index].as_py()),
        )

    def __iter__(self) -> Iterator[Premise]:
        return (self[i] for i in range(len(self)))

    def find(self, name: str) -> int | None:
        """The index of a declaration by its whole name; None if there is none."""
        return self._index.get(name)

    def index_of(self, name: str) -> int:
        """The index of a declaration. Raises InputError if the corpus has none of that name."""
        found = self.find(name)
        if found is None:
            raise InputError(f"the corpus has no {name!r}: give the whole name of a declaration.")
        return found

    def module(self, name: str) -> ModuleOf:
        """A module by name. Raises InputError if the corpus has none of that name."""
        found = self.module_numbers.get(name)
        if found is None:
            raise InputError(f"the corpus has no module {name!r}.")
        return self.modules[found]

    # --- columns -----------------------------------------------------------------------------

    def column(self, name: str) -> pa.Array:
        """A column as one array. Raises InputError where the file does not have it as it must."""
        if name not in self._columns:
            with _readable(self.folder / self.manifest.declarations_file.name):
                table = self._file.read(columns=[name])
                self._columns[name] = table.column(name).combine_chunks()
        return self._columns[name]

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.column("name").to_pylist())

    @functools.cached_property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(self.column("kind").to_pylist())

    @functools.cached_property
    def module_of(self) -> NDArray[np.int32]:
        """The number of the module of each declaration."""
        found: NDArray[np.int32] = self.column("module").to_numpy(zero_copy_only=False)
        return found

    @functools.cached_property
    def _index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names)}

    def edges(self, column: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The lists of ``uses`` or ``proof`` end to end, and where each begins (rows + 1)."""
        lists = self.column(column)
        starts: NDArray[np.int32] = lists.offsets.to_numpy()
        values: NDArray[np.int32] = lists.values.to_numpy()
        return values, starts

    def marked(self, attribute: str) -> NDArray[np.bool_]:
        """Whether each declaration has an attribute."""
        import numpy as np

        if attribute not in self._marked:
            lists = self.column("attributes")
            owners = np.repeat(np.arange(len(self)), np.diff(lists.offsets.to_numpy()))
            has = np.array([one == attribute for one in lists.values.to_pylist()], dtype=bool)
            found = np.zeros(len(self), dtype=bool)
            found[owners[has]] = True
            self._marked[attribute] = found
        return self._marked[attribute]

    def uses(self, index: int) -> NDArray[np.int32]:
        """The indices of the declarations in a statement."""
        values, starts = self._uses
        return values[starts[index] : starts[index + 1]]

    def proof(self, index: int) -> NDArray[np.int32] | None:
        """The indices of those in a proof or value; None where Lean has none."""
        if self.column("proof")[index].as_py() is None:
            return None
        values, starts = self._proofs
        return values[starts[index] : starts[index + 1]]

    @functools.cached_property
    def _uses(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return self.edges("uses")

    @functools.cached_property
    def _proofs(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return self.edges("proof")

    # --- modules -----------------------------------------------------------------------------

    @functools.cached_property
    def modules(self) -> tuple[ModuleOf, ...]:
        file = self.folder / self.manifest.modules_file.name
        with _readable(file):
            rows = _open(file).read().to_pylist()
        return tuple(
            ModuleOf(
                name=row["name"],
                first=row["first"],
                count=row["count"],
                closed=row["closed"],
                key=row["key"],
                imports=tuple(Imported(**one) for one in row["imports"]),
                constants=row["constants"],
                omitted=tuple((o["reason"], o["kind"], o["count"]) for o in row["omitted"]),
            )
            for row in rows
        )

    @functools.cached_property
    def module_numbers(self) -> dict[str, int]:
        return {module.name: number for number, module in enumerate(self.modules)}


def require() -> None:
    """Raises MissingToolError where what reads and writes corpora is not installed."""
    for name in ("numpy", "pyarrow"):
        if find_spec(name) is None:
            raise MissingToolError(f"{name} is not installed: pip install 'neurosym[premises]'.")


def digest(file: Path) -> str:
    """The hash of a file's content."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _verify(folder: Path, named: DataFile) -> None:
    """Raises InputError where a file is not what the manifest says."""
    file = folder / named.name
    if os.sep in named.name or not file.is_file():
        raise InputError(f"the corpus in '{folder}' has lost its file {named.name!r}: {AGAIN}.")
    try:
        same = file.stat().st_size == named.bytes and digest(file) == named.sha256
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    if not same:
        raise InputError(f"'{file}' has changed since it was written: {AGAIN}.")


def _open(file: Path) -> pq.ParquetFile:
    require()
    import pyarrow.parquet as pq

    with _readable(file):
        return pq.ParquetFile(file, memory_map=True)


@contextlib.contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Turn what pyarrow says of a file into one sentence with what to do."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, KeyError) as error:
        raise InputError(f"'{file}' cannot be read ({error}): {AGAIN}.") from error
