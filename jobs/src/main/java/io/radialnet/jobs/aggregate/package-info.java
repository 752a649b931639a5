/**
 * The pipeline of {@code aggregate}: from {@code token_ratios} to the Delta tables of statistics.
 *
 * <p>Every statistic is a mergeable state ({@link io.radialnet.jobs.aggregate.State}); a number is
 * computed last. One task reads one shard's file once, column by column, and feeds all tallies
 * ({@link io.radialnet.jobs.aggregate.ShardPass}); states of one key are merged by a shuffle; rows
 * are made where the states are, and the tables are written at once, in a session that suits their
 * size ({@link io.radialnet.jobs.table.TableSession}). Only what is bounded by the model (its
 * vocabulary, layers, slices) reaches the driver.
 *
 * <p>May use {@code options}, {@code table}, {@code progress}, {@code interval}, {@code
 * provenance}. Start reading at {@link io.radialnet.jobs.aggregate.AggregateJob#run}.
 */
package io.radialnet.jobs.aggregate;
