package io.radialnet.jobs.profile;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;

/**
 * One partition, hence one task, for each shard that is still to be done. Spark starts tasks in the
 * order of partitions: with the largest shards first, cores run out of work at about the same time.
 * Serialized; four bytes a shard.
 */
final class ShardPartitioner extends Partitioner {

  private static final long serialVersionUID = 1L;

  private final int[] shards; // of partition 0, 1, …
  private transient Map<Integer, Integer> partitions; // by shard

  private ShardPartitioner(int[] shards) {
    this.shards = shards;
  }

  /**
   * A partition for each of some shards.
   *
   * @param charactersByShard of all shards, by number
   */
  static ShardPartitioner largestFirst(int[] shards, List<Long> charactersByShard) {
    Comparator<Integer> bySize = Comparator.comparing(charactersByShard::get);
    return new ShardPartitioner(
        IntStream.of(shards)
            .boxed()
            .sorted(bySize.reversed().thenComparing(Comparator.naturalOrder()))
            .mapToInt(Integer::intValue)
            .toArray());
  }

  boolean contains(int shard) {
    return partitions().containsKey(shard);
  }

  int shardOf(int partition) {
    return shards[partition];
  }

  @Override
  public int numPartitions() {
    return shards.length;
  }

  @Override
  public int getPartition(Object key) {
    return partitions().get(((ShardKey) key).shard());
  }

  /** Made anew where this was sent to; tasks share it. */
  private synchronized Map<Integer, Integer> partitions() {
    if (partitions == null) {
      partitions = new HashMap<>();
      for (int partition = 0; partition < shards.length; partition++) {
        partitions.put(shards[partition], partition);
      }
    }
    return partitions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardPartitioner that && Arrays.equals(shards, that.shards);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shards);
  }
}
