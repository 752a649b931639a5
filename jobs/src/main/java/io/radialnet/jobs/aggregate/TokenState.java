package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** What is known of the ratios of a token of the vocabulary, and where it stands in one text. */
final class TokenState {

  /** Occurrences. */
  long tokens;

  /** Whether it is special. */
  boolean special;

  /** By block. */
  final long[] observations;

  /** By block. */
  final double[] sums;

  /** By block. */
  final Quantiles[] quantiles;

  /** One occurrence with its surroundings: that of the lowest rank. */
  private Example example = Example.NONE;

  /** The rank of the example. */
  long lowestRank = example.rank();

  TokenState(int blocks) {
    observations = new long[blocks];
    sums = new double[blocks];
    quantiles = new Quantiles[blocks];
    Arrays.setAll(quantiles, block -> new Quantiles());
  }

  /** Both as one; the other is not used afterwards. */
  TokenState merge(TokenState that) {
    tokens += that.tokens;
    special |= that.special;
    for (int block = 0; block < sums.length; block++) {
      observations[block] += that.observations[block];
      sums[block] += that.sums[block];
      quantiles[block].merge(that.quantiles[block]);
    }
    if (that.lowestRank < lowestRank) {
      take(that.example);
    }
    return this;
  }

  /** Replaces the example. */
  void take(Example other) {
    example = other;
    lowestRank = other.rank();
  }

  /**
   * What the table tells.
   *
   * @param pooledBlocks how many blocks, the first ones, are pooled too; 0 for none
   */
  TokenSummary summary(int pooledBlocks) {
    int blocks = sums.length;
    int rows = pooledBlocks == 0 ? blocks : blocks + 1;
    double[] means = new double[rows];
    double[] medians = new double[rows];
    for (int block = 0; block < blocks; block++) {
      means[block] = sums[block] / observations[block];
      medians[block] = quantiles[block].at(0.5)[0];
    }
    if (pooledBlocks > 0) {
      long pooledObservations = 0;
      double pooledSum = 0;
      Quantiles pooled = new Quantiles();
      for (int block = 0; block < pooledBlocks; block++) {
        pooledObservations += observations[block];
        pooledSum += sums[block];
        pooled.merge(quantiles[block]);
      }
      means[blocks] = pooledSum / pooledObservations;
      medians[blocks] = pooled.at(0.5)[0];
    }
    return new TokenSummary(tokens, special, means, medians, example);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(tokens);
    out.writeBoolean(special);
    for (int block = 0; block < sums.length; block++) {
      out.writeLong(observations[block]);
      out.writeDouble(sums[block]);
      quantiles[block].write(out);
    }
    example.write(out);
  }

  /** Becomes what {@link #write} has written. */
  void read(DataInput in) throws IOException {
    tokens = in.readLong();
    special = in.readBoolean();
    for (int block = 0; block < sums.length; block++) {
      observations[block] = in.readLong();
      sums[block] = in.readDouble();
      quantiles[block] = Quantiles.read(in);
    }
    take(Example.read(in));
  }

  /** Bytes in memory, about. */
  long bytes() {
    long bytes = 300;
    for (Quantiles block : quantiles) {
      bytes += block.bytes();
    }
    return bytes;
  }
}
