"""Compiles the Triton kernels for an H100 or H200, which takes no GPU; prints what the compiler says as JSON."""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping

import triton
from triton import knobs
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from ghostproof.prover.engine.attention import step_kernels, triton_kernels
from ghostproof.prover.engine.model import draw_kernels, layer_kernels
from ghostproof.prover.engine.model.sampler import MOST_TRIES

TARGET = GPUTarget("cuda", 90, 32)
ATTEND = {
    "query": "*bf16", "output": "*fp32", "weight": "*fp32", "table": "*i64", "sizes": "*i64", "scale": "fp32",
    "rows": "i32", "row_stride": "i32", "head_stride": "i32",
}  # fmt: skip
MERGE = {"parts": "*fp32", "weight": "*fp32", "output": "*bf16"}
STORE = {
    "key": "*bf16", "value": "*bf16", "table": "*i64", "sizes": "*i64", "row_stride": "i32", "head_stride": "i32",
    "value_row_stride": "i32", "value_head_stride": "i32",
}  # fmt: skip

ROTATE = {
    "projected": "*bf16", "cos": "*bf16", "sin": "*bf16", "query_norm": "*bf16", "key_norm": "*bf16",
    "epsilon": "fp32", "table": "*i64", "sizes": "*i64",
}  # fmt: skip
STEP = ROTATE | {
    "parts": "*fp32", "weight": "*fp32", "arrived": "*i64", "merged": "*bf16", "scale": "fp32", "rows": "i32",
}  # fmt: skip
DRAW = {
    "logits": "*fp32", "row_stride": "i32", "choice": "*fp32", "chance": "*fp32", "top": "*fp32", "place": "*i32",
    "mass": "*fp32", "heated": "*fp32", "picked": "*i32", "above": "*fp32", "drawn": "*fp64",
}  # fmt: skip
NORM = {"states": "*bf16", "weight": "*bf16", "normed": "*bf16", "epsilon": "fp32"}
SILU = {"both": "*bf16", "states": "*bf16", "output": "*bf16", "epsilon": "fp32"}


def compiled(
    kernel: triton.JITFunction, types: Mapping[str, str], constants: Mapping[str, object], warps: int
) -> dict[str, int]:
    """How the machine code of one kernel reads memory, and how much it spills."""
    names = kernel.arg_names
    signature = {name: types.get(name, "constexpr") for name in names}
    aligned = [name for name in types if types[name].startswith("*") or name.endswith("stride")]
    source = ASTSource(
        kernel,
        signature,
        constexprs={(names.index(name),): value for name, value in constants.items()},
        attrs={(names.index(name),): [["tt.divisibility", 16]] for name in aligned},
    )
    code = triton.compile(source, target=TARGET, options={"num_warps": warps, "num_stages": 3})
    ptx = code.asm["ptx"]
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(code.asm["cubin"])
        file.flush()
        command = (knobs.nvidia.cuobjdump.path, "--dump-resource-usage", file.name)
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    local = re.search(r"LOCAL:(\d+)", said)
    stack = re.search(r"STACK:(\d+)", said)
    assert local is not None
    assert stack is not None
    return {
        "wide": len(re.findall(r"cp\.async\.cg\.shared\.global .*0x10", ptx)),
        "narrow": len(re.findall(r"cp\.async\.ca", ptx)),
        "tensor": len(re.findall(r"wgmma\.mma_async|mma\.sync", ptx)),
        "spilled": int(local[1]) + int(stack[1]),
        "shared": code.metadata.shared,
    }


