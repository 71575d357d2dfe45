"""Divide text into a question and steps, and steps into sentences.

Nothing is split inside mathematics, a LaTeX environment or a fenced block, nor at a decimal
point or an abbreviation. A step keeps its own text; ``body`` is that text without the list
marker in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLOCK_OPENING = re.compile(r"\\begin\{[A-Za-z*]{1,30}\}|\\\[|\$\$|```|\[asy\]")
_CLOSING = {"\\[": "\\]", "$$": "$$", "```": "```", "[asy]": "[/asy]"}
_INLINE = re.compile(
    r"\\\([^\n]{0,400}?\\\)"
    r"|(?<![\\$])\$(?=[^\s$])[^$\n]{0,400}?(?<=[^\s\\])\$(?![\d$])"
    r"|<<[^<>\n]{0,200}>>"
    r"|https?://\S{1,400}"
)
_MARKER = re.compile(
    r"""(?P<indent>[ \t]*)
    (?:
      [-*•–][ \t]+
    | \(?(?P<number>\d{1,3})[.)](?:[ \t]+|$)
    | (?:\#{1,6}[ \t]*|\*\*)?[Ss]tep[ \t]+(?P<step>\d{1,3})[ \t]*[:.)–—-]?(?:\*\*)?[:.]?[ \t]*
    )""",
    re.VERBOSE,
)
_HEADING = re.compile(
    r"^[ \t]*(?:\#{1,6}[ \t]*|\*\*)?(?:solution|reasoning|proof|explanation)"
    r"(?:\*\*)?[ \t]*:(?:\*\*)?",
    re.IGNORECASE | re.MULTILINE,
)
_QUESTION_LABEL = re.compile(
    r"^\s*(?:\#{1,6}\s*|\*\*)?(?:question|problem|q)(?:\*\*)?\s*:(?:\*\*)?\s*", re.IGNORECASE
)
# A run of marks is tried once, from its first: a long one would cost its square.
_END = re.compile(r"(?<![.!?])[.!?]++[)\"'”’\]*]*+(?=\s)")
# After these a full stop never ends a sentence; ``No.`` only before a number.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|mr|mrs|ms|dr|prof|st|vs|cf|fig|eq|eqs|approx|resp|w\.r\.t|viz|"
    r"thm|def|lem|prop|sec|ch)\.$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\s)(?:no|nos|p|pp|vol)\.$", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")
_INITIALS = re.compile(r"(?:^|\s)[A-Z]\.\s?[A-Z]\.$")
# "5! * 3! = 720" against "It is 5! Then it ends."
_FACTORIAL = re.compile(r"[\dn)]!$")
_WORD = re.compile(r"[\"'“‘(]*[A-Z][a-z]*\s")
_ONLY_MARKER = re.compile(r"^\s*\(?\d{1,3}[.)]\s*$")
_OPENING = re.compile(r"[A-Z0-9$\\(\[\"'“‘*_<¬∀∃]|[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``number`` is the number that its own marker gives it, if any."""

    text: str
    body: str
    number: int | None = None


def split_text(text: str) -> tuple[str, str]:
    """Plain text as (question, reasoning); the question is empty where there is none.

    A line ``Solution:`` (or ``Reasoning:``, ``Proof:``) divides the two; otherwise the first
    blank line does, unless the text starts with a list.
    """
    text = _normalised(text)
    heading = _HEADING.search(text)
    if heading is not None and text[heading.end() :].strip():
        question, reasoning = text[: heading.start()], text[heading.end() :]
    else:
        paragraphs = list(_paragraphs(text))
        if len(paragraphs) < 2 or _MARKER.match(paragraphs[0]):
            question, reasoning = "", text
        else:
            question = paragraphs[0]
            reasoning = text[text.index(question) + len(question) :]
    question = _QUESTION_LABEL.sub("", question)
    return question.strip(), reasoning.strip("\n")


def split_solution(text: str) -> tuple[Step, ...]:
    """The steps of a solution: its list items if it has any, else its sentences."""
    text = _normalised(text)
    steps: list[Step] = []
    for chunk, is_item in _chunks(text):
        if is_item:
            steps.append(step_of(chunk))
        else:
            steps += [step_of(sentence) for sentence in sentences(chunk)]
    return tuple(step for step in steps if step.body)


def step_of(text: str) -> Step:
    """A step of its own, with its marker recognised."""
    marker = _MARKER.match(text)
    if marker is None:
        return Step(text.strip(), text.strip())
    number = marker["number"] or marker["step"]
    body = text[marker.end() :].strip()
    return Step(text.strip(), body or text.strip(), int(number) if number else None)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of running text; a line that reads as finished ends one too."""
    protected = _protected(text)
    found: list[str] = []
    start = 0
    for end in _ends(text, protected):
        piece = text[start:end]
        if _ONLY_MARKER.match(piece):
            continue
        if piece.strip():
            found.append(piece.strip())
        start = end
    if text[start:].strip():
        found.append(text[start:].strip())
    return tuple(found)


def _ends(text: str, protected: list[tuple[int, int]]) -> Iterator[int]:
    """Positions where a sentence may end, in order."""
    candidates = [(m.end(), False) for m in _END.finditer(text)]
    candidates += [(m.start(), True) for m in re.finditer(r"\n", text)]
    candidates.sort()
    spans = iter(protected)
    span = next(spans, None)
    for position, is_line in candidates:
        while span is not None and span[1] < position:
            span = next(spans, None)
        if span is not None and span[0] < position < span[1]:
            continue
        if span is not None and position == span[1] and not is_line:
            continue
        following = text[position : position + 400].lstrip()
        if not following:
            continue
        if is_line:
            if _line_ends(following, text[position + 1 : position + 2] == "\n"):
                yield position
        elif _OPENING.match(following) and not _abbreviated(text, position, following):
            yield position


def _line_ends(following: str, blank: bool) -> bool:
    if following.startswith(("\\[", "$$", "\\begin", "```", "=", "<", ">", "+")):
        return False  # displayed mathematics belongs to the sentence that introduces it
    return blank or not following[0].islower()


def _abbreviated(text: str, position: int, following: str) -> bool:
    """Whether a full stop or exclamation mark belongs to what stands before it."""
    before = text[max(0, position - 16) : position]
    if _FACTORIAL.search(before) and not _WORD.match(following):
        return True
    if _ABBREVIATION.search(before):
        return True
    if _NUMBERED.search(before) and following[0].isdigit():
        return True
    # "J. K. Rowling": an initial beside another one, not "point B. Then".
    if _INITIALS.search(before):
        return True
    return bool(_INITIAL.search(before)) and bool(re.match(r"[A-Z]\.\s", following))


def _protected(text: str) -> list[tuple[int, int]]:
    """Spans that are never split, in order and apart."""
    blocks = list(_blocks(text))
    spans = list(blocks)
    position = 0
    for start, end in [*blocks, (len(text), len(text))]:
        spans += [m.span() for m in _INLINE.finditer(text, position, start)]
        position = end
    return sorted(spans)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Displayed mathematics, LaTeX environments and fenced code, from opening to closing.

    An opening without its closing is plain text; each closing is looked for once at most
    after the last one, so that the time stays linear.
    """
    missing: set[str] = set()
    position = 0
    while opening := _BLOCK_OPENING.search(text, position):
        mark = opening.group()
        closing = _CLOSING.get(mark) or mark.replace("begin", "end", 1)
        found = -1 if closing in missing else text.find(closing, opening.end())
        if found < 0:
            missing.add(closing)
            position = opening.end()
        else:
            position = found + len(closing)
            yield opening.start(), position


def _chunks(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of lines: list items (with their continuation lines), and what stands between."""
    lines = _lines(text)
    current: list[str] = []
    item: re.Match[str] | None = None
    blank = False
    for line in lines:
        marker = _MARKER.match(line)
        if marker is not None and item is not None and _belongs_to(marker, item):
            marker = None
        if marker is not None:
            if current:
                yield "\n".join(current), item is not None
            current, item = [line], marker
        elif item is not None and blank and _leaves(line, item):
            yield "\n".join(current), True
            current, item = [line], None
        elif line.strip():
            current.append(line)
        elif item is None:
            current.append("")
        blank = not line.strip()
    if any(line.strip() for line in current):
        yield "\n".join(current), item is not None


def _belongs_to(marker: re.Match[str], item: re.Match[str]) -> bool:
    """Whether a marker opens a sub-item: deeper than its item, or a bullet under ``Step n``."""
    if marker["step"]:
        return False
    return bool(item["step"]) or len(marker["indent"]) > len(item["indent"])


def _leaves(line: str, item: re.Match[str]) -> bool:
    """Whether text after a blank line is outside the item above it."""
    return bool(line.strip()) and not item["step"] and not line[0].isspace()


def _lines(text: str) -> list[str]:
    """Lines, where a block (displayed mathematics, code) stays on one with its line breaks."""
    lines: list[str] = []
    start = position = 0
    for block_start, block_end in [*_blocks(text), (len(text), len(text))]:
        while (end := text.find("\n", position, block_start)) >= 0:
            lines.append(text[start:end])
            start = position = end + 1
        position = max(position, block_end)
    return [*lines, text[start:]]


def _paragraphs(text: str) -> Iterator[str]:
    current: list[str] = []
    for line in _lines(text):
        if line.strip():
            current.append(line)
        elif current:
            yield "\n".join(current)
            current = []
    if current:
        yield "\n".join(current)


def _normalised(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip("\n")
