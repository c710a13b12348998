"""`ghostproof prover`: runs the engine for one model in the foreground, for this user's editor windows."""

import argparse
from dataclasses import replace
from pathlib import Path

from ghostproof.config import Config
from ghostproof.errors import BadInput
from ghostproof.prover.engine.loader import load
from ghostproof.prover.engine.server import process
from ghostproof.prover.local.launcher import engine_command
from ghostproof.prover.local.paths import engine_paths, identity


def run(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config).prover
    said = {name: vars(arguments)[name] for name in ("model", "device", "kv_gib", "idle_s")}
    config = replace(config, **{name: value for name, value in said.items() if value is not None})
    if not config.model:
        raise BadInput("No model is named.", "ghostproof prover --model DIR|ID")
    engine_command(config)  # says what is not installed, before anything is begun
    model = identity(config.model)
    options = process.Options(
        model=model,
        name=config.model if model == config.model and not Path(model).is_dir() else Path(model).name,
        socket=arguments.socket,
        port=arguments.port,
        device=config.device,
        kv_gib=config.kv_gib,
        context=arguments.context,
        idle_s=config.idle_s,
    )
    return process.run(options, engine_paths(config.model, config.device), load)
