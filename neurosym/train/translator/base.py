"""The model that a training begins with, and whether it can learn what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from neurosym.llm.base import Message
from neurosym.llm.marks import Marks
from neurosym.llm.threads import yielding_threads
from neurosym.train.translator.folders import digest_of_folder
from neurosym.train.translator.packages import package
from provers.errors import InputError


class Base:
    """A causal language model in a folder, or under a hub name in the hub's local cache.

    As ``neurosym.llm.local`` loads models: weights in safetensors only, and no code that lies in
    the folder is run.

    Raises InputError for what is no model, lacks a chat template or weights, or whose tokenizer is
    another model's; MissingToolError where a package is not installed.
    """

    def __init__(self, source: str | Path, device: str) -> None:
        with yielding_threads():
            self._torch = package("torch")
            self._library = package("transformers")
        self.name, self.device = str(source), device
        self.folder = Path(source).resolve() if Path(source).is_dir() else None
        self.tokenizer = self._loaded("AutoTokenizer", padding_side="right")
        if self.tokenizer.chat_template is None or self.tokenizer.eos_token_id is None:
            raise InputError(
                f"'{source}' has no chat template or no token that ends a text: begin with an "
                "instruction-tuned model."
            )
        self.model = self.fresh()
        rows = self.model.get_input_embeddings().num_embeddings
        highest = max(self.tokenizer.get_vocab().values())
        if highest >= rows:  # fewer are well: vocabularies are often padded in the model
            raise InputError(
                f"the tokenizer in '{source}' has tokens up to {highest} and its model {rows} "
                "embeddings: it is another model's; begin with a whole folder."
            )
        ends = self.model.generation_config.eos_token_id
        self._ends = {self.tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])}
        self._context = getattr(
            self.model.config.get_text_config(), "max_position_embeddings", None
        )
        added = self.tokenizer.added_tokens_decoder.values()
        self._marks = Marks(token.content for token in added if token.special)

    @property
    def digest(self) -> str:
        """What tells this base from another: of a folder the SHA-256 of all in it."""
        return self.name if self.folder is None else digest_of_folder(self.folder)

    def fresh(self) -> Any:
        """The model's weights as they were before any training."""
        model, report = self._loaded(
            "AutoModelForCausalLM",
            dtype=self._torch.float32,
            use_safetensors=True,
            output_loading_info=True,
        )
        if report["missing_keys"] or report["mismatched_keys"]:
            raise InputError(f"'{self.name}' lacks weights of its model: fetch it again.")
        return model

    def _loaded(self, kind: str, **named: Any) -> Any:
        safe = {"trust_remote_code": False, "local_files_only": True}
        try:
            return getattr(self._library, kind).from_pretrained(self.name, **safe, **named)
        except Exception as error:
            known = (OSError, ValueError, LookupError, TypeError, AttributeError, ImportError)
            weights = package("safetensors").SafetensorError
            # The tokenizers package raises the bare class for a file that it cannot read.
            if type(error) is not Exception and not isinstance(
                error, (*known, RuntimeError, weights)
            ):
                raise
            said = " ".join(str(error).split())[:200].rstrip(".")
            raise InputError(
                f"'{self.name}' cannot be loaded as a model's folder ({said}): name another."
            ) from error

    def asked(self, messages: Sequence[Message]) -> list[dict[str, str]]:
        """A conversation as chat templates take it, its control tokens broken as in use."""
        return self._marks.said(messages)

    def answer(self, messages: Sequence[Message], text: str, number: int) -> list[dict[str, str]]:
        """The answer ``text`` to a conversation, as a conversation.

        Raises InputError, with the ``number`` of the example, where the model cannot read the one
        or write the other: its vocabulary lacks a character, its context is too short, or its
        template does not end an answer.
        """
        said = self._marks.said([Message("assistant", text)])
        whole = self.tokenizer.apply_chat_template([*self.asked(messages), *said], tokenize=False)
        numbers = self._numbers(whole)
        for piece in (*(message.content for message in messages), text):
            self._spells(piece, number)
        if self._context is not None and len(numbers) > self._context:
            raise InputError(
                f"example {number} has {len(numbers)} tokens and '{self.name}' reads "
                f"{self._context}: leave it out, or begin with a model of a longer context."
            )
        if numbers and not self._ends & set(numbers[-4:]):
            raise InputError(
                f"the chat template of '{self.name}' does not end an answer with a token that "
                "ends a text: begin with another model."
            )
        return said

    def _numbers(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer(text, add_special_tokens=False, verbose=False)[
            "input_ids"
        ]
        return found

    def _spells(self, text: str, number: int) -> None:
        unknown = self.tokenizer.unk_token_id
        if unknown is None:
            return
        bad = next((c for c in text if not c.isspace() and unknown in self._numbers(c)), None)
        if unknown in self._numbers(text) and bad is not None:
            raise InputError(
                f"'{self.name}' has no token for {bad!r} of example {number}: begin with a model "
                "of another vocabulary."
            )
