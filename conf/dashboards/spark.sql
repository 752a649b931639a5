-- Radial's tables in a Spark catalog. Needs Delta. The variable tables is the directory that `aggregate`
-- wrote, absolute or a URI:  --hivevar tables=/data/radial/tables
-- They are read where they lie: what later runs of aggregate write is seen at once.
CREATE DATABASE IF NOT EXISTS radial;
USE radial;
CREATE TABLE IF NOT EXISTS runs USING delta LOCATION '${tables}/runs';
CREATE TABLE IF NOT EXISTS layer_sparsity USING delta LOCATION '${tables}/layer_sparsity';
CREATE TABLE IF NOT EXISTS ratio_histogram USING delta LOCATION '${tables}/ratio_histogram';
CREATE TABLE IF NOT EXISTS position_sparsity USING delta LOCATION '${tables}/position_sparsity';
CREATE TABLE IF NOT EXISTS token_sparsity USING delta LOCATION '${tables}/token_sparsity';
CREATE TABLE IF NOT EXISTS ratio_variance USING delta LOCATION '${tables}/ratio_variance';
CREATE TABLE IF NOT EXISTS layer_correlation USING delta LOCATION '${tables}/layer_correlation';
CREATE TABLE IF NOT EXISTS drift USING delta LOCATION '${tables}/drift';
CREATE TABLE IF NOT EXISTS model_trend USING delta LOCATION '${tables}/model_trend';
