package io.radialnet.jobs.aggregate;

/**
 * Sums over the occurrences of one level of the factor token type, for {@link VarianceComponents}.
 * A token's value in a block is its mean ratio over layers.
 */
final class TypeLevel implements State {

  private static final long serialVersionUID = 1L;

  /** Occurrences. */
  long tokens;

  /** Sum over documents of the square of the occurrences there. */
  double squaredInDocuments;

  /** Occurrences by position bin. */
  final long[] atPosition = new long[PositionBins.COUNT];

  /** Sum of values, by block. */
  final double[] sums;

  /** Occurrences in the document at hand. */
  transient int inDocument;

  TypeLevel(int blocks) {
    sums = new double[blocks];
  }

  @Override
  public TypeLevel merge(State other) {
    TypeLevel that = (TypeLevel) other;
    tokens += that.tokens;
    squaredInDocuments += that.squaredInDocuments;
    for (int bin = 0; bin < atPosition.length; bin++) {
      atPosition[bin] += that.atPosition[bin];
    }
    for (int block = 0; block < sums.length; block++) {
      sums[block] += that.sums[block];
    }
    return this;
  }
}
