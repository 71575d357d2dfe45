"""``neurosym translate``: text in, formal statements out."""

from __future__ import annotations

from typing import Any

from neurosym.cli import OK, streams
from neurosym.cli.modelling import ModelOptions, opened


def run(
    text: str,
    target: str,
    as_json: bool,
    options: ModelOptions | None,
    server: str | None = None,
) -> int:
    """Translate each sentence of ``text`` (``-``: of standard input) and print it."""
    if text == "-":
        text = streams.decode(streams.read_bytes("-"), "standard input")
    if server is None:
        found = _translated(text, target, options)
    else:
        from neurosym.cli import remote

        found = remote.translate(text, target, options, server)
    if as_json:
        streams.print_json(found, pretty=True)
        return OK
    for record in found["sentences"]:
        for formula in record["formulas"]:
            streams.print_line(formula)
        if not record["formulas"]:
            why = f": {record['messages'][0]}" if record["messages"] else ""
            streams.print_line(streams.shown(f"# {record['status']}: {record['text']}{why}"))
    return OK


def _translated(text: str, target: str, options: ModelOptions | None) -> dict[str, Any]:
    from neurosym.runs.texts import translate
    from provers import registry

    prover = registry.load("z3")
    try:
        with opened(options) as modelling:
            return translate(text, target, prover, modelling)
    finally:
        prover.close()
