-- How many blocks could be skipped for a token?
-- For thresholds of the residual ratio (no unit): the share (0 to 1) of all (token, block) pairs
-- under it, and how many of the blocks (two a layer) that is for a token in the mean.
CREATE OR REPLACE VIEW how_many_blocks_could_be_skipped AS
SELECT model, run_id, threshold, share_under, 2 * layers AS blocks,
       2 * layers * share_under AS skippable_blocks
FROM (
  SELECT s.model, s.run_id, s.layers, t.threshold,
         CASE t.place
           WHEN 1 THEN s.below_01
           WHEN 2 THEN s.below_02
           WHEN 3 THEN s.below_05
           WHEN 4 THEN s.below_10
           ELSE s.below_20
         END AS share_under
  FROM layer_sparsity s
  JOIN latest_run r ON r.run_id = s.run_id
  CROSS JOIN (
    SELECT 1 AS place, CAST(0.01 AS DOUBLE) AS threshold
    UNION ALL SELECT 2, CAST(0.02 AS DOUBLE)
    UNION ALL SELECT 3, CAST(0.05 AS DOUBLE)
    UNION ALL SELECT 4, CAST(0.10 AS DOUBLE)
    UNION ALL SELECT 5, CAST(0.20 AS DOUBLE)) t
  WHERE s.slice = 'all' AND s.block = 'all' AND s.layer = -1) shares;
