#!/usr/bin/env python3
"""Prints block, layer, observations, mean and p50 of the slice 'all' of a table layer_sparsity, of the files that delta-rs lists, as JSON.

    layer_rows.py TABLES/layer_sparsity
"""
import json
import sys

import duckdb
from deltalake import DeltaTable

# Not by delta-rs's own to_pyarrow_table: with pyarrow 26 the interpreter then aborts at its end.
rows = duckdb.execute("SELECT block, layer, observations, mean, p50 FROM read_parquet(?) WHERE slice = 'all'", [DeltaTable(sys.argv[1]).file_uris()])
print(json.dumps(rows.fetchall()))
