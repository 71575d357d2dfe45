"""A model that answers from a list, and random strings of a grammar, for tests without weights."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from neurosym.llm.base import Completion, Completions, Request


@dataclass
class Scripted:
    """Answers with its texts in order, and remembers what it was asked."""

    texts: list[str]
    name: str = "scripted"
    asked: list[Request] = field(default_factory=list)

    def complete(self, request: Request) -> Completions:
        self.asked.append(request)
        taken, self.texts = self.texts[: request.n], self.texts[request.n :]
        assert len(taken) == request.n, "the script is too short"
        return Completions(tuple(Completion(t, "stop", len(t)) for t in taken), self.name)

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        pass


# --- strings of a GBNF grammar -------------------------------------------------------------

_PIECE = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|\{\d+,\d*\}|[\w-]+|[()|*+?]')
# A choice of sequences of items; an item is a text, characters, a rule or a choice, repeated.
Choice: TypeAlias = "list[list[Item]]"
_ENDLESS = 10**6


@dataclass(frozen=True)
class Item:
    content: str | Choice
    least: int = 1
    most: int = 1


class Strings:
    """Random strings that a GBNF grammar generates, from its rule ``root``."""

    def __init__(self, grammar: str) -> None:
        self.rules: dict[str, Choice] = {}
        self.short: dict[int, Choice] = {}
        for line in grammar.splitlines():
            name, _, body = line.partition(" ::= ")
            self.rules[name], rest = _choice(_PIECE.findall(body))
            assert not rest, line
        self.costs = dict.fromkeys(self.rules, _ENDLESS)
        while True:  # the least depth that each rule needs
            found = {name: self._cost(choice) + 1 for name, choice in self.rules.items()}
            if found == self.costs:
                break
            self.costs = found

    def draw(self, seed: int, size: int = 100) -> str:
        """A string of about ``size`` rules; what is begun is finished in the shortest way."""
        self.left, self.chance = size, random.Random(seed)
        return self._choose(self.rules["root"])

    def _cost(self, choice: Choice) -> int:
        return min(max((self._item_cost(i) for i in row), default=0) for row in choice)

    def _item_cost(self, item: Item) -> int:
        if item.least == 0:
            return 0
        if isinstance(item.content, list):
            return self._cost(item.content)
        return self.costs[item.content] if item.content in self.rules else 0

    def _choose(self, choice: Choice) -> str:
        rows = choice if self.left > 0 else self._shortest(choice)
        return "".join(map(self._item, self.chance.choice(rows)))

    def _shortest(self, choice: Choice) -> Choice:
        """The rows that need the least depth."""
        if id(choice) not in self.short:  # the rules hold on to every choice
            costs = [self._cost([row]) for row in choice]
            self.short[id(choice)] = [
                row for row, cost in zip(choice, costs, strict=True) if cost == min(costs)
            ]
        return self.short[id(choice)]

    def _item(self, item: Item) -> str:
        most = min(item.most, item.least + 2) if self.left > 0 else item.least
        return "".join(
            self._once(item.content) for _ in range(self.chance.randint(item.least, most))
        )

    def _once(self, content: str | Choice) -> str:
        if isinstance(content, list):
            return self._choose(content)
        if content in self.rules:
            self.left -= 1
            return self._choose(self.rules[content])
        if content.startswith('"'):
            return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], content[1:-1])
        return self.chance.choice(_members(content[1:-1]))


def _members(inside: str) -> list[str]:
    assert not inside.startswith("^"), "complements are not drawn from"
    plain = [c.removeprefix("\\") for c in re.findall(r"\\.|.", inside)]
    found: list[str] = []
    at = 0
    while at < len(plain):
        if at + 2 < len(plain) and inside[at + 1] == "-" and "\\" not in inside:
            found += map(chr, range(ord(plain[at]), ord(plain[at + 2]) + 1))
            at += 3
        else:
            found.append(plain[at])
            at += 1
    return found


def _choice(pieces: Iterable[str]) -> tuple[Choice, list[str]]:
    """The choice up to its closing bracket, and what is left."""
    rest = list(pieces)
    rows: Choice = [[]]
    while rest:
        piece = rest.pop(0)
        if piece == ")":
            break
        if piece == "|":
            rows.append([])
            continue
        content: str | Choice = piece
        if piece == "(":
            content, rest = _choice(rest)
        least, most = 1, 1
        if rest and rest[0] in "*+?":
            mark = rest.pop(0)
            least, most = int(mark == "+"), 1 if mark == "?" else _ENDLESS
        elif rest and rest[0].startswith("{"):
            low, high = rest.pop(0)[1:-1].split(",")
            least, most = int(low), int(high) if high else _ENDLESS
        rows[-1].append(Item(content, least, most))
    return rows, rest
