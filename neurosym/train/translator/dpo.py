"""Direct preference optimisation (Rafailov et al., NeurIPS 2023): the better translation gains.

The loss is of the margin between the two answers' log-likelihoods, each against the model's own
before the training (section 4, equation 7), so that no reward model is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neurosym.train.translator.base import Base
from neurosym.train.translator.data import Preference
from neurosym.train.translator.packages import package
from neurosym.train.translator.training import Training, run
from provers.errors import InputError


def prefer(
    preferences: Sequence[Preference],
    out: Path,
    base: str | Path,
    how: Training | None = None,
    *,
    beta: float = 0.1,
) -> Path:
    """Train ``base`` on preferences; ``beta`` is how closely it is kept to what it was.

    Raises what ``run`` raises, and InputError without preferences, for a ``beta`` that is not
    positive, or for an answer that the base cannot read or write.
    """
    if not preferences:
        raise InputError("there is nothing to learn from: no preference was given.")
    if not beta > 0:
        raise InputError("beta must be a positive number.")

    def rows(of: Base) -> list[dict[str, Any]]:
        return [
            {
                "prompt": of.asked(one.messages),
                "chosen": of.answer(one.messages, one.chosen, number),
                "rejected": of.answer(one.messages, one.rejected, number),
            }
            for number, one in enumerate(preferences, 1)
        ]

    def make(of: Base, arguments: dict[str, Any], data: Any, adapters: Any) -> Any:
        trl = package("trl")
        return trl.DPOTrainer(
            model=of.model,
            ref_model=None if adapters is not None else of.fresh(),
            args=trl.DPOConfig(beta=beta, **arguments),
            train_dataset=data,
            processing_class=of.tokenizer,
            peft_config=adapters,
        )

    settings = {"beta": beta}
    return run("dpo", list(preferences), rows, out, base, how or Training(), make, settings)
