"""Lean text as text: where the import header ends, and a statement without its proof."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provers.errors import ParseError
from provers.lean.base import INIT, Header

MAX_BYTES = 5_000_000
MODULE = "module"
"""Stands in front of the imports of a file that begins so."""

# What Lean takes for white space: no more than this.
_BLANK = r"[ \t\r\n]"
_SPACE = re.compile(rf"(?:{_BLANK}+|--[^\n]*(?:\n|\Z))*")
_IMPORT = re.compile(
    rf"(?P<public>public{_BLANK}+)?(?P<meta>meta{_BLANK}+)?import(?P<all>{_BLANK}+all)?{_BLANK}+"
)
_PART = r"(?:«[^»\n]+»|[^\W\d][\w'!?]*)"
_NAME = re.compile(rf"{_PART}(?:\.{_PART})*")
_OTHER_MODE = re.compile(r"(?:module|prelude)\b")
# Possessive and anchored, so that megabytes of white space take no quadratic time.
_NO_PROOF = re.compile(r"(?<!\s)\s*+:=\s*+(?:by\b\s*+)?(?:sorry\b|admit\b)?\s*+\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """A file in two parts. ``body`` is the file with its imports blanked: positions stay right.

    ``places`` are the line (from 1) and column (from 0) of each import that is written there.
    ``closed``: it begins with ``module``; ``written`` is then each import with what stands around
    it (``public``, ``meta``, ``all``), else the same as ``header``.
    """

    header: Header
    body: str
    places: tuple[tuple[str, int, int], ...] = ()
    closed: bool = False
    written: Header = ()


def split_header(code: str, *, modules: bool = False) -> Source:
    """The modules that a file imports (always ``Init`` first), and the rest of it.

    Line ends of either kind are one to Lean.

    Raises ParseError for a file that is too large, holds a NUL byte, or begins with ``prelude``
    or, unless ``modules`` says so, with ``module``, which would be checked by other rules than
    the rest of the world's files.
    """
    check_text(code)
    code = code.replace("\r\n", "\n")
    names = list(INIT)
    written = list(INIT)
    places: list[tuple[str, int, int]] = []
    closed = False
    at = end = 0
    while True:
        at = _skip(code, at)
        other = _OTHER_MODE.match(code, at)
        if other and modules and other.group() == "module" and not places and not closed:
            closed = True
            at = end = other.end()
            continue
        if other:
            raise ParseError(
                "files that begin with `module` or `prelude` are not checked: leave it out",
                line=_line(code, at),
                column=_column(code, at) + 1,
                text=other.group(),
            )
        found = _IMPORT.match(code, at)
        name = _NAME.match(code, found.end()) if found else None
        if name is None:
            break
        at = end = name.end()
        module = name.group().replace("«", "").replace("»", "")
        places.append((module, _line(code, name.start()), _column(code, name.start())))
        if module not in names:
            names.append(module)
            around = [word for word in ("public", "meta", "all") if found and found[word]]
            written.append(" ".join([*around, module]) if closed else module)
    blanked = re.sub(r"[^\n]", " ", code[:end])
    body = blanked + code[end:]
    return Source(tuple(names), body, tuple(places), closed, tuple(written))


def imports_of(source: Source) -> Header:
    """What a Lean that knows of ``module`` is asked to import for a file."""
    return (MODULE, *source.written) if source.closed else source.header


def import_lines(header: Header) -> str:
    """The lines that import a header's modules; ``Init`` comes by itself."""
    return "".join(f"import {module}\n" for module in header if module != "Init")


def is_empty(code: str) -> bool:
    """Whether it is nothing but white space and comments that end."""
    # The end of a comment behind it is swallowed by one that has none.
    return _skip(f"{code}\n-/", 0) == len(code) + 1


def check_text(code: str) -> None:
    """Raises ParseError for text that no Lean file can hold, or too much of it."""
    if len(code) > MAX_BYTES:
        raise ParseError(f"the file has more than {MAX_BYTES} characters: split it")
    at = code.find("\0")
    if at >= 0:
        raise ParseError(
            "a NUL byte cannot stand in a Lean file: remove it",
            line=_line(code, at),
            column=_column(code, at) + 1,
        )
    if any("\ud800" <= c <= "\udfff" for c in code):
        raise ParseError("the file holds half of a surrogate pair, which no file can: correct it")


def bare_statement(text: str) -> str:
    """A statement without ``:=``, ``:= by``, ``:= sorry`` or ``:= by sorry`` at its end."""
    return _NO_PROOF.sub("", text)


def before_proof(statement: str) -> str:
    """The statement up to ``:= by``, ready for its tactics."""
    bare = bare_statement(statement).rstrip()
    # A comment at its end must not swallow the proof.
    return f"{bare}\n  := by" if "--" in bare.rpartition("\n")[2] else f"{bare} := by"


def with_proof(statement: str, proof: str) -> str:
    """The statement with a tactic block as its proof: a file of its own."""
    start = before_proof(statement)
    lines = proof.split("\n")
    if len(lines) == 1:
        return f"{start} {proof}\n"
    return "\n".join([start, *(f"  {line}" for line in lines)]) + "\n"


def without_proof(statement: str) -> str:
    """The statement as Lean text that is complete but for its proof, which is ``sorry``."""
    # On a line of its own: the statement may end in a comment.
    return f"{bare_statement(statement)}\n  := sorry"


def _skip(code: str, at: int) -> int:
    """The index after white space and comments; ``/--`` and ``/-!`` are no comments."""
    while True:
        match = _SPACE.match(code, at)
        assert match is not None
        at = match.end()
        if not code.startswith("/-", at) or code[at + 2 : at + 3] in ("-", "!"):
            return at
        depth, at = 1, at + 2
        while depth and at < len(code):
            if code.startswith("/-", at):
                depth, at = depth + 1, at + 2
            elif code.startswith("-/", at):
                depth, at = depth - 1, at + 2
            else:
                at += 1


def _line(code: str, at: int) -> int:
    return code.count("\n", 0, at) + 1


def _column(code: str, at: int) -> int:
    return at - (code.rfind("\n", 0, at) + 1)
