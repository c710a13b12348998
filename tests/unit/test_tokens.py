"""The tokenizer: exact in both directions, whatever the text and however it is edited."""

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine.tokenizer.split_points import SplitPoint, safe_split
from ghostproof.prover.engine.tokenizer.tokens import KEPT_TOKENS, SAMPLE, ExactTokens
from support.small_models import QWEN_SPLIT, deepseek_tokenizer, lean_text, qwen_tokenizer, tiny_llama, tiny_qwen

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
V3_SPLIT = (
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
    "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*" + SPACES
)
O200K_SPLIT = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + SPACES


def split(*regexes: str) -> list[Any]:
    stages = [pre_tokenizers.Split(Regex(regex), "isolated") for regex in regexes]
    return [*stages, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]


GPT2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
# How a family splits text, and where such a text may be cut.
FAMILIES: dict[str, tuple[list[Any], SplitPoint | None]] = {
    "llama-3": (split(QWEN_SPLIT.replace(r"\p{N}|", r"\p{N}{1,3}|")), SplitPoint.LINE_START),
    "qwen-2": (split(QWEN_SPLIT), SplitPoint.LINE_START),
    "qwen-3.5": (
        split(CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + SPACES),
        SplitPoint.LINE_START,
    ),
    "deepseek-v3": (split(r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", V3_SPLIT), SplitPoint.LINE_START),
    "deepseek-coder": (split("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"\s+$", r"\p{N}"), SplitPoint.LINE_START),
    "gpt-2": ([GPT2], SplitPoint.LINE_END),
    "smollm": ([pre_tokenizers.Digits(individual_digits=True), GPT2], SplitPoint.LINE_END),
    "o200k": (split(O200K_SPLIT), None),  # `)\n/-` is one piece, so that no line can be cut off
    "falcon": ([pre_tokenizers.Punctuation(), GPT2], None),
}

# What regular expressions, normalizers and merges disagree about at a cut.
FRAGMENTS = [
    *(
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\n  ",
        " ",
        "  ",
        "\t",
        "\x0b",
        "\x1c",
        "\x85",
        "\u2028",
        "\u180e",
        "\u200b",
        "\xa0",
    ),
    *("a", "rw", "é", "e\u0301", "\u0301", "\u0338", "ℕ", "Å", "漢", "😀", "👩\u200d🔬", "'s", "'", "1", "12345", "٣"),
    *("(", ")", "/", "/-", "--", "⟨", "⟩", "…", "·", ":=", "\x00", "\ufeff", "<|im_end|>", "<|im_", "|>", "<｜User｜>"),
    *("theorem ", "  simp\n", ")\n", ") \n", "by\n  ", "-- …\n"),
]
texts = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=14).map("".join)
edits = st.tuples(st.integers(0, 40), st.integers(0, 6), texts)


def saved(tokenizer: Tokenizer, folder: Path, **config: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    return folder


def family(name: str) -> Tokenizer:
    """A tokenizer that splits as the family's do, trained so that merges across any cut would be learnt."""
    stages, _ = FAMILIES[name]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(stages)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=1200, min_frequency=1, show_progress=False, initial_alphabet=alphabet)
    corpus = [a + b for a in FRAGMENTS for b in FRAGMENTS]
    tokenizer.train_from_iterator([*lean_text(), *corpus], trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in ("<|im_end|>", "<｜User｜>")])
    return tokenizer


@pytest.fixture(scope="module", params=FAMILIES)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[ExactTokens, Tokenizer]:
    """A family's tokenizer as we read it, and itself."""
    tokenizer = family(request.param)
    return ExactTokens.load(saved(tokenizer, tmp_path_factory.mktemp("family"))), tokenizer


@settings(deadline=None, max_examples=150)
@given(text=texts, changes=st.lists(edits, max_size=4))
def test_encoding_what_changed_is_encoding_the_whole(
    both: tuple[ExactTokens, Tokenizer], text: str, changes: list[tuple[int, int, str]]
) -> None:
    tokens, whole = both
    for at, length, new in [(0, 0, ""), *changes]:
        text = text[:at] + new + text[at + length :]
        assert tokens.encode(text, "file") == whole.encode(text, add_special_tokens=False).ids


@pytest.mark.parametrize("name", FAMILIES)
def test_no_piece_spans_a_cut_whatever_character_stands_there(name: str) -> None:
    tokenizer = family(name)
    cut = safe_split(json.loads(tokenizer.to_str()))
    assert cut == FAMILIES[name][1]
    if cut is None:
        return
    strange = [c for c in map(chr, range(sys.maxunicode)) if unicodedata.category(c)[0] in "ZM" or c.isspace()]
    strange += [chr(c) for c in range(0x250)]
    for c in strange:
        text = f"x\n{c}\n{c}x{c}\n {c}\n{c}\r\n\n{c}1\n)\n{c})\n"
        places = {found.start() for found in cut.value.finditer(text)}
        assert tokenizer.pre_tokenizer is not None
        starts = {start for _, (start, _) in tokenizer.pre_tokenizer.pre_tokenize_str(text)}
        assert places <= starts, hex(ord(c))


@given(text=st.text())
def test_text_comes_back_unchanged(llama: ExactTokens, text: str) -> None:
    ids = llama.encode(text)
    assert llama.decode(ids[1:]) == text
    decoder = llama.decoder()
    assert "".join(map(decoder.push, ids[1:])) == text


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> ExactTokens:
    return ExactTokens.load(tiny_llama(tmp_path_factory.mktemp("llama")))


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> ExactTokens:
    return ExactTokens.load(tiny_qwen(tmp_path_factory.mktemp("qwen")))


def test_only_changed_lines_are_encoded(llama: ExactTokens) -> None:
    text = "".join(lean_text())
    llama.encode(text, "file")
    before = llama.encoded
    llama.encode(text.replace("theorem", "lemma", 1) + "\nexample : 1 + 1 = 2 := by\n  ", "file")
    longest = max(map(len, text.splitlines()))
    assert llama.encoded - before < 3 * longest
    before = llama.encoded
    llama.encode(text, "another file")
    assert llama.encoded == before


def test_known_lines_take_bounded_memory(llama: ExactTokens) -> None:
    kept = llama._known
    for i in range(40):
        llama.encode("".join(f"theorem t{i}_{j} : {j} = {j} := rfl\n" for j in range(500)), f"file {i}")
        assert kept.currsize <= KEPT_TOKENS
    long = "x" * (KEPT_TOKENS * 9)
    assert llama.decode(llama.encode(long)[1:]) == long
    assert kept.currsize <= KEPT_TOKENS


def test_a_character_comes_with_its_last_byte(llama: ExactTokens) -> None:
    ids = llama.encode("𝓝 …")[1:]
    assert len(ids) > 4, "the characters must be new to the tokenizer for this test"
    decoder = llama.decoder()
    seen = [decoder.push(token) for token in ids]
    assert seen[0] == ""
    assert "".join(seen) == "𝓝 …"


def test_bytes_that_are_no_text_do_not_stop_the_decoder(llama: ExactTokens) -> None:
    half = llama.encode("𝓝")[1:-1]
    decoder = llama.decoder()
    assert "".join(map(decoder.push, [*half, *llama.encode("ok")[1:]])).endswith("ok")


def test_half_a_surrogate_pair_does_no_harm(llama: ExactTokens) -> None:
    assert llama.encode("a\ud83d b") == llama.encode("a? b")


def test_rows_without_a_token_have_no_text(qwen: ExactTokens) -> None:
    assert qwen.size == 1152
    assert qwen.decoder().push(qwen.size - 1) == ""


def test_line_ends_are_known(qwen: ExactTokens) -> None:
    assert qwen.newlines == {i for i in range(qwen.size) if "\n" in qwen.decode([i])}
    assert len(qwen.newlines) > 3


def test_the_beginning_stands_in_front_once(llama: ExactTokens, qwen: ExactTokens) -> None:
    bos = llama.bos
    assert bos is not None
    assert llama.encode("theorem")[0] == bos
    assert llama.encode("<｜begin▁of▁sentence｜>theorem") == llama.encode("theorem")
    assert llama.encode("") == [bos]
    assert qwen.bos is None
    assert qwen.encode("") == []


def test_every_end_of_a_turn_is_known(llama: ExactTokens, qwen: ExactTokens) -> None:
    assert {llama.decode([i]) for i in llama.eos} == {"<｜end▁of▁sentence｜>", "<|EOT|>"}
    assert {qwen.decode([i]) for i in qwen.eos} == {"<|endoftext|>", "<|im_end|>"}


@pytest.mark.parametrize(
    ("config", "template", "expected"),
    [
        ({"add_bos_token": True, "bos_token": "<s>"}, False, True),
        ({"add_bos_token": False, "bos_token": "<s>"}, True, False),
        ({"bos_token": "<s>"}, True, True),
        ({"bos_token": "<s>"}, False, False),
        ({"bos_token": {"content": "<s>"}, "tokenizer_class": "LlamaTokenizer"}, False, True),
        ({"add_bos_token": True, "bos_token": None}, False, False),
    ],
)
def test_whether_the_beginning_is_wanted(
    config: dict[str, object], template: bool, expected: bool, tmp_path: Path
) -> None:
    tokenizer = family("smollm")
    tokenizer.add_special_tokens([AddedToken("<s>", normalized=False)])
    bos = tokenizer.token_to_id("<s>")
    if template:
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", bos)])
    assert ExactTokens.load(saved(tokenizer, tmp_path, **config)).bos == (bos if expected else None)


def test_ends_are_read_from_every_file(tmp_path: Path) -> None:
    folder = saved(qwen_tokenizer(), tmp_path, eos_token={"content": "<|endoftext|>"})
    (folder / "generation_config.json").write_text('{"eos_token_id": [3, 4]}', "utf-8")
    (folder / "config.json").write_text('{"eos_token_id": 5, "vocab_size": 2000}', "utf-8")
    assert ExactTokens.load(folder).eos >= {3, 4, 5}


def test_a_sentence_piece_tokenizer_is_exact_too(tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    raw = [f"<0x{byte:02X}>" for byte in range(256)]
    special = ["<unk>", "<s>", "</s>", *raw]
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=special, show_progress=False, limit_alphabet=60)
    tokenizer.train_from_iterator((line for text in lean_text() for line in text.split("\n")), trainer)
    spec = json.loads(tokenizer.to_str())
    spec["added_tokens"] = [token for token in spec["added_tokens"] if token["content"] not in raw]
    folder = saved(Tokenizer.from_str(json.dumps(spec)), tmp_path, bos_token="<s>", add_bos_token=True)
    tokens = ExactTokens.load(folder)
    text = "example : ℕ :=\n    ⟨1, 𝓝⟩\n"
    assert tokens.decode(tokens.encode(text)[1:]) == " " + text
    assert len(tokens.newlines) == 1


@pytest.mark.parametrize(
    "token",
    [
        AddedToken("<mask>", lstrip=True, normalized=False),
        AddedToken("<mask>", rstrip=True, normalized=False),
        AddedToken("<\n>", normalized=False),
    ],
)
def test_a_token_that_reaches_over_line_ends_forbids_cuts(token: AddedToken) -> None:
    tokenizer = qwen_tokenizer()
    assert safe_split(json.loads(tokenizer.to_str())) is SplitPoint.LINE_START
    tokenizer.add_tokens([token])
    assert safe_split(json.loads(tokenizer.to_str())) is None


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("normalizer", {"type": "Lowercase"}),
        ("pre_tokenizer", None),
        ("pre_tokenizer", {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}),
        ("pre_tokenizer", {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}),
    ],
)
def test_what_is_not_known_to_be_safe_is_not_cut(where: str, value: object) -> None:
    spec = json.loads(qwen_tokenizer().to_str())
    assert safe_split(spec) is SplitPoint.LINE_START
    spec[where] = value
    assert safe_split(spec) is None


