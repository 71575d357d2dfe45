"""Logic-LM's programs for AR-LSAT: sorts and functions in Z3's words, and questions about them.

``# Declarations`` has ``children = EnumSort([...])`` and ``assigned = Function([children] ->
[lockers])``; ``# Constraints`` has conditions; ``# Options`` has, after the question, one line an
option: ``is_valid(...)`` must be true, ``is_sat(...)`` can be, ``is_unsat(...)`` cannot be,
``is_exception(...)`` the contrary of what it holds, ``is_accurate_list([...])`` one of them must be
true and each can be. ``is_max``, ``is_min``, ``is_determined`` and ``is_equivalent``, which have no
meaning in the original, are read as their names say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from neurosym.runs.programs.base import Mended, ProgramError, Reply
from neurosym.runs.programs.constraints import (
    BOOLEAN,
    Constraint,
    ConstraintProblem,
    Domain,
    Expression,
    Function,
    Operation,
)
from neurosym.runs.programs.expressions import Call, Listed, Name, Node, Number, Typed, parse
from neurosym.runs.programs.options import Ask, Lettered, Prove, answer, extremes
from neurosym.runs.programs.reading import MOST_VALUES, Reader, listed_values
from neurosym.runs.programs.sections import Line, sections

SECTIONS: Final = ("Declarations", "Constraints", "Options")
MOST_DECLARATIONS: Final = 60
_DECLARED: Final = re.compile(r"(\w+)\s*=\s*((?:Enum|Int|Bool)Sort|Function)\s*\((.*)\)", re.DOTALL)
_LETTER: Final = re.compile(r"\(?([A-H])\)?(?:\W.*)?", re.DOTALL)
_INTEGER: Final = Domain("int", ())
_KINDS: Final = {"is_valid": "must", "is_sat": "can", "is_unsat": "cannot"}
_Way: TypeAlias = tuple[Literal["must", "can"], bool]
_CLAUSE: Final = re.compile(
    r"(?=\b(?:which one|each|any|all|one) of the following\b)", re.IGNORECASE
)
_MODES: Final = (
    ("cannot", re.compile(r"\bcan(?:not| ?not)\b|\bcould not\b|\bmust be false\b", re.IGNORECASE)),
    ("must", re.compile(r"\bmust\b(?! be false)", re.IGNORECASE)),
    ("can", re.compile(r"\b(?:could|can|may)\b(?! ?not)|\bacceptable\b", re.IGNORECASE)),
)
_LIKE: Final = {
    "is_must": "is_valid",
    "is_required": "is_valid",
    "is_possible": "is_sat",
    "is_valid_schedule": "is_sat",
    "is_impossible": "is_unsat",
}


def read(
    program: str, meaning: bool = True
) -> tuple[ConstraintProblem, tuple[Lettered, ...], tuple[Mended, ...]]:
    """The problem and its options. ``meaning``: mend what says something else than was asked.

    That is: quantifiers that compare a thing with itself, and options that ask whether something
    must be true below a question for what could be (or the like).

    Raises:
        ProgramError: the program is none of this form, or over a limit.
    """
    found = sections(program, SECTIONS)
    game = _Game(meaning)
    conditions = [*game.declare(found["Declarations"]), *found["Constraints"]]
    # Conditions of the question may stand before the options.
    lettered: list[tuple[str, Line]] = []
    for line in found["Options"]:
        match = _LETTER.fullmatch(line.text)
        if line.code == "Question":
            game.question = line.text
            continue
        if match is not None:
            lettered.append((match[1], line))
        elif lettered:
            raise ProgramError("syntax", f"the option {line.code[:40]!r} has no letter")
        else:
            game.say("condition", f"took {line.code[:40]!r} as a condition of the question")
            conditions.append(line)
    return game.read(conditions, lettered)


def solve(program: str, prove: Prove, meaning: bool = True) -> Reply:
    """The option that answers the program's question.

    Raises:
        ProgramError: as ``read``.
    """
    return answer(*read(program, meaning), prove)


class _Game:
    def __init__(self, meaning: bool) -> None:
        self.meaning = meaning
        self.question = ""
        self.mended: list[Mended] = []
        self.domains: dict[str, Domain] = {}
        self.functions: dict[str, Function] = {}

    def say(self, kind: str, message: str) -> None:
        self.mended.append(Mended(kind, message))

    # --- declarations --------------------------------------------------------------------------

    def declare(self, lines: Sequence[Line]) -> list[Line]:
        """Notes what is declared; returns the lines that are conditions."""
        if len(lines) > MOST_DECLARATIONS:
            raise ProgramError("too_large", f"more than {MOST_DECLARATIONS} declarations")
        conditions = []
        for line in lines:
            match = _DECLARED.fullmatch(line.code.partition(" # ")[0].strip())
            if match is None:
                conditions.append(line)
                continue
            name, kind, inside = match.groups()
            if name in self.domains or name in self.functions:
                raise ProgramError("syntax", f"{name} is declared twice")
            if kind == "EnumSort":
                self.domains[name] = self._sort(name, inside)
            elif kind == "Function":
                self.functions[name] = self._function(name, inside)
            else:
                raise ProgramError("unsupported", f"{name} is declared as {kind}, without values")
        return conditions

    def _sort(self, name: str, inside: str) -> Domain:
        listed = parse(inside, self.mended)
        if not isinstance(listed, Listed):
            raise ProgramError("syntax", f"the sort {name} has no list of members")
        return Domain(name, listed_values(listed))

    def _function(self, name: str, inside: str) -> Function:
        left, arrow, right = inside.partition("->")
        if not arrow:
            raise ProgramError("syntax", f"the function {name} has no '->'")
        parameters = self._kinds(name, left)
        ranges = self._kinds(name, right)
        if len(ranges) != 1:
            raise ProgramError("unsupported", f"{name} has {len(ranges)} values at once")
        if any(domain in (BOOLEAN, _INTEGER) for domain in parameters):
            raise ProgramError("unsupported", f"{name} is over all numbers, or over truth values")
        return Function(name, parameters, ranges[0])

    def _kinds(self, name: str, text: str) -> tuple[Domain, ...]:
        node = parse(text, self.mended)
        items = node.items if isinstance(node, Listed) else (node,)
        found = []
        for item in items:
            match item:
                case Name(kind) if kind in self.domains:
                    found.append(self.domains[kind])
                case Name("bool" | "Bool"):
                    found.append(BOOLEAN)
                case Name("int" | "Int"):
                    found.append(_INTEGER)
                case Call("EnumSort", (Listed() as listed,)):
                    found.append(Domain(f"{name} values", listed_values(listed)))
                case Name(kind):
                    raise ProgramError("unknown_symbol", f"nothing declares the sort {kind!r}")
                case _:
                    raise ProgramError("syntax", f"the kinds of {name} cannot be read")
        return tuple(found)

    # --- conditions and options ----------------------------------------------------------------

    def read(
        self, conditions: Sequence[Line], options: Sequence[tuple[str, Line]]
    ) -> tuple[ConstraintProblem, tuple[Lettered, ...], tuple[Mended, ...]]:
        nodes = [(parse(line.code, self.mended), line.text) for line in conditions]
        self._bound([node for node, _ in nodes])
        reader = Reader(self.functions, self.domains, self.mended, self.meaning)
        constraints = tuple(Constraint(reader.truth(node, {}), text) for node, text in nodes)
        labels = [label for label, _ in options]
        if not options or len(set(labels)) < len(labels):
            raise ProgramError(
                "syntax", f"options {', '.join(labels) or '(none)'} cannot be told apart"
            )
        lettered = tuple(
            Lettered(
                label, self._ask(parse(line.code, self.mended), reader, constraints), line.text
            )
            for label, line in options
        )
        if self.meaning:
            lettered = self._as_asked(lettered)
        problem = ConstraintProblem(reader.functions, constraints, reader.places)
        return problem, lettered, tuple(dict.fromkeys(self.mended))

    def _as_asked(self, options: tuple[Lettered, ...]) -> tuple[Lettered, ...]:
        """The options with the question's own word: must, could, or cannot."""
        asked = asks(self.question)
        ways = {_way(option.ask) for option in options}
        if asked is None or len(ways) > 1 or ways & {asked, None}:
            return options
        kind, negated = asked
        self.say("asked", f"the question asks what {'not ' * negated}{kind} be true")
        return tuple(
            replace(option, ask=replace(option.ask, kind=kind, negated=negated))
            for option in options
        )

    def _bound(self, nodes: Sequence[Node]) -> None:
        """Give functions to the integers the range that the conditions bound them to."""
        for name, function in list(self.functions.items()):
            if function.range != _INTEGER:
                continue
            least, most = [], []
            for node in nodes:
                for low, high in _bounds(node, name):
                    least += [low] if low is not None else []
                    most += [high] if high is not None else []
            if not least or not most:
                raise ProgramError("unsupported", f"nothing bounds the integers that {name} gives")
            low, high = max(least), min(most)
            if high - low >= MOST_VALUES:
                raise ProgramError("too_large", f"{name} gives more than {MOST_VALUES} integers")
            if high < low:
                raise ProgramError("contradictory", f"{name} is bounded to no integer at all")
            values = tuple(Fraction(n) for n in range(int(low), int(high) + 1))
            self.functions[name] = replace(function, range=Domain(f"{name} values", values))

    def _ask(self, node: Node, reader: Reader, constraints: tuple[Constraint, ...]) -> Ask:
        if not isinstance(node, Call):
            raise ProgramError("unsupported", "an option asks nothing")
        head, args = node.head, node.args
        if head in _LIKE:
            self.say("question", f"read {head} as {_LIKE[head]}")
            head = _LIKE[head]
        match head, args:
            case (("is_exception" | "Not" | "not"), (inner,)):
                ask = self._ask(inner, reader, constraints)
                return replace(ask, negated=not ask.negated)
            case (("is_valid" | "is_sat" | "is_unsat"), (_, *_)):
                return Ask(_KINDS[head], (_claim(args, reader),))  # type: ignore[arg-type]
            case "is_accurate_list", (Listed(items),) if items:
                return Ask("list", tuple(reader.truth(item, {}) for item in items))
            case (("is_max" | "is_min"), _):
                self.say("question", f"read {head} as its name says")
                value, number = _extreme(head, args)
                parts = reader.value(value, {}), reader.value(number, {})
                return extremes(*parts, most=head == "is_max")
            case "is_determined", (inner,):
                self.say("question", "read is_determined as: leaves exactly one case")
                return Ask("fixed", (reader.truth(inner, {}),))
            case "is_equivalent", (old, new):
                self.say("question", "read is_equivalent as: in the place of a constraint")
                return _same(reader.truth(old, {}), reader.truth(new, {}), constraints)
            case _:
                raise ProgramError("unsupported", f"no question {head!r} of {len(args)} arguments")


