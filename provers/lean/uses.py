"""Which premises a Lean proof rests on, as its term has them."""

from __future__ import annotations

from provers.base import Limits
from provers.lean.base import Checker, Header


def uses(
    checker: Checker,
    header: Header,
    code: str,
    limits: Limits = Limits(),
    *,
    heartbeats: int = 200_000,
) -> tuple[str, ...] | None:
    """The imported constants that the proofs and values in a text name, in no order.

    None where the text has errors or a ``sorry``, or Lean was stopped. Raises MissingToolError or
    BrokenToolError if Lean cannot be started.
    """
    request = {"op": "check", "code": code, "heartbeats": heartbeats, "uses": True}
    body = checker.ask(header, request, limits).body
    if body is None or body["errors"]:
        return None
    found = tuple(map(str, body["uses"]))
    return None if "sorryAx" in found else found
