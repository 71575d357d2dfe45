"""A small language model made from scratch, for a task that is narrow enough to be learnt by one.

Its tokenizer is a byte-level BPE (Sennrich et al., ACL 2016; bytes as in GPT-2) of the texts that
it is for, so that it can write any text; its weights are random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from neurosym.train.translator.data import Pair
from neurosym.train.translator.folders import appearing, is_free, room
from neurosym.train.translator.packages import package, quiet
from provers.errors import InputError

_SPECIALS: Final = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
_BYTES: Final = 256
_TEMPLATE: Final = (
    "{%- for message in messages -%}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}"
)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and depth of the network, tokens of its vocabulary, and how many it reads at once.

    As given, about 4 million weights.
    """

    hidden: int = 256
    layers: int = 4
    heads: int = 4
    vocabulary: int = 1024
    context: int = 4096

    def __post_init__(self) -> None:
        """Raises InputError for what is no network."""
        if min(self.hidden, self.layers, self.heads, self.context) < 1:
            raise InputError("hidden, layers, heads and context must be at least 1.")
        if self.hidden % (2 * self.heads):
            raise InputError("hidden must be a multiple of twice heads.")
        if self.vocabulary < _BYTES + len(_SPECIALS):
            raise InputError(f"vocabulary must be at least {_BYTES + len(_SPECIALS)}.")


def tiny(pairs: Sequence[Pair], out: Path, size: Size | None = None, *, seed: int = 0) -> Path:
    """Make a model for ``pairs`` in the folder ``out``; the same seed gives the same model.

    Raises InputError without pairs, for a folder that holds something else and for a full disk.
    """
    if not pairs:
        raise InputError("there is nothing to make a vocabulary of: no pair was given.")
    is_free(out)
    size = size or Size()
    tokenizer = _tokenizer(_texts(pairs), size)
    with room(out), quiet(), appearing(out) as partial:
        _model(tokenizer, size, seed).save_pretrained(str(partial))
        tokenizer.save_pretrained(str(partial))
    return out


def _texts(pairs: Iterable[Pair]) -> Iterable[str]:
    for pair in pairs:
        yield from (message.content for message in pair.messages)
        yield pair.completion


def _tokenizer(texts: Iterable[str], size: Size) -> Any:
    parts = package("tokenizers")
    levels = parts.pre_tokenizers
    made = parts.Tokenizer(parts.models.BPE())
    made.pre_tokenizer = levels.Sequence(
        [levels.Digits(individual_digits=True), levels.ByteLevel(add_prefix_space=False)]
    )
    made.decoder = parts.decoders.ByteLevel()
    trainer = parts.trainers.BpeTrainer(
        vocab_size=size.vocabulary,
        initial_alphabet=sorted(levels.ByteLevel.alphabet()),
        special_tokens=list(_SPECIALS),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return package("transformers").PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=_SPECIALS[0],
        eos_token=_SPECIALS[2],
        additional_special_tokens=list(_SPECIALS[1:]),
        chat_template=_TEMPLATE,
        model_max_length=size.context,
        clean_up_tokenization_spaces=False,
    )


def _model(tokenizer: Any, size: Size, seed: int) -> Any:
    torch, library = package("torch"), package("transformers")
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    config = library.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=size.hidden,
        intermediate_size=size.hidden * 11 // 4,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_key_value_heads=size.heads,
        max_position_embeddings=size.context,
        tie_word_embeddings=False,
        bos_token_id=None,
        dtype="float32",
        **ends,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = library.LlamaForCausalLM(config)
    model.generation_config = library.GenerationConfig(do_sample=False, **ends)
    return model
