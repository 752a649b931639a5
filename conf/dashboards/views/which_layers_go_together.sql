-- Which layers go together, needed by the same tokens?
-- Pearson correlation over tokens (-1 to 1) of the residual ratios of two layers, each pair once.
-- distance is in layers. Near 1: what decides on one decides on the other.
CREATE OR REPLACE VIEW which_layers_go_together AS
SELECT c.model, c.run_id, c.block, c.layer_a, c.layer_b, c.layer_b - c.layer_a AS distance,
       c.pearson, c.tokens
FROM layer_correlation c
JOIN latest_run r ON r.run_id = c.run_id
WHERE c.layer_a < c.layer_b;
