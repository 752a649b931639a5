-- Which tokens need least?
-- Tokens of the vocabulary by their median residual ratio (no unit) over occurrences, layers, attn
-- and mlp. Place 1 needs least, place_from_top 1 needs most. Only tokens seen 10 times or more, none
-- that are special. The example shows one occurrence between [[ and ]].
CREATE OR REPLACE VIEW which_tokens_need_least AS
SELECT t.model, t.run_id, t.token_id, t.token, t.tokens,
       row_number() OVER (PARTITION BY t.run_id ORDER BY t.p50, t.token_id) AS place,
       row_number() OVER (PARTITION BY t.run_id ORDER BY t.p50 DESC, t.token_id) AS place_from_top,
       t.p50 AS median_ratio, t.mean AS mean_ratio, t.example
FROM token_sparsity t
JOIN latest_run r ON r.run_id = t.run_id
WHERE t.block = 'all' AND t.tokens >= 10 AND NOT t.is_special AND t.p50 IS NOT NULL;