def asks(question: str) -> _Way | None:
    """What the question's last clause asks of each option; nothing where that is not plain."""
    clause = _CLAUSE.split(question)[-1]
    words = [word for word, pattern in _MODES if pattern.search(clause)]
    if len(words) != 1:
        return None
    kind: Literal["must", "can"] = "must" if words[0] == "must" else "can"
    return kind, (words[0] == "cannot") != bool(re.search(r"\bexcept\b", clause, re.IGNORECASE))


def _way(ask: Ask) -> _Way | None:
    match ask.kind:
        case "must" | "can":
            return ask.kind, ask.negated
        case "cannot":
            return "can", not ask.negated
        case _:
            return None


def _claim(args: tuple[Node, ...], reader: Reader) -> Expression:
    """Several conditions, or a list of them, hold together."""
    items = args[0].items if len(args) == 1 and isinstance(args[0], Listed) else args
    parts = tuple(reader.truth(item, {}) for item in items)
    return parts[0] if len(parts) == 1 else Operation("and", parts)


def _extreme(head: str, args: tuple[Node, ...]) -> tuple[Node, Node]:
    match args:
        case (value, number):
            return value, number
        case (Call("==", (value, number)),):
            return value, number
        case _:
            raise ProgramError("unsupported", f"{head} names no number")


