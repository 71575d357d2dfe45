"""A tiny Qwen2 with random weights and a tokenizer built on the spot: what it says is noise, but
every engine loads it as it loads a real one, so grammars, stops and limits are tried for real.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

CONTEXT = 4096
VOCABULARY = 512  # the tokenizer has fewer: as in real models, the rows above it mean nothing
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT_TEMPLATE = (
    "{%- for message in messages -%}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\n' }}{%- endif -%}"
)
_LAYERS, _HIDDEN, _INNER, _HEADS, _KV_HEADS = 2, 64, 128, 2, 1
_ROPE = 10000.0
_EPSILON = 1e-6
# Qwen2's way of cutting text into words, which llama.cpp knows as the pre-tokenizer "qwen2".
_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_CORPUS = (
    "Every dog is an animal. Rex is a dog. Therefore Rex is an animal.\n",
    "If something is big and rough then it is not kind. The lion chases the squirrel.\n",
    "all x. (Dog(x) -> Animal(x)) exists y. (Cat(y) & -Red(y))\n",
    "system user assistant Translate the sentence into first-order logic. Answer yes or no.\n",
)


def tiny_folder(folder: Path) -> Path:
    """The model as a folder that transformers and vLLM load; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _model().save_pretrained(folder, safe_serialization=True)
    _tokenizer().save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",  # the one name all versions know
        "model_max_length": CONTEXT,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "bos_token": None,
        "unk_token": None,
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    return folder


def tiny_gguf(path: Path) -> Path:
    """The same model and tokenizer as one GGUF file that llama.cpp loads; returns the file."""
    import gguf

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("tiny")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(_HIDDEN)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_KV_HEADS)
    writer.add_rope_freq_base(_ROPE)
    writer.add_layer_norm_rms_eps(_EPSILON)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    _add_tokenizer(writer)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2, _LAYERS)
    for name, tensor in _model().state_dict().items():
        there = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if there is None:
            raise ValueError(f"GGUF has no name for the tensor {name}")
        writer.add_tensor(there, tensor.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_tokenizer(writer: Any) -> None:
    import gguf

    content = json.loads(_tokenizer().to_str())
    tokens = [f"[PAD{i}]" for i in range(VOCABULARY)]
    kinds = [gguf.TokenType.UNUSED] * VOCABULARY
    for token, number in content["model"]["vocab"].items():
        tokens[number], kinds[number] = token, gguf.TokenType.NORMAL
    for added in content["added_tokens"]:
        tokens[added["id"]], kinds[added["id"]] = added["content"], gguf.TokenType.CONTROL
    merges = content["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


@functools.cache
def _tokenizer() -> Any:
    """A byte-level BPE of 256 bytes, some two hundred merges, and the special tokens."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 12,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_CORPUS, trainer)
    tokenizer.add_special_tokens(list(SPECIALS))
    return tokenizer


@functools.cache
def _model() -> Any:
    import torch
    from transformers import GenerationConfig, Qwen2Config, Qwen2ForCausalLM

    number = _tokenizer().token_to_id
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=_HIDDEN,
        intermediate_size=_INNER,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        num_key_value_heads=_KV_HEADS,
        max_position_embeddings=CONTEXT,
        rms_norm_eps=_EPSILON,
        rope_parameters={"rope_type": "default", "rope_theta": _ROPE},
        initializer_range=0.2,  # far enough from flat that engines agree on the likeliest token
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=number("<|im_end|>"),
        pad_token_id=number("<|endoftext|>"),
        dtype="float32",
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        model = Qwen2ForCausalLM(config).eval()
    model.generation_config = GenerationConfig(
        eos_token_id=number("<|im_end|>"), pad_token_id=number("<|endoftext|>"), do_sample=False
    )
    return model
