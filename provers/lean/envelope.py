"""A file that judges itself, for servers that elaborate and do nothing else.

The statement is put in front of the submission, under a name that the submission cannot know, so
that nothing in it can change what was asked. Behind it one more theorem has the statement's type
and the submission's theorem as its proof, and Lean prints the axioms that it rests on. What the
submission could do to these lines, it could do with new syntax or programs only, so text with
words that make such is refused, wherever in it they stand.

Not caught: what a bug of the elaborator, or a kernel skipped by other means, lets through (nothing
is replayed), a library that is not what its name says, and a server that lies. The theorem's type
may differ from the statement's by unfolding and by the brackets of its binders. A server whose
library comes without proofs, as the embedded Lean's does, names library theorems as axioms: what
rests on them is not accepted there.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from provers.lean.source import bare_statement

# Words that begin new syntax or programs, or reach around the kernel. They are looked for in the
# text as it is, comments included: reading comments as Lean does would be one more thing to trust.
_WORDS = (
    r"macro\w*|elab\w*|syntax|notation\w*|infix[lr]?|prefix|postfix|"
    r"\w*simproc\w*|simproc_decl|run_\w+|by_elab|builtin_\w+|initialize|init_quot|register_\w+|"
    r"include_str|eval%|unsafe|implemented_by|extern|csimp|native_decide|native|declare_\w+|"
    r"command_elab|term_elab|app_unexpander|unexpander|\w*delab|parser|parser_alias|"
    r"skipKernelTC|byAsSorry|terminalTacticsAsSorry|proofAsSorry|binder_predicate|"
    r"add_aesop_rules|addDecl\w*|Qq"
)
# A digit before a word does not make it another word: Lean reads `1macro` as two.
_PROGRAM = re.compile(
    rf"(?<![^\W\d])(?<![^\W\d]\.)(?:{_WORDS})(?![\w'])|#(?:eval!?|guard\w*|exit)"
    # Attributes that register programs, and the namespaces of what programs are made of.
    r"|\[[^\]]*\b(?:tactic|init)\b[^\]]*\]"
    r"|\bdebug»?\.|\b(?:Lean|Mathlib|Batteries)»?\.|\b(?:open|export|namespace)\b[^:=]*?\bLean\b"
)
_LETTERS = r"[^\W\d][\w'!?]*"
_NAME = rf"(?:«[^»\n]+»|{_LETTERS})(?:\.(?:«[^»\n]+»|{_LETTERS}))*"
_THEOREM = re.compile(
    rf"^[ \t]*(?:@\[[^\]\n]*\][ \t]*)?(?:(?:private|protected|noncomputable|nonrec)[ \t]+)*"
    rf"(?:theorem|lemma)[ \t\n]+(?P<name>{_NAME})",
    re.MULTILINE,
)
_NAMESPACE = re.compile(r"^[ \t]*(?:namespace|mutual)\b", re.MULTILINE)
_PREFIXED = re.compile(
    r"(?:^[ \t]*(?:@\[[^\]]*\]|[^\n]*\bin)[ \t]*\n|/--(?:(?!-/).)*-/\s*)\Z", re.M | re.S
)
_KIND = re.compile(r"(?:@\[[^\]]*\]\s*)*(?:(?:private|protected)\s+)*theorem\s")
_AXIOMS = re.compile(r"depends on axioms: \[([^\]]*)\]")


class Unsupported(Exception):
    """The file cannot be made; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The file's text, and where its parts are: all line numbers count from 1.

    ``asked`` and ``checks`` are the first lines of the statement and of what follows the
    submission; ``inserted`` is how many lines the statement takes.
    """

    text: str
    name: str
    given: str
    asked: int
    inserted: int
    checks: int

    def verdict(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        """The body that the local judge would give, from the file's messages."""
        errors = [m for m in messages if m["severity"] == "error"]
        mine = [self._place(m) for m in messages if not self._is_ours(m)]

        def done(tag: str, detail: str = "", axioms: tuple[str, ...] = ()) -> dict[str, Any]:
            return {
                "tag": tag,
                "detail": detail,
                "messages": mine,
                "axioms": list(axioms),
                "declared": [],
                "replayed": 0,
                "theorems": [self.name],
                "tier": "elaborated",
            }

        if any(self.asked <= m["line"] < self.asked + self.inserted for m in errors):
            return done("ill_formed_statement")
        if any(m["line"] < self.checks for m in errors):
            return done("error")
        if errors:
            first = min(errors, key=lambda m: (m["line"], m["column"]))
            at_once = (first["line"], first["column"]) == (self.checks, 0)
            if at_once or first["text"].startswith("unterminated"):
                # The submission ends in the middle of something.
                mine.append(self._place(first))
                return done("error")
            text = first["text"].partition("\n")[0]
            missing = self.name in text and re.search("[Uu]nknown", text) is not None
            return done("missing" if missing else "statement", "" if missing else text)
        return self._axioms(messages, done)

    def _axioms(
        self, messages: list[dict[str, Any]], done: Callable[..., dict[str, Any]]
    ) -> dict[str, Any]:
        said = [
            m["text"]
            for m in messages
            if m["line"] >= self.checks and m["text"][1:].startswith(self.given)
        ]
        if len(said) != 1:
            return done("missing", "the checks behind it were not run")
        printed = [m["text"] for m in messages if m["line"] == self.checks + 2]
        kind = _KIND.match(printed[0]) if len(printed) == 1 else None
        if kind is None:
            return done("not_theorem")
        if "private" in kind.group().split():
            return done("missing", "it is private")
        if said[0].endswith("does not depend on any axioms"):
            return done("proof")
        found = _AXIOMS.search(said[0])
        if found is None:
            return done("missing", "its axioms were not told")
        axioms = tuple(name.strip() for name in found.group(1).split(",") if name.strip())
        return done("proof", "", axioms)

    def _is_ours(self, message: dict[str, Any]) -> bool:
        line = int(message["line"])
        statement = self.asked <= line < self.asked + self.inserted
        return line >= self.checks or (statement and message["severity"] != "error")

    def _place(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message at its place in the submission; the end is left out where it moved."""
        line = min(message["line"], self.checks - 1)
        if line >= self.asked + self.inserted:
            line -= self.inserted
        elif line >= self.asked:
            line -= self.asked - 1  # in the statement, which is a text by itself
        return {**message, "line": max(1, line), "end": None}


def enclose(code: str, statement: str) -> Envelope:
    """The file for a submission and a statement, both with their imports blanked.

    Raises Unsupported for what cannot be judged in this way.
    """
    word = _PROGRAM.search(code)
    if word is not None:
        raise Unsupported(f"`{word.group().strip()}` may make syntax or run programs")
    bare = bare_statement(statement)
    theorems = list(_THEOREM.finditer(bare))
    if not theorems:
        raise Unsupported("the statement's last declaration is no `theorem` with a name")
    goal = theorems[-1]
    before, options = _peel(bare[: goal.start()])
    if _NAMESPACE.search(before):
        raise Unsupported("the statement is inside a namespace")
    split = _after(code, before.strip())
    nonce = secrets.token_hex(8)
    asked, given = f"asked_{nonce}", f"given_{nonce}"
    question = f"{options}theorem _root_.{asked}{bare[goal.end() :]}\n  := sorry\n"
    name = goal.group("name")
    checks = (
        f"theorem _root_.{given} : type_of% @_root_.{asked} := @_root_.{name}\n"
        f"#print axioms _root_.{given}\n"
        f"#print _root_.{name}\n"
    )
    first = code[:split]
    text = f"{first}{question}{code[split:]}\n"
    return Envelope(
        text + checks,
        name,
        given,
        first.count("\n") + 1,
        question.count("\n"),
        text.count("\n") + 1,
    )


def _peel(before: str) -> tuple[str, str]:
    """What stands before a theorem, without what belongs to it; and its ``… in`` lines."""
    options = ""
    while found := _PREFIXED.search(before):
        line = found.group()
        if line.rstrip().endswith(" in") and "-/" not in line:
            options = line + options
        before = before[: found.start()]
    return before, options


def _after(code: str, before: str) -> int:
    """The index in the code behind what the statement has before its theorem."""
    if not before:
        return 0
    start = len(code) - len(code.lstrip())
    end = start + len(before)
    if code[start:end] != before or code[end : end + 1] not in ("", "\n", "\r", " "):
        raise Unsupported("the code must begin with what stands before the statement's theorem")
    line = code.find("\n", end)
    if line >= 0 and not code[end:line].strip():
        return line + 1
    raise Unsupported("the code must begin with what stands before the statement's theorem")
