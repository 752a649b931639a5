-- Do larger models need less of each block?
-- Median residual ratio (no unit) of every model of a family, and the family's slope: the change of
-- the median with ten times the parameters, with its 95 % interval (null under three models).
CREATE OR REPLACE VIEW do_larger_models_need_less AS
SELECT family, block, model, run_id, parameters, layers, p50 AS median_ratio,
       slope, slope_low, slope_high,
       CASE
         WHEN slope_high < 0 THEN 'yes'
         WHEN slope_low > 0 THEN 'no, more'
         ELSE 'cannot be told'
       END AS answer
FROM model_trend;
