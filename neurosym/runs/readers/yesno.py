"""Yes-or-no questions about a text, as statements that a text proves or does not."""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^\s*(?:based on (?:the )?context,?\s*)?"
    r"(?:can (?:we|it be) (?:say|conclude|conclude that|infer|inferred|concluded)"
    r"|does (?:it|this|the context|that) (?:entail|imply|mean|follow))"
    r"(?:\s+that|\s+if)?[\s,]+(?=\S)",
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"^at least one of the following (?:must|has to) (?:always )?be true\s*[?:]?\s*"
    r"\(a\)\s*(?P<a>.+?),?\s*(?:and|or)?\s*\(b\)\s*(?P<b>.+?)[.?\s]*$",
    re.IGNORECASE | re.DOTALL,
)


def statement(question: str) -> str:
    """The statement of a question that asks whether it follows; other questions stay as they are.

    Of "at least one of (a) P and (b) Q" the statement is "P or Q".
    """
    bare = _LEAD.sub("", question, count=1).strip()
    if bare == question.strip():
        return bare
    either = _ONE_OF.match(bare)
    if either is not None:
        bare = f"{either['a'].strip()} or {either['b'].strip()}"
    bare = bare.rstrip("?. ")
    return f"{bare[:1].upper()}{bare[1:]}."
