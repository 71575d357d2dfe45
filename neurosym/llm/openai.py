"""Any server that speaks OpenAI's chat protocol: vLLM's, llama.cpp's, or a hosted one."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ValidationError

from neurosym.llm.base import Completion, Completions, Message, Request, is_empty
from neurosym.llm.exchange import Server, StatusError, complaint_of
from neurosym.llm.marks import Marks
from provers.errors import InputError, ModelError

GrammarStyle: TypeAlias = Literal["auto", "vllm", "llamacpp", "none"]

_STYLES: tuple[GrammarStyle, ...] = ("vllm", "llamacpp")
_OWNERS: dict[str, GrammarStyle] = {"vllm": "vllm", "llamacpp": "llamacpp"}
# What a server may do without; it is left out once the server refuses it.
_OPTIONAL = ("stream_options", "top_logprobs", "logprobs", "seed", "n")
_TOO_LONG = re.compile(
    r"context.?(length|size|window)|max_model_len|(prompt|input)\b.{0,40}\btoo (long|large)", re.I
)
_GRAMMAR = re.compile(r"grammar|structured.?output|guided|response_format", re.I)
_UNKNOWN = re.compile(r"unknown|unrecognized|unexpected|unsupported|not supported|extra|permitted")
# A server does not say which texts are its model's control tokens; these are those of Gemma, Llama
# and Mistral, beside the usual ones.
_GEMMA = ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>")
_MISTRAL = ("[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]")
_MARKS = Marks((*_GEMMA, *_MISTRAL, "<s>", "</s>", "<<SYS>>", "<</SYS>>"))
# One sentence only is in this language, and no model would write it by itself.
_TRIAL = Request((Message("user", "Say yes."),), grammar='root ::= "neurosym xyzzy"', max_tokens=32)
_TRIAL_ANSWER = "neurosym xyzzy"
_MOST_MODELS_BYTES = 4 * 1024 * 1024


class OpenAIModel:
    """The model ``name`` at the server ``url`` (which ends in ``/v1``), over ``chat/completions``.

    ``seconds`` bounds one HTTP exchange with all its retries, and ``concurrency`` how many go on
    at a time. Requests that find no server, are told to slow down (429), or meet a failing server
    (5xx) or a broken connection are tried up to ``retries`` times more, after exponentially longer
    pauses or what Retry-After asks for. The key is read from the environment only, see
    ``exchange.Server``.

    ``grammar_style`` says how the server takes a grammar: as vLLM's ``structured_outputs``, as
    llama.cpp's ``grammar``, or not at all; ``auto`` finds out. In every case the server must first
    obey a grammar with one odd sentence in it: one that answers something else ignores grammars,
    and then a request with a grammar fails as ``unsupported``.

    At temperature 0 one sample is drawn and given ``n`` times. Otherwise ``n`` is sent where the
    server takes it; elsewhere sample i is asked for by itself, with seed + i. Nucleus and top-k
    limits are the server's own defaults. ``logprob`` is what the server says of its tokens, and
    None where it leaves some out.

    ``complete`` is bounded in memory too: an answer larger than its ``max_tokens`` can explain is
    ``malformed``. Raises InputError for an address or a key that cannot be used.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        key_variable: str | None = None,
        seconds: float = 120.0,
        retries: int = 4,
        concurrency: int = 4,
        grammar_style: GrammarStyle = "auto",
    ) -> None:
        if not name:
            raise InputError("The model's name is missing; write it behind '#'.")
        self._server = Server(
            url, variable=key_variable, seconds=seconds, retries=retries, concurrency=concurrency
        )
        self._model = name
        self.name = f"{self._server.url}#{name}"
        self._lock = threading.Lock()
        self._style: GrammarStyle = grammar_style
        self._kind: GrammarStyle | None = None if grammar_style == "auto" else grammar_style
        self._tried = False
        self._takes_several = grammar_style != "llamacpp"
        self._unwanted: frozenset[str] = frozenset()
        self._limit = "max_tokens"

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name!r})"

    def complete(self, request: Request) -> Completions:
        """The completions of one request; raises ModelError."""
        start = time.monotonic()
        self._find_kind()
        extra = {} if request.grammar is None else self._grammar(request.grammar)
        drawn = 1 if request.temperature == 0 else request.n
        found = self._draw(replace(request, n=drawn), extra)
        if is_empty(request, found.samples):
            raise ModelError(f"{self.name} answered with an empty completion.", reason="empty")
        samples = found.samples * (request.n // drawn)
        return replace(found, samples=samples, seconds=time.monotonic() - start)

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """Many requests, ``concurrency`` at a time; answers in the requests' order."""
        return self._each(self.complete, requests)

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    # --- what the server can -------------------------------------------------------------------

    def _find_kind(self) -> None:
        with self._lock:
            if self._kind is None:
                self._kind = self._ask_kind()
                self._takes_several = self._kind != "llamacpp"

    def _ask_kind(self) -> GrammarStyle:
        """Which server it is, by what it says of its models; ``none`` where it does not say."""

        def read(chunks: Iterator[bytes], events: bool) -> str | None:
            try:
                found = _Models.model_validate_json(b"".join(chunks))
            except ValidationError:
                return None
            return next((m.owned_by for m in found.data), None)

        try:
            owner = self._server.ask("/models", None, read, most=_MOST_MODELS_BYTES, retries=1)
        except ModelError as error:
            # Not every server lists its models; one that is not there at all is said so now.
            if error.reason in ("unreachable", "timeout"):
                raise
            owner = None
        return _OWNERS.get(owner or "", "none")

    def _grammar(self, grammar: str) -> dict[str, Any]:
        """The fields that make the server obey a grammar; raises ModelError where none do."""
        with self._lock:
            if not self._tried:
                self._style = self._try_styles()
                self._tried = True
        if self._style == "none":
            raise ModelError(
                f"{self.name} does not obey a grammar; use a vLLM or llama.cpp server, or a local "
                "model.",
                reason="unsupported",
            )
        return _fields(self._style, grammar)

    def _try_styles(self) -> GrammarStyle:
        first = self._kind if self._style == "auto" else self._style
        styles = [first] if first in _STYLES else []
        if self._style == "auto":
            styles += [style for style in _STYLES if style != first]
        for style in styles:
            try:
                found = self._ask(_TRIAL, _fields(style, _TRIAL.grammar or ""))
            except StatusError as error:
                if error.status in (400, 422):
                    continue
                raise
            except ModelError as error:
                if error.reason in ("empty", "malformed"):
                    continue
                raise
            if all(sample.text == _TRIAL_ANSWER for sample in found.samples):
                return style
        return "none"

    # --- asking --------------------------------------------------------------------------------

    def _draw(self, request: Request, extra: dict[str, Any]) -> Completions:
        """All samples: as many at once as the server gives, the others one by one."""
        first = replace(request, n=request.n if self._takes_several else 1)
        found = self._ask(first, extra)
        got = len(found.samples)
        if got < first.n:
            self._takes_several = False
        rest = [replace(request, n=1, seed=request.seed + i) for i in range(got, request.n)]
        more = self._each(lambda one: self._ask(one, extra), rest)
        samples = [*found.samples, *(sample for one in more for sample in one.samples)]
        return replace(found, samples=tuple(samples))

    def _each(self, ask: Any, requests: Sequence[Request]) -> list[Completions]:
        if len(requests) < 2:
            return [ask(request) for request in requests]
        with ThreadPoolExecutor(min(self._server.concurrency, len(requests))) as pool:
            waiting = [pool.submit(ask, request) for request in requests]
            try:
                return [one.result() for one in waiting]
            finally:  # once one has failed, or the user has interrupted, the others are not begun
                for one in waiting:
                    one.cancel()

    def _ask(self, request: Request, extra: dict[str, Any]) -> Completions:
        """One exchange; what the server refuses and can do without is left out from then on."""
        most = 1024 * 1024 + 2048 * request.max_tokens * request.n
        while True:
            body = self._body(request) | extra
            try:
                return self._server.ask(
                    "/chat/completions",
                    body,
                    lambda chunks, events: self._read(chunks, events, request),
                    most=most,
                )
            except StatusError as error:
                if self._give_way(error, body):
                    continue
                raise self._named(error, request) from None

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": _MARKS.said(request.messages),
            "temperature": request.temperature,
            "seed": request.seed,
            self._limit: request.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            "logprobs": True,
            "top_logprobs": 1,  # llama.cpp takes none for twenty
        }
        if request.n > 1:
            body["n"] = request.n
        if request.stop:
            body["stop"] = list(request.stop)
        if self._kind == "vllm":
            body["repetition_penalty"] = 1.0  # not the one that a model's folder may ask for
            if request.messages[-1].role == "assistant":
                body |= {"continue_final_message": True, "add_generation_prompt": False}
        return {name: body[name] for name in body if name not in self._unwanted}

    def _give_way(self, error: StatusError, body: dict[str, Any]) -> bool:
        """Whether the server refused a field that can be left out or named otherwise."""
        if error.status not in (400, 422):
            return False
        if "max_tokens" in body and "max_completion_tokens" in error.said:
            self._limit = "max_completion_tokens"
            return True
        for name in (name for name in _OPTIONAL if name in body):
            unknown = len(name) > 1 and name in error.said and _UNKNOWN.search(error.said.lower())
            quoted = re.search(rf"['\"`]{name}['\"`]", error.said)
            if error.parameter == name or quoted or unknown:
                self._unwanted |= {name} if name != "logprobs" else {name, "top_logprobs"}
                return True
        return False

    def _named(self, error: StatusError, request: Request) -> ModelError:
        """The error by its own name where it is about the prompt's length or the grammar."""
        if error.status not in (400, 413, 422, 500):
            return error
        if _TOO_LONG.search(error.said) or error.status == 413:
            return ModelError(
                f"The prompt and the {request.max_tokens} tokens asked for do not fit into the "
                f"context of {self.name}: {error.said}",
                reason="too_long",
            )
        if request.grammar is not None and request is not _TRIAL and _GRAMMAR.search(error.said):
            return ModelError(
                f"{self.name} cannot use the grammar: {error.said}", reason="unsupported"
            )
        return error

    # --- reading -------------------------------------------------------------------------------

    def _read(self, chunks: Iterator[bytes], events: bool, request: Request) -> Completions:
        samples = [_Growing() for _ in range(request.n)]
        usage = _Usage()
        texts = _events(chunks) if events else iter([b"".join(chunks)])
        for text in texts:
            if text == b"[DONE]":
                break
            chunk = self._parse(text)
            usage = chunk.usage or usage
            for choice in chunk.choices:
                if not 0 <= choice.index < request.n:
                    raise self._malformed("has a choice that nobody asked for")
                samples[choice.index].add(choice)
        begun = [sample for sample in samples if sample.begun]
        if events and (not begun or any(sample.finish is None for sample in begun)):
            raise ModelError(f"The answer of {self.name} broke off.", reason="truncated")
        if not begun:
            raise self._malformed("holds no completion")
        tokens = usage.completion_tokens if len(begun) == 1 else None
        return Completions(
            tuple(self._finished(sample, tokens) for sample in begun),
            self.name,
            prompt_tokens=usage.prompt_tokens,
        )

    def _parse(self, text: bytes) -> _Chunk:
        try:
            chunk = _Chunk.model_validate_json(text)
        except ValidationError:
            # What pydantic says repeats the answer, in which the server may repeat the key.
            raise self._malformed("is not JSON of the chat protocol") from None
        if chunk.error is not None:
            said, parameter = complaint_of({"error": chunk.error})
            code = chunk.error.get("code") if isinstance(chunk.error, dict) else None
            status = code if isinstance(code, int) and 400 <= code < 600 else 500
            raise self._server.complaint(status, said, parameter)
        return chunk

    def _finished(self, sample: _Growing, tokens: int | None) -> Completion:
        match sample.finish:
            case "stop" | "length" as finish:
                pass
            case "content_filter":
                raise ModelError(f"The content filter of {self.name} stopped it.", reason="refused")
            case "error" | "abort":
                raise ModelError(f"{self.name} gave up on its answer.", reason="server_error")
            case _:
                raise self._malformed("does not say in a known way why it ends")
        # llama.cpp says nothing of the parts of a character that takes several tokens. The token
        # that ends the text is counted by some servers only.
        known = (
            sample.known
            and sample.tokens > 0
            and tokens in (None, sample.tokens, sample.tokens + 1)
        )
        return Completion(
            self._server.secrets.removed("".join(sample.texts)),
            finish,
            tokens=tokens if tokens is not None else (sample.tokens or None),
            logprob=sample.logprob if known else None,
        )

    def _malformed(self, what: str) -> ModelError:
        return ModelError(f"The answer of {self.name} {what}.", reason="malformed")


