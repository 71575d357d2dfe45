"""What stands under an assumption or is taken back, and which meaning of a letter is meant.

Only words are looked at: whether the assumption itself could be read makes no difference to
what stands under it.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field

from neurosym.verify.base import ClaimReport, Verdict
from neurosym.verify.vacuity import VACUOUS

_SUPPOSING = re.compile(
    r"\b(?:suppos(?:e|es|ing)|assum(?:e|es|ing)|let\s+us\s+say|let['’]?s\s+say|imagine|pretend"
    r"|hypothetically|(?:for|towards?|by)\s+(?:the\s+sake\s+of\s+|a\s+|an\s+)?"
    r"(?:contradiction|argument))\b",
    re.IGNORECASE,
)
_CASE = re.compile(
    r"(?:^|[.;:,*#(]\s?|\b[Ii]n\s+|\b[Cc]onsider\s+)(?:[Cc]ase|CASE)\s+"
    r"\(?(?:\d{1,2}|[ivxIVX]{1,4}|[A-Z])\)?\s?(?:[:.,;)*–—-]|$|(?:is|where|when|if|that)\b)"
    r"|\b(?:[Cc]onsider|[Ii]n)\s+the\s+(?:first|second|third|fourth|other|last)\s+case\b"
)
_SAYING = r"\b(?:suppose|assume|assuming|supposing|let\s+us\s+say|let['’]?s\s+say)\s+(?:that\s+)?"
# "Suppose Tom has x apples", "assume x is the number of cows": names are given, nothing is
# supposed that could turn out to be false.
_NAMING = re.compile(
    _SAYING + r"(?:"
    r"[A-Za-z]\s+(?:be|is|equals|represents|denotes|=)\s+"
    r"(?:the|his|her|its|their|how|[A-Z]\w+['’]s)\s+"
    r"(?!(?:\w+\s+){0,2}(?:smallest|largest|least|greatest|biggest|first|last|only)\b)"
    r"|[^.,;:=<>\n]{2,60}?\s(?:has|have|had|is|are|was|were|be|costs?|cost|weighs?|bought|buys"
    r"|sold|sells|got|gets|makes?|made|originally)\s+(?:originally\s+)?\$?(?![aAI]\s)[A-Za-z]"
    r"(?:[\s.,;]|$))",
    re.IGNORECASE,
)
_CONTRADICTION = re.compile(
    r"\b(?:contradict(?:s|ion|ions|ory|ing)|absurd(?:ity)?|impossible)\b"
    r"|\b(?:assumption|supposition|hypothesis)\b.{0,40}?\b(?:false|wrong|incorrect|fails?"
    r"|cannot\s+hold|does\s+not\s+hold|untrue)\b",
    re.IGNORECASE | re.DOTALL,
)
_CASES_DONE = re.compile(
    r"\b(?:in|for)\s+(?:either|both|all|any|each|every)\s+(?:of\s+the\s+|two\s+|three\s+)?"
    r"(?:possible\s+)?cases?\b|\b(?:either|both)\s+ways?\b",
    re.IGNORECASE,
)


_TAKING_BACK = re.compile(
    r"(?:(?:wait|hmm+|oops|oh|no|sorry|but|actually|hold\s+on)[\s,.!–—-]*){0,4}"
    r"(?:(?:that|this|it)(?:['’]s|\s+is|\s+was)\s+(?:(?:clearly|obviously)\s+)?"
    r"(?:not\s+(?:right|correct|true)|wrong|incorrect|untrue|false|an?\s+(?:mistake|error))"
    r"(?=\s*(?:[.,;:!–—]|$)|\s+(?:because|since)\b)"
    r"|(?:that|this|it)\s+(?:isn['’]t|can['’]t\s+be|cannot\s+be)\s+(?:right|correct|true)\b"
    r"|I\s+made\s+an?\s+(?:\w+\s+)?(?:mistake|error)\b|scratch\s+that\b)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Scope:
    """The assumptions in force, innermost last: the step that made each, and if it is a case."""

    open: list[tuple[int, bool]] = field(default_factory=list)

    def enter(self, index: int, sentence: str) -> int | None:
        """Go through a sentence of a step; the step whose assumption it stands under, if any.

        A sentence that ends an assumption ("a contradiction") still stands under it.
        """
        sentence = _one_line(sentence)
        opens = _opens(sentence)
        if opens is not None:
            if opens and self.open and self.open[-1][1]:
                self.open.pop()  # the next case ends the one before
            self.open.append((index, opens))
        standing = self.open[-1][0] if self.open else None
        self._discharge(_CASE.sub(" ", _SUPPOSING.sub(" ", sentence)))
        return standing

    def _discharge(self, sentence: str) -> None:
        if _CASES_DONE.search(sentence):
            while self.open and self.open[-1][1]:
                self.open.pop()
        if self.open and _CONTRADICTION.search(sentence):
            self.open.pop()


def _one_line(text: str) -> str:
    """The text with single spaces, which the patterns here need to take linear time."""
    return " ".join(text[:20_000].split())


def _opens(sentence: str) -> bool | None:
    """None where nothing is supposed; else whether it is one case of several."""
    if _CASE.search(sentence):
        return True
    rest = _NAMING.sub(" ", sentence)
    return False if _SUPPOSING.search(rest) else None


_DOUBTED = frozenset({Verdict.REFUTED, Verdict.INCONSISTENT, Verdict.INDEPENDENT})


def shield(report: ClaimReport, step: int) -> ClaimReport:
    """The report on a claim under an assumption: only ``proved`` counts, since the claim may
    follow from what is assumed, or contradict it on purpose.
    """
    if report.verdict not in _DOUBTED:
        return report
    return dataclasses.replace(
        report,
        verdict=Verdict.UNKNOWN,
        reason="incomplete",
        flags=tuple(flag for flag in report.flags if flag != VACUOUS),
        messages=(*report.messages, f"stands under an assumption made in step {step}"),
    )


def takes_back(sentence: str) -> bool:
    """Whether a sentence begins by taking back what was said: "Wait, that's not right"."""
    return _TAKING_BACK.match(_one_line(sentence)) is not None


def withdraw(report: ClaimReport) -> ClaimReport:
    """The report on a claim that its own step takes back: that it is false is no news."""
    if report.verdict not in _DOUBTED:
        return report
    return dataclasses.replace(
        report,
        verdict=Verdict.UNKNOWN,
        reason="incomplete",
        flags=tuple(flag for flag in report.flags if flag != VACUOUS),
        messages=(*report.messages, "is taken back by the sentence after it"),
    )


# --- letters -------------------------------------------------------------------------------

_INTRODUCED = re.compile(
    r"\blet\s+(?P<let>[A-Za-z])\s*(?:be\b|=|denote\b|represent\b|stand\s+for\b|equal\b)"
    r"(?P<told>[^.;\n]{0,200})"
    r"|(?<![\w.])(?P<is>[A-Za-z])\s*=\s*(?P<words>(?:the|his|her|its|their|number|amount|cost|price"
    r"|age|how|[A-Z]\w+['’]s)\b[^.;=\n]{0,200})"
    r"|" + _SAYING + r"(?P<say>[A-Za-z])\s+(?:be|is|represents|denotes)\s+(?P<said>[^.;\n]{0,200})"
    r"|\b(?:call|denote)\s+(?P<thing>[^.;,=\n]{3,80}?)\s+(?:by\s+|as\s+)?(?P<call>[A-Za-z])"
    r"(?=\s*(?:[.,;]|$))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Meanings:
    """What each letter was last said to stand for: words, and numbers (``Let x = 5``)."""

    words: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def take(self, text: str) -> frozenset[str]:
        """Read the introductions in a text; the letters that now stand for something else.

        Giving a value to a letter that stands for a quantity changes nothing.
        """
        changed = set()
        for match in _INTRODUCED.finditer(_one_line(text)):
            letter = match["let"] or match["is"] or match["say"] or match["call"]
            told = match["told"] or match["words"] or match["said"] or match["thing"] or ""
            meaning = " ".join(re.findall(r"[\w.]+", told.lower()))
            known = self.words if re.search(r"[a-z]{2}", meaning) else self.values
            if not _same_meaning(known.get(letter, meaning), meaning):
                changed.add(letter)
            known[letter] = meaning
            if known is self.words and letter in changed:
                self.values.pop(letter, None)
        return frozenset(changed)

    @property
    def letters(self) -> frozenset[str]:
        return frozenset((*self.words, *self.values))


def _same_meaning(old: str, new: str) -> bool:
    """Whether the words are the same, or refer back: "a number with ...", then "the number"."""
    words = [word for word in new.split() if word not in ("the", "a", "an", "this", "that")]
    return old == new or (len(words) == 1 and words[0].isalpha() and words[0] in old.split())
