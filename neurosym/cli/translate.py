"""``neurosym translate``: text in, formal statements out."""

from __future__ import annotations

from neurosym.cli import OK, streams
from neurosym.cli.modelling import ModelOptions, opened


def run(text: str, target: str, as_json: bool, options: ModelOptions | None) -> int:
    """Translate each sentence of ``text`` (``-``: of standard input) and print it."""
    from neurosym.runs.texts import translate
    from provers import registry

    if text == "-":
        text = streams.decode(streams.read_bytes("-"), "standard input")
    prover = registry.load("z3")
    try:
        with opened(options) as modelling:
            found = translate(text, target, prover, modelling)
    finally:
        prover.close()
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
