"""Supervised fine-tuning: the likelihood of the right translation, given the prompt, is raised."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neurosym.train.translator.base import Base
from neurosym.train.translator.data import Pair
from neurosym.train.translator.packages import package
from neurosym.train.translator.training import Training, run
from provers.errors import InputError


def fine_tune(
    pairs: Sequence[Pair], out: Path, base: str | Path, how: Training | None = None
) -> Path:
    """Train ``base`` on pairs; ``out`` is then a folder for ``--translator model --model``.

    Only the completion counts in the loss, the token that ends it included. Raises what ``run``
    raises, and InputError without pairs or for one that the base cannot read or write.
    """
    if not pairs:
        raise InputError("there is nothing to learn from: no pair was given.")

    def rows(of: Base) -> list[dict[str, Any]]:
        return [
            {
                "prompt": of.asked(pair.messages),
                "completion": of.answer(pair.messages, pair.completion, number),
            }
            for number, pair in enumerate(pairs, 1)
        ]

    return run("sft", list(pairs), rows, out, base, how or Training(), _trainer, {})


def _trainer(base: Base, arguments: dict[str, Any], data: Any, adapters: Any) -> Any:
    trl = package("trl")
    return trl.SFTTrainer(
        model=base.model,
        args=trl.SFTConfig(completion_only_loss=True, **arguments),
        train_dataset=data,
        processing_class=base.tokenizer,
        peft_config=adapters,
    )
