"""A GGUF file in this process: llama.cpp's engine through ``xllamacpp``.

The engine keeps what it has evaluated: a request whose messages begin like an earlier one's pays
for the rest only, and the ``n`` samples of a request share its whole prompt. For that, requests run
one after another; on a processor's cores, running them side by side gains little and costs each
of them the beginning again.
"""

from __future__ import annotations

import importlib.util
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from neurosym.llm.base import Completion, Completions, Request, is_empty
from neurosym.llm.header import read_header
from neurosym.llm.marks import Marks
from neurosym.llm.threads import usual_threads, yielding_threads
from provers.errors import MissingToolError, ModelError

# Sampling is cut as llama.cpp's own programs cut it; it is said here so that it stays.
_SAMPLING = {"top_k": 40, "top_p": 0.95, "min_p": 0.05, "repeat_penalty": 1.0}
_BATCH = 256  # tokens of a prompt evaluated at a stretch; only between two can it be stopped
_KEPT_MEGABYTES = 256  # for evaluated beginnings that have lost their place to another
_MOST_CHARACTERS = 100  # to a token, in a prompt that may still fit


class GgufModel:
    """The model in a GGUF file, loaded at the first request.

    ``context`` is the most tokens that a prompt and its samples take together (less where the
    model was made for less), ``threads`` the cores used (None: all of up to four, else half),
    ``slots`` how many samples of a request are drawn at a time, and ``seconds`` how long one
    request may take, once it is its turn and the model is loaded. Sample i is drawn with seed + i;
    at temperature 0 one is drawn and given ``n`` times. A sample that runs into the context's end
    has the finish ``length``.

    ``logprob`` is under the model's own distribution, before temperature and grammar, and without
    the token that ends the text; it is None where the engine does not say all of it: of a
    character that takes several tokens, and of a text that ended at a stop text.

    Raises InputError where there is no such file or it is no GGUF file, ModelError where it is
    damaged or has no chat template, MissingToolError where ``xllamacpp`` is not installed.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int = 8192,
        threads: int | None = None,
        slots: int = 4,
        seconds: float = 300.0,
    ) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingToolError("xllamacpp is not installed: pip install 'neurosym[gguf]'.")
        header = read_header(path)
        if header.template is None:
            raise ModelError(
                f"{path} has no chat template; use an instruction-tuned model.", reason="broken"
            )
        self.name = f"gguf:{path.name}"
        self._path = path
        self._context = min(context, header.context or context)
        self._threads = threads or usual_threads()
        self._slots = slots
        self._seconds = seconds
        self._marks = Marks(header.marks)
        self._turn = threading.Lock()
        # The engine runs in a thread of its own, so that ours can give up waiting for it.
        self._runner = ThreadPoolExecutor(1, thread_name_prefix="gguf")
        self._engine: Any = None
        self._stream: _Stream | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"GgufModel({self.name!r})"

    def complete(self, request: Request) -> Completions:
        """The completions of one request; raises ModelError."""
        drawn = 1 if request.temperature == 0 else request.n
        with self._turn:
            start = time.monotonic()
            if self._engine is None:
                self._engine = self._load()
            self._check(request)
            deadline = time.monotonic() + self._seconds
            streams = []
            for first in range(0, drawn, self._slots):
                part = replace(
                    request, n=min(self._slots, drawn - first), seed=request.seed + first
                )
                streams.append(self._ask(part, deadline))
            samples = [sample for stream in streams for sample in self._samples(stream)]
            seconds = time.monotonic() - start
        if is_empty(request, samples):
            raise ModelError(f"{self.name} answered with an empty completion.", reason="empty")
        return Completions(
            tuple(samples * (request.n // drawn)), self.name, streams[0].prompt_tokens, seconds
        )

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """The requests one after another, each from where its messages differ from the last's."""
        return [self.complete(request) for request in requests]

    def close(self) -> None:
        """Let go of the model's memory; what another thread waits for is cut off."""
        self._closed = True
        stream = self._stream
        if stream is not None:
            stream.stopped = True
        with self._turn:
            self._runner.shutdown()
            self._engine = None

    def _load(self) -> Any:
        with yielding_threads():
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(self._path)
            params.model_alias = {self._path.name}
            params.n_ctx, params.n_parallel, params.kv_unified = self._context, self._slots, True
            params.n_batch = params.n_ubatch = _BATCH
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
            params.cache_ram_mib = _KEPT_MEGABYTES
            params.warmup, params.verbosity = False, 0
            params.reasoning_format = _enum(xllamacpp, "reasoning_format", "NONE")
            # The engine also listens on the loopback address: nobody has the key.
            params.api_keys = [secrets.token_urlsafe(32)]
            params.ui = params.endpoint_slots = params.endpoint_props = False
            try:
                return xllamacpp.Server(params)
            except (RuntimeError, ValueError, MemoryError) as error:
                raise ModelError(
                    f"{self._path} cannot be loaded ({error}): it is damaged, of a kind that this "
                    "xllamacpp does not know, or larger than the memory.",
                    reason="broken",
                ) from error

    def _check(self, request: Request) -> None:
        """Refuse what the engine would count for minutes first, or take for something else."""
        if request.grammar is not None and not request.grammar.strip():
            raise ModelError(f"The grammar for {self.name} is empty.", reason="unsupported")
        size = sum(len(message.content) for message in request.messages)
        if size > self._context * _MOST_CHARACTERS:
            raise self._too_long(f"{size} characters")

    def _ask(self, request: Request, deadline: float) -> _Stream:
        """One call of the engine, for no more samples than there are slots."""
        stream = self._stream = _Stream(request.n)
        stream.stopped = self._closed
        body = {
            "messages": self._marks.said(request.messages),
            "n": request.n,
            "temperature": request.temperature,
            "seed": request.seed % 2**32,
            "max_tokens": request.max_tokens,
            "stop": list(request.stop),
            "logprobs": True,
            "top_logprobs": 1,
            "cache_prompt": True,
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,
            **_SAMPLING,
        }
        if request.grammar is not None:
            body["grammar"] = request.grammar
        call: Future[None] = self._runner.submit(
            self._engine.handle_chat_completions, body, stream.take
        )
        try:
            call.result(max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise ModelError(
                f"{self.name} did not answer in {self._seconds:g} seconds; allow it more, or ask "
                "for fewer tokens or samples.",
                reason="timeout",
            ) from None
        except (RuntimeError, ValueError, TypeError) as error:
            raise ModelError(f"{self.name} failed: {error}", reason="broken") from error
        finally:
            stream.stopped = True  # it matters where the user interrupted, or time ran out
        return stream

    def _samples(self, stream: _Stream) -> Iterator[Completion]:
        stream.read()
        if stream.error is not None:
            raise self._named(stream.error)
        for sample in stream.samples:
            if sample.finish is None:
                raise ModelError(f"The answer of {self.name} broke off.", reason="truncated")
            whole = sample.known + (sample.finish == "stop") == sample.tokens
            yield Completion(
                "".join(sample.texts),
                sample.finish,
                tokens=sample.tokens,
                logprob=sample.logprob if whole else None,
            )

    def _named(self, error: dict[str, Any]) -> ModelError:
        said = " ".join(str(error.get("message", "it did not say why")).split())[:300]
        if error.get("type") == "exceed_context_size_error" or "Context size" in said:
            return self._too_long(said)
        if "grammar" in said:
            return ModelError(f"{self.name} cannot use the grammar: {said}", reason="unsupported")
        return ModelError(f"{self.name} failed: {said}", reason="broken")

    def _too_long(self, said: str) -> ModelError:
        return ModelError(
            f"The prompt does not fit into the {self._context} tokens of {self.name}: {said}",
            reason="too_long",
        )


@dataclass(slots=True)
class _Sample:
    texts: list[str] = field(default_factory=list)
    finish: Literal["stop", "length"] | None = None
    tokens: int | None = None
    known: int = 0  # tokens whose probability was said
    logprob: float = 0.0


class _Stream:
    """What the engine says while it works; its thread only stores it."""

    def __init__(self, n: int) -> None:
        self.stopped = False
        self.samples = [_Sample() for _ in range(n)]
        self.prompt_tokens: int | None = None
        self.error: dict[str, Any] | None = None
        self._chunks: list[dict[str, Any]] = []

    def take(self, chunk: dict[str, Any]) -> bool:
        """Store a piece; true stops the engine."""
        self._chunks.append(chunk)
        return self.stopped

    def read(self) -> None:
        """Put the pieces together. A sample's token count follows its end in a piece of its own."""
        ended = 0
        for chunk in self._chunks:
            if "error" in chunk:
                self.error = chunk["error"]
                return
            for choice in chunk.get("choices", ()):
                sample = self.samples[choice["index"]]
                sample.texts.append(choice["delta"].get("content") or "")
                for token in (choice.get("logprobs") or {}).get("content", ()):
                    sample.known += 1
                    sample.logprob += token["logprob"]
                if choice["finish_reason"] is not None:
                    sample.finish = "length" if choice["finish_reason"] == "length" else "stop"
                    ended = choice["index"]
            if "usage" in chunk:
                self.samples[ended].tokens = chunk["usage"]["completion_tokens"]
                self.prompt_tokens = chunk["usage"]["prompt_tokens"]


def _enum(engine: Any, kind: str, name: str) -> Any:
    return getattr(getattr(engine, f"common_{kind}"), f"COMMON_{kind.upper()}_{name}")
