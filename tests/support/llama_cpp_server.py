"""Runs llama.cpp's own HTTP server, from the `xllamacpp` wheel, for one model file, and prints where it listens.

    python llama_cpp_server.py MODEL.gguf SLOTS KEY

It ends when its standard input does.
"""

import sys

import xllamacpp


def main(model: str, slots: int, key: str) -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = 1024 * slots
    parameters.n_parallel = slots
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.api_keys = [key]
    parameters.endpoint_slots = True
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
