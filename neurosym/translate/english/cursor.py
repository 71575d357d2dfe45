"""A place in a sentence's tokens: stepping, failing, trying alternatives, reading lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, TypeVar

from neurosym.translate.english import lexicon
from neurosym.translate.english.tokens import Token

MAX_STEPS: Final = 20_000
MAX_DEPTH: Final = 40

Number: TypeAlias = Literal["s", "p"]
T = TypeVar("T")
# What comes right after a whole subject.
AFTER_SUBJECT: Final = lexicon.AUXILIARIES | lexicon.RELATIVES


class Unreadable(Exception):
    """The text is not in the language; ``at`` is the index of the token it stumbles on."""

    def __init__(self, at: int, why: str = "") -> None:
        super().__init__(why)
        self.at = at
        self.why = why


class TooMuch(Exception):
    """Work beyond ``MAX_STEPS``; no ``Unreadable``, so that it ends every alternative."""


class Cursor:
    """One sentence's tokens and how far they are read.

    ``start`` is the index of the token that is capitalised only because a sentence starts there;
    -1 where there is none.
    """

    def __init__(self, tokens: tuple[Token, ...], begin: int = 0, start: int = 0) -> None:
        self.tokens = tokens
        self.i = begin
        self.start = start
        self.furthest = begin
        self.why = ""
        self.steps = 0
        self.depth = 0

    # --- tokens ----------------------------------------------------------------------------

    def low(self, ahead: int = 0) -> str:
        at = self.i + ahead
        return self.tokens[at].low if at < len(self.tokens) else ""

    def at(self, *words: str) -> bool:
        return self.low() in words

    def follows(self, *words: str) -> bool:
        """Whether exactly these words come next."""
        return all(self.low(k) == word for k, word in enumerate(words))

    def take(self, *words: str) -> bool:
        """Step over ``words`` if they come next."""
        if self.follows(*words):
            self.i += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        if self.low() not in words:
            raise self.fail()
        self.i += 1

    def fail(self, at: int | None = None, why: str = "") -> Unreadable:
        position = self.i if at is None else at
        if position > self.furthest or (why and position == self.furthest):
            self.furthest, self.why = position, why
        return Unreadable(position, why)

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.furthest, self.why = self.i, "too many ways to read this"
            raise TooMuch

    def done(self) -> bool:
        return self.i >= len(self.tokens)

    def is_content(self, at: int) -> bool:
        """A word of an open class: noun, name, adjective or verb."""
        if at >= len(self.tokens):
            return False
        token = self.tokens[at]
        return (
            token.is_word
            and token.low not in lexicon.FUNCTION
            and "'" not in token.text
            and not token.low.startswith("non-")
            and not any(c.isdigit() for c in token.text)
        )

    def is_name(self, at: int) -> bool:
        """A capitalised word where capitals mean something (not at the start)."""
        return at != self.start and self.is_content(at) and self.tokens[at].text[0].isupper()

    def run(self) -> list[str]:
        """The words of open classes from here; a name begins or ends where the case changes."""
        at = self.i
        while self.is_content(at) and (at == self.i or not self._case_break(at)):
            at += 1
        return [t.low for t in self.tokens[self.i : at]]

    def _case_break(self, at: int) -> bool:
        upper = self.tokens[at].text[0].isupper()
        before = self.tokens[at - 1].text[0].isupper()
        if at - 1 == self.start:
            # A name may go on after a capital that only marks the start; "Dogs chase" may not.
            return False
        return upper != before

    # --- alternatives and lists ------------------------------------------------------------

    def attempt(self, rule: Callable[[], T]) -> T | None:
        """The rule's tree, or None with nothing read."""
        before = self.i
        try:
            return rule()
        except Unreadable:
            self.i = before
            return None

    def nested(self, rule: Callable[[], T]) -> T:
        self.step()
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(why="nested too deep")
        try:
            return rule()
        finally:
            self.depth -= 1

    def listed(
        self, item: Callable[[bool], T], boundary: Callable[[], bool]
    ) -> tuple[tuple[T, ...], tuple[str, ...], tuple[int, ...]]:
        """``item (, item)* (,)? (and|or|but) item``: items, joining words and their places.

        A further item counts only where a boundary follows it; a comma list counts only where a
        joining word closes it. "and" and "or" in one list are not read. ``item`` is told
        whether it is a further one.
        """
        items = [item(False)]
        words: list[str] = []
        places: list[int] = []
        single, commas = self.i, 0
        while True:
            self.step()
            mark = self.i
            comma = self.take(",")
            place = self.i
            word = self.low() if self.at("and", "or", "but") else ""
            if word:
                self.i += 1
            elif not comma or words:
                self.i = mark
                break
            try:
                new = item(True)
                if not boundary():
                    raise self.fail()
            except Unreadable:
                self.i = mark
                break
            items.append(new)
            if word:
                words.append(word)
                places.append(place)
            else:
                commas += 1
        if commas and not words:
            self.i = single
            return (items[0],), (), ()
        if "or" in words and len(set(words)) > 1:
            other = next(p for p, w in zip(places, words, strict=True) if w != words[0])
            raise self.fail(other, '"and" and "or" together: say which goes first')
        return tuple(items), tuple(words), tuple(places)

    def boundary(self, inside: bool) -> Callable[[], bool]:
        """Whether a phrase may end here; ``inside`` a relative clause a verb may follow."""

        def check() -> bool:
            if self.done() or self.at(",") or self.low() in lexicon.CONNECTIVES:
                return True
            return inside and (self.low() in lexicon.AUXILIARIES or self.is_content(self.i))

        return check

    def not_both(self) -> bool:
        """Step over ", but not both"."""
        return self.take(",", "but", "not", "both") or self.take("but", "not", "both")


def spell(word: str) -> str:
    """A word as part of a symbol's name."""
    return word.replace("-", "_")
