/**
 * The pipeline of {@code profile}: corpus and model to the Parquet table {@code token_ratios}.
 *
 * <p>The driver cuts the corpus into shards ({@link io.radialnet.jobs.profile.ShardKey}); one task
 * runs one shard ({@link io.radialnet.jobs.profile.ShardTask}) and commits one file, whose footer
 * tells what the shard holds ({@link io.radialnet.jobs.profile.ShardSummary}). A shard whose file
 * is there is done, whatever happens later: that is how a run is resumed.
 *
 * <p>May use {@code options}, {@code corpus}, {@code shard}, {@code table}, {@code progress},
 * {@code provenance} and the engine's {@code runtime}. Start reading at {@link
 * io.radialnet.jobs.profile.ProfileJob#run}.
 */
package io.radialnet.jobs.profile;
