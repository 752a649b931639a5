"""Makes router examples as ./radial router-data writes them, of a model that does not exist, as many as wanted.

    python router_examples.py DIR --examples 5000000 [--layers 12] [--projection 32] [--documents 600] [--seed 1]

One example a token and block; a token's hidden numbers move a block's ratio linearly, by a product of two of them, by the
ratio of the block before and by its document. Of the blocks over the threshold half are left out, and the rest weighs 2.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

THRESHOLD = 0.1
DOMAINS = ['books', 'code', 'mail']


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('directory', type=Path)
    parser.add_argument('--examples', type=int, required=True)
    parser.add_argument('--layers', type=int, default=12)
    parser.add_argument('--projection', type=int, default=32)
    parser.add_argument('--documents', type=int, default=600)
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def main():
    args = arguments()
    table = args.directory / 'router_examples'
    routers = 2 * args.layers
    tokens_each = round(args.examples / 0.735 / routers / args.documents)  # about that share is kept
    shared = np.random.default_rng(args.seed)
    slopes = shared.normal(size=(routers, args.projection)) / np.sqrt(args.projection)
    shards = 16
    count = 0
    for shard in range(shards):
        rng = np.random.default_rng([args.seed, shard])
        parts = [document(d, tokens_each, slopes, args, rng) for d in range(shard, args.documents, shards)]
        rows = pa.concat_tables([part for part in parts])
        file = table / f'shard={shard}' / 'part.parquet'
        file.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, file, compression='zstd', compression_level=1)
        count += rows.num_rows
    manifest = {'run_id': '%016x' % args.seed, 'status': 'complete', 'model': 'synthetic', 'model_fingerprint': '0' * 64,
                'corpus_fingerprint': '0' * 64, 'layers': args.layers, 'hidden_size': 768, 'vocabulary_size': 50000, 'parallel': False,
                'threshold': THRESHOLD, 'seed': args.seed, 'slice_by': 'domain',
                'features': {'projection': args.projection, 'projection_seed': args.seed, 'version': 1},
                'examples': count, 'tokens': tokens_each * args.documents}
    (args.directory / 'examples.json').write_text(json.dumps(manifest) + '\n')
    print(json.dumps({'examples': count}))


def document(number, tokens, slopes, args, rng):
    """All examples of a document, as a table."""
    split = ['train'] * 14 + ['validation'] * 3 + ['test'] * 3
    effect = 0.4 * rng.normal()
    hidden = rng.normal(size=(tokens, args.projection)).astype(np.float32)
    position, token_id = np.arange(tokens, dtype=np.int32), rng.integers(0, 50000, tokens, dtype=np.int32)
    log_norm = rng.normal(3, 0.3, tokens).astype(np.float32)
    log_frequency = np.log((1 + rng.exponential(40, tokens)) / 1e6).astype(np.float32)
    previous = np.empty((tokens, 0), dtype=np.float32)
    tables = []
    for router in range(2 * args.layers):
        before = np.log(previous[:, -1] / THRESHOLD) if router else 0
        z = 1.5 * hidden @ slopes[router] + 0.5 * hidden[:, router % 32] * hidden[:, (router + 7) % 32] - 0.5 * before + effect
        ratio = (THRESHOLD * np.exp(-0.3 * (z + rng.logistic(size=tokens)))).astype(np.float32)
        label = ratio < THRESHOLD
        keep = np.flatnonzero(label | (rng.random(tokens) < 0.5))
        n = len(keep)
        tables.append(pa.table({
            'doc_id': pa.array([f'doc-{number}'] * n, pa.string()), 'domain': pa.array([DOMAINS[number % 3]] * n, pa.string()),
            'window': pa.array(np.zeros(n, np.int32)), 'position': pa.array(position[keep]), 'token_id': pa.array(token_id[keep]),
            'layer': pa.array(np.full(n, router // 2, np.int32)), 'block': pa.array([('attn', 'mlp')[router % 2]] * n, pa.string()),
            'projection': lists(hidden[keep]), 'log_norm': pa.array(log_norm[keep]), 'previous_ratios': lists(previous[keep]),
            'log_frequency': pa.array(log_frequency[keep]), 'ratio': pa.array(ratio[keep]), 'label': pa.array(label[keep]),
            'weight': pa.array(np.where(label[keep], 1.0, 2.0)), 'split': pa.array([split[number % 20]] * n, pa.string()),
            'fold': pa.array(np.full(n, number // 20 % 5, np.int32))}))
        previous = np.hstack([previous, ratio[:, None]])
    return pa.concat_tables(tables)


def lists(values):
    """(n, k) as a list a row."""
    n, k = values.shape
    return pa.ListArray.from_arrays(pa.array(np.arange(0, n * k + 1, k, dtype=np.int32) if k else np.zeros(n + 1, np.int32)), pa.array(values.ravel()))


if __name__ == '__main__':
    main()
