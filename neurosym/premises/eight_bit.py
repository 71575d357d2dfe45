"""A sentence encoder with 8-bit weights: half the time for one goal on a CPU.

Each row of a layer's weights has a scale of its own, and what comes in is brought to 8 bits as it
comes (Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018,
section 3).
"""

from __future__ import annotations

import copy
import warnings
from typing import Any, Final

_ENGINE: Final = "fbgemm"
_LEVELS: Final = 127
_LEAST: Final = 1e-8


def in_eight_bits(model: Any) -> Any:
    """The same encoder with its linear layers in 8 bits; itself where that cannot be had.

    It cannot on another device than a CPU, on a CPU without instructions for it (whose sums of two
    products may not fit), or with a PyTorch that has no such layers. What is not linear is shared
    with the encoder that is given.
    """
    import torch

    engines: Any = torch.backends.quantized
    of_cpu: Any = torch.cpu
    if model.device.type != "cpu" or not getattr(of_cpu, "_is_vnni_supported", bool)():
        return model
    if _ENGINE not in engines.supported_engines or not hasattr(torch, "quantize_per_channel"):
        return model
    # The parameters are named as copied already, so that they are shared.
    small = copy.deepcopy(model, {id(one): one for one in model.parameters()})
    before = engines.engine
    engines.engine = _ENGINE
    try:
        with warnings.catch_warnings():
            # That these layers will go some day: then the encoder stays as it is.
            warnings.simplefilter("ignore", UserWarning)
            _replace(small)
    finally:
        engines.engine = before
    return small


def _replace(module: Any) -> None:
    from torch import nn

    for name, child in module.named_children():
        if type(child) is nn.Linear:
            setattr(module, name, _linear(child))
        else:
            _replace(child)


def _linear(layer: Any) -> Any:
    import torch

    class Linear(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = layer.weight  # some models ask for its type
            weight = layer.weight.detach()
            bias = None if layer.bias is None else layer.bias.detach()
            scales = weight.abs().amax(1).clamp_min(_LEAST).double() / _LEVELS
            zeros = torch.zeros(len(weight), dtype=torch.long)
            rows = torch.quantize_per_channel(weight, scales, zeros, 0, torch.qint8)
            operations: Any = torch.ops.quantized
            self._packed = operations.linear_prepack(rows, bias)
            self._apply_to = operations.linear_dynamic

        def forward(self, given: Any) -> Any:
            return self._apply_to(given, self._packed, False)

    return Linear()
