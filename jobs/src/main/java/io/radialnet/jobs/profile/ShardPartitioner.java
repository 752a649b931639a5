package io.radialnet.jobs.profile;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.Partitioner;

/** One partition, hence one task, for each shard that is still to be done. Serialized. */
final class ShardPartitioner extends Partitioner {

  private static final long serialVersionUID = 1L;

  private final int[] shards;
  private final Map<Integer, Integer> partitionOfShard = new HashMap<>();

  ShardPartitioner(int[] shards) {
    this.shards = shards.clone();
    for (int partition = 0; partition < shards.length; partition++) {
      partitionOfShard.put(shards[partition], partition);
    }
  }

  boolean contains(int shard) {
    return partitionOfShard.containsKey(shard);
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
    return partitionOfShard.get(((ShardKey) key).shard());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardPartitioner that && Arrays.equals(shards, that.shards);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(shards));
  }
}
