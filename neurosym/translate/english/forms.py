"""What surrounds a claim: discourse markers, reasons, questions, and text that claims nothing."""

from __future__ import annotations

from typing import Final

from neurosym.translate.base import Status, Translation
from neurosym.translate.english.cursor import TooMuch, Unreadable
from neurosym.translate.english.grammar import Parser
from neurosym.translate.english.instructions import instructs
from neurosym.translate.english.meaning import Meaning
from neurosym.translate.english.tokens import Token, split_sentences, tokenize
from neurosym.translate.english.trees import Sentence
from provers.logic.syntax import Formula

MAX_CHARACTERS: Final = 2_000
_SHOWN: Final = 80

# Longest first where one begins another.
_MARKERS: Final = tuple(
    tuple(line.split())
    for line in (
        "from this we can conclude that",
        "from this it follows that",
        "from this we know that",
        "it therefore follows that",
        "therefore we can conclude that",
        "we can therefore conclude that",
        "we can conclude that",
        "we can infer that",
        "we can deduce that",
        "we can say that",
        "we can see that",
        "we also know that",
        "we know that",
        "we are told that",
        "we are given that",
        "we conclude that",
        "we infer that",
        "we have that",
        "we deduce that",
        "it follows that",
        "it is given that",
        "it is known that",
        "this means that",
        "this means",
        "this implies that",
        "that means",
        "which means that",
        "this shows that",
        "it is the case that",
        "it must be the case that",
        "as a result",
        "as a consequence",
        "in conclusion",
        "for this reason",
        "in addition",
        "in other words",
        "note that",
        "recall that",
        "hence",
        "therefore",
        "thus",
        "so",
        "then",
        "consequently",
        "accordingly",
        "finally",
        "first",
        "firstly",
        "second",
        "secondly",
        "third",
        "thirdly",
        "next",
        "also",
        "moreover",
        "furthermore",
        "additionally",
        "however",
        "similarly",
        "likewise",
        "now",
        "and",
        "but",
        "conclusion :",
        "answer :",
        "fact :",
        "premise :",
        "rule :",
        "claim :",
    )
)
_STATEMENT_QUESTIONS: Final = tuple(
    tuple(line.split())
    for line in (
        "is the following statement true , false , or unknown ?",
        "is the following statement true , false or unknown ?",
        "is the following statement true , false , or uncertain ?",
        "is the following statement true , false or uncertain ?",
        "is the following statement true or false ?",
        "is the following statement true or false or unknown ?",
        "is the following statement true ?",
        "is the following true or false ?",
        "is the following true ?",
        "true , false , or unknown ?",
        "true , false or unknown ?",
        "true or false ?",
        "true , false , or unknown :",
        "true , false or unknown :",
        "true or false :",
    )
)
_GROUNDS: Final = tuple(
    tuple(line.split())
    for line in (
        "based on the above information ,",
        "based on the information above ,",
        "based on the given information ,",
        "based on the above ,",
        "based on this information ,",
        "based on this ,",
        "based on these facts ,",
        "given the above information ,",
        "given the above ,",
        "according to the above ,",
        "according to the text ,",
    )
)
_ASK_THAT: Final = tuple(
    tuple(line.split())
    for line in (
        "is it true that",
        "is it the case that",
        "does it follow that",
        "can we conclude that",
        "can we infer that",
        "can we say that",
        "can we deduce that",
        "can we be sure that",
        "does this mean that",
        "does this imply that",
        "do we know that",
    )
)
_IDLE_STARTS: Final = tuple(
    tuple(line.split())
    for line in (
        "let us think",
        "let us consider",
        "let us see",
        "let us check",
        "let us start",
        "let us begin",
        "let us look",
        "let us go",
        "let us break",
        "let us analyze",
        "let us analyse",
        "let us examine",
        "let us work",
        "let us evaluate",
        "let us proceed",
        "let us reason",
        "let us apply",
        "let us use",
        "let us determine",
        "let us find",
        "let us review",
        "let us solve",
        "let me think",
        "let me check",
        "let me see",
        "let me consider",
        "we need to determine",
        "we need to check",
        "we need to find",
        "we need to decide",
        "we need to see",
        "we need to prove",
        "we need to show",
        "we need to figure",
        "we have to determine",
        "we have to check",
        "we have to decide",
        "we have to find",
        "we want to determine",
        "we want to know",
        "we want to find",
        "we want to check",
        "we want to prove",
        "we want to show",
        "we are asked",
        "we are trying to",
        "we must determine",
        "we must check",
        "we must decide",
        "to answer this question",
        "to answer the question",
        "here are the",
        "here is the",
        "here is my reasoning",
    )
)
_HEADINGS: Final = frozenset(
    {
        "given", "facts", "rules", "premises", "premise", "question", "questions", "answer",
        "answers", "solution", "proof", "conclusion", "conclusions", "reasoning", "explanation",
        "context", "therefore", "thus", "hence", "so", "then", "consequently", "finally", "qed",
        "step", "steps", "first", "next", "now", "second", "third", "final", "known", "the",
        "analysis", "statement", "statements", "hypothesis", "hypotheses", "assumptions", "and",
        "background", "information", "summary", "in", "as", "follows", "we", "know", "following",
        "have", "that", "conclude", "get", "can",
        "by", "step-by-step", "ok", "okay", "yes", "no", "well", "a", "result",
    }
)  # fmt: skip
_HEADING_NOUNS: Final = _HEADINGS - {
    "the", "and", "in", "as", "we", "know", "have", "that", "get", "can", "by", "a",
    "yes", "no",
}  # fmt: skip


