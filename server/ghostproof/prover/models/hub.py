"""Models come from the hub into its cache, when a person asks for it and never otherwise."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import ModelInfo
from huggingface_hub.utils.tqdm import disable_progress_bars

from ghostproof.errors import ModelBroken, ModelMissing
from ghostproof.prover.models import folder as models
from ghostproof.prover.models.download import ConnectionTrouble, RemoteFile, download

GIB = 1 << 30
DATA = (".json", ".jinja")
NAMES = frozenset({"tokenizer.model", "merges.txt"})


class DownloadProgress(Protocol):
    """Who is told how a download gets on."""

    def begins(self, model: str, commit: str, files: int, size: int) -> None:
        """So many files, of so many bytes together, make up the model."""
        ...

    def file(self, name: str, have: int, size: int) -> None:
        """So many of the file's bytes are there."""
        ...


def pull(model: str, revision: str | None, progress: DownloadProgress) -> Path:
    """Download what a model needs and return its folder. What is there already is not fetched again.

    Only safetensors, JSON and tokenizer files are taken, nothing that could run code. Weights go on where an earlier
    attempt stopped.

    Args:
        revision: branch, tag or commit; None is the main branch.

    Raises:
        ModelMissing: the hub cannot be reached, or has no such model, or does not give it away without a licence.
        ModelBroken: it is no model that the engine can run, or there is no room for it.
    """
    logging.getLogger("huggingface_hub").propagate = False  # which prints its warnings itself
    disable_progress_bars()
    with _explained(model, revision):
        info = HfApi().model_info(model, revision=revision, files_metadata=True)
        sizes = _wanted(info)
        folder = _fetch(model, revision, ["config.json"])
    models.architecture(folder)
    progress.begins(model, folder.name, len(sizes), sum(sizes.values()))
    absent = [name for name in sizes if not (folder / name).exists()]
    if absent:
        _refuse_without_room(model, sum(sizes[name] for name in absent))
        with _explained(model, revision):
            for name in sorted(absent):
                if name.endswith(".safetensors"):
                    file = RemoteFile(model, folder.name, name)
                    download(file, folder.parents[1] / "blobs", partial(progress.file, name))
            _fetch(model, revision, sorted(sizes))
    return models.complete_folder(folder)


def _fetch(model: str, revision: str | None, names: list[str]) -> Path:
    """The snapshot's folder, with these files in it."""
    return Path(snapshot_download(model, revision=revision, allow_patterns=names, cache_dir=models.cache()))


def _wanted(info: ModelInfo) -> dict[str, int]:
    """Names and sizes, in bytes, of the files that are fetched."""
    sizes = {file.rfilename: file.size or 0 for file in info.siblings or () if "/" not in file.rfilename}
    if "config.json" not in sizes:
        kind = "GGUF files only" if any(name.endswith(".gguf") for name in sizes) else "no config.json"
        raise ModelBroken(f"{info.id} is not a model that the engine can run: it has {kind}.", models.OTHER_SERVER)
    wanted = {name: size for name, size in sizes.items() if name.endswith(DATA) or name in NAMES}
    weights = {name: size for name, size in sizes.items() if name.startswith("model") and name.endswith(".safetensors")}
    if not weights:
        raise ModelBroken(
            f"{info.id} has no safetensors files; pickle files are not fetched, as they can run any code when read.",
            "Take another revision of the model, or a converted one.",
        )
    return wanted | weights


def _refuse_without_room(model: str, needed: int) -> None:
    cache = models.cache()
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free
    if needed > free:
        raise ModelBroken(
            f"{model} needs {needed / GIB:.1f} GiB more, of which {cache} has {free / GIB:.1f} free.",
            "Make room, or set HF_HOME to a folder on a larger disk.",
        )


@contextmanager
def _explained(model: str, revision: str | None) -> Iterator[None]:
    """Turn what can go wrong on the way into words."""
    at = f" at {revision}" if revision else ""
    again = f"ghostproof model pull {model}" + (f" --revision {revision}" if revision else "")
    try:
        yield
    except GatedRepoError as problem:
        raise ModelMissing(
            f"{model} is given only to those who accepted its licence.",
            "Accept it on the model's page, then `hf auth login` or set HF_TOKEN.",
        ) from problem
    except RepositoryNotFoundError as problem:
        raise ModelMissing(
            f"The hub has no model {model}, or a private one.",
            "Check the name, ORGANISATION/NAME; for a private one set HF_TOKEN.",
        ) from problem
    except RevisionNotFoundError as problem:
        raise ModelMissing(f"{model} has no revision {revision}.", "Leave out --revision for the latest.") from problem
    except HFValidationError as problem:
        raise ModelMissing(f"{model} is no name on the hub.", "A name looks like ORGANISATION/NAME.") from problem
    except OfflineModeIsEnabled as problem:
        raise ModelMissing(
            f"Cannot fetch {model}: the environment variable HF_HUB_OFFLINE forbids it.", f"Unset it, then: {again}"
        ) from problem
    except (ConnectionTrouble, OSError, ValueError) as problem:  # the last is an answer that is no JSON
        first = str(problem).strip().split("\n")[0]
        raise ModelMissing(f"Cannot fetch {model}{at}: {first}", f"It goes on where it stopped: {again}") from problem
