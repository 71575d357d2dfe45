"""A model by what a user writes for it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from neurosym.llm.base import Model
from neurosym.llm.openai import GrammarStyle, OpenAIModel
from neurosym.llm.recorded import RecordedModel, Recorder
from provers.errors import InputError, MissingToolError

FORMS = (
    "default, gguf:FILE, transformers:FOLDER_OR_NAME, vllm:FOLDER_OR_NAME, http://HOST/v1#MODEL, "
    "https://HOST/v1#MODEL or recorded:FILE"
)


def open_model(
    spec: str,
    *,
    record: Path | None = None,
    seconds: float = 120.0,
    retries: int = 4,
    concurrency: int = 4,
    grammar_style: GrammarStyle = "auto",
) -> Model:
    """The model that ``spec`` names, with its answers appended to ``record`` if given.

    A bare path is understood too: a ``.gguf`` file, a ``.jsonl`` recording, or a folder with a
    ``config.json``. ``default`` is what ``neurosym setup model`` fetched. ``seconds``, ``retries``,
    ``concurrency`` and ``grammar_style`` are for servers (see ``OpenAIModel``).
    Raises InputError for a spec of no such form, MissingToolError where an engine or the default
    model is not there, ModelError for a model that does not load.
    """
    if spec.startswith(("http://", "https://")):
        url, name = _server(spec)
        model: Model = OpenAIModel(
            name,
            url,
            seconds=seconds,
            retries=retries,
            concurrency=concurrency,
            grammar_style=grammar_style,
        )
    else:
        model = _open_local(spec)
    if record is None:
        return model
    try:
        return Recorder(model, record)
    except InputError:
        model.close()
        raise


def check_spec(spec: str) -> None:
    """Whether ``open_model`` could open ``spec``, as far as that is told without opening it.

    Raises InputError for a spec of no form, MissingToolError where the default model is not there.
    """
    if spec.startswith(("http://", "https://")):
        _server(spec)
    elif _form(spec)[0] == "default":
        _default()


def _server(spec: str) -> tuple[str, str]:
    """A server's address, and the name of the model."""
    url, _, name = spec.partition("#")
    if not name:
        # The address is not shown: it may hold a password.
        raise InputError(
            "A model server's address needs the model's name behind it: http://HOST/v1#MODEL."
        )
    return url, name


def _default() -> Path:
    from neurosym.llm.download import installed

    path = installed()
    if path is None:
        raise MissingToolError(
            "There is no default model yet: run 'neurosym setup model', or name another."
        )
    return path


def _open_local(spec: str) -> Model:
    kind, rest = _form(spec)
    match kind:
        case "default":
            return _open_gguf(_default())
        case "gguf":
            return _open_gguf(Path(rest))
        case "transformers":
            from neurosym.llm.local import TransformersModel

            return TransformersModel(rest)
        case "vllm":
            from neurosym.llm.vllm import VllmModel

            return VllmModel(rest)
        case "recorded":
            return RecordedModel(Path(rest))
    raise AssertionError(f"no form: {kind}")


def _open_gguf(path: Path) -> Model:
    from neurosym.llm.gguf import GgufModel

    return GgufModel(path)


def _form(spec: str) -> tuple[str, str]:
    """Which form a spec has, and what is behind its colon."""
    kind, colon, rest = spec.partition(":")
    if spec == "default":
        return spec, ""
    if colon and rest and kind in ("gguf", "transformers", "vllm", "recorded"):
        return kind, rest
    if spec.endswith(".gguf"):
        return "gguf", spec
    if spec.endswith(".jsonl"):
        return "recorded", spec
    with contextlib.suppress(OSError):  # too long for a path
        if (Path(spec) / "config.json").is_file():
            return "transformers", spec
    shown = "An address of another kind" if "://" in spec else repr(spec[:80])  # maybe a password
    raise InputError(f"{shown} names no model; write {FORMS}.")
