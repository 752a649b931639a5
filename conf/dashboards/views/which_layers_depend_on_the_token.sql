-- Which layers depend on the token?
-- How far apart tokens are in one layer: the 10th and the 90th percentile of the residual ratio (no
-- unit), and the second over the first. Near 1 the layer does the same to every token and can be
-- kept or dropped for all. A large number is what a router can use.
CREATE OR REPLACE VIEW which_layers_depend_on_the_token AS
SELECT s.model, s.run_id, s.block, s.layer, s.p10, s.p50 AS median_ratio, s.p90,
       s.p90 / nullif(s.p10, 0) AS spread
FROM layer_sparsity s
JOIN latest_run r ON r.run_id = s.run_id
WHERE s.slice = 'all' AND s.block IN ('attn', 'mlp') AND s.layer >= 0;
