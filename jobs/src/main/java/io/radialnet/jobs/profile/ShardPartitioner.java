package io.radialnet.jobs.profile;

import java.util.Arrays;
import java.util.BitSet;
import org.apache.spark.Partitioner;

/**
 * One partition, hence one task, for each shard that is still to be done, in the order of the
 * shards. Serialized; a bit a shard.
 */
final class ShardPartitioner extends Partitioner {

  private static final long serialVersionUID = 1L;

  private final BitSet shards = new BitSet();
  private transient int[] shardOfPartition;

  ShardPartitioner(int[] shards) {
    Arrays.stream(shards).forEach(this.shards::set);
  }

  boolean contains(int shard) {
    return shards.get(shard);
  }

  int shardOf(int partition) {
    return inOrder()[partition];
  }

  @Override
  public int numPartitions() {
    return shards.cardinality();
  }

  @Override
  public int getPartition(Object key) {
    return Arrays.binarySearch(inOrder(), ((ShardKey) key).shard());
  }

  /** Made anew where this was sent to. */
  private int[] inOrder() {
    if (shardOfPartition == null) {
      shardOfPartition = shards.stream().toArray();
    }
    return shardOfPartition;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShardPartitioner that && shards.equals(that.shards);
  }

  @Override
  public int hashCode() {
    return shards.hashCode();
  }
}