def _fields(style: GrammarStyle, grammar: str) -> dict[str, Any]:
    if style == "vllm":
        return {"structured_outputs": {"grammar": grammar}}
    return {"grammar": grammar}


def _events(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The data of a stream of server-sent events; each is one line here. What comes behind the
    last line's end is the beginning of a line that broke off."""
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        if b"\n" in chunk:
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            for line in lines:
                if line.startswith(b"data:"):
                    yield line[5:].strip()


@dataclass(slots=True)
class _Growing:
    """A sample as it comes, piece by piece."""

    texts: list[str] = field(default_factory=list)
    finish: str | None = None
    begun: bool = False
    tokens: int = 0
    logprob: float = 0.0
    known: bool = True  # whether every piece came with its log-probabilities

    def add(self, choice: _Choice) -> None:
        self.begun = True
        self.finish = choice.finish_reason or self.finish
        piece = choice.delta or choice.message
        text = piece.content if piece is not None else None
        found = choice.logprobs.content if choice.logprobs is not None else None
        if text:
            self.texts.append(text)
            self.known = self.known and found is not None
        for token in found or []:
            self.tokens += 1
            self.logprob += token.logprob
            self.known = self.known and math.isfinite(token.logprob)


class _Owned(BaseModel):
    owned_by: str | None = None


class _Models(BaseModel):
    data: list[_Owned]


class _Token(BaseModel):
    logprob: float


class _Logprobs(BaseModel):
    content: list[_Token] | None = None


class _Piece(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    index: int = 0
    delta: _Piece | None = None
    message: _Piece | None = None
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(BaseModel):
    """A piece of a stream, or a whole answer that was not streamed."""

    choices: list[_Choice] = []
    usage: _Usage | None = None
    error: Any = None
