"""The theorems of a Lean file, each with what it needs to be stated alone."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

_MODIFIERS = r"(?:@\[[^\]\n]*\]\s*)?(?:(?:private|protected|noncomputable|nonrec|scoped|local)\s+)*"
_COMMAND = re.compile(
    rf"^{_MODIFIERS}(?P<word>theorem|lemma|example|def|abbrev|instance|structure"
    r"|inductive|class|axiom|opaque|variable|open|namespace|section|end|universe|set_option|import"
    r"|attribute|macro|notation|infixl?|infixr|prefix|syntax|elab|deriving|mutual|#\w+)\b",
    re.MULTILINE,
)
_COMMENT = re.compile(r"/-(?!-)|/--|--[^\n]*|-/")
_NAME = re.compile(r"(?:theorem|lemma)\s+([^\s:({\[⦃]+)")
_HOLE = re.compile(r":=\s*(?:by\b\s*)?(?:sorry\s*)?$")
_SORRY = re.compile(r":=\s*(?:by\b\s*)?sorry\s*$")
_THEOREM = re.compile(rf"^\s*{_MODIFIERS}(?:theorem|lemma|example)\b", re.MULTILINE)
_SOLUTION = re.compile(
    rf"^(?P<head>{_MODIFIERS}(?:abbrev|def)\s+\S*_solution\b[^\n]*?:=\s*)sorry[ \t]*\n"
    r"(?P<answer>(?:--[^\n]*(?:\n|$))+)",
    re.MULTILINE,
)
_UNSOLVED = re.compile(
    rf"^{_MODIFIERS}(?:abbrev|def)\s[^\n]*:=\s*(?:by\s+)?sorry\s*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem: its text from keyword to proof, and the line (from 1) that it begins on.

    ``statement`` is without its proof; ``open`` says whether the proof is ``sorry``;
    ``context`` is what stands before it and is no theorem; ``doc`` is its comment.
    """

    name: str
    line: int
    statement: str
    open: bool
    context: str
    doc: str = ""


def has_theorem(text: str) -> bool:
    """Whether a Lean text states anything that could be proved."""
    return _THEOREM.search(without_comments(text)) is not None


def without_proof(statement: str) -> str:
    """A statement without ``:= by sorry``, ``:= by`` or ``:=`` at its end."""
    return _HOLE.sub("", statement.rstrip()).rstrip()


def without_comments(text: str) -> str:
    """The text with every comment blanked out, so that places stay what they are."""
    out: list[str] = []
    depth = start = 0
    position = 0
    for mark in _COMMENT.finditer(text):
        if mark.start() < position:
            continue
        token = mark.group()
        if token.startswith("--") and depth == 0:
            out += [text[start : mark.start()], " " * len(token)]
            start = position = mark.end()
        elif token in ("/-", "/--"):
            if depth == 0:
                out.append(text[start : mark.start()])
                start = mark.start()
            depth += 1
            position = mark.end()
        elif token == "-/" and depth > 0:
            depth -= 1
            position = mark.end()
            if depth == 0:
                out.append(re.sub(r"[^\n]", " ", text[start : mark.end()]))
                start = mark.end()
    rest = text[start:]
    out.append(re.sub(r"[^\n]", " ", rest) if depth else rest)
    return "".join(out)


def solved(text: str) -> str:
    """The text with each answer that is left open put in from the comment below it.

    PutnamBench writes ``abbrev x_solution : T := sorry`` and the answer as a comment.
    """

    def put_in(match: re.Match[str]) -> str:
        lines = [line.removeprefix("--").strip() for line in match["answer"].splitlines()]
        return f"{match['head']}{' '.join(lines)}\n"

    return _SOLUTION.sub(put_in, text)


def unsolved(text: str) -> bool:
    """Whether a definition in the text is left open."""
    return _UNSOLVED.search(without_comments(text)) is not None


def theorems(text: str) -> tuple[Theorem, ...]:
    """The named theorems of a Lean text, in order."""
    plain = without_comments(text)
    marks = list(_COMMAND.finditer(plain))
    docs = {m.start(): text.find("-/", m.start()) + 2 for m in re.finditer(r"^/--", text, re.M)}
    found: list[Theorem] = []
    context: list[str] = []
    for mark, after in itertools.zip_longest(marks, marks[1:]):
        end = len(text) if after is None else after.start()
        doc_start = next((s for s, e in docs.items() if not text[e : mark.start()].strip()), None)
        body = text[mark.start() : _own_end(end, mark.start(), docs, text)]
        if mark["word"] in ("theorem", "lemma"):
            name = _NAME.search(plain, mark.start())
            bare = without_comments(body).rstrip()
            doc = "" if doc_start is None else text[doc_start + 3 : docs[doc_start] - 2].strip()
            if name is not None:
                found.append(
                    Theorem(
                        name[1],
                        text.count("\n", 0, mark.start()) + 1,
                        without_proof(bare),
                        _SORRY.search(bare) is not None,
                        "".join(context).strip(),
                        doc,
                    )
                )
        else:
            context.append(body)
    return tuple(found)


def _own_end(end: int, start: int, docs: dict[int, int], text: str) -> int:
    """Where a command ends: before the comment that belongs to the next one."""
    inside = [s for s, e in docs.items() if start < s < end and not text[e:end].strip()]
    return min(inside, default=end)
