#!/usr/bin/env python3
"""Computes means, and exact medians, of a profile's ratios by block and layer with DuckDB. Prints one JSON object.

    duckdb_statistics.py PROFILE [--threads 2] [--only means|medians] [--memory 8GB]
"""
import argparse
import json
import resource
import time
from pathlib import Path

import duckdb


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('profile', type=Path)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--only', choices=['means', 'medians'])
    parser.add_argument('--memory', default='8GB')
    return parser.parse_args()


def main():
    args = arguments()
    database = duckdb.connect()
    database.execute(f"SET threads = {args.threads}; SET memory_limit = '{args.memory}'")
    result = {}
    for name, statistics in (('means', 'count(r), avg(r::DOUBLE), stddev_samp(r::DOUBLE)'),
                             ('medians', 'count(r), avg(r::DOUBLE), median(r)')):
        if args.only in (None, name):
            start = time.perf_counter()
            rows = [row for block in ('attn', 'mlp') for row in by_layer(database, args.profile, block, statistics)]
            result[name] = {'seconds': time.perf_counter() - start, 'rows': rows}
    result['peak_memory_bytes'] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(result))


def by_layer(database, profile, block, statistics):
    return database.execute(f'''
        SELECT '{block}', layer, {statistics}
        FROM (SELECT unnest({block}_ratio) AS r, generate_subscripts({block}_ratio, 1) - 1 AS layer
              FROM read_parquet('{profile}/token_ratios/*/part.parquet') WHERE NOT is_special)
        GROUP BY layer ORDER BY layer''').fetchall()


if __name__ == '__main__':
    main()
