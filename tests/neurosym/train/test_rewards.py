"""Rewards in the shape trl calls: by themselves, over HTTP, and in a training run of two steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from neurosym.train.rewards import Score, Service, Verifier, record_of_completion, reward_function
from neurosym.verify.scoring import Weights, unscored
from provers.errors import BrokenToolError, UnknownProverError
from tests.neurosym.service.servers import served

BAGS = "Ann has 3 bags of 12 nuts and eats 5. How many are left?"
RIGHT = "3 * 12 = 36\n36 - 5 = 31\nA: 31"
WRONG = "3 * 12 = 36\n36 - 5 = 32\nA: 32"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier() as found:
        yield found


def test_a_right_solution_earns_one_and_a_wrong_one_minus_one(verifier: Verifier) -> None:
    reward = reward_function(verifier)
    assert reward([BAGS] * 2, [RIGHT, WRONG], answer=["31", "31"]) == [1.0, -1.0]


def test_the_shares_of_process_and_outcome(verifier: Verifier) -> None:
    steps_alone = reward_function(verifier, process=1.0, outcome=0.0)
    whole_alone = reward_function(verifier, process=0.0, outcome=2.0)
    wrong_answer = "3 * 12 = 36\nA: 36"
    assert steps_alone([BAGS], [wrong_answer], answer=["31"]) == [1.0]
    assert whole_alone([BAGS], [wrong_answer], answer=["31"]) == [-2.0]


def test_conversations_and_answers_that_are_solutions(verifier: Verifier) -> None:
    prompt = [{"role": "system", "content": "Think."}, {"role": "user", "content": BAGS}]
    completion = [{"role": "assistant", "content": RIGHT}]
    row = {"answer": "She has 3*12=<<3*12=36>>36 ... \n#### 31"}
    record = record_of_completion(prompt, completion, row)
    assert record == {"question": BAGS, "answer": "31", "solution": RIGHT}
    assert reward_function(verifier)([prompt], [completion], answer=[row["answer"]]) == [1.0]


def test_columns_make_the_record() -> None:
    row = {"question": "Q?", "premises": ["All dogs are animals."], "world": "closed", "level": 3}
    record = record_of_completion("Solve: Q?", "Rex is a dog.", row)
    assert record == {
        "question": "Q?",
        "premises": ["All dogs are animals."],
        "world": "closed",
        "solution": "Rex is a dog.",
    }


def test_what_cannot_be_read_is_unreadable_and_the_others_are_scored(verifier: Verifier) -> None:
    reward = reward_function(verifier, unreadable=-3.0)
    completions = ["", RIGHT, [{"role": "assistant", "content": None}]]
    assert reward([BAGS] * 3, completions, answer=["31"] * 3) == [-3.0, 1.0, -3.0]


def test_a_record_whose_tools_failed_is_left_out() -> None:
    def broken(records: Sequence[Mapping[str, Any]]) -> list[Score]:
        return [unscored("1", "failed", "the prover is gone.") for _ in records]

    assert reward_function(broken)([BAGS], [RIGHT]) == [None]


def test_too_few_scores_are_no_rewards() -> None:
    with pytest.raises(BrokenToolError, match="0 scores came back for 1"):
        reward_function(lambda records: [])([BAGS], [RIGHT])


def test_arguments_that_are_no_columns_are_ignored(verifier: Verifier) -> None:
    reward = reward_function(verifier)
    extras: dict[str, Any] = {"trainer_state": object(), "log_metric": print}
    assert reward([BAGS], [RIGHT], answer=["31"], **extras) == [1.0]


def test_a_record_of_ones_own(verifier: Verifier) -> None:
    def make(prompt: Any, completion: Any, row: Mapping[str, Any]) -> dict[str, Any]:
        return {"premises": [row["rules"]], "steps": [completion]}

    reward = reward_function(verifier, record=make)
    rules = "All dogs are animals. Rex is a dog."
    said = ["Rex is an animal.", "Rex is not an animal."]
    assert reward(["", ""], said, rules=[rules, rules]) == [1.0, -1.0]


def test_weights_reach_the_verifier() -> None:
    weights = Weights(proved=0.5, refuted=-2.0)
    with Verifier(weights=weights, aggregate="mean") as verifier:
        steps_alone = reward_function(verifier, process=1.0, outcome=0.0)
        assert steps_alone([BAGS], [WRONG], answer=["31"]) == [-0.75]


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        reward_function(lambda records: [], process=float("nan"))
    with pytest.raises(UnknownProverError):
        Verifier("oracle")


# --- training ------------------------------------------------------------------------------

# Each word of the tiny model's language is a line of a solution, so that noise hits right ones.
LINES = ("3 * 12 = 36", "36 - 5 = 31", "36 - 5 = 32", "3 * 12 = 35", "A: 31", "A: 32")


def _tokenizer() -> Any:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = ["<pad>", "<end>", "<unk>", *(f"{line}\n" for line in LINES), f"{BAGS}\n"]
    tokenizer = Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("[^\n]*\n"), behavior="isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<end>",
        unk_token="<unk>",
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def _model(tokenizer: Any) -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=64,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    return LlamaForCausalLM(config)


def test_grpo_learns_from_what_the_service_says(
    tmp_path: Path, verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    trl = pytest.importorskip("trl", reason="the training test needs the extra 'test'")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import torch
    from datasets import Dataset

    given: list[tuple[str, float | None]] = []

    def noted(prompts: Any, completions: Any, **columns: Any) -> list[float | None]:
        rewards = asked(prompts, completions, **columns)
        given.extend(zip(completions, rewards, strict=True))
        return rewards

    tokenizer = _tokenizer()
    model = _model(tokenizer)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    trainer = trl.GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        reward_funcs=noted,
        train_dataset=Dataset.from_list([{"prompt": f"{BAGS}\n", "answer": "31"}] * 4),
        args=trl.GRPOConfig(
            output_dir=str(tmp_path),
            max_steps=2,
            per_device_train_batch_size=8,
            num_generations=8,
            max_completion_length=3,
            learning_rate=1e-2,
            beta=0.0,
            use_cpu=True,
            bf16=False,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            seed=1,
        ),
    )
    with served(tmp_path) as server, Service(server.url) as service:
        asked = reward_function(service)
        trainer.train()
    assert len(given) == 16
    rewards = {reward for _, reward in given}
    assert rewards <= {1.0, 0.5, 0.0, -0.5, -1.0}
    assert len(rewards) > 1, "rewards that are all alike teach nothing"
    here = reward_function(verifier)
    for text, reward in given:
        assert [reward] == here([BAGS], [text], answer=["31"]), "what trl saw is what is so"
    logged = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert len(logged) == 2
    mean = sum(float(reward or 0.0) for _, reward in given[:8]) / 8
    assert logged[0]["reward"] == pytest.approx(mean)
    after = list(model.parameters())
    assert any(not torch.equal(old, new) for old, new in zip(before, after, strict=True))
