"""Token-level residual ratios, cosines and surprisals of an OPT model, computed by Hugging Face transformers.

    python transformers_values.py --model DIR --corpus FILE.jsonl [FILE.jsonl ...] --out FILE.parquet
                                  [--doc-ids ID,ID] [--limit-docs N] [--max-length N] [--dtype float32|bfloat16|float16]

Writes what `radial profile --loss` writes for the same documents, as far as values go: doc_id, window, position, token_id,
<attn|mlp|layer>_<ratio|cosine> (lists, one value a layer) and surprisal (nats, null where no token comes before).
Every window is run alone: no batch, no padding, no kernel shared with the project. float32 with eager attention, the 16-bit
types with the attention that transformers chooses (sdpa); norms and dot products are float32 in any case.
Made with torch 2.7.1 and transformers 5.23.0; needs pyarrow besides.
"""
import argparse
import json

import pyarrow as pa
import pyarrow.parquet as pq
import torch
import transformers

COLUMNS = [f"{block}_{measure}" for block in ("attn", "mlp", "layer") for measure in ("ratio", "cosine")]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--corpus", required=True, nargs="+")
    parser.add_argument("--out", required=True)
    parser.add_argument("--doc-ids", type=lambda ids: ids.split(","))
    parser.add_argument("--limit-docs", type=int)
    parser.add_argument("--max-length", type=int)
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    return parser.parse_args()


def documents(args):
    lines = [json.loads(line) for file in args.corpus for line in open(file, encoding="utf-8") if line.strip()]
    chosen = [line for line in lines if args.doc_ids is None or line["doc_id"] in args.doc_ids]
    return chosen[: args.limit_docs]


class Additions:
    """What each layer reads (x) and what its two sub-blocks add to it (a, m), kept by forward hooks."""

    def __init__(self, layers):
        self.x, self.a, self.m = ([None] * len(layers) for _ in range(3))
        for l, layer in enumerate(layers):
            layer.register_forward_pre_hook(self.reads(l), with_kwargs=True)
            layer.self_attn.register_forward_hook(self.adds(self.a, l))
            layer.fc2.register_forward_hook(self.adds(self.m, l))

    def reads(self, l):
        def hook(module, inputs, keywords):
            self.x[l] = (inputs[0] if inputs else keywords["hidden_states"])[0]  # (T, E)

        return hook

    def adds(self, store, l):
        def hook(module, inputs, output):
            store[l] = output[0][0] if isinstance(output, tuple) else output.reshape(self.x[l].shape)  # (T, E)

        return hook

    def measures(self):
        """Column name to (T, L)."""
        by_layer = {name: [] for name in COLUMNS}
        for x, a, m in zip(self.x, self.a, self.m):
            y = x + a
            z = y + m
            for block, before, update, after in (("attn", x, a, y), ("mlp", y, m, z), ("layer", x, z.float() - x.float(), z)):
                before, update, after = before.float(), update.float(), after.float()
                by_layer[f"{block}_ratio"].append(update.norm(dim=-1) / after.norm(dim=-1))
                by_layer[f"{block}_cosine"].append(torch.nn.functional.cosine_similarity(before, after, dim=-1))
        return {name: torch.stack(values, dim=-1) for name, values in by_layer.items()}


def surprisal(logits, ids):
    """-ln p of each token given those before it; none for the first."""
    log_p = logits[:-1].float().log_softmax(-1).gather(-1, ids[1:, None])[:, 0]
    return [None] + (-log_p).tolist()


def main():
    args = arguments()
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
    attention = "eager" if args.dtype == "float32" else "sdpa"
    model = transformers.AutoModelForCausalLM.from_pretrained(
        args.model, dtype=getattr(torch, args.dtype), attn_implementation=attention)
    model.eval()
    additions = Additions(model.model.decoder.layers)
    prefix = tokenizer("")["input_ids"]
    room = (args.max_length or model.config.max_position_embeddings) - len(prefix)

    rows = {name: [] for name in ["doc_id", "window", "position", "token_id", *COLUMNS, "surprisal"]}
    for document in documents(args):
        own = tokenizer(document["text"], add_special_tokens=False)["input_ids"]
        for window, start in enumerate(range(0, max(len(own), 1), room)):
            ids = torch.tensor(prefix + own[start : start + room])
            with torch.inference_mode():
                logits = model(input_ids=ids[None], use_cache=False).logits[0]  # (T, V)
            rows["doc_id"] += [document["doc_id"]] * len(ids)
            rows["window"] += [window] * len(ids)
            rows["position"] += range(len(ids))
            rows["token_id"] += ids.tolist()
            rows["surprisal"] += surprisal(logits, ids)
            for name, values in additions.measures().items():
                rows[name] += values.tolist()

    integers = {name: pa.int32() for name in ("window", "position", "token_id")}
    types = {"doc_id": pa.string(), **integers, **{name: pa.list_(pa.float32()) for name in COLUMNS}, "surprisal": pa.float32()}
    table = pa.table({name: pa.array(rows[name], types[name]) for name in rows})
    pq.write_table(table, args.out, compression="zstd", use_dictionary=["doc_id"])
    print(f"{table.num_rows} tokens of {len(set(rows['doc_id']))} documents in {args.out}")


main()
