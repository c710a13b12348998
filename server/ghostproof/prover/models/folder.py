"""Which models are on this machine: local folders and the hub's cache, without torch and without the network."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ghostproof.errors import ModelBroken, ModelMissing

ARCHITECTURES: Mapping[str, str] = {
    "llama": "LlamaForCausalLM",
    "qwen2": "Qwen2ForCausalLM",
    "qwen3": "Qwen3ForCausalLM",
}
OTHER_SERVER = "A server such as vLLM can run it: set prover.url."
_HUB_NAME = re.compile(r"(?P<id>[\w-][\w.-]*(?:/[\w-][\w.-]*)?)(?:@(?P<revision>[\w./-]+))?")


@dataclass(frozen=True)
class Cached:
    """One revision of a model in the hub's cache.

    Attributes:
        size: bytes of its files.
        missing: names of files without which it cannot be run; empty when it is whole.
    """

    id: str
    revision: str
    folder: Path
    size: int
    missing: tuple[str, ...]


def find(model: str) -> Path:
    """The folder of a model, given as a folder, or by its name on the hub with `@REVISION` behind it where wanted.

    Raises:
        ModelMissing: it is not on this machine, or not all of it.
        ModelBroken: there is something else in its place.
    """
    path = Path(model).expanduser()
    if path.is_dir():
        return complete_folder(path.resolve())
    if path.is_file():
        raise ModelBroken(
            f"{path} is a file; a model is the folder with its config.json.",
            "A GGUF file needs a llama.cpp server: set prover.url." if path.suffix == ".gguf" else "",
        )
    named = _HUB_NAME.fullmatch(model)
    if named is None:
        raise ModelMissing(
            f"There is no folder {path}.", "Give a folder, or a name on the hub such as ORGANISATION/NAME."
        )
    pull = f"ghostproof model pull {named['id']}"
    if named["revision"]:
        pull += f" --revision {named['revision']}"
    folder = _snapshot(cache() / ("models--" + named["id"].replace("/", "--")), named["revision"])
    if folder is None:
        raise ModelMissing(f"The model {model} is not on this machine.", pull)
    if missing := missing_files(folder):
        raise ModelMissing(f"The model {model} is only partly on this machine: {_some(missing)} missing.", pull)
    return folder


def cached() -> Iterator[Cached]:
    """Every revision of every model in the hub's cache that the engine could run were it whole."""
    for repository in sorted(cache().glob("models--*")):
        for folder in sorted(repository.glob("snapshots/*")):
            try:
                architecture(folder)
                missing = tuple(missing_files(folder))
            except ModelBroken:
                continue  # such as a sentence encoder that some other program keeps there
            size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
            name = repository.name.removeprefix("models--").replace("--", "/")
            yield Cached(name, folder.name, folder, size, missing)


def cache() -> Path:
    """The hub's cache folder, by the same environment variables that the hub's own library obeys."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    hub = os.environ.get("HF_HOME") or f"{home}/huggingface"
    chosen = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE") or f"{hub}/hub"
    return Path(os.path.expandvars(chosen)).expanduser()


def architecture(folder: Path) -> str:
    """Which of `ARCHITECTURES` the folder's model is of.

    Raises:
        ModelBroken: of none, or its weights are in a form that the engine does not read.
    """
    spec = read_json(folder / "config.json")
    named, model_type = spec.get("architectures"), spec.get("model_type", "")
    name = str(named[0] if isinstance(named, list) and named else ARCHITECTURES.get(model_type, model_type))
    if name not in ARCHITECTURES.values():
        raise ModelBroken(
            f"The model in {folder} is of the kind `{name}`, which is not supported.",
            f"Supported are {', '.join(ARCHITECTURES.values())}. {OTHER_SERVER}",
        )
    if quantized := spec.get("quantization_config"):
        method = quantized.get("quant_method") if isinstance(quantized, dict) else quantized
        raise ModelBroken(
            f"The weights in {folder} are quantized ({method}), which is not supported.",
            f"Take the model with its original weights. {OTHER_SERVER}",
        )
    return name


def weight_files(folder: Path) -> list[str]:
    """Names of the safetensors files that the model's weights are spread over, whether they are there or not."""
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        return ["model.safetensors"]
    places = read_json(index).get("weight_map")
    names = sorted({str(name) for name in places.values()}) if isinstance(places, dict) else []
    if not names or any(Path(name).name != name or Path(name).suffix != ".safetensors" for name in names):
        raise ModelBroken(f"{index} does not name the model's weight files.", "Fetch the file again.")
    return names


def missing_files(folder: Path) -> list[str]:
    """Names of the files that a model needs and that are not there."""
    needed = ["config.json", *weight_files(folder)]
    if not (folder / "tokenizer.model").exists():  # which is read, to say why it is not supported
        needed.append("tokenizer.json")
    return [name for name in needed if not (folder / name).exists()]


def complete_folder(folder: Path) -> Path:
    """The folder itself, when it holds everything that a model needs.

    Raises:
        ModelBroken: saying what is missing, or what is there instead.
    """
    missing = missing_files(folder)
    if not missing:
        return folder
    if "config.json" in missing:
        hint = "A model's folder holds config.json, tokenizer.json and safetensors files."
        if any(folder.glob("*.gguf")):
            hint = "GGUF files need a llama.cpp server: set prover.url."
        elif (folder / "snapshots").is_dir():
            hint = "It looks like a part of the hub's cache: give the model's name instead."
        raise ModelBroken(f"{folder} is not a model's folder: it holds no config.json.", hint)
    if any(folder.glob("*.bin")) and not any(folder.glob("*.safetensors")):
        raise ModelBroken(
            f"{folder} holds its weights only as pickle files, which can run any code when they are read.",
            "Take a revision of the model with safetensors files.",
        )
    raise ModelBroken(f"{_some(missing)} missing in {folder}.", "Fetch the model again.")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        ModelBroken: there is no such file, or something else in it.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise ModelBroken(f"Cannot read {path}: {problem}.", "Fetch the file again.") from problem
    if not isinstance(content, dict):
        raise ModelBroken(f"{path} holds no JSON object.", "Fetch the file again.")
    return content


def _snapshot(repository: Path, revision: str | None) -> Path | None:
    """The folder of a revision; without one that of `main`, or the only one there is."""
    snapshots = repository / "snapshots"
    reference = repository / "refs" / (revision or "main")
    if reference.is_file():
        commit = reference.read_text("utf-8").strip()
        return snapshots / commit if (snapshots / commit).is_dir() else None
    found = [folder for folder in snapshots.glob("*") if folder.name.startswith(revision or "")]
    return found[0] if len(found) == 1 else None


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    more = f" and {len(names) - 3} more" if names[3:] else ""
    return f"{shown}{more} {'is' if len(names) == 1 else 'are'}"
