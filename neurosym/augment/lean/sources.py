"""Where seeds come from: the theorems of a corpus, and those of a file."""

from __future__ import annotations

import random
import re
from collections.abc import Collection
from typing import Final

from neurosym.augment.lean.seeds import Seed
from neurosym.augment.lean.sides import is_dull
from neurosym.premises.corpus import Corpus
from provers.base import Limits
from provers.errors import InputError
from provers.lean.base import Checker
from provers.lean.source import split_header

_SECONDS: Final = 120.0
_COMMENT: Final = re.compile(r"/-.*?-/|--[^\n]*", re.DOTALL)
_NAME: Final = r"(?:«[^»\n]+»|[^\W\d][\w'!?₀-₉]*)(?:\.(?:«[^»\n]+»|[^\W\d][\w'!?₀-₉]*))*"
_COMMAND: Final = re.compile(
    rf"^[ \t]*(?:@\[[^\]\n]*\][ \t]*)?(?:protected[ \t]+|public[ \t]+)*"
    rf"(?:(namespace|section|end)\b[ \t]*({_NAME})?|(?:theorem|lemma)\s+({_NAME}))",
    re.MULTILINE,
)


def corpus_seeds(
    corpus: Corpus,
    number: int | None = None,
    *,
    modules: Collection[str] = (),
    names: Collection[str] = (),
    seed: int = 0,
) -> list[Seed]:
    """Theorems of a corpus in an order that is drawn: those of ``names``, or so many of all, or of
    the modules that begin with one of ``modules``.

    Raises InputError for a name that the corpus lacks, and where no theorem is left.
    """
    header = corpus.manifest.header
    for name in names:
        index = corpus.find(name)
        if index is None or corpus.kinds[index] != "theorem":
            raise InputError(f"the corpus has no theorem '{name}': see neurosym premises search.")
    if names:
        return [Seed(name, header) for name in names]
    found = [
        name
        for index, (name, kind) in enumerate(zip(corpus.names, corpus.kinds, strict=True))
        if kind == "theorem"
        and not is_dull(name)
        and (not modules or any(_within(_module(corpus, index), one) for one in modules))
    ]
    if not found:
        where = f" in {', '.join(modules)}" if modules else ""
        raise InputError(f"the corpus has no theorem{where} to begin with.")
    random.Random(seed).shuffle(found)
    return [Seed(name, header) for name in found[:number]]


def _module(corpus: Corpus, index: int) -> str:
    return corpus.modules[int(corpus.module_of[index])].name


def _within(module: str, prefix: str) -> bool:
    return module == prefix or module.startswith(f"{prefix}.")


def file_seeds(checker: Checker, code: str) -> list[Seed]:
    """The theorems that a Lean file declares, in its order.

    Raises InputError where it has errors or declares no theorem; MissingToolError or
    BrokenToolError where there is no Lean.
    """
    source = split_header(code)
    body = f"{source.body.rstrip()}\n"
    names = theorems_of(body)
    if not names:
        raise InputError("the file declares no theorem.")
    reply = checker.ask(source.header, {"op": "check", "code": body}, Limits(_SECONDS))
    if reply.body is None:
        raise InputError(f"Lean was stopped over the file ({reply.stopped}): {reply.detail}.")
    for message in reply.body["messages"]:
        if message["severity"] == "error":
            first = str(message["text"]).partition("\n")[0]
            raise InputError(f"the file has an error in line {message['line']}: {first}")
    return [Seed(name, source.header, body) for name in names]


def theorems_of(body: str) -> list[str]:
    """The full names of the theorems that a file's text declares, but private ones."""
    opened: list[str] = []  # of sections the name is empty
    found: dict[str, None] = {}
    for match in _COMMAND.finditer(_COMMENT.sub(" ", body)):
        command, name, theorem = match.groups()
        if command == "end":
            # One end closes as much as its name names.
            for _ in range(len(name.split(".")) if name else 1):
                if opened:
                    opened.pop()
        elif command == "namespace" and name:
            opened += name.split(".")
        elif command == "section":
            opened += [""] * (len(name.split(".")) if name else 1)
        elif theorem is not None:
            root = theorem.removeprefix("_root_.")
            inside = () if root != theorem else opened
            found[".".join((*filter(None, inside), root))] = None
    return list(found)