def translate(text: str) -> Translation:
    """One sentence, a statement or a question, as the formulas it claims or asks about.

    Never raises. Text over ``MAX_CHARACTERS`` characters is untranslated. A question about
    "the following statement" is read with the statement after it.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"cannot read a sentence of more than {MAX_CHARACTERS:,} characters"
        return Translation(text, Status.UNTRANSLATED, "english", messages=(message,))
    tokens = tokenize(text)
    if claims_nothing(tokens):
        return Translation(text, Status.NO_CLAIM, "english")
    reader = _Reader(tokens)
    try:
        formulas = reader.read()
    except (Unreadable, TooMuch) as error:
        at, why = reader.stumble(error)
        return Translation(
            text, Status.UNTRANSLATED, "english", messages=(_message(text, tokens, at, why),)
        )
    return Translation(text, Status.TRANSLATED, "english", formulas)


def translate_all(text: str) -> tuple[Translation, ...]:
    """Each sentence of ``text`` on its own, in order; see ``split_sentences``."""
    return tuple(translate(sentence) for sentence in split_sentences(text))


def claims_nothing(tokens: tuple[Token, ...]) -> bool:
    """Whether the text is a heading, a bare marker, an announcement or an instruction."""
    words = [t.low for t in tokens if t.is_word]
    if not words:
        return True
    begin = _skip_label(tokens)
    rest = tuple(t.low for t in tokens[begin:])
    if not rest or not any(t.is_word for t in tokens[begin:]):
        return True
    if instructs(tokens[begin:]):
        return True
    if rest[0] in ("so", "first", "now", "okay", "ok", "next", "finally", "well", "then"):
        after = rest[2:] if rest[1:2] == (",",) else rest[1:]
        if any(after[: len(start)] == start for start in _IDLE_STARTS):
            return True
    if any(rest[: len(start)] == start for start in _IDLE_STARTS):
        return True
    if any(rest == question for question in _STATEMENT_QUESTIONS):
        return True
    for ground in _GROUNDS:
        if rest[: len(ground)] == ground and rest[len(ground) :] in _STATEMENT_QUESTIONS:
            return True
    plain = [t.low for t in tokens if t.is_word and not t.low.isdigit()]
    heading = all(w in _HEADINGS for w in plain)
    if tokens[0].low == "#" and heading:
        return True
    if tokens[-1].low == ":":
        return heading
    return bool(plain) and all(w in _HEADING_NOUNS for w in plain)


def _skip_label(tokens: tuple[Token, ...]) -> int:
    """Past "1.", "2)", "-", "*", "#", "Step 3:"."""
    i = 0
    while i < len(tokens) and tokens[i].low in ("-", "*", "#", "\u2022"):
        i += 1
    if (
        i + 2 < len(tokens)
        and tokens[i].low == "step"
        and tokens[i + 1].low.isdigit()
        and tokens[i + 2].low in (":", ".")
    ):
        return i + 3
    if i + 1 < len(tokens) and tokens[i].low.isdigit() and tokens[i + 1].low in (".", ")", ":"):
        return i + 2
    return i


def _message(text: str, tokens: tuple[Token, ...], at: int, why: str) -> str:
    shown = " ".join(text[: 4 * _SHOWN].split())
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "\u2026"
    if at < len(tokens):
        token = tokens[at]
        place = f'"{token.text[:40]}" (word {token.word})'
    else:
        words = tokens[-1].word if tokens else 0
        place = f"its end (after word {words})"
    return f'cannot read "{shown}" at {place}' + (f": {why}" if why else "")


class _Reader:
    """Takes a sentence's frame apart and has its clauses parsed."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.all = tokens
        self.question = False
        self.parser: Parser | None = None

    def stumble(self, error: Unreadable | TooMuch) -> tuple[int, str]:
        """The furthest token that was reached, or the one that the meaning failed on."""
        parser = self.parser
        if isinstance(error, Unreadable) and (parser is None or parser.done()):
            return error.at, error.why
        if parser is None:
            return 0, ""
        return parser.furthest, parser.why

    def read(self) -> tuple[Formula, ...]:
        tokens, begin = self.all, _skip_label(self.all)
        begin, asked = self._skip_frame(begin)
        end = len(tokens)
        while end > begin and tokens[end - 1].low in (".", "!", "?"):
            self.question = self.question or tokens[end - 1].low == "?"
            end -= 1
        tokens = tokens[:end]
        start = begin
        if asked:
            return (self._formula(self._statement(tokens, begin, -1)[0], asked=True),)
        if self.question:
            return (self._formula(self._question(tokens, begin), asked=True),)
        marked = self._skip_markers(tokens, begin)
        if marked != begin:
            begin, start = marked, -1
        return self._claims(tokens, begin, start)

    def _skip_frame(self, begin: int) -> tuple[int, bool]:
        """Past "Is the following statement true or false?" and past "Is it true that"."""
        lows = tuple(t.low for t in self.all)
        for ground in _GROUNDS:
            if lows[begin : begin + len(ground)] == ground:
                begin += len(ground)
                break
        for question in _STATEMENT_QUESTIONS:
            if lows[begin : begin + len(question)] == question:
                return begin + len(question), False
        for asking in _ASK_THAT:
            if lows[begin : begin + len(asking)] == asking:
                return begin + len(asking), True
        return begin, False

    def _skip_markers(self, tokens: tuple[Token, ...], begin: int) -> int:
        for _ in range(4):
            lows = tuple(t.low for t in tokens[begin : begin + 8])
            marker = next((m for m in _MARKERS if lows[: len(m)] == m), None)
            if marker is None:
                break
            begin += len(marker)
            if begin < len(tokens) and tokens[begin].low in (",", ":"):
                begin += 1
        return begin

    def _claims(self, tokens: tuple[Token, ...], begin: int, start: int) -> tuple[Formula, ...]:
        low = tokens[begin].low if begin < len(tokens) else ""
        reason_first = low in ("since", "because", "as") or [
            t.low for t in tokens[begin : begin + 2]
        ] == ["given", "that"]
        if reason_first:
            begin += 2 if low == "given" else 1
            reason, parser = self._statement(tokens, begin, -1, whole=False)
            parser.expect(",")
            after = self._skip_markers(tokens, parser.i)
            claim, _ = self._statement(tokens, after, -1)
            return self._shared(reason, claim)
        claim, parser = self._statement(tokens, begin, start, whole=False)
        if parser.done():
            return (self._formula(claim),)
        if parser.at(",") and parser.low(1) in ("because", "since"):
            parser.i += 1
        if parser.at("because", "since"):
            reason, _ = self._statement(tokens, parser.i + 1, -1)
            return self._shared(claim, reason)
        if parser.at(",") and parser.low(1) in ("so", "therefore", "hence", "thus"):
            claim_2, _ = self._statement(tokens, parser.i + 2, -1)
            return self._shared(claim, claim_2)
        raise parser.fail()

    def _shared(self, first: Sentence, second: Sentence) -> tuple[Formula, ...]:
        """Two claims of one sentence: the second may refer back to names of the first."""
        meaning = Meaning()
        made = meaning.sentence(first)
        meaning.rule, meaning.demands = [], []
        return made, meaning.sentence(second)

    def _statement(
        self, tokens: tuple[Token, ...], begin: int, start: int, whole: bool = True
    ) -> tuple[Sentence, Parser]:
        parser = self.parser = Parser(tokens, begin, start)
        tree = parser.sentence()
        if whole and not parser.done():
            raise parser.fail()
        return tree, parser

    def _formula(self, tree: Sentence, asked: bool = False) -> Formula:
        return Meaning().sentence(tree, "asked" if asked else "plain")

    def _question(self, tokens: tuple[Token, ...], begin: int) -> Sentence:
        """ "Is Bob cold?", "Does the cat eat the dog?" """
        parser = self.parser = Parser(tokens, begin, begin)
        clause = parser.question()
        if not parser.done():
            raise parser.fail()
        return clause