def _same(old: Expression, new: Expression, constraints: tuple[Constraint, ...]) -> Ask:
    places = [i for i, one in enumerate(constraints) if one.expression == old]
    if len(places) != 1:
        raise ProgramError("unsupported", "what is to be replaced is no constraint of the program")
    return Ask("same", (new,), index=places[0])


def _bounds(
    node: Node, name: str, bound: frozenset[str] = frozenset()
) -> list[tuple[Fraction | None, Fraction | None]]:
    """The least and the greatest value of ``name`` that the condition states for all arguments."""

    def everywhere(call: Node) -> bool:
        if not isinstance(call, Call) or call.head != name:
            return False
        variables = [arg.text for arg in call.args if isinstance(arg, Name)]
        return len(variables) == len(call.args) == len(set(variables)) and bound >= set(variables)

    match node:
        case Call("ForAll", (Listed(items), body)):
            names = frozenset(item.name for item in items if isinstance(item, Typed))
            return _bounds(body, name, bound | names)
        case Call("And", args):
            return [one for arg in args for one in _bounds(arg, name, bound)]
        case Call("<=", (Number(low), call)) | Call(">=", (call, Number(low))):
            return [(low, None)] if everywhere(call) else []
        case Call("<=", (call, Number(high))) | Call(">=", (Number(high), call)):
            return [(None, high)] if everywhere(call) else []
        case _:
            return []
