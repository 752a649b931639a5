-- Radial's tables in a DuckDB database. Needs DuckDB's extension delta. ${tables} is the directory that
-- `aggregate` wrote:  sed "s|\${tables}|/data/radial/tables|" duckdb.sql
-- They are copied (a few megabytes), so that any client can read the database file without the
-- extension: run it again after aggregate. For tables read in place say VIEW instead of TABLE.
CREATE OR REPLACE TABLE runs AS SELECT * FROM delta_scan('${tables}/runs');
CREATE OR REPLACE TABLE layer_sparsity AS SELECT * FROM delta_scan('${tables}/layer_sparsity');
CREATE OR REPLACE TABLE ratio_histogram AS SELECT * FROM delta_scan('${tables}/ratio_histogram');
CREATE OR REPLACE TABLE position_sparsity AS SELECT * FROM delta_scan('${tables}/position_sparsity');
CREATE OR REPLACE TABLE token_sparsity AS SELECT * FROM delta_scan('${tables}/token_sparsity');
CREATE OR REPLACE TABLE ratio_variance AS SELECT * FROM delta_scan('${tables}/ratio_variance');
CREATE OR REPLACE TABLE layer_correlation AS SELECT * FROM delta_scan('${tables}/layer_correlation');
CREATE OR REPLACE TABLE drift AS SELECT * FROM delta_scan('${tables}/drift');
CREATE OR REPLACE TABLE model_trend AS SELECT * FROM delta_scan('${tables}/model_trend');
