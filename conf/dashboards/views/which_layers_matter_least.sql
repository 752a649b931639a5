-- Which layers matter least?
-- Each attention and feed-forward network by its median residual ratio (no unit), place 1 adds
-- least. median_low to median_high is the 95 % interval, share_under_010 is the share of tokens
-- (0 to 1) whose ratio is under 0.10.
CREATE OR REPLACE VIEW which_layers_matter_least AS
SELECT s.model, s.run_id, s.block, s.layer,
       row_number() OVER (PARTITION BY s.run_id ORDER BY s.p50, s.block, s.layer) AS place,
       s.p50 AS median_ratio, s.p50_low AS median_low, s.p50_high AS median_high,
       s.below_10 AS share_under_010
FROM layer_sparsity s
JOIN latest_run r ON r.run_id = s.run_id
WHERE s.slice = 'all' AND s.block IN ('attn', 'mlp') AND s.layer >= 0 AND s.p50 IS NOT NULL;
