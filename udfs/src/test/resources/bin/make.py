"""Writes the fixtures of this directory: python make.py (torch, safetensors)."""

import collections
import json
import os

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(7)


def path(*names):
    os.makedirs(os.path.join(HERE, *names[:-1]), exist_ok=True)
    return os.path.join(HERE, *names)


def twin(tensors, *names):
    """The same tensors as safetensors: each row-major and on its own."""
    save_file({name: t.detach().clone().contiguous() for name, t in tensors.items()}, path(*names))


# Every type, and every way in which tensors may lie in their storages.
base = torch.randn(5, 7)
tensors = collections.OrderedDict(
    float32=torch.randn(3, 5),
    float16=torch.randn(3, 5).half(),
    bfloat16=torch.randn(3, 5).bfloat16(),
    float64=torch.randn(4).double(),
    int64=torch.arange(-3, 4),
    int32=torch.arange(-3, 4, dtype=torch.int32),
    int16=torch.arange(-3, 4, dtype=torch.int16),
    int8=torch.arange(-3, 4, dtype=torch.int8),
    uint8=torch.arange(7, dtype=torch.uint8),
    bool=torch.tensor([True, False, True]),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 4),
    parameter=torch.nn.Parameter(torch.randn(2, 3)),
    frozen=torch.nn.Parameter(torch.randn(2, 3).half(), requires_grad=False),
    base=base,
    tied=base,
    rows=base[1:3],
    row=base[4],
    columns=base[:, 2:5],
    steps=base[::2, ::3],
    transposed=base.t(),
    permuted=torch.randn(2, 3, 4).permute(2, 0, 1),
    permuted_half=torch.randn(2, 3, 4, 5).half().permute(3, 1, 0, 2),
    transposed_bytes=torch.arange(12, dtype=torch.uint8).reshape(3, 4).t(),
    transposed_long=torch.arange(12).reshape(3, 4).t(),
    one_row=base.t()[:1],
)
for name, options in {
    "zip.bin": {},
    "protocol4.bin": {"pickle_protocol": 4},
    "old.bin": {"_use_new_zipfile_serialization": False},
}.items():
    torch.save(tensors, path("tensors", name), **options)
torch.save(dict(tensors), path("tensors", "plain-dict.bin"))
twin(tensors, "tensors", "twin.safetensors")

# A module's own state dict, with _metadata, and tied parameters.
module = torch.nn.Sequential(torch.nn.Embedding(11, 6), torch.nn.LayerNorm(6), torch.nn.Linear(6, 11))
module[2].weight = module[0].weight
torch.save(module.state_dict(), path("module", "pytorch_model.bin"))
torch.save(module.state_dict(), path("module", "old.bin"), _use_new_zipfile_serialization=False)
twin(module.state_dict(), "module", "twin.safetensors")

# Two shards and their index, as transformers writes them.
shards = {
    "pytorch_model-00001-of-00002.bin": {"a": torch.randn(4, 3), "b": torch.randn(2).half()},
    "pytorch_model-00002-of-00002.bin": {"c": torch.randn(3, 2).t(), "d": torch.ones(5).bfloat16()},
}
for name, content in shards.items():
    torch.save(content, path("sharded", name))
with open(path("sharded", "pytorch_model.bin.index.json"), "w") as index:
    weight_map = {tensor: name for name, content in shards.items() for tensor in content}
    json.dump({"metadata": {"total_size": 90}, "weight_map": weight_map}, index, indent=2)
twin({k: v for content in shards.values() for k, v in content.items()}, "sharded", "twin.safetensors")

# What must be refused.
torch.save({"state_dict": {"a": torch.ones(2)}, "epoch": 3}, path("refused", "nested.bin"))
torch.save([torch.ones(2)], path("refused", "list.bin"))
torch.save({"a": torch.ones(2).to(torch.complex64)}, path("refused", "complex.bin"))
torch.save({"a": torch.ones(2).to(torch.float8_e4m3fn)}, path("refused", "float8.bin"))
torch.save({"a": torch.ones(3).expand(4, 3)}, path("refused", "expanded.bin"))
torch.save(torch.nn.Linear(2, 2), path("refused", "whole-module.bin"))
