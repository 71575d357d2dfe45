"""A project as the commands see it: found, built, and what it takes to work on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from neurosym.project import splice
from neurosym.project.attempt import Suggest
from neurosym.project.fill import Filled, Filler
from neurosym.project.premises import Library, Nearby
from neurosym.project.scan import Hole, Scan, scan
from provers.base import Limits
from provers.errors import InputError
from provers.lean import build, lake
from provers.lean.build import Built, Tell
from provers.lean.pool import Pool
from provers.lean.toolchain import Toolchain

_LEFT: Final = ".new"  # of a file that was being written when somebody killed the writer


@dataclass(frozen=True, slots=True)
class File:
    """What came of a file: its text before and after, and its holes."""

    path: Path
    before: str
    after: str
    filled: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was built, and what is in it."""

    built: Built
    scan: Scan

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Its gaps."""
        return self.scan.holes

    @classmethod
    def open(
        cls,
        toolchain: Toolchain,
        place: Path,
        *,
        workers: int = 1,
        only: Sequence[str] | None = None,
        tell: Tell | None = None,
    ) -> Project:
        """The project that a folder or file is in, its changed modules built.

        Raises InputError where there is none, and BrokenToolError where Lean does not work.
        """
        layout = lake.find(place)
        built = build.build(toolchain, layout, workers=workers, only=only, tell=tell)
        return cls(built, scan(built))

    def chosen(self, place: Path, line: int | None) -> tuple[Hole, ...]:
        """The holes in a file, or in the declaration at a line of it; all for the folder.

        Raises InputError where there are none.
        """
        folder = self.built.layout.folder
        if place.is_dir():
            inside = place.resolve()
            return tuple(h for h in self.holes if (folder / h.file).is_relative_to(inside))
        file = place.resolve()
        found = [h for h in self.holes if (folder / h.file).resolve() == file]
        if line is None:
            return tuple(found)
        exact = [h for h in found if h.gap.start[0] == line]
        if not exact:
            theorem = max(
                (t for t in self.scan.theorems if (folder / t.file).resolve() == file
                 and t.line is not None and t.line <= line),
                key=lambda t: t.line or 0,
                default=None,
            )  # fmt: skip
            exact = [h for h in found if theorem is not None and h.declaration == theorem.name]
        if not exact:
            raise InputError(
                f"there is no sorry at line {line} of '{place}', nor in a proof there."
            )
        return tuple(exact)

    def fill(
        self,
        holes: Sequence[Hole],
        limits: Limits,
        *,
        library: Library | None = None,
        suggest: Suggest | None = None,
        refute: bool = True,
        workers: int = 1,
    ) -> Iterator[File]:
        """Work on holes, file by file and several files at once, in no order; nothing is written.

        Raises InputError where a file changed meanwhile, and BrokenToolError.
        """
        by_file: dict[str, list[Hole]] = {}
        for hole in holes:
            by_file.setdefault(hole.module, []).append(hole)
        nearby = Nearby(self.built, library)
        with ExitStack() as stack:
            checker = None
            if refute:
                checker = Pool(self.built.toolchain, 1, path=self.built.path)
                stack.callback(checker.close)
            idle = [
                Filler(self.built, limits, select=nearby.names, checker=checker, suggest=suggest)
                for _ in range(max(1, min(workers, len(by_file))))
            ]
            for filler in idle:
                stack.callback(filler.close)

            def work(module: str) -> File:
                filler = idle.pop()
                try:
                    own = self.built.modules[module]
                    before = own.file.read_bytes().decode()
                    after, filled = filler.fill(own, before, by_file[module])
                    return File(own.file, before, after, tuple(filled))
                finally:
                    idle.append(filler)

            with ThreadPoolExecutor(len(idle)) as threads:
                yield from threads.map(work, by_file)


def keep(file: File) -> bool:
    """Write a file with its proofs, all or nothing; whether there was anything to write.

    Raises InputError where the file changed meanwhile or cannot be written.
    """
    if file.after == file.before:
        return False
    for left in file.path.parent.glob(f".{file.path.name}.*{_LEFT}"):
        left.unlink(missing_ok=True)
    splice.write(file.path, file.after, file.before)
    return True
