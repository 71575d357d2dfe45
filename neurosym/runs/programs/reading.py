"""The names and calls of an expression given their meaning, over declared finite domains.

What is mended here, and noted each time:

- ``spelling``: a name that is a declared one but for case, spaces or underscores;
- ``order``: names compared, or added to, by their place in the list that declares them;
- ``edge``: the day after the last, which no comparison but ``!=`` holds of;
- ``absent``: ``None`` as a value of a function that is compared with it;
- ``other``: a quantifier over all things that would compare a thing with itself, and so say
  something always false (``ForAll``) or always true (``Exists``), is over the others;
- ``wildcard``: ``_`` as an argument, which is anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from neurosym.runs.programs.base import Mended, ProgramError
from neurosym.runs.programs.constraints import (
    BOOLEAN,
    Cell,
    Constant,
    Domain,
    Expression,
    Function,
    Operation,
    Operator,
    Over,
    Value,
    Variable,
)
from neurosym.runs.programs.expressions import Call, Listed, Name, Node, Number, Typed, parse
from neurosym.runs.programs.selves import others

ABSENT: Final = "None"
MOST_VALUES: Final = 200
_ABSENT_NAMES: Final = frozenset({"None", "none", "null", "NULL"})
_COMPARE: Final[dict[str, Operator]] = {
    "==": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_ARITHMETIC: Final[dict[str, Operator]] = {
    "+": "+",
    "-": "-",
    "*": "*",
    "/": "/",
    "%": "%",
    "Abs": "abs",
    "abs": "abs",
}
_WAYS: Final[dict[str, tuple[Operator, int, int]]] = {
    "And": ("and", 0, 99),
    "Or": ("or", 0, 99),
    "Not": ("not", 1, 1),
    "Implies": ("implies", 2, 2),
    "Xor": ("xor", 2, 2),
    "Iff": ("==", 2, 2),
}
_OVERS: Final = frozenset({"ForAll", "Exists", "Count", "Sum", "Distinct"})


def listed_values(listed: Listed) -> tuple[Value, ...]:
    """The members of a list of names and numbers.

    Raises:
        ProgramError: there are none, too many, or something else; or one comes twice.
    """
    found: list[Value] = []
    for item in listed.items:
        match item:
            case Number(value):
                found.append(value)
            case Name(text):
                found.append(text)
            case _:
                raise ProgramError("syntax", "a list of values holds an expression")
    if not 0 < len(found) <= MOST_VALUES:
        raise ProgramError("too_large" if found else "syntax", f"a domain of {len(found)} values")
    if len(set(found)) < len(found):
        raise ProgramError("syntax", "a list of values has one of them twice")
    return tuple(found)


class Reader:
    """Expressions over these functions and domains; notes what it mends in ``mended``."""

    def __init__(
        self,
        functions: dict[str, Function],
        domains: Mapping[str, Domain],
        mended: list[Mended],
        meaning: bool = True,
    ) -> None:
        """``meaning``: mend quantifiers that compare a thing with itself, too."""
        self.meaning = meaning
        self.functions = functions
        self.domains = domains
        self.mended = mended
        every = [*domains.values(), *(f.range for f in functions.values())]
        self.members = {v for domain in every for v in domain.values if isinstance(v, str)}
        self.places = _places(every)

    def condition(self, text: str) -> Expression:
        """A closed expression that is true or false.

        Raises:
            ProgramError: it is none, or of no meaning here.
        """
        return self.truth(parse(text, self.mended), {})

    def truth(self, node: Node, scope: Mapping[str, Domain]) -> Expression:
        """Raises ProgramError for what is not true or false."""
        expression = self.value(node, scope)
        if not self._boolean(expression):
            raise ProgramError("sort", f"{_shown(node)} is neither true nor false")
        return expression

    def value(self, node: Node, scope: Mapping[str, Domain]) -> Expression:
        """Raises ProgramError for what has no meaning here."""
        match node:
            case Number(number):
                return Constant(number)
            case Name(text, quoted):
                return self._name(text, quoted, scope)
            case Call(head, args):
                return self._call(head, args, scope)
            case Listed() | Typed():
                raise ProgramError("syntax", f"{_shown(node)} does not belong there")

    # --- names ---------------------------------------------------------------------------------

    def _name(self, text: str, quoted: bool, scope: Mapping[str, Domain]) -> Expression:
        if text in scope and not quoted:
            return Variable(text)
        if text in ("True", "False", "true", "false") and not quoted:
            return Constant(text.lower() == "true")
        if text in self.members:
            return Constant(text)
        if text in self.functions and not self.functions[text].parameters:
            return Cell(text)
        if text in _ABSENT_NAMES:
            return Constant(ABSENT)
        alike = [member for member in sorted(self.members) if _plain(member) == _plain(text)]
        if len(alike) == 1:
            self._say("spelling", f"read {text} as {alike[0]}")
            return Constant(alike[0])
        raise ProgramError("unknown_symbol", f"nothing declares {text!r}")

    def _say(self, kind: str, message: str) -> None:
        said = Mended(kind, message)
        if said not in self.mended:
            self.mended.append(said)

    # --- calls ---------------------------------------------------------------------------------

    def _call(self, head: str, args: tuple[Node, ...], scope: Mapping[str, Domain]) -> Expression:
        if head in _COMPARE and len(args) == 2:
            return self._comparison(_COMPARE[head], args, scope)
        if head in _WAYS:
            operator, least, most = _WAYS[head]
            parts = args
            if operator in ("and", "or") and len(args) == 1 and isinstance(args[0], Listed):
                parts = args[0].items
            if not least <= len(parts) <= most:
                raise ProgramError("syntax", f"{head} of {len(parts)} arguments")
            return Operation(operator, tuple(self.truth(part, scope) for part in parts))
        if head in _OVERS and args and isinstance(args[0], Listed):
            return self._over(head, args[0], args[1:], scope)
        if head == "Distinct" and args:
            return Operation("distinct", tuple(self.value(arg, scope) for arg in args))
        if head in ("AllDifferentConstraint", "AllDifferent"):
            items = args[0].items if args and isinstance(args[0], Listed) else args
            return Operation("distinct", tuple(self.value(arg, scope) for arg in items))
        if head in ("If", "IfThenElse") and len(args) == 3:
            return self._if(args, scope)
        if head == "If" and len(args) == 2:
            self._say("if", "read If of two arguments as Implies")
            return Operation("implies", tuple(self.truth(arg, scope) for arg in args))
        if head == "in" and len(args) == 2:
            return self._member(args[0], args[1], scope)
        if head == "not" and len(args) == 1:
            return Operation("not", (self.truth(args[0], scope),))
        if head in self.functions:
            return self._cell(self.functions[head], args, scope)
        if head in _ARITHMETIC:
            return self._arithmetic(head, args, scope)
        alike = [name for name in self.functions if _plain(name) == _plain(head)]
        if len(alike) == 1:
            self._say("spelling", f"read {head} as {alike[0]}")
            return self._cell(self.functions[alike[0]], args, scope)
        raise ProgramError("unknown_symbol", f"nothing declares the function {head!r}")

    def _arithmetic(
        self, head: str, args: tuple[Node, ...], scope: Mapping[str, Domain]
    ) -> Expression:
        if len(args) not in {"-": (1, 2), "abs": (1,), "Abs": (1,)}.get(head, (2,)):
            raise ProgramError("syntax", f"{head} of {len(args)} arguments")
        parts = tuple(self.value(arg, scope) for arg in args)
        for part in parts:
            self._numeric(part, scope, "are counted by their place")
        return Operation(_ARITHMETIC[head], parts)

    def _numeric(self, part: Expression, scope: Mapping[str, Domain], what: str) -> None:
        """Note where names are used as numbers; refuse truth values."""
        values = self._values(part, scope)
        if values and any(isinstance(v, str) for v in values):
            missing = [v for v in values if isinstance(v, str) and v not in self.places]
            if missing:
                raise ProgramError("sort", f"{missing[0]} has no place in an order")
            self._say("order", f"names such as {min(map(str, values))} {what}")

    def _comparison(
        self, operator: Operator, args: tuple[Node, ...], scope: Mapping[str, Domain]
    ) -> Expression:
        left, right = (self.value(arg, scope) for arg in args)
        if self._boolean(left) != self._boolean(right):
            raise ProgramError("sort", f"{_shown(Call(operator, args))} compares a truth value")
        if self._boolean(left) and operator not in ("==", "!="):
            raise ProgramError("sort", f"{_shown(Call(operator, args))} orders truth values")
        for side, other in ((left, right), (right, left)):
            if side == Constant(ABSENT) and isinstance(other, Cell):
                self._absent(other.function)
        first, second = self._values(left, scope), self._values(right, scope)
        if operator not in ("==", "!="):
            self._numeric(left, scope, "are ordered as listed")
            self._numeric(right, scope, "are ordered as listed")
        elif first is not None and second is not None and not set(first) & set(second):
            kinds = {isinstance(v, str) for v in first}, {isinstance(v, str) for v in second}
            if kinds == ({True}, {True}):
                raise ProgramError(
                    "sort", f"{_shown(Call(operator, args))} compares things of different kinds"
                )
        if operator in ("==", "!="):
            kinds_of = [v for v in (first, second) if v and all(isinstance(x, str) for x in v)]
            numbers = [
                v for v in (first, second) if v is None or any(isinstance(x, Fraction) for x in v)
            ]
            if len(kinds_of) == 1 and len(numbers) == 1:
                self._numeric(
                    left if first == kinds_of[0] else right, scope, "are counted by their place"
                )
        return Operation(operator, (left, right))

    def _absent(self, name: str) -> None:
        function = self.functions[name]
        if function.range != BOOLEAN and ABSENT not in function.range.values:
            values = (*function.range.values, ABSENT)
            self.functions[name] = replace(function, range=Domain(function.range.name, values))
            self._say("absent", f"{name} may have no value, since it is compared with None")

    def _if(self, args: tuple[Node, ...], scope: Mapping[str, Domain]) -> Expression:
        test = self.truth(args[0], scope)
        then, otherwise = self.value(args[1], scope), self.value(args[2], scope)
        if self._boolean(then) != self._boolean(otherwise):
            raise ProgramError("sort", "the two branches of If are of different kinds")
        if self._boolean(then):
            yes = Operation("implies", (test, then))
            no = Operation("or", (test, otherwise))
            return Operation("and", (yes, no))
        return Operation("if", (test, then, otherwise))

    def _member(self, item: Node, among: Node, scope: Mapping[str, Domain]) -> Expression:
        value = self.value(item, scope)
        match among:
            case Listed(items):
                members = [self.value(one, scope) for one in items]
            case Name(text) if text in self.domains:
                members = [Constant(one) for one in self.domains[text].values]
            case _:
                raise ProgramError("unknown_symbol", f"{_shown(among)} is no list of values")
        return Operation("or", tuple(Operation("==", (value, member)) for member in members))

    def _cell(
        self, function: Function, args: tuple[Node, ...], scope: Mapping[str, Domain]
    ) -> Expression:
        if len(args) != len(function.parameters):
            raise ProgramError(
                "sort", f"{function.name} has {len(function.parameters)} arguments, not {len(args)}"
            )
        wild: list[tuple[str, Domain]] = []
        parts: list[Expression] = []
        for arg, domain in zip(args, function.parameters, strict=True):
            if arg == Name("_"):
                wild.append((f"_{len(wild)}", domain))
                parts.append(Variable(wild[-1][0]))
                continue
            part = self.value(arg, scope)
            self._fits(part, domain, function, scope)
            parts.append(part)
        cell = Cell(function.name, tuple(parts))
        if not wild:
            return cell
        if function.range != BOOLEAN:
            raise ProgramError("unsupported", f"_ as an argument of {function.name}")
        self._say("wildcard", f"_ in {function.name} is anything")
        return Over("some", tuple(wild), cell)

    def _fits(
        self, part: Expression, domain: Domain, function: Function, scope: Mapping[str, Domain]
    ) -> None:
        if self._boolean(part):
            raise ProgramError("sort", f"a truth value as an argument of {function.name}")
        values = self._values(part, scope)
        if values is not None and not set(values) & set(domain.values):
            raise ProgramError(
                "sort", f"{function.name} is not declared for {', '.join(map(str, values))[:60]}"
            )
        if values is None or not set(values) <= set(domain.values):
            self._say("edge", f"{function.name} is asked beyond {domain.name}")

    def _over(
        self, head: str, listed: Listed, rest: tuple[Node, ...], scope: Mapping[str, Domain]
    ) -> Expression:
        if head == "Distinct" and not rest:
            return Operation("distinct", tuple(self.value(item, scope) for item in listed.items))
        variables: list[tuple[str, Domain]] = []
        for item in listed.items:
            if not isinstance(item, Typed):
                raise ProgramError("syntax", f"{_shown(item)} has no kind in the scope of {head}")
            if item.sort not in self.domains:
                raise ProgramError("unknown_symbol", f"nothing declares the sort {item.sort!r}")
            variables.append((item.name, self.domains[item.sort]))
        if not variables or len(rest) != 1:
            raise ProgramError("syntax", f"{head} takes a scope and one expression")
        if len({name for name, _ in variables}) < len(variables):
            raise ProgramError("syntax", f"{head} binds a variable twice")
        inner = {**scope, **dict(variables)}
        bound = tuple(variables)
        if head in ("Sum", "Distinct"):
            body = self.value(rest[0], inner)
            return Over("sum" if head == "Sum" else "distinct", bound, body)
        body = self.truth(rest[0], inner)
        if head == "Count":
            return Over("count", bound, body)
        over = Over("all" if head == "ForAll" else "some", bound, body)
        if not self.meaning:
            return over
        changed, pairs = others(over)
        for first, second in pairs:
            self._say("other", f"{head}: {first} is another than {second}")
        return changed

    # --- kinds ---------------------------------------------------------------------------------

    def _boolean(self, expression: Expression) -> bool:
        match expression:
            case Constant(value):
                return isinstance(value, bool)
            case Variable():
                return False
            case Cell(name):
                return self.functions[name].range == BOOLEAN
            case Operation(operator):
                return operator not in ("+", "-", "*", "/", "%", "abs", "if")
            case Over(kind):
                return kind in ("all", "some", "distinct")

    def _values(
        self, expression: Expression, scope: Mapping[str, Domain]
    ) -> tuple[Value, ...] | None:
        """The values that a name, variable or cell can have; nothing for what is calculated."""
        match expression:
            case Constant(value):
                return (value,)
            case Variable(name):
                return scope[name].values if name in scope else None
            case Cell(name):
                return self.functions[name].range.values
            case _:
                return None


def _places(domains: list[Domain]) -> dict[str, int]:
    """Each name's place in the largest domain that lists it; none where two disagree."""
    found: dict[str, tuple[int, int]] = {}
    unsure: set[str] = set()
    for domain in domains:
        for place, value in enumerate(domain.values, 1):
            if not isinstance(value, str):
                continue
            size, before = found.get(value, (0, place))
            if len(domain.values) > size:
                found[value] = (len(domain.values), place)
                unsure.discard(value)
            elif len(domain.values) == size and before != place:
                unsure.add(value)
    return {value: place for value, (_, place) in found.items() if value not in unsure}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _shown(node: Node) -> str:
    match node:
        case Number(value):
            text = str(value)
        case Name(name):
            text = name
        case Typed(name, sort):
            text = f"{name}:{sort}"
        case Listed(items):
            text = f"[{', '.join(map(_shown, items))}]"
        case Call(head, (left, right)) if not head[0].isalpha():
            text = f"{_shown(left)} {head} {_shown(right)}"
        case Call(head, args):
            text = f"{head}({', '.join(map(_shown, args))})"
    return text[:60]
