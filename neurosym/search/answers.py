"""What a model's answer holds: the tactics in it, or why they are not shown to Lean.

An answer is hostile text. It may run programs while Lean elaborates it, which costs the server,
end the theorem and declare others, or leave a comment open that swallows what stands behind it.
The judge would accept none of that; what is refused here costs nothing, and is told to the model.
"""

from __future__ import annotations

import re
import textwrap
from typing import Final

from neurosym.translate.drafting import Draft
from provers.lean.binders import Token, tokens

MOST_ANSWER: Final = 40_000
MOST_PROOF: Final = 16_000
_MOST_TACTIC: Final = 2_000
_MOST_ENDS: Final = 4
_MOST_QUOTED: Final = 200
_MOST_DEPTH: Final = 80  # a parser that goes as deep as brackets do runs out of stack
_FENCE: Final = re.compile(r"```[^\n`]*\n(.*?)(?:```|\Z)", re.DOTALL)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_END: Final = re.compile(r"\n[ \t]*end(?:[ \t]+\S+)?\s*\Z")
_BULLET: Final = re.compile(r"\A\s*(?:[-*·.]|\d+[.)])\s+")
_THEOREMS: Final = frozenset({"theorem", "lemma", "example"})
_SENTINEL: Final = "neurosym_end_of_proof"
_GIVES_UP: Final = frozenset({"sorry", "admit", "stop", "sorryAx"})
_TRUSTS: Final = frozenset({"native_decide", "native", "ofReduceBool", "trustCompiler"})
_RUNS: Final = frozenset({"run_tac", "by_elab", "run_cmd", "run_elab", "run_meta", "include_str"})
# Words that only commands begin with, or that step around the kernel.
_COMMANDS: Final = re.compile(
    r"theorem|lemma|example|def|abbrev|instance|axiom|opaque|inductive|structure|"
    r"class|coinductive|macro|macro_rules|syntax|notation|infix|infixl|infixr|prefix|"
    r"postfix|elab|elab_rules|namespace|section|end|universe|variable|include|omit|"
    r"attribute|initialize|builtin_initialize|deriving|import|export|mutual|unsafe|"
    r"partial|private|protected|noncomputable|declare_syntax_cat|simproc|dsimproc|"
    r"simproc_decl|extern|implemented_by|csimp|set_option|add_decl_doc|prelude|"
    r"register_option|register_simp_attr"
)


def read_proof(answer: str, name: str) -> Draft[str]:
    """The tactics of an answer to "prove the theorem ``name``", with no indentation of their own.

    Fences, reasoning between ``<think>`` marks, the theorem said again (only its proof counts,
    whatever it states), ``:= by`` in front and ``end`` behind are taken away; a term becomes
    ``exact``.
    """
    text, refusal = _plain(answer)
    if refusal:
        return Draft(None, refusal)
    again = _restated(text, name)
    if again is not None:
        if again < 0:
            return Draft(None, "there is no proof behind the theorem")
        # What stands in front is blanked, so that lines stay under each other.
        text = re.sub(r"[^\n]", " ", text[:again]) + text[again:]
    for _ in range(_MOST_ENDS):
        text = _END.sub("", text)
    text = _block(text)
    refusal = _refusal(text, MOST_PROOF)
    return Draft(None, refusal) if refusal else Draft(text)


def read_tactic(answer: str) -> Draft[str]:
    """The first tactic of an answer, with the lines that belong to it."""
    text, refusal = _plain(answer)
    if refusal:
        return Draft(None, refusal)
    first, *rest = _block(text).split("\n")
    lines = [first]
    for line in rest:
        if not line.startswith((" ", "|", "·", "<;>")):
            break
        lines.append(line)
    text = "\n".join([_BULLET.sub("", lines[0], count=1), *lines[1:]]).rstrip()
    refusal = _refusal(text, _MOST_TACTIC)
    return Draft(None, refusal) if refusal else Draft(text)


def same_text(proof: str) -> str:
    """What two proofs have in common that differ in blank lines and trailing spaces alone."""
    return "\n".join(line.rstrip() for line in proof.split("\n") if line.strip())


