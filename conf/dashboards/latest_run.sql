-- Of which run of each model do the dashboards speak?
-- Of the latest that is whole: a run is in table runs only when all its rows are in all tables.
-- Pools are left out. To show other runs, change this view: all others join it.
CREATE OR REPLACE VIEW latest_run AS
SELECT run_id, model, family, parameters, layers
FROM (
  SELECT run_id, model, family, parameters, layers,
         row_number() OVER (PARTITION BY model ORDER BY aggregated_at DESC, run_id) AS age
  FROM runs
  WHERE NOT is_pool) aged
WHERE age = 1;
