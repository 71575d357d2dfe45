"""Word problems with other numbers, every step proved again, and steps with one thing wrong.

In the manner of GSM-Symbolic (Mirzadeh et al., 2024, arXiv:2410.05229), with templates made by
machine from solutions that the arithmetic reader reads and a prover proves.
"""

from neurosym.augment.numeric.corrupt import Corrupted, corruptions
from neurosym.augment.numeric.instances import Instance, Instances, examples, instances
from neurosym.augment.numeric.templates import Refusal, Template, WordProblem, template

__all__ = [
    "Corrupted",
    "Instance",
    "Instances",
    "Refusal",
    "Template",
    "WordProblem",
    "corruptions",
    "examples",
    "instances",
    "template",
]