def _plain(answer: str) -> tuple[str, str]:
    """An answer without what is around its Lean text; or else what is wrong with it."""
    text = answer.rpartition("</think>")[2].replace("\r\n", "\n")
    if len(text) > MOST_ANSWER:
        return "", f"the answer has more than {MOST_ANSWER} characters"
    if text.count("«") > _MOST_QUOTED:  # each that is open is read to the end of its line
        return "", f"the answer has more than {_MOST_QUOTED} names in «»"
    if found := _CONTROL.search(text):
        return "", f"the character U+{ord(found.group()):04X} cannot stand in a proof"
    blocks = [block for block in _FENCE.findall(text) if block.strip()]
    return (blocks[-1] if blocks else text).expandtabs(2), ""


def _restated(text: str, name: str) -> int | None:
    """Where the proof of the theorem begins that the text says again, with its ``:=``.

    -1 where it has none, None where no theorem is said. One of the right name comes first, else
    the last counts, behind lemmas of the model's own.
    """
    found = list(tokens(text))
    places = [i for i, t in enumerate(found) if t.text in _THEOREMS and _is_word(t)]
    if not places:
        return None
    named = [i for i in places if i + 1 < len(found) and found[i + 1].text == name]
    at = (named or places)[-1]
    after = next((i for i in places if i > at), len(found))
    signs = [i for i in range(at, after) if found[i].text == ":=" and found[i].depth == 0]
    # A statement may hold a `let x := ...`: its proof's is followed by `by`.
    by = [i for i in signs if i + 1 < len(found) and found[i + 1].text == "by"]
    return found[(by or signs)[0]].start if signs else -1


def _block(text: str) -> str:
    """The tactics behind ``:= by``, where that is there, dedented."""
    lead = re.match(r"\s*(:=)?\s*(by\b)?[ \t]*", text)
    assert lead is not None  # all of it may be empty
    term = lead[1] is not None and lead[2] is None
    if lead[1] is not None or lead[2] is not None:
        first, newline, rest = text[lead.end() :].partition("\n")
        body = f"{first}{newline}{textwrap.dedent(rest)}" if first.strip() else rest
    else:
        body = text
    body = textwrap.dedent(_aligned(body.strip("\n"))).rstrip()
    if not term or not body:
        return body
    return f"exact {body}" if "\n" not in body else f"exact\n{textwrap.indent(body, '  ')}"


def _aligned(body: str) -> str:
    """The body with its first line no further in than the outermost of the others."""
    first, newline, rest = body.partition("\n")
    margins = [len(line) - len(line.lstrip(" ")) for line in rest.split("\n") if line.strip()]
    if not margins or len(first) - len(first.lstrip(" ")) <= min(margins):
        return body
    return " " * min(margins) + first.lstrip(" ") + newline + rest


def _refusal(text: str, most: int) -> str:
    """Why tactics are not shown to Lean; empty where they are."""
    if len(text) > most:
        return f"it has more than {most} characters"
    found = list(tokens(f"{text}\n{_SENTINEL}"))
    last = found.pop()
    open_quote = any(t.kind == "symbol" and t.text in ('"', "«") for t in found)
    if last.text != _SENTINEL or last.depth or open_quote:
        return "a bracket, comment or text in it is not closed"
    if not found:
        return "there are no tactics in it"
    if max(t.depth for t in found) > _MOST_DEPTH:
        return f"its brackets are more than {_MOST_DEPTH} deep"
    for before, token in zip([None, *found], found, strict=False):
        if reason := _forbidden(before, token):
            return reason
    return ""


def _forbidden(before: Token | None, token: Token) -> str:
    if not _is_word(token):
        return ""
    if before is not None and before.text == "#" and before.end == token.start:
        return f"`#{token.text}` is a command, no tactic"
    last = token.text.rpartition(".")[2]
    if token.text in _GIVES_UP or last == "sorryAx":
        return f"`{token.text}` proves nothing"
    if token.text in _TRUSTS or last in _TRUSTS:
        return f"`{token.text}` trusts compiled code: use `decide`"
    if token.text in _RUNS:
        return f"`{token.text}` runs a program, which is not allowed"
    if _COMMANDS.fullmatch(token.text):
        return f"`{token.text}` does not belong in a proof: state what is needed by `have`"
    return ""


def _is_word(token: Token) -> bool:
    return token.kind == "word"
