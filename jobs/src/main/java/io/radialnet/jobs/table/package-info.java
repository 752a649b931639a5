/**
 * The Parquet tables that {@code profile} writes: names, schemas with comments and units,
 * partitioning, reading with a check, and writing one shard's file at a time.
 *
 * <p>A shard's file appears under its name only when it is complete. May use Spark's types,
 * Parquet, Hadoop and {@code io.radialnet.error}. Start reading at {@link
 * io.radialnet.jobs.table.TokenRatiosTable}, then {@link
 * io.radialnet.jobs.table.TokenRatiosWriter}.
 */
package io.radialnet.jobs.table;
