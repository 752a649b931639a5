-- Do early positions need more?
-- Residual ratio (no unit) by position in the window, position_low (inclusive) to position_high
-- (exclusive), over all layers. Special tokens are left out. share_under_010: 0 to 1.
CREATE OR REPLACE VIEW do_early_positions_need_more AS
SELECT p.model, p.run_id, p.block, p.position_low, p.position_high, p.tokens,
       p.p50 AS median_ratio, p.mean AS mean_ratio, p.below_10 AS share_under_010
FROM position_sparsity p
JOIN latest_run r ON r.run_id = p.run_id
WHERE p.block IN ('attn', 'mlp') AND p.layer = -1;
