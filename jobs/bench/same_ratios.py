"""Compares the ratios that Radial and the peer wrote, by doc_id, window and position.

    python same_ratios.py PROFILE PEER.parquet

Prints one JSON object: tokens, max_difference and mean_difference over all ratios. Fails when rows or token ids differ.
Needs pyarrow and numpy.
"""
import json
import sys

import numpy as np
import pyarrow.parquet as pq

KEYS = ['doc_id', 'window', 'position']
RATIOS = ['attn_ratio', 'mlp_ratio', 'layer_ratio']

profile, peer = sys.argv[1:]
ours, theirs = (
    pq.read_table(path, columns=KEYS + ['token_id'] + RATIOS).sort_by([(key, 'ascending') for key in KEYS])
    for path in (f'{profile}/token_ratios', peer))
for key in KEYS + ['token_id']:
    if ours[key].to_pylist() != theirs[key].to_pylist():
        sys.exit(f'{key} differs: {ours.num_rows} and {theirs.num_rows} rows')
differences = np.concatenate([
    np.abs(ours[column].combine_chunks().flatten().to_numpy() - theirs[column].combine_chunks().flatten().to_numpy())
    for column in RATIOS])
print(json.dumps({'tokens': ours.num_rows, 'max_difference': float(differences.max()), 'mean_difference': float(differences.mean())}))
