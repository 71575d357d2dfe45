"""Numbers and names as people read them; names come from inputs and may be anything."""

from __future__ import annotations

from typing import Final

from neurosym.runs.batch.estimates import Share

NOTHING: Final = "–"
_MOST_CHARACTERS: Final = 2000


def plain(text: str, most: int = _MOST_CHARACTERS) -> str:
    """One line that cannot control whatever shows it: no control characters, none that turn the
    direction of writing, and at most ``most`` characters.
    """
    # What is cut away is not looked at: a text may have megabytes.
    line = " ".join(text[: 4 * most].split())
    line = line if len(text) <= 4 * most else f"{line} "
    line = "".join(c if c.isprintable() else "�" for c in line)
    return line if len(line) <= most else f"{line[: most - 1]}…"


def cut(text: str, most: int) -> str:
    """One line with the middle left out, where it is too long: names often differ at the end."""
    if len(text) > 8 * most:
        text = text[: 4 * most] + text[-4 * most :]
    line = plain(text, 8 * most)
    if len(line) <= most:
        return line
    end = (most - 1) // 3
    return f"{line[: most - 1 - end]}…{line[len(line) - end :]}"


def number(value: int) -> str:
    return f"{value:,}"


def short(value: int) -> str:
    """A count in four characters at most."""
    for size, name in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            scaled = value / size
            return f"{scaled:.1f}{name}" if scaled < 9.95 else f"{scaled:.0f}{name}"
    return str(value)


def percent(value: float | None) -> str:
    return NOTHING if value is None else f"{100 * value:.1f}%"


def interval(low: float | None, high: float | None) -> str:
    return NOTHING if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f}%"


def share(value: Share) -> str:
    """A share with what it is made of."""
    if value.share is None:
        return NOTHING
    return f"{percent(value.share)} ({value.part:,} of {value.whole:,})"


def seconds(value: float | None) -> str:
    """A duration: 0.012 s, 3.4 s, 42 s, 3 min 20 s, 5 h 2 min, 12 days 3 h."""
    if value is None:
        return NOTHING
    if value < 9.995:
        return f"{value:.3f} s" if value < 0.9995 else f"{value:.1f} s"
    whole = round(value)
    for size, name, part, smaller in (
        (86_400, "days", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            many, rest = divmod(whole, size)
            return f"{many:,} {name}" + (f" {rest // part} {smaller}" if rest // part else "")
    return f"{whole} s"
