/**
 * What pipelines have in common that run a model shard by shard: the directory that a run writes
 * and resumes in ({@link io.radialnet.jobs.shard.ShardedOutput}), the device and dtype of its
 * tasks, and what they report.
 *
 * <p>May use {@code options}, {@code corpus}, {@code table}, {@code progress}, {@code provenance}
 * and the engine's {@code runtime}. Start reading at {@link io.radialnet.jobs.shard.ShardedOutput}.
 */
package io.radialnet.jobs.shard;
