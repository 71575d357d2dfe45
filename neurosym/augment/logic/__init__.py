"""First-order data by mutation: theories and claims in controlled English, labelled by a prover.

``theories`` makes them, ``label`` takes them from elsewhere, ``mutations`` and ``corruptions``
change them. No label is kept that the prover did not give, and no text that the reader of
controlled English does not read as its formula; what is left out is counted with the reason.
"""

from neurosym.augment.base import LABELS
from neurosym.augment.logic.chains import STYLES, Style
from neurosym.augment.logic.corrupt import CORRUPTIONS, Corruption, corruptions
from neurosym.augment.logic.labels import MOST_PREMISES, label
from neurosym.augment.logic.mutate import MUTATIONS, Mutation, mutations
from neurosym.augment.logic.theories import DEEPEST, DEPTHS, MOST, theories
from neurosym.augment.logic.wording import statement

__all__ = [
    "CORRUPTIONS",
    "DEEPEST",
    "DEPTHS",
    "LABELS",
    "MOST",
    "MOST_PREMISES",
    "MUTATIONS",
    "STYLES",
    "Corruption",
    "Mutation",
    "Style",
    "corruptions",
    "label",
    "mutations",
    "statement",
    "theories",
]
