-- What was run, on how much, how fast?
-- Every run and pool in the tables. Sizes are counts, minutes and tokens_per_second are those of
-- profile (null for pools), memory_gigabytes the largest resident memory of one of its processes.
CREATE OR REPLACE VIEW what_was_run AS
SELECT model, run_id, family, parameters, layers, documents, tokens, errors, unusable_ratios,
       seconds / 60 AS minutes, tokens_per_second, peak_memory_bytes / 1e9 AS memory_gigabytes,
       is_pool, profile, aggregated_at
FROM runs;
