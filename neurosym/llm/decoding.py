"""Samples drawn side by side from a PyTorch model, each by its own rules.

``transformers`` runs the model; which token comes next is decided here, so that requests with
different grammars, temperatures, seeds and stop texts share a batch and do not disturb each other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
import transformers
import xgrammar

from neurosym.llm.base import Request
from provers.errors import ModelError

_TOP_K = 40
_TOP_P = 0.95


@dataclass(slots=True, eq=False)
class Row:
    """One sample: what it is drawn for, and how far it is."""

    request: Request
    seed: int
    prompt: list[int]
    most: int  # tokens to draw
    matcher: Any  # xgrammar's, or None
    drawn: list[int] = field(default_factory=list)
    text: str = ""
    finish: Literal["stop", "length"] | None = None
    logprob: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens drawn, the one that ended it included."""
        return len(self.drawn)


def decode(
    model: Any, tokenizer: Any, rows: Sequence[Row], ends: tuple[int, ...], seconds: float
) -> bool:
    """Draw all rows to their ends; false where ``seconds`` were over before that.

    Raises ModelError for a grammar that nothing can satisfy, RuntimeError where PyTorch fails.
    """
    for row in rows:
        row.drawn.clear()
    width = max(len(row.prompt) for row in rows)
    padding = ends[0] if ends else 0  # masked, so any token will do
    numbers = torch.tensor([[padding] * (width - len(r.prompt)) + r.prompt for r in rows])
    mask = torch.tensor([[0] * (width - len(r.prompt)) + [1] * len(r.prompt) for r in rows])
    drawing = _Drawing(rows, tokenizer, ends, time.monotonic() + seconds)
    library: Any = transformers  # half of it has types
    config = library.GenerationConfig(
        max_new_tokens=max(row.most for row in rows),
        do_sample=False,  # the likeliest of what ``_Drawing`` leaves, which is one token
        eos_token_id=list(ends) or None,
        pad_token_id=padding,
        repetition_penalty=1.0,  # not what a model's folder may ask for
    )
    with torch.inference_mode():
        model.generate(
            input_ids=numbers.to(model.device),
            attention_mask=mask.to(model.device),
            generation_config=config,
            logits_processor=library.LogitsProcessorList([_Chooser(drawing)]),
            stopping_criteria=library.StoppingCriteriaList([_Ender(drawing)]),
        )
    for row in rows:
        row.finish = row.finish or "length"
        if row.finish == "length":
            row.text = drawing.text(row)
    return not drawing.late


class _Drawing:
    """The rows of a batch, one step after another."""

    def __init__(
        self, rows: Sequence[Row], tokenizer: Any, ends: tuple[int, ...], deadline: float
    ) -> None:
        self._rows = rows
        self._tokenizer = tokenizer
        self._ends = ends
        self._deadline = deadline
        self._random = [torch.Generator().manual_seed(row.seed % 2**63) for row in rows]
        self.late = False

    def text(self, row: Row) -> str:
        """What a row says so far."""
        return str(self._tokenizer.decode(row.drawn, skip_special_tokens=True))

    def choose(self, scores: torch.Tensor) -> torch.Tensor:
        """Scores (rows, vocabulary) in which each row's next token alone is possible."""
        only = torch.full_like(scores, -torch.inf)
        for i, row in enumerate(self._rows):
            if row.finish is not None:
                only[i, self._ends[0] if self._ends else 0] = 0
                continue
            own = scores[i].float().cpu()
            chosen = self._draw(row, own.clone(), self._random[i])
            if chosen not in self._ends:
                row.logprob += float(torch.log_softmax(own, -1)[chosen])
            row.drawn.append(chosen)
            only[i, chosen] = 0
        return only

    def _draw(self, row: Row, scores: torch.Tensor, random: torch.Generator) -> int:
        if row.matcher is not None:
            mask = xgrammar.allocate_token_bitmask(1, scores.shape[-1])
            row.matcher.fill_next_token_bitmask(mask)
            xgrammar.apply_token_bitmask_inplace(scores.unsqueeze(0), mask)
        if not bool(torch.isfinite(scores).any()):
            raise ModelError("The grammar allows no text at all here.", reason="unsupported")
        if row.request.temperature == 0:
            return int(scores.argmax())
        best, places = torch.topk(scores, min(_TOP_K, scores.shape[-1]))
        shares = torch.softmax(best / row.request.temperature, -1)
        # The first that together make up _TOP_P; the likeliest one always.
        shares[shares.cumsum(-1) - shares >= _TOP_P] = 0
        return int(places[torch.multinomial(shares, 1, generator=random)])

    def end(self) -> list[bool]:
        """Which rows have ended, once each has its next token."""
        self.late = self.late or time.monotonic() > self._deadline
        for row in self._rows:
            if row.finish is None:
                row.finish = self._ended(row)
        return [row.finish is not None or self.late for row in self._rows]

    def _ended(self, row: Row) -> Literal["stop", "length"] | None:
        last = row.drawn[-1]
        if last in self._ends:
            row.text = self.text(row)
            return "stop"
        if row.matcher is not None:
            row.matcher.accept_token(last)
        if row.request.stop:
            text = self.text(row)
            found = [place for stop in row.request.stop if (place := text.find(stop)) >= 0]
            if found:
                row.text = text[: min(found)]
                return "stop"
        return "length" if row.tokens >= row.most else None


class _Chooser:
    """A logits processor."""

    def __init__(self, drawing: _Drawing) -> None:
        self._drawing = drawing

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        return self._drawing.choose(scores)


class _Ender:
    """A stopping criterion."""

    def __init__(self, drawing: _Drawing) -> None:
        self._drawing = drawing

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        return torch.tensor(self._drawing.end(), device=input_ids.device)
