-- Do domains need other layers?
-- Median residual ratio (no unit) of the tokens of one domain (or other kept column, as 'domain=code')
-- beside that of all tokens, layer by layer. is_apart: their 95 % intervals do not meet, null where
-- one has none (fewer than 20 documents).
CREATE OR REPLACE VIEW do_domains_need_other_layers AS
SELECT s.model, s.run_id, s.slice, s.block, s.layer, s.documents,
       s.p50 AS median_ratio, a.p50 AS median_of_all, s.p50 - a.p50 AS difference,
       s.p50_low > a.p50_high OR s.p50_high < a.p50_low AS is_apart
FROM layer_sparsity s
JOIN latest_run r ON r.run_id = s.run_id
JOIN layer_sparsity a
  ON a.run_id = s.run_id AND a.block = s.block AND a.layer = s.layer AND a.slice = 'all'
WHERE s.slice LIKE '%=%' AND s.block IN ('attn', 'mlp') AND s.layer >= 0;
