"""Brings a model to work: folder, device, memory, weights, tokenizer, engine. The first to import torch."""

import os

from ghostproof.prover.engine.server.model import LoadedModel, LoadProgress
from ghostproof.prover.engine.server.process import Options
from ghostproof.prover.models.folder import find

GIB = 1 << 30
CPU_SHARE, GPU_SHARE = 0.1, 0.25
UNKNOWN_MEMORY = 16 * GIB


def load(options: Options, progress: LoadProgress) -> LoadedModel:
    """The engine for the options' model. Takes as long as the weights take to read.

    Raises:
        ModelMissing: the model is not on this machine.
        ModelBroken: it cannot be used.
        ImportError: torch or transformers is not installed.
    """
    folder = find(options.model)
    progress("importing torch", None)
    import torch

    from ghostproof.prover.engine.engine import TorchEngine
    from ghostproof.prover.engine.model import graphs, weights
    from ghostproof.prover.engine.tokenizer.tokens import ExactTokens

    progress("reading the tokenizer", None)
    tokens = ExactTokens.load(folder)
    found = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(found if options.device == "auto" else options.device)
    progress("loading the weights", None)
    model = weights.load(folder, device)
    if options.context:
        model.config.max_position_embeddings = min(options.context, model.config.max_position_embeddings)
    on_gpu = device.type == "cuda"
    memory = torch.cuda.get_device_properties(device).total_memory if on_gpu else _physical_memory()
    share = memory * (GPU_SHARE if on_gpu else CPU_SHARE)
    progress("recording the passes" if on_gpu else "setting the engine up", None)
    runner = graphs.runner_for(model, int(options.kv_gib * GIB or share))
    shown = f"cuda ({torch.cuda.get_device_name(device)})" if on_gpu else "cpu"
    return LoadedModel(TorchEngine(tokens, runner), tokens, runner.context, shown, runner.attention)


def _physical_memory() -> int:
    """Bytes of the machine's memory."""
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return UNKNOWN_MEMORY
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
