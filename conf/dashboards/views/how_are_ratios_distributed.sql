-- How are residual ratios distributed?
-- Histogram over all layers and all tokens that are not special: the share (0 to 1) of the ratios (no
-- unit) from bin_low (inclusive) to bin_high (exclusive), eight bins an octave, no empty bins. The
-- last bin has no upper end.
CREATE OR REPLACE VIEW how_are_ratios_distributed AS
SELECT h.model, h.run_id, h.block, h.bin_low, h.bin_high, h.observations,
       CAST(h.observations AS DOUBLE)
         / CAST(sum(h.observations) OVER (PARTITION BY h.run_id, h.block) AS DOUBLE) AS share
FROM ratio_histogram h
JOIN latest_run r ON r.run_id = h.run_id
WHERE h.slice = 'all' AND h.block IN ('attn', 'mlp') AND h.layer = -1;
