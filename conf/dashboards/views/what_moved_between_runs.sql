-- What moved between two runs?
-- Each layer's median residual ratio (no unit) in a model's latest run against earlier runs of models
-- of the same shape: other dtype, other checkpoint, other corpus. moved: the 95 % interval of the
-- difference leaves out 0, null where there is none (fewer than 20 documents).
CREATE OR REPLACE VIEW what_moved_between_runs AS
SELECT d.model, d.run_a, a.model AS model_a, d.run_b, d.block, d.layer, d.p50_a, d.p50_b,
       d.difference, d.low AS difference_low, d.high AS difference_high, d.moved
FROM drift d
JOIN latest_run r ON r.run_id = d.run_b
JOIN runs a ON a.run_id = d.run_a
WHERE d.block IN ('attn', 'mlp') AND d.layer >= 0;
