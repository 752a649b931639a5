/**
 * The tables, one class each: names, schemas with comments and units, partitioning, reading with a
 * check, and writing.
 *
 * <p>{@code profile} writes Parquet, one shard's file at a time, which appears under its name only
 * when it is complete: start at {@link io.radialnet.jobs.table.TokenRatiosTable}, then {@link
 * io.radialnet.jobs.table.TokenRatiosWriter} and {@link io.radialnet.jobs.table.TokenRatiosReader}.
 * {@code router-data} does likewise: {@link io.radialnet.jobs.table.RouterExamplesTable}.
 * Statistics are Delta tables: start at {@link io.radialnet.jobs.table.StatisticsTable}, then
 * {@link io.radialnet.jobs.table.LayerSparsityTable}.
 *
 * <p>May use Spark's types, Delta, Parquet, Hadoop and {@code io.radialnet.error}.
 */
package io.radialnet.jobs.table;
