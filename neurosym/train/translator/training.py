"""How a translator is trained: settings, a run that can be interrupted, and a whole result.

What differs between the ways of training is the trainer of ``trl`` and its data; all else is here.
"""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from neurosym.train.translator.base import Base
from neurosym.train.translator.folders import (
    NOTE,
    appearing,
    begin,
    checkpoints_of,
    digest,
    finish,
    is_free,
    last_checkpoint,
    room,
)
from neurosym.train.translator.packages import package, quiet
from provers.errors import InputError

SAVED: Final = 50  # steps between checkpoints
_KEPT: Final = 2
_WARMUP: Final = 0.1  # of all steps


@dataclass(frozen=True, slots=True)
class Training:
    """How long, how fast and where.

    ``epochs`` over the data, ``batch`` pairs at once, ``rate`` the highest learning rate.
    ``lora`` is the rank of low-rank adapters (Hu et al., "LoRA", ICLR 2022), which are merged into
    the model in the end; 0 trains all weights. ``device`` ``auto`` is a GPU if there is one.
    """

    epochs: float = 3.0
    batch: int = 8
    rate: float = 5e-5
    seed: int = 0
    lora: int = 0
    device: Literal["auto", "cpu", "cuda"] = "auto"

    def __post_init__(self) -> None:
        """Raises InputError for what no training can have."""
        if not (0 < self.epochs < math.inf and 0 < self.rate < math.inf):
            raise InputError("epochs and rate must be positive numbers.")
        if self.batch < 1 or self.lora < 0:
            raise InputError("batch must be at least 1, and lora at least 0.")


def run(
    way: str,
    given: object,
    rows: Callable[[Base], list[dict[str, Any]]],
    out: Path,
    source: str | Path,
    how: Training,
    make: Callable[..., Any],
    settings: Mapping[str, Any],
) -> Path:
    """Train the model in ``source`` by the trainer that ``make`` makes; its folder is ``out``.

    ``rows`` makes what the trainer is given of the base; ``settings`` are ``way``'s own. A run
    that was interrupted goes on from its last checkpoint when it is begun again.

    Raises InputError for a folder that holds something else, a training that was begun with other
    data or settings, a base that does not fit and a full disk; MissingToolError without a package.
    """
    is_free(out)
    checkpoints = checkpoints_of(out)
    with quiet():
        package("trl")
        adapters = _adapters(how)
        base = Base(source, _device(how))
        data = rows(base)
    if out.resolve() == base.folder:
        raise InputError(f"'{out}' is what the training begins with: name another folder.")
    told = {
        "way": way,
        "data": digest(given),
        "base": base.digest,
        **{name: value for name, value in dataclasses.asdict(how).items() if name != "device"},
        **{name: settings[name] for name in sorted(settings)},
    }
    with room(out), quiet():
        begin(checkpoints, told)
        arguments = _arguments(how, base, checkpoints, len(data))
        trainer = make(base, arguments, package("datasets").Dataset.from_list(data), adapters)
        trainer.remove_callback(package("transformers").PrinterCallback)
        trainer.add_callback(_finisher())
        last = last_checkpoint(checkpoints)
        trainer.train(resume_from_checkpoint=None if last is None else str(last))
        model = trainer.accelerator.unwrap_model(trainer.model)
        if how.lora:
            model = model.merge_and_unload()
        losses = [[row["step"], row["loss"]] for row in trainer.state.log_history if "loss" in row]
        with appearing(out) as partial:
            model.save_pretrained(str(partial))
            base.tokenizer.save_pretrained(str(partial))
            card = json.dumps({**told, "losses": losses}, indent=1)
            (partial / NOTE).write_text(card, encoding="utf-8")
        shutil.rmtree(checkpoints)
    return out


def _device(how: Training) -> str:
    there = bool(package("torch").cuda.is_available())
    if how.device == "cuda" and not there:
        raise InputError("there is no GPU that PyTorch can use: train with the device 'cpu'.")
    return "cuda" if there and how.device != "cpu" else "cpu"


def _arguments(how: Training, base: Base, checkpoints: Path, count: int) -> dict[str, Any]:
    on_gpu = base.device == "cuda"
    steps = how.epochs * math.ceil(count / how.batch)
    return {
        "output_dir": str(checkpoints),
        "num_train_epochs": how.epochs,
        "per_device_train_batch_size": how.batch,
        "learning_rate": how.rate,
        "warmup_steps": round(_WARMUP * steps),
        "seed": how.seed,
        "data_seed": how.seed,
        "max_length": None,  # what does not fit was refused, not cut
        "bf16": on_gpu and bool(package("torch").cuda.is_bf16_supported()),
        "gradient_checkpointing": on_gpu,
        "use_cpu": not on_gpu,
        "save_strategy": "steps",
        "save_steps": SAVED,
        "save_total_limit": _KEPT,
        "logging_steps": max(1, min(10, round(steps / 10))),
        "report_to": "none",
        "dataloader_pin_memory": on_gpu,
        "disable_tqdm": not sys.stderr.isatty(),
    }


def _adapters(how: Training) -> Any:
    if not how.lora:
        return None
    return package("peft").LoraConfig(
        r=how.lora, lora_alpha=2 * how.lora, target_modules="all-linear", task_type="CAUSAL_LM"
    )


def _finisher() -> Any:
    """A callback that marks each checkpoint as whole, once it is."""

    class Finisher(package("transformers").TrainerCallback):  # type: ignore[misc]
        def on_save(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            finish(Path(args.output_dir) / f"checkpoint-{state.global_step}")

    return Finisher()
