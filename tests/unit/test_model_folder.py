"""Which folders are taken for a model, and what is said of those that are none."""

import json
from pathlib import Path

import pytest

from ghostproof.errors import ModelBroken, ModelMissing
from ghostproof.prover.models import folder as models
from support.small_models import tiny_llama


def test_a_folder_is_found_as_it_is(tmp_path: Path) -> None:
    folder = tiny_llama(tmp_path / "model")
    assert models.find(str(folder)) == folder.resolve()


@pytest.mark.parametrize(
    ("files", "message", "hint"),
    [
        ([], "is not a model's folder", "config.json, tokenizer.json and safetensors"),
        (["model.Q4.gguf"], "is not a model's folder", "llama.cpp"),
        (["snapshots/x/config.json"], "is not a model's folder", "the model's name instead"),
        (["config.json", "tokenizer.json", "pytorch_model.bin"], "pickle", "safetensors"),
        (["config.json", "model.safetensors"], "tokenizer.json is missing", "again"),
    ],
)
def test_a_folder_that_is_no_model(files: list[str], message: str, hint: str, tmp_path: Path) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", "utf-8")
    with pytest.raises(ModelBroken, match=message) as broken:
        models.find(str(tmp_path))
    assert hint in broken.value.hint


def test_every_missing_shard_counts(tmp_path: Path) -> None:
    folder = tiny_llama(tmp_path)
    (folder / "model.safetensors").unlink()
    shards = {f"layer{i}": f"model-0000{i}-of-00005.safetensors" for i in range(1, 6)}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}), "utf-8")
    with pytest.raises(ModelBroken, match=r"model-00003-of-00005\.safetensors and 2 more are missing"):
        models.find(str(folder))


@pytest.mark.parametrize(
    "places", [{"lm_head.weight": "../../elsewhere.safetensors"}, {}, ["model"], None, {"a": ".."}]
)
def test_an_index_cannot_lead_out_of_the_folder(places: object, tmp_path: Path) -> None:
    folder = tiny_llama(tmp_path)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}), "utf-8")
    with pytest.raises(ModelBroken, match="does not name the model's weight files"):
        models.find(str(folder))


def test_a_file_or_nothing_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").touch()
    with pytest.raises(ModelBroken, match="is a file") as broken:
        models.find(str(tmp_path / "model.gguf"))
    assert "llama.cpp" in broken.value.hint
    with pytest.raises(ModelMissing, match="There is no folder"):
        models.find(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "spec", [{}, {"architectures": "x"}, {"architectures": []}, {"architectures": [3]}, {"model_type": "gpt2"}]
)
def test_settings_of_no_known_model(spec: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(spec), "utf-8")
    with pytest.raises(ModelBroken, match="is not supported"):
        models.architecture(tmp_path)


def test_quantized_weights_are_refused(tmp_path: Path) -> None:
    for quantized in ({"quant_method": "awq"}, "awq"):
        spec = {"architectures": ["LlamaForCausalLM"], "quantization_config": quantized}
        (tmp_path / "config.json").write_text(json.dumps(spec), "utf-8")
        with pytest.raises(ModelBroken, match=r"quantized \(awq\)"):
            models.architecture(tmp_path)
