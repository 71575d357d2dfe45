"""Who reads the sentences of a record: rules here, and with a model ``ModelReader``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from neurosym.translate.arithmetic import Quantities
from neurosym.verify.checks import Reading, read_sentence

if TYPE_CHECKING:
    from neurosym.translate.model import Formalization
    from neurosym.verify.modelling import ModelUse


class Reader(Protocol):
    """Reads the sentences of one record."""

    @property
    def use(self) -> ModelUse | None:
        """What a model has done so far, where there is one."""
        ...

    @property
    def formalizations(self) -> Sequence[Formalization]:
        """What a model made of each sentence that it was given, in order."""
        ...

    def prepare(self, texts: Sequence[str]) -> None:
        """See all that is given before any of it is read alone."""
        ...

    def read(self, sentence: str, known: Quantities | None = None) -> Reading:
        """The claims of one sentence."""
        ...


class RuleReader:
    """Arithmetic and controlled English."""

    use = None
    formalizations: Sequence[Formalization] = ()

    def prepare(self, texts: Sequence[str]) -> None:
        """Rules read each sentence by itself."""

    def read(self, sentence: str, known: Quantities | None = None) -> Reading:
        return read_sentence(sentence, known)
