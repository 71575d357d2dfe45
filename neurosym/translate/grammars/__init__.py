"""Grammars for constrained generation, made from the lark grammars that read the notations.

A model that may only continue along such a grammar cannot write what the reader refuses. The
form is GBNF with the start symbol ``root``, which llama.cpp, xgrammar and vLLM share.

White space that a lark grammar ignores is not generated, so a terminal that wants it is spelled
with it. Rules are repeated, never left-recursive, as llama.cpp requires.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

_parser: Final = re._parser  # the only parser of Python's patterns
_REFERENCE: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|\[(?:\\.|[^\]\\])*\]|([A-Za-z][\w-]*)")


def gbnf(
    grammar: str,
    *,
    spell: Mapping[str, str] | None = None,
    replace: Mapping[str, str] | None = None,
    start: str = "start",
) -> str:
    """The text of a lark grammar as GBNF whose ``root`` is the rule ``start``.

    ``spell`` gives terminals as GBNF expressions; a terminal without one is converted, which
    fails for patterns with look-around. ``replace`` gives whole rules, narrower than the
    original, as GBNF expressions; both are keyed by lark's names, and refer to rules and
    terminals by ``name_of`` these names.

    Raises ValueError for a pattern that GBNF has no form for, and for names that clash.
    """
    return write({"root": name_of(start), **rules(grammar, spell=spell, replace=replace)})


def rules(
    grammar: str,
    *,
    spell: Mapping[str, str] | None = None,
    replace: Mapping[str, str] | None = None,
    prefix: str = "",
) -> dict[str, str]:
    """Every rule and terminal of a lark grammar as GBNF, by name; names begin with ``prefix``.

    Expressions of ``spell`` and ``replace`` are taken as they are, so that they may refer to
    rules with another prefix.
    """
    spell, replace = spell or {}, replace or {}
    read = _compiled(grammar)
    found: dict[str, str] = {}
    for name, expression in [
        *_rules(read, prefix, replace),
        *_terminals(read.terminals, prefix, spell),
    ]:
        if name in found:
            raise ValueError(f"two symbols of the grammar are called {name}")
        found[name] = expression
    return found


def write(rules: Mapping[str, str]) -> str:
    """GBNF text of those rules that can be reached from ``root``, in order of first use."""
    order = ["root"]
    for name in order:  # grows while it is walked
        for match in _REFERENCE.finditer(rules[name]):
            used = match.group(1)
            if used and used in rules and used not in order:
                order.append(used)
    return "".join(f"{name} ::= {rules[name]}\n" for name in order)


def name_of(symbol: str) -> str:
    """How a rule or terminal of lark is called in GBNF, which has no underscores."""
    inner = symbol.startswith("__")
    return ("x-" if inner else "") + symbol.strip("_").replace("_", "-")


def literal(text: str) -> str:
    """A text as a GBNF literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def choice(texts: Sequence[str]) -> str:
    """One of several texts, as a GBNF expression in parentheses.

    Raises ValueError where there is none: no text would fit.
    """
    if not texts:
        raise ValueError("a choice needs something to choose from")
    return "(" + " | ".join(literal(text) for text in texts) + ")"


@functools.lru_cache(maxsize=16)
def _compiled(grammar: str) -> Lark:
    from lark import Lark

    return Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)


# --- rules ---------------------------------------------------------------------------------


def _rules(read: Lark, prefix: str, replace: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    by_origin: dict[str, list[Rule]] = {}
    for rule in read.rules:
        by_origin.setdefault(str(rule.origin.name), []).append(rule)
    for origin, alternatives in by_origin.items():
        name = prefix + name_of(origin)
        if origin in replace:
            yield name, replace[origin]
            continue
        straight, repeated = [], []
        for rule in alternatives:
            names = [str(symbol.name) for symbol in rule.expansion]
            if names[:1] == [origin]:  # lark writes "x+" as a rule that begins with itself
                repeated.append(_named(names[1:], prefix))
            else:
                straight.append(_named(names, prefix))
        head = _either(straight)
        yield name, f"{head} {_either(repeated)}*" if repeated else head


def _named(names: Sequence[str], prefix: str) -> tuple[str, ...]:
    return tuple(prefix + name_of(name) for name in names)


def _either(sequences: Sequence[tuple[str, ...]]) -> str:
    """The sequences as one expression in parentheses, without two that begin alike.

    An engine follows all alternatives at once. Where they begin alike, nesting multiplies them,
    and a dozen open parentheses would take it longer than anyone waits.
    """
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for sequence in sequences:
        by_first.setdefault(sequence[0] if sequence else "", []).append(sequence[1:])
    parts = []
    for first, rests in by_first.items():
        longer = [rest for rest in dict.fromkeys(rests) if rest]
        if not first:
            continue
        if not longer:
            parts.append(first)
        else:
            may_end = "?" if () in rests else ""
            parts.append(f"{first} {_either(longer)}{may_end}")
    body = "(" + " | ".join(parts) + ")"
    return f"{body}?" if "" in by_first else body


# --- terminals -----------------------------------------------------------------------------


def _terminals(
    terminals: Collection[TerminalDef], prefix: str, spell: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for terminal in terminals:
        name = prefix + name_of(terminal.name)
        if terminal.name in spell:
            yield name, spell[terminal.name]
        elif terminal.pattern.type == "str":
            yield name, literal(terminal.pattern.value)
        elif terminal.name.startswith("__"):  # what lark ignores is not generated
            continue
        else:
            try:
                yield name, _pattern(_parser.parse(terminal.pattern.value))
            except ValueError as error:
                message = f"{terminal.name} has no form in GBNF: {error}; give its spelling"
                yield name, _refused(message)


def _refused(message: str) -> str:
    raise ValueError(message)


def _pattern(parsed: Any) -> str:
    return " ".join(_piece(str(kind), value) for kind, value in parsed) or '""'


def _piece(kind: str, value: Any) -> str:
    match kind:
        case "LITERAL":
            return literal(chr(value))
        case "ANY":
            return "[^\\n]"
        case "IN":
            return f"[{''.join(_member(str(k), v) for k, v in value)}]"
        case "NOT_LITERAL":
            return f"[^{_escaped(value)}]"
        case "BRANCH":
            return "(" + " | ".join(_pattern(part) for part in value[1]) + ")"
        case "SUBPATTERN":
            return f"({_pattern(value[3])})"
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, body = value
            upper = "" if most == _parser.MAXREPEAT else str(most)
            return f"({_pattern(body)}){{{least},{upper}}}"
        case _:
            raise ValueError(f"{kind.lower()} in a pattern")


_CATEGORIES: Final = {
    "CATEGORY_DIGIT": "0-9",
    "CATEGORY_WORD": "A-Za-z0-9_",
    "CATEGORY_SPACE": " \\t\\n",
}


def _member(kind: str, value: Any) -> str:
    match kind:
        case "NEGATE":
            return "^"
        case "LITERAL":
            return _escaped(value)
        case "RANGE":
            return f"{_escaped(value[0])}-{_escaped(value[1])}"
        case "CATEGORY" if str(value) in _CATEGORIES:
            return _CATEGORIES[str(value)]
        case _:
            raise ValueError(f"{value} in a set of characters")


def _escaped(code: int) -> str:
    character = chr(code)
    if character == "\n":
        return "\\n"
    return f"\\{character}" if character in "]\\^-[" else character
