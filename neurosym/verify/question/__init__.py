"""Is a question well posed? Five stages, decided by a prover or by an exact rule, or left unknown.

The stages are those of MathQ-Verify (arXiv 2505.13903), where a language model judges each:

- format: the text is whole and clean (rules);
- conditions: no condition is false by itself (a prover, from what is said and what is true of
  everything of its kind; a rule for what has no formula);
- contradiction: the conditions hold together, and what is to be proved is true (a prover);
- missing: what is given determines the answer (a prover, where everything was read);
- goal: something is asked (a rule).

What could not be read is ``unknown``, never ``passed``.
"""

from neurosym.verify.question.base import (
    Fact,
    QuestionChecks,
    StageReport,
    write_checks,
)
from neurosym.verify.question.checks import Formalize, check_question

__all__ = [
    "Fact",
    "Formalize",
    "QuestionChecks",
    "StageReport",
    "check_question",
    "write_checks",
]
