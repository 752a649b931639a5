package io.radialnet.jobs.aggregate;

import java.util.Arrays;

/** What is known of the ratios of a token of the vocabulary, and where it stands in one text. */
final class TokenState implements State {

  private static final long serialVersionUID = 1L;

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
  Example example = Example.NONE;

  TokenState(int blocks) {
    observations = new long[blocks];
    sums = new double[blocks];
    quantiles = new Quantiles[blocks];
    Arrays.setAll(quantiles, block -> new Quantiles());
  }

  @Override
  public TokenState merge(State other) {
    TokenState that = (TokenState) other;
    tokens += that.tokens;
    special |= that.special;
    for (int block = 0; block < sums.length; block++) {
      observations[block] += that.observations[block];
      sums[block] += that.sums[block];
      quantiles[block].merge(that.quantiles[block]);
    }
    if (that.example.rank() < example.rank()) {
      example = that.example;
    }
    return this;
  }

  long bytes() {
    long bytes = 300;
    for (Quantiles block : quantiles) {
      bytes += block.bytes();
    }
    return bytes;
  }
}
