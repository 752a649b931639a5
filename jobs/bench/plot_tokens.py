"""Draws the residual ratios of a stretch of one document: layers upward, tokens to the right, one panel a block.

    python plot_tokens.py PROFILE DOC_ID FROM TO OUT.png        # positions FROM (inclusive) to TO (exclusive) of window 0

Reads the Parquet table token_ratios of a profile. Needs duckdb, numpy and matplotlib.
"""
import sys

import duckdb
import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np

profile, doc_id, first, last, out = sys.argv[1:]
rows = duckdb.execute(
    f'''select token, attn_ratio, mlp_ratio from read_parquet('{profile}/token_ratios/**/*.parquet')
        where doc_id = ? and "window" = 0 and position >= ? and position < ? order by position''',
    [doc_id, int(first), int(last)]).fetchall()
tokens = [row[0].replace('Ġ', ' ').replace('Ċ', '\\n') for row in rows]

figure, axes = plt.subplots(2, 1, figsize=(0.24 * len(tokens) + 1.6, 4.6), sharex=True, constrained_layout=True)
for axis, name, column in ((axes[0], 'attn', 1), (axes[1], 'mlp', 2)):
    ratios = np.array([row[column] for row in rows]).T  # (L, T)
    image = axis.imshow(ratios, origin='lower', aspect='auto', cmap='viridis', vmin=0, vmax=0.5)
    axis.set_ylabel(f'{name}: layer')
    axis.set_yticks(range(0, len(ratios), 2))
axes[1].set_xticks(range(len(tokens)), tokens, rotation=90, fontsize=8)
figure.colorbar(image, ax=axes, label='residual ratio |f| / |x + f|', extend='max', pad=0.01)
figure.savefig(out, dpi=130)
