#!/usr/bin/env python3
"""Prints block, layer, observations, mean and p50 of the slice 'all' of a table layer_sparsity, read by delta-rs, as JSON.

    layer_rows.py TABLES/layer_sparsity
"""
import json
import sys

from deltalake import DeltaTable

rows = DeltaTable(sys.argv[1]).to_pyarrow_table(columns=['slice', 'block', 'layer', 'observations', 'mean', 'p50']).to_pylist()
print(json.dumps([[row['block'], row['layer'], row['observations'], row['mean'], row['p50']] for row in rows if row['slice'] == 'all']))
