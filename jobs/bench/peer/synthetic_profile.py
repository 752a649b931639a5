#!/usr/bin/env python3
"""Writes a profile of so many tokens and layers with made-up ratios, as fast as DuckDB can, for benchmarks of aggregate.

    synthetic_profile.py OUT --tokens 1000000 [--layers 24] [--shards 16] [--threads 2]

Documents are windows of 512 tokens, the first of them special, of 50,257 types of a long-tailed vocabulary. Ratios of attn and
mlp are uneven and differ by layer; a run.json goes with them. Prints one JSON object.
"""
import argparse
import hashlib
import json
import time
from pathlib import Path

import duckdb

TOKENS_A_DOCUMENT = 512
VOCABULARY = 50257


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('out', type=Path)
    parser.add_argument('--tokens', type=int, required=True)
    parser.add_argument('--layers', type=int, default=24)
    parser.add_argument('--shards', type=int, default=16)
    parser.add_argument('--threads', type=int, default=2)
    return parser.parse_args()


def main():
    args = arguments()
    start = time.perf_counter()
    documents = max(args.shards, args.tokens // TOKENS_A_DOCUMENT)
    database = duckdb.connect()
    database.execute(f'SET threads = {args.threads}')
    for shard in range(args.shards):
        write_shard(database, args, shard, documents * shard // args.shards, documents * (shard + 1) // args.shards)
    (args.out / 'run.json').write_text(json.dumps(manifest(args, documents)))
    print(json.dumps({'tokens': documents * TOKENS_A_DOCUMENT, 'documents': documents, 'seconds': time.perf_counter() - start}))


def write_shard(database, args, shard, first, end):
    file = args.out / 'token_ratios' / f'shard={shard}' / 'part.parquet'
    file.parent.mkdir(parents=True, exist_ok=True)
    ratios = ', '.join(
        '[' + ', '.join(f'(({0.05 + 0.01 * layer} + {scale} * random()) * (0.5 + random()))::FLOAT' for layer in range(args.layers))
        + f'] AS {block}_ratio' for block, scale in (('attn', 0.1), ('mlp', 0.3)))
    database.execute(f'''
        COPY (
            SELECT printf('doc-%08d', i // {TOKENS_A_DOCUMENT}) AS doc_id, 0::INTEGER AS "window",
                (i % {TOKENS_A_DOCUMENT})::INTEGER AS "position",
                CASE WHEN i % {TOKENS_A_DOCUMENT} > 0 THEN (i % {TOKENS_A_DOCUMENT} - 1)::INTEGER END AS doc_position,
                id AS token_id, 'Ġ' || id AS token, i % {TOKENS_A_DOCUMENT} = 0 AS is_special, {ratios}
            FROM (
                SELECT i, CASE WHEN i % {TOKENS_A_DOCUMENT} = 0 THEN 0 ELSE (pow({VOCABULARY - 1}, random()))::INTEGER END AS id
                FROM range({first * TOKENS_A_DOCUMENT}, {end * TOKENS_A_DOCUMENT}) t(i)))
        TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)''')


def manifest(args, documents):
    run_id = hashlib.sha256(f'{args.tokens} {args.layers} {args.shards}'.encode()).hexdigest()[:16]
    return {'run_id': run_id, 'status': 'complete', 'model': f'synthetic-{args.layers}', 'family': 'synthetic', 'modality': 'text',
            'layers': args.layers, 'hidden_size': 1024, 'parameters': 1, 'model_fingerprint': 'synthetic',
            'corpus_fingerprint': run_id, 'documents': documents, 'tokens': documents * TOKENS_A_DOCUMENT, 'windows': documents,
            'errors': 0}


if __name__ == '__main__':
    main()
