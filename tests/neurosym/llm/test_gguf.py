"""llama.cpp in this process, on a tiny model: real grammars, samples, limits and broken files."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from neurosym.llm import download, header
from neurosym.llm.base import Completions, Message, Request
from neurosym.llm.gguf import GgufModel
from provers.errors import InputError, MissingToolError, ModelError
from tests.neurosym.llm.tiny import CONTEXT, SPECIALS, tiny_folder, tiny_gguf

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")
pytest.importorskip("gguf", reason="gguf, which writes the tiny model, is not installed")

DIGITS = 'root ::= "x" [0-9]+ "."'
ENDLESS_GRAMMAR = "root ::= [a-z ] root"
FORMULA = 'root ::= "∀x (" [A-Z] "(x) → " [A-Z] "(x))"'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def model(path: Path) -> Iterator[GgufModel]:
    made = GgufModel(path, threads=1)
    yield made
    made.close()


@pytest.fixture
def hurried(path: Path) -> Iterator[Callable[[float], GgufModel]]:
    """Makes models with little time."""
    made: list[GgufModel] = []

    def make(seconds: float) -> GgufModel:
        made.append(GgufModel(path, threads=1, seconds=seconds))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ask(text: str = "hi", **settings: Any) -> Request:
    return Request((Message("user", text),), **{"max_tokens": 20, **settings})


ENDLESS = ask(grammar=ENDLESS_GRAMMAR, max_tokens=900, n=4, temperature=1.0)


def texts(answer: Completions) -> list[str]:
    return [sample.text for sample in answer.samples]


def failure(model: GgufModel, request: Request) -> ModelError:
    with pytest.raises(ModelError) as caught:
        model.complete(request)
    assert "\n" not in str(caught.value)
    return caught.value


# --- answers ---------------------------------------------------------------------------------


def test_an_answer(model: GgufModel) -> None:
    answer = model.complete(ask(max_tokens=3))
    (sample,) = answer.samples
    assert (answer.model, answer.prompt_tokens) == ("gguf:tiny.gguf", 11)
    assert (sample.text, sample.finish, sample.tokens) == ("inrelrel", "length", 3)
    assert sample.logprob is not None and sample.logprob < 0
    assert answer.tokens == 3
    assert answer.seconds > 0


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_a_grammar_is_obeyed(model: GgufModel, temperature: float) -> None:
    answer = model.complete(ask(grammar=FORMULA, n=8, temperature=temperature, max_tokens=60))
    assert len(answer.samples) == 8
    for sample in answer.samples:
        assert re.fullmatch(r"∀x \([A-Z]\(x\) → [A-Z]\(x\)\)", sample.text)
        assert sample.finish == "stop"
    assert len(set(texts(answer))) == (1 if temperature == 0 else 8)


def test_samples_have_seeds_of_their_own(model: GgufModel) -> None:
    together = model.complete(ask(n=6, temperature=1.0, seed=3))  # more than there are slots
    alone = [model.complete(ask(temperature=1.0, seed=3 + i)) for i in range(6)]
    assert texts(together) == [one.samples[0].text for one in alone]
    assert len(set(texts(together))) == 6


def test_the_least_and_the_largest_seed(model: GgufModel) -> None:
    for seed in (-1, 2**32 - 1, 2**70):
        assert texts(model.complete(ask(temperature=1.0, seed=seed)))


def test_a_stop_text(model: GgufModel) -> None:
    (sample,) = model.complete(ask(stop=("@",))).samples
    assert (sample.text, sample.finish) == ("inrelrel", "stop")


def test_max_tokens_cut_a_grammar_short(model: GgufModel) -> None:
    (sample,) = model.complete(ask(grammar='root ::= "x" [0-9]+', max_tokens=7)).samples
    assert (sample.finish, sample.tokens) == ("length", 7)
    assert re.fullmatch("x[0-9]+", sample.text)


def test_the_probability_is_the_models_own(model: GgufModel) -> None:
    free = model.complete(ask(max_tokens=3)).samples[0]
    bound = model.complete(ask(max_tokens=3, grammar='root ::= "inrelrel"')).samples[0]
    hot = model.complete(ask(max_tokens=3, grammar='root ::= "inrelrel"', temperature=5.0))
    assert free.logprob == pytest.approx(bound.logprob, abs=0.05)
    assert free.logprob == pytest.approx(hot.samples[0].logprob, abs=0.05)


def test_a_probability_that_is_not_all_known(model: GgufModel) -> None:
    # The tiny tokenizer spells ∀ with three tokens, of which the engine shows one.
    (sample,) = model.complete(ask(grammar='root ::= "∀"')).samples
    assert (sample.text, sample.tokens, sample.logprob) == ("∀", 4, None)


def test_a_beginning_is_evaluated_once(model: GgufModel) -> None:
    beginning = [Message("system", "Translate into logic."), Message("user", "Rex is a dog. " * 40)]

    def evaluated(question: str, n: int) -> int:
        messages = (*beginning, Message("assistant", "yes"), Message("user", question))
        request = Request(messages, n=n, temperature=1.0, max_tokens=2)
        with model._turn:
            stream = model._ask(request, time.monotonic() + 60)
        stream.read()
        usage = next(c["usage"] for c in stream._chunks if "usage" in c)
        return int(usage["prompt_tokens"] - usage["prompt_tokens_details"]["cached_tokens"])

    first = evaluated("Is Rex an animal?", 1)
    model.complete(ask("something else altogether"))
    others = [evaluated(question, n) for question in ("Is it kind?", "Is it big?") for n in (1, 4)]
    assert first > 200
    assert max(others) < 40


def test_many_threads(model: GgufModel) -> None:
    requests = [ask(f"number {i}", grammar=DIGITS) for i in range(6)]
    with ThreadPoolExecutor(6) as pool:
        found = [texts(answer) for answer in pool.map(model.complete, requests)]
    assert found == [texts(answer) for answer in model.complete_all(requests)]


def test_transformers_says_the_same(model: GgufModel, tmp_path: Path) -> None:
    local = pytest.importorskip("neurosym.llm.local", reason="transformers is not installed")
    other = local.TransformersModel(tiny_folder(tmp_path / "tiny"))
    for request in (ask(max_tokens=3), ask(grammar=DIGITS), ask("Every dog is an animal.")):
        mine, theirs = model.complete(request), other.complete(request)
        assert mine.prompt_tokens == theirs.prompt_tokens
        assert mine.samples[0].text[:8] == theirs.samples[0].text[:8]
        if mine.samples[0].logprob is not None and texts(mine) == texts(theirs):
            assert mine.samples[0].logprob == pytest.approx(theirs.samples[0].logprob, abs=0.05)


# --- what is said is data --------------------------------------------------------------------


@pytest.mark.parametrize("mark", SPECIALS)
def test_a_mark_in_a_text_is_no_control_token(model: GgufModel, mark: str) -> None:
    plain = model.complete(ask("say it", max_tokens=1)).prompt_tokens
    marked = model.complete(ask(f"say {mark} it", max_tokens=1)).prompt_tokens
    assert plain is not None and marked is not None
    assert marked > plain + 5  # spelt out, where a control token would be one


def test_nobody_else_can_use_the_engine(model: GgufModel) -> None:
    model.complete(ask(max_tokens=1))
    address = model._engine.listening_address
    body = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1, "prompt": "hi"}
    paths = ("/v1/models", "/models", "/props", "/slots", "/metrics")
    posts = ("/v1/chat/completions", "/completion", "/tokenize", "/apply-template", "/models/load")
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer guess"}):
        with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
            assert [client.get(path).status_code for path in paths] == [401] * len(paths)
            assert [client.post(p, json=body).status_code for p in posts] == [401] * len(posts)
            assert client.get("/").status_code in (401, 404)


# --- limits ----------------------------------------------------------------------------------


def test_time_is_over(hurried: Callable[[float], GgufModel]) -> None:
    model = hurried(60)
    model.complete(ask(max_tokens=1))
    model._seconds = 0.1
    start = time.monotonic()
    error = failure(model, ENDLESS)
    assert error.reason == "timeout"
    assert time.monotonic() - start < 15
    model._seconds = 60
    assert texts(model.complete(ask(max_tokens=3))) == ["inrelrel"]  # and it has stopped


def test_the_user_interrupts(hurried: Callable[[float], GgufModel]) -> None:
    model = hurried(60)
    model.complete(ask(max_tokens=1))
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.complete(ENDLESS)
    assert time.monotonic() - start < 20
    assert texts(model.complete(ask(max_tokens=3))) == ["inrelrel"]


def test_closing_cuts_off_what_is_under_way(path: Path) -> None:
    model = GgufModel(path, threads=1)
    model.complete(ask())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(model.complete, ENDLESS)
        while not model._turn.locked():
            time.sleep(0.01)
        time.sleep(0.2)
        start = time.monotonic()
        model.close()
        assert time.monotonic() - start < 10
        with pytest.raises(ModelError) as caught:
            waiting.result()
    assert caught.value.reason == "truncated"


def test_an_answer_runs_into_the_contexts_end(path: Path) -> None:
    model = GgufModel(path, context=256, threads=1)
    (sample,) = model.complete(ask(grammar=ENDLESS_GRAMMAR, max_tokens=1000)).samples
    assert sample.finish == "length"
    assert sample.tokens is not None and sample.tokens < 256
    model.close()


@pytest.mark.parametrize("text", ["hi " * CONTEXT, "x" * (CONTEXT * 200)])
def test_the_prompt_is_too_long(model: GgufModel, text: str) -> None:
    error = failure(model, ask(text))
    assert error.reason == "too_long"
    assert str(CONTEXT) in str(error)


@pytest.mark.parametrize("grammar", ["root ::= (", 'other ::= "a"', "root ::= missing", "", " "])
def test_a_bad_grammar(model: GgufModel, grammar: str) -> None:
    assert failure(model, ask(grammar=grammar)).reason == "unsupported"


def test_an_empty_answer(model: GgufModel) -> None:
    assert failure(model, ask(grammar='root ::= ""')).reason == "empty"


# --- files -----------------------------------------------------------------------------------


def changed(path: Path, tmp_path: Path, change: Callable[[bytes], bytes]) -> Path:
    other = tmp_path / "other.gguf"
    other.write_bytes(change(path.read_bytes()))
    return other


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        GgufModel(tmp_path / "none.gguf")
    with pytest.raises(InputError, match="cannot be read"):
        GgufModel(tmp_path)


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\3\4 something else"])
def test_not_a_gguf_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.gguf").write_bytes(content)
    with pytest.raises(InputError, match="is not a GGUF file"):
        GgufModel(tmp_path / "other.gguf")


@pytest.mark.parametrize("size", [4, 10, 24, 30, 500, 5000, 9000, 100_000])
def test_a_truncated_file(path: Path, tmp_path: Path, size: int) -> None:
    other = changed(path, tmp_path, lambda data: data[:size])
    with pytest.raises(ModelError, match="fetch it again") as caught:
        GgufModel(other)
    assert caught.value.reason == "broken"


@pytest.mark.parametrize(
    "head",
    [
        struct.pack("<IQQ", 3, 0, 2**60),
        struct.pack("<IQQ", 3, 2**60, 0),
        struct.pack("<IQQ", 99, 0, 0),
        struct.pack("<IQQQ", 3, 0, 1, 2**62),  # a name as long as nothing is
        struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", 9, 8, 2**50),  # an array
        struct.pack("<IQQQ1sI", 3, 0, 1, 1, b"a", 77),  # a type that there is not
        struct.pack("<IQQQ1sIIQ", 3, 0, 1, 1, b"a", 9, 9, 1),  # an array of arrays
    ],
)
def test_a_header_that_lies(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "other.gguf").write_bytes(b"GGUF" + head + bytes(1000))
    start = time.monotonic()
    with pytest.raises(ModelError) as caught:
        header.read_header(tmp_path / "other.gguf")
    assert caught.value.reason == "broken"
    assert time.monotonic() - start < 15


def test_what_a_header_says(path: Path) -> None:
    found = header.read_header(path)
    assert (found.architecture, found.context, found.marks) == ("qwen2", CONTEXT, SPECIALS)
    assert found.template is not None and "im_start" in found.template


def test_no_chat_template(path: Path, tmp_path: Path) -> None:
    other = changed(path, tmp_path, lambda data: data.replace(b".chat_template", b".chat_tomplate"))
    with pytest.raises(ModelError, match="no chat template") as caught:
        GgufModel(other)
    assert caught.value.reason == "broken"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"qwen2", b"qwenX"),
        lambda data: data.replace(b"attn_q.weight", b"attn_x.weight"),
        lambda data: data[:-4000],
    ],
)
def test_the_engine_refuses_it(
    path: Path, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    model = GgufModel(changed(path, tmp_path, change))
    error = failure(model, ask())
    assert error.reason == "broken"
    assert "other.gguf" in str(error)


def test_a_template_that_refuses(path: Path, tmp_path: Path) -> None:
    def refuse(data: bytes) -> bytes:
        start = data.index(b"{%- for message")
        call = b"{{ raise_exception('no') }}{#"
        end = data.index(b"{%- endif -%}", start) + len(b"{%- endif -%}")
        return data[:start] + call + b" " * (end - start - len(call) - 2) + b"#}" + data[end:]

    model = GgufModel(changed(path, tmp_path, refuse))
    assert failure(model, ask()).reason == "broken"


def test_without_the_package(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[gguf\]'"):
        GgufModel(path)


@pytest.mark.model
def test_the_default_model() -> None:
    path = download.installed()
    if path is None:
        pytest.skip("the default model is not set up (neurosym setup model)")
    model = GgufModel(path)
    shown = [("Rex is a dog.", "Dog(rex)"), ("All dogs are kind.", "∀x (Dog(x) → Kind(x))")] * 4
    messages = [Message("system", "Translate English sentences into first-order logic.")]
    for english, logic in shown:
        messages += [Message("user", english), Message("assistant", logic)]
    grammar = 'root ::= "∀x (" name "(x) → " name "(x))"\nname ::= [A-Z] [a-z]+'
    first = model.complete(Request((*messages, Message("user", "All cats are big.")), grammar))
    second = model.complete(Request((*messages, Message("user", "All cows are red.")), grammar))
    assert (texts(first), texts(second)) == (["∀x (Cat(x) → Big(x))"], ["∀x (Cow(x) → Red(x))"])
    assert first.samples[0].logprob is not None
    assert second.seconds < first.seconds / 2
    model.close()
