"""A model folder in this process: PyTorch through ``transformers``, grammars through ``xgrammar``.

Only safetensors are read and no code that lies in a model's folder is run, so that a model that
somebody else made is data.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from neurosym.llm.base import Completion, Completions, Request, is_empty
from neurosym.llm.marks import Marks
from neurosym.llm.threads import yielding_threads
from provers.errors import InputError, MissingToolError, ModelError

Dtype: TypeAlias = Literal["auto", "float32", "float16", "bfloat16"]

_PACKAGES = ("torch", "transformers", "xgrammar")
_HUB_NAME = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json")
_MOST_CHARACTERS = 100  # to a token, in a prompt that may still fit
_CACHE_BYTES = 256 * 1024 * 1024  # for compiled grammars


class TransformersModel:
    """A causal language model in a folder, or under a hub name, loaded at the first request.

    A hub name is looked for in the hub's local cache alone, unless ``download`` is set. ``device``
    is PyTorch's name of one (``auto``: a GPU if there is one); ``dtype`` ``auto`` is the
    checkpoint's own, on a processor ``float32``. ``rows`` samples are computed at a time, of any
    requests; ``seconds`` is for each such batch.

    Each sample is drawn by itself, sample i with seed + i, from the 40 likeliest tokens that make
    up 95 per cent: the same alone and in a batch, up to rounding. At temperature 0 one is drawn
    and given ``n`` times. A sample that runs into the context's end has the finish ``length``.

    ``logprob`` is under the model's own distribution, before temperature and grammar, and without
    the token that ends the text.

    Raises InputError where there is no such folder, ModelError (``broken``) for one without
    weights in safetensors or without a tokenizer, MissingToolError where a package is missing.
    """

    def __init__(
        self,
        path_or_name: str | Path,
        *,
        device: str = "auto",
        dtype: Dtype = "auto",
        seconds: float = 300.0,
        rows: int = 8,
        download: bool = False,
    ) -> None:
        missing = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
        if missing:
            raise MissingToolError(
                f"{missing[0]} is not installed: pip install 'neurosym[transformers]'."
            )
        self._source = _checked(str(path_or_name))
        self.name = f"transformers:{path_or_name}"
        self._device, self._dtype = device, dtype
        self._seconds, self._rows, self._download = seconds, rows, download
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def __repr__(self) -> str:
        return f"TransformersModel({self.name!r})"

    def complete(self, request: Request) -> Completions:
        """The completions of one request; raises ModelError."""
        return self.complete_all([request])[0]

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """All requests, ``rows`` samples at a time. ``seconds`` of each is its share."""
        with yielding_threads():
            from neurosym.llm.decoding import Row, decode

        start = time.monotonic()
        with self._lock, _named(self.name):
            if self._loaded is None:
                self._loaded = self._load()
            loaded = self._loaded
            rows: list[Row] = []
            for request in requests:
                prompt = loaded.prompt(request)
                drawn = 1 if request.temperature == 0 else request.n
                room = loaded.context - len(prompt) if loaded.context else request.max_tokens
                most = min(request.max_tokens, room)
                rows += [
                    Row(request, request.seed + i, prompt, most, loaded.matcher(request))
                    for i in range(drawn)
                ]
            for first in range(0, len(rows), self._rows):
                batch = rows[first : first + self._rows]
                if not decode(loaded.model, loaded.tokenizer, batch, loaded.ends, self._seconds):
                    raise ModelError(
                        f"{self.name} did not answer in {self._seconds:g} seconds; allow it more, "
                        "or ask for fewer tokens or samples.",
                        reason="timeout",
                    )
        seconds = (time.monotonic() - start) / max(len(requests), 1)
        left = iter(rows)
        return [self._completions(request, left, seconds) for request in requests]

    def close(self) -> None:
        """Let go of the model's memory."""
        with self._lock:
            self._loaded = None

    def _completions(self, request: Request, rows: Iterator[Any], seconds: float) -> Completions:
        drawn = 1 if request.temperature == 0 else request.n
        own = [next(rows) for _ in range(drawn)]
        samples = tuple(
            Completion(row.text, row.finish, tokens=row.tokens, logprob=row.logprob) for row in own
        )
        if is_empty(request, samples):
            raise ModelError(f"{self.name} answered with an empty completion.", reason="empty")
        prompt_tokens = len(own[0].prompt)
        return Completions(samples * (request.n // drawn), self.name, prompt_tokens, seconds)

    def _load(self) -> _Loaded:
        import torch
        import transformers

        library: Any = transformers  # half of it has types
        device = self._device
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = "float32" if self._dtype == "auto" and device == "cpu" else self._dtype
        safe = {"trust_remote_code": False, "local_files_only": not self._download}
        with _quiet():
            with self._loading("its tokenizer"):
                tokenizer = library.AutoTokenizer.from_pretrained(
                    self._source, padding_side="left", **safe
                )
            if tokenizer.chat_template is None:
                raise ModelError(
                    f"{self._source} has no chat template; use an instruction-tuned model.",
                    reason="broken",
                )
            with self._loading("its model"):
                model, report = library.AutoModelForCausalLM.from_pretrained(
                    self._source,
                    dtype=dtype,
                    use_safetensors=True,
                    output_loading_info=True,
                    **safe,
                )
            # What is not in the file would be filled with random numbers.
            if report["missing_keys"]:
                raise ModelError(
                    f"{self._source} lacks weights of its model, such as "
                    f"{min(report['missing_keys'])}; fetch it again.",
                    reason="broken",
                )
        return _Loaded(self.name, tokenizer, model.eval().to(device))

    @contextlib.contextmanager
    def _loading(self, what: str) -> Iterator[None]:
        import safetensors

        known = (OSError, ValueError, LookupError, TypeError, AttributeError, ImportError)
        try:
            yield
        except Exception as error:
            # The tokenizers package raises the bare class for a file that it cannot read.
            if type(error) is not Exception and not isinstance(
                error, (*known, RuntimeError, safetensors.SafetensorError)
            ):
                raise
            if _is_memory(error):
                raise _no_memory(self.name) from error
            raise ModelError(
                f"{self._source}: {what} cannot be loaded ({_sentence(error)}).", reason="broken"
            ) from error


class _Loaded:
    """A tokenizer and a model, and what is made of them once."""

    def __init__(self, name: str, tokenizer: Any, model: Any) -> None:
        import xgrammar

        self.name = name
        self.tokenizer = tokenizer
        self.model = model
        config = model.config.get_text_config()
        self.context: int | None = getattr(config, "max_position_embeddings", None)
        # A vocabulary is often padded in the model: the mask is as wide as what it computes.
        self.vocabulary: int = config.vocab_size
        ends = model.generation_config.eos_token_id
        known = ends if isinstance(ends, list) else [ends]
        numbers = {*known, tokenizer.eos_token_id} - {None}
        self.ends = tuple(sorted(int(number) for number in numbers))
        added = tokenizer.added_tokens_decoder.values()
        self.marks = Marks(token.content for token in added if token.special)
        information = xgrammar.TokenizerInfo.from_huggingface(
            tokenizer, vocab_size=self.vocabulary, stop_token_ids=list(self.ends) or None
        )
        self._compiler = xgrammar.GrammarCompiler(
            information, max_threads=2, cache_limit_bytes=_CACHE_BYTES
        )

    def prompt(self, request: Request) -> list[int]:
        """The tokens of a request's messages; raises ModelError where they do not fit."""
        import jinja2

        size = sum(len(message.content) for message in request.messages)
        if self.context is not None and size > self.context * _MOST_CHARACTERS:
            raise self._too_long(f"{size} characters")
        continued = request.messages[-1].role == "assistant"
        try:
            text = self.tokenizer.apply_chat_template(
                self.marks.said(request.messages),
                add_generation_prompt=not continued,
                continue_final_message=continued,
                tokenize=False,
            )
        except jinja2.TemplateError as error:
            raise ModelError(
                f"The chat template of {self.name} does not take these messages: "
                f"{_sentence(error)}",
                reason="unsupported",
            ) from error
        numbers: list[int] = self.tokenizer(text, add_special_tokens=False, verbose=False)[
            "input_ids"
        ]
        if self.context is not None and len(numbers) >= self.context:
            raise self._too_long(f"{len(numbers)} tokens")
        return numbers

    def matcher(self, request: Request) -> Any:
        """What follows the grammar for one sample; raises ModelError where it is none."""
        if request.grammar is None:
            return None
        import xgrammar

        try:
            compiled = self._compiler.compile_grammar(request.grammar)
        except RuntimeError as error:
            said = re.sub(r"^\[[\d:]+\] \S+ ", "", _sentence(error))  # the compiler's own place
            raise ModelError(
                f"{self.name} cannot use the grammar: {said}", reason="unsupported"
            ) from error
        return xgrammar.GrammarMatcher(compiled)

    def _too_long(self, said: str) -> ModelError:
        return ModelError(
            f"The prompt does not fit into the {self.context} tokens of {self.name}: it has "
            f"{said}.",
            reason="too_long",
        )


def _checked(source: str) -> str:
    """The folder or hub name, once a folder is seen to hold what will be needed."""
    folder = Path(source)
    if not folder.is_dir():
        if _HUB_NAME.fullmatch(source) and not folder.exists():
            return source
        raise InputError(f"{source} is neither a model's folder nor a hub name such as owner/name.")
    if not (folder / "config.json").is_file():
        raise InputError(f"{source} is no model's folder: it has no config.json.")
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise ModelError(f"{source} has no tokenizer (tokenizer.json).", reason="broken")
    if not any(folder.glob("*.safetensors")):
        raise ModelError(
            f"{source} has no weights in safetensors; other formats are not read, since they can "
            "hold programs.",
            reason="broken",
        )
    return source


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Loading without transformers' own progress bars."""
    from transformers.utils import logging as of_transformers

    logging: Any = of_transformers
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """What PyTorch raises while it works, as an error with a name."""
    try:
        yield
    except (MemoryError, RuntimeError, ValueError, TypeError, LookupError) as error:
        if _is_memory(error):
            raise _no_memory(name) from error
        raise ModelError(f"{name} failed: {_sentence(error)}", reason="broken") from error


def _is_memory(error: BaseException) -> bool:
    said = str(error)
    return (
        isinstance(error, MemoryError) or "out of memory" in said or "can't allocate memory" in said
    )


def _no_memory(name: str) -> ModelError:
    return ModelError(
        f"{name} ran out of memory: use fewer rows, a shorter prompt or a smaller model.",
        reason="broken",
    )


def _sentence(error: BaseException) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