def test_truncation_and_padding_are_off(tmp_path: Path) -> None:
    tokenizer = deepseek_tokenizer()
    tokenizer.enable_truncation(5)
    tokenizer.enable_padding(length=50)
    tokens = ExactTokens.load(saved(tokenizer, tmp_path))
    assert tokens.decode(tokens.encode(SAMPLE)) == SAMPLE
    assert len(tokens.encode("a")) == 1


def garbled() -> Tokenizer:
    """As the Llama class of some transformers versions remakes DeepSeek's: spaces, line ends and symbols go."""
    tokenizer = deepseek_tokenizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    return tokenizer


def test_a_tokenizer_that_garbles_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelBroken, match=re.escape("does not give text back unchanged: ' t (a b : ℕ)'")):
        ExactTokens.load(saved(garbled(), tmp_path))


def test_a_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    folder = saved(deepseek_tokenizer(), tmp_path)
    (folder / "config.json").write_text('{"vocab_size": 700}', "utf-8")
    with pytest.raises(ModelBroken, match=r"has \d+ tokens, but the model's vocabulary only 700"):
        ExactTokens.load(folder)


def test_files_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelBroken, match=r"holds no tokenizer\.json"):
        ExactTokens.load(tmp_path)
    (tmp_path / "tokenizer.model").write_bytes(b"\n\x0e")
    with pytest.raises(ModelBroken, match="SentencePiece"):
        ExactTokens.load(tmp_path)
    for content in ("{", "[]", '{"version": "1.0"}', '{"model": {"type": "Nonesuch"}}'):
        (tmp_path / "tokenizer.json").write_text(content, "utf-8")
        with pytest.raises(ModelBroken, match=r"tokenizer\.json"):
            ExactTokens.load(tmp_path)