def draws() -> dict[str, dict[str, int]]:
    """The kernels that draw a token, for the vocabularies of DeepSeek-Prover and of Qwen."""
    told = {}
    for size in (102_400, 151_936):
        chunks = triton.cdiv(size, draw_kernels.CHUNK)
        constants = {
            "SIZE": size, "SPAN": draw_kernels.CHUNK, "CHUNKS": chunks, "ROOM": triton.next_power_of_2(chunks),
            "DRAWS": MOST_TRIES,
        }  # fmt: skip
        for kernel, warps in (
            (draw_kernels._survey, 8),
            (draw_kernels._pick, 8),
            (draw_kernels._weigh, 8),
            (draw_kernels._settle, 1),
        ):
            types = {name: DRAW[name] for name in kernel.arg_names if name in DRAW}
            own = {name: value for name, value in constants.items() if name in kernel.arg_names}
            told[f"draw {kernel.__name__} of {size}"] = compiled(kernel, types, own, warps)
    return told


def tiled(shape: triton_kernels.Tiling, kv_heads: int, group: int, head_dim: int) -> dict[str, int]:
    """What an attention kernel is compiled for."""
    return {
        "KV_HEADS": kv_heads, "GROUP": group, "D": head_dim, "M": shape.queries, "OWN_M": shape.own_queries,
        "N": shape.keys, "TILES": shape.tiles, "SPLITS": shape.splits, "OWN_SPLITS": shape.own_splits,
    }  # fmt: skip


def steps() -> dict[str, dict[str, int]]:
    """The kernel of a step, for heads that are grouped and that are not, normalized and not."""
    told = {}
    for rows, kv_heads, group, head_dim, norm in (
        (1, 32, 1, 128, False),
        (16, 32, 1, 128, False),
        (32, 32, 1, 128, False),
        (16, 8, 4, 128, True),
        (32, 4, 7, 128, False),
        (8, 1, 8, 128, False),
        (16, 3, 3, 64, False),
    ):
        shape = triton_kernels.Tiling.of(rows, kv_heads, group, own=True)
        constants = tiled(shape, kv_heads, group, head_dim) | {
            "PARTS_ROOM": triton.next_power_of_2(shape.splits + shape.own_splits), "NORM": norm,
        }  # fmt: skip
        name = f"attend step {rows} rows, {kv_heads}x{group} heads of {head_dim}"
        told[name] = compiled(step_kernels._attend_step, STEP, constants, 4)
    return told


def main() -> None:
    told = {}
    for rows, kv_heads, group, head_dim, own in (
        (1, 32, 1, 128, True),
        (16, 32, 1, 128, True),
        (32, 32, 1, 128, True),
        (16, 8, 4, 128, True),
        (16, 3, 3, 64, True),
        (16, 32, 1, 128, False),
        (256, 32, 1, 128, False),
    ):
        shape = triton_kernels.Tiling.of(rows, kv_heads, group, own=own)
        constants = tiled(shape, kv_heads, group, head_dim)
        name = f"attend {rows} rows, {kv_heads}x{group} heads of {head_dim}, {'leaves' if own else 'trunk'}"
        told[name] = compiled(triton_kernels._attend, ATTEND, constants, 4)
    told["merge"] = compiled(triton_kernels._merge, MERGE, {"PARTS": 9, "ROOM_FOR": 16, "D": 128}, 2)
    for own in (True, False):
        told[f"store {own}"] = compiled(triton_kernels._store, STORE, {"KV_HEADS": 32, "D": 128, "OWN": own}, 1)
    constants = {"HEADS": 32, "KV_HEADS": 8, "D": 128}
    for norm in (True, False):
        name = f"rotate and store, normed: {norm}"
        told[name] = compiled(layer_kernels._rotate_and_store, ROTATE, constants | {"NORM": norm}, 1)
    constants = {"SIZE": 4096, "ROOM_FOR": 4096}
    told["norm"] = compiled(layer_kernels._norm, NORM, constants, 8)
    constants = {"SIZE": 11008, "BLOCK": layer_kernels.BLOCK, "WIDTH_OF_STATES": 4096, "ROOM_FOR": 4096}
    told["silu"] = compiled(layer_kernels._silu_mul, SILU, constants, 4)
    told |= steps()
    told |= draws()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
